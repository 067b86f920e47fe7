"""Speaks with a Piper model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from langdu import inference, pinyin
from langdu.engines.kit import vits
from langdu.engines.kit.letters import spoken
from langdu.engines.piper import config
from langdu.engines.piper.symbols import BEGIN, END, PAD, line, of
from langdu.errors import SynthesisFailed

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from langdu.model import Clip, Utterance

_NEEDED = {"input", "input_lengths", "scales"}


class PiperSynthesizer:
    """A loaded model.

    Raises: ValueError: the file is not an ONNX model, or not one of Piper's by its inputs. OSError: it cannot be read.
    ConfigError: its description is damaged.
    """

    def __init__(self, model: Path) -> None:
        self._config = config.read_config(model)
        self._session = inference.session(model.read_bytes())
        self._inputs = {model_input.name for model_input in self._session.get_inputs()}
        if not _NEEDED <= self._inputs <= {*_NEEDED, "sid"}:
            raise ValueError(f"it takes {', '.join(sorted(self._inputs))} and not {', '.join(sorted(_NEEDED))}")
        missing = {BEGIN, END, PAD} - self._config.ids.keys()
        if missing:
            raise ValueError(f"its description has no number for {' '.join(sorted(missing))}")

    def say(self, utterance: Utterance, voice: str, rate: float) -> Clip:
        """Speak one utterance. Raises: SynthesisFailed: the voice has no phoneme for a syllable, or gave no sound."""
        sample_rate = self._config.sample_rate
        if not spoken(utterance):
            return vits.nothing(sample_rate)
        audio = self._run(self._ids(utterance, voice), self._config.length / rate, voice)
        return vits.clip(audio, sample_rate, utterance, voice)

    def _ids(self, utterance: Utterance, voice: str) -> list[int]:
        known = self._config.ids
        for _, syllables in spoken(utterance):
            for syllable in syllables:
                lacking = [phoneme for group in of(syllable) for phoneme in group if phoneme not in known]
                if lacking:
                    raise SynthesisFailed(
                        f"the voice {voice} has no phoneme {' '.join(lacking)} and cannot say {pinyin.spell(syllable)} "
                        f"in {utterance.text[:20]!r}; choose another voice"
                    )
        ids = [*known[BEGIN], *known[PAD]]
        for group in line(utterance):
            if group[0] in known:  # punctuation that the voice does not know makes no pause
                ids += [number for phoneme in group for number in known[phoneme]] + [*known[PAD]]
        return [*ids, *known[END]]

    def _run(self, ids: list[int], length: float, voice: str) -> NDArray[np.float32]:
        # Without the model's own noise, so that every run gives the same sound.
        inputs: dict[str, NDArray[np.generic]] = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array([0, length, 0], np.float32),
            "sid": np.array([0], np.int64),
        }
        try:
            return inference.first(self._session, {k: v for k, v in inputs.items() if k in self._inputs})
        except ValueError as error:
            raise SynthesisFailed(
                f"the voice {voice} failed ({error}); does the .json beside it belong to it? Download both again"
            ) from error
