"""Polyphones in context: what the dictionaries say, weighed against the characters around.

Two networks read the text: a convolution of our own, and the recurrent tagger of g2pM, whose opinion the first one
weighs. `data/polyphones.bin` holds their weights (docs/model_card.md; made by training/polyphones.py). Many texts are
read at once: they are joined with gaps, and numpy computes the readings of all polyphones together.
"""

from __future__ import annotations

import json
import re
import zlib
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from langdu import lexicon
from langdu.errors import ConfigError
from langdu.model import Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langdu.model import Span

PATH: Final = Path(__file__).parent.parent / "data" / "polyphones.bin"
MAGIC: Final = b"langdu-polyphones/1\n"

# Characters without meaning between two texts, so that neither sees the other.
GAP: Final = 12
# Characters that the network does not know, and what stands for any digit and any Latin letter.
UNKNOWN: Final = 1
_DIGIT, _LETTER = "0", "a"
# Where a character stands: a word by itself, the first, inside, the last, no hanzi.
_ALONE, _FIRST, _INSIDE, _LAST, _OTHER = range(5)
# What the dictionaries say of a candidate: nothing, the usual reading of the character; of a word with 2, 3, 4 or more
# hanzi: the only reading (2, 5, 8), the first of several (3, 6, 9), another of several (4, 7, 10).
_USUAL: Final = 1
_ONLY: Final = (2, 5, 8)
# The columns that the network looks at from each character, in three layers.
NEAR: Final = (-1, 0, 1)
FURTHER: Final = (-2, 0, 2)
AROUND: Final = (-6, -3, 0, 3, 6)
# The neighbours, with the character itself, that are looked up as they are.
GROUPS: Final = ((-1,), (1,), (-2, -1), (1, 2), (-1, 1), (-2,), (2,), (-3, -2, -1), (1, 2, 3))
_MULTIPLIERS: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64
)
# Characters computed at once.
_CHUNK: Final = 8192
# The tagger's numbers for the beginning and the end of a sentence, what it never goes below, and how many characters
# it reads at once if they are not to be cut into sentences.
_BEGIN: Final = 1
_END: Final = 2
_LEAST: Final = -8
_LONG: Final = 128
_TEXT: Final = re.compile(r"[^\0]+")
_SENTENCE: Final = re.compile(r"[^。！？!?；\n]{0,250}(?:[。！？!?；\n]+|.)", re.DOTALL)

Floats = NDArray[np.float32]
Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]


class Choice(NamedTuple):
    """A reading, and how probable it is that it is right, 0 to 1 (calibrated on text that the model has not seen)."""

    syllable: Syllable
    confidence: float


# --- what the network is told ---------------------------------------------------------------------------------------


class Hint(NamedTuple):
    """What the dictionaries say of one character in its word.

    `readings`: what they give for it there, the best first. `size`: the length of the word, at most 4, and 1 if no
    dictionary has the word.
    """

    readings: tuple[Syllable, ...]
    size: int


@lru_cache(maxsize=32768)
def hints(word: str) -> tuple[Hint, ...]:
    """What the dictionaries say of each hanzi of a word.

    >>> [hint.size for hint in hints("银行")]
    [2, 2]
    """
    size = len(word)
    ways = [way for way in lexicon.word_readings(word) if len(way) == size] if size > 1 else []
    if ways:
        return tuple(Hint(readings, min(size, 4)) for readings in zip(*ways, strict=True))
    usual = [lexicon.default_reading(char) for char in word]
    return tuple(Hint((reading,) if reading else (), 1) for reading in usual)


def kind(reading: Syllable, hint: Hint) -> int:
    """What a hint says of one reading, as a number."""
    if reading not in hint.readings:
        return 0
    if hint.size == 1:
        return _USUAL
    several = len(set(hint.readings)) > 1
    place = 0 if not several else 1 if hint.readings[0] == reading else 2
    return _ONLY[hint.size - 2] + place


def positions(text: str, words: Sequence[Span]) -> list[int]:
    """Where each character of a text stands in its word."""
    out: list[int] = []
    for word in words:
        size = len(word)
        if not lexicon.HANZI.match(text, word.start):
            out += [_OTHER] * size
        else:
            out += [_ALONE] if size == 1 else [_FIRST, *[_INSIDE] * (size - 2), _LAST]
    return out


def groups(ids: Ints, at: Ints) -> NDArray[np.uint32]:
    """A number for each target with each of its `GROUPS` of neighbours: (targets, groups)."""
    wide = ids.astype(np.uint64)
    out = []
    with np.errstate(over="ignore"):  # the product is meant to wrap
        for number, offsets in enumerate(GROUPS):
            mixed = (wide[at] + np.uint64(1 + 8192 * number)) * _MULTIPLIERS[0]
            for offset, by in zip(offsets, _MULTIPLIERS[1:], strict=False):
                mixed = (mixed ^ (mixed >> np.uint64(29))) + (wide[at + offset] + np.uint64(7)) * by
            mixed = (mixed ^ (mixed >> np.uint64(31))) * _MULTIPLIERS[0]
            out.append((mixed >> np.uint64(32)).astype(np.uint32))
    return np.stack(out, axis=1)


# --- the file -------------------------------------------------------------------------------------------------------


def _read(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What a file of weights is about, and its arrays.

    A header, a CRC-32 of the rest, and the rest, deflated: the length of a JSON object in four bytes (little-endian),
    the object, which has the type and shape of every array, and the arrays one after the other.
    """
    try:
        whole = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"there is no model of polyphones at {path}; install langdu anew") from error
    start = len(MAGIC) + 4
    if whole[: len(MAGIC)] != MAGIC or zlib.crc32(whole[start:]) != int.from_bytes(whole[start - 4 : start], "little"):
        raise ConfigError(f"the model of polyphones {path} is damaged or of another version; install langdu anew")
    body = zlib.decompress(whole[start:])
    at = 4 + int.from_bytes(body[:4], "little")
    about = json.loads(body[4:at])
    arrays = {}
    for name, (kind_of, shape) in about["arrays"].items():
        arrays[name] = np.frombuffer(body, kind_of, count=int(np.prod(shape)), offset=at).reshape(shape)
        at += arrays[name].nbytes
    return about, arrays


class _Asked(NamedTuple):
    """The targets: their places in the joined text, their numbers, what the dictionaries say, the sizes of words."""

    at: Ints
    number: Ints
    kinds: Ints
    size: Ints

    def first(self) -> Bools:
        """Which candidates the dictionaries give first."""
        told: Bools = (self.kinds == _USUAL) | ((self.kinds > 1) & ((self.kinds - 2) % 3 < 2))
        return told


class Model:
    """The weights, and what each number of the network means."""

    def __init__(self, path: Path = PATH) -> None:
        about, arrays = _read(path)
        self.candidates: dict[str, tuple[Syllable, ...]] = {
            char: tuple(Syllable(r[:-1], Tone(int(r[-1]))) for r in readings)
            for char, readings in about["candidates"].items()
        }
        self._number = {char: i for i, char in enumerate(self.candidates)}
        self._group_keys = arrays.pop("group_keys")
        self._weights = {name: array.astype(np.float32) for name, array in arrays.items()}
        self._ids = character_table(about["characters"])
        self._tagger = Tagger(about["tagger_characters"], self._weights)
        self._seen = lru_cache(maxsize=32768)(self._of_word)

    def _of_word(self, word: str) -> tuple[tuple[int, int, tuple[int, ...], int], ...]:
        """The polyphones of a word: place, number, kind of each candidate, size of the word.

        A neutral tone in a word is the dictionaries' to decide, and so is a reading that the model does not know.
        """
        width = self._weights["out"].shape[1]
        found = []
        for place, (char, hint) in enumerate(zip(word, hints(word), strict=True)):
            readings = self.candidates.get(char, ())
            usual = hint.readings[0] if hint.readings else None
            if usual in readings and (hint.size == 1 or usual.tone is not Tone.NEUTRAL):
                kinds = [kind(reading, hint) for reading in readings]
                found.append((place, self._number[char], (*kinds, *[0] * (width - len(kinds))), hint.size))
        return tuple(found)

    def choose(self, texts: Sequence[str], words: Sequence[Sequence[Span]]) -> list[dict[int, Choice]]:
        """The readings of the polyphones of each text, by their places. `words` are the words of each text."""
        found: list[dict[int, Choice]] = [{} for _ in texts]
        start, size = 0, 0
        for end, text in enumerate(texts, 1):
            size += len(text) + GAP
            if size >= _CHUNK or end == len(texts):
                self._chunk(texts[start:end], words[start:end], found[start:end])
                start, size = end, 0
        return found

    def _chunk(self, texts: Sequence[str], words: Sequence[Sequence[Span]], found: list[dict[int, Choice]]) -> None:
        gap = "\0" * GAP
        joined = gap + "".join(text + gap for text in texts)
        stand = [_OTHER] * GAP
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
            stand += [_OTHER] * GAP
        if not targets:
            return
        asked = _Asked(np.array(at), *(np.array(column) for column in zip(*targets, strict=True)))
        opinion = self._tagger.opinions(joined, asked)
        best, sure = self._weigh(self._scores(joined, np.array(stand), asked, opinion), asked)
        for (out, place, char), chosen, confidence in zip(where, best.tolist(), sure.tolist(), strict=True):
            out[place] = Choice(self.candidates[char][chosen], confidence)

    def _scores(self, joined: str, stand: Ints, asked: _Asked, opinion: Floats) -> Floats:
        """How much speaks for each candidate of each target."""
        w = self._weights
        at, number = asked.at, asked.number
        ids = self._ids[_code_points(joined)]
        x = w["characters"][ids] + w["positions"][stand]
        h = np.maximum(_columns(x, NEAR) @ w["near"] + w["near_bias"], 0)
        h += np.maximum(_columns(h, FURTHER) @ w["further"] + w["further_bias"], 0)
        around = np.concatenate([h[at + offset] for offset in AROUND], axis=1)
        g = np.maximum(around @ w["around"] + w["around_bias"], 0)
        score: Floats = np.einsum("nkh,nh->nk", w["out"][number], g) + w["bias"][number]
        size = np.minimum(asked.size, 3) - 1
        score += w["kinds"][asked.kinds] * (asked.kinds > 0) + asked.first() * w["trust"][number, size][:, None]
        score += opinion * (w["tagger_trust"][number, size] + g @ w["tagger_gate"] + w["tagger_gate_bias"])[:, None]
        score += w["groups"][self._rows(groups(ids, at))].sum(axis=1)
        return score

    def _weigh(self, score: Floats, asked: _Asked) -> tuple[Ints, Floats]:
        """The place of the best candidate of each target, and its probability.

        What the dictionaries give first for a frequent character stands unless another is clearly more probable.
        """
        unsure = self._weights["overrule"][asked.number]
        share = np.exp(_log_shares(score * self._weights["sharpness"]))
        best = np.where(share.max(axis=1) < unsure, asked.first().argmax(axis=1), share.argmax(axis=1))
        return best, share[np.arange(len(best)), best]

    def _rows(self, keys: NDArray[np.uint32]) -> Ints:
        """The row of each group; 0, which is all zeros, for one that training has not met."""
        found = np.searchsorted(self._group_keys, keys)
        found[found == len(self._group_keys)] = 0
        return np.where(self._group_keys[found] == keys, found + 1, 0)


class Tagger:
    """The network of g2pM: a recurrent layer in each direction over the sentence, and two layers at the target.

    Source: Park and Lee, "g2pM: A Neural Grapheme-to-Phoneme Conversion Package for Mandarin Chinese" (2020);
    its trained weights (Apache-2.0), those of its readings that are our candidates.
    """

    def __init__(self, characters: str, weights: Mapping[str, Floats]) -> None:
        self._weights = {name[7:]: array for name, array in weights.items() if name.startswith("tagger_")}
        self._ids = np.zeros(0x110000, np.int16)
        self._ids[[ord(char) for char in characters]] = np.arange(len(characters))

    def opinions(self, joined: str, asked: _Asked) -> Floats:
        """What it gives each candidate of each target: logarithms of probabilities, 0 for all if it knows none."""
        w = self._weights
        start, end = _sentences(joined, asked.at)
        # Before and after a sentence, in the gap or in place of a neighbour, stand its own signs for beginning and end.
        size = end - start + 2
        first = np.cumsum(size) - size
        order = np.argsort(-size, kind="stable")
        ids = np.empty(int(size.sum()), np.int64)
        known = self._ids[_code_points(joined)]
        for at, s, e in zip(first.tolist(), start.tolist(), end.tolist(), strict=True):
            ids[at], ids[at + 1 : at + 1 + e - s], ids[at + 1 + e - s] = _BEGIN, known[s:e], _END
        x = w["characters"][ids]
        lengths = size[order]
        onward = _recurrent(x @ w["onward"] + w["onward_bias"], w["onward_loop"], first[order], 1, lengths)
        back = _recurrent(x @ w["back"] + w["back_bias"], w["back_loop"], (first + size - 1)[order], -1, lengths)
        inside = np.searchsorted(start, asked.at, side="right") - 1
        at = first[inside] + 1 + asked.at - start[inside]
        g = np.maximum(np.concatenate([onward[at], back[at]], axis=1) @ w["hidden"] + w["hidden_bias"], 0)
        score = np.einsum("nkh,nh->nk", w["out"][asked.number], g) + w["bias"][asked.number]
        return np.maximum(_log_shares(score), _LEAST) * w["knows"][asked.number][:, None]


def character_table(characters: str) -> Ints:
    """From a code point to the number of its character; all digits are one, and all Latin letters."""
    table = np.full(0x110000, UNKNOWN, np.int16)
    table[[ord(char) for char in characters]] = np.arange(len(characters))
    for first, size, stands in (("0", 10, _DIGIT), ("０", 10, _DIGIT), *((c, 26, _LETTER) for c in "AaＡａ")):
        table[ord(first) : ord(first) + size] = characters.find(stands)
    return table


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _sentences(joined: str, at: Ints) -> tuple[Ints, Ints]:
    """Where the sentences with targets begin and end. Only a long text is cut into sentences."""
    spans: list[tuple[int, int]] = []
    for text in _TEXT.finditer(joined):
        begin, end = text.span()
        if end - begin <= _LONG:
            spans.append((begin, end))
        else:
            spans += [found.span() for found in _SENTENCE.finditer(joined, begin, end)]
    start, end = np.array(spans).T
    asked = np.unique(np.searchsorted(start, at, side="right") - 1)
    return start[asked], end[asked]


def _recurrent(inputs: Floats, loop: Floats, first: Ints, step: int, lengths: Ints) -> Floats:
    """A long short-term memory over many sentences, the longest first.

    `inputs` has, for every character, what it adds to the four gates; a sentence goes from `first` by `step`.
    """
    width = len(loop)
    out = np.zeros((len(inputs), width), np.float32)
    h: Floats = np.zeros((len(first), width), np.float32)
    c: Floats = h
    for t in range(int(lengths[0])):
        n = int(np.searchsorted(-lengths, -t))  # how many sentences are longer than t
        at = first[:n] + step * t
        gates = inputs[at] + h[:n] @ loop
        opened = np.reciprocal(1 + np.exp(-gates[:, : 3 * width]))
        let_in, keep, give = (opened[:, i * width : (i + 1) * width] for i in range(3))
        c = keep * c[:n] + let_in * np.tanh(gates[:, 3 * width :])
        h = give * np.tanh(c)
        out[at] = h
    return out


def _log_shares(score: Floats) -> Floats:
    below: Floats = score - score.max(axis=1, keepdims=True)
    below -= np.log(np.exp(below).sum(axis=1, keepdims=True))
    return below


def _columns(x: Floats, offsets: Sequence[int]) -> Floats:
    """Each row beside those around it."""
    size, reach = len(x), max(offsets)
    padded = np.pad(x, ((reach, reach), (0, 0)))
    return np.concatenate([padded[reach + o : reach + o + size] for o in offsets], axis=1)


@cache
def model() -> Model:
    """The model that comes with langdu, loaded once.

    Raises: ConfigError: it is missing or damaged.
    """
    return Model()
