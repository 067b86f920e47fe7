"""A test sheet as a DOCX file: pinyin stands over the hanzi as Word's phonetic guide, the key on the last page."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from langdu.export.sheet import TASKS, hint
from langdu.files import atomic
from langdu.model import SheetTask
from langdu.pinyin import spell

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.sheet import Cell, Sheet

_DATE: Final = (1980, 1, 1, 0, 0, 0)
# Sizes are in half points.
_BASE: Final = 36
_ABOVE: Final = 22
# Room to write on, a little wider than a hanzi. LibreOffice shows no underlined spaces above a hanzi.
_ROOM: Final = "\u00a0____\u00a0"
_BOX: Final = "□"
_FONT: Final = "SimSun"


def write(path: Path, sheet: Sheet) -> None:
    """Write the document. Raises: ExportError: the file cannot be written."""
    import docx  # noqa: PLC0415 - takes a third of a second
    from docx.enum.text import WD_BREAK  # noqa: PLC0415

    document = docx.Document()
    about = document.core_properties  # instead of those of python-docx's template
    about.title, about.author = sheet.name, "langdu"
    for dated in about._element.xpath("dcterms:created | dcterms:modified"):  # noqa: SLF001 - they can only be set
        dated.getparent().remove(dated)
    document.add_heading(TASKS[sheet.task], level=1)
    document.add_paragraph(f"Name: {'_' * 24}   Date: {'_' * 14}   Points: ______ / {sheet.points}")
    for row in sheet.paragraphs:
        _add(document, [_asked(cell, sheet.task) for cell in row])
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_heading("Key", level=1)
    for row in sheet.paragraphs:
        _add(document, [(cell.text, spell(cell.syllable) if cell.syllable else "") for cell in row])
    with atomic(path) as partial:
        written = BytesIO()
        document.save(written)
        partial.write_bytes(_undated(written))


def _undated(written: BytesIO) -> bytes:
    """The ZIP with the oldest date on all its members: a sheet that is made again has the same bytes."""
    out = BytesIO()
    with ZipFile(written) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, _DATE), old.read(name), ZIP_DEFLATED)
    return out.getvalue()


def _asked(cell: Cell, task: SheetTask) -> tuple[str, str]:
    """What is shown of a cell, and what above it."""
    if not cell.asked:
        return cell.text, ""
    if task is SheetTask.HANZI:
        return _BOX * len(cell.text), hint(cell, task)
    return cell.text, hint(cell, task) or _ROOM


def _add(document: Any, shown: list[tuple[str, str]]) -> None:  # noqa: ANN401 - python-docx has no types
    from docx.shared import Pt  # noqa: PLC0415

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(44)
    for text, above in shown:
        if above:
            paragraph._p.append(_ruby(text, above))  # noqa: SLF001 - python-docx has no API for ruby
        else:
            _sized(paragraph.add_run(text))


def _sized(run: Any) -> None:  # noqa: ANN401
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    run.font.size = Pt(_BASE // 2)
    run.font.name = _FONT
    run._element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)  # noqa: SLF001


def _ruby(text: str, above: str) -> Any:  # noqa: ANN401
    """A run with a phonetic guide. Source: ECMA-376, part 1, 17.3.3.25."""
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.oxml.ns import nsdecls, qn  # noqa: PLC0415

    element = parse_xml(
        f"<w:r {nsdecls('w')}><w:ruby>"
        f'<w:rubyPr><w:rubyAlign w:val="center"/><w:hps w:val="{_ABOVE}"/><w:hpsRaise w:val="{_BASE}"/>'
        f'<w:hpsBaseText w:val="{_BASE}"/><w:lid w:val="zh-CN"/></w:rubyPr>'
        f'<w:rt><w:r><w:rPr><w:sz w:val="{_ABOVE}"/></w:rPr><w:t xml:space="preserve"/></w:r></w:rt>'
        f'<w:rubyBase><w:r><w:rPr><w:rFonts w:eastAsia="{_FONT}"/><w:sz w:val="{_BASE}"/></w:rPr><w:t/></w:r>'
        "</w:rubyBase>"
        "</w:ruby></w:r>"
    )
    above_text, base_text = element.iter(qn("w:t"))
    above_text.text, base_text.text = above, text
    return element
