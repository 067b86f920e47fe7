"""Clips that were spoken before: after an edit only what changed is spoken again, and a killed run goes on.

A clip is kept under the hash of everything that makes its sound, so nothing ever has to be declared stale. What is
kept is bounded; what was not used for longest goes first. Several processes may use one cache.

Each clip is a file, and its name is a hash: no database that can break, no name that leads out of the folder, and
nothing that would run when it is read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import astuple
from typing import TYPE_CHECKING, Final

from langdu import files
from langdu.model import Clip, Mark
from langdu.pinyin import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from langdu.model import Utterance

CLIPS = "clips"  # the folder's name in the cache directory
# About six hours of sound; so much of it stays when room is made.
LIMIT = 1 << 30
_STAYS: Final = 0.9
# No clip is larger: a quarter of an hour.
_LARGEST: Final = 1 << 26
_DIGEST = 32  # bytes of SHA-256
_ENDING: Final = ".clip"
_NAME: Final = re.compile(rf"[0-9a-f]{{64}}{re.escape(_ENDING)}")
# What langdu kept clips in before.
_DATABASE: Final = ("cache.db-wal", "cache.db-shm", "cache.db")
_PAIR: Final = "[0-9a-f][0-9a-f]"


def key(maker: str, rate: float, utterance: Utterance) -> str:
    """What a clip is kept under; `maker` names the voice and the exact program and files that speak it.

    The pause after an utterance is not in its clip, and what a reading came from is not heard.
    """
    heard = [r and number(r.surface) for r in utterance.readings]
    corrected = [astuple(correction) for correction in utterance.corrections]
    asked = [maker, rate * utterance.pace, utterance.text, utterance.written, heard, utterance.breaks, *corrected]
    described = json.dumps(asked, ensure_ascii=False)
    return hashlib.sha256(described.encode()).hexdigest()


class ClipCache:
    """A folder of clips, which nobody else can write.

    If it cannot be used (any more), `notice` is told once, and nothing is kept or found.
    """

    def __init__(self, folder: Path, notice: Callable[[str], None]) -> None:
        self._folder = folder
        self._notice = notice
        self._usable = True
        self._room: int | None = None  # how many bytes still fit, as far as this process knows
        with self._attempt():
            _discard_old(folder, notice)
            files.private(folder)

    def get(self, name: str) -> Clip | None:
        """The clip kept under this name; None if there is none, or a damaged one, which is then dropped."""
        clip, path = None, self._path(name)
        if self._usable and os.path.lexists(path):
            with self._attempt(), suppress(FileNotFoundError):  # another process has just dropped it
                clip = _read(path)
                if clip is None:
                    _drop(path)
                else:
                    os.utime(path)  # it was used: others go before it
        return clip

    def __contains__(self, name: str) -> bool:
        """Whether a clip is kept under this name; `get` may still find it damaged."""
        return self._usable and os.path.lexists(self._path(name))

    def put(self, name: str, clip: Clip) -> None:
        """Keep a clip.

        It is written in its place: half of one, of a run that was killed, is known by its hash, and spoken again.
        """
        if self._usable:
            with self._attempt(), suppress(FileExistsError):  # another process has said the same
                packed = _pack(clip)
                self._make_room(len(packed))
                with self._path(name).open("xb") as file:
                    file.write(packed)

    def describe(self) -> tuple[int, int]:
        """How many clips there are, and how many bytes they take."""
        found = self._kept()
        return len(found), sum(size for _, size, _ in found)

    def clear(self) -> int:
        """Drop every clip, and say how many there were."""
        found = self._kept()
        with self._attempt():
            for _, _, path in found:
                _drop(path)
        return len(found)

    def _path(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()}{_ENDING}"

    def _kept(self) -> list[tuple[float, int, Path]]:
        """When each clip was used last, its size, its path. Whatever else is in the folder is let alone."""
        kept = []
        if self._usable:
            with self._attempt():
                for path in self._folder.iterdir():
                    with suppress(FileNotFoundError):  # another process has just dropped it
                        if _NAME.fullmatch(path.name):
                            found = path.lstat()
                            kept.append((found.st_mtime, found.st_size, path))
        return kept

    def _make_room(self, size: int) -> None:
        """Drop what was not used for longest, until there is room for one more.

        Others may be writing too, so a process that thinks that it has no room left looks again.
        """
        if self._room is None or self._room < size:
            found = sorted(self._kept())
            left = sum(each for _, each, _ in found)
            wanted = LIMIT if left + size <= LIMIT else _STAYS * LIMIT
            for _, each, path in found:
                if left + size <= wanted:
                    break
                _drop(path)
                left -= each
            self._room = LIMIT - left
        self._room -= size

    @contextmanager
    def _attempt(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._usable = False
            self._notice(
                f"clips cannot be kept in {self._folder} ({error.strerror or error}), so all is spoken anew; mend "
                "that, free some space, or choose another folder with LANGDU_CACHE_DIR"
            )


def _discard_old(folder: Path, notice: Callable[[str], None]) -> None:
    """Empty a folder of this user's in which langdu kept clips before: in a database, and a file each beside it.

    Some of that would run when it is read. And others could write there, so nothing in it is believed any more.

    Raises: OSError: something cannot be removed.
    """
    databases = [folder / name for name in _DATABASE if (folder / name).is_file()]
    if not databases or not files.is_ours(folder):
        return
    notice(f"the clips in {folder} are of an older langdu: they are dropped")
    for outer in folder.glob(_PAIR):
        for inner in () if outer.is_symlink() else outer.glob(_PAIR):
            for path in () if inner.is_symlink() else inner.glob("*.val"):
                path.unlink()
            _remove_empty(inner)
        _remove_empty(outer)
    for path in folder.iterdir():
        if _NAME.fullmatch(path.name):
            path.unlink()
    folder.chmod(0o700)
    for path in databases:  # last, so that a run that is killed here is followed by one that goes on
        path.unlink()


def _drop(path: Path) -> None:
    # Another process has just dropped it; or is reading it, where Windows lets nobody delete it.
    with suppress(FileNotFoundError, PermissionError):
        path.unlink()


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):  # something else is in it, or it is a link
        folder.rmdir()


def through(
    cache: ClipCache,
    name_of: Callable[[Utterance], str],
    speak: Callable[[Iterable[Utterance | None], Callable[[Utterance, Clip], None]], Iterator[Clip | None]],
    utterances: Iterable[Utterance],
) -> Iterator[Clip]:
    """A clip for each utterance, in order: the one that is kept under its name, or a new one, which is then kept.

    `speak` gets the utterances whose clips are missing, some of them ahead of what was asked for, and None in the
    place of each of the others, for which it gives None: so a book of which all is kept is not read ahead either. It
    tells of each clip when it is made.
    """
    waiting: deque[Utterance] = deque()

    def keep(utterance: Utterance, clip: Clip) -> None:
        cache.put(name_of(utterance), clip)

    def missing() -> Iterator[Utterance | None]:
        for utterance in utterances:
            waiting.append(utterance)
            yield None if name_of(utterance) in cache else utterance

    for spoken in speak(missing(), keep):
        utterance = waiting.popleft()
        clip = cache.get(name_of(utterance)) if spoken is None else spoken
        # What was kept may be damaged, or another process may have made room for its own clips in the meantime.
        yield from filter(None, speak([utterance], keep)) if clip is None else [clip]


def _pack(clip: Clip) -> bytes:
    """Its hash, a line of JSON, its sound: nothing that would run when it is read."""
    marks = [(mark.index, mark.start, mark.end) for mark in clip.marks]
    body = json.dumps([clip.sample_rate, marks]).encode() + b"\n" + clip.pcm
    return hashlib.sha256(body).digest() + body


def _read(path: Path) -> Clip | None:
    """The clip in a file; None if it is damaged. Raises: FileNotFoundError."""
    try:
        return _unpack(files.read(path, _LARGEST))
    except FileNotFoundError:
        raise
    except OSError:
        return None


def _unpack(kept: bytes) -> Clip | None:
    if hashlib.sha256(kept[_DIGEST:]).digest() != kept[:_DIGEST]:
        return None
    head, _, pcm = kept[_DIGEST:].partition(b"\n")
    try:
        sample_rate, marks = files.from_json(head.decode())
        return Clip(pcm, int(sample_rate), tuple(Mark(*map(int, mark)) for mark in marks))
    except (ValueError, TypeError, OverflowError):  # it is whole, and we never packed it
        return None
