"""`langdu read --music`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

import narrations
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

RATE = 24_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = "江桥通车\n\n江上的桥昨天通车了。\n\n司机说好。\n\n从前要坐渡船，等上半个小时。\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    at = np.arange(3 * RATE) / RATE
    soundfile.write(tmp_path / "theme.wav", 0.3 * np.sin(2 * np.pi * 220 * at), RATE)
    return tmp_path


def read(folder: Path, out: str, *more: str) -> Path:
    langdu("read", "a.txt", "--voice", "silence", "-o", out, "--format", "wav", *more, cwd=folder)
    return folder / out


def levels(out: Path) -> tuple[float, ...]:
    """How loud it is before the voice, in the pause before the last paragraph, and in the tail."""
    samples = soundfile.read(next(out.glob("*.wav")))[0]
    pause = narrations.load(out)["paragraphs"][-1]["start"]
    places = ((0.5, 1), (pause - 0.2, pause), (len(samples) / RATE - 4, len(samples) / RATE - 3))
    return tuple(float(np.abs(samples[round(RATE * start) : round(RATE * end)]).max()) for start, end in places)


def test_music_under_the_beginning_and_the_end(folder: Path) -> None:
    alone = read(folder, "alone")
    under = read(folder, "under", "--music", "theme.wav")
    everywhere = read(folder, "all", "--music", "theme.wav", "--under", "all")
    before, between, after = levels(under)
    assert between < 1e-3
    assert min(before, after) > 0.05
    assert min(levels(everywhere)) > 2e-3
    assert narrations.load(under)["music"]
    speech = [[each["spoken"] for each in narrations.load(out)["paragraphs"]] for out in (alone, under, everywhere)]
    assert speech[0] == speech[1] == speech[2]


def test_another_music_is_another_narration(folder: Path) -> None:
    read(folder, "out", "--music", "theme.wav")
    asked = ("read", "a.txt", "--voice", "silence", "-o", "out", "--format", "wav", "--music", "theme.wav")
    assert "nothing has changed" in langdu(*asked, cwd=folder).stderr
    soundfile.write(folder / "theme.wav", np.tile([0.2, -0.2], RATE), RATE)
    assert "nothing has changed" not in langdu(*asked, cwd=folder).stderr


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--under", "all"), "there is no music to play under everything"),
        (("--music", "nothing.mp3"), "nothing.mp3 does not exist"),
        (("--music", "a.txt"), "a.txt is not an audio file"),
        (("--music", "."), "is a folder"),
    ],
)
def test_what_people_get_wrong(folder: Path, more: tuple[str, ...], says: str) -> None:
    assert says in langdu("read", "a.txt", "--voice", "silence", *more, cwd=folder, ok=(2,)).stderr
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "theme.wav"]
