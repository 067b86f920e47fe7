"""The same voice faster or slower, at the same pitch."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from langdu.sound import ffmpeg
from langdu.sound.pcm import SAMPLE_WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

# Silence between sounds that are stretched together: longer than the pieces that ffmpeg joins (85 ms at most).
_APART_S: Final = 0.2


def in_tempo(pcm: bytes, sample_rate: int, tempo: float) -> bytes:
    """Mono 16-bit PCM at `tempo` times its speed, 0.5 to 2. Raises: FfmpegFailed."""
    if tempo == 1:
        return pcm
    raw = ["-f", "s16le", "-ar", str(sample_rate), "-ac", "1"]
    return ffmpeg.run([*raw, "-i", "pipe:0", "-af", f"atempo={tempo}", "-v", "error", *raw, "pipe:1"], pcm).output


def each_in_tempo(sounds: Sequence[bytes], sample_rate: int, tempo: float) -> list[bytes]:
    """Several sounds, each as `in_tempo` has it, in one run of ffmpeg: to start it takes as long as a minute of sound.

    Raises: FfmpegFailed.
    """
    apart = bytes(SAMPLE_WIDTH * round(_APART_S * sample_rate))
    together = in_tempo(apart.join([b"", *sounds, b""]), sample_rate, tempo)
    ends = accumulate(len(apart) + len(sound) for sound in sounds)
    return [
        _between(together, (end - len(sound)) / tempo, end / tempo) for sound, end in zip(sounds, ends, strict=True)
    ]


def _between(pcm: bytes, start: float, end: float) -> bytes:
    first, last = (SAMPLE_WIDTH * round(at / SAMPLE_WIDTH) for at in (start, end))
    return pcm[first:last]
