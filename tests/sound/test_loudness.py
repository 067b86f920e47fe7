"""Loudness: measured as another meter does, and set without a peak that is too high."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import resample_poly

from langdu.errors import ExportError
from langdu.sound.loudness import Meter, gain, levelled

RATE = 24_000


def speechlike(seconds: float, level: float, seed: int = 1, rate: int = RATE) -> bytes:
    """Bursts of coloured noise, four a second, with pauses."""
    samples = round(seconds * rate)
    noise = np.random.default_rng(seed).normal(0, 1, samples + 8)
    noise = np.convolve(noise, np.ones(9) / 3, "valid")
    bursts = np.abs(np.sin(4 * np.pi * np.arange(samples) / rate)) * (np.arange(samples) // rate % 4 < 3)
    pcm: bytes = np.clip(np.rint(noise * bursts * level * 32_768), -32_768, 32_767).astype("<i2").tobytes()
    return pcm


def samples(pcm: bytes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.frombuffer(pcm, "<i2") / 32_768


def measured(pcm: bytes, rate: int = RATE) -> float | None:
    with Meter(Path("a.mp3"), rate) as meter:
        for at in range(0, len(pcm), 100_000):
            meter.add(pcm[at : at + 100_000])
    return meter.loudness


def peak(pcm: bytes) -> float:
    """True peak in dB, at eight times the rate."""
    return float(20 * np.log10(np.abs(resample_poly(samples(pcm), 8, 1)).max()))


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
@pytest.mark.parametrize("level", [0.01, 0.1, 0.3])
def test_it_is_measured_as_another_meter_does(level: float, rate: int) -> None:
    pcm = speechlike(20, level, rate=rate)
    other = pyloudnorm.Meter(rate).integrated_loudness(samples(pcm))
    assert measured(pcm, rate) == pytest.approx(other, abs=0.2)


@pytest.mark.parametrize("pcm", [b"", bytes(2 * RATE), speechlike(0.2, 0.1)], ids=["none", "silence", "too short"])
def test_what_cannot_be_measured(pcm: bytes) -> None:
    assert measured(pcm) is None


@given(loudness=st.floats(-60, -5), usual=st.none() | st.floats(-40, -10), target=st.floats(-36, -9))
def test_the_gain_is_near_what_is_asked(loudness: float, usual: float | None, target: float) -> None:
    assert abs(loudness + gain(loudness, usual, target) - target) <= 0.36


@pytest.mark.parametrize("target", [-23, -18, -16, -14])
def test_as_loud_as_asked_and_no_peak(target: float) -> None:
    pcm = speechlike(20, 0.05)
    before = measured(pcm)
    assert before is not None
    made = levelled(pcm, target - before, RATE)
    assert len(made) == len(pcm)
    assert measured(made) == pytest.approx(target, abs=0.5)
    assert peak(made) <= -1.8


@pytest.mark.parametrize("frequency", [100, 1_000, 3_000, 6_000])
def test_peaks_between_samples(frequency: int) -> None:
    tone = np.sin(np.pi / 4 + 2 * np.pi * frequency * np.arange(RATE) / RATE) * np.hanning(RATE)
    pcm = np.rint(32_767 * tone).astype("<i2").tobytes()
    assert peak(levelled(pcm, 6, RATE)) <= -1.9


def test_only_what_is_too_high_is_turned_down() -> None:
    pcm = np.frombuffer(speechlike(4, 0.02), "<i2").copy()
    pcm[40_000] = 30_000
    made = np.frombuffer(levelled(pcm.tobytes(), 6, RATE), "<i2")
    wanted = np.rint(pcm.astype(np.float32) * np.float32(10 ** (6 / 20)))
    changed = np.flatnonzero(np.abs(made - wanted) > 1)
    assert 40_000 - RATE // 100 < changed.min() <= changed.max() < 40_000 + RATE // 100


@given(
    pcm=st.lists(st.integers(-32_768, 32_767), max_size=400).map(lambda s: np.array(s, "<i2").tobytes()),
    decibels=st.floats(-20, 30),
)
def test_any_sound(pcm: bytes, decibels: float) -> None:
    made = np.frombuffer(levelled(pcm, decibels, RATE), "<i2")
    given = np.frombuffer(pcm, "<i2")
    assert len(made) == len(given)
    assert (made[given == 0] == 0).all()
    assert (np.abs(made.astype(int)) <= round(32_768 * 10 ** (-2 / 20)) + 1).all()
    assert (np.sign(made) * np.sign(given) >= 0).all()


def test_a_meter_without_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "missing"))
    with pytest.raises(ExportError, match="does not start"):
        measured(speechlike(1, 0.1))


def test_a_meter_whose_ffmpeg_ended_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("langdu.sound.ffmpeg._ALWAYS", ("-no-such-option",))
    with pytest.raises(ExportError, match=r"a\.mp3 cannot be written: ffmpeg: .*Option not found"):
        _measure(tmp_path / "a.mp3", bytes(1 << 22))


def _measure(path: Path, pcm: bytes) -> None:
    with Meter(path, RATE) as meter:
        meter.add(pcm)
