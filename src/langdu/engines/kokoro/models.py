"""The voice's three graphs: phonemes → lengths → pitch and energy → sound."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from langdu import inference
from langdu.engines.kokoro import files
from langdu.engines.kokoro.files import MELODY, PREDICT, PRODUCT, RENDER
from langdu.engines.kokoro.symbols import IDS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SAMPLE_RATE: Final = 24_000
FRAME: Final = 600  # samples; pitch and energy have two values a frame
MAX_SYMBOLS: Final = 510
# Frames of silence that the sound needs before it and after it; all others are cut off before they are rendered.
_LEAD, _TAIL = 4, 5


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """What the model makes of some phonemes; a pad stands before them and after them.

    lengths: frames of each symbol, float32 [symbols]. states, text: what the other graphs need to know of them.
    style: the speaker, float32 [1, 256].
    """

    lengths: NDArray[np.float32]
    states: NDArray[np.float32]
    text: NDArray[np.float32]
    style: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Melody:
    """Pitch in Hz, near 0 without voice, and energy, both float32 [2 × frames]; `spread` is for the render."""

    f0: NDArray[np.float32]
    energy: NDArray[np.float32]
    spread: NDArray[np.float32]
    style: NDArray[np.float32]


@cache
def _styles(speaker: str) -> NDArray[np.float16]:
    """The styles of a speaker, [510, 256]: one for each number of symbols."""
    with resources.files("langdu.data").joinpath("kokoro", "styles.npz").open("rb") as file, np.load(file) as styles:
        own: NDArray[np.float16] = styles[speaker]
        return own


class KokoroModels:
    """The loaded voice. Raises: OSError, ValueError: a file is missing or damaged."""

    def __init__(self, folder: Path) -> None:
        self._predict, self._melody = (inference.session(folder / name) for name in (PREDICT, MELODY))
        self._render = inference.session(_fitting(folder))

    def predict(self, phonemes: str, speaker: str) -> Predicted:
        """The lengths of a line of phonemes, at the voice's own pace."""
        ids = np.array([[0, *(IDS[char] for char in phonemes), 0]])
        style = _styles(speaker)[len(phonemes) - 1].astype(np.float32)[None]
        inputs = {files.TOKENS: ids, files.STYLE: style, files.SPEED: np.ones(1, np.float32)}
        lengths, states, text = inference.outputs(self._predict, inputs)
        return Predicted(lengths.ravel(), states, text, style)

    def melody(self, predicted: Predicted, frames: NDArray[np.int64]) -> Melody:
        """Pitch and energy if each symbol lasts this many frames."""
        inputs: dict[str, NDArray[Any]] = {
            files.FRAMES: frames,
            files.STATES: predicted.states,
            files.TEXT: predicted.text,
            files.STYLE: predicted.style,
        }
        f0, energy, spread = inference.outputs(self._melody, inputs)
        return Melody(f0[0], energy[0], spread, predicted.style)

    def render(
        self, melody: Melody, f0: NDArray[np.float32], energy: NDArray[np.float32], frames: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], int]:
        """The sound of this pitch and energy, and the frame with which it begins: most silence around is cut."""
        start, end = max(0, int(frames[0]) - _LEAD), int(frames.sum()) - max(0, int(frames[-1]) - _TAIL)
        inputs = {
            files.F0: f0[None, 2 * start : 2 * end],
            files.ENERGY: energy[None, 2 * start : 2 * end],
            files.SPREAD: melody.spread[:, :, start:end],
            files.STYLE: melody.style,
        }
        return inference.first(self._render, inputs).ravel(), start


def _fitting(folder: Path) -> Path | bytes:
    """The graph *render* in the form that this processor multiplies exactly.

    Without instructions for the product of unsigned and signed bytes (VNNI), x86 processors add two products in 16 bits
    and cut off what is too large.
    """
    product = inference.first(inference.session(folder / PRODUCT), {"a": np.full((1, 64), 255, np.uint8)})
    if (product == 64 * 255 * 127).all():
        return folder / RENDER
    from langdu.engines.kokoro.surgery import unsigned  # noqa: PLC0415 - onnx takes 0.1 s, which few processors need

    return unsigned((folder / RENDER).read_bytes())
