"""Bytes → text: where a source comes from and how it is decoded."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

from langdu.errors import InputError
from langdu.lexicon import HANZI
from langdu.model import Source

if TYPE_CHECKING:
    from typing import BinaryIO

# 64 MiB is twenty long novels as text; more is a mistake, and would be held in memory several times over.
LIMIT = 64 * 1024 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Files that people mistake for text, by their first bytes.
_BINARY = {
    b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture", b"ID3": "an MP3", b"RIFF": "a sound or a film", b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Word document", b"\x7fELF": "a program",
}  # fmt: skip


def read_source(where: str, stdin: BinaryIO | None = None) -> Source:
    r"""The text of an article: of a file, or of `stdin` when `where` is "-".

    UTF-8 (with or without a byte order mark), GB 18030, Big5 and UTF-16 are told apart; line ends become "\n".

    Raises: InputError: it is missing, a folder, empty, binary or too big, cannot be read, or holds no hanzi.
    """
    source = _read_text(where, stdin)
    if not HANZI.search(source.text):
        raise InputError(f"{source.name} has no Chinese characters in it: there is nothing to read")
    return source


def read_lines(where: str, stdin: BinaryIO | None = None) -> list[str]:
    """The lines of a file or of `stdin`, each a text of its own, hanzi or not; without their line ends.

    Raises: InputError: as `read_source`, but lines without hanzi are lines too.
    """
    return _read_text(where, stdin).text.removesuffix("\n").split("\n")


def _read_text(where: str, stdin: BinaryIO | None) -> Source:
    name = "standard input" if where == "-" else where
    text = decode(_read(where, stdin), name).replace("\r\n", "\n").replace("\r", "\n")
    return Source(name, text)


def _read(where: str, stdin: BinaryIO | None) -> bytes:
    if where == "-":
        if stdin is None:
            raise InputError("no standard input was given; name a file instead of -")
        return _limited(stdin.read(LIMIT + 1), "standard input")
    path = Path(where)
    try:
        with path.open("rb") as file:
            return _limited(file.read(LIMIT + 1), where)
    except FileNotFoundError as error:
        raise InputError(f"there is no file {where}; check its name") from error
    except IsADirectoryError as error:
        raise InputError(f"{where} is a folder; name a file in it") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{where} cannot be read: {reason}") from error


def _limited(data: bytes, name: str) -> bytes:
    if len(data) > LIMIT:
        raise InputError(f"{name} is larger than {LIMIT >> 20} MiB, more than twenty novels; cut it into parts")
    return data


def decode(data: bytes, name: str) -> str:
    """The text in `data`.

    Raises: InputError: it is empty, or no text in any encoding of Chinese.
    """
    if not data.strip():
        raise InputError(f"{name} is empty: there is nothing to read")
    for start, what in _BINARY.items():
        if data.startswith(start):
            raise InputError(f"{name} is {what}, not text; save it as plain text first")
    encoding = _encoding(data)
    if encoding is None:
        raise InputError(f"{name} is not text in UTF-8, GB 18030, Big5 or UTF-16; save it as UTF-8 first")
    text = data.decode(encoding, errors="strict")
    if "\0" in text:
        raise InputError(f"{name} holds NUL bytes: it is not text, or it is damaged")
    return text


def _encoding(data: bytes) -> str | None:
    """UTF-8 proves itself; what is left is told apart by what makes the likelier Chinese."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name if _decodes(data, name) else None
    if _decodes(data, "utf-8"):
        return "utf-8"
    best = from_bytes(data, cp_isolation=["gb18030", "big5", "utf_16_le", "utf_16_be"]).best()
    return best.encoding if best is not None and _decodes(data, best.encoding) else None


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
