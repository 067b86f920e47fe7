"""Hanzi that stand in for others, for voices that take hanzi only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from langdu import engines, lexicon, pinyin
from langdu.engines import Obeys
from langdu.model import Pauses
from langdu.pipeline.text import Taught, script_of_line

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.model import Syllable
    from langdu.pipeline.text import Script

GTTS = engines.create("gtts", None).capabilities
FRAMES = ("老师写的“{}”字很好看。", "请再念一遍{}。", "他说{}就是这个意思，没有说错。")


def script(line: str) -> Script:
    return script_of_line(line, Taught({}, {}), Pauses(), GTTS, literal=False)


def sent(line: str) -> str:
    """What the voice is given for a line."""
    return "".join(each.written or each.text for each in script(line).utterances)


def read(written: str) -> Syllable:
    """One syllable with its mark."""
    letters = pinyin.Letters.read(written)
    assert letters
    return letters.splits(1)[0][0]


def test_the_voice_takes_hanzi_only() -> None:
    assert GTTS.obeys_pinyin is Obeys.BY_HOMOPHONE


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("他想还(huán)书。", "他想环书。"),
        ("长(cháng)高的树", "常高的树"),
        ("曾(zēng)先生说了(liǎo)算", "憎先生说蓼算"),
        ("银行(háng)行(xíng)长(zhǎng)来了。", "银行形掌来了。"),  # not 型, which would make a word with what follows
        ("大夫(dàifu)来了。", "大夫来了。"),  # read right without help
    ],
)
def test_what_would_be_read_otherwise_is_written_otherwise(line: str, wanted: str) -> None:
    assert sent(line) == wanted


@pytest.mark.parametrize(
    "line",
    [
        "重(chóng)新开始。",  # a word that everybody reads so
        "校长(xiàozhǎng)说好。",
        "长春(chángchūn)在东北。",
        "一(yí)个人不(bú)去。",  # sandhi, which every voice knows
        "好玩儿(wánr)吗？",
        "他还在重庆唱歌。",  # nobody has said how: the voice may know better
        "我的书(shū)。",
    ],
)
def test_what_is_read_so_anyway_stays(line: str) -> None:
    made = script(line)
    assert sent(line) == made.normalized.spoken
    assert made.substitutions == ()


def test_what_nothing_else_can_say_stays_and_is_told() -> None:
    made = script("你得(děi)走，东西(dōngxi)放这儿。")
    (only,) = made.substitutions
    assert (only.text, only.written, pinyin.spell(only.wanted)) == ("得", None, "děi")
    assert sent("你得(děi)走") == "你得走"


def test_pinyin_is_written_in_hanzi() -> None:
    hanzi = sent("wǒ shuō chángchūn de dàxué")
    assert lazy_pinyin(hanzi, style=Style.TONE3) == ["wo3", "shuo1", "chang2", "chun1", "de", "da4", "xue2"]


def test_polyphones(project: Path) -> None:
    rows = (project / "tests" / "golden" / "homophones.txt").read_text(encoding="utf-8").splitlines()
    asked = [row.split() for row in rows if not row.startswith("#")]
    lines = [(frame.format(f"{char}({reading})"), char, reading) for char, reading in asked for frame in FRAMES]
    found = []
    for line, char, reading in lines:
        assert lexicon.default_reading(char) not in (None, read(reading)), line
        found += [(each.written, reading) for each in script(line).substitutions if each.text == char and each.written]
    assert len(lines) > 200
    assert len(found) / len(lines) >= 0.95
    for written, reading in found:  # another dictionary reads each as it was wanted
        assert lazy_pinyin(written or "", style=Style.TONE) == [reading]


@given(text=st.text(alphabet="长(cháng)行(xíng)了(liǎo)儿(ér)的一不，。A3 ", max_size=30))
def test_the_text_keeps_its_length_and_its_marks(text: str) -> None:
    made = script(f"长{text}")  # a line without a hanzi must be pinyin
    for utterance in made.utterances:
        written = utterance.written or utterance.text
        assert len(written) == len(utterance.text)
        assert all(a == b or reading for a, b, reading in zip(written, utterance.text, utterance.readings, strict=True))
