"""The hash of the files of a user's own voice."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from langdu import files
from langdu.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def digest(paths: Iterable[Path]) -> str:
    """The hash of some files, in their order. Raises: ConfigError: one cannot be read."""
    whole = hashlib.sha256()
    for path in paths:
        try:
            whole.update(bytes.fromhex(files.digest(path)))
        except OSError as error:
            raise ConfigError(f"{path} cannot be read: {files.reason(error)}; choose another file") from error
    return whole.hexdigest()
