"""langdu read."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from langdu.cli.shared import narrating
from langdu.cli.shared.common import KeepAll, Lexicon, Rate, Source, Voice, load, output_folder


def read(
    source: Source,
    *,
    output: narrating.Output = None,
    voice: Voice = None,
    rate: Rate = None,
    formats: Annotated[
        str | None, typer.Option("--format", help="What to make, joined by commas.", show_default="mp3,srt")
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
        float | None,
        typer.Option("--loudness", help="How loud the whole is, in LUFS; podcasts have -16.", show_default="-18"),
    ] = None,
    keep_all: KeepAll = False,
    practice: narrating.Practice = False,
    verify: narrating.Verify = False,
    play: narrating.Play = False,
    json: narrating.AsJson = False,
) -> None:
    """Narrate an article: an MP3 a paragraph, the whole as one MP3, subtitles, and manifest.json.

    The voice baker obeys every annotation and needs no network once it is installed. langdu voices lists the others:
    which of them obey pinyin, and how.

    Example: [bold]langdu read article.txt -o out/[/bold]
    """
    from langdu import settings
    from langdu.pipeline import kept

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
    )
    if practice:
        chosen = replace(chosen, formats=tuple(dict.fromkeys((*chosen.formats, "practice"))))
    out, stamp = output_folder(output), kept.narration_stamp([source], chosen, keep_all)
    found = None if play else kept.find_narration(stamp, out, chosen)
    if found:
        narrating.report(found, kept=True, explain=explain, json=json)
        return
    from langdu.model import Rundown
    from langdu.pipeline.narration import produce

    rundown = Rundown.of(load(source, "read", keep_all=keep_all))
    with narrating.watched(rundown, play=play) as (tell, done):
        made = produce(rundown, out, chosen, stamp=stamp, notice=tell, progress=done)
    narrating.report(made, kept=False, explain=explain, json=json)
