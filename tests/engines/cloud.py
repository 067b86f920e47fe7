"""An engine of a cloud beside a server that stands in for its service."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloud_servers import StandIn
    from langdu.engines.clouds import Azure, Google, Polly
    from langdu.engines.running.patience import Patience

# None of them is a key of anybody's.
KEY = "not-a-key-0123456789abcdef"
SDKS = {"azure": "azure.cognitiveservices.speech", "google": "google.cloud.texttospeech_v1beta1", "polly": "boto3"}


@contextmanager
def speaking(
    name: str, patch: pytest.MonkeyPatch, patience: Patience | None = None
) -> Iterator[tuple[Azure | Google | Polly, StandIn]]:
    """The engine, set up by the environment as its users do, and the server. Skips where the SDK is missing."""
    pytest.importorskip(SDKS[name])
    pytest.importorskip("websockets")
    import cloud_servers  # noqa: PLC0415 - it needs websockets
    from langdu.engines import clouds  # noqa: PLC0415

    with getattr(cloud_servers, name)() as server, TemporaryDirectory() as folder:
        environment = {
            "azure": {"AZURE_SPEECH_KEY": KEY, "AZURE_SPEECH_ENDPOINT": server.address},
            "google": {
                "GOOGLE_APPLICATION_CREDENTIALS": _service_account(Path(folder)),
                "LANGDU_GOOGLE_URL": server.address,
            },
            "polly": {
                "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
                "AWS_SECRET_ACCESS_KEY": KEY,
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_ENDPOINT_URL_POLLY": server.address,
                "AWS_CONFIG_FILE": str(Path(folder, "none")),
                "AWS_SHARED_CREDENTIALS_FILE": str(Path(folder, "none")),
            },
        }[name]
        for variable, value in environment.items():
            patch.setenv(variable, value)
        yield getattr(clouds, name.capitalize())(patience), server


def _service_account(folder: Path) -> str:
    """A file such as the owners of a service account have, with a key that was made just now."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - google.auth brings it
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {
        "type": "service_account",
        "project_id": "none",
        "private_key_id": "none",
        "private_key": private.decode(),
        "client_email": "nobody@none.iam.gserviceaccount.com",
        "token_uri": "http://127.0.0.1:9/token",
    }
    file = folder / "account.json"
    file.write_text(json.dumps(account), encoding="utf-8")
    return str(file)
