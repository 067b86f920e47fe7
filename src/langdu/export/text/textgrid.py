"""Tracks → TextGrid, the annotation that Praat shows under a sound.

Source: Praat's manual, "TextGrid file formats": the long form; intervals touch and cover the whole; a double quote
inside a text is doubled.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, TextIO

from langdu.export.view.words import sentences, words
from langdu.files import atomic
from langdu.pinyin import spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from langdu.export.programme import Programme
    from langdu.export.view.words import Word
    from langdu.model import Track

TIERS: Final = ("paragraphs", "sentences", "words", "characters", "pinyin")


def write(path: Path, programme: Programme) -> None:
    """Write five tiers: paragraphs, sentences and words as written, characters as they are said, and their pinyin.

    Silence is an empty interval. Raises: ExportError: the file cannot be written.
    """
    rate = programme.sample_rate
    with atomic(path) as partial, ExitStack() as stack:
        # A tier begins with its number of intervals, so each tier is first written to a temporary file.
        tiers = [_Tier(stack.enter_context(_beside(partial)), rate) for _ in TIERS]
        for track in programme.tracks():
            for tier, intervals in zip(tiers, _intervals(track), strict=True):
                for start, end, text in intervals:
                    tier.add(start, end, text)
        whole = f"xmin = 0\nxmax = {programme.samples / rate}\n"
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(f'File type = "ooTextFile"\nObject class = "TextGrid"\n\n{whole}')
            file.write(f"tiers? <exists>\nsize = {len(tiers)}\nitem []:\n")
            for number, (name, tier) in enumerate(zip(TIERS, tiers, strict=True), 1):
                tier.silent_until(programme.samples)
                file.write(f'item [{number}]:\nclass = "IntervalTier"\nname = "{name}"\n{whole}')
                file.write(f"intervals: size = {tier.size}\n")
                tier.copy_to(file)


def _beside(partial: Path) -> TextIO:
    return tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", dir=partial.parent)


class _Tier:
    """Takes intervals in order and fills the gaps between them."""

    def __init__(self, file: TextIO, rate: int) -> None:
        self._file, self._rate = file, rate
        self.size = self._end = 0

    def add(self, start: int, end: int, text: str) -> None:
        """Add the next interval, in samples."""
        self.silent_until(start)
        self._write(end, text)

    def silent_until(self, end: int) -> None:
        """Fill the gap from the last interval to `end`, if there is one."""
        if end > self._end:
            self._write(end, "")

    def _write(self, end: int, text: str) -> None:
        self.size += 1
        quoted = text.replace('"', '""')
        times = f"xmin = {self._end / self._rate}\nxmax = {end / self._rate}\n"
        self._file.write(f'intervals [{self.size}]:\n{times}text = "{quoted}"\n')
        self._end = end

    def copy_to(self, file: TextIO) -> None:
        """Copy all intervals."""
        self._file.seek(0)
        shutil.copyfileobj(self._file, file)


def _intervals(track: Track) -> Iterator[Iterator[tuple[int, int, str]]]:
    """A paragraph's intervals, tier by tier."""
    paragraph = track.paragraph.text if track.end > track.start else ""
    yield iter([(track.start, track.end, paragraph)] if paragraph else [])
    yield _of_words(sentences(track))
    yield _of_words([[word] for word in words(track)])
    yield ((t.start, t.end, t.text) for t in track.timings)
    yield ((t.start, t.end, spell(t.reading.citation) if t.reading else "") for t in track.timings)


def _of_words(groups: Sequence[Sequence[Word]]) -> Iterator[tuple[int, int, str]]:
    for group in groups:
        times = [(word.start, word.end) for word in group if word.start is not None and word.end is not None]
        if times:
            yield times[0][0], times[-1][1], "".join(word.text for word in group)
