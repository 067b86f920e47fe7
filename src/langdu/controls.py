r"""Characters that are not text: those that control a terminal, and those that reverse the order of others.

An article may hold them by accident or by malice: ESC ]0; sets the title of a window, ESC [2J clears it, U+202E shows
`gpj.exe` as `exe.jpg`. langdu neither reads nor writes them: `Source` takes them out of articles, `LangduError` and
`langdu.cli` out of messages.
"""

from __future__ import annotations

import re
from typing import Final

# What separates words: new pages, line ends of other systems. A tab and "\n" separate them too, but are text.
_BLANK: Final = r"\x0b-\r\x1c-\x1f\x85\u2028\u2029"
# Source: ISO/IEC 6429 (C0, C1); Unicode 16, Bidirectional Algorithm, 2: embeddings, overrides, isolates.
_UNSEEN: Final = r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
# Source: ISO/IEC 6429, 5.4 and 5.6. The length is bounded, or a command that does not end would swallow the text.
_COMMAND: Final = r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\x9c\n]{0,255}(?:\x07|\x1b\\|\x9c)"
# The last range are bytes of file names that are not UTF-8, as Python keeps them: some terminals take them for C1.
_CONTROL: Final = re.compile(rf"[{_BLANK}{_UNSEEN}\udc80-\udc9f]")
# Half of a surrogate pair is not a character, and cannot be written in UTF-8.
_IN_TEXT: Final = re.compile(rf"(?P<unseen>{_COMMAND}|[{_UNSEEN}])|(?P<blank>[{_BLANK}])|(?P<half>[\ud800-\udfff])")
# Source: RFC 3986, 3.2: what stands before the last @ of an authority, which ends at a slash, ? or #. A password that
# somebody forgot to escape has such signs too; a number before a slash is a port.
_PASSWORD: Final = re.compile(r"://(?:[^/?#\s]{1,400}|[^/?#\s:@]{0,99}:(?!\d*/)[^\s@]{1,300})@")
_NOTHING: Final = "\u200b"  # the parse ignores it


def hide_controls(text: str) -> str:
    r"""An article's text with blanks or zero-width spaces in the place of control characters; its length stays.

    >>> hide_controls("长\x1b[1m春\x07\x0c新区")
    '长\u200b\u200b\u200b\u200b春\u200b 新区'
    """
    return _IN_TEXT.sub(lambda match: _in_text(match) * len(match[0]), text)


def as_line(text: str) -> str:
    r"""A name or a title without control characters, in one line.

    >>> as_line("长春\x1b]0;gotcha\x07\r\n 新区")
    '长春 新区'
    """
    return " ".join(_IN_TEXT.sub(lambda match: _in_text(match).replace(_NOTHING, ""), text).split())


def show_controls(text: str) -> str:
    r"""A text to print, with a visible picture for each control character. Line ends and tabs stay.

    >>> show_controls("there is no file \x1b[2J.txt")
    'there is no file ␛[2J.txt'
    """
    return _CONTROL.sub(lambda match: _picture(ord(match[0])), text)


def mask_passwords(text: str) -> str:
    """A message without the user names and passwords in its addresses.

    >>> mask_passwords("https://ann:secret@example.org/ is not found, nor http://ann:se/ret@a, nor http://a:8000/@b")
    'https://…@example.org/ is not found, nor http://…@a, nor http://a:8000/@b'
    """
    return _PASSWORD.sub("://…@", text)


def _in_text(match: re.Match[str]) -> str:
    return {"unseen": _NOTHING, "blank": " ", "half": "\ufffd"}[match.lastgroup or "half"]


def _picture(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "\ufffd"
