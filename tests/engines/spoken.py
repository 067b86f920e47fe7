"""Utterances that tests build by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from langdu import pinyin
from langdu.marks import HANZI
from langdu.model import Origin, Reading, Utterance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from langdu.model import Clip, Mark


def utterance(text: str, syllables: str) -> Utterance:
    """A text and the surface reading of each of its hanzi, as `chang2`, with `-` for the 儿 of an erhua."""
    written = iter(syllables.split())
    readings = tuple(_reading(next(written)) if HANZI.match(char) else None for char in text)
    assert next(written, None) is None, "more syllables than hanzi"
    return Utterance(text, readings)


def _reading(written: str) -> Reading | None:
    if written == "-":
        return None
    syllable = pinyin.parse_syllable(written)
    return Reading(syllable, syllable, Origin.LEXICON)


def samples(clip: Clip) -> NDArray[np.float64]:
    """The sound, full scale 1."""
    return np.frombuffer(clip.pcm, "<i2") / 32_768


def loudness(clip: Clip, mark: Mark) -> float:
    """RMS of what a mark covers, full scale 1."""
    return float(np.sqrt(np.mean(samples(clip)[mark.start : mark.end] ** 2)))
