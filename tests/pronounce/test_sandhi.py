"""Tone sandhi, from a golden table."""

from __future__ import annotations

import pytest

from langdu import pinyin
from langdu.model import NormalizedText, Paragraph, Run
from langdu.pronounce import pronounce
from tables import golden


@pytest.mark.parametrize(("written", "heard"), golden("sandhi.txt"))
def test_heard(written: str, heard: str) -> None:
    paragraph = Paragraph(0, (Run(written, 0),))
    readings = pronounce(paragraph, NormalizedText(written, written), {})
    assert " ".join(pinyin.spell(r.surface) for r in readings if r) == heard
