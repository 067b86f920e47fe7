"""Amazon Polly through boto3: a document → its sound, and in a second request the times of its marks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

from langdu.engines.clouds.service import CloudAnswer, hidden
from langdu.engines.clouds.speech import SAMPLE_RATE
from langdu.engines.running.patience import Patience, TryAgain
from langdu.errors import EngineUnavailable, SynthesisFailed
from langdu.sound.decoding import decoded_speech

if TYPE_CHECKING:
    from collections.abc import Mapping

_STANDARD: Final = "-standard"
_LARGEST: Final = 20_000_000
_WRONG_KEY: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)


class PollyService:
    """The service in the region, and with the credentials, that boto3's own chain finds."""

    marks = True

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        config = Config(
            connect_timeout=patience.connect,
            read_timeout=patience.answer,
            retries={"total_max_attempts": 1, "mode": "standard"},  # we retry ourselves
        )
        try:
            self._client: Any = boto3.Session().client("polly", config=config)
        except (NoRegionError, ProfileNotFound, ValueError) as error:
            raise EngineUnavailable(
                f"the voice polly does not know where to ask ({hidden(error)}); set AWS_DEFAULT_REGION, for example to "
                "us-east-1, or run: aws configure"
            ) from error

    def spoken(self, document: str, text: str, voice: str) -> CloudAnswer:
        """The sound of an SSML document; see `CloudService.spoken`."""
        request = {
            "Text": document,
            "TextType": "ssml",
            "VoiceId": voice.removesuffix(_STANDARD),
            "Engine": "standard" if voice.endswith(_STANDARD) else "neural",
            "LanguageCode": "cmn-CN",
        }
        file = self._ask(request | {"OutputFormat": "ogg_vorbis", "SampleRate": str(SAMPLE_RATE)}, text)
        lines = self._ask(request | {"OutputFormat": "json", "SpeechMarkTypes": ["ssml"]}, text)
        try:
            return CloudAnswer(decoded_speech(file, SAMPLE_RATE), _starts(lines))
        except ValueError as error:
            raise TryAgain(
                SynthesisFailed(f"polly gave no usable sound for {text[:20]!r}: {error}; try again later")
            ) from error

    def _ask(self, request: Mapping[str, Any], text: str) -> bytes:
        try:
            answer = self._client.synthesize_speech(**request)
            with answer["AudioStream"] as stream:
                body: bytes = stream.read(_LARGEST)
                return body
        except (NoCredentialsError, PartialCredentialsError) as error:
            raise EngineUnavailable(
                "the voice polly needs a key of an AWS account: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
                "run: aws configure"
            ) from error
        except ClientError as error:
            raise _refused(error, text) from error
        except (HTTPClientError, BotoCoreError, OSError) as error:
            raise TryAgain(
                EngineUnavailable(
                    f"no answer from polly ({hidden(type(error).__name__)}): check the network, and that the region "
                    "has Amazon Polly; without a network, read with --voice baker"
                )
            ) from error


def _refused(error: ClientError, text: str) -> Exception:
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    code = str(error.response.get("Error", {}).get("Code", status))
    if code in _WRONG_KEY:
        return EngineUnavailable(
            f"polly does not accept the key ({code}): check the credentials that boto3 finds (aws configure list), "
            "that they have not expired, and that they allow polly:SynthesizeSpeech"
        )
    if "Throttl" in code or "LimitExceeded" in code or code == "TooManyRequestsException":
        return TryAgain(
            SynthesisFailed(
                f"polly gets too many requests, or the account's quota is used up ({code}); wait, or raise it"
            )
        )
    if status >= 500:
        return TryAgain(SynthesisFailed(f"polly has an internal error ({code}); try again later"))
    return SynthesisFailed(
        f"polly refused to speak {text[:20]!r} ({code}); check that the voice and its engine exist in the region: "
        "where there is no neural engine, read with --voice polly:Zhiyu-standard"
    )


def _starts(lines: bytes) -> tuple[tuple[int, float], ...]:
    """The marks among the speech marks, each `{"time": ms, "type": "ssml", "value": "m3"}`.

    Raises: ValueError: they are not speech marks.
    """
    try:
        rows = [json.loads(line) for line in lines.splitlines() if line.strip()]
        return tuple((int(row["value"][1:]), row["time"] / 1000) for row in rows if row["type"] == "ssml")
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError("the speech marks cannot be read") from error
