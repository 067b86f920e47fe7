"""A test sheet as an HTML page that prints well: it loads nothing and runs no scripts; the key is on the last page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from langdu.export.sheet import TASKS, hint
from langdu.files import write_text
from langdu.model import SheetTask
from langdu.pinyin import spell

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.sheet import Cell, Sheet

_STYLE: Final = """
@page { margin: 18mm 16mm; }
body { font-family: "Noto Serif CJK SC", "Songti SC", SimSun, "Noto Sans CJK SC", serif; max-width: 46rem;
  margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff; }
h1 { font-size: 1.3rem; }
.head { display: flex; gap: 1.5rem; margin: 1rem 0; font-family: system-ui, sans-serif; font-size: .95rem; }
.head span { flex: 1; border-bottom: 1px solid #555; } .head .points { flex: .5; }
.paragraph { display: flex; flex-wrap: wrap; row-gap: .9rem; margin: 0 0 1.6rem; break-inside: avoid-page; }
.cell { display: inline-flex; flex-direction: column; align-items: center; justify-content: flex-end;
  font-size: 1.5rem; }
.cell b { font: .8rem/1.4 "Noto Sans", system-ui, sans-serif; min-height: 1.4em; padding: 0 .1em; }
.asked { min-width: 2.4rem; }
.pinyin .asked b, .tones .asked b { border-bottom: 1px solid #777; align-self: stretch; margin: 0 .15rem .2rem;
  text-align: center; }
.pinyin .asked b { min-height: 2em; }
.tones .asked b { font-size: 1rem; padding-top: .5rem; }
.boxes { display: inline-flex; }
.boxes i { width: 2.2rem; height: 2.2rem; border: 1px solid #777; }
.key { break-before: page; border-top: 1px dashed #999; margin-top: 3rem; padding-top: 1rem; }
.key .asked b { color: #0b5d1e; }
@media print { body { margin: 0; } .key { border: 0; margin: 0; padding: 0; } }
"""


def write(path: Path, sheet: Sheet) -> None:
    """Write the page. Raises: ExportError: the file cannot be written."""
    tasks = "".join(_paragraph([_asked(cell, sheet.task) for cell in row]) for row in sheet.paragraphs)
    key = "".join(_paragraph([_solved(cell) for cell in row]) for row in sheet.paragraphs)
    language = escape(sheet.language)
    write_text(
        path,
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(sheet.name)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{TASKS[sheet.task]}</h1>\n"
        '<p class="head"><span>Name:</span><span>Date:</span>'
        f'<span class="points">Points: &emsp;/ {sheet.points}</span></p>\n'
        f'<div class="{sheet.task}" lang="{language}">\n{tasks}</div>\n'
        f'<section class="key">\n<h2>Key</h2>\n<div lang="{language}">\n{key}</div>\n</section>\n'
        "</main>\n</body>\n</html>\n",
    )


def _paragraph(cells: list[str]) -> str:
    return f'<p class="paragraph">{"".join(cells)}</p>\n'


def _asked(cell: Cell, task: SheetTask) -> str:
    if not cell.asked:
        return _cell(cell.text, "", asked=False)
    blank = f'<span class="boxes">{"<i></i>" * len(cell.text)}</span>' if task is SheetTask.HANZI else escape(cell.text)
    return _cell(blank, hint(cell, task), asked=True)


def _solved(cell: Cell) -> str:
    return _cell(escape(cell.text), spell(cell.syllable) if cell.syllable else "", asked=cell.asked)


def _cell(shown: str, above: str, *, asked: bool) -> str:
    return f'<span class="cell{" asked" if asked else ""}"><b>{above}</b>{shown}</span>'
