"""Speaks with a sherpa-onnx model.

sherpa-onnx takes only text, and looks each word up in a lexicon. It gets a lexicon of our own, in which a character
from Unicode's private use area stands for each spelling, and a text of these characters. Punctuation gets such
characters too, because sherpa-onnx would cut the text into sentences at real punctuation.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from langdu import pinyin
from langdu.engines.kit import vits
from langdu.engines.kit.letters import spoken
from langdu.engines.sherpa import folder
from langdu.errors import SynthesisFailed
from langdu.model import Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.model import Clip, Utterance

_FIRST: Final = 0xE000  # of the private use area, which has 6,400 characters; there are some 2,000 spellings
_MARKS: Final = {"。": ".", "？": "?", "！": "!", "，": ",", "、": ",", "：": ":", "；": ";", "—": "-", "…": "…"}
_FULL: Final = {half: full for full, half in _MARKS.items() if full not in "、—"}  # a hyphen is no pause
# Replacements for punctuation that a model has no token for.
_INSTEAD: Final = {"、": "，", "：": "，", "；": "，", "—": "，", "…": "，", "？": "。", "！": "。"}
_ER: Final = Syllable("er", Tone.NEUTRAL)


class SherpaSynthesizer:
    """A loaded model.

    Raises: ImportError: sherpa-onnx is not there. ValueError: it cannot load the model. OSError: no temporary
    file can be written. ConfigError: a file of the voice is missing or wrong.
    """

    def __init__(self, where: Path) -> None:
        model = folder.read_model(where)
        self._spelling, self._tokens = folder.spelling(where)
        self._melo = model.melo
        self._carriers = self._assign_carriers()
        self._voice = self._loaded(model.path, folder.files(where)[1])
        self.sample_rate = model.sample_rate

    def say(self, utterance: Utterance, voice: str, rate: float) -> Clip:
        """Speak one utterance. Raises: SynthesisFailed: the voice lacks one of its tones, or gave no sound."""
        if not spoken(utterance):
            return vits.nothing(self.sample_rate)
        text = "".join(self._carriers[spelled] for spelled in self._line(utterance, voice))
        try:
            audio = np.array(self._voice.generate(text, sid=0, speed=rate).samples, np.float32)
        except RuntimeError as error:
            raise SynthesisFailed(f"the voice {voice} failed on {utterance.text[:20]!r}: {error}") from error
        return vits.clip(audio, self.sample_rate, utterance, voice)

    def _line(self, utterance: Utterance, voice: str) -> Iterator[tuple[str, ...]]:
        said = dict(spoken(utterance))
        paused = True
        for index, char in enumerate(utterance.text):
            for syllable in said.get(index, ()):
                yield self._spelled(syllable, utterance, voice)
                if syllable.erhua:
                    yield self._spelled(_ER, utterance, voice)
                paused = False
            mark = None if index in said or paused else self._mark(char)
            if mark:
                yield mark
                paused = True

    def _spelled(self, syllable: Syllable, utterance: Utterance, voice: str) -> tuple[str, ...]:
        spelled = self._spelling.of(syllable)
        if spelled is None:
            raise SynthesisFailed(
                f"the lexicon of the voice {voice} does not show how to spell {pinyin.number(syllable)} in "
                f"{utterance.text[:20]!r}; choose another voice"
            )
        return spelled

    def _mark(self, char: str) -> tuple[str, ...] | None:
        mark = _FULL.get(char, char)
        for candidate in (mark, _INSTEAD.get(mark)):
            written = (candidate, _MARKS.get(candidate or ""))
            token = next((token for token in written if token in self._tokens), None)
            if token:
                return (token, "0") if self._melo else (token,)
        return ("sil",) if mark in _MARKS and "sil" in self._tokens else None

    def _assign_carriers(self) -> dict[tuple[str, ...], str]:
        """A private-use character for each spelling."""
        syllables = (Syllable(base, tone) for base in sorted(pinyin.bases()) for tone in Tone)
        spellings = [*map(self._spelling.of, syllables), *map(self._mark, [*_MARKS, *_FULL])]
        return {spelling: chr(_FIRST + i) for i, spelling in enumerate(dict.fromkeys(filter(None, spellings)))}

    def _loaded(self, model: Path, tokens: Path) -> Any:  # noqa: ANN401 - the package has no types
        # It bundles its own onnxruntime: 1.28 in sherpa-onnx 2.0.1, which reports nothing, but newer versions would.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        sherpa = importlib.import_module("sherpa_onnx")
        with TemporaryDirectory(prefix="langdu-") as temporary:
            own = Path(temporary, "lexicon.txt")
            lines = (f"{char} {' '.join(spelling)}\n" for spelling, char in self._carriers.items())
            own.write_text("".join(lines), encoding="utf-8", newline="\n")
            # Without the model's own noise, so that every run gives the same sound.
            vits_config = sherpa.OfflineTtsVitsModelConfig(
                model=str(model), lexicon=str(own), tokens=str(tokens), noise_scale=0, noise_scale_w=0
            )
            parts = sherpa.OfflineTtsModelConfig(vits=vits_config, num_threads=1)
            config = sherpa.OfflineTtsConfig(model=parts, silence_scale=1)  # pauses as the model makes them
            try:
                return sherpa.OfflineTts(config)
            except RuntimeError as error:
                raise ValueError(str(error)) from error
