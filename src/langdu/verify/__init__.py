"""Listens to speech: is each syllable there, of the right length, and in the requested tone?

It judges from the sound alone: `sound` extracts pitch and level, `measure` measures each syllable, `ear` knows how the
voice says each tone in each context, and `doubts` compares. Nothing here depends on the engine's intentions.
"""
