"""The voices `kokoro`: Kokoro-82M, seven speakers, offline, exact in tones and English as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from langdu.engines import Capabilities, Obeys, built_in_voices
from langdu.errors import ConfigError, EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from langdu.engines.kokoro.speech import KokoroSynthesizer
    from langdu.model import Clip, Utterance, Voice

# The speaker of the voice that is called only `kokoro`.
_FIRST: Final = "zf_xiaobei"
# Megabytes that a process takes while it speaks 40 syllables.
_NEEDED: Final = 450


class Kokoro:
    """The neural voices, loaded when one of them first speaks. Not thread-safe; use more processes."""

    name = "kokoro"
    capabilities = Capabilities(
        max_syllables=40,
        sample_rate=24_000,
        needs_network=False,
        obeys_pinyin=Obeys.EXACTLY,
        speaks_english=True,
        exact_marks=True,
        obeys_corrections=True,
    )

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds what `surgery.prepare` made of the voice's files."""
        self._folder = folder
        self._speech: KokoroSynthesizer | None = None

    def voices(self) -> Sequence[Voice]:
        """The seven speakers, the first of them under the engine's name alone."""
        return built_in_voices(self.name)

    def named(self, name: str) -> Voice:
        """The voice of a speaker, by the speaker's name. Raises: ConfigError: there is no such speaker."""
        speakers = {speaker_of(voice): voice for voice in self.voices()}
        if name not in speakers:
            raise ConfigError(f"there is no voice kokoro:{name}; its speakers are {', '.join(speakers)}")
        return speakers[name]

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:
        """Speak one utterance with its surface tones, English in the same voice; a mark is exact to about 15 ms.

        Raises: EngineUnavailable: the voice is not installed, or its files are damaged. SynthesisFailed: the utterance
        has more than 510 phonemes.
        """
        if self._speech is None:
            self._speech = self._load()
        return self._speech.say(utterance, speaker_of(voice), rate)

    def _load(self) -> KokoroSynthesizer:
        import psutil  # noqa: PLC0415 - what only speaking needs

        from langdu.engines.kokoro.speech import KokoroSynthesizer  # noqa: PLC0415 - numpy and onnxruntime take time, which few commands need

        if self._folder is None:
            raise EngineUnavailable("the voice kokoro is not installed; run: langdu voices install kokoro")
        available = psutil.virtual_memory().available // 2**20
        if available < _NEEDED:
            raise EngineUnavailable(
                f"the voice kokoro needs {_NEEDED} MB of memory in each process, and {available} MB are free: close "
                "other programs, set workers = 1 in langdu.toml, or choose the voice baker"
            )
        try:
            return KokoroSynthesizer(self._folder)
        except (OSError, ValueError) as error:
            raise EngineUnavailable(
                f"the voice in {self._folder} cannot be loaded ({error}); run: langdu voices install kokoro"
            ) from error


def speaker_of(voice: Voice) -> str:
    """The name of a voice's speaker, as the model's tables have it."""
    return voice.id.partition(":")[2] or _FIRST
