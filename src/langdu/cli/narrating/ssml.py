"""langdu ssml."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langdu.cli.shared.common import load_article, notice, print_json, write_out
from langdu.cli.shared.options import KeepAll, Lexicon, Rate, Source, named_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class CloudName(StrEnum):
    """The services of `langdu.engines.clouds`, repeated here so that --help need not import them."""

    AZURE = "azure"
    GOOGLE = "google"
    POLLY = "polly"


def ssml(
    source: Source,
    *,
    vendor: Annotated[CloudName, typer.Option("--for", help="The service that will read it.", show_default=False)],
    out: Annotated[
        Path | None,
        typer.Option("-o", metavar="FILE", parser=named_path, help="Write the document here; several get numbers."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="With -o: replace existing files.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object per document.")] = False,
    voice: Annotated[
        str | None, typer.Option(help="The voice to name in Azure's documents.", show_default="zh-CN-XiaoxiaoNeural")
    ] = None,
    rate: Rate = None,
    lexicon: Lexicon = None,
    keep_all: KeepAll = False,
) -> None:
    """Write an article as SSML for a cloud speech service, with every reading fixed. Needs no account.

    Each document is one line. A long article becomes several documents.

    Example: [bold]langdu ssml article.txt --for azure -o article.ssml[/bold]
    """
    from langdu import settings
    from langdu.errors import ConfigError
    from langdu.files import user_path
    from langdu.pipeline import ssml as pipeline

    if out and json:
        raise ConfigError("-o and --json are two ways to write: choose one")
    if force and not out:
        raise ConfigError("--force lets -o replace files, but there is no -o: add it")
    chosen = settings.load({"rate": rate, "lexicon": lexicon})
    result = pipeline.ssml(load_article(source, "ssml", keep_all=keep_all), chosen, vendor.value, voice)
    _warn(result.unknown, vendor)
    if out:
        _write(result.documents, user_path(out), force=force)
    for number, document in enumerate(result.documents if not out else (), 1):
        if json:
            print_json({"vendor": vendor.value, "document": number, "of": len(result.documents), "ssml": document})
        else:
            write_out(document)


def _warn(unknown: Mapping[tuple[str, str], int], vendor: CloudName) -> None:
    if unknown:
        listed = ", ".join(f"{char} {pinyin}" + (f" ×{n}" if n > 1 else "") for (char, pinyin), n in unknown.items())
        notice(f"{vendor.value} cannot be given the readings {listed}: it chooses readings for these characters itself")


def _write(documents: Sequence[str], out: Path, *, force: bool) -> None:
    """Write each document into a file of its own, whole or not at all.

    Raises: ExportError: a file is there already, or cannot be written.
    """
    from langdu.errors import ExportError
    from langdu.files import write_text

    width = max(3, len(str(len(documents))))
    several = [out.with_name(f"{out.stem}-{i:0{width}}{out.suffix}") for i in range(1, len(documents) + 1)]
    paths = several if len(documents) > 1 else [out]
    there = [path for path in paths if path.exists()]
    if there and not force:
        raise ExportError(f"{there[0]} is there already: choose another name with -o, or replace it with --force")
    for path, document in zip(paths, documents, strict=True):
        write_text(path, document + "\n")
        notice(f"written: {path}")
