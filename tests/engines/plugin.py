"""An engine of another package, for tests."""

from __future__ import annotations

from collections.abc import Callable

# Installs a package `odd` whose engine `odd` is the class Odd of this source.
Plugin = Callable[[str], None]
