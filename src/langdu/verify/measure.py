"""Measures each syllable: length, level and pitch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from langdu.verify.sound import HOP, LEVEL_HOP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from langdu.model import Timing
    from langdu.verify.sound import PitchAndLevel

POINTS = 5  # of a contour
_SOUNDS = -50.0  # dB of full scale: quieter is silence, or an encoder's residue
_BRIDGED = 3  # pitches that may be missing inside a contour, as in the creak of a third tone
_FAR = 9.0  # semitones from the middle of a syllable: an octave error, where a third tone creaks
_LEAST = 3  # pitches that make a contour


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The measurements of one syllable.

    `length`, `sounding` (above silence) and `voiced` (from the first to the last pitch) are in seconds, `level` (of
    all) and `peak` (of the loudest 5 ms) in dB of full scale. `contour` is the pitch at the beginning, the end and
    evenly between, in semitones over 256 Hz; `fit` its mean, slope and bend; both None where no pitch is heard.
    `creaks` says whether it has at least the trace of one.
    """

    length: float
    sounding: float
    voiced: float
    level: float
    peak: float
    contour: tuple[float, ...] | None
    fit: tuple[float, ...] | None
    creaks: bool


def measures(heard: PitchAndLevel, asked: Sequence[Timing], sample_rate: int) -> list[Measure]:
    """A measure for each syllable; `heard` begins at sample 0."""
    return [_measure(heard, each.start / sample_rate, each.end / sample_rate) for each in asked]


def _measure(heard: PitchAndLevel, start: float, end: float) -> Measure:
    # Only whole windows: one that begins in the syllable before would be audible in a silence.
    level = heard.level[int(np.ceil(start / LEVEL_HOP - 0.01)) : int(end / LEVEL_HOP + 0.01)]
    if not len(level):
        level = np.full(1, -100.0)
    here = slice(int(np.ceil(start / HOP)), int(np.ceil(end / HOP)))
    run = _voiced(heard.pitch[here])
    contour = fit = None
    if np.isfinite(run).sum() >= _LEAST:
        contour, fit = _contour(run)
    return Measure(
        length=end - start,
        sounding=float((level > _SOUNDS).sum()) * LEVEL_HOP,
        voiced=len(run) * HOP,
        level=float(10 * np.log10(np.mean(10 ** (level / 10)))),
        peak=float(level.max()),
        contour=contour,
        fit=fit,
        creaks=bool(len(run) or heard.creak[here].any()),
    )


def _voiced(pitch: NDArray[np.float64]) -> NDArray[np.float64]:
    """The longest stretch with pitches: others are the end of the syllable before, or errors."""
    places = np.flatnonzero(np.isfinite(pitch))
    if not len(places):
        return pitch[:0]
    runs = np.split(places, np.flatnonzero(np.diff(places) > _BRIDGED + 1) + 1)
    longest = max(runs, key=len)
    run = pitch[longest[0] : longest[-1] + 1]
    far = np.abs(run - np.nanmedian(run)) > _FAR
    return np.where(far, np.nan, run)


def _contour(run: NDArray[np.float64]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    at = np.linspace(-1, 1, len(run))
    there = np.isfinite(run)
    contour = np.interp(np.linspace(-0.9, 0.9, POINTS), at[there], run[there])
    # Legendre's polynomials: with three pitches, a bend would only be noise.
    degree = 2 if there.sum() > _LEAST else 1
    fit = np.polynomial.legendre.legfit(at[there], run[there], degree)
    return tuple(contour.tolist()), tuple([*fit.tolist(), 0.0][:3])
