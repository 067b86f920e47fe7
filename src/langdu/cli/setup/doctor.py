"""langdu doctor."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from langdu.cli.shared.common import print_json, write_out
from langdu.controls import mask_passwords
from langdu.errors import LangduError, plural
from langdu.files import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.model import Voice
    from langdu.settings import Settings

# Of these variables only whether they are set is told.
_SECRET: Final = re.compile(r"KEY|SECRET|TOKEN|PASS|AUTH|CRED")
# The variables that change what langdu does, and those with which pip fetches its voices.
_VARIABLES: Final = re.compile(
    r"LANGDU_|IMAGEIO_FFMPEG_EXE$|AZURE_SPEECH_|AWS_|GOOGLE_APPLICATION_|PIP_|(?:HTTPS?|ALL|NO)_PROXY$|PYTHONPATH$|LC_|LANG$",
    re.IGNORECASE,
)
# What these engines need besides their packages. doctor asks no server and does not look for keys.
_NEEDS: Final = {
    "azure": "needs your key and a network",
    "google": "needs your key and a network",
    "polly": "needs your key and a network",
    "gtts": "needs a network",
    "piper": "needs your own file",
    "sherpa": "needs your own folder of files",
}
_FOR_DEVELOPERS: Final = ("dev", "train")
_NAMES: Final = 24

Section = dict[str, Any]


def doctor(*, json: bool = False) -> None:
    """Describe this installation on one page, to paste into a bug report.

    It says what is installed, which voices there are, where settings and caches are, and which setting wins.
    Keys and passwords are not shown.

    Example: [bold]langdu doctor > doctor.txt[/bold]
    """
    report = _report()
    if json:
        print_json(_clean(report))
        return
    for title, section in _clean(report).items():
        write_out(title)
        if title == "packages":
            listed = ", ".join(f"{name} {version}" for name, version in section.items())
            write_out(fill(listed, 100, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False))
            continue
        for name, value in section.items():
            write_out(f"  {name:{_NAMES}} {value}")


def _report() -> dict[str, Section]:
    to_mend: Section = {}
    settings, table = _settings(to_mend)
    report = {
        "langdu": _langdu(),
        "programs": _programs(to_mend),
        "folders": _folders(settings, to_mend),
        "voices": dict(_voices(settings, to_mend)),
        "settings": table,
        "environment": _environment(),
        "extras": _extras(),
        "packages": dict(_packages(to_mend)),
    }
    return {"to mend": to_mend or {"nothing": "all that langdu needs is there"}, **report}


def _clean(value: Any) -> Any:  # noqa: ANN401 - what JSON can hold
    """The report without passwords, and with ~ for the user's home, whose name is nobody's business."""
    if isinstance(value, dict):
        return {name: _clean(part) for name, part in value.items()}
    if not isinstance(value, str):
        return value
    home = str(Path.home())
    shown = value if len(home) < 4 else re.sub(rf"{re.escape(home)}(?=[/\\\s,;:)]|$)", "~", value)
    return re.sub(r"(://[^\s?]*\?)\S+", r"\1…", mask_passwords(shown))


def _langdu() -> Section:
    import locale
    import platform
    import shutil
    from importlib.metadata import version

    import langdu

    size = shutil.get_terminal_size()
    return {
        "version": version("langdu"),
        "installed in": str(Path(langdu.__file__).parent),
        "Python": f"{platform.python_version()} ({sys.executable})",
        "system": f"{platform.platform()}, {plural(os.cpu_count() or 1, 'processor')}",
        "locale": f"{'.'.join(filter(None, locale.getlocale())) or 'C'}, output in {sys.stdout.encoding}",
        "terminal": f"{size.columns} columns" if sys.stdout.isatty() else "none: the output goes elsewhere",
    }


def _programs(to_mend: Section) -> Section:
    import webbrowser

    from langdu.audio.play import PLAYERS, installed_player
    from langdu.sound import ffmpeg

    try:
        coder = ffmpeg.described()
    except ffmpeg.FfmpegFailed as error:
        coder = "missing"
        to_mend["ffmpeg"] = str(error)
    try:
        browser = getattr(webbrowser.get(), "name", "the system's own")
    except webbrowser.Error:
        browser = "none found (only for looking at --format html)"
    player = installed_player()
    tried = ", ".join(command.split()[0] for command in PLAYERS)
    return {
        "ffmpeg": coder,
        "player": player[0] if player else f"none found (only for --play; tried {tried})",
        "browser": browser,
    }


def _folders(settings: Settings, to_mend: Section) -> Section:
    from langdu.cache import CLIPS, ClipCache
    from langdu.lexicon import user

    cache, own = settings.cache_dir, user.user_table()
    clips = cache / CLIPS
    count, size = ClipCache(clips, lambda said: to_mend.update(clips=said)).describe() if clips.exists() else (0, 0)
    try:
        kept = plural(len(user.read_table(own)), "reading") if own.exists() else "none yet"
    except LangduError as error:
        kept = "damaged"
        to_mend["own readings"] = str(error)
    if not os.access(next(path for path in (cache, *cache.parents) if path.exists()), os.W_OK):
        to_mend["cache"] = f"{cache} cannot be written; name another folder with LANGDU_CACHE_DIR"
    return {
        "this folder": str(Path.cwd()),
        "cache": str(cache),
        "spoken clips": f"{plural(count, 'clip')}, {size / 1e6:.1f} MB, in {clips}",
        "own readings": f"{kept}, in {own}",
        "narrations": str(settings.audio_dir),
    }


def _voices(settings: Settings, to_mend: Section) -> Iterator[tuple[str, str]]:
    from langdu import engines, voices

    found: list[Voice] = [*voices.catalogue()]
    try:
        found += engines.plugin_voices()
    except LangduError as error:
        to_mend["another package's voice"] = str(error)
    for voice, missing in zip(found, voices.all_missing(settings.cache_dir, found), strict=True):
        damaged = voices.needs_install(voice) and missing and voices.folder(settings.cache_dir, voice).exists()
        what = "damaged, or of another version of langdu" if damaged else "not installed"
        yield voice.id, f"{what}: {missing}" if missing else _NEEDS.get(voice.engine, "ready")
        if missing and voice.id == settings.voice:
            to_mend[f"voice {voice.id}"] = f"{what}; it is installed when it is first used, or with: {missing}"


def _settings(to_mend: Section) -> tuple[Settings, Section]:
    """The settings in this folder, and a table of them that says where each comes from."""
    from langdu import settings
    from langdu.toml import TomlFile

    file = Path("langdu.toml")
    try:
        chosen = settings.load({})
        named = TomlFile(file).table if file.exists() else {}
    except LangduError as error:
        to_mend["settings"] = str(error)
        chosen, named = settings.Settings(), {}
    table: Section = {}
    for field in fields(chosen):
        value = getattr(chosen, field.name)
        by_variable = field.name == "cache_dir" and os.environ.get("LANGDU_CACHE_DIR")
        by_file = str(file) if field.name in named else "default"
        table[field.name] = f"{_shown(value)} ({'LANGDU_CACHE_DIR' if by_variable else by_file})"
    table["who wins"] = "option > LANGDU_CACHE_DIR > a brief's file > --profile > ./langdu.toml > default"
    return chosen, table


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if is_dataclass(value) and not isinstance(value, type):
        return ", ".join(f"{name} {part}" for name, part in asdict(value).items())
    return {"None": "none", "True": "yes", "False": "no"}.get(str(value), str(value))


def _environment() -> Section:
    named = {name: value for name, value in sorted(os.environ.items()) if _VARIABLES.match(name)}
    return {name: "set" if _SECRET.search(name.upper()) else _masked(value) for name, value in named.items()}


def _masked(value: str) -> str:
    """A variable without what may be a password: all before its last @, and all after ?, ; and #."""
    before, at, after = value.rpartition("@")
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", before)
    shown = f"{scheme[0] if scheme else ''}…@{after}" if at else value
    return re.sub(r"([?;#]).+", r"\1…", shown, flags=re.DOTALL)


def _extras() -> Section:
    """What can be installed besides, and whether it is."""
    wanted: dict[str, list[str]] = {}
    for package, extra in _required():
        if extra and extra not in _FOR_DEVELOPERS:
            wanted.setdefault(extra, []).append(package)
    return {
        extra: "installed" if all(map(_version, packages)) else f"not installed: pip install 'langdu[{extra}]'"
        for extra, packages in sorted(wanted.items())
    }


def _packages(to_mend: Section) -> Iterator[tuple[str, str]]:
    for package, extra in sorted(_required(), key=lambda needed: needed[0].lower()):
        version = _version(package)
        if extra is None and version is None:
            to_mend[package] = f"the package is missing; run: pip install {package}"
        if extra not in _FOR_DEVELOPERS and (version or extra is None):
            yield package, version or "missing"


def _required() -> Iterator[tuple[str, str | None]]:
    """The packages that langdu needs, each with the extra that needs it; those of other systems are left out."""
    from importlib.metadata import requires

    for line in requires("langdu") or ():
        need, _, condition = line.partition(";")
        package = re.split(r"[^\w.-]", need.strip())[0]
        extra = re.search(r"extra\s*==\s*['\"](.*?)['\"]", condition)
        if extra or not condition or _version(package):
            yield package, extra and extra[1]


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None
    except OSError as error:
        return f"unreadable ({reason(error)})"
