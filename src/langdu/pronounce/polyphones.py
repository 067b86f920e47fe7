"""Polyphones in context: what the dictionaries say is weighed against the surrounding characters.

Two networks read the text: our own, and the recurrent tagger of g2pM, whose opinion ours weighs. `data/polyphones.bin`
has their weights (docs/model_card.md); training/polyphones.py makes it. Reading many texts at once is faster.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from langdu.model import Span, Syllable, Tone
from langdu.pronounce.hints import OTHER, USUAL, hint_kind, hints, positions
from langdu.pronounce.reader import Reader
from langdu.pronounce.tagger import Tagger
from langdu.pronounce.weights import Bools, Floats, Ints, character_table, code_points, log_shares, read_weights
from langdu.pronounce.windows import GAP, ends

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PATH: Final = Path(__file__).parent.parent / "data" / "polyphones.bin"
# How many characters are computed at once.
_CHUNK: Final = 8192


class Choice(NamedTuple):
    """A reading and the probability that it is right, 0 to 1, calibrated on text that the model has not seen.

    `shares` has the probability of every candidate.
    """

    syllable: Syllable
    confidence: float
    shares: Mapping[Syllable, float]

    @classmethod
    def of(cls, weights: Mapping[Syllable, float]) -> Choice:
        """The choice whose probabilities are in proportion to weights, which are positive numbers."""
        whole = sum(weights.values())
        best = max(weights, key=weights.__getitem__)
        return cls(best, weights[best] / whole, {reading: weight / whole for reading, weight in weights.items()})


class _Targets(NamedTuple):
    """The characters to be read.

    `at`: their places in the joined text. `number`: their numbers in the model. `kinds`: what the dictionaries say of
    each candidate. `size`: the lengths of their words.
    """

    at: Ints
    number: Ints
    kinds: Ints
    size: Ints

    def first(self) -> Bools:
        """Which candidates the dictionaries give first."""
        is_first: Bools = (self.kinds == USUAL) | ((self.kinds > 1) & ((self.kinds - 2) % 3 < 2))
        return is_first


class _Stretch(NamedTuple):
    """A part of a text that is computed at once: its words, its start in the whole text, and where the choices go."""

    text: str
    words: Sequence[Span]
    start: int
    choices: dict[int, Choice]


class PolyphoneModel:
    """The weights, and what each number of the network means."""

    def __init__(self, path: Path = PATH) -> None:
        about, arrays = read_weights(path)
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

        The dictionaries alone decide on neutral tones inside words and on readings that the model does not know. The
        model also reads confirmed words, without a hint: the check wants to know what the context alone suggests.
        """
        width = self._weights["out"].shape[1]
        polyphones = []
        for place, (char, hint) in enumerate(zip(word, hints(word), strict=True)):
            readings = self.candidates.get(char, ())
            usual = hint.readings[0] if hint.readings else None
            if usual in readings and (hint.size == 1 or usual.tone is not Tone.NEUTRAL):
                kinds = [0 if hint.confirmed else hint_kind(reading, hint) for reading in readings]
                polyphones.append((place, self._number[char], (*kinds, *[0] * (width - len(kinds))), hint.size))
        return tuple(polyphones)

    def choose(self, texts: Sequence[str], words: Sequence[Sequence[Span]]) -> list[dict[int, Choice]]:
        """The readings of the polyphones of each text, by their places. `words` are the words of each text."""
        choices: list[dict[int, Choice]] = [{} for _ in texts]
        waiting: list[_Stretch] = []
        size = 0
        for text, words_of_text, choices_of_text in zip(texts, words, choices, strict=True):
            for stretch in _stretches(text, words_of_text, choices_of_text):
                waiting.append(stretch)
                size += len(stretch.text) + len(GAP)
                if size >= _CHUNK:
                    self._chunk(waiting)
                    waiting, size = [], 0
        self._chunk(waiting)
        return choices

    def _chunk(self, stretches: Sequence[_Stretch]) -> None:
        joined = GAP + "".join(stretch.text + GAP for stretch in stretches)
        stand = [OTHER]
        rows: list[tuple[int, tuple[int, ...], int]] = []
        where: list[tuple[dict[int, Choice], int, str]] = []
        at: list[int] = []
        for text, spans, start, out in stretches:
            for span in spans:
                for place, number, kinds, size in self._seen(span.of(text)):
                    rows.append((number, kinds, size))
                    where.append((out, start + span.start + place, text[span.start + place]))
                    at.append(len(stand) + span.start + place)
            stand += positions(text, spans)
            stand.append(OTHER)
        if not rows:
            return
        targets = _Targets(np.array(at), *(np.array(column) for column in zip(*rows, strict=True)))
        best, share = self._weigh(self._scores(joined, np.array(stand), targets), targets)
        for (out, place, char), chosen, row in zip(where, best.tolist(), share.tolist(), strict=True):
            readings = self.candidates[char]
            out[place] = Choice(readings[chosen], row[chosen], dict(zip(readings, row, strict=False)))

    def _scores(self, joined: str, stand: Ints, targets: _Targets) -> Floats:
        """The score of each candidate of each target."""
        w, number = self._weights, targets.number
        seen = self._reader.look(joined, self._ids[code_points(joined)], stand, targets.at)
        score: Floats = np.einsum("nkh,nh->nk", w["out"][number], seen.state) + w["bias"][number]
        size = np.minimum(targets.size, 3) - 1
        score += w["kinds"][targets.kinds] * (targets.kinds > 0) + targets.first() * w["trust"][number, size][:, None]
        opinion = self._tagger.opinions(joined, targets.at, number)
        score += opinion * (w["tagger_trust"][number, size][:, None] + seen.trust)
        return score

    def _weigh(self, score: Floats, targets: _Targets) -> tuple[Ints, Floats]:
        """The index of the best candidate of each target, and the probability of each candidate.

        The dictionaries' first reading of a frequent character stands unless another is clearly more probable.
        """
        unsure = self._weights["overrule"][targets.number]
        share = np.exp(log_shares(score * self._weights["sharpness"]))
        best = np.where(share.max(axis=1) < unsure, targets.first().argmax(axis=1), share.argmax(axis=1))
        return best, share


def _stretches(text: str, words: Sequence[Span], choices: dict[int, Choice]) -> Iterator[_Stretch]:
    """A text, a long one in parts, so that memory does not grow with its length.

    The cuts are between words and between windows, so the choices are the same as for the uncut text.
    """
    if len(text) <= 2 * _CHUNK:
        yield _Stretch(text, words, 0, choices)
        return
    word_ends = {word.end: i for i, word in enumerate(words, 1)}
    start = first = 0
    for end in ends(text):
        if end - start >= _CHUNK and len(text) - end >= _CHUNK and (last := word_ends.get(end)):
            yield _Stretch(text[start:end], _moved(words[first:last], start), start, choices)
            start, first = end, last
    yield _Stretch(text[start:], _moved(words[first:], start), start, choices)


def _moved(words: Sequence[Span], start: int) -> list[Span]:
    return [Span(word.start - start, word.end - start) for word in words]


@cache
def model() -> PolyphoneModel:
    """The model that comes with langdu, loaded once.

    Raises: ConfigError: it is missing or damaged.
    """
    return PolyphoneModel()
