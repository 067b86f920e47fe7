"""The settings of a run: flags > environment > a brief's file > profile > langdu.toml > defaults."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from langdu.errors import ConfigError, LangduError, no_such
from langdu.model import CueLevel, OverlayUnit, Pauses, RubyScope
from langdu.toml import Range, TomlFile, converted, field_types, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

# These paths are relative to the file that names them, so that a house style can be moved as a folder, and a job that
# runs in another folder writes to the same place.
_BESIDE_THE_FILE: Final = ("lexicon", "cover", "audio_dir", "cache_dir")
_CACHE_VARIABLE: Final = "LANGDU_CACHE_DIR"
_PAUSES: Final = dict.fromkeys((pause.name for pause in fields(Pauses)), Annotated[int, Range(0, 60_000, "ms")])


def _default_cache_dir() -> Path:
    if folder := os.environ.get(_CACHE_VARIABLE):
        return Path(folder)
    import platformdirs  # noqa: PLC0415 - a voice's process and `langdu --help` need no folder

    return Path(platformdirs.user_cache_dir("langdu", appauthor=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a user may choose.

    `voice` is a voice's id; `fallback` is the voice that narrates the whole article if `voice` fails; `quotes` is the
    voice of quoted speech, None or "" if it has none of its own. `rate` is the
    pace, 1.0 being the voice's own. `formats` are names of `langdu.export.FORMATS`. `cues` is how much text a subtitle
    shows at a time; `ruby` says which words of a book have pinyin above them, and `overlay` what the book highlights
    while it is read. `cover` is a JPEG or PNG for formats that show one. `loudness` is that of the whole, in LUFS (EBU
    R 128). `lexicon` is a table of the user's own readings, besides the tables that langdu finds. `workers` is the
    number of processes that speak. `verify` listens to each clip and repeats what does not sound as asked. `pauses` are
    in milliseconds.

    Raises: ConfigError: a value has the wrong type or is out of range, or there is no such voice or format.
    EngineUnavailable: the voice is of another package, which cannot be imported.
    """

    voice: str = "baker"
    fallback: str | None = None
    quotes: str | None = None
    rate: Annotated[float, Range(0.5, 2)] = 1.0
    formats: tuple[str, ...] = ("mp3", "srt")
    cues: CueLevel = CueLevel.SENTENCE
    audio_dir: Path = Path("audio")
    cache_dir: Path = field(default_factory=_default_cache_dir)
    lexicon: Path | None = None
    cover: Path | None = None
    loudness: Annotated[float, Range(-36, -14, "LUFS")] = -18.0
    ruby: RubyScope = RubyScope.ANNOTATED
    overlay: OverlayUnit = OverlayUnit.WORD
    # Each worker is a process that holds the voice in its memory.
    workers: Annotated[int, Range(1, 64)] = 2
    verify: bool = False
    pauses: Pauses = field(default_factory=Pauses)

    def __post_init__(self) -> None:
        for name, kind in field_types(Settings).items():
            object.__setattr__(self, name, _checked(name, getattr(self, name), kind))
        for name, value in asdict(self.pauses).items():
            _checked(f"pauses.{name}", value, _PAUSES[name])


def _checked(name: str, value: object, kind: Any) -> Any:  # noqa: ANN401 - a type, and a value of it
    try:
        value = converted(value, kind)
    except ValueError as error:
        raise ConfigError(f"{name} = {shortened(value)}: {error}") from error
    _check_names(name, value)
    return value


def _check_names(name: str, value: object) -> None:
    """Make sure that a setting names voices and formats that there are.

    Of `ENGINE:NAME` only the engine is looked up: the name may be that of a large folder.

    Raises: ConfigError: there is no such voice or format. EngineUnavailable: another package's engine cannot be
    imported.
    """
    from langdu import engines, export, voices  # noqa: PLC0415 - `langdu --help` needs none of them

    if name == "formats" and isinstance(value, tuple):
        export.check_formats(value)
    if name in {"voice", "fallback"} and isinstance(value, str):
        known = [voice.id for voice in voices.catalogue()]
        if value in known:
            return
        if ":" in value:
            engines.create(value.partition(":")[0], None)
        elif value not in (known := [*known, *(voice.id for voice in engines.plugin_voices())]):
            raise no_such("voice", value, known)


def load(  # noqa: PLR0913 - one for each level of settings
    flags: Mapping[str, Any],
    *,
    environment: Mapping[str, str] = os.environ,
    file: Path = Path("langdu.toml"),
    profile: Path | None = None,
    defaults: Mapping[str, Any] | None = None,
    named: Mapping[str, Any] | None = None,
) -> Settings:
    """The settings of this run. Flags that are None do not count.

    `profile` overrides `file`, which may be missing. `named`, the settings in a brief's file, override both.
    `defaults` take the place of langdu's own.

    Raises: ConfigError: a file cannot be read or is not TOML; it has a key that is not a setting, or a wrong value.
    """
    chosen = dict(defaults or {})
    for path in (file if file.exists() else None, profile):
        if path:
            toml = TomlFile(path)
            chosen = merged(chosen, in_file(toml, toml.table))
    chosen = merged(chosen, named or {})
    if folder := environment.get(_CACHE_VARIABLE):
        chosen["cache_dir"] = Path(folder)
    chosen |= {name: value for name, value in flags.items() if value is not None}
    return Settings(**chosen)


def in_file(toml: TomlFile, table: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that a table of a file names. `pauses` has only the pauses that it names.

    Raises: ConfigError: a key is not a setting, or its value is wrong.
    """
    pauses = table.get("pauses")
    flat = {name: value for name, value in table.items() if name != "pauses" or not isinstance(value, dict)}
    chosen = toml.values(flat, field_types(Settings))
    for name, value in chosen.items():
        try:
            _check_names(name, value)
        except LangduError as error:
            raise toml.error(name, str(error)) from error
    for name in _BESIDE_THE_FILE:
        if name in chosen:
            chosen[name] = toml.path.parent / chosen[name]
    return {**chosen, "pauses": toml.values(pauses, _PAUSES, "pauses")} if isinstance(pauses, dict) else chosen


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`below`, overridden by `above`. Pauses are overridden one by one."""
    chosen = {**below, **above}
    if "pauses" in above:
        chosen["pauses"] = replace(below.get("pauses", Pauses()), **above["pauses"])
    return chosen
