"""Which sentences a network or the encoder learns from, and how often it sees each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flat import Flat, joined, share

if TYPE_CHECKING:
    from material import Material

# How often the examples of CPP, of our own, and of our passages among them are shown in an epoch. In most of our
# sentences both readings of a character are equally frequent; the passages show how frequent they are.
CPP, OWN, PASSAGES = 3, 3, 3
# Without soft labels, so many of the sentences labelled without people are among them in the second step. All of them
# would drown the labels of people.
_MIXED_IN = {"common_voice.txt": 0.18, "aishell3.txt": 0.08, "g2pl": 0.15, "cpp": 0.25}
# With soft labels, so many of the pool.
_POOLED = 0.5
# The encoder knows Chinese already: it sees less, and no statutes.
_ENCODER_CPP, _ENCODER_OWN, _ENCODER_MIXED = 2, 3, 0.2


def of_encoder(material: Material) -> Flat:
    """What the encoder learns from."""
    sources = material.sources
    mixed = [name for name in material.names("certain") if name != "certain/laws.txt"]
    drawn = [share(sources[name], _ENCODER_MIXED, 5) for name in mixed]
    repeated = [sources["cpp"]] * _ENCODER_CPP + [sources["own"]] * _ENCODER_OWN
    return joined([*repeated, sources["people"], sources["names"], *drawn])


def first(material: Material) -> Flat:
    """The first step without soft labels: much text, of which people labelled little."""
    return joined([material.sources[name] for name in ("people", *material.names("certain"))])


def second(material: Material) -> Flat:
    """The second step without soft labels: the labels of people, and some of the rest."""
    drawn = [share(material.sources[f"certain/{name}"], part, 5) for name, part in _MIXED_IN.items()]
    return joined(_of_people(material) + drawn)


def first_soft(material: Material, pool: dict[str, Flat]) -> Flat:
    """The first step with the pool, which has soft labels."""
    return joined([material.sources["people"], material.sources["own"], *pool.values()])


def second_soft(material: Material, pool: dict[str, Flat]) -> Flat:
    """The second step with some of the pool."""
    return joined(_of_people(material) + [share(flat, _POOLED, 6) for flat in pool.values()])


def third(material: Material, pool: dict[str, Flat]) -> Flat:
    """The third step: everything about as often as it occurs, so that rare readings become rare again."""
    sources = material.sources
    repeated = [sources["cpp"]] * 2 + [sources["passages"]] * 2
    return joined([*repeated, sources["own"], sources["names"], sources["people"], *pool.values()])


def _of_people(material: Material) -> list[Flat]:
    sources = material.sources
    repeated = [sources["cpp"]] * CPP + [sources["own"]] * OWN + [sources["passages"]] * PASSAGES
    return [*repeated, sources["names"], sources["people"]]
