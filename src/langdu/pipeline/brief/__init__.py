"""Many articles, one programme: parse each → rundown → narration → feed."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from langdu.errors import InputError, plural
from langdu.parse.parser import parse_line
from langdu.pipeline.brief.music import Music
from langdu.pipeline.kept import narration_stamp
from langdu.rundown import Story, brief_rundown, same_article

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from langdu.model import Article, Rundown
    from langdu.pipeline.brief.order import Order, OrderedStory
    from langdu.rundown import Sounds
    from langdu.settings import Settings

# Defaults of a brief that differ from those of an article. Podcasts have -16 LUFS.
DEFAULTS: Final[dict[str, Any]] = {"formats": ("mp3", "srt", "notes"), "loudness": -16.0}


def stories(order: Order, load: Callable[[str], Article], notice: Callable[[str], None]) -> list[Story]:
    """The stories of a brief, whose articles `load` reads; `notice` is told which are left out.

    It tries all of them before an error lists those that cannot be read, or are copies of others.

    Raises: InputError: some are bad and the order does not leave them out, or all are.
    """
    good: list[Article] = []
    bad: list[str] = []
    ordered: list[OrderedStory] = []
    for story in order.stories:
        source = story.source
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
            ordered.append(story)
    if bad and (not order.skip_bad or not good):
        advice = "mend them, or leave them out with --skip-bad" if good else "so there is nothing to narrate"
        listed = "".join(f"\n  {reason}" for reason in bad)
        which = f"{len(bad)} of {plural(len(order.articles), 'article')}" if good else "no article"
        raise InputError(f"{which} {'cannot' if good else 'can'} be used:{listed}\n{advice}")
    for reason in bad:
        notice(f"left out: {reason}")
    return [_story(order, number, *pair) for number, pair in enumerate(zip(ordered, good, strict=True))]


def _story(order: Order, number: int, ordered: OrderedStory, article: Article) -> Story:
    title = article.title if ordered.title is None else replace(parse_line(ordered.title), index=-1, is_title=True)
    return Story(
        article=replace(article, title=title),
        lead=order.lead if ordered.lead is None else ordered.lead,
        voice=order.voice(ordered, number),
    )


def compose(order: Order, stories: Sequence[Story], sounds: Sounds) -> Rundown:
    """The programme that the order describes."""
    return brief_rundown(order.title, order.day, stories, order.wording, parse_line, sounds=sounds)


def music_of(order: Order) -> Music | None:
    """The music of the order; None if it has none."""
    if order.music is None and order.chime is None:
        return None
    return Music(bed=order.music, chime=order.chime, everywhere=order.under == "all")


def brief_stamp(order: Order, settings: Settings, *, keep_all: bool) -> str | None:
    """The stamp of the brief's narration, as `narration_stamp` makes it. It does not depend on the feed."""
    options = asdict(replace(order, feed=None))
    files = filter(None, [order.music, order.chime])
    voices = (*order.voices, *filter(None, (story.voice for story in order.stories)))
    return narration_stamp(order.articles, settings, options, keep_all, files=files, voices=voices)
