"""pydub's AudioSegments of mono 16-bit sound. The only file that imports pydub."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # pydub looks for ffmpeg on the PATH when it is imported and warns without one. Nothing here needs it: clips are
    # raw samples, and what is written as MP3 goes through the ffmpeg of imageio-ffmpeg. It also imports audioop, which
    # Python 3.11 and 3.12 announce as deprecated.
    warnings.filterwarnings("ignore", "Couldn't find ffmpeg", RuntimeWarning)
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

__all__ = ["SAMPLE_WIDTH", "AudioSegment", "detect_leading_silence", "segment"]

SAMPLE_WIDTH = 2


def segment(pcm: bytes, sample_rate: int) -> AudioSegment:
    """Mono, 16-bit little-endian PCM as pydub has it. Raises: ValueError: it is half a sample too long."""
    return AudioSegment(data=pcm, sample_width=SAMPLE_WIDTH, frame_rate=sample_rate, channels=1)
