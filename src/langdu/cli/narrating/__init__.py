"""The commands that make sound, or check it."""
