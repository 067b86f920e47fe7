"""Each vendor's SSML: how it writes pinyin, which syllables it knows, how long a document may be.

This is what the vendors publish; it has not been tried against a live service.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from langdu.model import Syllable, Tone
from langdu.pinyin import INITIALS, bases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Syllables that no character of GB 2312's first level (3,755 in common use) has, except interjections. No vendor
# documents a phone for them, and Azure rejects a whole document for one unknown phone.
_RARE: Final = frozenset(
    "biang bong cei den dia din eng fiao hm hng len m n ng nia nou nun rua tei wong yai ê".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudVendor:
    """One vendor's SSML.

    `spellings` are the syllables that it knows, in its own letters; `phone` adds the tone. `homophones` are hanzi with
    only one common reading, for syllables that cannot be written in another way.
    `open` and `close` stand around a document, whose `size` is at most `most`, and which may last ten minutes. `rate`
    writes a tempo for `<prosody>`; `voice` is the default voice.
    """

    name: str
    alphabet: str
    separator: str
    spellings: Mapping[str, str]
    homophones: Mapping[Syllable, str]
    phone: Callable[[str, Syllable], str | None]
    open: str
    close: str
    most: int
    size: Callable[[str], int]
    rate: Callable[[float], str]
    voice: str

    def ph(self, syllable: Syllable) -> str | None:
        """A syllable as written in `ph`; None if the vendor does not document it."""
        spelling = self.spellings.get(syllable.base)
        return self.phone(spelling, syllable) if spelling else None

    @property
    def unknown(self) -> frozenset[str]:
        """The bases of syllables that it cannot be made to say in any way."""
        return bases() - self.spellings.keys() - {syllable.base for syllable in self.homophones}


@cache
def vendors() -> dict[str, CloudVendor]:
    """Each vendor by the name of its engine."""
    return {vendor.name: vendor for vendor in (_azure(), _google(), _polly())}


def _known() -> frozenset[str]:
    return bases() - _RARE


def _in_bytes(text: str) -> int:
    return len(text.encode())


def _percent(tempo: float) -> str:
    """Relative to the voice's own pace."""
    return f"{tempo:.0%}"


# --- Azure ----------------------------------------------------------------------------------------------------------
# Source: "SSML phonetic alphabets" (zh-CN) and "SSML document structure" of the Azure AI Speech documentation, 2025.

_AZURE_FINALS: Final = frozenset(
    "a o e i u v ai ei ui ao ou iu ie ue an en in un ang eng ing ong ia ian iang iao iong ua uai uan uang uo".split()  # noqa: SIM905
)
_AZURE_WHOLE: Final = frozenset("a o e ai ei ao ou an en ang er yu ye yue yuan yin yun ying".split())  # noqa: SIM905


def _azure() -> CloudVendor:
    written = {base: base.replace("üe", "ue").replace("ü", "v") for base in _known()}  # nv, lv, but lue, nue
    return CloudVendor(
        name="azure",
        alphabet="sapi",
        separator=" - ",
        spellings={base: spelling for base, spelling in written.items() if _in_azure_s_tables(spelling)},
        homophones={},
        phone=lambda spelling, s: f"{spelling}{' r' if s.erhua else ''} {int(s.tone)}",  # "yi 2 - hui r 4"
        open='<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="zh-CN"><voice name="{voice}">',
        close="</voice></speak>",
        most=60_000,  # 64 KB a message, with its headers
        size=_in_bytes,
        rate=lambda tempo: f"{max(tempo, 0.5) - 1:+.0%}",  # half as fast is the slowest that it takes
        voice="zh-CN-XiaoxiaoNeural",
    )


def _in_azure_s_tables(spelling: str) -> bool:
    if spelling in _AZURE_WHOLE:
        return True
    return any(spelling.removeprefix(i) in _AZURE_FINALS for i in (*INITIALS, "y", "w") if spelling.startswith(i))


# --- Google ---------------------------------------------------------------------------------------------------------
# Source: PhoneticEncoding of the Cloud Text-to-Speech API (it refers to Hanyu Pinyin with numbers, 5 for the neutral
# tone), and "quotas" for the length; that the alphabet is called pinyin: SSML of Actions on Google.


def _google() -> CloudVendor:
    return CloudVendor(
        name="google",
        alphabet="pinyin",
        separator=" ",
        spellings={base: base for base in _known()},  # ü is ü: the reference is to pinyin as it is, not as it is typed
        homophones={},
        phone=lambda spelling, s: None if s.erhua else f"{spelling}{int(s.tone)}",  # nothing is said of erhua
        open="<speak>",
        close="</speak>",
        most=5_000,
        size=_in_bytes,
        rate=_percent,
        voice="cmn-CN-Wavenet-A",
    )


# --- Polly ----------------------------------------------------------------------------------------------------------
# Source: "Chinese (Mandarin) (cmn-CN)" and "Quotas" in the Amazon Polly Developer Guide, 2025. Its table has no letter
# for ü after l and n.

_POLLY_HOMOPHONES: Final = {
    Syllable("lü", Tone.RISING): "驴",
    Syllable("lü", Tone.LOW): "旅",
    Syllable("lü", Tone.FALLING): "律",
    Syllable("lüe", Tone.FALLING): "略",
    Syllable("nü", Tone.LOW): "女",
    Syllable("nüe", Tone.FALLING): "虐",
}
_TAG: Final = re.compile("<[^>]*>")


def _polly() -> CloudVendor:
    return CloudVendor(
        name="polly",
        alphabet="x-amazon-pinyin",
        separator="-",
        spellings={base: base for base in _known() if "ü" not in base},
        homophones=_POLLY_HOMOPHONES,
        phone=lambda spelling, s: f"{spelling}{'r' if s.erhua else ''}{int(s.tone) % 5}",  # the neutral tone is 0
        open="<speak>",
        close="</speak>",
        most=6_000,
        size=lambda text: max(len(text), 2 * len(_TAG.sub("", text))),  # half as many may be other than markup
        rate=_percent,
        voice="Zhiyu",
    )
