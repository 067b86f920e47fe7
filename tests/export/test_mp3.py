"""MP3: length, tags, and what is left behind when the encoder, the disk or the user stops it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import tracemalloc
from array import array
from math import sin, tau
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
from mutagen import id3

from langdu.errors import ExportError
from langdu.export.sound.mp3 import Mp3Writer
from langdu.export.tags import Tags
from programs import interruptible

if TYPE_CHECKING:
    from pathlib import Path

RATE = 24_000
TAGS = Tags(title="长春、“新”", artist="baker", album="<题目> & 天亮", language="zho", track=3, tracks=15)


def tone(samples: int) -> bytes:
    return array("h", (round(8_000 * sin(tau * 220 * i / RATE)) for i in range(samples))).tobytes()


@pytest.fixture
def fake_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in place of ffmpeg: the test writes what it does."""
    if sys.platform == "win32":
        pytest.skip("a shell script stands in for ffmpeg")
    script = tmp_path / "bin" / "ffmpeg"
    script.parent.mkdir()
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(script))
    script.touch(mode=0o755)
    return script


def write(path: Path, pcm: bytes, tags: Tags = TAGS) -> None:
    with Mp3Writer(path, RATE, tags) as writer:
        for at in range(0, len(pcm), 100_000):
            writer.write(pcm[at : at + 100_000])


@pytest.mark.parametrize("samples", [1, 500, 1_152, 1_153, 24_000, 24_000 * 20 + 7])
def test_length_and_sound(tmp_path: Path, samples: int) -> None:
    path = tmp_path / "a.mp3"
    pcm = tone(samples)
    write(path, pcm)
    sound, rate = soundfile.read(path, dtype="int16")
    assert rate == RATE
    assert sound.ndim == 1
    assert abs(len(sound) - samples) <= RATE // 500
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp3"]


def test_nothing_is_shifted(tmp_path: Path) -> None:
    given = np.random.default_rng(1).normal(0, 3_000, 10 * RATE).astype("<i2")
    write(tmp_path / "a.mp3", given.tobytes())
    sound, _ = soundfile.read(tmp_path / "a.mp3", dtype="int16")
    for place in (2_000, 9 * RATE):
        part = given[place : place + 10_000].astype(float)
        alike = [float(part @ sound[place + lag : place + lag + 10_000]) for lag in range(-1_200, 1_201)]
        assert alike.index(max(alike)) == 1_200


def test_tags(tmp_path: Path) -> None:
    write(tmp_path / "a.mp3", tone(500))
    found = id3.ID3(tmp_path / "a.mp3")
    assert found.version == (2, 4, 0)
    assert {name: str(frame) for name, frame in found.items()} == {
        "TIT2": "长春、“新”",
        "TPE1": "baker",
        "TALB": "<题目> & 天亮",
        "TLAN": "zho",
        "TRCK": "3/15",
    }


def test_the_same_sound_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a.mp3", "b.mp3"):
        write(tmp_path / name, tone(5_000), Tags(title="x", artist="y", album="z", language="zho"))
    made = (tmp_path / "a.mp3").read_bytes()
    assert made == (tmp_path / "b.mp3").read_bytes()
    assert re.search(rb"Lav[cf]\d", made) is None  # nor does the encoder's version change it


def test_a_name_that_looks_like_a_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no colon in names")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path.joinpath("http:", "-x").relative_to(tmp_path)
    write(folder / "a.mp3", tone(500))
    assert soundfile.info(folder / "a.mp3").frames == 500


def test_two_at_once_and_memory_stays_flat(tmp_path: Path) -> None:
    # 5 minutes of sound, 14 MB, into two files.
    piece = tone(RATE * 10)
    tracemalloc.start()
    try:
        with Mp3Writer(tmp_path / "a.mp3", RATE, TAGS) as one, Mp3Writer(tmp_path / "b.mp3", RATE, TAGS) as two:
            for _ in range(30):
                one.write(piece)
                two.write(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000  # mutagen moves the file through a buffer of 2 MB when it puts the tags in front
    assert soundfile.info(tmp_path / "a.mp3").frames == soundfile.info(tmp_path / "b.mp3").frames == 300 * RATE


def test_no_sound(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"a\.mp3 was given no sound"):
        write(tmp_path / "a.mp3", b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, ValueError])
def test_an_interruption_leaves_nothing(tmp_path: Path, interruption: type[BaseException]) -> None:
    def interrupted() -> None:
        with Mp3Writer(tmp_path / "a.mp3", RATE, TAGS) as writer:
            writer.write(tone(50_000))
            raise interruption

    with pytest.raises(interruption):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_in_a_terminal(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no process groups to interrupt")
    program = f"""
from pathlib import Path
from langdu.export.sound.mp3 import Mp3Writer
from langdu.export.tags import Tags
with Mp3Writer(Path({str(tmp_path)!r}) / "a.mp3", 24000, Tags(title="", artist="", album="", language="zho")) as writer:
    while True:
        writer.write(bytes(48000))
        print("writing", flush=True)
"""
    running = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=interruptible,
    )
    assert running.stdout
    assert running.stdout.readline() == b"writing\n"
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    _, complaints = running.communicate(timeout=10)
    assert complaints.rstrip().endswith(b"KeyboardInterrupt")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match=r"file/a\.mp3 cannot be written"):
        write(tmp_path / "file" / "a.mp3", tone(500))


def test_a_folder_without_permission(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(ExportError, match=r"closed/a\.mp3 cannot be written: .*Permission denied"):
        write(folder / "a.mp3", tone(500_000))


@pytest.mark.parametrize("samples", [1_000_000, 60_000])
def test_a_full_disk(tmp_path: Path, samples: int) -> None:
    # The limit on a file's size is not the disk's, but the encoder meets it in the same place: in the middle.
    resource = pytest.importorskip("resource", reason="Windows does not limit the size of files")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(ExportError, match=r"a\.mp3 cannot be written"):
            write(tmp_path / "a.mp3", tone(samples))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("samples", [10, 1_000_000], ids=["little sound", "more than a pipe holds"])
def test_an_encoder_that_fails(fake_encoder: Path, tmp_path: Path, samples: int) -> None:
    fake_encoder.write_text("#!/bin/sh\necho '[out#0 @ 0x55] No space left on device' >&2\nexit 7\n", encoding="utf-8")
    with pytest.raises(ExportError, match=r"a\.mp3 cannot be written: ffmpeg: No space left on device; free some"):
        write(tmp_path / "a.mp3", tone(samples))
    assert list(tmp_path.iterdir()) == [fake_encoder.parent]


def test_an_encoder_that_says_very_much(fake_encoder: Path, tmp_path: Path) -> None:
    script = "#!/bin/sh\ncat >/dev/null\nyes complaint | head -c 3000000 >&2\nexit 1\n"
    fake_encoder.write_text(script, encoding="utf-8")
    with pytest.raises(ExportError, match="ffmpeg: compl"):
        write(tmp_path / "a.mp3", tone(1_000_000))


def test_an_encoder_that_is_killed(fake_encoder: Path, tmp_path: Path) -> None:
    fake_encoder.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
    with pytest.raises(ExportError, match="ffmpeg: ended with status -9"):
        write(tmp_path / "a.mp3", tone(500))


def test_an_encoder_that_hangs_is_ended(fake_encoder: Path, tmp_path: Path) -> None:
    fake_encoder.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")

    def interrupted() -> None:
        with Mp3Writer(tmp_path / "a.mp3", RATE, TAGS) as writer:
            writer.write(tone(500))
            raise KeyboardInterrupt

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert time.monotonic() - begin < 10


def test_no_encoder(fake_encoder: Path, tmp_path: Path) -> None:
    fake_encoder.unlink()
    with pytest.raises(ExportError, match=r"ffmpeg \(.*ffmpeg\) does not start: No such file"):
        write(tmp_path / "a.mp3", tone(500))
