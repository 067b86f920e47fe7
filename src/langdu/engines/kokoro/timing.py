"""Where each character sounds, and the silence of pauses."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.engines.kit.pauses import SECONDS
from langdu.engines.kit.pieces import ClipPiece
from langdu.engines.kokoro.models import FRAME, SAMPLE_RATE
from langdu.errors import SynthesisFailed
from langdu.model import Mark
from langdu.sound.levels import rms, windowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from langdu.engines.kokoro.symbols import PhonemeLine, SaidPhonemes

# By how many milliseconds a syllable is heard before its first frame: its first phonemes decide, mostly the frication.
# Measured as the median over some 500 syllables of zf_xiaobei, with benchmarks/marks.py.
_AHEAD_MS: Final = {
    "p": 20,
    "t": 21,
    "k": 15,
    "pʰ": 30,
    "tʰ": 32,
    "kʰ": 30,
    "m": 12,
    "n": 16,
    "l": 20,
    "ɻ": 19,
    "f": 48,
    "x": 56,
    "s": 70,
    "ʂ": 64,
    "ɕ": 55,
    "ʦ": 35,
    "ʦʰ": 33,
    "ꭧ": 35,
    "ꭧʰ": 37,
    "ʨ": 40,
    "ʨʰ": 28,
}
_AHEAD_ELSE_MS: Final = 35
_WINDOW: Final = 120  # samples, 5 ms
_QUIET: Final = 0.005  # full scale 1: the RMS of a window in which nothing is heard
_LEAST: Final = 2_400  # samples, 0.1 s: the last syllable lasts at least as long
# Kept around the sound before a pause and after it, in windows.
_AROUND: Final = 2


def pieces(
    line: PhonemeLine, frames: NDArray[np.int64], samples: NDArray[np.float32], start: int, rate: float
) -> list[ClipPiece]:
    """The sound between pauses, each piece with its marks and the silence before it.

    `samples` begin with frame `start`. Inside a phrase a character ends where the next begins, as the model's frames
    say. At a pause, and at the ends, the sound itself decides. The model draws out what is before a comma but makes
    little silence there, so the pieces are cut apart and silence is put between them.

    Raises: SynthesisFailed: nothing is heard.
    """
    loud = rms(windowed(samples, _WINDOW)) > _QUIET
    if not loud.any():
        raise SynthesisFailed(f"the voice made only silence of {line.text}")
    starts = (np.concatenate([[0], np.cumsum(frames)]) - start) * FRAME
    begins = [int(starts[unit.start + 1]) - _ahead(line.text[unit.start : unit.end]) for unit in line.said]
    cuts = [0, *(i for i, unit in enumerate(line.said) if unit.pause), len(line.said)]
    gaps = [_gap(loud, *(int(starts[_middle(line.said[n]) + 1]) for n in (i - 1, i))) for i in cuts[1:-1]]
    heard = np.flatnonzero(loud)
    # The last syllable may be too soft to count as heard.
    least_end = min(len(loud), (begins[-1] + _LEAST) // _WINDOW + 1)
    edges = [int(heard[0]), *(edge for gap in gaps for edge in gap), max(int(heard[-1]) + 1, least_end)]
    made = []
    for (first, last), (begin, end) in zip(pairwise(cuts), zip(edges[::2], edges[1::2], strict=True), strict=True):
        sound_start, sound_end = max(0, begin - _AROUND) * _WINDOW, min(len(loud), end + _AROUND) * _WINDOW
        inner = [begin * _WINDOW, *begins[first + 1 : last], end * _WINDOW]
        marks = _marks(line.said[first:last], np.array(inner) - sound_start)
        silence = SECONDS[line.said[first].pause] / rate
        made.append(ClipPiece(_integers(samples[sound_start:sound_end]), tuple(marks), silence))
    return made


def _ahead(phonemes: str) -> int:
    """By how many samples a syllable is heard before its first frame."""
    milliseconds = _AHEAD_MS.get(phonemes[:2]) or _AHEAD_MS.get(phonemes[:1]) or _AHEAD_ELSE_MS
    return milliseconds * SAMPLE_RATE // 1000


def _middle(unit: SaidPhonemes) -> int:
    """A phoneme inside a unit that is heard: the pause before it is earlier, the pause after it later."""
    return unit.syllables[0].rhyme if unit.syllables else (unit.start + unit.end) // 2


def _gap(loud: NDArray[np.bool_], start: int, end: int) -> tuple[int, int]:
    """The longest silence in [start, end), in samples; as (first, last) windows.

    If all of it is heard, the last window before the middle is both.
    """
    first, last = max(0, start // _WINDOW), min(len(loud), end // _WINDOW)
    quiet = np.concatenate([[False], ~loud[first:last], [False]])
    runs = np.flatnonzero(np.diff(quiet.astype(np.int8))).reshape(-1, 2) + first
    middle = (first + last) // 2
    longest = max(runs.tolist(), key=lambda run: run[1] - run[0], default=[middle, middle])
    return longest[0], longest[1]


def _marks(said: Sequence[SaidPhonemes], edges: NDArray[np.int64]) -> list[Mark]:
    """A mark for each character; those of one piece of English share its sound."""
    edges = np.maximum.accumulate(np.clip(edges, edges[0], edges[-1]))
    marks: list[Mark] = []
    for unit, (start, end) in zip(said, pairwise(edges.tolist()), strict=True):
        shares = np.linspace(start, end, len(unit.indices) + 1).astype(int).tolist()
        marks += [Mark(index, a, b) for index, (a, b) in zip(unit.indices, pairwise(shares), strict=True)]
    return marks


def _integers(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    return np.rint(np.clip(samples, -1, 1) * 32_767).astype(np.int16)
