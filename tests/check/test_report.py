"""What is made of findings: places, corrected bytes, the table in the docs."""

from __future__ import annotations

import runpy
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langdu.check.fix import certain_corrections, corrected
from langdu.check.report import Lines, as_json, located
from langdu.errors import ExportError, InputError
from langdu.model import Article, Source, Span
from langdu.parse.parser import parse_line
from langdu.pipeline import text as stages

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.check.report import LocatedFinding


def article(text: str) -> Article:
    return Article(source=Source("a.txt", text), title=None, paragraphs=(parse_line(text),))


def test_the_table_of_rules_is_up_to_date(project: Path) -> None:
    table = runpy.run_path(str(project / "tools" / "rules_table.py"))["page"]()
    written = (project / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == table, "run: python tools/rules_table.py"


@given(st.text("ab长\n", max_size=40).flatmap(lambda t: st.tuples(st.just(t), st.integers(0, len(t)))))
def test_lines_and_columns_count_from_1(case: tuple[str, int]) -> None:
    text, offset = case
    before = text[:offset]
    assert Lines(Source("a.txt", text)).place(offset) == (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)


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
    findings = located(checked, stages.check(checked))
    fixed = corrected(text.encode(), text, certain_corrections(findings), "a.txt").decode()
    again = article(fixed)
    left = located(again, stages.check(again))
    assert certain_corrections(left) == []
    assert len(left) == len(findings) - len(certain_corrections(findings))


def faults(text: str) -> list[LocatedFinding]:
    checked = article(text)
    return located(checked, stages.check(checked))


def test_what_has_no_suggestion_is_passed_over() -> None:
    text = "升级版(shēngbǎn)，建设(qiànshè)。"
    one, other = faults(text)
    changed = [replace(one, finding=replace(one.finding, suggestion=None)), other]
    assert corrected(text.encode(), text, changed, "a.txt").decode() == "升级版(shēngbǎn)，建设(jiànshè)。"
    changed = [replace(one, annotation=None), other]
    assert corrected(text.encode(), text, changed, "a.txt").decode() == "升级版(shēngbǎn)，建设(jiànshè)。"


@pytest.mark.parametrize("twice", [True, False])
def test_what_does_not_stand_where_it_was_read_is_left_to_its_author(*, twice: bool) -> None:
    text = "建设(qiànshè)。"
    (fault,) = faults(text)
    changed = [fault, fault] if twice else [replace(fault, annotation=Span(3, 9))]
    with pytest.raises(InputError, match=r"^a\.txt: qiànshè does not stand where it was read; correct it by hand$"):
        corrected(text.encode(), text, changed, "a.txt")


def test_what_cannot_be_written_is_told_with_the_file() -> None:
    text = "建設(qian4she4)。"
    (fault,) = faults(text)
    changed = [replace(fault, finding=replace(fault.finding, suggestion="jiànshè"))]
    with pytest.raises(ExportError, match=r"^a\.txt: big5 cannot write à; save it as UTF-8$"):
        corrected(text.encode("big5"), text, changed, "a.txt")
    with pytest.raises(InputError, match=r"^a\.docx is not plain text"):
        corrected(b"PK", text, changed, "a.docx")


@given(st.lists(PARTS, max_size=8))
def test_every_place_points_at_its_text(parts: list[str]) -> None:
    text = "在" + "、".join(parts) + "里。"
    checked = article(text)
    for where in located(checked, stages.check(checked)):
        row = as_json(where)
        line = text.split("\n")[where.line - 1]
        assert line[where.column - 1 :].startswith(where.finding.text)
        assert where.place.of(text).startswith(where.finding.text)
        assert checked.paragraphs[0].text[row["start"] : row["end"]] == where.finding.text
        assert where.annotation is not None
        assert where.annotation.of(text) == where.finding.written
