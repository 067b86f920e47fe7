"""The compiler of the lexicon, on tables of a few words; the real tables are there only while langdu is built."""

from __future__ import annotations

import importlib.util
import math
from typing import TYPE_CHECKING

import pytest

from langdu import lexicon
from langdu.pinyin import join_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType


@pytest.fixture(scope="module")
def tool(project: Path) -> ModuleType:
    """The compiler, which is not in the package."""
    spec = importlib.util.spec_from_file_location("build_lexicon", project / "tools" / "build_lexicon.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("cháng", "chang2"),
        ("ǚ", ""),
        ("lǜ", "lü4"),
        ("de", "de5"),
        ("ér", "er2"),
        ("ňg", "ng3"),
        ("r", ""),
        ("", ""),
        ("ê̄", "ê1"),
    ],
)
def test_syllables(tool: ModuleType, written: str, wanted: str) -> None:
    assert tool.number(written) == wanted


def test_a_row_gives_citation_tones_and_erhua(tool: ModuleType) -> None:
    assert list(tool.ways("一个", [["yí"], ["gè"]])) == [("yi1", "ge4")]
    assert list(tool.ways("不是", [["bú"], ["shì", "shi"]])) == [("bu4", "shi4"), ("bu4", "shi5")]
    assert list(tool.ways("玩儿", [["wán"], ["er"]])) == [("wan2", "r")]
    assert list(tool.ways("女儿", [["nǚ"], ["ér"]])) == [("nü3", "er2")]


@pytest.mark.parametrize("word", ["长", "GDP", "三K", "长春，市", "长春市长春药店长春市长春街"])
def test_a_row_that_is_no_word_gives_nothing(tool: ModuleType, word: str) -> None:
    assert list(tool.ways(word, [["cháng"]] * len(word))) == []


PHRASES = "phrases_dict = {\n    '长春': [['cháng'], ['chūn']],\n    '啊': [['ā', 'a']],\n}\n"


def tables(folder: Path, **modules: str) -> None:
    """Modules as pypinyin-dict has them."""
    for kind in ("phrase_pinyin_data", "pinyin_data"):
        (folder / kind).mkdir()
        for name, source in modules.items():
            (folder / kind / f"{name}.py").write_text(source, encoding="utf-8")


def test_tables_are_read_from_the_source(tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "package", lambda _: tmp_path)
    tables(
        tmp_path,
        whole="phrases_dict = {}\n\nfrom pypinyin_dict.phrase_pinyin_data import part_0\n",
        part_0=PHRASES,
        characters="pinyin_dict = {\n    0x957F: 'cháng,zhǎng,xx',\n}\n",
    )
    rows = {word: tool.row(written) for word, written in tool.phrases("whole").items()}
    assert rows == {"长春": [["cháng"], ["chūn"]], "啊": [["ā", "a"]]}
    assert tool.characters("characters") == {"长": ["chang2", "zhang3"]}


@pytest.mark.parametrize("odd", ["    '长春': [['cháng', 'chūn'],", "    '长春': (),", '    0x957F: "cháng",'])
def test_a_table_of_another_form_is_told(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    monkeypatch.setattr(tool, "package", lambda _: tmp_path)
    tables(tmp_path, odd=f"pinyin_dict = {{\n{odd}\n}}\n")
    for read in (tool.phrases, tool.characters):
        with pytest.raises(SystemExit, match=r"odd\.py has a row of another form"):
            read("odd")


def test_a_slip_is_mended_and_kept(tool: ModuleType) -> None:
    known = {"师": ["shi1"], "兄": ["xiong1"], "弟": ["di4", "ti4"]}
    slip = ("shi1", "xing1", "di4")
    assert tool.corrected("师兄弟", slip, known) == [("shi1", "xiong1", "di4"), slip]
    assert tool.corrected("兄弟", ("xiong1", "di5"), known) == [("xiong1", "di5")]


@pytest.fixture
def standard(tool: ModuleType) -> object:
    return tool.Standard({"重": ["chong2", "zhong4"], "泄": ["xie4"], "露": ["lou4"]}, frozenset({"东西", "知识"}))


def test_the_careful_dictionary_wins(tool: ModuleType, standard: object) -> None:
    listed = {
        "cc_cedict": [("fen1", "san4")],
        "pinyin": [("fen1", "san3")],
        "zdic_cibs": [("fen1", "san3")],
    }
    assert tool.rank("分散", listed, standard) == [("fen1", "san4")]


def test_the_others_say_which_of_its_readings_is_usual(tool: ModuleType, standard: object) -> None:
    listed = {"cc_cedict": [("chong2", "dian3"), ("zhong4", "dian3")], "pinyin": [("zhong4", "dian3")]}
    assert tool.rank("重点", listed, standard) == [("zhong4", "dian3"), ("chong2", "dian3")]


def test_the_standard_wins_over_all(tool: ModuleType, standard: object) -> None:
    listed = {"cc_cedict": [("xie4", "lu4")], "large_pinyin": [("xie4", "lu4")], "zdic_cibs": [("xie4", "lou4")]}
    assert tool.rank("泄露", listed, standard)[0] == ("xie4", "lou4")


@pytest.mark.parametrize(
    ("word", "full", "light", "best"),
    [
        ("东西", ("dong1", "xi1"), ("dong1", "xi5"), "light"),
        ("知识分子", ("zhi1", "shi2", "fen4", "zi3"), ("zhi1", "shi5", "fen4", "zi3"), "light"),
        ("孩子", ("hai2", "zi3"), ("hai2", "zi5"), "light"),
        ("星星", ("xing1", "xing1"), ("xing1", "xing5"), "light"),
        ("差不多", ("cha4", "bu4", "duo1"), ("cha4", "bu5", "duo1"), "light"),
        ("太阳", ("tai4", "yang2"), ("tai4", "yang5"), "full"),
    ],
)
def test_the_neutral_tone(  # noqa: PLR0917 - one argument a column
    tool: ModuleType, standard: object, word: str, full: tuple[str, ...], light: tuple[str, ...], best: str
) -> None:
    ranked = tool.rank(word, {"cc_cedict": [light], "pinyin": [full]}, standard)
    assert ranked == ([light, full] if best == "light" else [full, light])


def test_words_of_our_own_are_cut_as_words(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: dict[str, list[tuple[str, list[tuple[str, ...]]]]] = {
        "house_readings.tsv": [("长", [("chang2",)]), ("应和", [("ying4", "he4")])],
        "slips.tsv": [
            ("得很", [("de5", "hen3")]),
            ("一行", [("yi1", "hang2"), ("yi1", "xing2")]),
            ("用处", [("yong4", "chu4")]),
        ],
        "words.tsv": [("量体", [("liang2", "ti3")])],
    }
    monkeypatch.setattr(tool, "own_readings", rows.__getitem__)
    counts = {"应": 2_000, "和": 50_000, "用": 3_000, "处": 1_000, "用处": 900, "得": 9_000, "很": 9_000, "的": 925_100}
    raised = tool.house_frequencies(counts)
    assert raised.keys() == {"应和", "用处", "量体"}
    assert raised["应和"] == round(math.e * 2_000 * 50_000 / sum(counts.values()))
    assert raised["用处"] == 900  # more than by chance


@pytest.mark.parametrize("name", ["slips.tsv", "words.tsv", "house_readings.tsv"])
def test_every_row_of_our_own_tables_is_in_the_lexicon(tool: ModuleType, name: str) -> None:
    words = [word for word, _ in tool.own_readings(name) if len(word) > 1]
    assert [word for word in words if word == lexicon.simplified(word) and not lexicon.word_readings(word)] == []


def test_a_slip_knows_who_says_otherwise(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        tool, "own_readings", lambda name: iter([("用处", [("yong4", "chu4")])] if name == "slips.tsv" else [])
    )
    tables = {"cc_cedict": [("yong4", "chu3")], "pinyin": [("yong4", "chu5")]}
    words = {"用处": tool.Listed([("yong4", "chu3")], tables)}
    readings = {"用": ["yong4"], "处": ["chu3"]}
    tool.add_house_readings(words, readings)
    assert readings["处"] == ["chu3", "chu4"]  # a reading that no table knows can be written too
    assert words["用处"].ways == [("yong4", "chu4")]
    assert words["用处"].sources(("yong4", "chu4")) == tool.SOURCES["house"] | tool.SOURCES["pinyin"]
    assert words["用处"].others() == tool.SOURCES["cc_cedict"]


# --- the file -------------------------------------------------------------------------------------------------------

SAID = {
    "长春": {"cc_cedict": [("chang2", "chun1")], "pinyin": [("zhang3", "chun1")]},
    "长春市": {"zdic_cibs": [("chang2", "chun1", "shi4")], "di": [("chang2", "chun1", "shi5")]},
    "花儿": {"pinyin": [("hua1", "r")], "house": [("hua1", "er2")]},
}
WAYS = {
    "长春": [("chang2", "chun1")],
    "长春市": [("chang2", "chun1", "shi4")],
    "花儿": [("hua1", "r"), ("hua1", "er2")],
}
READINGS = {
    "长": ["zhang3", "chang2"],
    "春": ["chun1"],
    "市": ["shi4"],
    "花": ["hua1"],
    "儿": ["er2"],
    "長": ["chang2"],
    "𫖯": ["fu3"],
}
COUNTS = {"长春": 900, "长春市": 80, "市": 5000, "长": 20000}
PAIRS = {"長": "长"}


def words(tool: ModuleType) -> dict[str, object]:
    return {word: tool.Listed(ways, SAID[word]) for word, ways in WAYS.items()}


@pytest.fixture
def packed(tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[bytes]:
    """A lexicon of three words, read in place of the built one."""
    data: bytes = tool.pack(words(tool), READINGS, COUNTS, PAIRS)
    (tmp_path / "lexicon.bin").write_bytes(data)
    monkeypatch.setattr(lexicon, "_PATH", tmp_path / "lexicon.bin")
    caches = (lexicon._file, lexicon._row, lexicon.word_entry)  # noqa: SLF001 - a lexicon is read once a process
    for kept in caches:
        kept.cache_clear()
    yield data
    for kept in caches:
        kept.cache_clear()


@pytest.mark.usefixtures("packed")
def test_what_is_packed_is_read() -> None:
    assert {char: join_numbers(lexicon.readings(char)).split() for char in READINGS} == READINGS
    assert lexicon.readings("国") == ()
    readings = {word: [join_numbers(way) for way in lexicon.word_readings(word)] for word in [*WAYS, "長春", "春市"]}
    assert readings == {
        "长春": ["chang2 chun1"],
        "长春市": ["chang2 chun1 shi4"],
        "花儿": ["huar1", "hua1 er2"],
        "長春": ["chang2 chun1"],
        "春市": [],
    }
    assert [span.of("长春市花儿国") for span in lexicon.split_words("长春市花儿国")] == ["长春市", "花儿", "国"]


@pytest.mark.usefixtures("packed")
def test_the_sources_of_readings_are_read() -> None:
    entry = lexicon.word_entry("长春")
    assert (entry.sources, entry.others) == ((lexicon.Dictionaries.CC_CEDICT,), lexicon.Dictionaries.PYPINYIN)
    entry = lexicon.word_entry("长春市")  # a neutral tone is no other reading
    assert (entry.sources, entry.others) == (
        (lexicon.Dictionaries.CIBS | lexicon.Dictionaries.DI,),
        lexicon.Dictionaries(0),
    )
    both = lexicon.Dictionaries.PYPINYIN | lexicon.Dictionaries.HOUSE
    assert lexicon.word_entry("花儿").sources == (both, both)
    assert lexicon.word_entry("春市") == lexicon.WordEntry()


def test_the_order_of_the_tables_changes_no_byte(tool: ModuleType, packed: bytes) -> None:
    backwards = [dict(reversed(table.items())) for table in (words(tool), READINGS, COUNTS, PAIRS)]
    assert tool.pack(*backwards) == packed


def test_our_own_tables_are_well_formed(tool: ModuleType) -> None:
    rows = [line.split("\t") for name in ("house_readings.tsv", "slips.tsv", "words.tsv") for line in tool.house(name)]
    assert len({written for written, _, _ in rows}) == len(rows)
    ways = [(written, way.split(" ")) for written, spelled, _ in rows for way in spelled.split(" | ")]
    assert all(len(written) == len(way) for written, way in ways)
    assert all(s == tool.ERHUA or tool.number(s) for _, way in ways for s in way)
    assert all(why for _, _, why in rows)
    assert all(len(word) > 1 for word in tool.neutral_words())
