"""How a model spells each tonal syllable, learned from its own lexicon.

Nobody wrote down which tokens are which pinyin: some models have `n i3`, some bopomofo, MeloTTS tones of their own. But
a character with one reading shows how that reading is spelled, and the most frequent spelling is right. Tones that no
such character has, as most neutral ones, are made of another tone's spelling, in the way that other syllables show.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from difflib import get_close_matches
from itertools import permutations
from typing import TYPE_CHECKING, Final

from langdu import lexicon, pinyin
from langdu.model import Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

# Syllables that lexicons seldom have, and what is nearest; any other is said as the one that is spelled most like it.
_NEAREST: Final = {"ê": "ei", "m": "mu", "n": "en", "ng": "eng", "hm": "hen", "hng": "heng", "yo": "you"}


class Spelling:
    """The tokens of each syllable. `lines` are a lexicon.txt, `tokens` those that the model has.

    Raises: ValueError: the lexicon is not of Mandarin.
    """

    def __init__(self, lines: Iterable[str], tokens: Collection[str]) -> None:
        self._known = _voted(lines)
        self._tokens = tokens
        self._changes = _changes(self._known)
        self._bases = {syllable.base for syllable in self._known}
        if len(self._bases) < 100:
            raise ValueError(f"it spells {len(self._bases)} syllables of Mandarin; there are more than 400")
        self.approximates = frozenset(pinyin.bases() - self._bases)

    def of(self, syllable: Syllable) -> tuple[str, ...] | None:
        """The tokens of a syllable without its erhua, or of the nearest one; None if it has no such tone."""
        if syllable.base in self._bases:
            return self._in_tone(syllable.base, syllable.tone)
        near = _NEAREST.get(syllable.base)
        if near not in self._bases:
            near = get_close_matches(syllable.base, sorted(self._bases), 1, 0)[0]
        return self._in_tone(near, syllable.tone)

    def _in_tone(self, base: str, tone: Tone) -> tuple[str, ...] | None:
        if known := self._known.get(Syllable(base, tone)):
            return known
        for other in Tone:
            spelled = self._known.get(Syllable(base, other))
            made = spelled and tuple(self._changed(token, other, tone) for token in spelled)
            if made and made != spelled:
                return made
        return None

    def _changed(self, token: str, old: Tone, new: Tone) -> str:
        """A token in another tone; as it is, if it has no tone or nobody knows how it is written."""
        seen = self._changes.get((old, new), {}).get(token)
        if seen:
            return seen
        if token[-1:] in _digits(old):
            return next((t for digit in _digits(new) if (t := token[:-1] + digit) in self._tokens), token)
        return token


def _digits(tone: Tone) -> str:
    return "50" if tone is Tone.NEUTRAL else str(int(tone))


def _voted(lines: Iterable[str]) -> dict[Syllable, tuple[str, ...]]:
    votes: defaultdict[Syllable, Counter[tuple[str, ...]]] = defaultdict(Counter)
    seen = set()
    for line in lines:
        word, *tokens = line.split() or [""]
        if len(word) != 1 or not tokens or word in seen:  # of several lines for one character the first counts
            continue
        seen.add(word)
        readings = lexicon.readings(word)
        if len(readings) == 1:
            votes[readings[0]][tuple(tokens)] += 1
    return {syllable: counts.most_common(1)[0][0] for syllable, counts in votes.items()}


def _changes(known: Mapping[Syllable, tuple[str, ...]]) -> dict[tuple[Tone, Tone], dict[str, str]]:
    """What becomes of a token when the tone changes, as syllables of the same sound in both tones show."""
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
