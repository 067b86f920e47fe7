"""Clips → sound; music under it; playing it."""

from __future__ import annotations

from langdu.audio.clips import Assembled, assemble, at_rate

__all__ = ["Assembled", "assemble", "at_rate"]
