"""Sound that comes from elsewhere: decoded, at the rate that is wanted, one channel of 16 bits."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING, Final

import imageio_ffmpeg
import numpy as np
import soundfile

from langdu.errors import SynthesisFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WINDOWS_A_SECOND: Final = 100
_RATES: Final = range(4_000, 400_001)
# Samples of a sound: 23 minutes at 48 kHz, more than any service gives at once.
_MOST: Final = 1 << 26


def decoded(file: bytes, sample_rate: int) -> NDArray[np.int16]:
    """The sound of a WAV, MP3, Ogg or FLAC file, whatever its rate, channels and bits.

    Raises: ValueError: it cannot be decoded, or says of itself what no speech has. SynthesisFailed: ffmpeg, which
    converts rates, is missing or fails.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(file)) as sound:
            rate, samples = sound.samplerate, sound.frames * sound.channels
            if rate not in _RATES or samples > _MOST:  # a few bytes can say so, and would fill the memory
                raise ValueError(f"the sound has {samples} samples, {rate} a second")
            channels = sound.read(dtype="int16", always_2d=True)
    except soundfile.SoundFileError as error:
        raise ValueError("the sound cannot be decoded") from error
    mono = channels[:, 0] if channels.shape[1] == 1 else channels.mean(axis=1).astype(np.int16)
    return at_rate(mono, rate, sample_rate)


def at_rate(sound: NDArray[np.int16], rate: int, sample_rate: int) -> NDArray[np.int16]:
    """Sound of `rate` samples a second at `sample_rate`. Raises: SynthesisFailed: ffmpeg is missing or fails."""
    return sound if rate == sample_rate else _filtered(sound, rate, sample_rate, [])


def in_tempo(sound: NDArray[np.int16], sample_rate: int, rate: float) -> NDArray[np.int16]:
    """The same voice faster or slower, 0.5 to 2, for a service that knows only one speed.

    Raises: SynthesisFailed: ffmpeg is missing or fails.
    """
    return sound if rate == 1 else _filtered(sound, sample_rate, sample_rate, ["-af", f"atempo={rate}"])


def loudness(sound: NDArray[np.int16], sample_rate: int) -> NDArray[np.float32]:
    """The root mean square of each whole hundredth of a second, full scale 32,768."""
    window = sample_rate // WINDOWS_A_SECOND
    count = len(sound) // window
    windows = sound[: count * window].reshape(count, window).astype(np.float32)
    rms: NDArray[np.float32] = np.sqrt((windows**2).mean(axis=1))
    return rms


def loud(levels: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which hundredths are more than silence: 34 dB under the loudest, and 50 under full scale."""
    found: NDArray[np.bool_] = levels > max(0.02 * levels.max(initial=0), 100.0)
    return found


def heard(sound: NDArray[np.int16], sample_rate: int) -> range:
    """Where a sound is more than silence, in samples; an empty range if it is silence throughout."""
    window = sample_rate // WINDOWS_A_SECOND
    found = np.flatnonzero(loud(loudness(sound, sample_rate)))
    return range(int(found[0]) * window, (int(found[-1]) + 1) * window) if len(found) else range(0)


def _filtered(sound: NDArray[np.int16], rate: int, wanted: int, options: Sequence[str]) -> NDArray[np.int16]:
    raw = ["-f", "s16le", "-ac", "1"]
    try:
        ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error"]
        given, made = [*raw, "-ar", str(rate), "-i", "pipe:0"], [*raw, "-ar", str(wanted), "pipe:1"]
        command = [*ffmpeg, *given, *options, *made]
        done = subprocess.run(command, input=sound.tobytes(), capture_output=True, check=True)  # noqa: S603 - ours
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        raise SynthesisFailed(
            f"the sound cannot be converted: {error}; reinstall imageio-ffmpeg, or set IMAGEIO_FFMPEG_EXE to an ffmpeg"
        ) from error
    return np.frombuffer(done.stdout, "<i2")
