"""Azure AI Speech through its SDK: a document → its sound, and the times of its words."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, Final

import azure.cognitiveservices.speech as sdk

from langdu.engines.clouds.service import CloudAnswer, hidden, safe
from langdu.engines.clouds.speech import SAMPLE_RATE
from langdu.engines.running.patience import Patience, TryAgain
from langdu.errors import ConfigError, EngineUnavailable, SynthesisFailed
from langdu.sound.decoding import decoded_speech

if TYPE_CHECKING:
    from collections.abc import Iterable

_TICKS_A_SECOND: Final = 10_000_000
_Code = sdk.CancellationErrorCode
_WRONG_KEY: Final = frozenset({_Code.AuthenticationFailure, _Code.Forbidden})
_PASSING: Final = frozenset({_Code.ServiceTimeout, _Code.ServiceError, _Code.ServiceUnavailable})


class AzureService:
    """The service in the region AZURE_SPEECH_REGION or at AZURE_SPEECH_ENDPOINT, with the key AZURE_SPEECH_KEY."""

    marks = False  # it reports its words without being asked in the document

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self._key = os.environ.get("AZURE_SPEECH_KEY", "")
        region, endpoint = os.environ.get("AZURE_SPEECH_REGION"), os.environ.get("AZURE_SPEECH_ENDPOINT")
        if not self._key or not (region or endpoint):
            raise EngineUnavailable(
                "the voice azure needs a key of an Azure Speech resource: set AZURE_SPEECH_KEY, and "
                "AZURE_SPEECH_REGION (for example eastasia) or AZURE_SPEECH_ENDPOINT"
            )
        if endpoint and not safe(endpoint):
            raise ConfigError("AZURE_SPEECH_ENDPOINT must begin with https:// or wss://: the key is sent there")
        where = {"endpoint": endpoint} if endpoint else {"region": region}
        try:
            self._config = sdk.SpeechConfig(subscription=self._key, **where)
        except (RuntimeError, ValueError) as error:
            raise EngineUnavailable(
                f"the SDK of Azure cannot start: {hidden(error, self._key)}; check AZURE_SPEECH_REGION and "
                "AZURE_SPEECH_ENDPOINT"
            ) from error
        self._config.set_speech_synthesis_output_format(sdk.SpeechSynthesisOutputFormat.Riff24Khz16BitMonoPcm)

    def spoken(self, document: str, text: str, voice: str) -> CloudAnswer:  # noqa: ARG002 - the document names the voice
        """The sound of an SSML document; see `CloudService.spoken`."""
        try:
            result, words = self._ask(document)
        except RuntimeError as error:  # what the SDK raises for every failure of its own
            raise TryAgain(
                EngineUnavailable(f"the SDK of Azure failed ({hidden(error, self._key)}); check the network")
            ) from error
        if result.reason == sdk.ResultReason.Canceled:
            raise self._refused(result.cancellation_details, text)
        try:
            return CloudAnswer(decoded_speech(result.audio_data, SAMPLE_RATE), _starts(words, text))
        except ValueError as error:
            raise TryAgain(
                SynthesisFailed(f"azure gave no usable sound for {text[:20]!r}: {error}; try again later")
            ) from error

    def _ask(self, document: str) -> tuple[Any, list[tuple[str, float]]]:
        """The SDK's result, and the words it reported with their seconds. The SDK's own wait has no time limit."""
        synthesizer = sdk.SpeechSynthesizer(speech_config=self._config, audio_config=None)
        words: list[tuple[str, float]] = []
        done = threading.Event()

        synthesizer.synthesis_word_boundary.connect(
            lambda event: words.append((event.text, event.audio_offset / _TICKS_A_SECOND))
        )
        synthesizer.synthesis_completed.connect(lambda _: done.set())
        synthesizer.synthesis_canceled.connect(lambda _: done.set())
        waiting = synthesizer.speak_ssml_async(document)
        if not done.wait(self.patience.connect + self.patience.answer):
            synthesizer.stop_speaking_async()
            raise TryAgain(
                EngineUnavailable(
                    f"no answer from azure in {self.patience.connect + self.patience.answer:.0f} s: check the network; "
                    "without one, read with --voice baker"
                )
            )
        return waiting.get(), words

    def _refused(self, details: Any, text: str) -> Exception:  # noqa: ANN401 - the SDK has no types
        code, why = details.error_code, hidden(details.error_details, self._key)
        if code in _WRONG_KEY:
            return EngineUnavailable(
                "azure does not accept the key: check that AZURE_SPEECH_KEY belongs to a Speech resource in the region "
                "that AZURE_SPEECH_REGION names, and that its quota is not used up"
            )
        if code == _Code.TooManyRequests:
            return TryAgain(
                SynthesisFailed(
                    "azure gets too many requests, or the resource's quota is used up (429); wait, or raise it"
                )
            )
        if code in _PASSING:
            return TryAgain(SynthesisFailed(f"azure has an internal error ({why}); try again later"))
        if code == _Code.ConnectionFailure:
            return TryAgain(
                EngineUnavailable(
                    f"no answer from azure ({why}): check the network and AZURE_SPEECH_REGION; without a network, read "
                    "with --voice baker"
                )
            )
        return SynthesisFailed(
            f"azure refused to speak {text[:20]!r} ({why}); check that the voice exists in the region"
        )


def _starts(words: Iterable[tuple[str, float]], text: str) -> tuple[tuple[int, float], ...]:
    """The offset in the text of each word that the service reported; () if they are not the text's."""
    starts, at = [], 0
    for word, second in words:
        offset = text.find(word.strip(), at)
        if offset < 0:
            return ()
        starts.append((offset, second))
        at = offset + len(word.strip())
    return tuple(starts)
