"""Pinyin by words (GB/T 16159), names of people, and meanings."""

from __future__ import annotations

import lzma
from typing import TYPE_CHECKING

import pytest

from langdu.errors import ConfigError
from langdu.lexicon import meanings
from langdu.pinyin import parse_syllable
from langdu.pipeline.study.names import names_in
from programs import langdu
from tables import golden

if TYPE_CHECKING:
    from pathlib import Path


def test_golden() -> None:
    table = golden("orthography.txt")
    done = langdu("pinyin", "--lines", "--words", stdin="\n".join(written for written, _ in table) + "\n")
    assert done.stdout.splitlines() == [wanted for _, wanted in table]


@pytest.mark.parametrize(
    ("style", "syllables", "words"),
    [
        ("marks", "chóng qìng rén wánr", "Chóngqìng rén wánr."),
        ("numbers", "chong2 qing4 ren2 wanr2", "Chong2qing4 ren2 wanr2."),
        ("toneless", "chong qing ren wanr", "Chongqing ren wanr."),
        ("zhuyin", "ㄔㄨㄥˊ ㄑㄧㄥˋ ㄖㄣˊ ㄨㄢˊㄦ", "ㄔㄨㄥˊㄑㄧㄥˋ ㄖㄣˊ ㄨㄢˊㄦ."),
    ],
)
def test_styles(style: str, syllables: str, words: str) -> None:
    line = "重庆人玩儿。\n"
    assert langdu("pinyin", "--lines", "--style", style, stdin=line).stdout == f"{syllables}\n"
    assert langdu("pinyin", "--lines", "--style", style, "--words", stdin=line).stdout == f"{words}\n"


def test_annotations_are_obeyed_and_kept_whole(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("他叫单(shàn)雄信。\n\n清早，六安(Lù'ān)的长街。\n", encoding="utf-8")
    assert "Lù'ān de cháng" in langdu("pinyin", "a.txt", "--words", cwd=tmp_path).stdout


def test_json_has_the_words() -> None:
    out = langdu("pinyin", "--lines", "--words", "--json", stdin="重庆很好。\n").stdout
    assert '"pinyin": "Chóngqìng hěn hǎo.", "words": [{"text": "重庆", "pinyin": "Chóngqìng"}' in out
    assert '"readings": ["chong2", "qing4", "hen3", "hao3", null]' in out
    assert '"words"' not in langdu("pinyin", "--lines", "--json", stdin="重庆很好。\n").stdout


def test_the_er_of_an_erhua_is_not_printed() -> None:
    lines = "院儿里有枣树。\n一盘儿西瓜。\n他爱女儿。\n"
    out = langdu("pinyin", "--lines", "--words", stdin=lines).stdout
    assert out == "Yuànr lǐ yǒu zǎoshù.\nYī pánr xīguā.\nTā ài nǚ'ér.\n"
    out = langdu("pinyin", "--lines", "--words", "--json", stdin="院儿里有枣树。\n").stdout
    assert '"words": [{"text": "院儿", "pinyin": "yuànr"}' in out.replace("Yuànr", "yuànr")


def test_the_tones_that_are_heard() -> None:
    out = langdu("pinyin", "--lines", "--words", "--surface", stdin="你很好，不是吗？\n").stdout
    assert out == "Ní hén hǎo, búshìma?\n"


def test_an_unknown_style() -> None:
    assert "toneless" in langdu("pinyin", "--lines", "--style", "wade", stdin="好\n", ok=(2,)).stderr


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("王建国说，他来了。", {"王建国"}),
        ("记者张伟在场。", {"张伟"}),
        ("他和李小明去了。", {"李小明"}),
        ("欧阳震华表示同意。", {"欧阳震华"}),
        ("村民曾青松说。", {"曾青松"}),
        ("甲方应当提供，乙方依法支付。", set()),  # 方 is a party to a contract
        ("一张照片，一段时间，高兴地说。", set()),
        ("王先生说，李老师来了。", set()),
    ],
)
def test_names_of_people(text: str, names: set[str]) -> None:
    assert names_in([text]) == names


@pytest.mark.parametrize(
    ("word", "reading", "first"),
    [
        ("长", "zhǎng", "chief"),
        ("王", "wáng", "king or monarch"),  # before the surname
        ("六安", "lù ān", "Lu'an prefecture-level city in Anhui"),  # the entry only refers to 六安市
        ("學生", "xué sheng", "student"),
        ("玩儿", "wánr", "to play"),
        ("没有的词", "", None),
    ],
)
def test_meanings(word: str, reading: str, first: str | None) -> None:
    found = meanings.meanings(word, [parse_syllable(written) for written in reading.split()])
    assert (found[0] if found else None) == first


def test_no_file_of_meanings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (None, b"damaged", lzma.compress(b"\xff")):
        path = tmp_path / "meanings.bin"
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setattr(meanings, "_PATH", path)
        meanings._lines.cache_clear()  # noqa: SLF001
        with pytest.raises(ConfigError, match="pip install -e"):
            meanings.entries("长")
    meanings._lines.cache_clear()  # noqa: SLF001
