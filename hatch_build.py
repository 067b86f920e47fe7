"""The build hook: compiles the lexicon before a wheel (editable or not) is put together."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LexiconHook(BuildHookInterface[Any]):
    """Writes `src/langdu/data/lexicon.bin`; the wheel takes it in as an artifact (pyproject.toml)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's own names
        """Compile the lexicon from the packages named in `build-system.requires`."""
        root = Path(self.root)
        sys.path.insert(0, str(root / "tools"))
        from build_lexicon import build  # noqa: PLC0415 - the folder is on the path only now

        target = root / "src" / "langdu" / "data" / "lexicon.bin"
        size = build(target)
        self.app.display_info(f"lexicon: {size:,} bytes")
