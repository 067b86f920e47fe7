"""The commands about langdu itself: voices, formats, the dictionary, the cache."""
