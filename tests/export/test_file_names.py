"""Titles as names of files: whatever a title is, every system can write, copy and open what is called after it."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import langdu
from langdu.export import FORMATS
from langdu.model import Source
from langdu.output.folder import file_name
from langdu.parse.parser import parse_article
from langdu.pipeline.layout import Layout
from langdu.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

# Source: Microsoft, Naming Files, Paths, and Namespaces.
DEVICE = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE | re.DOTALL)
DEVICES = [
    *("CON", "con", "PRN", "AUX", "nul", "NUL.", "NUL .", " con ", "CON.", "“Con”", "lpt1", "COM1", "com9", "COM0"),
    *("COM¹", "LPT³", "CON.", "...CON...", "CON\t", "aux…", "NUL\0", "C\u200bON"),
]
ODD = [
    "", ".", "..", "...", "~", "-", "--help", " ", "a.", "a ", "a. . .", "/", "\\", "../../etc", "C:", "a:b", "nul/..",
    "001",
]  # fmt: skip
LONG = [
    "春" * 300,
    "\U00020000" * 300,
    "é" * 300,
    "e\u0301" * 300,
    "a" * 4000,
    "한" * 300,
    "\U0001e900" * 90,
    "0" * 300,
]


def fits_every_system(name: str) -> None:
    assert name
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]', name)
    assert name[0] not in "-~ ."
    assert name[-1] not in " ."
    assert not DEVICE.fullmatch(name)
    assert len(name.encode()) <= 255
    assert len(name.encode("utf-16-le")) <= 2 * 255


@pytest.mark.parametrize("title", [*DEVICES, *ODD, *LONG])
def test_every_title(title: str) -> None:
    for name in Layout(slug=file_name(title), paragraphs=2, formats=tuple(FORMATS)).names:
        fits_every_system(name)
    fits_every_system(file_name(title))


@given(title=st.text())
def test_any_title(title: str) -> None:
    for name in Layout(slug=file_name(title), paragraphs=2, formats=tuple(FORMATS)).names:
        fits_every_system(name)


def test_a_title_that_fits_is_not_cut() -> None:
    assert file_name("春" * 60) == "春" * 60
    assert file_name("\U00020000" * 46) == "\U00020000" * 45, "no character is cut in two"


@pytest.mark.parametrize("title", ["CON", "../../outside", "春" * 60])
def test_a_narration_is_called_after_it(tmp_path: Path, title: str) -> None:
    article = parse_article(Source("a.txt", f"{title}\n\n春天来了。\n", title=title))
    made = langdu.narrate(article, None, Settings(voice="silence", formats=("srt",), audio_dir=tmp_path / "audio"))
    fits_every_system(made.folder.name)
    assert made.folder.parent == tmp_path / "audio"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["audio"]
    if sys.platform != "win32":
        assert sorted(path.name for path in made.folder.iterdir() if path.is_file()) == sorted(made.files)
