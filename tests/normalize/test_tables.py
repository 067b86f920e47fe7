"""The tables can be trusted: each names its source, has one shape, and no word twice."""

from __future__ import annotations

from importlib import resources

import pytest

from langdu.normalize import tables

NAMES = sorted(
    file.name.removesuffix(".tsv")
    for file in resources.files("langdu.data").joinpath("normalize").iterdir()
    if file.name.endswith(".tsv")
)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_names_its_source(name: str) -> None:
    text = resources.files("langdu.data").joinpath("normalize", f"{name}.tsv").read_text(encoding="utf-8")
    notes = [line for line in text.splitlines() if line.startswith("# ")]
    assert text.startswith("# ")
    assert any("Source:" in note for note in notes)


@pytest.mark.parametrize("name", NAMES)
def test_rows_have_one_shape_and_are_not_repeated(name: str) -> None:
    rows = tables.rows(name)
    assert len({len(row) for row in rows}) == 1
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("name", ["currencies", "emoji", "english", "number_names", "net_signs", "signs", "units"])
def test_what_is_said_is_hanzi_letters_and_punctuation(name: str) -> None:
    written, spoken = zip(*tables.rows(name), strict=True)
    assert len(set(written)) == len(written)
    assert not any(char.isdigit() for form in spoken for char in form)
