"""Bytes → text, in whatever encoding of Chinese."""

from __future__ import annotations

import codecs
import re
from functools import cache

from langdu.errors import InputError

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CANDIDATES = ["gb18030", "big5hkscs", "utf_16_le", "utf_16_be"]
_SAMPLE = 20_000
_PLAUSIBLE = 0.6
# The name of an encoding in pages and files → the larger encoding that browsers read in its place.
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "x-x-big5": "big5hkscs"}
# The encodings that a file may declare, by Python's names; others are ignored. Codecs such as `undefined`, `punycode`
# and `unicode_escape` are not encodings of text, and some take time with the square of its length.
_DECLARABLE = re.compile(
    r"ascii|utf-(?:8|16|32)\S*|gb2312|gbk|gb18030|hz|big5|big5hkscs|cp950|shift_jis\S*|cp932|euc_\S+|cp949|iso2022_\S+"
    r"|iso8859-\d+|cp125\d|cp874|koi8-[ru]|mac-\w+"
)
# Files that people mistake for text, by their first bytes.
_BINARY = {
    b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture", b"ID3": "an MP3", b"RIFF": "a sound or a film", b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Word document", b"\x7fELF": "a program",
}  # fmt: skip
# This many characters in UTF-8 are no accident, so bytes that are not UTF-8 are damage.
_PROOF = re.compile("(?:[^\x00-\x7f\ufffd][\x00-\x7f]*){20}")


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    r"""The text in `data`, with "\n" as line ends. `declared` is the encoding that the file declares.

    Raises: InputError: it is empty, damaged, or not text in any encoding of Chinese.
    """
    if not data.strip():
        raise InputError(f"{name} is empty: there is nothing to read", code="empty")
    for start, what in _BINARY.items():
        if data.startswith(start):
            raise InputError(f"{name} is {what}, not text; save it as plain text first")
    text = _decoded(data, name, declared)
    if "\0" in text:
        raise InputError(f"{name} has NUL bytes: it is not text, or it is damaged; save it as UTF-8 text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, name: str, declared: str | None) -> str:
    for bom, marked in _BOMS:
        if data.startswith(bom):
            declared = marked
    encoding = _known(declared) if declared else None
    if encoding and (text := _as(data, encoding)) is not None:
        return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _PROOF.search(data.decode("utf-8", errors="replace")):
            line = data.count(b"\n", 0, error.start) + 1
            raise InputError(f"{name} is damaged: line {line} has bytes that are not UTF-8; save it again") from error
    if (text := _guessed(data)) is None:
        raise InputError(f"{name} is not text in UTF-8, GB 18030, Big5 or UTF-16; save it as UTF-8 first")
    return text


def _known(declared: str) -> str | None:
    """Python's name for a declared encoding of text; None if there is no such encoding."""
    try:
        name = codecs.lookup(_ALIASES.get(declared.lower(), declared)).name
    except (LookupError, ValueError):  # an unknown name; a name with a NUL, or not in ASCII
        return None
    return name if _DECLARABLE.fullmatch(name) else None


def _guessed(data: bytes) -> str | None:
    """The text in the most plausible encoding of Chinese, None if none is plausible.

    charset-normalizer orders those that are equally plausible. Alone, it takes some short lines in GB 18030 for Korean
    in UTF-16.
    """
    from charset_normalizer import from_bytes  # noqa: PLC0415  # only for the rare file that is not UTF-8

    proposed = [match.encoding for match in from_bytes(data[:_SAMPLE], cp_isolation=_CANDIDATES)]
    texts = [text for encoding in [*proposed, *_CANDIDATES] if (text := _as(data, encoding)) is not None]
    best = max(texts, key=_plausibility, default=None)
    return best if best is not None and _plausibility(best) > _PLAUSIBLE else None


def _plausibility(text: str) -> float:
    """The share of characters that are usual in Chinese texts: frequent hanzi, ASCII, punctuation, pinyin."""
    sample = text[:_SAMPLE]
    return sum(_is_usual(char) for char in sample) / len(sample)


@cache
def _is_usual(char: str) -> bool:
    if char in "\n\r\t" or " " <= char <= "~" or "\u2010" <= char <= "\u2026" or "\u3000" <= char <= "\u3017":
        return True
    # The 3,755 and 5,401 most frequent hanzi are the first levels of GB 2312 and Big5; 0xA1 and 0xA3 are punctuation,
    # 0xA8 the letters of pinyin and zhuyin.
    simplified, traditional = (char.encode(code, errors="ignore") for code in ("gb2312", "big5"))
    return (
        b"\xb0" <= simplified[:1] <= b"\xd7"
        or b"\xa4" <= traditional[:1] <= b"\xc6"
        or simplified[:1] in (b"\xa1", b"\xa3", b"\xa8")
    )


def _as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
