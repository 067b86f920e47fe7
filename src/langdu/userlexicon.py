"""Readings that a user keeps: a table of word, reading and optional context, in TSV that people can edit.

    # our town
    六安	Lù'ān
    乐	yuè	我乐乐
    Kindle	金豆

The third line says how 乐 is read in 我乐乐, the last with which hanzi an English word is said. Of several tables the
nearest wins: the one that a command names, the one beside the article, the one in the user's configuration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from langdu import files, lexicon, pinyin
from langdu.errors import ConfigError
from langdu.marks import HANZI

if TYPE_CHECKING:
    from collections.abc import Iterable

    from langdu.model import Syllable

NAME: Final = "lexicon.tsv"
# Every word of a large dictionary.
_LARGEST: Final = 1 << 24
_ENGLISH: Final = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*")
_HEAD: Final = "# word, reading and, where it holds only there, context; with tabs between them\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a table. `context` holds the word; "" where the reading holds everywhere.

    An English word has no syllables but hanzi: `said`.
    """

    word: str
    syllables: tuple[Syllable, ...]
    context: str = ""
    said: str = ""

    def reading(self) -> str:
        """The second field of the line."""
        return self.said or pinyin.spell_word(self.syllables)

    def phrase(self) -> tuple[str, tuple[Syllable, ...]]:
        """The text that the entry is about and its whole reading: what the context adds is read as usual."""
        if not self.context:
            return self.word, self.syllables
        readings = [s for span in lexicon.split_words(self.context) for s in _usual(span.of(self.context))]
        at = self.context.index(self.word)
        readings[at : at + len(self.word)] = pinyin.distribute(self.word, self.syllables) or ()
        return self.context, tuple(s for s in readings if s is not None)


def _usual(word: str) -> list[Syllable | None]:
    known = lexicon.word_readings(word)
    said = pinyin.distribute(word, known[0]) if known else None
    return list(said) if said else [lexicon.default_reading(char) for char in word]


def user_table() -> Path:
    """The table in the user's configuration, whether it is there or not."""
    return Path(platformdirs.user_config_dir("langdu", appauthor=False)) / NAME


def tables(source: str | None, chosen: Path | None) -> list[Path]:
    """The tables that there are for an article, the nearest last; `chosen` is what the user has named."""
    found = [user_table()]
    if source is not None and source != "-" and "://" not in source:
        found.append(Path(source).parent / NAME)
    return [*(path for path in found if path.is_file()), *([chosen] if chosen else [])]


def own_words(source: str | None, chosen: Path | None) -> dict[str, tuple[Syllable, ...]]:
    """Each word of the user's tables with its reading; `source` is the article's name, None for a line of text.

    Raises: ConfigError: a table cannot be read, or a line of it makes no sense.
    """
    return dict(entry.phrase() for table in tables(source, chosen) for entry in read(table) if not entry.said)


def own_english(source: str | None, chosen: Path | None) -> dict[str, str]:
    """Each English word of the user's tables with the hanzi that say it.

    Raises: ConfigError: a table cannot be read, or a line of it makes no sense.
    """
    return {entry.word: entry.said for table in tables(source, chosen) for entry in read(table) if entry.said}


def read(path: Path) -> list[Entry]:
    """The entries of one table.

    Raises: ConfigError: it cannot be read; or, with its line: what is no entry, or is said twice.
    """
    return parse(text(path), str(path))


def text(path: Path) -> str:
    """What stands in a table. Raises: ConfigError: it cannot be read."""
    try:
        return files.text(path, _LARGEST)
    except OSError as error:
        raise ConfigError(f"the lexicon {path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"the lexicon {path} is not UTF-8; save it as UTF-8") from error


def parse(table: str, name: str) -> list[Entry]:
    r"""The entries of a table; lines that are blank or begin with # say nothing.

    Raises: ConfigError: with `name` and line: what is no entry, or is said twice.

    >>> [(e.word, pinyin.join_numbers(e.syllables)) for e in parse("# a\n六安\tLù'ān\n", "a.tsv")]
    [('六安', 'lu4 an1')]
    """
    entries: list[Entry] = []
    lines: dict[tuple[str, str], int] = {}
    for i, line in enumerate(table.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            made = entry(*(field.strip() for field in line.split("\t")))
        except (TypeError, ConfigError) as error:
            what = (
                str(error) if isinstance(error, ConfigError) else "wanted: word, tab, reading, and maybe tab, context"
            )
            raise ConfigError(f"{name}:{i}: {what}") from error
        if (first := lines.setdefault((made.word, made.context), i)) != i:
            raise ConfigError(f"{name}:{i}: {made.word} is said twice: line {first} has it too; delete one")
        entries.append(made)
    return entries


def entry(word: str, reading: str, context: str = "") -> Entry:
    """One entry out of its fields.

    Raises: ConfigError: the word is neither in hanzi nor in Latin letters, the reading is no pinyin with tones or has
    the wrong number of syllables, a Latin word is not given in hanzi, or the context does not hold the word.
    """
    if _ENGLISH.fullmatch(word):
        if context or not HANZI.fullmatch(reading):
            raise ConfigError(f"{word} is said with hanzi: write {word}, a tab, and the hanzi that sound like it")
        return Entry(word, (), said=reading)
    if not HANZI.fullmatch(word):
        raise ConfigError(f"{word!r} is not a word in hanzi, nor one in Latin letters")
    if context and (word not in context or not HANZI.fullmatch(context)):
        raise ConfigError(f"the context {context!r} must be hanzi in which {word} stands")
    letters = pinyin.Letters.read(reading)
    ways = letters.splits() if letters else []
    if letters is None or not ways:
        raise ConfigError(f"{reading!r} is not pinyin: write {word}, a tab, and its syllables with tones")
    if not letters.toned:
        raise ConfigError(f"{reading!r} has no tones: write marks or digits, 5 for a neutral tone")
    fitting = [way for way in ways if pinyin.distribute(word, way)]
    if not fitting:
        raise ConfigError(f"{word} has {len(word)} hanzi, {reading!r} {len(ways[0])} syllables")
    return Entry(word, max(fitting, key=lambda way: _known(word, way)), context)


def _known(word: str, way: tuple[Syllable, ...]) -> int:
    """How many hanzi have the reading somewhere: fāngàn is fāng àn of 方案, and not fān gàn."""
    said = pinyin.distribute(word, way) or ()
    return sum(s in lexicon.readings(char) for char, s in zip(word, said, strict=True))


def with_entry(text: str, new: Entry) -> str:
    """A table with one more entry, in place of an older one of the same word and context; the rest as it is."""
    fields = (new.word, new.reading(), new.context)
    line = "\t".join(field for field in fields if field)
    kept, replaced = [], False
    for old in (text or _HEAD).splitlines():
        same = not old.startswith("#") and _place(old) == (new.word, new.context)
        if not same:
            kept.append(old)
        elif not replaced:
            kept.append(line)
            replaced = True
    return "\n".join(kept if replaced else [*kept, line]) + "\n"


def _place(line: str) -> tuple[str, str]:
    fields = [field.strip() for field in line.split("\t")]
    return fields[0], fields[2] if len(fields) > 2 else ""


def shown(entries: Iterable[Entry]) -> list[str]:
    """Each entry as a line of a table."""
    return [f"{e.word}\t{e.reading()}\t{e.context}".rstrip("\t") for e in entries]
