"""An article and its readings → the syllables that a learner is asked for, each with other ways to write it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from langdu import lexicon
from langdu.check.against import AskedSyllable, Remark
from langdu.model import Origin, Span, Syllable, Tone
from langdu.pinyin import distribute, parse_syllable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from langdu.model import NormalizedText, Reading

# Readings that are free beside the usual ones. Source: 现代汉语词典, 7th edition, which marks them as spoken (口语).
_SPOKEN: Final = {
    "谁": "shéi shuí", "這": "zhèi", "这": "zhèi", "那": "nèi", "哪": "něi nǎi", "熟": "shóu", "血": "xiě",
    "誰": "shéi shuí",
}  # fmt: skip
# Below this probability of a reading, another one may be meant.
_SURE: Final = 0.8
_ER: Final = Syllable("er", Tone.RISING)
_LIGHT_ER: Final = Syllable("er", Tone.NEUTRAL)


def asked_syllables(
    index: int, normalized: NormalizedText, readings: Sequence[Reading | None]
) -> Iterator[AskedSyllable]:
    """The syllables of a paragraph, in order; `readings` has one for each character of its spoken form."""
    text, first = normalized.written, True
    words = {at: word for word in lexicon.split_words(text) for at in range(word.start, word.end)}
    for place, char, reading in zip(normalized.written_spans(), normalized.spoken, readings, strict=True):
        if reading is None:
            continue
        itself = len(place) == 1 and text[place.start] == char
        word = words[place.start] if itself else place
        accepted = _accepted(char, reading, word.of(text) if itself else char, place.start - word.start)
        if text[place.end : place.end + 1] in ("儿", "兒") and not reading.citation.erhua:
            accepted = {Syllable(reading.citation.base, reading.citation.tone, erhua=True): Remark.ERHUA, **accepted}
        yield AskedSyllable(
            paragraph=index,
            span=place,
            text=place.of(text),
            syllable=reading.citation,
            accepted=accepted,
            required=itself,
            begins=first,
        )
        first = False
        if itself and reading.citation.erhua:
            er = Span(place.end, place.end + 1)
            notes = {_LIGHT_ER: Remark.ERHUA}
            yield AskedSyllable(
                paragraph=index, span=er, text=er.of(text), syllable=_ER, accepted=notes, required=False
            )


def _accepted(char: str, reading: Reading, word: str, at: int) -> Mapping[Syllable, Remark]:
    """Other ways to write a character's reading, which is at `at` of its word."""
    citation = reading.citation
    out: dict[Syllable, Remark] = {}
    if citation.erhua:
        out[Syllable(citation.base, citation.tone)] = Remark.ERHUA
    ways = [way for listed in lexicon.word_readings(word) if (way := distribute(word, listed))]
    others = [other for way in ways if (other := way[at])]
    if len(word) == 1 or citation.tone is Tone.NEUTRAL:
        others += lexicon.readings(char)
    for other in others:
        if other.base == citation.base and Tone.NEUTRAL in (other.tone, citation.tone):
            out.setdefault(other, Remark.NEUTRAL)
    if at:
        out.setdefault(Syllable(citation.base, Tone.NEUTRAL, citation.erhua), Remark.NEUTRAL)
    free = [parse_syllable(written) for written in _SPOKEN.get(char, "").split()]
    if reading.origin is not Origin.ANNOTATION:
        out |= {other: Remark.DICTIONARY for other in free if other not in out}
        if reading.confidence < _SURE:
            out |= {other: Remark.UNSURE for other in lexicon.readings(char) if other not in out}
    out.setdefault(reading.surface, Remark.SANDHI)
    out.pop(citation, None)
    return out
