"""`langdu check --against`: a learner's pinyin, held against the article."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from programs import langdu

if TYPE_CHECKING:
    from collections.abc import Iterable

ARTICLE = "六安的春天\n\n清早，六安(lù ān)的长(cháng)街上飘着茶香。\n我们去西安玩儿，看见了3个学生。\n"
RIGHT = (
    "Lù'ān de chūntiān\nQīngzǎo, Lù'ān de cháng jiē shàng piāo zhe chá xiāng.\n"
    "Wǒmen qù Xī'ān wánr, kànjiàn le 3 gè xuésheng.\n"
)
NUMBERS = (
    "lu4 an1 de chun1 tian1\nqing1zao3 lu4an1 de5 chang2 jie1 shang4 piao1zhe5 cha2 xiang1\n"
    "wo3men qu4 xi1an1 wanr2 kan4jian4 le0 san1 ge4 xue2sheng5"
)
TONELESS = (
    "luan de chuntian\nqingzao, luan de chang jie shang piaozhe chaxiang.\nwomen qu xian wanr kanjian le 3 ge xuesheng."
)
ZHUYIN = "ㄌㄨˋ ㄢ ˙ㄉㄜ ㄔㄨㄣ ㄊㄧㄢ"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def held(folder: Path, mine: str, article: str = ARTICLE) -> dict[str, Any]:
    (folder / "article.txt").write_text(article, encoding="utf-8")
    (folder / "mine.txt").write_text(mine, encoding="utf-8")
    arguments = ("check", "article.txt", "--against", "mine.txt", "--format", "json")
    result: dict[str, Any] = json.loads(langdu(*arguments, cwd=folder, ok=(0, 1)).stdout)
    return result


def faults(result: dict[str, Any]) -> list[tuple[str, str | None, str | None, str | None]]:
    return [
        (each["verdict"], each["why"], each["text"], each["written"])
        for each in result["syllables"]
        if each["verdict"] != "right"
    ]


@pytest.mark.parametrize("mine", [RIGHT, NUMBERS, TONELESS, RIGHT.replace("\n", " "), RIGHT.replace(" ", "\n")])
def test_all_right_in_any_spelling(folder: Path, mine: str) -> None:
    result = held(folder, mine)
    assert faults(result) == []
    assert result["score"] == 1
    assert result["toned"] is (mine != TONELESS)
    assert result["right"] >= 27


@pytest.mark.parametrize(
    ("article", "mine", "note"),
    [
        ("一天。不错。", "yì tiān bú cuò", "sandhi"),  # as heard
        ("一天。不错。", "yītiān bùcuò", None),  # as dictionaries write it
        ("你好。", "níhǎo", "sandhi"),
        ("孩子来了。", "háizǐ lái le", "neutral"),
        ("学生来了。", "xuéshēng lái le", None),
        ("学生来了。", "xuésheng lái le", "neutral"),
        ("老先生，队伍，两个大人。", "lǎo xiānsheng, duìwu, liǎng ge dàren", "neutral"),
        ("玩儿吧。", "wán er ba", "erhua"),
        ("院儿里有人。", "yuan4r li3 you3 ren2", None),
        ("院儿里有人。", "yuan4 r5 li3 you3 ren2", None),
        ("他是谁？", "tā shì shéi", "everyday"),
        ("他是谁？", "tā shì shuí", None),
    ],
)
def test_other_right_ways(folder: Path, article: str, mine: str, note: str | None) -> None:
    result = held(folder, mine, article)
    assert faults(result) == []
    notes = [each["note"] for each in result["syllables"] if each["note"]]
    assert all(note is not None and note in each for each in notes)
    assert bool(notes) is (note is not None)


@pytest.mark.parametrize(
    ("mine", "wanted"),
    [
        (RIGHT.replace("cháng", "zhǎng"), [("wrong", "syllable", "长", "zhǎng")]),
        (RIGHT.replace("Xī", "Xí"), [("wrong", "tone", "西", "Xí")]),
        (RIGHT.replace("cháng", "chang"), [("wrong", "no tone", "长", "chang")]),
        (RIGHT.replace("cháng", "chángg"), [("wrong", "spelling", "长", "chángg")]),
        (RIGHT.replace("cháng ", ""), [("missing", None, "长", None)]),
        (RIGHT.replace("cháng", "cháng hěn"), [("extra", None, None, "hěn")]),
        (RIGHT.replace("Qīngzǎo, ", ""), [("missing", None, "清", None), ("missing", None, "早", None)]),
        (TONELESS.replace("chang", "zhang"), [("wrong", "syllable", "长", "zhang")]),
        (NUMBERS.replace("chang2", "chonng2"), [("wrong", "spelling", "长", "chonng2")]),
        (RIGHT.split("\n", 1)[1], [("missing", None, char, None) for char in "六安的春天"]),
        (f"wǒ xiě de pīnyīn\n{RIGHT}", [("extra", None, None, s) for s in ("wǒ", "xiě", "de", "pīn", "yīn")]),
    ],
)
def test_a_mistake_spoils_nothing_around_it(folder: Path, mine: str, wanted: Iterable[object]) -> None:
    assert faults(held(folder, mine)) == wanted


def test_the_article_decides_how_letters_are_divided(folder: Path) -> None:
    article = "西安先进，方案反感。"
    assert faults(held(folder, "xian xianjin fangan fangan", article)) == []
    assert faults(held(folder, "xianxianjin, fanganfangan", article)) == []
    assert faults(held(folder, "xian xianjin fangan fanggan", article)) == [("wrong", "syllable", "反", "fang")]


def test_what_is_copied_from_the_article_is_no_pinyin(folder: Path) -> None:
    assert faults(held(folder, "GDP zēngzhǎng 5.2%", "GDP增长5.2%。")) == []


def test_a_colon_belongs_to_no_word(folder: Path) -> None:
    assert faults(held(folder, "wěidù: lù, lu:4, nü3", "纬度：路，绿，女")) == []
    assert faults(held(folder, "wéidù: lù, lu:4", "维度：路，绿")) == []


@pytest.mark.parametrize(
    "style",
    [
        ("--words",),
        ("--words", "--style", "toneless"),
        ("--words", "--style", "zhuyin"),
        ("--style", "numbers"),
        ("--words", "--surface"),
    ],
)
def test_langdu_s_own_pinyin_is_all_right(sample: Path, tmp_path: Path, style: tuple[str, ...]) -> None:
    (tmp_path / "mine.txt").write_text(langdu("pinyin", str(sample), *style).stdout, encoding="utf-8")
    done = langdu("check", str(sample), "--against", str(tmp_path / "mine.txt"))
    assert done.stdout.splitlines()[-1].endswith("100 %: 239 right, 0 wrong, 0 missing, 0 extra")


def test_zhuyin(folder: Path) -> None:
    assert faults(held(folder, ZHUYIN, "六安的春天")) == []


def test_the_shape_of_json(folder: Path) -> None:
    result = held(folder, RIGHT.replace("cháng", "zhǎng"))
    wrong = next(each for each in result["syllables"] if each["verdict"] == "wrong")
    assert wrong == {
        "verdict": "wrong",
        "why": "syllable",
        "note": None,
        "text": "长",
        "paragraph": 0,
        "start": 6,
        "end": 7,
        "expected": "chang2",
        "written": "zhǎng",
        "line": 2,
        "column": 19,
    }
    assert {key: result[key] for key in ("article", "against", "wrong", "missing", "extra")} == {
        "article": "article.txt",
        "against": "mine.txt",
        "wrong": 1,
        "missing": 0,
        "extra": 0,
    }
    assert result["score"] == pytest.approx(result["right"] / (result["right"] + 1), abs=1e-4)


def test_the_text_names_the_place(folder: Path) -> None:
    (folder / "mine.txt").write_text(RIGHT.replace("cháng", "zhǎng").replace("Xī'ān ", ""), encoding="utf-8")
    done = langdu("check", "article.txt", "--against", "mine.txt", cwd=folder, ok=(1,))
    lines = done.stdout.splitlines()
    assert lines[0] == "mine.txt:2:19: wrong syllable 长 zhǎng → cháng"
    assert lines[2].index("^^^^^") == lines[1].index("zhǎng")
    assert "mine.txt:3:9: missing 西安 xī ān" in lines
    assert lines[-1].startswith("mine.txt: 8")
    assert lines[-1].endswith("1 wrong, 2 missing, 0 extra")
    never = langdu("check", "article.txt", "--against", "mine.txt", "--fail-on", "never", cwd=folder)
    assert never.stdout.splitlines() == lines


def test_the_page(folder: Path) -> None:
    (folder / "mine.txt").write_text(RIGHT.replace("cháng", "zhǎng").replace("chá ", "chá <b>"), encoding="utf-8")
    arguments = ("check", "article.txt", "--against", "mine.txt", "-o", "page.html")
    assert "written: page.html" in langdu(*arguments, cwd=folder, ok=(1,)).stderr
    printed = langdu("check", "article.txt", "--against", "mine.txt", "--format", "html", cwd=folder, ok=(1,)).stdout
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert page == printed
    assert "<b>" not in page
    path = shutil.which("chromium")
    with sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("needs Chromium: apt install chromium")
        browser = playwright.chromium.launch(executable_path=path)
        shown = browser.new_page()
        shown.goto((folder / "page.html").as_uri())
        assert shown.locator(".wrong .hanzi").all_inner_texts() == ["长"]
        assert shown.locator(".wrong .asked").all_inner_texts() == ["cháng"]
        assert Axe().run(shown).response["violations"] == []
        browser.close()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("article.txt", "--against", "nope.txt"), "there is no file nope.txt"),
        (("article.txt", "--against", "."), ". is a folder"),
        (("article.txt", "--against", "empty.txt"), "empty.txt is empty"),
        (("article.txt", "--against", "hanzi.txt"), "hanzi.txt has no pinyin: write that of the article into it"),
        (("article.txt", "article.txt", "--against", "mine.txt"), "one file against one article, but there are 2"),
        (
            ("mine.txt", "--against", "article.txt"),
            "the article comes first: langdu check article.txt --against mine.txt",
        ),
        (("-", "--against", "-"), "cannot both be standard input"),
        (("article.txt", "--against", "mine.txt", "--fix"), "it goes with --format"),
        (("article.txt", "--against", "mine.txt", "--format", "sarif"), "--against has text, json and html"),
        (("article.txt", "--against", "mine.txt", "-o", "report.txt"), "name a .html or .json file"),
    ],
)
def test_mistakes(folder: Path, arguments: tuple[str, ...], says: str) -> None:
    (folder / "mine.txt").write_text(RIGHT, encoding="utf-8")
    (folder / "empty.txt").touch()
    (folder / "hanzi.txt").write_text("春天", encoding="utf-8")
    assert says in langdu("check", *arguments, cwd=folder, ok=(2,)).stderr


def test_another_text_is_asked_about(folder: Path) -> None:
    (folder / "mine.txt").write_text("jīn tiān wǎn shàng tā bù lái", encoding="utf-8")
    done = langdu("check", "article.txt", "--against", "mine.txt", cwd=folder, ok=(1,))
    assert "is it the pinyin of this article?" in done.stderr
