"""langdu read."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from langdu.cli.shared.common import exists, load_article
from langdu.cli.shared.narrations import report, watched
from langdu.cli.shared.options import NarrationOptions, Source, named_path, takes
from langdu.model import MusicPlace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.pipeline.brief.music import Music


@takes(NarrationOptions, formats="mp3,srt", loudness="-18")
def read(
    context: typer.Context,
    source: Source,
    *,
    music: Annotated[
        Path | None,
        typer.Option(
            "--music", metavar="FILE", parser=named_path, help="Play this file under the beginning and the end."
        ),
    ] = None,
    under: Annotated[
        MusicPlace,
        typer.Option("--under", help="Where the music plays: the first and the last paragraph, or all."),
    ] = MusicPlace.OPENING,
    options: NarrationOptions,
) -> None:
    """Narrate an article: an MP3 of the whole, one of each paragraph, subtitles, and manifest.json.

    The voice baker obeys every annotation; once installed, it needs no network.
    langdu voices lists all voices and shows which of them obey pinyin.

    Example: [bold]langdu read article.txt -o out/[/bold]
    """
    from langdu.pipeline import kept

    _check_single(source, context.args)
    settings, out = options.settings(), options.folder
    beside = _music(music, under)
    own = (beside.bed,) if beside and beside.bed else ()
    stamp = kept.narration_stamp([source], settings, options.keep_all, *filter(None, [beside]), files=own)
    earlier = None if options.play else kept.find_narration(stamp, out, settings)
    if earlier and not options.dry_run:
        report(earlier, [source], kept=True, explain=options.explain, json=options.json, quiet=options.quiet)
        return
    from langdu.model import Rundown
    from langdu.pipeline.brief.music import sounds
    from langdu.pipeline.narration import produce
    from langdu.rundown import with_music

    heard = sounds(beside)
    rundown = with_music(Rundown.of(load_article(source, "read", keep_all=options.keep_all)), heard)
    if options.dry_run:
        options.forecast(rundown, settings, kept=earlier)
        return
    with watched(rundown, play=options.play, quiet=options.quiet) as (tell, done):
        narration = produce(rundown, out, settings, music=beside, stamp=stamp, notice=tell, progress=done)
    report(narration, [source], kept=False, explain=options.explain, json=options.json, quiet=options.quiet)


def _music(music: Path | None, under: MusicPlace) -> Music | None:
    """The music of an article; None if it has none. Raises: ConfigError: a place is named for music that is not."""
    from langdu.errors import ConfigError
    from langdu.files import user_path

    if music is None:
        if under is MusicPlace.ALL:
            raise ConfigError("there is no music to play under everything: name it with --music")
        return None
    from langdu.pipeline.brief.music import Music

    return Music(bed=user_path(music), everywhere=under is MusicPlace.ALL)


def _check_single(source: str, more: Sequence[str]) -> None:
    """Make sure that there is one article: what people do with several is a brief.

    Raises: ConfigError: there are several, or a folder of them.
    """
    from langdu.errors import ConfigError

    if more:
        command = " ".join(map(quote, ["langdu", "brief", source, *more]))
        raise ConfigError(
            f"read narrates one article, and {1 + len(more)} are named: for one programme of all, run {command}; "
            "for a narration of each, run langdu read for each"
        )
    if "://" not in source and exists(source) and Path(source).is_dir():
        raise ConfigError(
            f"{source} is a folder: name an article in it, or make one programme of all its articles with "
            f"langdu brief {quote(source)}"
        )
