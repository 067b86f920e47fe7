"""ZIP archives that hold a document: what kind it is, and its parts, unpacked with care."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from langdu.errors import InputError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# One part, and all that is read of one archive, unpacked: a zip bomb unpacks to petabytes.
_PART = 32 * 1024 * 1024
_ALL = 128 * 1024 * 1024


def kind_of(data: bytes, name: str) -> str:
    """`epub` or `docx`.

    Raises: InputError: it is damaged or some other archive.
    """
    names = Archive(data, name).names
    if "META-INF/container.xml" in names:
        return "epub"
    if "word/document.xml" in names:
        return "docx"
    raise InputError(f"{name} is a ZIP archive, neither EPUB nor DOCX; unpack it and name the file to read")


class Archive:
    """A ZIP archive in memory. Nothing is ever written to disk, so a part's name can lead nowhere."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._left = _ALL
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise InputError(f"{name} is damaged: its ZIP archive cannot be opened ({error})") from error
        self.names = frozenset(self._zip.namelist())

    def part(self, path: str) -> bytes:
        """One part, unpacked.

        Raises: InputError: it is missing, damaged, encrypted or too big.
        """
        try:
            with self._zip.open(path) as file:
                data = file.read(min(_PART, self._left) + 1)
        except KeyError as error:
            raise InputError(f"{self._name} is damaged: {path} is missing in it") from error
        except RuntimeError as error:
            raise InputError(f"{self._name} is encrypted; open it with its password and save it without") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise InputError(f"{self._name} is damaged: {path} cannot be unpacked ({error})") from error
        self._left -= len(data)
        if len(data) > _PART or self._left < 0:
            raise InputError(f"{self._name} unpacks to more than {_ALL >> 20} MiB of text: it is no book")
        return data

    def xml(self, path: str) -> Element:
        """One part as XML.

        Raises: InputError: as `part`, and if it is no XML, or declares entities, which no document needs.
        """
        try:
            root: Element = fromstring(self.part(path), forbid_dtd=False, forbid_entities=True, forbid_external=True)
        except ParseError as error:
            raise InputError(f"{self._name} is damaged: {path} is no XML ({error})") from error
        except DefusedXmlException as error:
            raise InputError(f"{self._name} is refused: {path} declares entities, as attacks do") from error
        except (ValueError, LookupError) as error:
            raise InputError(f"{self._name} is damaged: {path} is in an unknown encoding ({error})") from error
        return root
