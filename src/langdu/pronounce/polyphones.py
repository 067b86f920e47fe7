"""Polyphones in context: what the dictionaries say, weighed against the characters around.

Two networks read the text: one of our own, and the recurrent tagger of g2pM, whose opinion the first one weighs.
`data/polyphones.bin` holds their weights (docs/model_card.md; made by training/polyphones.py). Many texts are read at
once, which is faster.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from langdu.model import Syllable, Tone
from langdu.pronounce.hints import OTHER, USUAL, hints, kind, positions
from langdu.pronounce.reader import Reader
from langdu.pronounce.tagger import Tagger
from langdu.pronounce.weights import Bools, Floats, Ints, character_table, code_points, log_shares, read
from langdu.pronounce.windows import GAP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langdu.model import Span

PATH: Final = Path(__file__).parent.parent / "data" / "polyphones.bin"
# Characters computed at once.
_CHUNK: Final = 8192


class Choice(NamedTuple):
    """A reading, and how probable it is that it is right, 0 to 1 (calibrated on text that the model has not seen).

    `shares` has the probability of every candidate.
    """

    syllable: Syllable
    confidence: float
    shares: Mapping[Syllable, float]


class _Asked(NamedTuple):
    """The targets: their places in the joined text, their numbers, what the dictionaries say, the sizes of words."""

    at: Ints
    number: Ints
    kinds: Ints
    size: Ints

    def first(self) -> Bools:
        """Which candidates the dictionaries give first."""
        told: Bools = (self.kinds == USUAL) | ((self.kinds > 1) & ((self.kinds - 2) % 3 < 2))
        return told


class Model:
    """The weights, and what each number of the network means."""

    def __init__(self, path: Path = PATH) -> None:
        about, arrays = read(path)
        self.candidates: dict[str, tuple[Syllable, ...]] = {
            char: tuple(Syllable(r[:-1], Tone(int(r[-1]))) for r in readings)
            for char, readings in about["candidates"].items()
        }
        self._number = {char: i for i, char in enumerate(self.candidates)}
        graph, tagger = (arrays.pop(name).tobytes() for name in ("graph", "tagger_graph"))
        self._weights = {name: array.astype(np.float32) for name, array in arrays.items()}
        self._ids = character_table(about["characters"])
        self._tagger = Tagger(about["tagger_characters"], tagger, self._weights)
        self._reader = Reader(graph, self._weights["characters"], self._weights["positions"])
        self._seen = lru_cache(maxsize=32768)(self._of_word)

    def _of_word(self, word: str) -> tuple[tuple[int, int, tuple[int, ...], int], ...]:
        """The polyphones of a word: place, number, kind of each candidate, size of the word.

        A neutral tone in a word is the dictionaries' to decide, and so is a reading that the model does not know. What
        the dictionaries confirm is asked too, without telling what they say: the check wants to know what the context
        alone says.
        """
        width = self._weights["out"].shape[1]
        found = []
        for place, (char, hint) in enumerate(zip(word, hints(word), strict=True)):
            readings = self.candidates.get(char, ())
            usual = hint.readings[0] if hint.readings else None
            if usual in readings and (hint.size == 1 or usual.tone is not Tone.NEUTRAL):
                kinds = [0 if hint.confirmed else kind(reading, hint) for reading in readings]
                found.append((place, self._number[char], (*kinds, *[0] * (width - len(kinds))), hint.size))
        return tuple(found)

    def choose(self, texts: Sequence[str], words: Sequence[Sequence[Span]]) -> list[dict[int, Choice]]:
        """The readings of the polyphones of each text, by their places. `words` are the words of each text."""
        found: list[dict[int, Choice]] = [{} for _ in texts]
        start, size = 0, 0
        for end, text in enumerate(texts, 1):
            size += len(text) + len(GAP)
            if size >= _CHUNK or end == len(texts):
                self._chunk(texts[start:end], words[start:end], found[start:end])
                start, size = end, 0
        return found

    def _chunk(self, texts: Sequence[str], words: Sequence[Sequence[Span]], found: list[dict[int, Choice]]) -> None:
        joined = GAP + "".join(text + GAP for text in texts)
        stand = [OTHER]
        targets: list[tuple[int, tuple[int, ...], int]] = []
        where: list[tuple[dict[int, Choice], int, str]] = []
        at: list[int] = []
        for text, spans, out in zip(texts, words, found, strict=True):
            for span in spans:
                for place, number, kinds, size in self._seen(span.of(text)):
                    targets.append((number, kinds, size))
                    where.append((out, span.start + place, text[span.start + place]))
                    at.append(len(stand) + span.start + place)
            stand += positions(text, spans)
            stand.append(OTHER)
        if not targets:
            return
        asked = _Asked(np.array(at), *(np.array(column) for column in zip(*targets, strict=True)))
        best, share = self._weigh(self._scores(joined, np.array(stand), asked), asked)
        for (out, place, char), chosen, row in zip(where, best.tolist(), share.tolist(), strict=True):
            readings = self.candidates[char]
            out[place] = Choice(readings[chosen], row[chosen], dict(zip(readings, row, strict=False)))

    def _scores(self, joined: str, stand: Ints, asked: _Asked) -> Floats:
        """How much speaks for each candidate of each target."""
        w, number = self._weights, asked.number
        seen = self._reader.look(joined, self._ids[code_points(joined)], stand, asked.at)
        score: Floats = np.einsum("nkh,nh->nk", w["out"][number], seen.state) + w["bias"][number]
        size = np.minimum(asked.size, 3) - 1
        score += w["kinds"][asked.kinds] * (asked.kinds > 0) + asked.first() * w["trust"][number, size][:, None]
        opinion = self._tagger.opinions(joined, asked.at, number)
        score += opinion * (w["tagger_trust"][number, size][:, None] + seen.trust)
        return score

    def _weigh(self, score: Floats, asked: _Asked) -> tuple[Ints, Floats]:
        """The place of the best candidate of each target, and the probability of each.

        What the dictionaries give first for a frequent character stands unless another is clearly more probable.
        """
        unsure = self._weights["overrule"][asked.number]
        share = np.exp(log_shares(score * self._weights["sharpness"]))
        best = np.where(share.max(axis=1) < unsure, asked.first().argmax(axis=1), share.argmax(axis=1))
        return best, share


@cache
def model() -> Model:
    """The model that comes with langdu, loaded once.

    Raises: ConfigError: it is missing or damaged.
    """
    return Model()
