"""Samples: PCM, levels, resampling, tempo, decoding, loudness and times, each in one place; and running ffmpeg."""
