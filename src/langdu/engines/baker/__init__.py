"""The voice `baker`: FastSpeech2 and multi-band MelGAN, offline, exactly as the pinyin says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.engines import Capabilities, described
from langdu.errors import EngineUnavailable, SynthesisFailed
from langdu.model import Clip, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from langdu.engines.baker.models import Models
    from langdu.model import Utterance, Voice

FADE = 120  # samples, 5 ms: the cut at each end of a clip makes no click


class Baker:
    """The neural voice. It is loaded when it first speaks, and is one thread's: start more processes, not threads."""

    name = "baker"
    capabilities = Capabilities(
        max_syllables=40,  # it takes 140, and speaks faster the longer the utterance is
        sample_rate=24_000,
        needs_network=False,
        obeys_pinyin=True,
        exact_marks=True,
    )

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds what `surgery.prepare` made of the voice's files."""
        self._folder = folder
        self._models: Models | None = None

    def voices(self) -> Sequence[Voice]:
        """The one voice, its licence and origin."""
        return described(self.name)

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:
        """Speak one utterance with its surface tones; a mark is exact to 12.5 ms, the model's frame.

        Raises: EngineUnavailable: the voice is not installed. SynthesisFailed: the utterance is too long.
        """
        import numpy as np  # noqa: PLC0415 - heavy, and not needed to list voices

        from langdu.engines.baker import models, symbols, timing  # noqa: PLC0415 - the same

        if self._models is None:
            self._models = self._load()
        line = symbols.line(utterance)
        prosody = self._models.predict(line.symbols)
        plan = timing.plan(line, prosody.lengths[0], rate)
        if plan.frames.sum() > models.MAX_FRAMES:
            raise SynthesisFailed(
                f"{utterance.text[:20]}… has {len(line.said)} syllables; {voice.id} takes about 140 at once: cut it"
            )
        mel = self._models.render(prosody, plan.frames)
        samples = self._models.vocode(mel[slice(*plan.kept)])
        fade = np.linspace(0, 1, FADE, dtype=np.float32)
        samples[:FADE] *= fade
        samples[-FADE:] *= fade[::-1]
        pcm = np.rint(np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes()
        pairs = zip(line.said, plan.marks, strict=True)
        marks = (Mark(said.index, start * models.FRAME, end * models.FRAME) for said, (start, end) in pairs)
        return Clip(pcm, models.SAMPLE_RATE, tuple(marks))

    def _load(self) -> Models:
        from langdu.engines.baker.models import Models  # noqa: PLC0415 - heavy

        if self._folder is None:
            raise EngineUnavailable("the voice baker is not installed; run: langdu voices install baker")
        try:
            return Models(self._folder)
        except (OSError, ValueError) as error:
            raise EngineUnavailable(
                f"the voice in {self._folder} cannot be loaded ({error}); run: langdu voices install baker"
            ) from error
