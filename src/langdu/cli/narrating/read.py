"""langdu read."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import typer  # noqa: TC002 - Typer reads the annotation

from langdu.cli.shared.common import exists, load_article
from langdu.cli.shared.narrations import report, watched
from langdu.cli.shared.options import NarrationOptions, Source, takes

if TYPE_CHECKING:
    from collections.abc import Sequence


@takes(NarrationOptions, formats="mp3,srt", loudness="-18")
def read(context: typer.Context, source: Source, *, options: NarrationOptions) -> None:
    """Narrate an article: an MP3 of the whole, one of each paragraph, subtitles, and manifest.json.

    The voice baker obeys every annotation; once installed, it needs no network.
    langdu voices lists all voices and shows which of them obey pinyin.

    Example: [bold]langdu read article.txt -o out/[/bold]
    """
    from langdu.pipeline import kept

    _check_single(source, context.args)
    settings, out = options.settings(), options.folder
    stamp = kept.narration_stamp([source], settings, options.keep_all)
    earlier = None if options.play else kept.find_narration(stamp, out, settings)
    if earlier:
        report(earlier, [source], kept=True, explain=options.explain, json=options.json, quiet=options.quiet)
        return
    from langdu.model import Rundown
    from langdu.pipeline.narration import produce

    rundown = Rundown.of(load_article(source, "read", keep_all=options.keep_all))
    with watched(rundown, play=options.play, quiet=options.quiet) as (tell, done):
        narration = produce(rundown, out, settings, stamp=stamp, notice=tell, progress=done)
    report(narration, [source], kept=False, explain=options.explain, json=options.json, quiet=options.quiet)


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
