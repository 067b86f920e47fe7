"""Readings written into a text: the scanners that find them, one file a style."""
