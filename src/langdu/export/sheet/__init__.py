"""A test sheet: the hanzi of an article with something to fill in, and the key on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from langdu.errors import ConfigError
from langdu.marks import HANZI
from langdu.model import SheetTask, Tone
from langdu.pinyin import spell, with_tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from langdu.model import Syllable

ENDINGS: Final = (".html", ".docx")
TASKS: Final = {
    SheetTask.PINYIN: "Write the pinyin above the hanzi, with tones.",
    SheetTask.TONES: "Put the tone marks on the pinyin. A neutral tone has none.",
    SheetTask.HANZI: "Write the hanzi under the pinyin.",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A hanzi with its syllable (an erhua has two hanzi), or text that is only shown; `asked`: it is filled in."""

    text: str
    syllable: Syllable | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The paragraphs of a sheet, the article's title first. `paragraphs` are rows of cells."""

    title: str
    language: str
    task: SheetTask
    paragraphs: Sequence[Sequence[Cell]]

    @property
    def name(self) -> str:
        """The title of the file, which must not tell what is asked."""
        return "Test" if self.task is SheetTask.HANZI else self.title

    @property
    def points(self) -> int:
        """How many cells are to be filled in."""
        return sum(cell.asked for paragraph in self.paragraphs for cell in paragraph)


def cells(text: str, syllables: Sequence[Syllable | None], asked: Sequence[bool]) -> Iterator[Cell]:
    """The cells of a paragraph. `syllables` and `asked` have an entry for each character of `text`.

    >>> from langdu.pinyin import parse_syllable
    >>> [cell.text for cell in cells("玩儿。", [parse_syllable("wánr"), None, None], [True] * 3)]
    ['玩儿', '。']
    """
    at = 0
    while at < len(text):
        syllable = syllables[at]
        end = at + 1 + (syllable is not None and syllable.erhua and text[at + 1 : at + 2] in ("儿", "兒"))
        if syllable is None:
            while end < len(text) and syllables[end] is None and not HANZI.match(text, end):
                end += 1
        yield Cell(text[at:end], syllable, syllable is not None and asked[at])
        at = end


def check_ending(path: Path) -> None:
    """Raises: ConfigError: no sheet ends like this."""
    if path.suffix.lower() not in ENDINGS:
        endings = " or ".join(ENDINGS)
        raise ConfigError(f"{path}: a sheet is a web page or a Word file; name a file that ends in {endings}")


def hint(cell: Cell, task: SheetTask) -> str:
    """What stands above the hanzi of a cell before it is filled in; "" for room to write."""
    if cell.syllable is None or (cell.asked and task is SheetTask.PINYIN):
        return ""
    if cell.asked and task is SheetTask.TONES:
        return spell(with_tone(cell.syllable, Tone.NEUTRAL))
    return spell(cell.syllable) if cell.asked else ""
