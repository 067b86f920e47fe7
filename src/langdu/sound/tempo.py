"""The same voice faster or slower, at the same pitch."""

from __future__ import annotations

from langdu.sound import ffmpeg


def in_tempo(pcm: bytes, sample_rate: int, tempo: float) -> bytes:
    """Mono 16-bit PCM at `tempo` times its speed, 0.5 to 2. Raises: FfmpegFailed."""
    if tempo == 1:
        return pcm
    raw = ["-f", "s16le", "-ar", str(sample_rate), "-ac", "1"]
    return ffmpeg.run([*raw, "-i", "pipe:0", "-af", f"atempo={tempo}", "-v", "error", *raw, "pipe:1"], pcm).output
