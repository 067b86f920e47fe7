"""Finds the narration of an earlier run that this run would only repeat, without loading what narrates."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import asdict, replace
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langdu.errors import ExportError
from langdu.files import digest, user_path
from langdu.lexicon.user import user_tables
from langdu.output.record import read_record
from langdu.output.rows import narration_from_row, narration_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from langdu.model import Rundown
    from langdu.output.narration import Narration
    from langdu.settings import Settings

_PACKAGE: Final = Path(__file__).parents[1]
# What the text of standard input, and what langdu adds to a brief, have as their source.
_UNNAMED: Final = {"-", "standard input"}
_VARIABLES: Final = ("IMAGEIO_FFMPEG_EXE", "LANGDU_GTTS_URL")


def narration_stamp(  # noqa: PLR0913 - the last four can be left out
    sources: Sequence[str],
    settings: Settings,
    *options: object,
    files: Iterable[Path] = (),
    voices: Iterable[str] = (),
    contents: Mapping[str, str] | None = None,
    programs: Sequence[str] = (),
) -> str | None:
    """A hash of everything that determines a narration: sources, settings, tables and programs.

    `options`, `files` and `voices` are what else the user has chosen. None if a source is not a file: the page at an
    address may change, and standard input can be read only once. `contents` identifies what is at such a source, by
    its name, if the caller has read it. `programs` takes the place of what identifies the programs of this machine.
    """
    known = contents or {}
    if any((source == "-" or "://" in source) and source not in known for source in sources):
        return None
    try:
        own = [
            path
            for source in sources
            for path in (*(() if source in known else [Path(source)]), *user_tables(source, settings.lexicon))
        ]
        digests = [digest(path) for path in [*own, *files, *filter(None, [settings.cover])]]
    except (OSError, ValueError):  # the code that reads the file later reports it
        return None
    chosen = asdict(replace(settings, audio_dir=Path(), cache_dir=Path(), lexicon=None, cover=None, workers=1))
    own_voices = (
        row for voice in filter(None, (settings.voice, settings.quotes, *voices)) for row in _own_voice(voice)
    )
    parts = [*sources, *sorted(known.items()), options, chosen, *digests, *(programs or _programs()), *own_voices]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def _own_voice(voice: str) -> Iterator[str]:
    """The user's own voice (piper:FILE, sherpa:FOLDER) as it is now: the file and those beside it, or the folder."""
    name = voice.partition(":")[2]
    if name and (where := user_path(name)).name:
        for path in sorted([*where.parent.glob(f"{escape(where.name)}*"), *where.glob("*")]):
            status = path.stat()
            yield f"{path} {status.st_size} {status.st_mtime_ns}"


def _programs() -> Iterator[str]:
    """This langdu, every package installed beside it, and the environment variables that replace parts of them."""
    yield sys.version
    yield from (os.environ.get(name, "") for name in _VARIABLES)
    for folder, _, names in sorted(os.walk(_PACKAGE)):
        if not folder.endswith("__pycache__"):
            for name in sorted(names):
                status = Path(folder, name).stat()
                yield f"{folder} {name} {status.st_size} {status.st_mtime_ns}"
    for path in sys.path:
        if path.endswith("-packages") and Path(path).is_dir():
            yield from sorted(name for name in os.listdir(path) if name.endswith(".dist-info"))  # noqa: PTH208 - names


def find_narration(stamp: str | None, out: Path | None, settings: Settings) -> Narration | None:
    """The narration with this stamp, if all its files are there, unchanged.

    It may be in `out`, or without that in any folder of `settings.audio_dir`, where `narrate` puts narrations.
    """
    folders = [out] if out else sorted(settings.audio_dir.glob("*")) if settings.audio_dir.is_dir() else []
    for folder in folders if stamp else ():
        record = read_record(folder)
        same = record.about.get("stamp") == stamp
        narration = narration_from_row(folder, record.about) if same else None
        if narration and all(record.is_whole(folder, name) for name in narration.files):
            return narration
    return None


def stamped(narration: Narration, stamp: str | None, rundown: Rundown) -> dict[str, Any]:
    """The description of a narration in its record, for `find_narration` and `refuse_other`."""
    return {"stamp": stamp, "series": rundown.series, "sources": _sources(rundown), **narration_row(narration)}


def made_row(narration: Narration, stamp: str, rundown: Rundown) -> dict[str, Any]:
    """The same for the manifest, in short: where there is no record, it tells whether the narration is up to date."""
    about = stamped(narration, stamp, rundown)
    seconds = round(narration.samples / narration.sample_rate, 3)
    return {name: about[name] for name in ("stamp", "title", "series", "sources", "findings")} | {"seconds": seconds}


def refuse_other(
    folder: Path | str, earlier: Mapping[str, Any], rundown: Rundown, notice: Callable[[str], None]
) -> None:
    """Make sure that a folder does not have the narration of another article, whose files would be removed.

    `earlier` is the description of what the folder has. A narration of the same source, or an issue of the same series,
    is replaced; so is one with the same title, but `notice` is told. An article and a brief that has it differ.

    Raises: ExportError: the folder has another narration.
    """
    match earlier:
        case {"title": str(title), "sources": list(sources), "series": series}:
            before, now = {str(source) for source in sources}, set(_sources(rundown))
        case _:  # none, or one of an earlier version
            return
    same_kind = (series is None) == (rundown.series is None)
    if (same_kind and before & now) or (series and series == rundown.series):
        return
    if title != rundown.title:
        raise ExportError(
            f"{folder} has the narration of another article, {title}, which would be lost: choose another folder with "
            "-o, or delete that one first"
        )
    if before != now:
        notice(f"{folder} had the narration of another article with the title {title}, which this one replaces")


def _sources(rundown: Rundown) -> list[str]:
    """Hashes of where the articles come from; a folder that is passed on should not say where its maker keeps files."""
    names = {section.article.source.name for section in rundown.sections} - _UNNAMED
    places = [name if "://" in name else str(Path(name).absolute()) for name in sorted(names)]
    return [hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:16] for place in places]
