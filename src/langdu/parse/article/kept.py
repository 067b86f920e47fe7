"""Lines that langdu would leave out, and that a person keeps: `keep: 2, 17` in the front matter has their numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu.parse.annotations.unread.syntax import front_matter, front_matter_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from langdu.model import Dropped
    from langdu.parse.article.lines import SourceLine

_FIELD = re.compile(r"^keep(?::|[ \t]*=)[^\n]*\n", re.MULTILINE)
# A line number has no more digits.
_NUMBER = re.compile(r"\d{1,7}")


def kept_lines(text: str) -> frozenset[int]:
    r"""The numbers of the lines that the front matter names, counted from 1 in the whole text.

    >>> sorted(kept_lines("---\nkeep: 5, 7\n---\n春眠不觉晓"))
    [5, 7]
    """
    return frozenset(int(number) for number in _NUMBER.findall(front_matter(text).get("keep", "")))


def with_kept(text: str, kept: Collection[int]) -> str:
    r"""The text with a front matter that names these lines; their numbers are those in `text` as it is now.

    Lines of the front matter come or go, so that the numbers in it are those of the new text.

    >>> with_kept("春眠不觉晓\n分享", {2})
    '---\nkeep: 5\n---\n春眠不觉晓\n分享'
    >>> with_kept('---\nkeep: 5\n---\n春眠不觉晓\n分享', ())
    '春眠不觉晓\n分享'
    """
    front = front_matter_of(text)
    head, body = (text[: front.end], text[front.end :]) if front else ("", text)
    before = head.count("\n")
    head = _FIELD.sub("", head)
    if head.count("\n") < 3 and not front_matter(head):
        head = ""
    if kept:
        toml = head.startswith("+++")
        fence, lines = ("+++", head.count("\n") + 1) if toml else ("---", max(3, head.count("\n") + 1))
        listed = ", ".join(str(number + lines - before) for number in sorted(kept))
        field = f'keep = "{listed}"\n' if toml else f"keep: {listed}\n"
        opening, _, rest = head.partition("\n")
        head = f"{opening}\n{field}{rest}" if head else f"{fence}\n{field}{fence}\n"
    return head + body


def put_back(
    body: Sequence[SourceLine],
    dropped: Sequence[Dropped],
    lines: Sequence[SourceLine],
    kept: Collection[int],
    title: SourceLine | None,
) -> tuple[list[SourceLine], list[Dropped]]:
    """The body with those of `lines` that are kept, each at its place; and what is still left out."""
    if not kept:
        return list(body), list(dropped)
    there = {line.number for line in body} | ({title.number} if title else set())
    back = [line for line in lines if line.number in kept and line.number not in there]
    numbers = {line.number for line in back}
    return sorted([*body, *back], key=lambda line: line.span.start), [d for d in dropped if d.line not in numbers]
