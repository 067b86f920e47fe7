"""langdu check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langdu.cli.shared.common import load_article, notice, print_json, write_out
from langdu.cli.shared.options import KeepAll, Lexicon

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from langdu.check.report import LocatedFinding
    from langdu.check.rule import Rule
    from langdu.model import Article


class ReportFormat(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    HTML = "html"


class FailOn(StrEnum):
    """The lowest severity that makes the exit status 1."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


_FAILING = {FailOn.ERROR: ("error",), FailOn.WARNING: ("error", "warning"), FailOn.NEVER: ()}
_RULES = "RULE,…"
# A hundred thousand findings.
_BASELINE = 1 << 24


@dataclass(frozen=True, slots=True)
class Checked:
    """An article with those of its findings that are reported."""

    article: Article
    found: Sequence[LocatedFinding]


def check(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Files, or - for standard input.", show_default=False)
    ],
    *,
    form: Annotated[
        ReportFormat, typer.Option("--format", help="For people; one JSON object a line; SARIF 2.1.0; a page.")
    ] = ReportFormat.TEXT,
    fail_on: Annotated[FailOn, typer.Option(help="Lowest severity that makes the exit status 1.")] = FailOn.ERROR,
    select: Annotated[str | None, typer.Option(metavar=_RULES, help="Only these rules.")] = None,
    ignore: Annotated[str | None, typer.Option(metavar=_RULES, help="All rules but these.")] = None,
    lexicon: Lexicon = None,
    keep_all: KeepAll = False,
    baseline: Annotated[Path | None, typer.Option(help="A file of findings that are accepted.")] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Accept all that is found: write it to --baseline.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Write a copy with what is certain corrected.")] = False,
    in_place: Annotated[bool, typer.Option("--in-place", help="With --fix: correct the file itself.")] = False,
    out: Annotated[Path | None, typer.Option("-o", metavar="FILE", help="With --fix: the corrected copy.")] = None,
) -> None:
    """Check the embedded pinyin against the characters.

    Example: [bold]langdu check article.txt --fail-on warning[/bold]
    """
    from langdu.check.report import located
    from langdu.pipeline import text

    _consistent(sources, baseline, out, write_baseline=write_baseline, fix=fix, in_place=in_place)
    rules = _chosen(select, ignore)
    articles = [load_article(source, "check", keep_all=keep_all) for source in sources]
    checked = [Checked(article, located(article, text.check(article, rules, lexicon))) for article in articles]
    if write_baseline and baseline:
        _accept(checked, baseline)
        raise typer.Exit
    if baseline:
        checked = _without_accepted(checked, baseline)
    if fix:
        for source, each in zip(sources, checked, strict=True):
            _fix(source, each, out, in_place=in_place)
    _report(checked, form)
    for each in checked:
        _say_what_was_seen(each.article, counted=form is ReportFormat.TEXT)
    failed = any(f.finding.severity.value in _FAILING[fail_on] for each in checked for f in each.found)
    raise typer.Exit(1 if failed else 0)


def _consistent(
    sources: Sequence[str], baseline: Path | None, out: Path | None, *, write_baseline: bool, fix: bool, in_place: bool
) -> None:
    """Raises: ConfigError: options are missing beside others, or contradict each other."""
    from langdu.errors import ConfigError

    if write_baseline and baseline is None:
        raise ConfigError("--write-baseline needs --baseline FILE, which says where to")
    if (out or in_place) and not fix:
        raise ConfigError("-o and --in-place say where --fix writes to; add --fix")
    if out and in_place:
        raise ConfigError("-o and --in-place contradict each other: choose one")
    if out and len(sources) > 1:
        raise ConfigError("-o names one file, for one source; without it each copy is written beside its source")
    if fix and any(s == "-" or "://" in s for s in sources):
        raise ConfigError("--fix corrects files, not standard input or web pages; save the text first")


def _chosen(select: str | None, ignore: str | None) -> Collection[Rule]:
    """The rules that are wanted.

    Raises: ConfigError: there is no rule of a name.
    """
    from langdu.check.rules import RULES
    from langdu.errors import ConfigError

    known = {rule.name: rule for rule in RULES}
    wanted, unwanted = (
        [name.strip() for name in (names or "").split(",") if name.strip()] for names in (select, ignore)
    )
    if unknown := sorted(set(wanted + unwanted) - set(known)):
        raise ConfigError(f"no rule is called {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return [rule for rule in RULES if (rule.name in wanted or not select) and rule.name not in unwanted]


# --- findings that are accepted -------------------------------------------------------------------------------------


def _accept(checked: Sequence[Checked], baseline: Path) -> None:
    from langdu.check.report.baseline import baseline_table

    found = [f for each in checked for f in each.found]
    _write(baseline, baseline_table(found).encode())
    notice(f"{len(found)} findings are accepted from now on: {baseline}")


def _without_accepted(checked: Sequence[Checked], baseline: Path) -> list[Checked]:
    from langdu import files
    from langdu.check.report.baseline import read_baseline, without_accepted
    from langdu.errors import ConfigError

    try:
        text = files.text(baseline, _BASELINE)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"the baseline {baseline} cannot be read: {reason}; make it with --write-baseline") from error
    accepted = read_baseline(text, str(baseline))
    return [Checked(each.article, without_accepted(each.found, accepted)) for each in checked]


# --- a corrected copy -----------------------------------------------------------------------------------------------


def _fix(source: str, checked: Checked, out: Path | None, *, in_place: bool) -> None:
    """Raises: InputError: the source is no plain text. ExportError: the copy cannot be written."""
    from langdu.check.fix import certain_corrections, corrected
    from langdu.errors import ExportError

    path = Path(source)
    target = path if in_place else (out.expanduser() if out else path.with_name(f"{path.stem}.fixed{path.suffix}"))
    if not in_place and target.exists() and target.samefile(path):
        raise ExportError(f"{target} is the source itself; to correct it there, say --in-place")
    found = certain_corrections(checked.found)
    if not found:
        notice(f"{source}: nothing is certain enough to correct; no copy is written")
        return
    _write(target, corrected(path.read_bytes(), checked.article.source.text, found, source))
    notice(f"{source}: {len(found)} corrected: {target}")


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; one that is replaced keeps its permissions."""
    from langdu.files import atomic

    with atomic(path) as partial:
        partial.write_bytes(data)
        if path.exists():
            partial.chmod(path.stat().st_mode & 0o7777)


def _say_what_was_seen(article: Article, *, counted: bool) -> None:
    """How many annotations there are, unless the report has `counted` them, or that none was understood."""
    from langdu.parse.annotations.alignment.written import toned_words

    seen = sum(1 for paragraph in article.spoken_order() for _ in paragraph.annotated())
    if not seen and (words := toned_words(article.source.text)):
        notice(
            f"{article.source.name}: no annotation was understood, though the text holds letters with tones: "
            f"{', '.join(words)}; docs/annotations.md has the styles that are"
        )
    elif not counted:
        notice(f"{article.source.name}: {seen} annotation{'s' * (seen != 1)}")


# --- reports --------------------------------------------------------------------------------------------------------


def _report(checked: Sequence[Checked], form: ReportFormat) -> None:
    if form is ReportFormat.TEXT:
        from langdu.cli.shared.findings import print_findings

        for each in checked:
            print_findings(each.article, each.found)
    elif form is ReportFormat.JSON:
        from langdu.check.report import as_json

        for each in checked:
            for found in each.found:
                print_json(as_json(found))
    elif form is ReportFormat.HTML:
        from langdu.check.report.html import page

        write_out(page([(each.article, each.found) for each in checked]).removesuffix("\n"))
    else:
        from importlib.metadata import version

        from langdu.check.report.sarif import sarif

        texts = {each.article.source.name: each.article.source.text for each in checked}
        print_json(sarif([f for each in checked for f in each.found], texts, version("langdu")))
