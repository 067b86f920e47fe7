"""Prints through rich. Text stays text: it never controls the terminal, and is never read as markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from langdu.controls import show_controls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import ConsoleOptions, RenderableType
    from rich.segment import Segment


class _Terminal(Console):
    """A console that lets only its own control sequences through."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Render as rich does, each control character in the texts replaced by its picture."""
        for segment in super().render(renderable, options):
            # A file name that is not UTF-8 has lone surrogates, which no stream can encode.
            text = show_controls(segment.text).encode("utf-8", "replace").decode()
            yield segment if segment.control else segment._replace(text=text)


def terminal(*, stderr: bool = False, soft_wrap: bool = False) -> Console:
    """A console on standard output or standard error, which prints [/b] and :smile: unchanged."""
    return _Terminal(stderr=stderr, soft_wrap=soft_wrap, highlight=False, markup=False, emoji=False)
