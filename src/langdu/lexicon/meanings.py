"""What words mean in English, and which of them are names: CC-CEDICT (CC BY-SA 4.0, data/meanings/notice.md).

`data/meanings/meanings.bin` is compiled when langdu is built (tools/build_meanings.py describes it).
"""

from __future__ import annotations

import lzma
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.errors import ConfigError
from langdu.lexicon import simplified
from langdu.model import Syllable, Tone
from langdu.pinyin import Letters, spell_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PATH: Final = Path(__file__).parents[1] / "data" / "meanings" / "meanings.bin"
# A word of the dictionary inside a meaning, with its reading: 镇[zhen4].
_QUOTED: Final = re.compile(r"\[([A-Za-zü:1-5 ,·]+)\]")

_SURNAME: Final = re.compile(r"^surname [A-Z]|\(surname\)$")
# How the dictionary explains a word by the same without 儿.
_ERHUA: Final = "erhua variant of"
# A meaning of a part that has more characters than this is left out if there is a shorter one.
_LONG: Final = 80


class Entry(NamedTuple):
    """One reading of a word with its meanings. `spelled` has the dictionary's capitals: `Bei3 jing1`."""

    spelled: str
    meanings: tuple[str, ...]

    @property
    def is_name(self) -> bool:
        """Whether the dictionary writes it with a capital: Beijing, but also Marxism and Monday."""
        return self.spelled[:1].isupper()


def entries(word: str) -> tuple[Entry, ...]:
    """The entries of a word; () if the dictionary does not have it.

    Raises: ConfigError: the dictionary is missing or damaged.

    >>> [entry.spelled for entry in entries("长城")], [entry.is_name for entry in entries("重庆")]
    (['Chang2 cheng2'], [True])
    """
    fields = _lines().get(simplified(word), "").split("\t")
    return tuple(
        Entry(spelled, tuple(meanings.split("/")))
        for spelled, meanings in zip(fields[0::2], fields[1::2], strict=False)
    )


def meanings(word: str, syllables: Sequence[Syllable]) -> tuple[str, ...]:
    """What a word means with this reading, or with any if none fits; () if the dictionary does not have it.

    That a word is a surname is told only if it is nothing else: 王 is a king.

    >>> meanings("长", [Syllable("zhang", Tone.LOW)])[0]
    'chief'
    """
    found = entries(word)
    fitting = [entry for entry in found if fits(entry, syllables)] or found
    ordered = sorted(fitting, key=lambda entry: entry.is_name)
    said = list(dict.fromkeys(_shown(said) for entry in ordered for said in entry.meanings))
    return tuple(meaning for meaning in said if not _SURNAME.search(meaning)) or tuple(said)


def explained(word: str, syllables: Sequence[Syllable]) -> tuple[str, ...]:
    """What a word means; of one that the dictionary lacks, what its parts mean; () if it lacks one of these too.

    >>> from langdu.pinyin import parse_syllable
    >>> explained("院儿", [parse_syllable("yuànr")])
    ('courtyard', 'institution')
    >>> explained("老先生", [parse_syllable(each) for each in ("lǎo", "xiān", "sheng")])
    ('老 old (of people); venerable (person)', '先生 teacher; gentleman; sir; mister (Mr.)')
    """
    found = meanings(word, syllables)
    if word[-1:] in ("儿", "兒") and len(word) > 1 and all(said.startswith(_ERHUA) for said in found):
        return explained(word[:-1], [replace(syllable, erhua=False) for syllable in syllables]) or found
    if found or len(word) != len(syllables):
        return found
    for at in range(1, len(word)):  # the longest word at the end: 老 + 先生
        front, back = word[:at], word[at:]
        last = meanings(back, syllables[at:])
        if last and (first := explained(front, syllables[:at])):
            return (*(first if not entries(front) else (_short(front, first),)), _short(back, last))
    return ()


def _short(word: str, said: Sequence[str]) -> str:
    return f"{word} {'; '.join([meaning for meaning in said if len(meaning) < _LONG][:2] or said[:1])}"


def fits(entry: Entry, syllables: Sequence[Syllable]) -> bool:
    """Whether an entry has this reading, apart from neutral tones, erhua and the sandhi of 一 and 不."""
    listed = [way for part in entry.spelled.split() if (way := _syllable(part))]
    whole = [syllable for syllable in listed if syllable.base != "r"]
    return len(whole) == len(syllables) and all(map(_alike, whole, syllables))


def _alike(one: Syllable, other: Syllable) -> bool:
    free = Tone.NEUTRAL in (one.tone, other.tone) or one.base in ("yi", "bu")
    return one.base == other.base and (one.tone is other.tone or free)


def _syllable(part: str) -> Syllable | None:
    base, tone = part[:-1].lower(), part[-1:]
    return Syllable(base, Tone(int(tone))) if tone in tuple("12345") else None


def _shown(said: str) -> str:
    """A meaning, with tone marks in the words that it quotes.

    >>> _shown("see 六安市[Lu4 an1 shi4]")
    "see 六安市[lù'ānshì]"
    """
    return _QUOTED.sub(lambda match: f"[{_marked(match[1])}]", said)


def _marked(written: str) -> str:
    letters = Letters.read(written)
    ways = letters.splits(1) if letters else []
    return spell_word(ways[0]) if ways else written


@cache
def _lines() -> Mapping[str, str]:
    """For each word, the rest of its line."""
    try:
        text = lzma.decompress(_PATH.read_bytes()).decode("utf-8")
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"there is no dictionary of meanings at {_PATH}; to compile it, run: pip install -e ."
        ) from error
    return dict(line.split("\t", 1) for line in text.splitlines())
