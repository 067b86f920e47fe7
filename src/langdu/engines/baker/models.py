"""The voice's three graphs: symbols → prosody → mel spectrogram → samples."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from langdu.engines.baker.files import PREDICT, RENDER, SYMBOLS, VOCODER
from langdu.errors import SynthesisFailed
from langdu.inference import session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

SAMPLE_RATE = 24_000
FRAME = 300  # samples
MAX_FRAMES = 2_048  # the length of the decoder's table of positions
# How far the vocoder sees: chunks that overlap this much on each side join bit-exactly.
OVERLAP = 24  # frames
# 5 s at a time: vocoding a long utterance whole takes more memory and is no faster.
CHUNK = 400  # frames


@dataclass(frozen=True, slots=True)
class Prosody:
    """What the model predicts for each of N symbols: length in (fractional) frames, and normalised F0 and energy."""

    hidden: NDArray[np.float32]
    lengths: NDArray[np.float32]
    f0: NDArray[np.float32]
    energy: NDArray[np.float32]


class Models:
    """The three loaded graphs, each on one thread: the acoustic model in LiteRT, the vocoder in onnxruntime."""

    def __init__(self, folder: Path) -> None:
        self._predict = _LoadedTflite(folder / PREDICT)
        self._render = _LoadedTflite(folder / RENDER)
        self._vocoder = _Vocoder(folder / VOCODER)
        self.ids: dict[str, int] = json.loads((folder / SYMBOLS).read_text(encoding="utf-8"))["symbol_to_id"]
        with _quiet():
            self.predict(["sil"])

    def predict(self, symbols: Sequence[str]) -> Prosody:
        """Predict the prosody of these symbols.

        Raises: SynthesisFailed: the model does not know one of them.
        """
        try:
            ids = np.array([[self.ids[symbol] for symbol in symbols]], np.int32)
        except KeyError as error:
            raise SynthesisFailed(f"the voice has no sound for {error} in {' '.join(symbols)}") from error
        return Prosody(*self._predict(ids, np.zeros(1, np.int32)))

    def render(self, prosody: Prosody, frames: NDArray[np.int32]) -> NDArray[np.float32]:
        """The mel spectrogram [sum of frames, 80], with each symbol as long as asked."""
        (mels,) = self._render(prosody.hidden, frames[None], prosody.f0, prosody.energy)
        mel: NDArray[np.float32] = mels[0]
        return mel

    def vocode(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """Samples in [-1, 1], `FRAME` for each frame of the spectrogram."""
        chunks = -(-len(mel) // CHUNK)
        edges = [len(mel) * i // chunks for i in range(chunks + 1)]
        return np.concatenate([self._vocode_between(mel, *edge) for edge in pairwise(edges)])

    def _vocode_between(self, mel: NDArray[np.float32], start: int, end: int) -> NDArray[np.float32]:
        first = max(0, start - OVERLAP)
        samples = self._vocoder(mel[first : end + OVERLAP])
        return samples[(start - first) * FRAME : (end - first) * FRAME]


class _LoadedTflite:
    """A .tflite file as a function of arrays."""

    def __init__(self, path: Path) -> None:
        # From memory, because LiteRT opens paths with the C library, which on Windows cannot open Chinese names.
        self._interpreter: Any = Interpreter(model_content=path.read_bytes(), num_threads=1)
        self._inputs = [detail["index"] for detail in self._interpreter.get_input_details()]
        self._outputs = [detail["index"] for detail in self._interpreter.get_output_details()]
        self._shapes: list[tuple[int, ...]] = []

    def __call__(self, *arrays: NDArray[Any]) -> list[NDArray[np.float32]]:
        shapes = [array.shape for array in arrays]
        if shapes != self._shapes:
            for index, shape in zip(self._inputs, shapes, strict=True):
                self._interpreter.resize_tensor_input(index, shape)
            self._interpreter.allocate_tensors()
            self._shapes = shapes
        for index, array in zip(self._inputs, arrays, strict=True):
            self._interpreter.set_tensor(index, array)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._outputs]


class _Vocoder:
    """The .onnx file as a function: mel spectrogram [frames, 80] → samples [300 × frames]."""

    def __init__(self, path: Path) -> None:
        try:
            self._session = session(path.read_bytes())
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from error

    def __call__(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        (samples,) = self._session.run(None, {"mel": mel.T[None]})
        sound: NDArray[np.float32] = samples[0, 0]
        return sound


@contextmanager
def _quiet() -> Iterator[None]:
    """The first graph that runs writes "INFO: Created … delegate" to stderr, past Python; no option turns it off."""
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a file
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
