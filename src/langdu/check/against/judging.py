"""Asked and learner's syllables → a verdict on each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from langdu.check.against import Judged, Remark, Verdict, Why
from langdu.check.against.alignment import aligned, cost, is_alike
from langdu.check.tones import is_written_sandhi
from langdu.model import Tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from langdu.check.against import AskedSyllable, LearnerSyllable
    from langdu.check.against.learned import LearnerWord
    from langdu.model import Syllable

    Pairs = list[tuple[AskedSyllable | None, LearnerSyllable | None]]

# How many more asked syllables than a word has are looked at when it is divided anew.
_AROUND: Final = 8


def judged(asked: Sequence[AskedSyllable], words: Sequence[LearnerWord]) -> list[Judged]:
    """A verdict for each syllable of both sides, in order."""
    learner = _divided(asked, words)
    pairs: Pairs = [
        (None if i is None else asked[i], None if j is None else learner[j]) for i, j in aligned(asked, learner)
    ]
    return list(_verdicts(pairs))


def _divided(asked: Sequence[AskedSyllable], words: Sequence[LearnerWord]) -> list[LearnerSyllable]:
    """The learner's syllables. A word that can be divided in several ways (xian, fangan) is cut to fit the article."""
    chosen = [word.ways[0] for word in words]
    flat = [syllable for way in chosen for syllable in way]
    places: dict[int, list[int]] = {}
    for i, j in aligned(asked, flat) if any(len(word.ways) > 1 for word in words) else ():
        if i is not None and j is not None:
            places.setdefault(flat[j].word, []).append(i)
    afters = _afters(places, len(words), len(asked))
    before = 0
    for number, (word, way) in enumerate(zip(words, chosen, strict=True)):
        if len(word.ways) > 1 and not _fits(asked, places.get(number, []), way):
            around = asked[before : min(afters[number], before + len(way) + _AROUND)]
            chosen[number] = min(word.ways, key=lambda way: cost(around, way))
        if number in places:
            before = places[number][-1] + 1
    return [syllable for way in chosen for syllable in way]


def _afters(places: Mapping[int, Sequence[int]], words: int, asked: int) -> list[int]:
    """For each word, the first asked syllable that stands for a word after it."""
    out = [asked] * words
    for number in range(words - 2, -1, -1):
        out[number] = places[number + 1][0] if number + 1 in places else out[number + 1]
    return out


def _fits(asked: Sequence[AskedSyllable], places: Sequence[int], way: Sequence[LearnerSyllable]) -> bool:
    """Whether the syllables of a word stand for asked ones in a row, all of them right."""
    in_a_row = len(places) == len(way) == places[-1] - places[0] + 1 if places else False
    return in_a_row and all(is_alike(asked[at], given) for at, given in zip(places, way, strict=True))


def _verdicts(pairs: Pairs) -> Iterator[Judged]:
    for at, (asked, given) in enumerate(pairs):
        if asked is None or given is None:
            yield _unpaired(pairs, at)
        elif given.syllable is None:
            yield Judged(asked=asked, learner=given, verdict=Verdict.WRONG, why=Why.SPELLING)
        else:
            yield _pair(pairs, at, asked, given, given.syllable)


def _unpaired(pairs: Pairs, at: int) -> Judged:
    """A missing or an extra syllable; one that need not be written does not count."""
    asked, given = pairs[at]
    if asked is not None:
        before = pairs[at - 1][1] if at else None
        joined = asked.text in ("儿", "兒") and before is not None and before.syllable and before.syllable.erhua
        counts = asked.required and not joined
        verdict, note = (
            (Verdict.MISSING, None) if counts else (Verdict.RIGHT, Remark.ERHUA if joined else Remark.NUMBER)
        )
        return Judged(asked=asked, learner=None, verdict=verdict, note=note, counts=counts)
    why = Why.SPELLING if given is not None and given.syllable is None else None
    return Judged(asked=None, learner=given, verdict=Verdict.EXTRA, why=why)


def _pair(pairs: Pairs, at: int, asked: AskedSyllable, given: LearnerSyllable, syllable: Syllable) -> Judged:
    right = Judged(asked=asked, learner=given, verdict=Verdict.RIGHT)
    ways = {asked.syllable: None, **asked.accepted}
    alike = [note for way, note in ways.items() if (way.base, way.erhua) == (syllable.base, syllable.erhua)]
    if syllable in ways and given.toned:
        return replace(right, note=ways[syllable])
    if alike and not given.toned:
        return replace(right, note=alike[0])
    following = next((other.syllable for other, _ in pairs[at + 1 : at + 4] if other is not None), None)
    behind = pairs[at + 1][1] if at + 1 < len(pairs) else None
    after = behind.syllable if behind is not None else None
    if is_written_sandhi(asked.text, syllable, asked.syllable, following, after):
        return replace(right, note=Remark.SANDHI)
    why = Why.SYLLABLE if not alike else Why.NO_TONE if syllable.tone is Tone.NEUTRAL else Why.TONE
    return Judged(asked=asked, learner=given, verdict=Verdict.WRONG, why=why)
