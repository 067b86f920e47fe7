"""A corrected copy of a file: only suggestions that are certain, everything else byte for byte as it was."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from langdu.controls import hide_controls
from langdu.errors import ExportError, InputError
from langdu.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from langdu.check.report import Located

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_ENCODINGS: Final = ("utf-8", "gb18030", "big5", "big5hkscs", "utf-16-le", "utf-16-be")


def certain(found: Iterable[Located]) -> list[Located]:
    """The errors whose pinyin can only have been meant as the suggestion has it."""
    return [
        each
        for each in found
        if each.finding.severity is Severity.ERROR
        and each.finding.certain
        and each.finding.suggestion
        and each.annotation is not None
    ]


def mended(data: bytes, text: str, found: Sequence[Located], name: str) -> bytes:
    """A file's bytes with suggestions in place of what is written; `text` is what the file was read as.

    Raises: InputError: the file is not plain text, or was repaired when it was read, so no place in it is sure.
    ExportError: its encoding has no letters with tone marks.
    """
    mark, encoding, raw = _decoded(data, text, name)
    places = _places(raw)
    out, at = [mark], 0
    try:
        for each in sorted(found, key=lambda f: f.place.start):
            if each.annotation is None or each.finding.suggestion is None:
                continue
            start, end = places[each.annotation.start], places[each.annotation.end]
            if start < at or raw[start:end] != each.finding.written:
                raise InputError(f"{name}: {each.finding.written} does not stand where it was read; correct it by hand")
            out += [raw[at:start].encode(encoding), each.finding.suggestion.encode(encoding)]
            at = end
        out.append(raw[at:].encode(encoding))
    except UnicodeEncodeError as error:
        raise ExportError(f"{name}: {encoding} cannot write {error.object[error.start]}; save it as UTF-8") from error
    return b"".join(out)


def _decoded(data: bytes, text: str, name: str) -> tuple[bytes, str, str]:
    """The byte order mark, the encoding, and the text with its own line ends."""
    marks = [(mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)]
    for mark, encoding in marks or [(b"", encoding) for encoding in _ENCODINGS]:
        body = data[len(mark) :]
        try:
            raw = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if hide_controls(raw.replace("\r\n", "\n").replace("\r", "\n")) == text and raw.encode(encoding) == body:
            return mark, encoding, raw
    raise InputError(
        f"{name} is not plain text as it stands in the file: correct it by hand, or save its text as UTF-8"
    )


def _places(raw: str) -> Sequence[int]:
    """For each offset in the text as it was read, the offset with the file's own line ends."""
    if "\r" not in raw:
        return range(len(raw) + 1)
    return [i for i in range(len(raw) + 1) if not (raw[i : i + 1] == "\n" and i and raw[i - 1] == "\r")]
