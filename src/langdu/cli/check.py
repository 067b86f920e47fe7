"""langdu check."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.common import load, print_json

if TYPE_CHECKING:
    from langdu.model import Article, Finding


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"


class FailOn(StrEnum):
    """The severity from which on the exit status is 1."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


def check(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Files, or - for standard input.", show_default=False)
    ],
    *,
    form: Annotated[Format, typer.Option("--format", help="For people, or one JSON object a line.")] = Format.TEXT,
    fail_on: Annotated[FailOn, typer.Option(help="The severity from which on the exit status is 1.")] = FailOn.ERROR,
) -> None:
    """Check the embedded pinyin against the characters.

    Example: [bold]langdu check article.txt --fail-on warning[/bold]
    """
    from langdu import pipeline

    failed = False
    for source in sources:
        article = load(source)
        findings = pipeline.check(article)
        failed |= any(f.severity.value in _FAILING[fail_on] for f in findings)
        if form is Format.JSON:
            for finding in findings:
                print_json(_as_json(article, finding))
        else:
            _print_text(article, findings)
    raise typer.Exit(1 if failed else 0)


_FAILING = {FailOn.ERROR: ("error",), FailOn.WARNING: ("error", "warning"), FailOn.NEVER: ()}


def _place(article: Article, finding: Finding) -> tuple[int, int]:
    paragraph = next(p for p in article.spoken_order() if p.index == finding.paragraph)
    return article.source.place(paragraph.source_offset(finding.span.start))


def _as_json(article: Article, finding: Finding) -> dict[str, Any]:
    line, column = _place(article, finding)
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": article.source.name,
        "line": line,
        "column": column,
        "paragraph": finding.paragraph,
        "start": finding.span.start,
        "end": finding.span.end,
        "text": finding.text,
        "written": finding.written,
        "suggestion": finding.suggestion,
    }


_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


def _print_text(article: Article, findings: list[Finding]) -> None:
    """One line a finding, as compilers write it, so that editors can jump to the place; then a count."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for finding in findings:
        line, column = _place(article, finding)
        shown = Text(f"{article.source.name}:{line}:{column}: ")
        shown.append(finding.severity.value, style=_COLOURS[finding.severity.value])
        shown.append(f" {finding.text}({finding.written}) ", style="bold")
        shown.append(finding.message)
        if finding.suggestion and finding.suggestion != finding.written:
            shown.append(f" → {finding.suggestion}", style="green")
        shown.append(f" [{finding.rule}]", style="dim")
        console.print(shown)
    counts = {severity: sum(f.severity.value == severity for f in findings) for severity in _COLOURS}
    annotations = sum(1 for p in article.spoken_order() for _ in p.annotated())
    summary = ", ".join(f"{n} {severity}{'s' * (n != 1 and severity != 'info')}" for severity, n in counts.items())
    Console(stderr=True, highlight=False).print(f"{article.source.name}: {annotations} annotations, {summary}")
