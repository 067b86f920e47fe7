"""langdu brief."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.shared import narrating
from langdu.cli.shared.common import KeepAll, Lexicon, Rate, Voice, load, notice, output_folder

if TYPE_CHECKING:
    from langdu.feed import Published


def brief(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Articles: files and URLs. Or a brief's file: brief.toml.")
    ],
    *,
    title: Annotated[
        str | None, typer.Option("--title", help="What the brief is called.", show_default="今日要闻")
    ] = None,
    date: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="Its day, as the opening says it.", show_default="today"),
    ] = None,
    lead: Annotated[
        int | None, typer.Option("--lead", metavar="N", help="Read so many paragraphs of each.", show_default="all")
    ] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out articles that cannot be read, or come twice.")
    ] = False,
    music: Annotated[
        Path | None, typer.Option("--music", metavar="FILE", help="Your music, under the opening and the closing.")
    ] = None,
    under: Annotated[
        str | None, typer.Option("--under", help="What the music is under: opening, all.", show_default="opening")
    ] = None,
    chime: Annotated[Path | None, typer.Option("--chime", metavar="FILE", help="A sound before each story.")] = None,
    feed: Annotated[
        Path | None, typer.Option("--feed", metavar="DIR", help="Add it to the podcast feed in this folder.")
    ] = None,
    feed_address: Annotated[
        str | None, typer.Option("--feed-address", metavar="URL", help="Where that folder is on the web.")
    ] = None,
    output: narrating.Output = None,
    voice: Voice = None,
    rate: Rate = None,
    formats: Annotated[
        str | None, typer.Option("--format", help="What to make, joined by commas.", show_default="mp3,srt,notes")
    ] = None,
    cues: narrating.Cues = None,
    profile: narrating.Profile = None,
    ruby: narrating.Ruby = None,
    overlay: narrating.Overlay = None,
    fallback: narrating.Fallback = None,
    explain: narrating.Explain = False,
    lexicon: Lexicon = None,
    cover: narrating.Cover = None,
    loudness: Annotated[
        float | None, typer.Option("--loudness", help="How loud the whole is, in LUFS.", show_default="-16")
    ] = None,
    keep_all: KeepAll = False,
    practice: narrating.Practice = False,
    verify: narrating.Verify = False,
    play: narrating.Play = False,
    json: narrating.AsJson = False,
) -> None:
    """Make one programme of many articles: an opening with the date, the headlines, the stories, a closing.

    Each story is a chapter. What a brief is made of can stand in a file, so that tomorrow's is one command: see
    docs/brief.md.

    Example: [bold]langdu brief a.txt b.html --title 今日要闻 --music theme.mp3 --feed podcast/[/bold]
    """
    from langdu import settings
    from langdu.pipeline import brief as briefs
    from langdu.pipeline import kept
    from langdu.pipeline.brief import feed as feeds
    from langdu.pipeline.brief import order as orders
    from langdu.pipeline.brief.music import sounds
    from langdu.pipeline.narration import produce

    asked = {
        "title": title,
        "day": date and date.date(),
        "lead": lead,
        "skip_bad": skip_bad or None,
        "music": music and settings.user_path(music),
        "chime": chime and settings.user_path(chime),
        "under": under,
    }
    of_feed = {"folder": feed and settings.user_path(feed), "address": feed_address}
    order, named = orders.load(sources, asked, of_feed, datetime.now().astimezone().date())
    chosen = settings.load(
        {
            "voice": voice,
            "fallback": fallback,
            "rate": rate,
            "formats": narrating.format_names(formats),
            "cues": cues,
            "ruby": ruby,
            "overlay": overlay,
            "lexicon": lexicon,
            "cover": cover,
            "loudness": loudness,
            "verify": verify or None,
        },
        profile=profile.expanduser() if profile else None,
        named=named,
        defaults=briefs.DEFAULTS,
    )
    wanted = [*chosen.formats, *(["practice"] if practice else []), *(feeds.FORMATS if order.feed else [])]
    chosen = replace(chosen, formats=tuple(dict.fromkeys(wanted)))
    feeds.check_feed_of(order, chosen.cover)
    out, stamp = output_folder(output), briefs.brief_stamp(order, chosen, keep_all=keep_all)
    made = None if play else kept.find_narration(stamp, out, chosen)
    is_kept = made is not None
    if made is None:
        beside = sounds(briefs.music(order))
        found = briefs.articles(order, lambda source: load(source, "brief", keep_all=keep_all), notice)
        programme = briefs.compose(order, found, beside)
        with narrating.watched(programme, play=play) as (tell, done):
            made = produce(programme, out, chosen, music=briefs.music(order), stamp=stamp, notice=tell, progress=done)
    published = feeds.publish_narration(made, order, chosen.cover, datetime.now().astimezone(), notice)
    narrating.report(made, kept=is_kept, explain=explain, json=json, more=_as_json(published))
    if published and not json:
        what = "has a new episode" if published.new else "has this episode already"
        notice(f"{published.feed} {what}: {published.episodes} in all")


def _as_json(published: Published | None) -> dict[str, Any]:
    if published is None:
        return {}
    told = {"file": str(published.feed), "guid": published.guid, "new": published.new, "episodes": published.episodes}
    return {"feed": told}
