"""pydub's AudioSegments of mono 16-bit sound. The only file that imports pydub."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # When imported, pydub warns if there is no ffmpeg on the PATH. Nothing here needs that: clips are raw samples, and
    # MP3s are encoded by the ffmpeg of imageio-ffmpeg. pydub also imports audioop, which Python 3.11 and 3.12 announce
    # as deprecated.
    warnings.filterwarnings("ignore", "Couldn't find ffmpeg", RuntimeWarning)
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

from langdu.sound.pcm import SAMPLE_WIDTH

__all__ = ["AudioSegment", "audio_segment", "detect_leading_silence"]


def audio_segment(pcm: bytes, sample_rate: int) -> AudioSegment:
    """Mono 16-bit little-endian PCM as an AudioSegment. Raises: ValueError: it has half a sample too much."""
    return AudioSegment(data=pcm, sample_width=SAMPLE_WIDTH, frame_rate=sample_rate, channels=1)
