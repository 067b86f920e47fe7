"""An article as SSML for a cloud's service, without an account: parse → … → segment → documents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langdu import engines, pinyin
from langdu.engines.clouds.documents import documents
from langdu.engines.clouds.ssml import unknown
from langdu.engines.clouds.vendors import vendors
from langdu.errors import ConfigError
from langdu.model import Rundown
from langdu.pipeline.text import scripts

if TYPE_CHECKING:
    from langdu.model import Article
    from langdu.settings import Settings


@dataclass(frozen=True, slots=True)
class Ssml:
    """The documents, in order. `unknown` counts the characters whose reading, such as (欸, ê̄), they do not contain.

    The vendor's SSML has no way to write these readings.
    """

    documents: tuple[str, ...]
    unknown: dict[tuple[str, str], int]


def ssml(article: Article, settings: Settings, vendor_name: str, voice: str | None = None) -> Ssml:
    """An article in the SSML of `azure`, `google` or `polly`. Only Azure's documents name the `voice`.

    Raises: ConfigError: a voice is given for another vendor, or Azure has no such voice.
    """
    vendor = vendors()[vendor_name]
    if voice is not None:
        if "{voice}" not in vendor.open:
            raise ConfigError(f"the documents of {vendor_name} name no voice: choose it where you send them")
        engines.user_voice(f"{vendor_name}:{voice}")
    can = engines.create(vendor_name, None).capabilities
    paragraphs = [
        script.utterances for script in scripts(Rundown.of(article), replace(settings, quotes=None), lambda _: can)
    ]
    plain = Counter(
        (char, pinyin.spell(syllable))
        for utterances in paragraphs
        for utterance in utterances
        for char, syllable in unknown(utterance, vendor)
    )
    return Ssml(tuple(documents(paragraphs, vendor, voice or vendor.voice, settings.rate)), dict(plain))
