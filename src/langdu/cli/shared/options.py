"""The options of the commands, each declared once."""

from __future__ import annotations

import inspect
from copy import copy
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

import typer

from langdu.model import CueLevel, OverlayUnit, RubyScope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from langdu.model import Rundown
    from langdu.output.narration import Narration
    from langdu.settings import Settings


def named_path(given: str) -> Path:
    """The path of an option. An empty one is a mistake, such as a variable of a script that is not set.

    Typer by itself would take it for the current folder.
    """
    if not given.strip():
        raise typer.BadParameter("the name is empty: name a file or a folder")
    return Path(given)


def named_day(given: str) -> date:
    """The day of an option, in words or as a date."""
    today = datetime.now().astimezone().date()
    words = {"today": today, "yesterday": today - timedelta(days=1), "tomorrow": today + timedelta(days=1)}
    try:
        return words.get(given.strip().lower()) or datetime.strptime(given.strip(), "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError as error:
        raise typer.BadParameter(f"{given!r} is not a day: write 2026-11-25, today or yesterday") from error


Source = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A file, a URL, or - for standard input.", show_default=False)
]
Voice = Annotated[str | None, typer.Option("--voice", help="The voice's id; see: langdu voices.", show_default="baker")]
Rate = Annotated[float | None, typer.Option("--rate", help="Pace, 0.5 to 2; 1 is the voice's own.", show_default="1")]
Lexicon = Annotated[
    Path | None,
    typer.Option(
        "--lexicon",
        metavar="FILE",
        parser=named_path,
        help="A table of your readings (word, tab, pinyin); see: langdu lexicon.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")]
KeepAll = Annotated[bool, typer.Option("--keep-all", help="Keep page furniture and repeated paragraphs.")]
Lines = Annotated[bool, typer.Option("--lines", help="Treat each input line as a separate text; leave nothing out.")]


class Over(StrEnum):
    """Which words are printed with their readings."""

    ANNOTATED = "annotated"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class OutputOption:
    """Where a narration goes."""

    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            parser=named_path,
            help="The folder to write into.",
            show_default="audio/<title>",
        ),
    ] = None

    @property
    def folder(self) -> Path | None:
        """The folder to write into, with `~` resolved. Raises: ConfigError: it cannot be the name of a folder."""
        from langdu.files import user_path

        return self.output and user_path(self.output)


@dataclass(frozen=True, kw_only=True)
class SettingOptions:
    """The options that are settings of a narration, with the settings' names, and what goes with them."""

    voice: Voice = None
    rate: Rate = None
    formats: Annotated[
        str | None, typer.Option("--format", help="The formats to write, separated by commas; see: langdu formats.")
    ] = None
    cues: Annotated[
        CueLevel | None,
        typer.Option(
            "--cues",
            metavar="UNIT",  # Typer would break the names of the choices in a terminal of 80 columns
            help="What a subtitle shows at a time: sentence, phrase, word or character.",
            show_default="sentence",
        ),
    ] = None
    profile: Annotated[
        Path | None,
        typer.Option(
            "--profile", metavar="FILE", parser=named_path, help="A TOML file with settings, such as a house style."
        ),
    ] = None
    ruby: Annotated[
        RubyScope | None,
        typer.Option("--ruby", help="Which words of an EPUB get pinyin.", show_default="annotated"),
    ] = None
    overlay: Annotated[
        OverlayUnit | None,
        typer.Option("--overlay", help="What an EPUB highlights while it is read aloud.", show_default="word"),
    ] = None
    fallback: Annotated[
        str | None,
        typer.Option("--fallback", metavar="VOICE", help="The voice to use for everything if the first one fails."),
    ] = None
    quotes: Annotated[
        str | None,
        typer.Option("--quotes", metavar="VOICE", help="The voice of quoted speech; see docs/quotations.md."),
    ] = None
    lexicon: Lexicon = None
    cover: Annotated[
        Path | None,
        typer.Option(
            "--cover", metavar="FILE", parser=named_path, help="A picture (JPEG or PNG) for formats that have a cover."
        ),
    ] = None
    loudness: Annotated[
        float | None, typer.Option("--loudness", help="Loudness of the whole, in LUFS; podcasts have -16.")
    ] = None
    keep_all: KeepAll = False
    practice: Annotated[
        bool,
        typer.Option(
            "--practice", help="Also make a practice MP3: each sentence slowly, a pause, then at normal speed."
        ),
    ] = False
    verify: Annotated[
        bool, typer.Option("--verify", help="Listen, speak doubtful clips again, and list what stays doubtful.")
    ] = False
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell only errors, and what is left out.")] = False

    @property
    def notice(self) -> Callable[[str], None]:
        """What tells the user something, unless nothing but errors is wanted."""
        from langdu.cli.shared.common import notice, silent

        return silent if self.quiet else notice

    def settings(
        self, *, named: Mapping[str, Any] | None = None, defaults: Mapping[str, Any] | None = None
    ) -> Settings:
        """The settings of the run; `named` and `defaults` as in `langdu.settings.load`. Raises: ConfigError."""
        from langdu import settings
        from langdu.files import user_path

        names = [field.name for field in fields(settings.Settings) if hasattr(self, field.name)]
        given = {name: getattr(self, name) for name in names} | {"verify": self.verify or None}
        if self.formats is not None:
            given["formats"] = tuple(name.strip() for name in self.formats.split(","))
        profile = self.profile and user_path(self.profile)
        chosen = settings.load(given, profile=profile, named=named, defaults=defaults)
        wanted = (*chosen.formats, "practice") if self.practice else chosen.formats
        return replace(chosen, formats=tuple(dict.fromkeys(wanted)))


@dataclass(frozen=True, kw_only=True)
class NarrationOptions(SettingOptions, OutputOption):
    """The options of every command that makes one narration."""

    explain: Annotated[
        bool, typer.Option("--explain", help="List the characters replaced for a voice that takes only hanzi.")
    ] = False
    play: Annotated[bool, typer.Option("--play", help="Play each paragraph while the next ones are spoken.")] = False
    json: Annotated[bool, typer.Option("--json", help="Describe the result as one JSON object.")] = False
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be spoken, how long it is and what it replaces.")
    ] = False

    def forecast(
        self,
        rundown: Rundown,
        settings: Settings,
        *,
        stories: bool = False,
        kept: Narration | None = None,
        feed: str | None = None,
    ) -> None:
        """Print what a run would do with a programme; `kept` is its narration if an earlier run made it."""
        from langdu.cli.shared.forecasts import print_forecast
        from langdu.pipeline.forecast import forecast

        planned = forecast(rundown, self.folder, settings, stories=stories, notice=self.notice)
        if kept:
            planned = replace(planned, replaced=(), removed=())
            self.notice(f"nothing has changed since {kept.folder} was made: a run would write nothing")
        print_forecast(planned, json=self.json, quiet=self.quiet, more={"feed": feed} if feed else {})


def takes(options: type, **defaults: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command an option for each field of the dataclass `options`. It receives them as one argument, `options`.

    `defaults` are what --help shows as defaults of the fields whose default depends on the command.
    """

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        names = [field.name for field in fields(options)]

        @wraps(command)
        def with_options(**given: object) -> None:
            chosen = options(**{name: given.pop(name) for name in names})
            command(**given, options=chosen)

        types = {name: _showing(kind, defaults.get(name)) for name, kind in _types(options).items()}
        own = {name: kind for name, kind in _types(command).items() if name != "options"}
        signature = inspect.signature(command)
        parameters = [
            parameter.replace(annotation=own[parameter.name])
            for parameter in signature.parameters.values()
            if parameter.name in own
        ]
        parameters += [
            inspect.Parameter(
                field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=types[field.name]
            )
            for field in fields(options)
        ]
        vars(with_options)["__signature__"] = signature.replace(parameters=parameters)
        with_options.__annotations__ = {**own, **types}
        return with_options

    return decorated


def _types(of: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(of, include_extras=True)


def _showing(kind: Any, default: str | None) -> Any:  # noqa: ANN401 - an annotated type
    """The type of an option, with another default in --help."""
    if default is None:
        return kind
    value, option = get_args(kind)
    shown = copy(option)
    shown.show_default = default
    return Annotated[value, shown]
