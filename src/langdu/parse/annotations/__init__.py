"""Annotations in a text. scan.py runs the scanners in order; alignment/ tells which hanzi a reading belongs to."""
