"""The folder of a podcast: the files that langdu published in it, and the record of them.

A file of an episode is deleted only if the record shows that langdu made it here and that it is unchanged.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Final

from langdu import files
from langdu.errors import ExportError
from langdu.feed import earlier
from langdu.feed.earlier import FEED
from langdu.feed.rss import rss
from langdu.feed.transcript import webvtt
from langdu.files import MadeFile, alone, atomic, sweep, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from langdu.feed.rss import Channel
    from langdu.model import Picture

# The width and height in pixels that Apple allows for a cover, which must be square.
_COVER: Final = (1400, 3000)
# The files of an episode: their media types and endings.
KINDS: Final = {
    "mp3": ("audio/mpeg", "mp3"),
    "vtt": ("text/vtt", "vtt"),
    "srt": ("application/x-subrip", "srt"),
    "chapters": ("application/json+chapters", "chapters.json"),
}
_CHANGED: Final = "somebody changed it since it was published"
_NOT_OURS: Final = "langdu has no record of having made it here"
_RECORD: Final = "published.jsonl"
# In bytes: the record of ten thousand episodes.
_LARGEST: Final = 1 << 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A programme to publish. Programmes with the same `identity` are the same episode.

    `series` is the name of the podcast unless the channel has a title. `day` is the programme's day, `published` a time
    with a zone. `summary` is plain text, `notes` HTML. `files` are by format: mp3, srt and chapters.
    """

    title: str
    series: str
    identity: str
    day: date
    published: datetime
    summary: str
    notes: str
    seconds: float
    files: Mapping[str, Path]


def check_folder(folder: Path) -> None:
    """Raises: ExportError: this is not a folder, or it has a feed that langdu did not make."""
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder} is not a folder: a feed needs a folder of its own")
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.name != FEED and path.suffix.lower() in {".xml", ".rss", ".atom"} and earlier.is_foreign(path):
            raise ExportError(f"{path} is a feed that langdu did not make: choose another folder for the podcast")


def free_stem(folder: Path, stem: str, episode: Episode) -> str:
    """`stem`, or a name that begins with it, under which `place_files` overwrites no other file.

    Another file may be of a version that was removed, if it had to stay, or the user's own.
    """
    version = fingerprint(episode)
    first = [stem] if stem.endswith(version) else [stem, f"{stem}-{version}"]
    names = chain(first, (f"{first[-1]}-{number}" for number in count(2)))
    return next(name for name in names if _is_free(folder, name, episode))


def _is_free(folder: Path, stem: str, episode: Episode) -> bool:
    """Whether each file of these names does not exist, or is the one that would be written."""
    return all(
        _can_write(folder / f"{stem}.{ending}", _vtt(episode) if kind == "vtt" else episode.files[kind])
        for kind, (_, ending) in KINDS.items()
    )


def _can_write(place: Path, content: Path | bytes) -> bool:
    if place.is_symlink() or not place.exists():
        return not place.is_symlink()
    if not isinstance(content, bytes):
        return _is_same(content, place)
    try:
        return files.digest(place) == hashlib.sha256(content).hexdigest()
    except OSError:
        return False


def _vtt(episode: Episode) -> bytes:
    return webvtt(episode.files["srt"].read_text("utf-8")).encode()


def place_files(folder: Path, stem: str, episode: Episode) -> None:
    """Copy an episode's files into the folder, named `stem` with their endings. The record has them first."""
    for kind, (_, ending) in KINDS.items():
        place = folder / f"{stem}.{ending}"
        with atomic(place) as partial:
            if kind == "vtt":
                partial.write_bytes(_vtt(episode))
            else:
                shutil.copyfile(episode.files[kind], partial)
            _note(folder, MadeFile.at(partial, place.name))


def has_files(folder: Path, stem: str, episode: Episode) -> bool:
    """Whether the folder has exactly the files of this episode under these names."""
    return all(_is_same(episode.files[kind], folder / f"{stem}.{KINDS[kind][1]}") for kind in episode.files)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return files.digest(one) == files.digest(other)
    except OSError:
        return False


def fingerprint(episode: Episode) -> str:
    """Eight digits that differ between two versions of an episode."""
    digests = "".join(files.digest(episode.files[kind]) for kind in sorted(episode.files))
    return hashlib.sha256(digests.encode()).hexdigest()[:8]


def delete_files(folder: Path, names: Iterable[str], notice: Callable[[str], None]) -> list[str]:
    """Delete published files that langdu made here, and that are unchanged; `notice` is told which stay.

    Returns: the names of the deleted files.
    """
    recorded = _recorded(folder)
    deleted: list[str] = []
    stay: dict[str, list[str]] = {}
    for name in names:
        path, made = folder / name, recorded.pop(name, None)
        if made and made.is_at(path):
            try:
                path.unlink()
            except OSError as error:
                raise ExportError(
                    f"{path} is not in the feed any more, but cannot be deleted: {error.strerror}; delete it yourself"
                ) from error
            deleted.append(name)
        elif os.path.lexists(path):
            is_whole = made is None or made.is_whole(folder)
            stay.setdefault(_NOT_OURS if is_whole else _CHANGED, []).append(name)
    for why, left in stay.items():
        notice(f"not in the feed any more, but left in {folder}, because {why}: {', '.join(left)}")
    if recorded or (folder / files.OWN_FOLDER / _RECORD).exists():
        write_text(folder / files.OWN_FOLDER / _RECORD, "".join(map(_line, recorded.values())))
    return deleted


def _recorded(folder: Path) -> dict[str, MadeFile]:
    """The files that langdu published, by name. Invalid lines are skipped: the last one may be incomplete."""
    recorded = {}
    try:
        lines = files.text(folder / files.OWN_FOLDER / _RECORD, _LARGEST).splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    for line in lines:
        try:
            made = MadeFile.from_row(**files.from_json(line))
        except (ValueError, TypeError):
            continue
        if files.is_name(made.file):
            recorded[made.file] = made
    return recorded


def _note(folder: Path, made: MadeFile) -> None:
    with (folder / files.OWN_FOLDER / _RECORD).open("a", encoding="utf-8", newline="\n") as file:
        file.write(_line(made))


def _line(made: MadeFile) -> str:
    return json.dumps(asdict(made), ensure_ascii=False) + "\n"


def write_feed(folder: Path, channel: Channel, items: Sequence[str], guids: Sequence[str]) -> None:
    """Replace feed.xml, after making sure that the new one has all of these episodes."""
    text = rss(channel, items)
    earlier.check_successor(text, guids, folder / FEED)
    earlier.remember(folder / FEED, text)
    write_text(folder / FEED, text)


def place_cover(folder: Path, cover: Picture | None, notice: Callable[[str], None]) -> str | None:
    """Copy the cover and return its name. Another picture gets another name, so that what is published stays.

    A file of this name that is not the picture is the user's, and stays too.
    """
    if cover is None:
        return None
    if cover.width != cover.height or not _COVER[0] <= cover.width <= _COVER[1]:
        notice(
            f"the cover has {cover.width} × {cover.height} pixels; podcast directories require a square of "
            f"{_COVER[0]} to {_COVER[1]}"
        )
    ending = "png" if cover.mime == "image/png" else "jpg"
    stem = f"cover-{hashlib.sha256(cover.data).hexdigest()[:8]}"
    names = chain([f"{stem}.{ending}"], (f"{stem}-{number}.{ending}" for number in count(2)))
    name = next(name for name in names if _can_write(folder / name, cover.data))
    if not (folder / name).exists():
        with atomic(folder / name) as partial:
            partial.write_bytes(cover.data)
    return name


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other runs out of the folder during the block.

    Raises: ExportError: the folder cannot be written, or another run uses it.
    """
    with ExitStack() as stack:
        try:
            for path in (folder / files.OWN_FOLDER, folder / files.OWN_FOLDER / _RECORD):
                files.refuse_link(path)
            (folder / files.OWN_FOLDER).mkdir(parents=True, exist_ok=True)
            busy = f"another langdu is writing the feed in {folder}: wait until it is done"
            stack.enter_context(alone(folder / files.OWN_FOLDER / "feed.lock", busy))
            for swept in (folder, folder / files.OWN_FOLDER):
                sweep(swept)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            reason = files.reason(error)
            raise ExportError(
                f"the feed's folder {folder} cannot be written: {reason}{where}; {files.write_advice(reason)}"
            ) from error
        yield
