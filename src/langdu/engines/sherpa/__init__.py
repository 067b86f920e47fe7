"""Chinese VITS voices for sherpa-onnx that the user has downloaded (`sherpa:FOLDER`), which follow the pinyin."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from langdu.engines import Capabilities, Obeys, built_in_voices
from langdu.engines.kit.digest import digest
from langdu.engines.sherpa import folder
from langdu.errors import ConfigError, EngineUnavailable
from langdu.files import user_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from langdu.engines.sherpa.speech import SherpaSynthesizer
    from langdu.model import Clip, Utterance, Voice


class Sherpa:
    """A folder with a model, its tokens and its lexicon, loaded when it first speaks."""

    name = "sherpa"

    def __init__(self, where: Path | None = None) -> None:
        """`where` is the folder; without it, the engine only describes such voices and cannot speak."""
        self._where = where
        self._speech: SherpaSynthesizer | None = None

    @cached_property
    def capabilities(self) -> Capabilities:
        """What the voice can do. Raises: ConfigError: its files are missing or damaged."""
        missing: frozenset[str] = frozenset()
        rate = 16_000
        if self._where:
            rate, missing = folder.read_model(self._where).sample_rate, folder.spelling(self._where)[0].approximates
        return Capabilities(
            max_syllables=40,
            sample_rate=rate,
            needs_network=False,
            obeys_pinyin=Obeys.EXACTLY,
            speaks_english=False,
            exact_marks=False,
            approximates=missing,
            variant=_version(),
        )

    def voices(self) -> Sequence[Voice]:
        """A placeholder for the user's voices."""
        return built_in_voices(self.name)

    def named(self, name: str) -> Voice:
        """The voice in the folder `name`.

        Raises: ConfigError: it is missing, or has no Chinese VITS model with a lexicon.
        """
        where = user_path(name)
        folder.read_model(where)
        folder.spelling(where)
        kind = self.voices()[0]
        sha256 = digest(folder.files(where))
        return replace(
            kind, id=f"sherpa:{name}", name=where.resolve().name, origin=str(where), sha256=sha256, files=where
        )

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:
        """Speak one utterance with its surface tones; the marks are estimated.

        Raises: EngineUnavailable: sherpa-onnx is not installed, or the voice cannot be loaded. ConfigError: it has not
        the files of such a voice. SynthesisFailed: it cannot spell a syllable, or gave no sound.
        """
        if self._speech is None:
            self._speech = self._load()
        return self._speech.say(utterance, voice.id, rate)

    def _load(self) -> SherpaSynthesizer:
        from langdu.engines.sherpa.speech import SherpaSynthesizer  # noqa: PLC0415 - numpy and onnxruntime, for who speaks

        if self._where is None:
            raise ConfigError("the voice sherpa needs the folder of a voice: --voice sherpa:FOLDER")
        try:
            return SherpaSynthesizer(self._where)
        except ImportError as error:
            raise EngineUnavailable("the voice sherpa needs sherpa-onnx; run: pip install 'langdu[sherpa]'") from error
        except (OSError, ValueError) as error:
            raise EngineUnavailable(
                f"the voice in {self._where} cannot be loaded ({error}); download it again, or choose another"
            ) from error


def _version() -> str:
    try:
        return f"sherpa-onnx {version('sherpa-onnx')}"
    except PackageNotFoundError:
        return ""
