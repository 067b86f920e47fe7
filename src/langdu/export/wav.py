"""PCM → WAV."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

from langdu.export.atomic import atomic

if TYPE_CHECKING:
    from pathlib import Path


def write_wav(path: Path, pcm: bytes, sample_rate: int) -> None:
    """Write mono 16-bit PCM as a WAV file, whole or not at all.

    Raises: ExportError: the file cannot be written.
    """
    with atomic(path) as temporary, wave.open(str(temporary), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(pcm)
