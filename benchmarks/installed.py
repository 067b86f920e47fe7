"""What benchmarks of `langdu read` share: a cache that has an installed voice and nothing else."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from langdu import engines, voices
from langdu.pipeline.cast import find_voice
from langdu.settings import load

if TYPE_CHECKING:
    from pathlib import Path


def cache_with(voice_id: str, folder: Path) -> Path:
    """Make a cache in `folder` with the files of a voice, which is fetched first if this computer lacks it."""
    voice = find_voice(voice_id)
    cache = folder / "cache"
    if voices.needs_install(voice):
        files = voices.install(load({}).cache_dir, voice, engines.preparer(voice.engine))
        shutil.copytree(files, voices.folder(cache, voice))
    return cache
