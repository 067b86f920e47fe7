"""Clips that were spoken before: after an edit only what changed is spoken again, and a killed run goes on.

A clip is kept under the hash of everything that makes its sound, so nothing ever has to be declared stale. What is
kept is bounded; what was not used for longest goes first. Several processes may use one cache.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import deque
from contextlib import contextmanager
from dataclasses import astuple
from typing import TYPE_CHECKING

import diskcache

from langdu.model import Clip, Mark
from langdu.pinyin import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from langdu.model import Utterance

CLIPS = "clips"  # the folder's name in the cache directory
# About six hours of sound.
LIMIT = 1 << 30
_DIGEST = 32  # bytes of SHA-256


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
    """A folder of clips. If it cannot be used (any more), `notice` is told once, and nothing is kept or found."""

    def __init__(self, folder: Path, notice: Callable[[str], None]) -> None:
        self._folder = folder
        self._notice = notice
        self._clips: diskcache.Cache | None = None
        with self._attempt():
            self._clips = diskcache.Cache(str(folder), size_limit=LIMIT, eviction_policy="least-recently-used")

    def get(self, name: str) -> Clip | None:
        """The clip kept under this name; None if there is none, or a damaged one, which is then dropped."""
        clip = None
        if self._clips is not None:
            with self._attempt():
                kept = self._clips.get(name)
                clip = _unpack(kept)
                if kept is not None and clip is None:
                    self._clips.delete(name)
        return clip

    def __contains__(self, name: str) -> bool:
        """Whether a clip is kept under this name; `get` may still find it damaged."""
        found = False
        if self._clips is not None:
            with self._attempt():
                found = name in self._clips
        return found

    def put(self, name: str, clip: Clip) -> None:
        """Keep a clip."""
        if self._clips is not None:
            with self._attempt():
                self._clips.set(name, _pack(clip))

    def describe(self) -> tuple[int, int]:
        """How many clips there are, and how many bytes they take."""
        count = size = 0
        if self._clips is not None:
            with self._attempt():
                count, size = len(self._clips), int(self._clips.volume())
        return count, size

    def clear(self) -> int:
        """Drop every clip, and say how many there were."""
        dropped = 0
        if self._clips is not None:
            with self._attempt():
                dropped = int(self._clips.clear())
        return dropped

    def close(self) -> None:
        """Let the folder go."""
        if self._clips is not None:
            self._clips.close()

    @contextmanager
    def _attempt(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, diskcache.Timeout) as error:
            self._clips = None
            self._notice(
                f"clips cannot be kept in {self._folder} ({error}), so all is spoken anew; free some space, or choose "
                "another folder with LANGDU_CACHE_DIR"
            )


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


def _unpack(kept: object) -> Clip | None:
    if not isinstance(kept, bytes) or hashlib.sha256(kept[_DIGEST:]).digest() != kept[:_DIGEST]:
        return None
    head, _, pcm = kept[_DIGEST:].partition(b"\n")
    sample_rate, marks = json.loads(head)
    return Clip(pcm, sample_rate, tuple(Mark(*mark) for mark in marks))
