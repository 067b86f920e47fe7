"""The settings of a run: flags > environment > profile > langdu.toml > defaults."""

from __future__ import annotations

import os
import re
import reprlib
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import platformdirs

from langdu import files
from langdu.errors import ConfigError
from langdu.model import CueLevel, Pauses

if TYPE_CHECKING:
    from collections.abc import Mapping


# A key of thirty parts.
_DEEP: Final = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){30}""")
# Each is a process with a voice in its memory.
_WORKERS: Final = 64
_CHOICES: Final = {"ruby": ("annotated", "all", "none"), "overlay": ("word", "sentence")}


def _default_cache_dir() -> Path:
    return Path(platformdirs.user_cache_dir("langdu", appauthor=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a user may choose. `rate` 1.0 is the voice's own pace; `workers` is the number of processes that speak.

    `verify` listens to what is spoken, and says again what does not sound as asked.
    `fallback` is the voice that narrates the article where `voice` fails.
    `cues` is how much a subtitle shows at a time.
    `cover` is a picture, JPEG or PNG, for formats that show one. `loudness` is that of the whole, in LUFS (EBU R 128).
    `ruby` says over which words of an EPUB pinyin stands (annotated, all, none), `overlay` what it marks while it is
    heard (word, sentence).
    `lexicon` is a table of the user's own readings (`langdu.userlexicon`) beside those that are found anyway.
    """

    voice: str = "baker"
    fallback: str | None = None
    rate: float = 1.0
    formats: tuple[str, ...] = ("mp3", "srt")
    cues: CueLevel = CueLevel.SENTENCE
    audio_dir: Path = Path("audio")
    cache_dir: Path = field(default_factory=_default_cache_dir)
    lexicon: Path | None = None
    cover: Path | None = None
    loudness: float = -18.0
    ruby: str = "annotated"
    overlay: str = "word"
    workers: int = 2
    verify: bool = False
    pauses: Pauses = field(default_factory=Pauses)

    def __post_init__(self) -> None:
        if not 0.5 <= self.rate <= 2:
            raise ConfigError(f"rate {self.rate} is out of range: choose a number from 0.5 to 2")
        if not -36 <= self.loudness <= -14:
            raise ConfigError(
                f"loudness {self.loudness} is out of range: choose from -36 to -14 LUFS; podcasts have -16"
            )
        if not 1 <= self.workers <= _WORKERS:
            raise ConfigError(f"workers {self.workers} is out of range: choose a number from 1 to {_WORKERS}")
        if self.cues not in list(CueLevel):
            raise ConfigError(f"cues cannot be {self.cues!r}: choose {', '.join(CueLevel)}")
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ConfigError(f"{name} {getattr(self, name)!r} is unknown: choose {' or '.join(choices)}")


def load(  # noqa: PLR0913 - a level of settings each
    flags: Mapping[str, Any],
    *,
    environment: Mapping[str, str] = os.environ,
    file: Path = Path("langdu.toml"),
    profile: Path | None = None,
    defaults: Mapping[str, Any] | None = None,
    named: tuple[Path, Mapping[str, Any]] | None = None,
) -> Settings:
    """The settings of this run; flags that are None were not given.

    `profile` goes on top of `file`, which may be missing; on top of both what is `named` in a file of another kind.
    `defaults` are below all of them.

    Raises: ConfigError: a file is no TOML, or names something that is no setting, or gives it a wrong value; or there
    is no such profile.
    """
    chosen = dict(defaults or {})
    if file.exists():
        chosen = _from_table(file, read_toml(file), chosen)
    if profile:
        chosen = _from_table(profile, read_toml(profile), chosen)
    if named:
        chosen = _from_table(*named, chosen)
    if folder := environment.get("LANGDU_CACHE_DIR"):
        chosen["cache_dir"] = Path(folder)
    chosen |= {name: value for name, value in flags.items() if value is not None}
    return Settings(**chosen)


def read_toml(file: Path) -> dict[str, Any]:
    """What a TOML file says. Raises: ConfigError: it cannot be read, or is no TOML (with the line)."""
    try:
        table = files.text(file)
        if not _DEEP.search(table):  # with such a key tomllib would take a minute
            return tomllib.loads(table)
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror or error}; mend it, or move it away") from error
    except RecursionError:
        pass
    except ValueError as error:  # no UTF-8, no TOML, or a number of a million digits
        raise ConfigError(f"{file} cannot be read: {error}") from error
    raise ConfigError(f"{file} cannot be read: it is nested too deep; mend it, or move it away")


def user_path(given: str | Path) -> Path:
    """A path as a user names it, `~` resolved. Raises: ConfigError: no file can have this name."""
    if not str(given).strip():
        raise ConfigError("a path is empty: name a file or a folder")
    try:
        path = Path(given).expanduser()
        with suppress(FileNotFoundError, NotADirectoryError):
            path.stat()
    except (RuntimeError, OSError, ValueError) as error:
        raise ConfigError(f"{str(given)[:80]!r} is no path of a file: {error}") from error
    return path


def _from_table(file: Path, table: Mapping[str, Any], below: Mapping[str, Any]) -> dict[str, Any]:
    """What a table in a file sets, on top of what is set below it."""
    known = {f.name for f in fields(Settings)}
    if unknown := sorted(set(table) - known):
        raise ConfigError(f"{file}: no setting is called {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    chosen = {**below, **{name: _value(file, name, value) for name, value in table.items()}}
    if "pauses" in table:
        chosen["pauses"] = replace(below.get("pauses", Pauses()), **chosen["pauses"])
    return chosen


def _value(file: Path, name: str, value: Any) -> Any:  # noqa: ANN401 (TOML values are of any type)
    if name in ("audio_dir", "cache_dir", "lexicon", "cover") and isinstance(value, str):
        # What a house style brings with it lies beside it.
        return (file.parent if name in ("lexicon", "cover") else Path()) / Path(value).expanduser()
    if name == "formats" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if name == "cues":
        if value not in list(CueLevel):
            raise ConfigError(f"{file}: cues = {shown(value)}: there are {', '.join(CueLevel)}")
        return CueLevel(value)
    if name == "pauses" and isinstance(value, dict):
        return _pauses(file, value)
    if name == "verify" and isinstance(value, bool):
        return value
    kinds: dict[str, tuple[type, ...]] = dict.fromkeys(("rate", "loudness"), (int, float)) | {"workers": (int,)}
    kinds |= dict.fromkeys(("voice", "fallback", *_CHOICES), (str,))
    if isinstance(value, kinds.get(name, ())) and not isinstance(value, bool):
        return value
    raise ConfigError(f"{file}: {name} = {shown(value)} is not a value for {name}")


def shown(value: object) -> str:
    """A value as a message has it: cut short, however long or deep it is."""
    return reprlib.repr(value)


def _pauses(file: Path, table: Mapping[str, Any]) -> Mapping[str, int]:
    known = {f.name for f in fields(Pauses)}
    for name, value in table.items():
        if name not in known or not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 60_000:
            there_are = ", ".join(sorted(known))
            raise ConfigError(
                f"{file}: pauses.{name} = {shown(value)}: there are {there_are}, in whole ms, at most 60000"
            )
    return table
