"""langdu read."""

from __future__ import annotations

from langdu.cli.shared.common import load_article
from langdu.cli.shared.narrations import report, watched
from langdu.cli.shared.options import NarrationOptions, Source, takes


@takes(NarrationOptions, formats="mp3,srt", loudness="-18")
def read(source: Source, *, options: NarrationOptions) -> None:
    """Narrate an article: an MP3 of the whole, one of each paragraph, subtitles, and manifest.json.

    The voice baker obeys every annotation; once installed, it needs no network.
    langdu voices lists all voices and shows which of them obey pinyin.

    Example: [bold]langdu read article.txt -o out/[/bold]
    """
    from langdu.pipeline import kept

    settings, out = options.settings(), options.folder
    stamp = kept.narration_stamp([source], settings, options.keep_all)
    earlier = None if options.play else kept.find_narration(stamp, out, settings)
    if earlier:
        report(earlier, [source], kept=True, explain=options.explain, json=options.json)
        return
    from langdu.model import Rundown
    from langdu.pipeline.narration import produce

    rundown = Rundown.of(load_article(source, "read", keep_all=options.keep_all))
    with watched(rundown, play=options.play) as (tell, done):
        narration = produce(rundown, out, settings, stamp=stamp, notice=tell, progress=done)
    report(narration, [source], kept=False, explain=options.explain, json=options.json)
