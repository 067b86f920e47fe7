"""What is known of a voice: how it says each tone where, and how long; made by training/tones.py from its speech."""

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
    """From where on the voice is not believed to have said what was asked.

    `odds` is how much likelier, in log, another tone must be than the one asked for; `odd` how far the contour is from
    what the voice makes of this tone here (Mahalanobis distance, squared); `short` and `long` how many standard
    deviations the length is off.
    """

    odds: float
    odd: float
    short: float
    long: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ear:
    """The distribution of one voice's contours and lengths, and a small network that tells its tones apart.

    For each tone, `contours[tone]` times the context is the mean contour and `spreads[tone]` its covariance;
    `lengths[tone]` has the means of the two log lengths, `deviations[tone]` how far they vary inside a phrase, and
    before a pause, where they vary by half as much again. The network takes what is heard and the
    context, less `centre`, over `scale`.
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
        made: Floats = outer - np.logaddexp.reduce(outer)
        return made

    def oddness(self, contour: Sequence[float], tone: Tone, context: Sequence[float]) -> float:
        """How far a contour is from the voice's own for this tone here: Mahalanobis, squared; 5 is usual."""
        off = np.array(contour) - np.array(context) @ self.contours[tone - 1]
        return float(off @ np.linalg.solve(self.spreads[tone - 1], off))

    def stretch(self, lengths: Sequence[float], tone: Tone, context: Sequence[float]) -> Floats:
        """How many standard deviations each log length is over what the voice makes of this tone here."""
        off = np.array(lengths) - np.array(context) @ self.lengths[tone - 1]
        made: Floats = off / self.deviation(tone, context)
        return made

    def deviation(self, tone: Tone, context: Sequence[float]) -> Floats:
        """The standard deviation of each log length there."""
        found: Floats = self.deviations[tone - 1, int(context[AT_PAUSE])]
        return found


@cache
def load(voice: str) -> Ear | None:
    """What is known of a voice (data/ears/), by its id; None where nothing is."""
    file = resources.files("langdu.data").joinpath("ears", f"{voice}.json")
    if not file.is_file():
        return None
    return from_json(json.loads(file.read_text(encoding="utf-8")))


def from_json(table: dict[str, Any]) -> Ear:
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
