"""What sound is made of, below the stages: ffmpeg, decoding, loudness, clocks."""
