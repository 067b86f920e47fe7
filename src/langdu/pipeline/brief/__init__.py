"""Many articles, one programme: parse each → rundown → narration → feed."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from langdu.errors import InputError, plural
from langdu.parse.parser import parse_line
from langdu.pipeline.brief.music import Music
from langdu.pipeline.kept import narration_stamp
from langdu.rundown import brief_rundown, same_article

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from langdu.model import Article, Rundown
    from langdu.pipeline.brief.order import Order
    from langdu.rundown import Sounds
    from langdu.settings import Settings

# Defaults of a brief that differ from those of an article. Podcasts have -16 LUFS.
DEFAULTS: Final[dict[str, Any]] = {"formats": ("mp3", "srt", "notes"), "loudness": -16.0}


def articles(order: Order, load: Callable[[str], Article], notice: Callable[[str], None]) -> list[Article]:
    """The articles of a brief, as `load` reads them; `notice` is told which are left out.

    It tries all of them before an error lists those that cannot be read, or are copies of others.

    Raises: InputError: some are bad and the order does not leave them out, or all are.
    """
    good: list[Article] = []
    bad: list[str] = []
    for source in order.articles:
        try:
            article = load(source)
        except InputError as error:
            bad.append(str(error))
            continue
        if twin := next((other for other in good if same_article(other, article)), None):
            again = "is given twice" if source == twin.source.name else f"is the same article as {twin.source.name}"
            bad.append(f"{source} {again}")
        else:
            good.append(article)
    if bad and (not order.skip_bad or not good):
        advice = "mend them, or leave them out with --skip-bad" if good else "so there is nothing to narrate"
        listed = "".join(f"\n  {reason}" for reason in bad)
        which = f"{len(bad)} of {plural(len(order.articles), 'article')}" if good else "no article"
        raise InputError(f"{which} {'cannot' if good else 'can'} be used:{listed}\n{advice}")
    for reason in bad:
        notice(f"left out: {reason}")
    return good


def compose(order: Order, articles: Sequence[Article], sounds: Sounds) -> Rundown:
    """The programme that the order describes."""
    return brief_rundown(order.title, order.day, articles, order.wording, parse_line, lead=order.lead, sounds=sounds)


def music_of(order: Order) -> Music | None:
    """The music of the order; None if it has none."""
    if order.music is None and order.chime is None:
        return None
    return Music(bed=order.music, chime=order.chime, everywhere=order.under == "all")


def brief_stamp(order: Order, settings: Settings, *, keep_all: bool) -> str | None:
    """The stamp of the brief's narration, as `narration_stamp` makes it. It does not depend on the feed."""
    options = asdict(replace(order, feed=None))
    files = filter(None, [order.music, order.chime])
    return narration_stamp(order.articles, settings, options, keep_all, files=files)
