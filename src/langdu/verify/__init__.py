"""Listening to what was spoken: is each syllable there, as long as it should be, and in the tone that was asked for?

Judged from the sound alone: `sound` takes pitch and level from it, `measure` gives each syllable its share of them,
`ear` knows how the voice says each tone where, and `doubts` compares. Nothing here knows what the engine meant to do.
"""
