"""Mono 16-bit little-endian PCM ↔ samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLE_WIDTH: Final = 2  # bytes
FULL_SCALE: Final = 32_768


def integers(pcm: bytes) -> NDArray[np.int16]:
    """The samples as they are, without copying them."""
    return np.frombuffer(pcm, "<i2")


def floats(pcm: bytes) -> NDArray[np.float32]:
    """The samples with full scale 1.

    >>> floats(bytes([0, 64, 0, 128])).tolist()
    [0.5, -1.0]
    """
    return integers(pcm).astype(np.float32) / np.float32(FULL_SCALE)


def from_floats(sound: NDArray[np.floating[Any]]) -> bytes:
    """PCM of samples with full scale 1, each rounded to the nearest; louder ones are clipped.

    >>> from_floats(np.array([0.5, -1.0, 3.0])).hex(" ", 2)
    '0040 0080 ff7f'
    """
    return rounded(sound * FULL_SCALE).astype("<i2").tobytes()


def rounded(sound: NDArray[np.floating[Any]]) -> NDArray[np.int16]:
    """16-bit samples of samples with full scale 32,768, each rounded to the nearest; louder ones are clipped."""
    whole: NDArray[np.int16] = np.rint(sound).clip(-FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
    return whole
