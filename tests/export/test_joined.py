"""MP3s joined: what is heard is what would be heard had it been encoded as one."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import imageio_ffmpeg
import numpy as np
import pytest
import soundfile

from langdu.errors import ExportError
from langdu.export.grid import grid
from langdu.export.sound.id3 import tagged, untagged
from langdu.export.sound.joined import JoinedMp3, frame
from langdu.export.sound.mp3 import Mp3Writer
from langdu.export.tags import Tags

if TYPE_CHECKING:
    from pathlib import Path

TAGS = Tags(title="长春", artist="baker", album="长春", language="zho")


def sound(seconds: float, rate: int, seed: int) -> bytes:
    """Noise in bursts, which ends in the silence that it needs."""
    samples = round(seconds * rate)
    noise = np.random.default_rng(seed).normal(0, 3_000, samples) * (np.arange(samples) // (rate // 5) % 2)
    pcm = noise.astype("<i2").tobytes()
    return pcm + bytes(2 * grid(["mp3"], rate).padding(samples, 0))


def encode(path: Path, pcm: bytes, rate: int, tags: Tags = TAGS) -> bytes:
    with Mp3Writer(path, rate, tags) as writer:
        writer.write(pcm)
    return path.read_bytes()


def join(path: Path, parts: list[bytes], rate: int) -> None:
    with JoinedMp3(path, rate) as joined:
        for part in parts:
            joined.add(part)


def decoded(path: Path) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """What ffmpeg makes of it, the other decoder that people have."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-f", "s16le", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return np.frombuffer(done.stdout, np.int16)


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_every_part_sounds_where_it_belongs(tmp_path: Path, rate: int) -> None:
    pieces = [sound(seconds, rate, i) for i, seconds in enumerate((1, 0.05, 2.345, 0.7))]
    join(tmp_path / "joined.mp3", [encode(tmp_path / "part.mp3", pcm, rate) for pcm in pieces], rate)
    encode(tmp_path / "whole.mp3", b"".join(pieces), rate)
    given = np.frombuffer(b"".join(pieces), np.int16)
    for read in (lambda path: soundfile.read(path, dtype="int16")[0], decoded):
        joined, whole = read(tmp_path / "joined.mp3"), read(tmp_path / "whole.mp3")
        assert len(joined) == len(whole) == len(given)
        off = [float(np.sqrt(np.mean((each - given.astype(float)) ** 2))) for each in (joined, whole)]
        assert off[0] < 1.05 * off[1]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_it_has_no_tags_until_it_is_given_some(tmp_path: Path) -> None:
    join(tmp_path / "a.mp3", [encode(tmp_path / "part.mp3", sound(1, 24_000, 1), 24_000)], 24_000)
    made = (tmp_path / "a.mp3").read_bytes()
    assert untagged(made) == made
    assert untagged(tagged(made, TAGS)) == made


def test_other_tags_on_the_same_sound(tmp_path: Path) -> None:
    other = Tags(title="另" * 100, artist="x", album="y", language="zho", track=12, tracks=345)
    first = encode(tmp_path / "a.mp3", sound(1, 24_000, 1), 24_000)
    assert tagged(untagged(first), other) == encode(tmp_path / "b.mp3", sound(1, 24_000, 1), 24_000, other)


def test_what_was_not_filled_is_refused(tmp_path: Path) -> None:
    part = encode(tmp_path / "part.mp3", bytes(2 * 1_000), 24_000)
    with pytest.raises(ValueError, match="1000 samples are not a whole number of frames"):
        join(tmp_path / "a.mp3", [part, part], 24_000)
    assert [path.name for path in tmp_path.iterdir()] == ["part.mp3"]


def test_nothing_to_join(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"a\.mp3 cannot be written: it was given no sound"):
        join(tmp_path / "a.mp3", [], 24_000)
    assert list(tmp_path.iterdir()) == []


def test_a_rate_that_mp3_does_not_have() -> None:
    with pytest.raises(ExportError, match="MP3 has no rate of 23000 samples a second"):
        frame(23_000)
