"""Labels of places in other people's sentences where the network was unsure of itself (training/doubted.tsv).

The sentences are those of the training data and are not repeated here: a row names its sentence by a hash.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from own import LabelledSentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TABLE: Final = Path(__file__).with_name("doubted.tsv")
_KIND: Final = "doubted"


def key(text: str) -> str:
    """The hash that names a sentence: 12 hexadecimal digits of its BLAKE2b."""
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def among(texts: Iterable[str]) -> Iterator[LabelledSentence]:
    """The sentences among these that have labels in the table, each once."""
    labels: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        name, at, reading = line.split("\t")
        labels[name].append((int(at), reading))
    for text in texts:
        if found := labels.pop(key(text), None):
            yield LabelledSentence(_KIND, text, found)
