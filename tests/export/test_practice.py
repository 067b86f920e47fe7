"""A programme to speak after, read back from its MP3."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from langdu.errors import ExportError
from langdu.export.programme import Programme
from langdu.export.sound.mp3 import codec
from langdu.export.sound.pauses import PausedMp3
from langdu.export.sound.practice import write
from langdu.export.spool import Spool
from langdu.export.tags import Tags
from langdu.model import Rundown, Span
from langdu.sound import ffmpeg
from langdu.sound.ffmpeg import Ffmpeg
from programs import langdu
from recorded import RATE, programme

if TYPE_CHECKING:
    from pathlib import Path


def stretches(path: Path) -> list[tuple[bool, float]]:
    """Sound and silence in turn, with their lengths in seconds."""
    samples, rate = soundfile.read(path)
    size = rate // 100
    levels = np.abs(samples[: len(samples) // size * size].reshape(-1, size)).max(axis=1)
    loud = levels > 0.2 * levels.max()
    edges = [0, *(np.flatnonzero(np.diff(loud)) + 1), len(loud)]
    return [(bool(loud[a]), float(b - a) / 100) for a, b in pairwise(edges)]


def test_slowly_a_pause_then_at_its_own_pace(tmp_path: Path) -> None:
    source = tmp_path / "article.txt"
    source.write_text("天亮了我们出门去。大家都说这里的山真高啊！\n", encoding="utf-8")
    langdu("read", str(source), "-o", str(tmp_path / "out"), "--voice", "silence", "--practice", "--format", "json")
    (made,) = (tmp_path / "out").glob("*.mp3")
    assert made.name.endswith(".practice.mp3")
    found = [each for each in stretches(made) if each[1] > 0.05]
    if not found[0][0]:
        found = found[1:]
    assert [sound for sound, _ in found] == [True, False, True, False] * 2
    lengths = [length for _, length in found]
    for first, syllables in ((0, 8), (4, 11)):
        slow, pause, plain, after = lengths[first : first + 4]
        spoken = 0.2 * syllables
        assert plain == pytest.approx(spoken, abs=0.03)
        assert slow == pytest.approx(spoken / 0.75, abs=0.08)
        assert pause == pytest.approx((spoken + 0.1) / 0.75 + 0.1, abs=0.15)  # 50 ms of margin on each side
        assert after >= 1


def test_nothing_to_practise(tmp_path: Path) -> None:
    with Spool(tmp_path, RATE, sound=True) as spool:
        for track in programme(["★"], 10):
            spool.add(replace(track, timings=()), bytes(2 * (track.end - track.start)))
    made = Programme(rundown=Rundown(title="★", sections=()), voice="silence", spooled=spool.spooled())
    with pytest.raises(ExportError, match="there is nothing to say in its text"):
        write(tmp_path / "a.practice.mp3", made)
    assert not (tmp_path / "a.practice.mp3").exists()


@pytest.mark.parametrize("rate", [16_000, 24_000, 44_100])
def test_what_is_copied_sounds_as_what_is_encoded(tmp_path: Path, rate: int) -> None:
    tone = (12_000 * np.sin(2 * np.pi * 300 * np.arange(rate) / rate)).astype("<i2").tobytes()
    silence = bytes(rate)  # half a second
    with Ffmpeg(rate, [*codec(), *ffmpeg.into(tmp_path / "source", "mp3")]) as encoder:
        encoder.write(silence + tone + silence)
    tags = Tags(title="a", artist="", album="", language="zho", sample_rate=rate)
    with PausedMp3(tmp_path / "a.mp3", tmp_path / "source", tmp_path, rate, tags) as mp3:
        for _ in range(2):
            mp3.encode(tone, rate)
            mp3.copy(Span(rate // 2, rate // 2 + rate), 2 * rate)
    found = [each for each in stretches(tmp_path / "a.mp3") if each[1] > 0.05]
    assert [sound for sound, _ in found] == [True, False] * 4
    assert [length for _, length in found] == pytest.approx([1, 1, 1, 2] * 2, abs=0.11)
    samples, _ = soundfile.read(tmp_path / "a.mp3")
    slow, plain = (np.abs(samples[round(at * rate) : round((at + 0.8) * rate)]) for at in (0.1, 2.15))
    assert plain.max() == pytest.approx(slow.max(), rel=0.02)
    assert plain.mean() == pytest.approx(slow.mean(), rel=0.02)
    silent = np.abs(samples[round(1.1 * rate) : round(1.9 * rate)])
    assert silent.max() < 1e-4
