"""Clips → sound, and music under it. The only place that imports pydub."""

from __future__ import annotations

from langdu.audio.clips import Assembled, assemble

__all__ = ["Assembled", "assemble"]
