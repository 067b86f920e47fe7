"""What an earlier run made, where this run would make the same: told without loading anything that makes it."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict, dataclass, replace
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langdu.files import digest
from langdu.output import record
from langdu.userlexicon import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from langdu.settings import Settings

_PACKAGE: Final = Path(__file__).parents[1]
_VARIABLES: Final = ("IMAGEIO_FFMPEG_EXE", "LANGDU_GTTS_URL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narration:
    """What `narrate` made: `files` are names in `folder`, `voice` is a voice's id, `samples` the programme's length.

    `findings` says how many findings of each severity the check has; `doubts` what still does not sound as asked, each
    as `hearing.as_json` tells it, or None if nobody listened. `substitutions` are the characters that the voice was
    given others for, or cannot be made to read as annotated, each as `speech.as_json` tells it. `loudness` is what was
    asked for, in LUFS, and `gain` what that took, in dB. `chapters` are those of the manifest: what begins, and when.
    """

    folder: Path
    title: str
    voice: str
    files: tuple[str, ...]
    paragraphs: int
    samples: int
    sample_rate: int
    findings: Mapping[str, int]
    syllables: int
    doubts: tuple[Mapping[str, Any], ...] | None = None
    substitutions: tuple[Mapping[str, Any], ...] = ()
    loudness: float = 0.0
    gain: float = 0.0
    chapters: tuple[Mapping[str, Any], ...] = ()


def stamp(sources: Sequence[str], settings: Settings, *asked: object, files: Iterable[Path] = ()) -> str | None:
    """Tells everything that a narration of some files is made of from all else: them, settings, tables and programs.

    `asked` is what else the user has chosen, and `files` what else he has named.
    None for what is no file: an address may say something else the next time, standard input is read only once.
    """
    if any(source == "-" or "://" in source for source in sources):
        return None
    try:
        own = [table for source in sources for table in (Path(source), *tables(source, settings.lexicon))]
        paths = [*own, *files, *filter(None, [settings.cover])]
        read = [digest(path) for path in paths]
    except (OSError, ValueError):  # what reads it says why
        return None
    chosen = asdict(replace(settings, audio_dir=Path(), cache_dir=Path(), lexicon=None, cover=None, workers=1))
    said = [*sources, asked, chosen, *read, *_programs()]
    said += _own_voice(settings.voice)
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def _own_voice(voice: str) -> Iterator[str]:
    """The user's own voice (piper:FILE, sherpa:FOLDER) as it is now: the file and what is beside it, or the folder."""
    name = voice.partition(":")[2]
    where = Path(name).expanduser()
    if where.name:
        for path in sorted([*where.parent.glob(f"{escape(where.name)}*"), *where.glob("*")]):
            found = path.stat()
            yield f"{path} {found.st_size} {found.st_mtime_ns}"


def _programs() -> Iterator[str]:
    """This langdu, every package that is installed beside it, and what the environment puts in their place."""
    yield sys.version
    yield from (os.environ.get(name, "") for name in _VARIABLES)
    for folder, _, names in sorted(os.walk(_PACKAGE)):
        if not folder.endswith("__pycache__"):
            for name in sorted(names):
                found = Path(folder, name).stat()
                yield f"{folder} {name} {found.st_size} {found.st_mtime_ns}"
    for path in sys.path:
        if path.endswith("-packages") and Path(path).is_dir():
            yield from sorted(name for name in os.listdir(path) if name.endswith(".dist-info"))  # noqa: PTH208 - names


def find(stamp: str | None, out: Path | None, settings: Settings) -> Narration | None:
    """The narration with this stamp, if every file of it is there as it was made.

    It is in `out`, or where `narrate` would put it: in a folder of `settings.audio_dir`.
    """
    folders = [out] if out else sorted(settings.audio_dir.glob("*")) if settings.audio_dir.is_dir() else []
    for folder in folders if stamp else ():
        found = record.read(folder)
        told = _told(folder, found.about) if found.about.get("stamp") == stamp else None
        if told and all(any(made.is_whole(folder) for made in found.made.get(name, ())) for name in told.files):
            return told
    return None


def about(narration: Narration, stamp: str | None) -> dict[str, Any]:
    """What the record of a narration says of it, for `find`."""
    told = asdict(narration)
    del told["folder"]
    return {"stamp": stamp, **told}


def _told(folder: Path, about: Mapping[str, Any]) -> Narration | None:
    told = {name: value for name, value in about.items() if name != "stamp"}
    try:
        doubts = told["doubts"] if told["doubts"] is None else tuple(told["doubts"])
        lists = {name: tuple(told[name]) for name in ("files", "substitutions", "chapters")}
        return Narration(**{**told, **lists, "folder": folder, "doubts": doubts})
    except (TypeError, KeyError):
        return None
