"""The voice of Google Translate, through gTTS: online; it takes hanzi and chooses their readings itself."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from langdu.engines import Capabilities, Obeys, built_in_voices
from langdu.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.engines.gtts.service import GttsPatience
    from langdu.engines.gtts.speech import GttsSynthesizer
    from langdu.model import Clip, Utterance, Voice

_GOOGLE: Final = "https://translate.google.com"


class Gtts:
    """Asks Google Translate, or the address in LANGDU_GTTS_URL, for the sound of clean text."""

    name = "gtts"

    def __init__(self, patience: GttsPatience | None = None) -> None:
        self._patience = patience

    @property
    def capabilities(self) -> Capabilities:
        """What it can do; the address is part of what makes its sound."""
        return Capabilities(
            max_syllables=30,  # far less than a request takes, so that requests can be filled
            sample_rate=24_000,
            needs_network=True,
            obeys_pinyin=Obeys.BY_HOMOPHONE,
            speaks_english=True,
            exact_marks=False,
            max_characters=100,
            variant=os.environ.get("LANGDU_GTTS_URL", ""),
        )

    def voices(self) -> Sequence[Voice]:
        """The one voice."""
        return built_in_voices(self.name)

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:
        """Speak one utterance; its marks are estimated (kit/estimated.py).

        Returns: a clip; where nothing is said, a hundredth of a second of silence.
        Raises: EngineUnavailable: there is no network. SynthesisFailed: the service refused, or gave no usable sound.
        ConfigError: LANGDU_GTTS_URL is not a web address.
        """
        return self._speech.say(utterance, voice, rate)

    @cached_property
    def _speech(self) -> GttsSynthesizer:
        base = os.environ.get("LANGDU_GTTS_URL") or _GOOGLE
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"LANGDU_GTTS_URL is not a web address: {base!r}; write one such as {_GOOGLE}")
        from langdu.engines.gtts.service import GoogleTranslate, GttsPatience  # noqa: PLC0415 - what only speaking needs
        from langdu.engines.gtts.speech import GttsSynthesizer  # noqa: PLC0415 - the same

        return GttsSynthesizer(GoogleTranslate(base, parts.hostname, self._patience or GttsPatience()))
