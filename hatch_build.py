"""The build hook: compiles the lexicon and the meanings before a wheel (editable or not) is put together."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LexiconHook(BuildHookInterface[Any]):
    """Writes two files into `src/langdu/data`; the wheel takes them in as artifacts (pyproject.toml)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's own names
        """Compile both from the packages named in `build-system.requires`."""
        root = Path(self.root)
        sys.path.insert(0, str(root / "tools"))
        import build_lexicon  # noqa: PLC0415 - the folder is on the path only now
        import build_meanings  # noqa: PLC0415 - the same

        data = root / "src" / "langdu" / "data"
        with ThreadPoolExecutor(1) as other:  # most of its time it compresses, which leaves Python to the lexicon
            compressed = other.submit(build_meanings.build, data / "meanings" / "meanings.bin")
            lexicon = build_lexicon.build(data / "lexicon.bin")
            meanings = compressed.result()
        self.app.display_info(f"lexicon: {lexicon:,} bytes, meanings: {meanings:,} bytes")
