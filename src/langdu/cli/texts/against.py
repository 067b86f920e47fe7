"""langdu check --against: a learner's pinyin, held against an article."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from langdu.check.against import Verdict
from langdu.check.against.report import as_json, asked_for, said_of, summary
from langdu.cli.shared.common import load_article, notice, standard_input, write_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from langdu.check.against import Comparison, Judged
    from langdu.model import Article, Source

_COLOURS = {Verdict.RIGHT: "cyan", Verdict.WRONG: "red", Verdict.MISSING: "red", Verdict.EXTRA: "red"}

# A file that shares less with the article is probably not about this article.
_ALIKE = 0.25
# So many missing syllables are shown by their hanzi.
_SHOWN = 12


def compare(
    mine: Path, sources: Sequence[str], form: str, out: Path | None, lexicon: Path | None, *, keep_all: bool
) -> Comparison:
    """Hold the pinyin of a file against an article, and print the result as text, JSON or a web page.

    Raises: ConfigError: options contradict each other. InputError: a file cannot be read, or the two are swapped.
    """
    from langdu import settings
    from langdu.check.against.page import page
    from langdu.files import user_path, write_text
    from langdu.parse.sources.source import read_any_text
    from langdu.pipeline.study import against

    form = _form(mine, sources, form, out)
    written = read_any_text(str(mine) if str(mine) == "-" else str(user_path(mine)), standard_input())
    article = _article(sources[0], written, keep_all=keep_all)
    comparison = against.compare(article, written, settings.load({"lexicon": lexicon}))
    name = article.source.name
    data = page(comparison, name) if form == "html" else json.dumps(as_json(comparison, name), ensure_ascii=False)
    if out:
        write_text(user_path(out), data.removesuffix("\n") + "\n")
        notice(f"{summary(comparison)}; written: {out}")
    elif form != "text":
        write_out(data.removesuffix("\n"))
    else:
        _print(comparison)
        write_out(f"{written.name}: {summary(comparison)}")
    if comparison.score < _ALIKE:
        notice(f"{written.name} and {name} have little in common; is it the pinyin of this article?")
    return comparison


def _form(mine: Path, sources: Sequence[str], form: str, out: Path | None) -> str:
    """The form of the report; the name of a file to write may say it. Raises: ConfigError: as `compare`."""
    from langdu.errors import ConfigError

    if len(sources) != 1:
        raise ConfigError(f"--against holds one file against one article, but there are {len(sources)}")
    if sources[0] == "-" == str(mine):
        raise ConfigError("the article and --against cannot both be standard input (-): name a file for one of them")
    if out and form == "text":
        form = {".html": "html", ".htm": "html", ".json": "json"}.get(out.suffix.lower(), form)
    if form == "sarif" or (out and form == "text"):
        raise ConfigError("--against has text, json and html, and -o writes the last two: name a .html or .json file")
    return form


def _article(source: str, written: Source, *, keep_all: bool) -> Article:
    from langdu.errors import InputError
    from langdu.marks import HANZI

    try:
        return load_article(source, "check", keep_all=keep_all)
    except InputError as error:
        if "no Chinese" in str(error) and HANZI.search(written.text):
            swapped = f"langdu check {written.name} --against {source}"
            raise InputError(
                f"{source} has no hanzi, but {written.name} has: the article comes first: {swapped}"
            ) from error
        raise


def _print(comparison: Comparison) -> None:
    """Print what is not simply right, as compilers print errors: a message, the line, and marks under the place."""
    from rich.text import Text

    from langdu.cli.shared.findings import marked_line
    from langdu.cli.shared.terminal import terminal

    console, text, end = terminal(soft_wrap=True), comparison.source.text, 0
    for together in _together(comparison.judged):
        learner = together[0].learner
        start, end = (learner.span.start, learner.span.end) if learner else (end, end)
        if not (what := said_of(together[0])):
            continue
        line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
        headline = Text(f"{comparison.source.name}:{line}:{column}: ")
        headline.append(what, style=_COLOURS[together[0].verdict])
        console.print(headline.append(_syllables(together), style="bold"))
        if learner:
            shown, at, marks = marked_line(text, start, end, console.width - 2)
            console.print(Text(f"  {shown}"))
            console.print(Text(f"  {' ' * at}").append("^" * marks, style=_COLOURS[together[0].verdict]))


def _together(judged: Iterable[Judged]) -> Iterator[list[Judged]]:
    """The syllables that are shown in one message: missing ones in a row together, all others one by one."""
    for missing, group in groupby((j for j in judged if j.counts), lambda j: j.verdict is Verdict.MISSING):
        if missing:
            yield list(group)
        else:
            yield from ([j] for j in group)


def _syllables(together: Sequence[Judged]) -> str:
    """The hanzi, what is written for them, and what is asked for: 长 zhǎng → cháng."""
    asked = [judged for judged in together if judged.asked]
    text = "".join(judged.asked.text for judged in asked[:_SHOWN] if judged.asked)
    wanted = " ".join(asked_for(judged) for judged in asked[:_SHOWN])
    if len(asked) > _SHOWN:
        return f" {text}… ({len(asked)} syllables)"
    learner = together[0].learner
    if learner is None:
        return f" {text} {wanted}"
    return f" {text} {learner.written} → {wanted}" if asked else f" {learner.written}"
