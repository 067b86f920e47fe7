"""Readings that a user keeps: a table of word, reading and optional context, in TSV that people can edit.

    # our town
    六安	Lù'ān
    乐	yuè	我乐乐
    Kindle	金豆

The third line is the reading of 乐 in 我乐乐 only; the last line has the hanzi that say an English word. If several
tables have a word, the nearest one wins: the table that a command names, the one beside the article, the one in the
user's configuration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from langdu import files, lexicon, pinyin
from langdu.errors import ConfigError, plural
from langdu.marks import HANZI
from langdu.model import Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from langdu.model import Syllable

NAME: Final = "lexicon.tsv"
# Every word of a large dictionary.
_LARGEST: Final = 1 << 24
_ENGLISH: Final = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*")
_HEAD: Final = "# word, tab, reading; and tab, context, if the reading holds only there\n"


@dataclass(frozen=True, slots=True)
class UserEntry:
    """One line of a table. `context` is a longer text with the word in it, or "" if the reading holds everywhere.

    An English word has no syllables; `said` are the hanzi that say it.
    """

    word: str
    syllables: tuple[Syllable, ...]
    context: str = ""
    said: str = ""

    def reading(self) -> str:
        """The second field of the line."""
        if all(syllable.tone is Tone.NEUTRAL for syllable in self.syllables):
            return self.said or pinyin.join_numbers(self.syllables)  # without a digit it would have no tone
        return pinyin.spell_word(self.syllables)

    def phrase(self) -> tuple[str, tuple[Syllable, ...]]:
        """The context, or the word if there is none, and its reading; the rest of the context is read as usual."""
        if not self.context:
            return self.word, self.syllables
        readings = [s for span in lexicon.split_words(self.context) for s in _default(span.of(self.context))]
        at = self.context.index(self.word)
        readings[at : at + len(self.word)] = pinyin.distribute(self.word, self.syllables) or ()
        return self.context, tuple(s for s in readings if s is not None)


def _default(word: str) -> list[Syllable | None]:
    known = lexicon.word_readings(word)
    said = pinyin.distribute(word, known[0]) if known else None
    return list(said) if said else [lexicon.default_reading(char) for char in word]


def user_table() -> Path:
    """The path of the table in the user's configuration, which need not exist."""
    return Path(platformdirs.user_config_dir("langdu", appauthor=False)) / NAME


def user_tables(source: str | None, chosen: Path | None) -> list[Path]:
    """The existing tables for an article, the nearest last. `chosen` is one that the user named."""
    found = [user_table()]
    if source is not None and source != "-" and "://" not in source:
        found.append(Path(source).parent / NAME)
    return [*(path for path in found if path.is_file()), *([chosen] if chosen else [])]


def own_words(source: str | None, chosen: Path | None) -> dict[str, tuple[Syllable, ...]]:
    """Each word of the user's tables, with its reading; `source` is the article's name, None for a line of text.

    Raises: ConfigError: a table cannot be read, or one of its lines is wrong.
    """
    return dict(
        entry.phrase() for table in user_tables(source, chosen) for entry in read_table(table) if not entry.said
    )


def own_english(source: str | None, chosen: Path | None) -> dict[str, str]:
    """Each English word of the user's tables, with the hanzi that say it.

    Raises: ConfigError: a table cannot be read, or one of its lines is wrong.
    """
    return {
        entry.word: entry.said for table in user_tables(source, chosen) for entry in read_table(table) if entry.said
    }


def read_table(path: Path) -> list[UserEntry]:
    """The entries of one table.

    Raises: ConfigError: it cannot be read, or a line is wrong or repeats a word.
    """
    return parse_table(table_text(path), str(path))


def table_text(path: Path) -> str:
    """The text of a table. Raises: ConfigError: it cannot be read."""
    try:
        return files.text(path, _LARGEST)
    except FileNotFoundError as error:
        raise ConfigError(f"there is no lexicon {path}; check its name, or begin one: langdu lexicon add") from error
    except OSError as error:
        raise ConfigError(f"the lexicon {path} cannot be read: {files.reason(error)}; name a table") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"the lexicon {path} is not UTF-8; save it as UTF-8") from error


def parse_table(table: str, name: str) -> list[UserEntry]:
    r"""The entries of a table; blank lines and lines that begin with # are skipped.

    Raises: ConfigError: a line is wrong or repeats a word; the message has `name` and the line's number.

    >>> [(e.word, pinyin.join_numbers(e.syllables)) for e in parse_table("# a\n六安\tLù'ān\n", "a.tsv")]
    [('六安', 'lu4 an1')]
    """
    entries: list[UserEntry] = []
    lines: dict[tuple[str, str], int] = {}
    for i, line in enumerate(table.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            new = user_entry(*(field.strip() for field in line.split("\t")))
        except (TypeError, ConfigError) as error:
            what = (
                str(error)
                if isinstance(error, ConfigError)
                else "write a word, a tab and its reading; and a tab and a context if the reading holds only there"
            )
            raise ConfigError(f"{name}:{i}: {what}") from error
        if (first := lines.setdefault((new.word, new.context), i)) != i:
            raise ConfigError(f"{name}:{i}: {new.word} stands twice: line {first} has it too; delete one")
        entries.append(new)
    return entries


def user_entry(word: str, reading: str, context: str = "") -> UserEntry:
    """One entry, made of its fields.

    Raises: ConfigError: the word is neither in hanzi nor in Latin letters, the reading is not pinyin with tones or has
    the wrong number of syllables, a Latin word is not given in hanzi, or the context does not hold the word.
    """
    if _ENGLISH.fullmatch(word):
        if context or not HANZI.fullmatch(reading):
            raise ConfigError(f"{word} is said with hanzi: instead of {reading!r}, write hanzi that sound like it")
        return UserEntry(word, (), said=reading)
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
        raise ConfigError(f"{word} has {len(word)} hanzi, {reading!r} {plural(len(ways[0]), 'syllable')}")
    return UserEntry(word, max(fitting, key=lambda way: _known(word, way)), context)


def _known(word: str, way: tuple[Syllable, ...]) -> int:
    """How many hanzi have the reading somewhere: fāngàn is fāng àn of 方案, and not fān gàn."""
    said = pinyin.distribute(word, way) or ()
    return sum(s in lexicon.readings(char) for char, s in zip(word, said, strict=True))


def with_entry(text: str, new: UserEntry) -> str:
    """A table with one more entry, which replaces an older one of the same word and context."""
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


def chosen_entry(entries: Iterable[UserEntry], word: str, context: str | None, name: str) -> UserEntry:
    """The entry of a word; `context` says which, if there are several. `name` is that of the table.

    Raises: ConfigError: there is none, or there are several and no context is given.
    """
    of_word = [entry for entry in entries if entry.word == word]
    fitting = [entry for entry in of_word if context is None or entry.context == context]
    if len(fitting) == 1:
        return fitting[0]
    if not of_word:
        raise ConfigError(f"{name} has no reading of {word}; see: langdu lexicon list")
    listed = ", ".join(f"{e.reading()} in {e.context}" if e.context else f"{e.reading()} elsewhere" for e in of_word)
    raise ConfigError(f"{name} has {word}: {listed}; say which with --context ('' means elsewhere)")


def without_entry(text: str, old: UserEntry) -> str:
    """A table without one of its entries; every other line stays as it is."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if line.startswith("#") or _place(line) != (old.word, old.context))


def _place(line: str) -> tuple[str, str]:
    fields = [field.strip() for field in line.split("\t")]
    return fields[0], fields[2] if len(fields) > 2 else ""


def table_lines(entries: Iterable[UserEntry]) -> list[str]:
    """Each entry as a line of a table."""
    return [f"{e.word}\t{e.reading()}\t{e.context}".rstrip("\t") for e in entries]
