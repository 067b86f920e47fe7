"""langdu sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from langdu.cli.shared.common import load_article, notice, write_out
from langdu.cli.shared.options import KeepAll, Lexicon, Over, Source, named_path
from langdu.model import SheetTask


def sheet(
    source: Source,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", parser=named_path, help="The sheet: .html or .docx.", show_default=False
        ),
    ] = None,
    ask: Annotated[
        SheetTask, typer.Option("--ask", help="What the reader fills in: pinyin, only its tones, or the hanzi.")
    ] = SheetTask.PINYIN,
    over: Annotated[Over, typer.Option("--over", help="Which words are asked for.")] = Over.ALL,
    lexicon: Lexicon = None,
    keep_all: KeepAll = False,
) -> None:
    """Make a test sheet of an article, with the key on its last page.

    Example: [bold]langdu sheet article.txt --ask tones -o test.docx[/bold]
    """
    from langdu.errors import ConfigError
    from langdu.files import user_path
    from langdu.pipeline.study.sheet import write_sheet

    if output is None:
        raise ConfigError("sheet writes a file: name it with -o test.html or -o test.docx")
    path = user_path(output)
    article = load_article(source, "sheet", keep_all=keep_all)
    made = write_sheet(path, article, ask, all_words=over is Over.ALL, lexicon=lexicon)
    notice(f"{made.points} to fill in; the key is on the last page")
    write_out(str(path))
