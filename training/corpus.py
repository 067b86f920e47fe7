"""The sentences with labelled polyphones from which the model learns.

The folder of data has the tables of CPP, g2pL, AISHELL-3 and the unlabelled sentences (docs/model_card.md).
"""

from __future__ import annotations

import json
import random
import zlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import doubted
from names import renamed
from own import sentences as own_sentences
from patterns import labels as labels_of_patterns

from langdu import lexicon
from langdu.model import Syllable, Tone
from langdu.pinyin import number
from langdu.pronounce.hints import hint_kind, hints, is_ambiguous, positions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from own import LabelledSentence
    from tagger import Tagger

    from langdu.pronounce.hints import Hint
    from langdu.pronounce.weights import Floats

    # Places in sentences.
    Places = frozenset[tuple[str, int]]

# Colloquial readings of AISHELL-3's speakers that no dictionary has.
COLLOQUIAL = {("那", "nei4"), ("儿", "er5"), ("与", "yu2"), ("片", "pian1"), ("称", "cheng4")}
FOLDS = 5
# A reading that occurs this often in our own sentences is a candidate, whatever the other data have.
_LIVING = 2
# The label of a polyphone whose reading is left to teachers.
OPEN = -1
# The weights of labels that dictionaries confirm, and of labels in sentences with an exchanged surname.
CONFIRMED, RENAMED = 0.4, 0.5


class Target(NamedTuple):
    """One polyphone.

    `at`: its place in the sentence. `label`: the index of its reading among the candidates, `OPEN` if nobody knows it
    as yet. `weight`: of the label. `kinds`: what the dictionaries say about each candidate, () if the label was made
    from them. `size`: the length of the word. `opinion`: the tagger's.
    """

    at: int
    label: int
    weight: float
    kinds: tuple[int, ...]
    size: int
    opinion: Floats | None = None


class Example(NamedTuple):
    """A sentence with its targets; `stands` says where each character stands in its word (`hints.positions`)."""

    text: str
    stands: list[int]
    targets: list[Target]
    fold: int = -1


def rows(path: Path) -> list[list[str]]:
    """The lines of a table."""
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def _hints(word: str) -> tuple[Hint, ...]:
    """What the dictionaries say; nothing of an ambiguous word, which langdu too reads without them."""
    said = hints(word)
    return tuple(hint._replace(readings=(), confirmed=False) for hint in said) if is_ambiguous(word) else said


class Corpus:
    """The candidates of every character, and the examples of every source."""

    def __init__(self, folder: Path, tagger: Tagger, most: int | None = None) -> None:
        """Of each source only the first `most` sentences are used."""
        self.folder = folder
        self.most = most
        self.tagger = tagger
        self.attested = self._attested()
        self.taught = {sentence[int(at)] for sentence, at, _ in rows(folder / "g2pl_train.tsv")}
        found = {char: self._candidates(char) for char in sorted(self.attested)}
        self.candidates = {char: readings for char, readings in found.items() if len(readings) > 1}
        self.syllables = {c: [Syllable(r[:-1], Tone(int(r[-1]))) for r in rs] for c, rs in self.candidates.items()}

    def _attested(self) -> dict[str, Counter[str]]:
        """How often each reading occurs in the training parts, for the characters of CPP and g2pL."""
        attested: dict[str, Counter[str]] = defaultdict(Counter)
        for sentence, at, reading in rows(self.folder / "g2pl_train.tsv"):
            attested[sentence[int(at)]][reading] += 1
        for char, counts in json.loads((self.folder / "cpp_train_counts.json").read_text(encoding="utf-8")).items():
            attested[char].update(counts)
        heard: dict[str, Counter[str]] = defaultdict(Counter)
        for sentence, labels in rows(self.folder / "aishell3_running.tsv"):
            for char, reading in zip(sentence, labels.split(" "), strict=True):
                heard[char][reading] += reading != "-"
        for char, counts in attested.items():
            for reading, times in heard[char].items():
                often = times >= 3 and times > 0.01 * heard[char].total()
                if reading not in counts and often and (char, reading) not in COLLOQUIAL:
                    counts[reading] += times
        for char, counts in self._of_our_own().items():
            if char in attested or len(counts) > 1:
                # Counted once: our sentences do not show how frequent a reading is.
                attested[char].update({reading: 1 for reading in counts if reading not in attested[char]})
        return {char: counts for char, counts in attested.items() if char not in "一不"}

    @staticmethod
    def _of_our_own() -> dict[str, Counter[str]]:
        own: dict[str, Counter[str]] = defaultdict(Counter)
        for sentence in own_sentences():
            for at, reading in sentence.labels:
                if reading[-1] != "5":  # dictionaries decide on neutral tones
                    own[sentence.text[at]][reading] += 1
        return {char: Counter({r: n for r, n in counts.items() if n >= _LIVING}) for char, counts in own.items()}

    def _candidates(self, char: str) -> list[str]:
        """The attested readings and, while there are fewer than six, those of the dictionaries."""
        out = sorted(self.attested[char], key=lambda reading: (-self.attested[char][reading], reading))
        more = [number(s) for s in lexicon.readings(char) if s.tone is not Tone.NEUTRAL]
        return out + [reading for reading in more if reading not in out][: max(0, 6 - len(out))]

    def _polyphones(self, text: str) -> tuple[list[int], dict[int, Hint]]:
        words = lexicon.split_words(text)
        hint_at = {
            word.start + place: hint
            for word in words
            for place, (char, hint) in enumerate(zip(word.of(text), _hints(word.of(text)), strict=True))
            if char in self.candidates
        }
        return positions(text, words), hint_at

    def _target(self, text: str, at: int, reading: str, hint: Hint, opinion: Floats | None) -> Target | None:
        """A target with a human label; None if the dictionaries alone decide there or confirm another reading."""
        char = text[at]
        first = hint.readings[0] if hint.readings else None
        if hint.confirmed and reading not in map(number, hint.readings):
            return None
        if reading not in self.candidates[char] or (first and hint.size > 1 and first.tone is Tone.NEUTRAL):
            return None
        kinds = tuple(hint_kind(syllable, hint) for syllable in self.syllables[char])
        return Target(at, self.candidates[char].index(reading), 1.0, kinds, hint.size, opinion)

    def labelled(self, name: str) -> list[Example]:
        """The sentences of CPP or g2pL; each has one label."""
        table = rows(self.folder / name)[: self.most]
        return self._labelled([(sentence, int(at), reading) for sentence, at, reading in table])

    def own(self, kinds: Collection[str] = (), *, held_out: bool) -> list[Example]:
        """Our own sentences of some kinds, or of all: those to learn from, or those that are held out."""
        every = [
            sentence
            for sentence in own_sentences()
            if sentence.held_out is held_out and sentence.labels and (not kinds or sentence.kind in kinds)
        ]
        return self._of_sentences(every[: self.most])

    def doubted(self, texts: Iterable[str]) -> list[Example]:
        """The sentences among these of which a person labelled what the network doubted."""
        return self._of_sentences(list(doubted.among(texts))[: self.most])

    def _of_sentences(self, kept: Sequence[LabelledSentence]) -> list[Example]:
        opinions = self.tagger.opinions([sentence.text for sentence in kept], self.candidates)
        out = []
        for sentence, opinion in zip(kept, opinions, strict=True):
            stands, hint_at = self._polyphones(sentence.text)
            targets = [
                self._target(sentence.text, at, reading, hint_at[at], opinion.get(at))
                for at, reading in sentence.labels
                if at in hint_at
            ]
            out.append(Example(sentence.text, stands, [target for target in targets if target]))
        return [example for example in out if example.targets]

    def names(self, texts: Iterable[str]) -> list[Example]:
        """The texts in which a person is named, with the surname replaced by a polyphone."""
        table = [row for row in renamed(texts, 3) if row[0][row[1]] in self.candidates]
        examples = self._labelled(table)
        return [e._replace(targets=[t._replace(weight=RENAMED) for t in e.targets]) for e in examples]

    def _labelled(self, table: Sequence[tuple[str, int, str]]) -> list[Example]:
        opinions = self.tagger.opinions([sentence for sentence, _, _ in table], self.candidates)
        out = []
        for (sentence, at, reading), opinion in zip(table, opinions, strict=True):
            stands, hint_at = self._polyphones(sentence)
            if at in hint_at and (target := self._target(sentence, at, reading, hint_at[at], opinion.get(at))):
                out.append(Example(sentence, stands, [target], zlib.crc32(sentence.encode()) % FOLDS))
        return out

    def running(self, name: str) -> list[Example]:
        """The sentences of AISHELL-3 without labels that contradict the only reading of a word."""
        table = [(sentence, labels.split(" ")) for sentence, labels in rows(self.folder / name)[: self.most]]
        opinions = self.tagger.opinions([sentence for sentence, _ in table], self.candidates)
        out = []
        for (sentence, labels), opinion in zip(table, opinions, strict=True):
            stands, hint_at = self._polyphones(sentence)
            targets = [
                self._target(sentence, at, labels[at], hint, opinion.get(at))
                for at, hint in hint_at.items()
                if labels[at] in map(number, hint.readings) or hint.size == 1
            ]
            out.append(Example(sentence, stands, [target for target in targets if target]))
        return [example for example in out if example.targets]

    def unlabelled(self, texts: Iterable[str], skip: Places = frozenset()) -> list[Example]:
        """Sentences labelled by confirmed words of the dictionaries and by patterns, except at the places `skip`."""
        out = []
        for text in dict.fromkeys(texts):
            stands, hint_at = self._polyphones(text)
            targets = [target for target in self._certain(text, hint_at) if (text, target.at) not in skip]
            out.append(Example(text, stands, targets))
        return [example for example in out if example.targets]

    def pool(self, texts: Iterable[str], skip: Places = frozenset()) -> list[Example]:
        """The same sentences with all their polyphones: those that nothing makes certain are open."""
        kept = list(dict.fromkeys(texts))
        out = []
        for text, opinion in zip(kept, self.tagger.opinions(kept, self.candidates), strict=True):
            stands, hint_at = self._polyphones(text)
            known = {target.at: target for target in self._certain(text, hint_at)}
            targets = [
                known.get(at) or self._open(text, at, hint, opinion.get(at))
                for at, hint in hint_at.items()
                if (text, at) not in skip
            ]
            out.append(Example(text, stands, [target for target in targets if target]))
        return [example for example in out if example.targets]

    def _certain(self, text: str, hint_at: Mapping[int, Hint]) -> Iterator[Target]:
        """What confirmed words and patterns say.

        The dictionaries' hints are hidden, so that the network learns to read from the context.
        """
        for at, hint in hint_at.items():
            syllables = self.syllables[text[at]]
            if hint.confirmed and len(self.attested[text[at]]) > 1 and hint.readings[0] in syllables:
                yield Target(at, syllables.index(hint.readings[0]), CONFIRMED, (), hint.size)
        for at, reading in labels_of_patterns(text):
            if at in hint_at and not hint_at[at].confirmed and reading in self.candidates[text[at]]:
                yield Target(at, self.candidates[text[at]].index(reading), CONFIRMED, (), hint_at[at].size)

    def _open(self, text: str, at: int, hint: Hint, opinion: Floats | None) -> Target | None:
        """A target without a label; None if the dictionaries decide there, or know a reading that is no candidate."""
        first = hint.readings[0] if hint.readings else None
        if hint.confirmed or first not in self.syllables[text[at]] or (hint.size > 1 and first.tone is Tone.NEUTRAL):
            return None
        kinds = tuple(hint_kind(syllable, hint) for syllable in self.syllables[text[at]])
        return Target(at, OPEN, 1.0, kinds, hint.size, opinion)

    def sentences(self, name: str, shortest: int, longest: int, most: int | None = None) -> list[str]:
        """Unlabelled sentences of these lengths, at most `most` of them, drawn by chance."""
        lines = (self.folder / "unlabelled" / name).read_text(encoding="utf-8").splitlines()
        kept = [line.strip() for line in lines if shortest <= len(line.strip()) <= longest]
        most = min(most or len(kept), self.most or len(kept))
        return random.Random(0).sample(kept, most) if most < len(kept) else kept  # noqa: S311 - nothing secret


def texts_of(*examples: Sequence[Example]) -> list[str]:
    """The sentences of some examples."""
    return [example.text for source in examples for example in source]
