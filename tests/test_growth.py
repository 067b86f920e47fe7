"""Time and memory grow with the length of a text, and not with its square.

benchmarks/growth.py measures every pattern of growth.txt. Here nothing is timed: what is looked at is counted, or a
text is so long that its square would take hours.
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from langdu import lexicon, marks
from langdu.cli.shared import findings
from langdu.model import Paragraph, Source, Span
from langdu.normalize import normalize, spelled
from langdu.parse.annotations.alignment import nearest
from langdu.parse.annotations.scan import scan
from langdu.parse.annotations.scanners import bare
from langdu.parse.annotations.scanners.brackets.inside import find_emptied
from langdu.parse.article.duplicates import Copies
from langdu.parse.article.furniture import find_furniture
from langdu.parse.parser import parse_article, parse_line
from langdu.parse.sources.formats import html
from langdu.pinyin import Letters
from langdu.pipeline import text as pipeline
from langdu.pronounce import polyphones
from langdu.pronounce.hints import positions

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

TABLE = [
    line.split("\t")
    for line in Path(__file__).with_name("growth.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


class Watched:
    """A pattern that counts the characters it is given."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern
        self.pattern = pattern.pattern
        self.seen = 0

    def match(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        return self._look(self._pattern.match, text, start, end)

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        return self._look(self._pattern.search, text, start, end)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # what else a pattern has
        return getattr(self._pattern, name)

    def _look(self, how: Any, text: str, start: int, end: int | None) -> re.Match[str] | None:  # noqa: ANN401
        end = len(text) if end is None else end
        self.seen += end - start
        found: re.Match[str] | None = how(text, start, end)
        return found


def meant(field: str) -> str:
    return field.encode("raw_unicode_escape").decode("unicode_escape")


def test_the_table_of_patterns() -> None:
    """Each pattern has a description, can stand in a text, and is read."""
    assert len(TABLE) >= 60
    assert len({what for what, *_ in TABLE}) == len(TABLE)
    for _, *fields in TABLE:
        repeated, before, after = [*map(meant, fields), "", ""][:3]
        article = parse_article(Source("a.md", f"{before}{repeated * 20}{after}"))
        for paragraph in article.spoken_order():
            normalize(paragraph.text)


@pytest.mark.parametrize("repeated", ["\u0301", "1:", "a\u0304"])
def test_the_end_of_a_bare_reading_is_sought_nearby(repeated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(bare._STOP)  # noqa: SLF001
    monkeypatch.setattr(bare, "_STOP", watched)
    parse_line(repeated * 3000)
    assert watched.seen <= 200 * len(repeated) * 3000


def test_a_word_is_looked_at_and_not_all_the_hanzi_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "长" * 3000
    words = lexicon.split_words(text)
    watched = Watched(marks.HANZI)
    monkeypatch.setitem(positions.__globals__, "HANZI", watched)
    positions(text, words)
    assert watched.seen == len(text)


def test_a_word_that_is_often_given_wrongly_is_aligned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    aligned: list[str] = []
    best = nearest._best  # noqa: SLF001

    def counted(chars: str, letters: Letters) -> object:
        aligned.append(chars)
        return best(chars, letters)

    monkeypatch.setattr(nearest, "_best", counted)
    parse_line("玩沙[hai2zi5men5]" * 200)
    assert 0 < len(aligned) < 20


def test_the_text_of_a_paragraph_is_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0

    def text(self: Paragraph) -> str:
        nonlocal made
        made += 1
        return "".join(run.text for run in self.runs)

    monkeypatch.setattr(Paragraph, "text", property(text))
    paragraph = parse_line("长(cháng)" * 100)
    list(pipeline.read_characters([paragraph], {}))
    assert made < 20


def test_an_article_is_asked_once_whether_it_is_traditional(monkeypatch: pytest.MonkeyPatch) -> None:
    article = parse_article(Source("-", "成绩和(hàn)我的一样。" * 50))
    asked: list[str] = []
    is_traditional = lexicon.is_traditional

    def counted(text: str) -> bool:
        asked.append(text)
        return is_traditional(text)

    monkeypatch.setattr(lexicon, "is_traditional", counted)
    pipeline.check(article)
    whole = article.paragraphs[0].text
    assert asked.count(whole) <= 2


def test_what_stands_before_a_misfit_is_added_up_once() -> None:
    class Counted(list[Any]):
        read = 0

        def __iter__(self) -> Iterator[Any]:
            for each in super().__iter__():
                self.read += 1
                yield each

    text = "长(cháng)六{liòng}" * 500
    whole, found = Span(0, len(text)), scan(text, markdown=False)
    made = Counted(found.runs(whole))
    assert [misfit.at for misfit in found.misfits_in(whole, made)] == list(range(2, 1001, 2))
    assert made.read <= 2 * len(made)


def test_ways_to_read_pinyin_are_not_written_out_on_the_way() -> None:
    def memory(count: int) -> int:
        letters = Letters.read("fangan" * count)
        assert letters is not None
        tracemalloc.start()
        letters.splits()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    assert memory(160) < 3 * memory(80)


def test_a_long_text_is_computed_in_parts_and_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of a batch does not grow with the longest paragraph, which once took 5 kB a character."""
    monkeypatch.setattr(polyphones, "_CHUNK", 200)
    text = "他长大了，银行行长说：还书。" * 60
    words = lexicon.split_words(text)
    sizes: list[int] = []
    compute = polyphones.PolyphoneModel._chunk  # noqa: SLF001

    def counted(model: polyphones.PolyphoneModel, parts: Sequence[polyphones._Stretch]) -> None:
        sizes.append(sum(len(part.text) for part in parts))
        compute(model, parts)

    monkeypatch.setattr(polyphones.PolyphoneModel, "_chunk", counted)
    (cut,) = polyphones.model().choose([text], [words])
    assert max(sizes) < 1000
    monkeypatch.setattr(polyphones, "_CHUNK", 100_000)
    (whole,) = polyphones.model().choose([text], [words])
    assert {at: choice.syllable for at, choice in cut.items()} == {at: choice.syllable for at, choice in whole.items()}


@pytest.mark.parametrize(
    "text",
    [
        "# 江" + " " * 300_000 + "上",
        "- 江\n# 上\n|---|" + " " * 300_000 + "江",
        "长" + "(cháng)" * 20_000,
        "长\nchá" + "\u0301\u0327" * 200_000 + "ng",
        "{长|" + "a " * 200_000,
        "[长](" + "a " * 200_000,
        "{% ruby " + "长" * 200_000,
        "{% ruby 长" + " " * 200_000 + "cháng",
        "{长|cháng" + " " * 200_000 + "chūn}",
        "长《" + "a " * 200_000,
        "长" * 200_000 + "。长《c》",
        '<phoneme ph="cháng">' + "长" * 200_000,
    ],
    ids=[
        *("heading", "table", "brackets", "marks", "braces", "square brackets", "template", "template's blanks"),
        *("blanks said", "title", "hanzi before a title", "phoneme"),
    ],
)
def test_what_has_no_end(text: str) -> None:
    assert parse_article(Source("a.md", text)).paragraphs


def test_the_furniture_of_furniture() -> None:
    assert find_furniture(["江上", *["相关推荐"] * 30_000]) == set(range(1, 30_001))


def test_paragraphs_that_are_nearly_the_same() -> None:
    """To compare two paragraphs of 2,000 characters took a second; now it takes milliseconds."""
    keys = ["长" * 1990 + chr(0x4E00 + i) * 10 for i in range(150)]
    assert sum(length for _, _, length in Copies(keys).blocks()) == 149


def test_joined_syllables_are_read_from_the_first_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr(spelled, "hanzi", lambda written: read.append(len(written)))
    normalize("雪（" + "xue3" * 500)
    assert sum(read) < 5_000


def test_pinyin_joined_without_end() -> None:
    assert normalize("xi'" * 60_000).written


def test_what_is_nearly_a_name_is_given_up_at_once() -> None:
    # Every letter more doubled the time.
    assert normalize("秘鲁(P" + "eru" * 25 + "1)").spoken


def test_a_finding_in_a_long_line_looks_only_around_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []

    def shown(text: str) -> str:
        looked.append(len(text))
        return text

    monkeypatch.setattr(findings, "_shown", shown)
    line, at, marks = findings.marked_line("yi " * 20_000, 30_000, 30_002, 40)
    assert (line[at : at + marks], line[0], line[-1]) == ("yi", "…", "…")
    assert max(looked) <= 20 * 40


def test_brackets_that_only_open_are_passed_once() -> None:
    assert list(find_emptied("<" * 1_000_000, ())) == []


def test_a_heading_without_an_end() -> None:
    page = html._Text()  # noqa: SLF001  # a page of this size is refused
    page.start("h1", {})
    for _ in range(100_000):
        page.data("江" * 400)
    assert len(page.close().headings[0]) == 40_000_000
