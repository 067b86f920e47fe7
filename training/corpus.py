"""The examples that the model of polyphones learns from: sentences with polyphones, and where the labels come from.

The folder of data has the tables of CPP, g2pL, AISHELL-3 and the unlabelled sentences (docs/model_card.md).
"""

from __future__ import annotations

import json
import random
import zlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from langdu import lexicon
from langdu.model import Syllable, Tone
from langdu.pinyin import number
from langdu.pronounce.hints import hints, kind, positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from teacher import Teacher

    from langdu.pronounce.hints import Hint
    from langdu.pronounce.weights import Floats

# Colloquial readings of AISHELL-3's speakers, which are none of the dictionaries'.
COLLOQUIAL = {("那", "nei4"), ("儿", "er5"), ("与", "yu2"), ("片", "pian1"), ("称", "cheng4")}
FOLDS = 5
OWN = Path(__file__).with_name("own_sentences.txt")
# A label that the dictionaries and the teacher agree on, and one that only the teacher gives.
AGREED, TAUGHT = 0.4, 0.25


class Target(NamedTuple):
    """One polyphone: its place, the place of its reading among the candidates, and how much the label counts.

    `kinds` are what the dictionaries say of each candidate, () if the label itself was made from them.
    """

    at: int
    label: int
    weight: float
    kinds: tuple[int, ...]
    size: int
    opinion: Floats | None = None


class Example(NamedTuple):
    """A sentence with its targets; `stands` is where each character stands in its word."""

    text: str
    stands: list[int]
    targets: list[Target]
    fold: int = -1


def rows(path: Path) -> list[list[str]]:
    """The lines of a table."""
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


class Corpus:
    """The candidates of every character, and the examples of every source."""

    def __init__(self, folder: Path, teacher: Teacher) -> None:
        self.folder = folder
        self.teacher = teacher
        self.attested = self._attested()
        self.taught = {sentence[int(at)] for sentence, at, _ in rows(folder / "g2pl_train.tsv")}
        candidates = {char: self._candidates(char) for char in sorted(self.attested)}
        self.candidates = {char: readings for char, readings in candidates.items() if len(readings) > 1}
        self.syllables = {c: [Syllable(r[:-1], Tone(int(r[-1]))) for r in rs] for c, rs in self.candidates.items()}

    def _attested(self) -> dict[str, Counter[str]]:
        """How often each reading occurs in the training parts, for the characters of CPP and g2pL."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for sentence, at, reading in rows(self.folder / "g2pl_train.tsv"):
            found[sentence[int(at)]][reading] += 1
        for char, counts in json.loads((self.folder / "cpp_train_counts.json").read_text(encoding="utf-8")).items():
            found[char].update(counts)
        heard: dict[str, Counter[str]] = defaultdict(Counter)
        for sentence, labels in rows(self.folder / "aishell3_running.tsv"):
            for char, reading in zip(sentence, labels.split(" "), strict=True):
                heard[char][reading] += reading != "-"
        for char, counts in found.items():
            for reading, times in heard[char].items():
                often = times >= 3 and times > 0.01 * heard[char].total()
                if reading not in counts and often and (char, reading) not in COLLOQUIAL:
                    counts[reading] += times
        return {char: counts for char, counts in found.items() if char not in "一不"}

    def _candidates(self, char: str) -> list[str]:
        """The attested readings and, while there are fewer than six, those of the dictionaries."""
        out = sorted(self.attested[char], key=lambda reading: -self.attested[char][reading])
        more = [number(s) for s in lexicon.readings(char) if s.tone is not Tone.NEUTRAL]
        return out + [reading for reading in more if reading not in out][: max(0, 6 - len(out))]

    def _polyphones(self, text: str) -> tuple[list[int], dict[int, Hint]]:
        words = lexicon.segment(text)
        said = {
            word.start + place: hint
            for word in words
            for place, (char, hint) in enumerate(zip(word.of(text), hints(word.of(text)), strict=True))
            if char in self.candidates
        }
        return positions(text, words), said

    def _target(self, text: str, at: int, reading: str, hint: Hint, opinion: Floats | None) -> Target | None:
        """A target with a label from people; None if the dictionaries alone decide there."""
        char = text[at]
        first = hint.readings[0] if hint.readings else None
        if reading not in self.candidates[char] or (first and hint.size > 1 and first.tone is Tone.NEUTRAL):
            return None
        kinds = tuple(kind(syllable, hint) for syllable in self.syllables[char])
        return Target(at, self.candidates[char].index(reading), 1.0, kinds, hint.size, opinion)

    def labelled(self, name: str) -> list[Example]:
        """The sentences of CPP or g2pL, each with one label."""
        return self._labelled([(sentence, int(at), reading) for sentence, at, reading in rows(self.folder / name)])

    def own(self) -> list[Example]:
        """Our own sentences."""
        lines = OWN.read_text(encoding="utf-8").splitlines()
        table = []
        for line in filter(lambda line: "=>" in line and line[0] != "#", lines):
            before, char, rest = line.split("*")
            after, reading = rest.split(" => ")
            table.append((before + char + after, len(before), reading))
        return self._labelled(table)

    def _labelled(self, table: Sequence[tuple[str, int, str]]) -> list[Example]:
        opinions = self.teacher.opinions([sentence for sentence, _, _ in table], self.candidates)
        out = []
        for (sentence, at, reading), opinion in zip(table, opinions, strict=True):
            stands, said = self._polyphones(sentence)
            if at in said and (target := self._target(sentence, at, reading, said[at], opinion.get(at))):
                out.append(Example(sentence, stands, [target], zlib.crc32(sentence.encode()) % FOLDS))
        return out

    def running(self, name: str) -> list[Example]:
        """The sentences of AISHELL-3. A label that contradicts the dictionaries' only reading of a word is left out."""
        table = [(sentence, labels.split(" ")) for sentence, labels in rows(self.folder / name)]
        opinions = self.teacher.opinions([sentence for sentence, _ in table], self.candidates)
        out = []
        for (sentence, labels), opinion in zip(table, opinions, strict=True):
            stands, said = self._polyphones(sentence)
            found = [
                self._target(sentence, at, labels[at], hint, opinion.get(at))
                for at, hint in said.items()
                if labels[at] in map(number, hint.readings) or hint.size == 1
            ]
            out.append(Example(sentence, stands, [target for target in found if target]))
        return [example for example in out if example.targets]

    def unlabelled(self, texts: Iterable[str], skip: frozenset[tuple[str, int]] = frozenset()) -> list[Example]:
        """Sentences labelled by the dictionaries and the teacher where they agree.

        In single characters the teacher alone is believed, but for those of g2pL, of which there are better labels.
        """
        known = list(dict.fromkeys(texts))
        out = []
        for text, opinion in zip(known, self.teacher.opinions(known, self.candidates), strict=True):
            stands, said = self._polyphones(text)
            targets = []
            for at, hint in said.items():
                if at not in opinion or (text, at) in skip or not self._several(text[at]):
                    continue
                best = int(opinion[at].argmax())
                sure = float(np.exp(opinion[at][best]))
                alone = hint.size == 1
                if hint.readings and self.syllables[text[at]][best] == hint.readings[0]:
                    weight = AGREED if not (alone and text[at] in self.taught) else 0.0
                else:
                    weight = TAUGHT * sure if alone and text[at] not in self.taught and sure > 0.7 else 0.0
                if weight:
                    targets.append(Target(at, best, weight, (), hint.size))
            if targets:
                out.append(Example(text, stands, targets))
        return out

    def _several(self, char: str) -> bool:
        return len(self.attested[char]) > 1

    def sentences(self, name: str, most: int | None = None) -> list[str]:
        """Unlabelled sentences of 2 to 80 characters, at most so many."""
        lines = (self.folder / "unlabelled" / name).read_text(encoding="utf-8").splitlines()
        kept = [line.strip() for line in lines if 2 <= len(line.strip()) <= 80]
        return random.Random(0).sample(kept, most) if most else kept  # noqa: S311 - nothing secret


def texts_of(*examples: Sequence[Example]) -> list[str]:
    """The sentences of some examples."""
    return [example.text for each in examples for example in each]
