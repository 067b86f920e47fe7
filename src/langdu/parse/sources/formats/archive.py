"""ZIP archives that hold a document, unpacked within limits."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree.ElementTree import TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from langdu.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

# The most that is unpacked, of one part and of one archive: a zip bomb unpacks to petabytes.
_PART = 32 * 1024 * 1024
_ALL = 128 * 1024 * 1024
# More parts than any book has. Each takes a kilobyte of memory when the archive is opened.
_PARTS = 20_000
_ENTRY = b"PK\x01\x02"
# Word nests a table in a table in a text box to some 30 levels. Some readers call themselves once a level.
_DEPTH = 200
# A document of 25,000 hanzi with phonetic guides has this many elements, which take memory and time.
_ELEMENTS = 500_000
# How EPUB and DOCX may be compressed. Other methods of ZIP, especially LZMA, may need gigabytes of memory.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def kind_of(data: bytes, name: str) -> str:
    """The format of an archive: `epub` or `docx`.

    Raises: InputError: it is damaged, or another kind of archive.
    """
    names = Archive(data, name).names
    if "META-INF/container.xml" in names:
        return "epub"
    if "word/document.xml" in names:
        return "docx"
    raise InputError(f"{name} is a ZIP archive, but neither EPUB nor DOCX; unpack it and name the file to read")


class Archive:
    """A ZIP archive in memory. Nothing is written to disk, so the name of a part can do no harm."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._left = _ALL
        if data.count(_ENTRY) > _PARTS:
            raise InputError(f"{name} has more than {_PARTS:,} parts, too many for a book")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise InputError(f"{name} is damaged, its ZIP archive cannot be opened; save or copy it again") from error
        self.names = frozenset(self._zip.namelist())

    def part(self, path: str) -> bytes:
        """One part, unpacked.

        Raises: InputError: it is missing, damaged, encrypted or too big.
        """
        if path in self.names and self._zip.getinfo(path).compress_type not in _METHODS:
            raise InputError(
                f"{self._name} is damaged: {path} is compressed in a way that EPUB and DOCX never are; save it again"
            )
        try:
            with self._zip.open(path) as file:
                data = file.read(min(_PART, self._left) + 1)
        except KeyError as error:
            raise InputError(f"{self._name} is damaged: {path} is missing in it; save or copy it again") from error
        except RuntimeError as error:
            raise InputError(f"{self._name} is encrypted; open it with its password and save it without one") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise InputError(f"{self._name} is damaged: {path} cannot be unpacked; save or copy it again") from error
        self._left -= len(data)
        if len(data) > _PART or self._left < 0:
            raise InputError(f"{self._name} unpacks to more than {_ALL >> 20} MiB of text, too much for a book")
        return data

    def xml(self, path: str) -> Element:
        """One part as XML.

        Raises: InputError: as `part`, and if it is not XML, nests too deep, has too many elements, or declares entities
            or attributes, which documents do not need.
        """
        data = self.part(path)
        builder = _Bounded(f"{self._name} is refused: {path}")
        parser = DefusedXMLParser(target=builder, forbid_dtd=False, forbid_entities=True, forbid_external=True)
        parser.parser.AttlistDeclHandler = builder.attributes
        try:
            parser.feed(data)
            root: Element = parser.close()
        except ParseError as error:
            raise InputError(f"{self._name} is damaged: {path} is not XML ({error}); save it again") from error
        except DefusedXmlException as error:
            raise InputError(f"{self._name} is refused: {path} declares entities, as attacks do") from error
        except (ValueError, LookupError) as error:
            raise InputError(f"{self._name} is damaged: {path} is in an unknown encoding; save it again") from error
        return root


class _Bounded(TreeBuilder):
    """Builds a tree of bounded depth and size. `who` is the beginning of the message if it is larger."""

    def __init__(self, who: str) -> None:
        super().__init__()
        self._who = who
        self._depth = self._count = 0

    def start(self, tag: str, attrs: Mapping[str, str], /) -> Element:
        """An element begins."""
        self._depth += 1
        self._count += 1
        if self._depth > _DEPTH:
            raise InputError(f"{self._who} is nested deeper than {_DEPTH} levels; save its text instead")
        if self._count > _ELEMENTS:
            raise InputError(f"{self._who} has more than {_ELEMENTS:,} elements; cut the document into parts")
        return super().start(tag, dict(attrs))

    def end(self, tag: str, /) -> Element:
        """An element ends."""
        self._depth -= 1
        return super().end(tag)

    def attributes(self, *_: object) -> None:
        """Refuse declarations of default attributes, by which a few bytes become gigabytes."""
        raise InputError(f"{self._who} declares attributes, as attacks do; save its text instead")
