"""Learns how a model spells each tonal syllable from its own lexicon.

No document says which tokens are which pinyin: some models have `n i3`, some bopomofo, MeloTTS has tones of its own.
But a character with only one reading shows how that reading is spelled, and the most frequent spelling is right. Tones
that no such character has, like most neutral ones, are derived from another tone's spelling as other syllables show.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from difflib import get_close_matches
from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING, Final

from langdu import lexicon, pinyin
from langdu.model import Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

# Syllables that lexicons seldom have, with the nearest ones; others are said as the syllable with the closest spelling.
_NEAREST: Final = {
    "ê": ("ei", "ai"),
    "ei": ("ai",),
    "dei": ("dai",),
    "shei": ("shui",),
    "zhei": ("zhe",),
    "biang": ("bian",),
    "din": ("ding",),
    "len": ("leng",),
    "m": ("mu",),
    "n": ("en",),
    "ng": ("eng", "en"),
    "hm": ("hen",),
    "hng": ("heng",),
    "yo": ("you",),
    "yai": ("ya",),
}


class Spelling:
    """The tokens of each syllable. `lines` are those of lexicon.txt, `tokens` the model's.

    Raises: ValueError: the lexicon is not of Mandarin.
    """

    def __init__(self, lines: Iterable[str], tokens: Collection[str]) -> None:
        characters = _characters(lines)
        alone = ((r[0], spelled) for char, spelled in characters.items() if len(r := lexicon.readings(char)) == 1)
        self._known = _voted(alone)
        self._tokens = tokens
        self._changes = _changes(self._known)
        self._bases = frozenset(syllable.base for syllable in self._known)
        if len(self._bases) < 100:
            raise ValueError(f"lexicon.txt spells {len(self._bases)} syllables of Mandarin; there are more than 400")
        self._known |= _voted(self._by_elimination(characters))
        self._bases = frozenset(syllable.base for syllable in self._known)
        self.approximates = frozenset(pinyin.bases() - self._bases)

    def of(self, syllable: Syllable) -> tuple[str, ...] | None:
        """The tokens of a syllable without its erhua, or of the nearest one; None if it has no such tone."""
        return self._in_tone(_nearest(syllable.base, self._bases), syllable.tone)

    def _by_elimination(self, characters: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Syllable, tuple[str, ...]]]:
        """Syllables found only in characters with several readings (néng of 能): the spelling of none of the others."""
        for char, spelled in characters.items():
            readings = lexicon.readings(char)
            unknown = [reading for reading in readings if reading.base not in self._bases]
            others = (self._in_tone(other.base, other.tone) for other in readings if other.base in self._bases)
            if len(unknown) == 1 and spelled not in others:
                yield unknown[0], spelled

    def _in_tone(self, base: str, tone: Tone) -> tuple[str, ...] | None:
        if known := self._known.get(Syllable(base, tone)):
            return known
        for other in Tone:
            spelled = self._known.get(Syllable(base, other))
            changed = spelled and tuple(self._changed(token, other, tone) for token in spelled)
            if changed and changed != spelled:
                return changed
        return None

    def _changed(self, token: str, old: Tone, new: Tone) -> str:
        """A token in another tone; unchanged if it has no tone, or if its other tone is unknown."""
        seen = self._changes.get((old, new), {}).get(token)
        if seen:
            return seen
        if token[-1:] in _digits(old):
            return next((t for digit in _digits(new) if (t := token[:-1] + digit) in self._tokens), token)
        return token


def _digits(tone: Tone) -> str:
    return "50" if tone is Tone.NEUTRAL else str(int(tone))


@cache
def _nearest(base: str, known: frozenset[str]) -> str:
    """The syllable itself if it is known; else the one that sounds most like it."""
    near = [candidate for candidate in (base, *_NEAREST.get(base, ())) if candidate in known]
    return near[0] if near else get_close_matches(base, sorted(known), 1, 0)[0]


def _characters(lines: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The spelling of each single character in a lexicon; the first line for a character counts."""
    spelling: dict[str, tuple[str, ...]] = {}
    for line in lines:
        word, *tokens = line.split() or [""]
        if len(word) == 1 and tokens:
            spelling.setdefault(word, tuple(tokens))
    return spelling


def _voted(spelled: Iterable[tuple[Syllable, tuple[str, ...]]]) -> dict[Syllable, tuple[str, ...]]:
    votes: defaultdict[Syllable, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for syllable, tokens in spelled:
        votes[syllable][tokens] += 1
    return {syllable: counts.most_common(1)[0][0] for syllable, counts in votes.items()}


def _changes(known: Mapping[Syllable, tuple[str, ...]]) -> dict[tuple[Tone, Tone], dict[str, str]]:
    """How each token changes with the tone, from syllables that occur in both tones."""
    votes: defaultdict[tuple[Tone, Tone], defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    tones: defaultdict[str, list[Syllable]] = defaultdict(list)
    for syllable in known:
        tones[syllable.base].append(syllable)
    for same in tones.values():
        for old, new in permutations(same, 2):
            if len(known[old]) == len(known[new]):
                for token, other in zip(known[old], known[new], strict=True):
                    votes[old.tone, new.tone][token][other] += 1
    return {
        pair: {token: counts.most_common(1)[0][0] for token, counts in seen.items()} for pair, seen in votes.items()
    }
