"""The user's own readings: tables, what is wrong with them, which wins, and what they change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langdu import pinyin
from langdu.errors import ConfigError
from langdu.lexicon.user import own_english, own_words, parse_table, read_table, table_lines, user_entry, with_entry
from langdu.pipeline.say import say
from langdu.settings import Settings
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("row", "phrase", "reading"),
    [
        ("六安\tLù'ān", "六安", "lu4 an1"),
        ("重音\tchong2yin1", "重音", "chong2 yin1"),
        ("方案\tfāngàn", "方案", "fang1 an4"),
        ("好玩儿\thǎowánr", "好玩儿", "hao3 wanr2"),
        ("的\tde5", "的", "de5"),
        ("乐\tyuè\t我乐乐", "我乐乐", "wo3 yue4 le4"),
        (" 行 \t xíng \t 银行卡 ", "银行卡", "yin2 xing2 ka3"),
    ],
)
def test_a_line_says_how_a_text_is_read(row: str, phrase: str, reading: str) -> None:
    (made,) = parse_table(f"# head\n\n{row}\r\n", "a.tsv")
    text, syllables = made.phrase()
    assert (text, pinyin.join_numbers(syllables)) == (phrase, reading)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("六安\tlu an", "a.tsv:1: 'lu an' has no tones"),
        ("六安\thello", "a.tsv:1: 'hello' is not pinyin"),
        ("六安\tlù", "a.tsv:1: 六安 has 2 hanzi, 'lù' 1 syllable"),
        ("六安", "a.tsv:1: write a word, a tab and its reading"),
        ("六安\tlù'ān\t六安\tx", "a.tsv:1: write a word, a tab and its reading"),
        ("abc\tlù'ān", "a.tsv:1: abc is said with hanzi"),
        ("六a\tlù'ān", "a.tsv:1: '六a' is not a word in hanzi"),
        ("六安\tlù'ān\t安徽", "a.tsv:1: the context '安徽' must be hanzi in which 六安 stands"),
        ("# x\n六安\tlù'ān\n六安\tliù'ān", "a.tsv:3: 六安 stands twice: line 2 has it too"),
    ],
)
def test_a_bad_line_is_told_with_file_and_line(rows: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_table(rows, "a.tsv")
    assert str(caught.value).startswith(says)


def test_one_word_may_be_said_again_in_another_context() -> None:
    assert len(parse_table("行\txíng\n行\tháng\t银行\n", "a.tsv")) == 2


def test_the_nearest_table_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("langdu.lexicon.user.user_table", lambda: tmp_path / "config.tsv")
    tables = {
        "config.tsv": "甲乙\tjia1yi2\n丙丁\tbing3ding2\n",
        "lexicon.tsv": "丙丁\tbing4ding1\n",
        "c.tsv": "丙丁\tbing1ding1\n",
    }
    for name, rows in tables.items():
        (tmp_path / name).write_text(rows, encoding="utf-8")

    def said(source: str | None, chosen: Path | None) -> dict[str, str]:
        return {word: pinyin.join_numbers(s) for word, s in own_words(source, chosen).items()}

    assert said(None, None) == {"甲乙": "jia1 yi2", "丙丁": "bing3 ding2"}
    assert said(str(tmp_path / "article.txt"), None) == {"甲乙": "jia1 yi2", "丙丁": "bing4 ding1"}
    assert said(str(tmp_path / "article.txt"), tmp_path / "c.tsv") == {"甲乙": "jia1 yi2", "丙丁": "bing1 ding1"}


WORDS = st.sampled_from(
    [("六安", "lù'ān", ""), ("六安", "liù'ān", ""), ("乐", "yuè", "我乐乐"), ("乐", "lè", ""), ("行", "háng", "")]
)


@given(st.lists(WORDS, max_size=8))
def test_what_is_added_last_is_what_the_table_says(rows: list[tuple[str, str, str]]) -> None:
    table = ""
    for row in rows:
        table = with_entry(table, user_entry(*row))
    wanted = {(word, context): user_entry(word, reading, context) for word, reading, context in rows}
    assert {(e.word, e.context): e for e in parse_table(table, "a.tsv")} == wanted


def test_adding_keeps_every_other_line() -> None:
    table = "# mine\n\n六安\tliu4an1\n重音\tchong2yin1\n"
    assert with_entry(table, user_entry("六安", "lù'ān")) == "# mine\n\n六安\tlù'ān\n重音\tchong2yin1\n"


# --- the commands ---------------------------------------------------------------------------------------------------


def test_add_list_and_read(tmp_path: Path) -> None:
    home = {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    langdu("lexicon", "add", "重音", "chóngyīn", environment=home)
    langdu("lexicon", "add", "乐", "yuè", "--context", "我乐乐", environment=home)
    assert langdu("lexicon", "list", environment=home).stdout == "重音\tchóngyīn\n乐\tyuè\t我乐乐\n"
    out = langdu("pinyin", "--lines", stdin="重音\n他说我乐乐\n", environment=home).stdout
    assert out == "chóng yīn\ntā shuō wǒ yuè lè\n"
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["lexicon.tsv"]


def test_bad_words_are_not_added(tmp_path: Path) -> None:
    table = tmp_path / "a.tsv"
    assert "2 hanzi" in langdu("lexicon", "add", "重音", "chóng", "--lexicon", str(table), ok=(2,)).stderr
    assert not table.exists()
    table.write_text("重音\n", encoding="utf-8")
    assert "a.tsv:1" in langdu("lexicon", "add", "重音", "chóngyīn", "--lexicon", str(table), ok=(2,)).stderr
    assert table.read_text(encoding="utf-8") == "重音\n"


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    done = langdu("pinyin", "--lines", "--lexicon", str(tmp_path / "no.tsv"), stdin="重音\n", ok=(2,))
    assert "no.tsv; check its name" in done.stderr


def test_the_check_believes_the_user(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("请注意重音(chóngyīn)和六安(liùān)。\n", encoding="utf-8")

    def rules() -> list[str]:
        out = langdu("check", str(article), "--format", "json", "--fail-on", "never").stdout
        return [json.loads(line)["rule"] for line in out.splitlines() if json.loads(line)["severity"] != "info"]

    assert rules() == ["wrong-in-context", "wrong-in-context"]
    (tmp_path / "lexicon.tsv").write_text("重音\tchóngyīn\n", encoding="utf-8")
    assert rules() == ["wrong-in-context"]
    (tmp_path / "lexicon.tsv").write_text("重音\tchǒngyīn\n六安\tliùān\n", encoding="utf-8")
    assert rules() == ["wrong-in-context"]


def test_the_article_wins_over_the_user(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("长城\n\n长春(chángchūn)，长春。\n", encoding="utf-8")
    (tmp_path / "lexicon.tsv").write_text("长春\tzhǎngchūn\n", encoding="utf-8")
    out = langdu("pinyin", str(tmp_path / "a.txt")).stdout
    assert "zhǎng" not in out


def test_english_words_are_said_with_hanzi(tmp_path: Path) -> None:
    table = tmp_path / "a.tsv"
    table.write_text("六安\tLù'ān\nKindle\t金豆\n", encoding="utf-8")
    assert own_english(None, table)["Kindle"] == "金豆"
    assert "Kindle" not in own_words(None, table)
    assert table_lines(read_table(table)) == ["六安\tlù'ān", "Kindle\t金豆"]
    with pytest.raises(ConfigError, match="with hanzi"):
        user_entry("Kindle", "jīndòu")
    said = say("买Kindle，KINDLE", Settings(voice="silence", lexicon=table))
    assert "".join(t.text for t in said.track.timings) == "买金豆KINDLE"
