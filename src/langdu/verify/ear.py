"""How a voice says each tone in each context, and how long; learned from its speech by training/tones.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from langdu.verify.features import AT_PAUSE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from langdu.model import Tone

    Floats = NDArray[np.float64]


class Limits(NamedTuple):
    """Limits beyond which a syllable is in doubt.

    odds: how much likelier, in log, another tone is than the requested one. odd: squared Mahalanobis distance of the
    contour from the voice's usual one here. short, long: standard deviations of the length.
    """

    odds: float
    odd: float
    short: float
    long: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ear:
    """The distribution of one voice's contours and lengths, and a small network that distinguishes its tones.

    For each tone, `contours[tone]` times the context is the mean contour and `spreads[tone]` its covariance;
    `lengths[tone]` has the means of the two log lengths, `deviations[tone]` their standard deviations inside a phrase,
    and before a pause, where they are half as large again. The network's input is what is heard and the context, minus
    `centre`, divided by `scale`.
    """

    voice: str
    centre: Floats
    scale: Floats
    hidden: tuple[Floats, Floats]
    output: tuple[Floats, Floats]
    contours: Floats
    spreads: Floats
    lengths: Floats
    deviations: Floats
    limits: Limits

    def tones(self, heard: Sequence[float], context: Sequence[float]) -> Floats:
        """The log probability of each of the five tones."""
        inputs = (np.array([*heard, *context[1:]]) - self.centre) / self.scale
        inner = np.maximum(inputs @ self.hidden[0] + self.hidden[1], 0)
        outer = inner @ self.output[0] + self.output[1]
        log_probabilities: Floats = outer - np.logaddexp.reduce(outer)
        return log_probabilities

    def oddness(self, contour: Sequence[float], tone: Tone, context: Sequence[float]) -> float:
        """Squared Mahalanobis distance of a contour from the voice's own for this tone here; 5 is usual."""
        off = np.array(contour) - np.array(context) @ self.contours[tone - 1]
        return float(off @ np.linalg.solve(self.spreads[tone - 1], off))

    def stretch(self, lengths: Sequence[float], tone: Tone, context: Sequence[float]) -> Floats:
        """How many standard deviations each log length is above the voice's usual one for this tone here."""
        off = np.array(lengths) - np.array(context) @ self.lengths[tone - 1]
        deviations: Floats = off / self.deviation(tone, context)
        return deviations

    def deviation(self, tone: Tone, context: Sequence[float]) -> Floats:
        """The standard deviation of each log length there."""
        deviation: Floats = self.deviations[tone - 1, int(context[AT_PAUSE])]
        return deviation


@cache
def load_ear(voice: str) -> Ear | None:
    """The ear of a voice by the voice's id (data/ears/); None if there is none."""
    file = resources.files("langdu.data").joinpath("ears", file_name(voice))
    if not file.is_file():
        return None
    return ear_from_json(json.loads(file.read_text(encoding="utf-8")))


def file_name(voice: str) -> str:
    """The name of the file that holds a voice's ear; Windows allows no colon in it."""
    return f"{voice.replace(':', '-')}.json"


def ear_from_json(table: dict[str, Any]) -> Ear:
    """The ear that `training/tones.py` wrote."""
    arrays = {name: np.array(table[name]) for name in ("contours", "spreads", "lengths", "deviations")}
    weights = table["network"]
    return Ear(
        voice=table["voice"],
        centre=np.array(weights["centre"]),
        scale=np.array(weights["scale"]),
        hidden=(np.array(weights["hidden"]), np.array(weights["hidden_bias"])),
        output=(np.array(weights["output"]), np.array(weights["output_bias"])),
        limits=Limits(**table["limits"]),
        **arrays,
    )
