"""langdu check."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langdu.cli.shared.common import notice, write_out
from langdu.cli.shared.options import KeepAll, Lexicon, named_path
from langdu.controls import show_controls
from langdu.errors import InputError, plural

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from langdu.cli.shared.checked import Checked
    from langdu.model import Article


class ReportFormat(StrEnum):
    """How findings are printed."""

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
# In bytes: enough for a hundred thousand findings.
_BASELINE = 1 << 24


def check(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Files, or - for standard input.", show_default=False)
    ],
    *,
    form: Annotated[
        ReportFormat, typer.Option("--format", help="Text, one JSON object per line, SARIF 2.1.0, or a web page.")
    ] = ReportFormat.TEXT,
    fail_on: Annotated[FailOn, typer.Option(help="The lowest severity that makes the exit status 1.")] = FailOn.ERROR,
    select: Annotated[
        str | None, typer.Option(metavar=_RULES, help="Check only these rules, which docs/rules.md lists.")
    ] = None,
    ignore: Annotated[str | None, typer.Option(metavar=_RULES, help="Check all rules except these.")] = None,
    lexicon: Lexicon = None,
    keep_all: KeepAll = False,
    baseline: Annotated[Path | None, typer.Option(help="A file of accepted findings, which are not reported.")] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Accept all findings: write them to --baseline.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Write a copy with the certain suggestions applied.")] = False,
    in_place: Annotated[bool, typer.Option("--in-place", help="With --fix: correct the file itself.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("-o", metavar="FILE", parser=named_path, help="Write the report here; with --fix, the copy."),
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="N", min=1, max=256, help="Check in so many processes at a time.")
    ] = 1,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="MINE.txt", help="Hold the pinyin that a learner wrote against the article."),
    ] = None,
) -> None:
    """Check the embedded pinyin against the characters.

    Example: [bold]langdu check article.txt --fail-on warning[/bold]
    """
    if against:
        from langdu.cli.texts.against import compare

        _only_against(select, ignore, baseline, fix=fix or in_place or write_baseline)
        comparison = compare(against, sources, form.value, out, lexicon, keep_all=keep_all)
        raise typer.Exit(1 if comparison.score < 1 and fail_on is not FailOn.NEVER else 0)
    from langdu.cli.shared.checked import checked

    _consistent(sources, baseline, out, form, write_baseline=write_baseline, fix=fix, in_place=in_place)
    rules = _chosen(select, ignore)
    results, unread = checked(sources, rules, lexicon, keep_all=keep_all, jobs=jobs)
    if not results:
        raise _not_read(unread)
    if write_baseline and baseline:
        _accept(results, baseline)
        raise _not_read(unread) if unread else typer.Exit
    if baseline:
        results = _without_accepted(results, baseline)
    if fix:
        results = [_fixed(result, out, in_place=in_place) for result in results]
    _report(results, form, None if fix else out)
    for result in results:
        _report_annotations(result.article, counted=form is ReportFormat.TEXT)
    if unread:
        raise _not_read(unread)
    failed = any(f.finding.severity.value in _FAILING[fail_on] for result in results for f in result.findings)
    raise typer.Exit(1 if failed else 0)


def _not_read(errors: Sequence[InputError]) -> typer.Exit:
    """Tell which sources could not be read. Returns: the end of the command."""
    for error in errors:
        notice(str(error))
    return typer.Exit(InputError.exit_status)


def _consistent(
    sources: Sequence[str],
    baseline: Path | None,
    out: Path | None,
    form: ReportFormat,
    *,
    write_baseline: bool,
    fix: bool,
    in_place: bool,
) -> None:
    """Raises: ConfigError: an option needs another one that is missing, or two contradict each other."""
    from langdu.errors import ConfigError

    if write_baseline and baseline is None:
        raise ConfigError("--write-baseline needs --baseline FILE, the file to write")
    if in_place and not fix:
        raise ConfigError("--in-place says where --fix writes to; add --fix")
    if out and not fix and form is ReportFormat.TEXT:
        raise ConfigError("-o names the copy of --fix, or a report: add --fix, or --format html, json or sarif")
    if out and not fix and any(out == Path(source) for source in sources):
        raise ConfigError(f"{out} is the article itself: name another file for the report with -o")
    if out and in_place:
        raise ConfigError("-o and --in-place contradict each other: choose one")
    if out and fix and len(sources) > 1:
        raise ConfigError("-o names one file, but there are several sources; without -o, copies go beside the sources")
    if fix and any(s == "-" or "://" in s for s in sources):
        raise ConfigError("--fix corrects files, not standard input or web pages; save the text first")


def _only_against(*options: object, fix: bool) -> None:
    """Raises: ConfigError: an option is about the annotations of the article, which --against does not check."""
    from langdu.errors import ConfigError

    if fix or any(options):
        raise ConfigError(
            "--against holds a learner's pinyin against the article: it goes with --format, -o, --fail-on, "
            "--lexicon and --keep-all only"
        )


def _chosen(select: str | None, ignore: str | None) -> Collection[str]:
    """The names of the rules to check.

    Raises: ConfigError: a name is not the name of a rule.
    """
    from langdu.check.rules import RULES
    from langdu.errors import no_such

    known = {rule.name: rule for rule in RULES}
    wanted, unwanted = (
        [name.strip() for name in (names or "").split(",") if name.strip()] for names in (select, ignore)
    )
    if unknown := sorted(set(wanted + unwanted) - set(known)):
        raise no_such("rule", unknown[0], sorted(known))
    return [name for name in known if (name in wanted or not select) and name not in unwanted]


# --- accepted findings ----------------------------------------------------------------------------------------------


def _accept(results: Sequence[Checked], baseline: Path) -> None:
    from langdu.check.report.baseline import baseline_table

    findings = [finding for result in results for finding in result.findings]
    _write(baseline, baseline_table(findings).encode())
    verb = "is" if len(findings) == 1 else "are"
    notice(f"{plural(len(findings), 'finding')} {verb} accepted from now on: {baseline}")


def _without_accepted(results: Sequence[Checked], baseline: Path) -> list[Checked]:
    from langdu import files
    from langdu.check.report.baseline import read_baseline, without_accepted
    from langdu.errors import ConfigError

    try:
        text = files.text(baseline, _BASELINE)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"the baseline {baseline} cannot be read: {files.reason(error)}; make it with --write-baseline"
        ) from error
    accepted = read_baseline(text, str(baseline))
    return [replace(result, findings=without_accepted(result.findings, accepted)) for result in results]


# --- a corrected copy -----------------------------------------------------------------------------------------------


def _fixed(result: Checked, out: Path | None, *, in_place: bool) -> Checked:
    """Write the corrected copy; what is corrected in it is no finding any more.

    Raises: InputError: the source is neither plain text nor DOCX nor EPUB, or the corrections have no certain place.
    ExportError: the copy cannot be written.
    """
    from langdu.check.fix import certain_corrections
    from langdu.errors import ExportError
    from langdu.files import user_path
    from langdu.pipeline.checking.corrected import corrected_copy

    source, path = result.source, Path(result.source)
    target = path if in_place else (user_path(out) if out else path.with_name(f"{path.stem}.fixed{path.suffix}"))
    if not in_place and target.exists() and target.samefile(path):
        raise ExportError(f"{target} is the source itself; to correct it there, say --in-place")
    corrections = certain_corrections(result.findings)
    if not corrections:
        notice(f"{source}: nothing is certain enough to correct; no copy is written")
        return result
    copy = corrected_copy(path.read_bytes(), result.article.source.text, corrections, source)
    if len(copy.done) < len(corrections):
        unplaced = plural(len(corrections) - len(copy.done), "correction")
        notice(f"{source}: {unplaced} found no certain place in the document: correct what is listed by hand")
    if not copy.done:
        return result
    _write(target, copy.data)
    notice(f"{source}: {len(copy.done)} corrected in {target}")
    # All findings on an annotation have the same suggestion, so it ends all of them.
    places = {located.annotation for located in copy.done}
    corrected = [located for located in result.findings if located.annotation in places]
    return replace(result, corrected=corrected, findings=[f for f in result.findings if f not in corrected])


def _write(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all. A file that is replaced keeps its permissions."""
    from langdu.files import atomic

    with atomic(path) as partial:
        partial.write_bytes(data)
        if path.exists():
            partial.chmod(path.stat().st_mode & 0o7777)


def _report_annotations(article: Article, *, counted: bool) -> None:
    """Print the number of annotations, unless the report has `counted` them; warn if none was understood."""
    from langdu.parse.annotations.alignment.written import toned_words

    seen = sum(1 for paragraph in article.spoken_order() for _ in paragraph.annotated())
    if not seen and (words := toned_words(article.source.text)):
        notice(
            f"{article.source.name}: no annotation was understood, although the text has letters with tone marks: "
            f"{', '.join(words)}; docs/annotations.md shows the styles that langdu understands"
        )
    elif not counted:
        notice(f"{article.source.name}: {plural(seen, 'annotation')}")


# --- reports --------------------------------------------------------------------------------------------------------


def _report(results: Sequence[Checked], form: ReportFormat, out: Path | None) -> None:
    if form is ReportFormat.TEXT:
        from langdu.cli.shared.findings import print_corrections, print_findings

        for result in results:
            print_corrections(result.corrected)
            print_findings(result.article, result.findings)
        return
    report = {ReportFormat.JSON: _as_json, ReportFormat.HTML: _as_html, ReportFormat.SARIF: _as_sarif}[form](results)
    if out:
        from langdu.files import user_path, write_text

        write_text(user_path(out), show_controls(report))
        notice(f"written: {out}")
    elif report:
        write_out(report.removesuffix("\n"))


def _as_json(results: Sequence[Checked]) -> str:
    from json import dumps

    from langdu.check.report import as_json

    rows = [
        as_json(finding) | ({"corrected": finding in result.corrected} if result.corrected else {})
        for result in results
        for finding in sorted((*result.findings, *result.corrected), key=lambda located: located.place.start)
    ]
    return "".join(f"{dumps(row, ensure_ascii=False)}\n" for row in rows)


def _as_html(results: Sequence[Checked]) -> str:
    from langdu.check.report.html import page

    return page([(result.article, result.findings) for result in results])


def _as_sarif(results: Sequence[Checked]) -> str:
    from importlib.metadata import version
    from json import dumps

    from langdu.check.report.sarif import sarif

    sources = [result.article.source for result in results]
    findings = [finding for result in results for finding in result.findings]
    return dumps(sarif(findings, sources, version("langdu")), ensure_ascii=False) + "\n"
