"""Audio files → mono 16-bit PCM at a given rate: what services send, by libsndfile; the user's files, by ffmpeg."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import numpy as np
import soundfile

from langdu.errors import ExportError, InputError
from langdu.sound import ffmpeg
from langdu.sound.ffmpeg import FfmpegFailed, FfmpegMissing
from langdu.sound.resampling import at_rate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_RATES: Final = range(4_000, 400_001)
# The most samples that speech from a service has: 23 minutes at 48 kHz, more than any gives at once.
_MOST: Final = 1 << 26
# How long ffmpeg may take before the first second of sound. Decoding is far faster than listening.
_PATIENCE_S: Final = 60


def decoded_speech(file: bytes, sample_rate: int) -> NDArray[np.int16]:
    """The sound of a WAV, MP3, Ogg or FLAC file, whatever its rate, channels and bits.

    Raises: ValueError: it cannot be decoded, or its header states a rate or length that no speech has.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(file)) as sound:
            rate, samples = sound.samplerate, sound.frames * sound.channels
            # A header of a few bytes can claim any length, and decoding it would fill the memory.
            if rate not in _RATES or samples * max(rate, sample_rate) > _MOST * rate:
                raise ValueError(f"the sound has {samples} samples, {rate} a second")
            channels = sound.read(dtype="int16", always_2d=True)
    except soundfile.SoundFileError as error:
        raise ValueError("the sound cannot be decoded") from error
    mono = channels[:, 0] if channels.shape[1] == 1 else channels.mean(axis=1).astype(np.int16)
    return at_rate(mono, rate, sample_rate)


def decode_file(path: Path, filters: Sequence[str], to: Path, sample_rate: int, seconds: float) -> None:
    """Decode at most `seconds` of the user's file into the file `to`; `filters` are ffmpeg's arguments for its output.

    ffmpeg opens only local files, even if the file is a playlist with web addresses.

    Raises: InputError: the file cannot be decoded, or not in reasonable time. ExportError: ffmpeg is missing.
    """
    _decode(path, sample_rate, seconds, [*filters, *ffmpeg.into(to, "s16le")])


def decoded_file(path: Path, filters: Sequence[str], sample_rate: int, seconds: float) -> bytes:
    """Decode into memory, for short sounds. Raises: as `decode_file`."""
    return _decode(path, sample_rate, seconds, [*filters, "-v", "error", "-f", "s16le", "pipe:1"])


def _decode(path: Path, sample_rate: int, seconds: float, output: Sequence[str]) -> bytes:
    source = ["-protocol_whitelist", "file", "-i", f"file:{path}", "-map", "0:a:0", "-ac", "1", "-ar", str(sample_rate)]
    try:
        return ffmpeg.run([*source, "-t", f"{seconds:.3f}", *output], limit_s=_PATIENCE_S + seconds).output
    except FfmpegMissing as error:
        raise ExportError(f"{path} cannot be decoded: {error}") from error
    except FfmpegFailed as error:
        raise InputError(f"{path} is not an audio file ffmpeg can decode: {error}") from error
