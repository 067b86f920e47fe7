"""Our own labelled sentences (training/own/README.md), and which of them are never trained on."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).with_name("own")
_LABEL: Final = re.compile(r"\{(.)\|([a-zü]+[1-5])\}")
# One sentence in ten, by its hash, is our own test.
_TENTH: Final = 10


class Labelled(NamedTuple):
    """A sentence or passage, and its labels: (place, reading); the reading of an erhua's 儿 is r5."""

    kind: str
    text: str
    labels: list[tuple[int, str]]

    @property
    def held_out(self) -> bool:
        """Whether it is only for measuring."""
        return held_out(self.text)


def held_out(text: str) -> bool:
    """Whether a sentence is in the tenth that is never trained on."""
    return zlib.crc32(text.encode()) % _TENTH == 0


def read(line: str, kind: str) -> Labelled:
    """A line of our files.

    >>> read("{长|chang2}城", "places")
    Labelled(kind='places', text='长城', labels=[(0, 'chang2')])
    """
    labels, text, at = [], "", 0
    for found in _LABEL.finditer(line):
        text += line[at : found.start()]
        labels.append((len(text), found[2]))
        text += found[1]
        at = found.end()
    return Labelled(kind, text + line[at:], labels)


def sentences() -> Iterator[Labelled]:
    """All of them, file by file; the name of its file is a sentence's kind."""
    for file in sorted(FOLDER.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield read(line, file.stem)
