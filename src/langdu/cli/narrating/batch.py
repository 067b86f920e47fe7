"""langdu batch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

import typer

from langdu.cli.shared.options import SettingOptions, named_path, takes

Number = TypeVar("Number", int, float)


@takes(SettingOptions, formats="mp3,srt", loudness="-18")
def batch(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Files, quoted patterns, folders, a list (JSONL), a feed or sitemap; - for a list on standard input.",
            show_default=False,
        ),
    ],
    *,
    out: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="The folder that gets a folder for each article, or its address, such as s3://bucket/audio.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", metavar="N", help="How many processes narrate.", show_default="the processors"),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask", metavar="ADDRESS", help="The scheduler of a Dask cluster, whose workers narrate: tcp://host:8786."
        ),
    ] = None,
    check_only: Annotated[
        bool, typer.Option("--check-only", help="Only check the pinyin, and list the most frequent findings.")
    ] = False,
    max_hours: Annotated[
        float | None, typer.Option("--max-hours", metavar="H", help="Begin no article after so many hours.")
    ] = None,
    max_articles: Annotated[
        int | None, typer.Option("--max-articles", metavar="N", help="Narrate at most so many articles.")
    ] = None,
    max_characters: Annotated[
        int | None,
        typer.Option(
            "--max-characters", metavar="N", help="Give the voice at most so many characters: some cost money."
        ),
    ] = None,
    status: Annotated[
        Path | None,
        typer.Option(
            "--status",
            metavar="FILE",
            parser=named_path,
            help="Write how far the run is into this file, for Prometheus.",
        ),
    ] = None,
    options: SettingOptions,
) -> None:
    """Narrate many articles, each into a folder of its own; what is up to date stays.

    Prints a JSON object for each article, and writes index.html. If a run was
    stopped or an article failed, the same command goes on: see docs/archive.md.

    Example: [bold]langdu batch 'in/**/*.html' -o out/[/bold]
    """
    from langdu.batch.assignment import Status
    from langdu.batch.run import Batch, terms
    from langdu.batch.sources import assignments
    from langdu.batch.status import StatusFile
    from langdu.batch.supply import Budget
    from langdu.cli.shared import batches
    from langdu.cli.shared.common import standard_input
    from langdu.files import user_path
    from langdu.model import Severity

    _consistent(out, jobs, dask, check_only=check_only)
    budget = Budget(
        hours=_more_than_nothing("--max-hours", max_hours),
        articles=_more_than_nothing("--max-articles", max_articles),
        characters=_more_than_nothing("--max-characters", max_characters),
    )
    watch = StatusFile(user_path(status)) if status else None
    agreed = terms(options.settings(), None if check_only else out, keep_all=options.keep_all)
    run = Batch(
        assignments=assignments(sources, agreed.out, standard_input(), options.notice),
        terms=agreed,
        jobs=jobs or batches.processors(),
        budget=budget,
        scheduler=dask,
        status=watch,
        notice=options.notice,
    )
    batches.carry_out(run, quiet=options.quiet)
    batches.summarize(run, quiet=options.quiet)
    if run.interrupted:
        raise typer.Exit(130)
    wrong = check_only and run.tally.findings[Severity.ERROR]
    raise typer.Exit(1 if run.tally.statuses[Status.FAILED] or wrong else 0)


def _consistent(out: str | None, jobs: int | None, dask: str | None, *, check_only: bool) -> None:
    """Raises: ConfigError: an option needs another one that is missing, or two contradict each other."""
    from langdu.batch.addresses import is_web
    from langdu.errors import ConfigError

    if not check_only and not (out or "").strip():
        raise ConfigError("say where the narrations go, with -o DIR; or only check the articles, with --check-only")
    if check_only and out:
        raise ConfigError("--check-only narrates nothing, so that -o has no use: leave one of them out")
    if out and is_web(out):
        raise ConfigError(f"{out} is a web page, to which nothing can be written: name a folder, or s3://…, sftp://…")
    if dask is not None and not dask.strip():
        raise ConfigError("--dask needs the address of a scheduler, such as tcp://host:8786")
    if dask and jobs:
        raise ConfigError("--jobs is for processes of this machine; how many workers a Dask cluster has is set there")
    if jobs is not None and not 1 <= jobs <= 256:
        raise ConfigError(f"--jobs {jobs} is out of range: choose 1 to 256 processes")


def _more_than_nothing(name: str, given: Number | None) -> Number | None:
    """Raises: ConfigError: a budget is zero or less."""
    from langdu.errors import ConfigError

    if given is not None and not given > 0:
        raise ConfigError(f"{name} {given:g} allows nothing: choose more than 0")
    return given
