"""Running ffmpeg: one place, one error, which each edge turns into its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import langdu
from langdu.engines.kit.tempo import in_tempo
from langdu.errors import ConfigError, ExportError, InputError, SynthesisFailed
from langdu.parse.sources.picture import picture
from langdu.sound import ffmpeg
from langdu.sound.decoding import decoded_file
from langdu.sound.ffmpeg import Ffmpeg, FfmpegFailed, FfmpegMissing, writing

if TYPE_CHECKING:
    from collections.abc import Callable

SOUND = np.zeros(2_400, np.int16)


def test_only_one_file_knows_the_program() -> None:
    package = Path(langdu.__file__).parent
    users = [path for path in package.rglob("*.py") if "imageio_ffmpeg" in path.read_text("utf-8")]
    assert [path.relative_to(package).as_posix() for path in users] == ["sound/ffmpeg.py"]


def test_what_it_writes_comes_back() -> None:
    raw = ["-f", "s16le", "-ar", "8000", "-ac", "1"]
    finished = ffmpeg.run([*raw, "-i", "pipe:0", "-v", "error", *raw, "pipe:1"], bytes(range(200)))
    assert finished.output == bytes(range(200))
    assert finished.log == ""


def test_more_than_a_pipe_holds_goes_in_and_comes_out() -> None:
    raw = ["-f", "s16le", "-ar", "8000", "-ac", "1"]
    pcm = bytes(range(256)) * 4_096
    assert ffmpeg.run([*raw, "-i", "pipe:0", "-v", "error", *raw, "pipe:1"], pcm).output == pcm


def test_the_error_is_its_last_complaint() -> None:
    with pytest.raises(FfmpegFailed, match="No such file or directory"):
        ffmpeg.run(["-i", "file:nothing.wav", "-f", "null", "-"])


def test_a_run_without_end_is_ended() -> None:
    with pytest.raises(FfmpegFailed, match="it was not done after 0 s"):
        ffmpeg.run(["-f", "lavfi", "-i", "anullsrc", "-f", "null", "-"], limit_s=0)


@pytest.fixture(params=["does not start", "is not there"])
def no_ffmpeg(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def executable() -> str:
        if request.param == "is not there":
            raise RuntimeError("no ffmpeg for this computer")
        return str(tmp_path / "no" / "ffmpeg")

    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", executable)


def _encode(path: Path, arguments: list[str], pcm: bytes) -> None:
    with writing(path), Ffmpeg(8_000, arguments) as encoder:
        encoder.write(pcm)


def test_sound_fed_to_a_run_that_ended(tmp_path: Path) -> None:
    arguments = ["-f", "mp3", f"file:{tmp_path / 'nowhere' / 'a.mp3'}"]
    with pytest.raises(ExportError, match=r"a\.mp3 cannot be written: ffmpeg: .*No such file.*choose another folder"):
        _encode(tmp_path / "a.mp3", arguments, bytes(1 << 22))


@pytest.mark.parametrize(
    ("needs", "error", "message"),
    [
        (lambda path: _encode(path, ["-f", "null", "-"], b""), ExportError, "a.jpg cannot be written: "),
        (lambda path: decoded_file(path, [], 8_000, 1), ExportError, "a.jpg cannot be decoded: "),
        (picture, ConfigError, "the cover cannot be looked at: "),
        (lambda _: in_tempo(SOUND, 8_000, 0.5), SynthesisFailed, "the tempo of the sound cannot be changed: "),
    ],
    ids=["writing", "decoding", "a cover", "tempo"],
)
@pytest.mark.usefixtures("no_ffmpeg")
def test_without_ffmpeg(needs: Callable[[Path], object], error: type[Exception], message: str, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(error) as raised:
        needs(tmp_path / "a.jpg")
    assert message in str(raised.value)
    assert "IMAGEIO_FFMPEG_EXE" in str(raised.value)
    assert isinstance(raised.value.__cause__, FfmpegMissing)


def test_what_is_not_sound_is_the_users_fault(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_text("text", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.mp3 is not an audio file ffmpeg can decode: "):
        decoded_file(tmp_path / "a.mp3", [], 8_000, 1)
