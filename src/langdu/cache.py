"""Keeps spoken clips: after an edit only what changed is spoken again, and a killed run can continue.

A clip's key is the hash of everything that makes its sound, so clips never become stale. The cache is limited in size,
and drops the least recently used clips first. Several processes may use one cache.

Each clip is a file named by a hash: there is no database that can break, no name that leads out of the folder, and
nothing that would run code when it is read.
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
# Bytes: about six hours of sound.
LIMIT = 1 << 30
# When the cache is full, it is reduced to this share of LIMIT.
_KEPT_SHARE: Final = 0.9
# The largest clip in bytes: a quarter of an hour.
_LARGEST: Final = 1 << 26
_DIGEST = 32  # bytes of SHA-256
_ENDING: Final = ".clip"
_NAME: Final = re.compile(rf"[0-9a-f]{{64}}{re.escape(_ENDING)}")
# Where older versions of langdu kept clips.
_DATABASE: Final = ("cache.db-wal", "cache.db-shm", "cache.db")
_PAIR: Final = "[0-9a-f][0-9a-f]"


def key(maker: str, rate: float, utterance: Utterance) -> str:
    """The key of a clip; `maker` identifies the voice and the exact program and files that speak it.

    The pause after the utterance is not in the clip, and the origin of a reading is not heard: neither is in the key.
    """
    heard = [r and number(r.surface) for r in utterance.readings]
    corrected = [astuple(correction) for correction in utterance.corrections]
    parts = [maker, rate * utterance.pace, utterance.text, utterance.written, heard, utterance.breaks, *corrected]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


class ClipCache:
    """A folder of clips that nobody else can write to.

    If it cannot be used, `notice` is called once; after that nothing is stored or found.
    """

    def __init__(self, folder: Path, notice: Callable[[str], None]) -> None:
        self._folder = folder
        self._notice = notice
        self._usable = True
        self._room: int | None = None  # bytes that still fit, as far as this process knows
        with self._attempt():
            _discard_old(folder, notice)
            files.private(folder)

    def get(self, name: str) -> Clip | None:
        """The clip of this name, or None. A damaged clip is removed."""
        clip, path = None, self._path(name)
        if self._usable and os.path.lexists(path):
            with self._attempt(), suppress(FileNotFoundError):  # another process has just removed it
                clip = _read(path)
                if clip is None:
                    _drop(path)
                else:
                    os.utime(path)  # marks it as recently used
        return clip

    def __contains__(self, name: str) -> bool:
        """Whether there is a clip of this name; `get` may still find it damaged."""
        return self._usable and os.path.lexists(self._path(name))

    def put(self, name: str, clip: Clip) -> None:
        """Store a clip.

        It is written in place: if the run is killed meanwhile, the hash shows the damage, and the clip is spoken again.
        """
        if self._usable:
            with self._attempt(), suppress(FileExistsError):  # another process has spoken the same
                packed = _pack(clip)
                self._make_room(len(packed))
                with self._path(name).open("xb") as file:
                    file.write(packed)

    def describe(self) -> tuple[int, int]:
        """How many clips there are, and how many bytes they take."""
        clips = self._kept()
        return len(clips), sum(size for _, size, _ in clips)

    def clear(self) -> int:
        """Remove every clip; returns how many there were."""
        clips = self._kept()
        with self._attempt():
            for _, _, path in clips:
                _drop(path)
        return len(clips)

    def _path(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()}{_ENDING}"

    def _kept(self) -> list[tuple[float, int, Path]]:
        """Each clip's last use, size and path. Other files in the folder are ignored."""
        kept = []
        if self._usable:
            with self._attempt():
                for path in self._folder.iterdir():
                    with suppress(FileNotFoundError):  # another process has just removed it
                        if _NAME.fullmatch(path.name):
                            status = path.lstat()
                            kept.append((status.st_mtime, status.st_size, path))
        return kept

    def _make_room(self, size: int) -> None:
        """Remove the least recently used clips until there is room for one of `size` bytes.

        Other processes may add or remove clips, so a process that has no room left counts again.
        """
        if self._room is None or self._room < size:
            clips = sorted(self._kept())
            left = sum(clip_size for _, clip_size, _ in clips)
            wanted = LIMIT if left + size <= LIMIT else _KEPT_SHARE * LIMIT
            for _, clip_size, path in clips:
                if left + size <= wanted:
                    break
                _drop(path)
                left -= clip_size
            self._room = LIMIT - left
        self._room -= size

    @contextmanager
    def _attempt(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._usable = False
            reason = files.reason(error)
            self._notice(
                f"clips cannot be stored in {self._folder} ({reason}), so every sentence is spoken again; "
                f"{files.write_advice(reason)} (LANGDU_CACHE_DIR names it)"
            )


def _discard_old(folder: Path, notice: Callable[[str], None]) -> None:
    """Empty this user's folder of clips from an older langdu: a database, and files beside it.

    Reading some of those could run code, and other users could write there, so nothing in it is trusted.

    Raises: OSError: something cannot be removed.
    """
    databases = [folder / name for name in _DATABASE if (folder / name).is_file()]
    if not databases or not files.is_ours(folder):
        return
    notice(f"the clips in {folder} are from an older langdu and are removed")
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
    for path in databases:  # last, so that the next run continues if this one is killed here
        path.unlink()


def _drop(path: Path) -> None:
    # Another process has just removed it, or is reading it, which prevents deletion on Windows.
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
    """A clip for each utterance, in order: from the cache, or newly spoken and then stored.

    `speak` gets the utterances whose clips are missing, a little ahead of the consumer. In place of the others it gets
    None and yields None, so that it does not run ahead through a book that is fully cached. It reports each clip when
    it is done.
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
        # The stored clip may be damaged, or another process may have removed it to make room.
        yield from filter(None, speak([utterance], keep)) if clip is None else [clip]


def _pack(clip: Clip) -> bytes:
    """Hash, a line of JSON, sound: nothing that would run code when it is read."""
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
    except (ValueError, TypeError, OverflowError):  # undamaged, but not written by langdu
        return None
