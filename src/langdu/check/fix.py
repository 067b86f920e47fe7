"""A corrected copy of a file: certain suggestions are carried out, everything else stays byte for byte as it was."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from langdu.controls import hide_controls
from langdu.errors import ExportError, InputError
from langdu.marks import decoded, find_references, shown
from langdu.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from langdu.check.report import LocatedFinding

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_ENCODINGS: Final = ("utf-8", "gb18030", "big5", "big5hkscs", "utf-16-le", "utf-16-be")


def certain_corrections(findings: Iterable[LocatedFinding]) -> list[LocatedFinding]:
    """The errors for which only one correction is possible: the suggestion."""
    return [
        located
        for located in findings
        if located.finding.severity is Severity.ERROR
        and located.finding.certain
        and located.finding.suggestion
        and located.annotation is not None
    ]


def corrected(data: bytes, text: str, findings: Sequence[LocatedFinding], name: str) -> bytes:
    """A file's bytes with the suggestions in place of the written pinyin; `text` is what the file was read as.

    Raises: InputError: the file is not plain text, or was repaired when it was read, so no place in it is certain.
    ExportError: its encoding has no letters with tone marks.
    """
    mark, encoding, raw = _decoded(data, text, name)
    places = _places(raw)
    out, at = [mark], 0
    try:
        for located in sorted(findings, key=lambda f: f.place.start):
            finding = located.finding
            if located.annotation is None or finding.suggestion is None:
                continue
            start, end = places[located.annotation.start], places[located.annotation.end]
            if start < at or decoded(raw[start:end]) != finding.written:
                raise InputError(f"{name}: {finding.written} does not stand where it was read; correct it by hand")
            out += [raw[at:start].encode(encoding), finding.suggestion.encode(encoding)]
            at = end
        out.append(raw[at:].encode(encoding))
    except UnicodeEncodeError as error:
        raise ExportError(f"{name}: {encoding} cannot write {error.object[error.start]}; save it as UTF-8") from error
    return b"".join(out)


def _decoded(data: bytes, text: str, name: str) -> tuple[bytes, str, str]:
    """The byte order mark, the encoding, and the text with its own line ends and references."""
    marks = [(mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)]
    for mark, encoding in marks or [(b"", encoding) for encoding in _ENCODINGS]:
        body = data[len(mark) :]
        try:
            raw = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        as_read = hide_controls(decoded(raw.replace("\r\n", "\n").replace("\r", "\n")))
        if as_read == text and raw.encode(encoding) == body:
            return mark, encoding, raw
    raise InputError(f"{name} is not plain text; correct it by hand, or save its text as UTF-8")


def _places(raw: str) -> Sequence[int]:
    """For each offset in the text as it was read, the offset in the file's own text."""
    places, at = list[int](), 0
    for match in sorted([*re.finditer("\r\n", raw), *find_references(raw)], key=re.Match.start):
        places += range(at, match.start())
        places += [match.start()] * (1 if match[0] == "\r\n" else len(shown(match[0])))
        at = match.end()
    return [*places, *range(at, len(raw) + 1)]
