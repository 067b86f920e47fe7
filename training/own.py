"""Our own labelled sentences (training/own/README.md), and which of them are held out from training."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).with_name("own")
_LABEL: Final = re.compile(r"\{(.)\|([a-zü]+[1-5])\}")
# One sentence in ten, chosen by its hash, is held out.
_TENTH: Final = 10


class LabelledSentence(NamedTuple):
    """A sentence or passage with its labels, (place, reading). The label of an erhua's 儿 is r5."""

    kind: str
    text: str
    labels: list[tuple[int, str]]

    @property
    def held_out(self) -> bool:
        """Whether the sentence is only for measuring, never for training."""
        return zlib.crc32(self.text.encode()) % _TENTH == 0


def parse_labels(line: str, kind: str) -> LabelledSentence:
    """Parse a line of our files.

    >>> parse_labels("{长|chang2}城", "places")
    LabelledSentence(kind='places', text='长城', labels=[(0, 'chang2')])
    """
    labels, text, at = [], "", 0
    for label in _LABEL.finditer(line):
        text += line[at : label.start()]
        labels.append((len(text), label[2]))
        text += label[1]
        at = label.end()
    return LabelledSentence(kind, text + line[at:], labels)


def sentences() -> Iterator[LabelledSentence]:
    """All sentences, file by file. The kind of a sentence is the name of its file."""
    for file in sorted(FOLDER.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield parse_labels(line, file.stem)
