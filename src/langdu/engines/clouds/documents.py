"""Paragraphs of utterances → SSML documents within a vendor's limits, cut at sentence ends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from langdu.engines.clouds.ssml import attribute, in_tempo, units
from langdu.engines.kit.letters import spoken
from langdu.marks import ends_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from langdu.engines.clouds.vendors import CloudVendor
    from langdu.model import Utterance

# Azure and Polly stop after ten minutes. A slow voice has four syllables a second, pauses in between included.
_LONGEST_S: Final = 570
_SYLLABLE_S: Final = 0.25
_LONGEST_BREAK_MS: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of paragraph `number` as markup, its longest likely duration, and the pause after it in ms."""

    number: int
    markup: str
    seconds: float
    pause_ms: int


def documents(
    paragraphs: Iterable[Sequence[Utterance]], vendor: CloudVendor, voice: str, rate: float = 1.0
) -> Iterator[str]:
    """SSML documents that say these paragraphs one after another, each within the vendor's limits.

    `rate` 1.0 is the voice's own pace. A single sentence over the limit is cut between its words.
    """
    head, waiting = vendor.open.format(voice=attribute(voice)), list[_Sentence]()

    def whole(sentences: Sequence[_Sentence]) -> str:
        return head + _body(sentences) + vendor.close

    for number, utterances in enumerate(paragraphs):
        for sentence in _sentences(number, utterances, vendor, rate, vendor.most - vendor.size(whole([]))):
            longer = [*waiting, sentence]
            if waiting and (vendor.size(whole(longer)) > vendor.most or _seconds(longer) > _LONGEST_S):
                yield whole(waiting)
                longer = [sentence]
            waiting = longer
    if waiting:
        yield whole(waiting)


def _seconds(sentences: Iterable[_Sentence]) -> float:
    return sum(sentence.seconds + sentence.pause_ms / 1000 for sentence in sentences)


def _body(sentences: Sequence[_Sentence]) -> str:
    out = ""
    for _, inside in groupby(sentences, key=lambda sentence: sentence.number):
        paragraph = list(inside)
        between = "".join(s.markup + _break(s.pause_ms) for s in paragraph[:-1])
        out += f"<p>{between}{paragraph[-1].markup}</p>{_break(paragraph[-1].pause_ms)}"
    return out


def _break(pause_ms: int) -> str:
    return f'<break time="{min(pause_ms, _LONGEST_BREAK_MS)}ms"/>' if pause_ms else ""


def _sentences(
    number: int, utterances: Sequence[Utterance], vendor: CloudVendor, rate: float, room: int
) -> Iterator[_Sentence]:
    """The sentences of a paragraph. Utterances inside one sentence are joined: only offline voices need those cuts."""
    parts: list[str] = []
    seconds = 0.0
    for utterance in utterances:
        tempo = rate * utterance.pace
        last = utterance is utterances[-1]
        parts += [unit.markup for unit in units(utterance, vendor)]
        seconds += _SYLLABLE_S * sum(len(syllables) for _, syllables in spoken(utterance)) / tempo
        if last or ends_sentence(utterance.text):
            pieces = list(_packed(parts, vendor, tempo, room))
            for piece in pieces:
                pause_ms = utterance.pause_after_ms if piece is pieces[-1] else 0
                yield _Sentence(number, piece, seconds / len(pieces), pause_ms)
            parts, seconds = [], 0.0


def _packed(parts: Sequence[str], vendor: CloudVendor, tempo: float, room: int) -> Iterator[str]:
    """A sentence as one `<s>`, or as several if it is too long for a document."""
    most = room - vendor.size(f'<p><s><prosody rate="+100%"></prosody></s></p>{_break(_LONGEST_BREAK_MS)}')
    inner = ""
    for part in parts:
        if inner and vendor.size(inner + part) > most:
            yield f"<s>{in_tempo(inner, vendor, tempo)}</s>"
            inner = ""
        inner += part
    yield f"<s>{in_tempo(inner, vendor, tempo)}</s>"
