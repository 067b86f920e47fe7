"""English words as the phonemes that Kokoro learned.

Its English was spelled by misaki: IPA, but A for eɪ, I for aɪ, W for aʊ, Y for ɔɪ, O for oʊ, ʤ and ʧ, ᵊ before l and n,
ɾ for an American t. Stress is written before the vowel. The dictionary is misaki's own, with the names of
the CMU Pronouncing Dictionary (data/english/). To the Mandarin speakers a p is what pinyin calls b, so what English
aspirates is marked with the ʰ of their Mandarin: YouTube was heard as nothing before that, COVID as govich.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from bisect import bisect_left
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.data import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

# As in misaki's dictionary, aspirated.
_NAMES: Final = {
    "A": "ˈA",
    "B": "bˈi",
    "C": "sˈi",
    "D": "dˈi",
    "E": "ˈi",
    "F": "ˈɛf",
    "G": "ʤˈi",
    "H": "ˈAʧ",
    "I": "ˈI",
    "J": "ʤˈA",
    "K": "kʰˈA",
    "L": "ˈɛl",
    "M": "ˈɛm",
    "N": "ˈɛn",
    "O": "ˈO",
    "P": "pʰˈi",
    "Q": "kʰjˈu",
    "R": "ˈɑɹ",
    "S": "ˈɛs",
    "T": "tʰˈi",
    "U": "jˈu",
    "V": "vˈi",
    "W": "dˈʌbᵊlju",
    "X": "ˈɛks",
    "Y": "wˈI",
    "Z": "zˈi",
}
# i Phone | Chat GPT | Bio N Tech
_HUMP: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PLURAL: Final = re.compile(r"([A-Z]{2,})'?s")
# An abbreviation of fewer letters is said letter by letter, even if it looks like a word (IT, US, LED).
_ACRONYM: Final = 4
# Unknown words of fewer letters are abbreviations.
_WORD: Final = 4
# The least letters of a compound that no table has (smartwatch), and of its halves.
_COMPOUND: Final = 8
_HALF: Final = 4
_ASPIRATED: Final = re.compile(r"(?<!s)[ptkʧ](?=[ɹljw]?[ˈˌ])|^[ptkʧ]")
# The small words before another word, and before one that begins with a vowel.
_WEAK: Final = {"a": ("ɐ", "ɐ"), "an": ("ɐn", "ɐn"), "the": ("ðə", "ði"), "to": ("tə", "tʊ")}
_VOWELS: Final = frozenset("AIOWYaiuæɑɐɔəɛɜɪʊʌᵻ")


class Piece(NamedTuple):
    """Some letters and their phonemes. The pieces of a word are its parts, or letters that are said by their names."""

    letters: str
    phonemes: str


def phrase(words: Sequence[str]) -> tuple[tuple[Piece, ...], ...]:
    """Each word in pieces; an unknown word letter by letter, and a small word weakly before another one.

    >>> ["".join(piece.phonemes for piece in word) for word in phrase(["the", "Zxqwv", "of", "New", "York"])]
    ['ðə', 'zˌiˌɛkskʰjˌudˌʌbᵊljuvˈi', 'ʌv', 'nˈu', 'jˈɔɹk']
    """
    found = [pieces(word) or spelled(word) for word in words]
    for i, word in enumerate(words[:-1]):
        weak = _WEAK.get(word.lower() if len(word) > 1 else word)
        if weak and found[i + 1]:
            follows = found[i + 1][0].phonemes.lstrip("ˈˌ")
            found[i] = (Piece(word, weak[follows[0] in _VOWELS]),)
    return tuple(found)


def phonemes(word: str) -> str | None:
    """The phonemes of a word, a name, an abbreviation or a letter; None for a word that no table has.

    >>> [phonemes(word) for word in ("iPhone", "ChatGPT", "GDP", "NASA", "e-mail", "Tesla's", "Zxqwv")]
    ['ˈIfˌOn', 'ʧʰˌætʤˌipʰˌitʰˈi', 'ʤˌidˌipʰˈi', 'nˈæsə', 'ˈimˌAl', 'tʰˈɛsləz', None]
    """
    return "".join(piece.phonemes for piece in pieces(word)) or None


@lru_cache(maxsize=1_000)
def pieces(word: str) -> tuple[Piece, ...]:
    """The word in pieces, in order, with all its letters; () if no table has it.

    >>> pieces("OpenAI")
    (Piece(letters='Open', phonemes='ˌOpᵊn'), Piece(letters='A', phonemes='ˌA'), Piece(letters='I', phonemes='ˈI'))
    """
    plain = _plain(word)
    plural = _PLURAL.fullmatch(plain)
    if plural:
        return (*pieces(plural[1]), Piece("s", "z"))
    whole = _whole(plain)
    if whole:
        return (Piece(_letters(plain), whole),)
    if "-" in plain:
        return _separate(plain.split("-"))
    humps = _HUMP.findall(plain)
    if len(humps) > 1:
        return _joined([_hump(hump) for hump in humps]) or pieces(plain.lower())
    if plain.isupper() or len(plain) < _WORD:
        return spelled(plain)
    return _joined([pieces(half) for half in _halves(plain)])


def _hump(part: str) -> tuple[Piece, ...]:
    """A part of a word with capitals inside: a word, or letters that are capitals or alone (the i of iPhone)."""
    return pieces(part) if len(part) == 1 or part.isupper() or _whole(part) else ()


def spelled(word: str) -> tuple[Piece, ...]:
    """The letters of a word by their English names; the last has the main stress.

    >>> "".join(piece.phonemes for piece in spelled("usb"))
    'jˌuˌɛsbˈi'
    """
    said = _letters(_plain(word))
    named = [Piece(letter, _NAMES[letter.upper()]) for letter in said]
    weaker = [piece._replace(phonemes=_weaker(piece.phonemes)) for piece in named[:-1]]
    return (*weaker, *named[-1:])


def _plain(word: str) -> str:
    """The word without accents and widths; of other characters only - and ' are left."""
    bare = (unicodedata.normalize("NFKD", "'" if char == "’" else char)[0] for char in word)
    return "".join(char for char in bare if char.isascii() and (char.isalpha() or char in "'-")).strip("-")


def _letters(plain: str) -> str:
    return plain.replace("'", "").replace("-", "")


def _weaker(phonemes: str) -> str:
    """With its main stress made a minor one."""
    return phonemes.replace("ˌ", "").replace("ˈ", "ˌ") if "ˈ" in phonemes else phonemes


def _separate(words: Sequence[str]) -> tuple[Piece, ...]:
    """The pieces of words with hyphens between them, each with its own stress; () if one is unknown."""
    found = [pieces(word) for word in words if word]
    if not all(found):
        return ()
    blanks = [(*word[:-1], word[-1]._replace(phonemes=f"{word[-1].phonemes} ")) for word in found[:-1]]
    return tuple(piece for word in (*blanks, found[-1]) for piece in word)


def _joined(parts: Sequence[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """The pieces of a compound: its first part has the main stress, or its last if that is in capitals (ChatGPT)."""
    if not parts or not all(parts):
        return ()
    main = len(parts) - 1 if parts[-1][-1].letters.isupper() else 0
    return tuple(
        piece if i == main else piece._replace(phonemes=_weaker(piece.phonemes))
        for i, part in enumerate(parts)
        for piece in part
    )


def _halves(plain: str) -> tuple[str, ...]:
    """The two words of which a word is made, of the most equal lengths; () if there are none."""
    if len(plain) < _COMPOUND:
        return ()
    cuts = sorted(range(_HALF, len(plain) - _HALF + 1), key=lambda cut: abs(2 * cut - len(plain)))
    both = ((plain[:cut], plain[cut:]) for cut in cuts)
    return next((halves for halves in both if all(map(_whole, halves))), ())


def _whole(plain: str) -> str | None:
    """The phonemes of a word that one of the tables has, or its stem."""
    if len(plain) == 1:
        return _NAMES.get(plain.upper())
    found = _entry(plain)
    said = None if found == "-" else found or _inflected(plain)
    return said and _ASPIRATED.sub(r"\g<0>ʰ", said)


def _entry(plain: str) -> str | None:
    """What the tables have for a word, ours first: as it is written, else without regard to its capitals."""
    if plain.isupper() and len(_letters(plain)) < _ACRONYM:
        return _own().get(plain)
    if "-" not in plain and len(_HUMP.findall(plain)) > 1:  # SpaceX is a compound, whatever a spacex is
        return _own().get(plain) or _in_dictionary(plain)
    forms = (plain, plain.lower(), plain.capitalize())
    return next(filter(None, (*map(_own().get, forms), *map(_in_dictionary, forms))), None)


def _inflected(plain: str) -> str | None:
    """A plural, a possessive, a past tense or an -ing form of a word in the tables, by the rules of misaki."""
    for ending, replaced, rule in _ENDINGS:
        if plain.endswith(ending) and len(plain) > len(ending) + 1:
            found = _entry(plain.removesuffix(ending) + replaced)
            if found and found != "-":
                return rule(found)
    return None


def _plural(stem: str) -> str:
    """The stem with -s: lips, dogs, buses."""
    return stem + ("s" if stem[-1] in "ptkfθ" else "ᵻz" if stem[-1] in "szʃʒʧʤ" else "z")


def _past(stem: str) -> str:
    """The stem with -ed: looked, called, needed, waited."""
    if stem[-1] in "td":
        return f"{_flapped(stem)}ᵻd"
    return stem + ("t" if stem[-1] in "pkfθʃsʧ" else "d")


def _present(stem: str) -> str:
    """The stem with -ing."""
    return f"{_flapped(stem)}ɪŋ"


def _flapped(stem: str) -> str:
    """The stem before a vowel: an American t between vowels is ɾ."""
    return f"{stem[:-1]}ɾ" if len(stem) > 1 and stem[-1] == "t" and stem[-2] in _VOWELS | {"ɹ"} else stem


_ENDINGS: Final = (
    ("'s", "", _plural),
    ("s'", "s", lambda stem: stem),
    ("ies", "y", _plural),
    ("es", "", _plural),
    ("s", "", _plural),
    ("ied", "y", _past),
    ("ed", "", _past),
    ("ed", "e", _past),
    ("ing", "", _present),
    ("ing", "e", _present),
)


@cache
def _own() -> dict[str, str]:
    return {row[0]: row[1] for row in rows("english/own.tsv")}


@cache
def _dictionary() -> list[bytes]:
    """The lines of the dictionary in order: searched as they are, because a dict of them takes longer to make."""
    packed = resources.files("langdu.data").joinpath("english", "words.txt.gz").read_bytes()
    return gzip.decompress(packed).split(b"\n")


def _in_dictionary(word: str) -> str | None:
    start = f"{word}\t".encode()
    lines = _dictionary()
    line = lines[min(bisect_left(lines, start), len(lines) - 1)]
    return line.removeprefix(start).decode() if line.startswith(start) else None
