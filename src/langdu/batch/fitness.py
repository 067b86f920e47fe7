"""What decides how an article is narrated on a machine: its programs, and the voices that it has."""

from __future__ import annotations

import hashlib
import re
import sys
from contextlib import suppress
from dataclasses import replace
from functools import cache
from glob import escape
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langdu import files
from langdu.engines.running.pool import keep_engines, own_engine
from langdu.lexicon.user import user_table
from langdu.pipeline.cast import cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langdu.settings import Settings

_PACKAGE: Final = Path(__file__).parents[1]
_NAME: Final = re.compile(r"[\w.-]+")


def programs_of(settings: Settings) -> tuple[str, ...]:
    """What identifies the programs of a machine; each is a name, a blank, and a version or a hash.

    On two machines that say the same, an article becomes the same narration.
    """
    table = user_table()
    own = files.digest(table) if table.is_file() else "none"
    python = f"python {sys.version_info.major}.{sys.version_info.minor}"
    return (f"langdu {_content()}", f"{table.name} {own}", python, *_packages(), *_own_voices(settings))


@cache
def _content() -> str:
    """A hash of all of langdu's files; that is more exact than a version, and a worker computes it once."""
    content = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            content.update(f"{path.relative_to(_PACKAGE).as_posix()} {files.digest(path)}\n".encode())
    return content.hexdigest()


def _packages() -> Iterator[str]:
    """The packages that langdu needs, with their versions."""
    for requirement in sorted(requires("langdu") or ()):
        name = _NAME.match(requirement)
        if name and "extra ==" not in requirement:
            with suppress(PackageNotFoundError):  # it is for other systems
                yield f"{name[0]} {version(name[0])}"


def _own_voices(settings: Settings) -> Iterator[str]:
    """The files of the user's own voices (piper:FILE, sherpa:FOLDER), which a worker must have at the same place."""
    for voice in filter(None, (settings.voice, settings.quotes, settings.fallback)):
        name = voice.partition(":")[2]
        if name and (where := files.user_path(name)).name:
            paths = sorted([*where.parent.glob(f"{escape(where.name)}*"), *where.glob("*")])
            yield from (f"{path} {files.digest(path)}" for path in paths if path.is_file())


def loaded(settings: Settings, notice: Callable[[str], None] = lambda _: None) -> None:
    """Install the voices of these settings, whose hashes langdu knows, and load the first for this thread.

    Raises: EngineUnavailable: one cannot be installed.
    """
    others = filter(None, (settings.quotes, settings.fallback))
    speakers = cast(replace(settings, verify=False), notice, others)
    keep_engines()
    own_engine(speakers.first.voice)
