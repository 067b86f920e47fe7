"""SARIF 2.1.0, the format in which code hosts and editors import findings."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from langdu.check.report import Lines
from langdu.check.rules import RULES
from langdu.model import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.check.report import LocatedFinding
    from langdu.model import Source, Span

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PLACES: Final = {rule.name: i for i, rule in enumerate(RULES)}


def sarif(findings: Sequence[LocatedFinding], sources: Sequence[Source], version: str) -> dict[str, Any]:
    """All findings of a run as one SARIF log; `sources` are all that were checked."""
    lines = {source.name: Lines(source) for source in sources}
    driver = {
        "name": "langdu",
        "version": version,
        "rules": [
            {
                "id": rule.name,
                "shortDescription": {"text": rule.summary},
                "defaultConfiguration": {"level": _LEVELS[rule.severity]},
            }
            for rule in RULES
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(name)}} for name in lines],
        "results": [_result(located, lines[located.file]) for located in findings],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _region(lines: Lines, span: Span) -> dict[str, int]:
    (line, column), (end_line, end_column) = lines.place(span.start), lines.place(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _result(located: LocatedFinding, lines: Lines) -> dict[str, Any]:
    finding = located.finding
    location = {"uri": _uri(located.file)}
    message = finding.message
    if finding.suggestion and finding.suggestion != finding.written:
        message += f"; suggestion: {finding.suggestion}"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": _PLACES[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.text}: {message}"},
        "locations": [{"physicalLocation": {"artifactLocation": location, "region": _region(lines, located.place)}}],
        "partialFingerprints": {"around/v1": f"{finding.rule} {finding.written} {located.around}"},
    }
    if finding.certain and finding.suggestion and located.annotation and lines.is_exact(located.annotation):
        replacement = {
            "deletedRegion": _region(lines, located.annotation),
            "insertedContent": {"text": finding.suggestion},
        }
        change = {"artifactLocation": location, "replacements": [replacement]}
        result["fixes"] = [{"description": {"text": f"write {finding.suggestion}"}, "artifactChanges": [change]}]
    return result


def _uri(name: str) -> str:
    """A file's name as a URI: relative if the name is relative, so that a code host finds it in the repository."""
    if "://" in name:
        return name
    path = PurePath(name)
    # As bytes, since a file name need not be UTF-8.
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))
