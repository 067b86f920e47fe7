"""What is made of findings: places, corrected bytes, the table in the docs."""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from langdu.check.fix import certain, mended
from langdu.check.report import Lines, as_json, located
from langdu.model import Article, Source
from langdu.parse.parser import parse_line
from langdu.pipeline import text as stages

if TYPE_CHECKING:
    from pathlib import Path


def article(text: str) -> Article:
    return Article(source=Source("a.txt", text), title=None, paragraphs=(parse_line(text),))


def test_the_table_of_rules_is_up_to_date(project: Path) -> None:
    table = runpy.run_path(str(project / "tools" / "rules_table.py"))["page"]()
    assert (project / "docs" / "rules.md").read_text(encoding="utf-8") == table


@given(st.text("ab长\n", max_size=40).flatmap(lambda t: st.tuples(st.just(t), st.integers(0, len(t)))))
def test_lines_and_columns_count_from_1(case: tuple[str, int]) -> None:
    text, offset = case
    before = text[:offset]
    assert Lines(text).place(offset) == (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)


PARTS = st.sampled_from(
    [
        "长春(chángchùn)",
        "项目(xiàngmù)",
        "建设(qiànshè)",
        "升级版(shēngbǎn)",
        "行动(xíngdòng)(xíngdòng)",
        "我们",
        "，",
        "A",
    ]
)


@given(st.lists(PARTS, max_size=8))
def test_what_is_certain_is_mended_and_nothing_is_left_of_it(parts: list[str]) -> None:
    text = "在" + "、".join(parts) + "里。"
    checked = article(text)
    found = located(checked, stages.check(checked))
    fixed = mended(text.encode(), text, certain(found), "a.txt").decode()
    again = article(fixed)
    left = located(again, stages.check(again))
    assert certain(left) == []
    assert len(left) == len(found) - len(certain(found))


@given(st.lists(PARTS, max_size=8))
def test_every_place_points_at_its_text(parts: list[str]) -> None:
    text = "在" + "、".join(parts) + "里。"
    checked = article(text)
    for each in located(checked, stages.check(checked)):
        row = as_json(each)
        line = text.split("\n")[each.line - 1]
        assert line[each.column - 1 :].startswith(each.finding.text)
        assert each.place.of(text).startswith(each.finding.text)
        assert checked.paragraphs[0].text[row["start"] : row["end"]] == each.finding.text
        assert each.annotation is not None
        assert each.annotation.of(text) == each.finding.written
