"""The shelf: a folder with a folder for each article, all plain files that the command line understands.

2026-11-27-江上的冬天/
江上的冬天.txt   the article with its corrections: langdu read, check, parse and words take it
accepted.tsv     findings that were ignored: langdu check 江上的冬天.txt --baseline accepted.tsv
shelf.json       when it was opened, and where the listener stopped
"""

from __future__ import annotations

import hashlib
import itertools
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import platformdirs

from langdu import files
from langdu.errors import ConfigError, ExportError, InputError
from langdu.output.folder import file_name
from langdu.pipeline.editing.opening import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langdu.model import Article

ACCEPTED: Final = "accepted.tsv"
_ABOUT: Final = "shelf.json"
_DAMAGED: Final = f"{_ABOUT}.damaged-"
_ENDINGS: Final = (".txt", ".md")
# In bytes: the longest text that langdu reads, in hanzi.
_LARGEST: Final = 1 << 25
_MOST: Final = 1000
# An article without a title is called by so many of its first characters.
_TITLE: Final = 20


def default_folder() -> Path:
    """The folder of articles if the user names none."""
    return Path(platformdirs.user_data_dir("langdu", appauthor=False)) / "shelf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """What is known of an article on the shelf without opening it.

    `id` is the name of its folder, `file` that of its text in it; `opened` and `used` are times in ISO 8601.
    `paragraph` and `at` are where the listener stopped, None if he never listened; `progress` is how much of the text
    is before that, 0 to 1. `original` is the hash of the text as it was first opened.
    """

    id: str
    title: str
    file: str
    opened: str
    used: str
    characters: int = 0
    paragraph: int | None = None
    at: int = 0
    progress: float = 0.0
    corrections: int = 0
    original: str = ""


class Shelf:
    """The articles in a folder, which is created when the first one comes. `tell` is told what a person should know."""

    def __init__(self, folder: Path, tell: Callable[[str], None] = lambda _: None) -> None:
        self.folder = folder
        self.tell = tell

    def add(self, article: Article) -> Shelved:
        """Put an article on the shelf; one that was put there before stays as it was corrected since.

        Raises: ExportError: the folder cannot be written.
        """
        ending, text = plain_text(article)
        original = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
        for known in self.articles():
            if known.original == original:
                return known
        beginning = next((paragraph.text[:_TITLE] for paragraph in article.paragraphs), article.source.stem)
        title = article.title.text if article.title else beginning
        now = _now()
        wanted = f"{now[:10]}-{file_name(title)}"
        new = Shelved(
            id=self._new_id(wanted),
            title=" ".join(title.split()),
            file=f"{file_name(article.source.stem)}{ending}",
            opened=now,
            used=now,
            characters=sum(len(paragraph.text) for paragraph in article.spoken_order()),
            original=original,
        )
        files.write_text(self.folder / new.id / new.file, text)
        self.note(new)
        return new

    def articles(self) -> Iterator[Shelved]:
        """Every article on the shelf, the one used last first. Other files in the folder are ignored."""
        found = []
        for name in self._names():
            with suppress(InputError):
                found.append(self.find(name))
        yield from sorted(found, key=lambda shelved: shelved.used, reverse=True)

    def damaged(self) -> Iterator[str]:
        """The names of folders that were articles: what is known of them cannot be read any more."""
        for name in self._names():
            try:
                self.find(name)
            except InputError:
                with suppress(OSError, InputError):
                    if (self._folder(name) / _ABOUT).is_file():
                        yield name

    def refuse_unfit(self) -> None:
        """Raises: ConfigError: no articles can be kept in this folder. It is not made if it is not there."""
        new = [folder for folder in (self.folder, *self.folder.parents) if not os.path.lexists(folder)]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            why = "it is no folder" if self.folder.is_file() else files.reason(error)
            raise ConfigError(f"{self.folder} cannot be a shelf: {why}; name another folder with --shelf") from error
        finally:
            for folder in new:
                with suppress(OSError):
                    folder.rmdir()

    def _names(self) -> list[str]:
        """What stands in the folder, the newest first: the names of articles begin with the date."""
        with suppress(OSError):
            return sorted((path.name for path in self.folder.iterdir()), reverse=True)[:_MOST]
        return []

    def find(self, article_id: str) -> Shelved:
        """One article. Raises: InputError: there is none with this name."""
        folder = self._folder(article_id)
        try:
            found = _from_row(article_id, files.from_json(files.text(folder / _ABOUT)))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise InputError(f"there is no article {article_id} on the shelf {self.folder}") from error
        return found

    def path(self, shelved: Shelved) -> Path:
        """The file with the text of an article."""
        return self._folder(shelved.id) / shelved.file

    def text(self, shelved: Shelved) -> str:
        """The text of an article as it is now. Raises: InputError: it cannot be read."""
        path = self.path(shelved)
        try:
            return files.text(path, _LARGEST)
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path} cannot be read: {files.reason(error)}") from error

    def write(self, shelved: Shelved, text: str, corrections: int) -> Shelved:
        """Keep the text of an article after a correction. Raises: ExportError: the folder cannot be written."""
        files.write_text(self.path(shelved), text)
        changed = replace(shelved, used=_now(), corrections=max(0, corrections))
        self.note(changed)
        return changed

    def note(self, shelved: Shelved) -> None:
        """Keep what is known of an article. Raises: ExportError: the folder cannot be written."""
        row = asdict(shelved)
        del row["id"]
        about = self._folder(shelved.id) / _ABOUT
        try:
            _from_row(shelved.id, files.from_json(files.text(about)))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            if os.path.lexists(about):  # else it is not there yet, or the folder cannot be looked into
                self._set_aside(about)
        files.write_json(about, row)

    def _set_aside(self, about: Path) -> None:
        """Keep a damaged file beside the new one: somebody may have written into it. Raises: ExportError."""
        names = (f"{_DAMAGED}{number}" for number in itertools.count(1))
        aside = next(path for path in map(about.with_name, names) if not os.path.lexists(path))
        try:
            about.rename(aside)
        except OSError as error:
            raise ExportError(f"{about} is damaged and cannot be moved: {files.reason(error)}") from error
        self.tell(f"{about} was damaged: it is written anew, and the damaged one is kept as {aside.name}")

    def remove(self, shelved: Shelved) -> None:
        """Remove an article: langdu's own files, and the folder if nothing else is in it.

        Raises: ExportError: the folder cannot be written.
        """
        folder = self._folder(shelved.id)
        try:
            damaged = [path.name for path in folder.glob(f"{_DAMAGED}*")]
            for name in (shelved.file, ACCEPTED, _ABOUT, *damaged):
                (folder / name).unlink(missing_ok=True)
            with suppress(OSError):  # the user has put something of his own there
                folder.rmdir()
        except OSError as error:
            raise ExportError(f"{folder} cannot be removed: {files.reason(error)}") from error

    def _folder(self, article_id: str) -> Path:
        folder = self.folder / article_id if files.is_name(article_id) and article_id[0] != "." else None
        try:
            if folder is not None and not folder.is_symlink():
                return folder
        except OSError:  # the name is longer than a file's can be
            pass
        raise InputError("this is not the name of an article: open it from the shelf")

    def _new_id(self, wanted: str) -> str:
        """The name of a new folder, which is made at once: another room may have the same shelf.

        Raises: ExportError: it cannot be made.
        """
        for name in (wanted, *(f"{wanted}-{i}" for i in range(2, _MOST))):
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                (self.folder / name).mkdir()
            except FileExistsError:
                if self.folder.is_dir():
                    continue
                raise files.cannot_write(self.folder, "it is no folder") from None
            except OSError as error:
                raise files.cannot_write(self.folder, files.reason(error)) from error
            return name
        raise ExportError(f"{self.folder} has too many articles with the name {wanted}: remove some of them")


def _from_row(article_id: str, row: dict[str, Any]) -> Shelved:
    """What a shelf.json says. Raises: ValueError, KeyError, TypeError, AttributeError: langdu did not write it so."""
    found = Shelved(
        id=_words(article_id),
        title=_words(row["title"]),
        file=_words(row["file"]),
        opened=_words(row["opened"]),
        used=_words(row["used"]),
        characters=_count(row["characters"]),
        corrections=_count(row["corrections"]),
        paragraph=None if row.get("paragraph") is None else _count(row["paragraph"], -1),
        at=_count(row.get("at", 0)),
        progress=_share(row.get("progress", 0.0)),
        original=_words(row.get("original", "")),
    )
    if not _is_text(found.file):
        raise ValueError("it has no text")
    return found


def _words(value: object) -> str:
    if type(value) is not str:
        raise TypeError("this is no text")
    value.encode()  # half of a surrogate pair can be in no answer and no file
    return value


def _count(value: object, least: int = 0) -> int:
    if type(value) is not int or not least <= value <= _LARGEST:
        raise ValueError("this is no place in a text")
    return value


def _share(value: object) -> float:
    if type(value) not in {int, float} or not 0 <= value <= 1:  # type: ignore[operator]
        raise ValueError("this is no part of a text")
    return float(value)  # type: ignore[arg-type]


def _is_text(name: str) -> bool:
    return files.is_name(name) and name.endswith(_ENDINGS)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
