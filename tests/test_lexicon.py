"""The compiled lexicon: what it knows, and its errors for a damaged file."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from langdu import lexicon
from langdu.errors import ConfigError
from langdu.model import Span, Syllable, Tone
from langdu.pinyin import number, parse_syllable, spell, spell_word
from tables import golden

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.mark.parametrize(("word", "wanted"), golden("lexicon/words.txt"))
def test_readings_of_words(word: str, wanted: str) -> None:
    assert " | ".join(map(spell_word, lexicon.word_readings(word))) == wanted


@pytest.mark.parametrize(("char", "wanted"), golden("lexicon/characters.txt"))
def test_usual_readings(char: str, wanted: str) -> None:
    usual = lexicon.default_reading(char)
    assert usual is not None
    assert spell(usual) == wanted
    assert lexicon.readings(char)[0] == usual


@pytest.mark.parametrize(("text", "words"), golden("lexicon/cuts.txt"))
def test_words_of_a_text(text: str, words: str) -> None:
    assert " ".join(span.of(text) for span in lexicon.split_words(text)) == words


def test_every_reading_of_a_character() -> None:
    assert {number(s) for s in lexicon.readings("行")} >= {"xing2", "hang2", "heng2"}
    assert {number(s) for s in lexicon.readings("差")} >= {"cha4", "cha1", "chai1", "ci1"}
    assert Syllable("xi", Tone.NEUTRAL) in lexicon.readings("西")
    assert [spell(s) for s in lexicon.readings("㐖")] == ["xié"]
    assert [spell(s) for s in lexicon.readings("𫖯")] == ["fǔ"]


@pytest.mark.parametrize("char", ["a", "。", "1", "か", "😀", "\n"])
def test_what_is_no_hanzi_has_no_reading(char: str) -> None:
    assert lexicon.readings(char) == ()
    assert lexicon.default_reading(char) is None


def test_a_character_is_no_word() -> None:
    assert lexicon.word_readings("长") == ()
    assert lexicon.word_readings("") == ()


def test_erhua_is_one_syllable() -> None:
    assert lexicon.word_readings("玩儿")[0] == (Syllable("wan", Tone.RISING, erhua=True),)


def test_no_text_has_no_words() -> None:
    assert lexicon.split_words("") == []


def cut(text: str, extra: tuple[str, ...]) -> list[str]:
    return [span.of(text) for span in lexicon.split_words(text, extra)]


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("长途区号", 2, "区号"),
        ("以养殖为主要", 3, "为主"),
        ("不服水土不服", 4, "不服 水土不服"),
        ("区", 0, ""),
        ("a区b", 1, ""),
        ("區號", 0, "區號"),
    ],
)
def test_words_over_a_character(text: str, at: int, words: str) -> None:
    found = [span.of(text) for span in lexicon.words_over(text, at)]
    assert set(words.split()) <= set(found)
    assert all(text.index(word) <= at for word in found)
    assert words or not found


def test_extra_words_are_words() -> None:
    assert cut("尕斯库勒在青海", ()) != ["尕斯库勒", "在", "青海"]
    assert cut("尕斯库勒在青海", ("尕斯库勒",)) == ["尕斯库勒", "在", "青海"]
    assert cut("長辰亂在這", ("长辰乱",)) == ["長辰亂", "在", "這"]
    assert cut("长辰乱在这", ("長辰亂",)) == ["长辰乱", "在", "这"]


def test_extra_words_do_not_cut_more_probable_ones() -> None:
    assert cut("研究生命题", ("生命",)) == ["研究生", "命题"]
    assert cut("从小学习", ("小学",)) == ["从小", "学习"]


def test_extra_words_that_are_none_are_left_alone() -> None:
    assert cut("在中国用GDP", ("国", "GDP", "国用G", "")) == cut("在中国用GDP", ())


def test_extra_words_are_gone_afterwards() -> None:
    before = lexicon.split_words("尕斯库勒在青海")
    lexicon.split_words("尕斯库勒在青海", ["尕斯库勒"])
    assert lexicon.split_words("尕斯库勒在青海") == before


# --- the file -------------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The path of a lexicon that is read instead of the built one."""
    caches = (lexicon._file, lexicon._row, lexicon.word_entry)  # noqa: SLF001 - a lexicon is read once a process
    path = tmp_path / "lexicon.bin"
    monkeypatch.setattr(lexicon, "_PATH", path)
    for kept in caches:
        kept.cache_clear()
    yield path
    for kept in caches:
        kept.cache_clear()


def built() -> bytes:
    return (resources.files("langdu.data") / "lexicon.bin").read_bytes()


def test_a_missing_file(elsewhere: Path) -> None:
    with pytest.raises(ConfigError, match=r"no lexicon at .*lexicon\.bin; .*pip install -e \.") as caught:
        lexicon.readings("长")
    assert str(elsewhere) in str(caught.value)


@pytest.mark.parametrize("damage", ["one byte", "cut short", "another version", "other file"])
def test_a_damaged_file(elsewhere: Path, damage: str) -> None:
    whole = built()
    middle = len(whole) // 2
    damaged = {
        "one byte": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "cut short": whole[:-1],
        "another version": whole.replace(b"langdu-lexicon/", b"langdu-lexicon.", 1),
        "other file": b"\x89PNG",
    }
    elsewhere.write_bytes(damaged[damage])
    with pytest.raises(ConfigError, match=r"damaged or of another version; .*pip install -e \."):
        lexicon.split_words("长春")


def test_an_empty_file(elsewhere: Path) -> None:
    elsewhere.write_bytes(b"")
    with pytest.raises(ConfigError, match=r"pip install -e \."):
        lexicon.split_words("长春")


def test_it_imports_little() -> None:
    code = "import sys, langdu.lexicon as l; l.readings('长'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pypinyin", "jieba", "opencc"} & set(done.stdout.split())


# --- against a dictionary --------------------------------------------------------------------------------------------


def test_it_has_the_words_of_a_dictionary(shared: Path) -> None:
    rows = (shared / "data" / "pinyin" / "cedict_pairs.tsv").read_text(encoding="utf-8").splitlines()
    words = [
        (word, [parse_syllable(s) for s in spelled.split(" ")]) for word, spelled in (row.split("\t") for row in rows)
    ]
    known = sum(bool(lexicon.word_readings(word)) for word, _ in words)
    assert known >= 0.999 * len(words)
    covered = [
        s in lexicon.readings(c) for word, way in words if len(word) == len(way) for c, s in zip(word, way, strict=True)
    ]
    assert sum(covered) >= 0.9999 * len(covered)


def test_spans_are_spans() -> None:
    assert lexicon.split_words("长春A") == [Span(0, 2), Span(2, 3)]


@pytest.mark.parametrize(
    ("word", "ways"),
    [
        ("风筝", ["fēngzheng", "fēngzhēng"]),
        ("队伍", ["duìwu", "duìwǔ"]),
        ("老先生", ["lǎoxiānsheng", "lǎoxiānshēng"]),
        ("买卖", ["mǎimài"]),  # also two words: 买卖双方
        ("士大夫", ["shìdàfū"]),  # not a 大夫 (dàifu)
    ],
)
def test_neutral_tones_that_no_dictionary_writes(word: str, ways: list[str]) -> None:
    assert [spell_word(way) for way in lexicon.word_readings(word)] == ways
