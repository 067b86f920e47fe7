"""Many articles, one programme: parse each → rundown → narration → feed."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from langdu.errors import InputError
from langdu.parse.parser import parse_line
from langdu.pipeline import kept
from langdu.pipeline.music import Music
from langdu.rundown import rundown, same

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from langdu.model import Article, Rundown
    from langdu.pipeline.order import Order
    from langdu.rundown import Sounds
    from langdu.settings import Settings

# What a brief has where the user has not chosen: podcasts are as loud as that.
DEFAULTS: Final[dict[str, Any]] = {"formats": ("mp3", "srt", "notes"), "loudness": -16.0}


def articles(order: Order, load: Callable[[str], Article], notice: Callable[[str], None]) -> list[Article]:
    """The articles of a brief, each as `load` gives it; what is left out is named by `notice`.

    Every one is tried before anything is said of those that are bad: that cannot be read, or are another's copy.
    Raises: InputError: some are bad and the order does not leave them out, or all are.
    """
    found: list[Article] = []
    bad: list[str] = []
    for source in order.articles:
        try:
            article = load(source)
        except InputError as error:
            bad.append(str(error))
            continue
        if twin := next((each for each in found if same(each, article)), None):
            bad.append(f"{source} is the same article as {twin.source.name}")
        else:
            found.append(article)
    if bad and (not order.skip_bad or not found):
        what = "mend them, or leave them out with --skip-bad" if found else "so there is nothing to narrate"
        listed = "".join(f"\n  {each}" for each in bad)
        raise InputError(f"{len(bad)} of {len(order.articles)} articles cannot be used:{listed}\n{what}")
    for each in bad:
        notice(f"left out: {each}")
    return found


def compose(order: Order, found: Sequence[Article], sounds: Sounds) -> Rundown:
    """The programme of some articles, in the order's words."""
    return rundown(order.title, order.day, found, order.wording, parse_line, lead=order.lead, sounds=sounds)


def music(order: Order) -> Music | None:
    """What sounds beside the voice."""
    if order.music is None and order.chime is None:
        return None
    return Music(bed=order.music, chime=order.chime, everywhere=order.under == "all")


def stamp(order: Order, settings: Settings, *, keep_all: bool) -> str | None:
    """What the brief's narration is known by, as `kept.stamp` says; the feed is no part of it."""
    asked = asdict(replace(order, feed=None))
    return kept.stamp(order.articles, settings, asked, keep_all, files=filter(None, [order.music, order.chime]))
