"""A file and certain corrections → its corrected copy, whether it is plain text or a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.check.document import CorrectedCopy, corrected_document
from langdu.check.fix import corrected
from langdu.parse.sources.formats import extract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.check.report import LocatedFinding


def corrected_copy(data: bytes, text: str, corrections: Sequence[LocatedFinding], name: str) -> CorrectedCopy:
    """The file's bytes with the suggestions in place of the written pinyin; `text` is what the file was read as.

    Raises: InputError, ExportError: as `langdu.check.fix.corrected` and `langdu.check.document.corrected_document`.
    """
    if data.startswith(b"PK\x03\x04"):
        return corrected_document(data, text, corrections, name, lambda copy: extract(copy, name).text)
    return CorrectedCopy(corrected(data, text, corrections, name), corrections)
