"""What the networks learn from and are measured on, as arrays in one file: the other steps need no other data."""

from __future__ import annotations

import json
import zlib
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from corpus import FOLDS, Corpus, Example, rows, texts_of
from flat import Flat, chosen, flatten
from network import Polyphones
from own import sentences as own_sentences
from vectors import vectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from langdu.pronounce.weights import Floats

# The fold of CPP that no network sees, and on which all are measured.
LEFT_OUT = 0
# Sentences without labels for which certain words and patterns make some, and how many statutes are among them.
_SHORT, _STATUTES = (2, 80), 4000
# Sentences of the pool, which teachers label: they fit into a window of the reader.
_POOLED, _STATUTES_POOLED, _LONGEST = (4, 126), 9000, 126
# Sentences with labels of doubted places may have any length.
_ANY = (1, 1000)
# Our passages: in them readings are as frequent as in what people narrate.
_PASSAGES = ("reports", "news", "narrated", "articles", "tales", "stories", "notes", "passages")
SPOKEN = ("common_voice.txt", "aishell3.txt")
FILES = (*SPOKEN, "tatoeba.txt", "laws.txt")


class Material(NamedTuple):
    """The candidates of every polyphone, how often each occurs, the characters with their vectors, and the sentences.

    `sources`: cpp, people, own, names, and passages, a part of own, have labels of people; certain/… have those that
    follow from dictionaries and patterns; pool/… have these, and open polyphones; unseen/… are for measuring.
    """

    candidates: dict[str, list[str]]
    polyphones: Polyphones
    characters: str
    vectors: Floats
    sources: dict[str, Flat]

    def names(self, kind: str) -> list[str]:
        """The names of the sources of one kind."""
        return [name for name in self.sources if name.startswith(f"{kind}/")]


def prepare(corpus: Corpus) -> Material:
    """Read and label everything. This takes some minutes."""
    examples = dict(_of_people(corpus)) | dict(_certain(corpus))
    seen = [name for name in examples if name in {"people", "cpp"} or name.startswith("certain/")]
    characters, table = vectors(texts_of(*(examples[name] for name in seen)))
    labelled = chain(examples.items(), _pool(corpus), _unseen(corpus))
    sources = {name: flatten(each, corpus.candidates) for name, each in labelled}
    sources["unseen/cpp"] = chosen(sources["cpp"], sources["cpp"].fold == LEFT_OUT)
    sources["cpp"] = chosen(sources["cpp"], sources["cpp"].fold != LEFT_OUT)
    return Material(corpus.candidates, _polyphones(corpus), characters, table, sources)


def _of_people(corpus: Corpus) -> Iterator[tuple[str, list[Example]]]:
    """What people labelled."""
    yield "cpp", corpus.labelled("cpp_dev.tsv")
    yield "people", corpus.labelled("g2pl_train.tsv") + corpus.running("aishell3_running.tsv")
    yield "own", corpus.own(held_out=False) + corpus.doubted(_every_text(corpus))
    yield "passages", corpus.own(_PASSAGES, held_out=False)
    yield "names", corpus.names(text for name in SPOKEN for text in corpus.sentences(name, *_SHORT))


def _certain(corpus: Corpus) -> Iterator[tuple[str, list[Example]]]:
    heard = {sentence for sentence, _ in rows(corpus.folder / "aishell3_running.tsv")}
    for name in FILES:
        texts = corpus.sentences(name, *_SHORT, _STATUTES if name == "laws.txt" else None)
        yield f"certain/{name}", corpus.unlabelled(text for text in texts if text not in heard)
    yield "certain/g2pl", corpus.unlabelled(_texts(corpus, "g2pl_train.tsv"))
    yield "certain/cpp", corpus.unlabelled(_texts(corpus, "cpp_dev.tsv"), _asked(corpus))


def _pool(corpus: Corpus) -> Iterator[tuple[str, list[Example]]]:
    measured = {sentence for sentence, _ in rows(corpus.folder / "thchs30_running.tsv")}
    for name in FILES:
        texts = corpus.sentences(name, *_POOLED, _STATUTES_POOLED if name == "laws.txt" else None)
        yield f"pool/{name}", corpus.pool(text for text in texts if text not in measured)
    yield "pool/g2pl", corpus.pool(_cut(_texts(corpus, "g2pl_train.tsv")))
    asked = frozenset((text[:_LONGEST], at) for text, at in _asked(corpus))
    yield "pool/cpp", corpus.pool(_cut(_of_cpp(corpus)), asked)
    yield "pool/own", corpus.pool(_cut(_of_our_own()[: corpus.most]))


def _unseen(corpus: Corpus) -> Iterator[tuple[str, list[Example]]]:
    yield "unseen/own", corpus.own(held_out=True)
    yield "unseen/g2pl", corpus.labelled("g2pl_dev.tsv")
    yield "unseen/thchs30", corpus.running("thchs30_running.tsv")


def _every_text(corpus: Corpus) -> Iterator[str]:
    """All sentences that networks may learn from."""
    for name in FILES:
        yield from corpus.sentences(name, *_ANY)
    yield from chain(_texts(corpus, "g2pl_train.tsv"), _of_cpp(corpus), _of_our_own())


def _texts(corpus: Corpus, name: str) -> list[str]:
    return [row[0] for row in rows(corpus.folder / name)[: corpus.most]]


def _of_cpp(corpus: Corpus) -> list[str]:
    return [text for text in _texts(corpus, "cpp_dev.tsv") if zlib.crc32(text.encode()) % FOLDS != LEFT_OUT]


def _of_our_own() -> list[str]:
    return [sentence.text for sentence in own_sentences() if not sentence.held_out]


def _asked(corpus: Corpus) -> frozenset[tuple[str, int]]:
    return frozenset((sentence, int(at)) for sentence, at, _ in rows(corpus.folder / "cpp_dev.tsv"))


def _cut(texts: Iterable[str]) -> list[str]:
    return [text[:_LONGEST] for text in texts]


def _polyphones(corpus: Corpus) -> Polyphones:
    counts = np.full((len(corpus.candidates), max(map(len, corpus.candidates.values()))), -1, np.int32)
    for row, (char, readings) in zip(counts, corpus.candidates.items(), strict=True):
        row[: len(readings)] = [corpus.attested[char][reading] for reading in readings]
    return Polyphones(counts, np.array([char in corpus.taught for char in corpus.candidates]))


def save(material: Material, path: Path) -> None:
    """Write the material to a file."""
    arrays = {f"{name}:{field}": array for name, flat in material.sources.items() for field, array in _named(flat)}
    about = json.dumps([material.candidates, material.characters])
    with path.open("wb") as file:
        np.savez_compressed(
            file, allow_pickle=False, about=about, vectors=material.vectors, **material.polyphones._asdict(), **arrays
        )


def _named(flat: Flat) -> Sequence[tuple[str, np.ndarray]]:
    return list(flat._asdict().items())


def load(path: Path) -> Material:
    """Read the material from a file."""
    with np.load(path) as stored:
        arrays: Mapping[str, np.ndarray] = {name: stored[name] for name in stored.files}
    candidates, characters = json.loads(str(arrays["about"]))
    names = dict.fromkeys(name.split(":")[0] for name in arrays if ":" in name)
    sources = {name: Flat(*(arrays[f"{name}:{field}"] for field in Flat._fields)) for name in names}
    polyphones = Polyphones(arrays["counts"], arrays["taught"])
    return Material(candidates, polyphones, characters, arrays["vectors"], sources)
