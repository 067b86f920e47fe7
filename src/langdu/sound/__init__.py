"""Samples and what is done with them: PCM, levels, resampling, tempo, decoding, loudness, clocks. One way for each."""
