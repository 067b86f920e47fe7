"""langdu brief."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from langdu.cli.shared.common import load_article, notice
from langdu.cli.shared.narrations import report, watched
from langdu.cli.shared.options import NarrationOptions, named_day, named_path, takes
from langdu.model import MusicPlace

if TYPE_CHECKING:
    from langdu.feed import Published

_SAME: Final = "this episode already"


@takes(NarrationOptions, formats="mp3,srt,notes", loudness="-16")
def brief(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...", help="Articles: files, URLs, or a folder of files. Or a file that describes a brief."
        ),
    ],
    *,
    title: Annotated[
        str | None, typer.Option("--title", help="The title of the brief.", show_default="今日要闻")
    ] = None,
    day: Annotated[
        date | None,
        typer.Option(
            "--date",
            metavar="DAY",
            parser=named_day,
            help="The day in the opening: 2026-11-25, today or yesterday.",
            show_default="today",
        ),
    ] = None,
    lead: Annotated[
        int | None,
        typer.Option(
            "--lead", metavar="N", help="Read only the first N paragraphs of each article.", show_default="all"
        ),
    ] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out unreadable articles and duplicates.")] = False,
    story_files: Annotated[
        bool, typer.Option("--stories", help="Also write each story as a file of its own, named by its headline.")
    ] = False,
    music: Annotated[
        Path | None,
        typer.Option(
            "--music", metavar="FILE", parser=named_path, help="Play this file under the opening and the closing."
        ),
    ] = None,
    under: Annotated[
        MusicPlace | None,
        typer.Option("--under", help="Where the music plays: opening and closing, or all.", show_default="opening"),
    ] = None,
    chime: Annotated[
        Path | None,
        typer.Option("--chime", metavar="FILE", parser=named_path, help="Play this file before each story."),
    ] = None,
    feed: Annotated[
        Path | None,
        typer.Option(
            "--feed", metavar="DIR", parser=named_path, help="Add the brief to the podcast feed in this folder."
        ),
    ] = None,
    no_feed: Annotated[
        bool, typer.Option("--no-feed", help="Publish nothing, even if the brief's file has a feed.")
    ] = False,
    feed_address: Annotated[
        str | None, typer.Option("--feed-address", metavar="URL", help="The web address of that folder.")
    ] = None,
    replacing: Annotated[
        bool, typer.Option("--replace", help="Replace the day's episode of the feed with this brief.")
    ] = False,
    options: NarrationOptions,
) -> None:
    """Make one programme of many articles: an opening with the date, the headlines, the stories, a closing.

    Each story is a chapter. The articles of a folder are taken by name. A file
    can hold the sources, presenters and options, so that tomorrow's brief needs
    only its name: see docs/brief.md.

    Example: [bold]langdu brief a.txt b.html --title 今日要闻 --music theme.mp3 --feed podcast/[/bold]
    """
    from langdu.errors import ConfigError
    from langdu.files import user_path
    from langdu.pipeline import brief as briefs
    from langdu.pipeline import kept
    from langdu.pipeline.brief import feed as feeds
    from langdu.pipeline.brief.folders import in_folders
    from langdu.pipeline.brief.music import sounds
    from langdu.pipeline.brief.order import read_order
    from langdu.pipeline.narration import produce

    flags = {
        "title": title,
        "day": day,
        "lead": lead,
        "skip_bad": skip_bad or None,
        "story_files": story_files or None,
        "music": music and user_path(music),
        "chime": chime and user_path(chime),
        "under": under,
    }
    of_feed = {"folder": feed and user_path(feed), "address": feed_address}
    if no_feed and (feed or feed_address or replacing):
        raise ConfigError("--no-feed publishes nothing: leave out --feed, --feed-address and --replace")
    order, in_file = read_order(sources, flags, of_feed, datetime.now().astimezone().date())
    order = replace(order, feed=None) if no_feed else order
    # What is left out is told even if --quiet: something is wrong with it.
    order = in_folders(order.in_one_voice() if options.voice else order, options.notice, notice)
    settings = options.settings(named=in_file, defaults=briefs.DEFAULTS)
    if options.voice and options.quotes is None:  # one voice, whatever the file says
        settings = replace(settings, quotes=None)
    needed = feeds.FORMATS if order.feed else ()
    settings = replace(settings, formats=tuple(dict.fromkeys((*settings.formats, *needed))))
    plan = feeds.planned(order, replacing=replacing) if options.dry_run else None
    if not options.dry_run:
        feeds.check_feed_of(order, settings.cover, replacing=replacing)
    out, stamp = options.folder, briefs.brief_stamp(order, settings, keep_all=options.keep_all)
    earlier = None if options.play else kept.find_narration(stamp, out, settings)
    narration = None if options.dry_run else earlier
    if narration is None:
        beside = sounds(briefs.music_of(order))
        stories = briefs.stories(order, lambda source: load_article(source, "brief", keep_all=options.keep_all), notice)
        rundown = briefs.compose(order, stories, beside)
        if options.dry_run:
            options.forecast(rundown, settings, stories=order.story_files, kept=earlier, feed=plan)
            return
        with watched(rundown, play=options.play, quiet=options.quiet) as (tell, done):
            narration = produce(
                rundown,
                out,
                settings,
                music=briefs.music_of(order),
                stories=order.story_files,
                stamp=stamp,
                notice=tell,
                progress=done,
            )
    now = datetime.now().astimezone()
    published = feeds.publish_narration(narration, order, settings.cover, now, options.notice, replacing=replacing)
    report(
        narration,
        order.articles,
        kept=earlier is not None,
        explain=options.explain,
        json=options.json,
        quiet=options.quiet,
        more=_as_json(published),
    )
    if published and not options.json:
        what = "a new episode" if published.new else "the corrected episode" if published.replaced else _SAME
        options.notice(f"{published.feed} has {what}: {published.episodes} in all")


def _as_json(published: Published | None) -> dict[str, Any]:
    if published is None:
        return {}
    about = {"file": str(published.feed), "guid": published.guid, "new": published.new, "replaced": published.replaced}
    return {"feed": {**about, "episodes": published.episodes}}
