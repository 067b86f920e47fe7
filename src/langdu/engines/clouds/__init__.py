"""The voices of Azure, Google Cloud and Amazon Polly, through their vendors' SDKs: online, with the user's own key.

None of them has been tried against the live service: the tests run the SDKs against servers on loopback.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from langdu.engines import Capabilities, Obeys, built_in_voices
from langdu.engines.clouds.vendors import vendors
from langdu.errors import ConfigError, EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.engines.clouds.speech import CloudSynthesizer
    from langdu.engines.running.patience import Patience
    from langdu.model import Clip, Utterance, Voice


class _Cloud:
    """What the three have in common.

    names: the pattern of the service's Mandarin voices. address: the environment variable that sets another address.
    package: the SDK. service: the class in the module of the same name as the engine.
    """

    name: str
    names: ClassVar[re.Pattern[str]]
    example: ClassVar[str]
    address: ClassVar[str]
    package: ClassVar[str]
    service: ClassVar[str]

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience

    @property
    def capabilities(self) -> Capabilities:
        """What it can do. Marks are the service's own at words, and shared out by syllables inside them."""
        return Capabilities(
            max_syllables=60,  # with its markup a request stays under 5,000 bytes, which is what Google takes
            sample_rate=24_000,
            needs_network=True,
            obeys_pinyin=Obeys.EXACTLY,
            speaks_english=True,
            exact_marks=False,
            approximates=vendors()[self.name].unknown,
            variant=os.environ.get(self.address, ""),
        )

    def voices(self) -> Sequence[Voice]:
        """The service's usual voice."""
        return built_in_voices(self.name)

    def named(self, name: str) -> Voice:
        """Another voice of the service for Mandarin, as the service calls it.

        Raises: ConfigError: the service has no voices of such names for Mandarin.
        """
        if not self.names.fullmatch(name):
            raise ConfigError(f"{self.name}:{name} is not a voice for Mandarin; write one such as {self.example}")
        (usual,) = self.voices()
        return replace(usual, id=f"{self.name}:{name}", name=f"{name}, online")

    def check_account(self) -> None:
        """Make sure that the SDK and the key are there. Raises: EngineUnavailable: one is missing."""
        _ = self._speech

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:
        """Speak one utterance, in one request (Polly: two).

        Returns: a clip; where nothing is said, a hundredth of a second of silence, without a request.
        Raises: EngineUnavailable: the SDK, the key or the network is missing. SynthesisFailed: the service refused,
        or gave no usable sound.
        """
        return self._speech.say(utterance, voice, rate)

    @cached_property
    def _speech(self) -> CloudSynthesizer:
        try:
            import_module(self.package)
        except ImportError as error:
            raise EngineUnavailable(
                f"the voice {self.name} needs the SDK of its service; run: pip install 'langdu[{self.name}]'"
            ) from error
        from langdu.engines.clouds.speech import CloudSynthesizer  # noqa: PLC0415 - only speaking needs it
        from langdu.engines.running.patience import Patience  # noqa: PLC0415 - the same

        service = getattr(import_module(f"langdu.engines.clouds.{self.name}"), self.service)
        return CloudSynthesizer(service(self._patience or Patience()), vendors()[self.name])


class Azure(_Cloud):
    """Azure AI Speech, with the key in AZURE_SPEECH_KEY and the region in AZURE_SPEECH_REGION."""

    name = "azure"
    names = re.compile(r"zh-CN-[\w:-]+", re.ASCII)
    example = "azure:zh-CN-YunxiNeural"
    address = "AZURE_SPEECH_ENDPOINT"
    package = "azure.cognitiveservices.speech"
    service = "AzureService"


class Google(_Cloud):
    """Google Cloud Text-to-Speech, with the credentials that google.auth finds (GOOGLE_APPLICATION_CREDENTIALS)."""

    name = "google"
    names = re.compile(r"cmn-CN-[\w-]+", re.ASCII)
    example = "google:cmn-CN-Wavenet-B"
    address = "LANGDU_GOOGLE_URL"
    package = "google.cloud.texttospeech_v1beta1"
    service = "GoogleService"


class Polly(_Cloud):
    """Amazon Polly, with the credentials and the region that boto3 finds."""

    name = "polly"
    names = re.compile(r"[A-Z][a-z]+(-standard)?")
    example = "polly:Zhiyu, or polly:Zhiyu-standard for its standard engine"
    address = "AWS_ENDPOINT_URL_POLLY"
    package = "boto3"
    service = "PollyService"
