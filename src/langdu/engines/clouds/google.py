"""Google Cloud Text-to-Speech through its SDK (v1beta1, which reports the times of marks): a document → its sound."""

from __future__ import annotations

import os
from typing import Final
from urllib.parse import urlsplit

import google.auth
import requests
from google.api_core import exceptions
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, RefreshError
from google.cloud import texttospeech_v1beta1 as api
from google.cloud.texttospeech_v1beta1.services.text_to_speech.transports import TextToSpeechRestTransport

from langdu.engines.clouds.service import CloudAnswer, hidden, safe
from langdu.engines.clouds.speech import SAMPLE_RATE
from langdu.engines.running.patience import Patience, TryAgain
from langdu.errors import ConfigError, EngineUnavailable, SynthesisFailed
from langdu.sound.decoding import decoded_speech

_HOST: Final = "https://texttospeech.googleapis.com"
_SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform",)


class GoogleService:
    """The service at its own address, or at that in LANGDU_GOOGLE_URL, with the credentials that google.auth finds."""

    marks = True

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        address = os.environ.get("LANGDU_GOOGLE_URL") or _HOST
        parts = urlsplit(address)
        if parts.scheme not in {"https", "http"} or not safe(address):
            raise ConfigError(f"LANGDU_GOOGLE_URL must begin with https:// ({_HOST}): credentials are sent there")
        try:
            credentials, _ = google.auth.default(scopes=_SCOPES)
        except (DefaultCredentialsError, GoogleAuthError) as error:
            raise EngineUnavailable(
                "the voice google needs credentials of a Google Cloud account: set GOOGLE_APPLICATION_CREDENTIALS to "
                f"the file of a service account's key, or run: gcloud auth application-default login ({hidden(error)})"
            ) from error
        # REST, because it needs no threads of its own: engines are used in several processes.
        transport = TextToSpeechRestTransport(
            host=parts.netloc, url_scheme=parts.scheme, credentials=credentials, always_use_jwt_access=True
        )
        self._client = api.TextToSpeechClient(transport=transport)

    def spoken(self, document: str, text: str, voice: str) -> CloudAnswer:
        """The sound of an SSML document; see `CloudService.spoken`."""
        request = api.SynthesizeSpeechRequest(
            input=api.SynthesisInput(ssml=document),
            voice=api.VoiceSelectionParams(language_code="cmn-CN", name=voice),
            audio_config=api.AudioConfig(audio_encoding=api.AudioEncoding.LINEAR16, sample_rate_hertz=SAMPLE_RATE),
            enable_time_pointing=[api.SynthesizeSpeechRequest.TimepointType.SSML_MARK],
        )
        answer = self._ask(request, text)
        try:
            sound = decoded_speech(answer.audio_content, SAMPLE_RATE)
            starts = tuple((int(point.mark_name[1:]), point.time_seconds) for point in answer.timepoints)
        except ValueError as error:
            raise TryAgain(
                SynthesisFailed(f"google gave no usable sound for {text[:20]!r}: {error}; try again later")
            ) from error
        return CloudAnswer(sound, starts)

    def _ask(self, request: api.SynthesizeSpeechRequest, text: str) -> api.SynthesizeSpeechResponse:
        try:
            return self._client.synthesize_speech(request, retry=None, timeout=self.patience.answer)
        except (exceptions.Unauthenticated, exceptions.Forbidden, RefreshError) as error:
            raise EngineUnavailable(
                "google does not accept the credentials, or they do not allow Text-to-Speech; check the file in "
                "GOOGLE_APPLICATION_CREDENTIALS, and that the API texttospeech.googleapis.com and its billing are "
                f"enabled in the project ({type(error).__name__})"
            ) from error
        except exceptions.TooManyRequests as error:
            raise TryAgain(
                SynthesisFailed(
                    "google gets too many requests, or the project's quota is used up (429); wait, or raise it"
                )
            ) from error
        except (exceptions.ServerError, exceptions.RetryError) as error:
            raise TryAgain(
                SynthesisFailed(f"google has an internal error ({type(error).__name__}); try again later")
            ) from error
        except exceptions.GoogleAPICallError as error:
            raise SynthesisFailed(
                f"google refused to speak {text[:20]!r} ({hidden(error.message)}); check that the voice exists and "
                "takes SSML: those called Standard and Wavenet do, those called Chirp do not all"
            ) from error
        except (requests.RequestException, GoogleAuthError, OSError, ValueError) as error:
            raise TryAgain(
                EngineUnavailable(
                    f"no answer from google ({type(error).__name__}): check the network; without one, read with "
                    "--voice baker"
                )
            ) from error
