"""PCM, levels and resampling: laws, and what data/ears depends on."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langdu.sound import pcm
from langdu.sound.levels import decibels, hundredths, power, rms, sounding, windowed
from langdu.sound.resampling import at_rate, resampled
from langdu.sound.tempo import in_tempo

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATES = [(22_050, 24_000), (24_000, 16_000), (44_100, 24_000), (16_000, 24_000), (11_025, 24_000), (48_000, 24_000)]

# An impulse at 24 kHz as the tables in data/ears heard it at 16 kHz.
IMPULSE = [
    -0.04234192,
    0.04691513,
    -0.05040393,
    0.05258907,
    0.61334151,
    0.05258907,
    -0.05040393,
    0.04691513,
    -0.04234192,
]


def tone(rate: int, seconds: float = 0.5, amplitude: float = 0.5) -> NDArray[np.float32]:
    return (amplitude * np.sin(2 * np.pi * 440 * np.arange(round(rate * seconds)) / rate)).astype(np.float32)


@given(st.binary(max_size=64).filter(lambda data: len(data) % 2 == 0))
def test_pcm_there_and_back(data: bytes) -> None:
    assert pcm.from_floats(pcm.floats(data)) == data
    assert pcm.rounded(pcm.integers(data).astype(np.float64)).tobytes() == data


def test_what_is_too_loud_is_clipped_and_does_not_wrap() -> None:
    assert pcm.integers(pcm.from_floats(np.array([1.5, -1.5]))).tolist() == [32_767, -32_768]


def test_one_rms_whatever_the_scale() -> None:
    floats = tone(24_000, amplitude=0.5)
    assert float(rms(floats)) == pytest.approx(0.5 / sqrt(2), rel=1e-3)
    assert decibels(float(rms(floats))) == pytest.approx(-9.03, abs=0.01)
    integers = pcm.integers(pcm.from_floats(floats))
    assert hundredths(integers, 24_000) == pytest.approx(np.sqrt(power(windowed(floats, 240))) * 32_768, rel=1e-3)


def test_squares_of_16_bits_do_not_overflow() -> None:
    assert float(rms(np.full(1 << 16, -32_768, np.int16))) == 32_768


def test_where_it_sounds() -> None:
    sound = np.concatenate([np.zeros(1_000), 8_000 * tone(24_000), np.zeros(5_000)]).astype(np.int16)
    where = sounding(sound, 24_000)
    assert abs(where.start - 1_000) <= 240
    assert abs(where.stop - 13_000) <= 240
    assert not sounding(np.zeros(24_000, np.int16), 24_000)
    assert not sounding(np.zeros(0, np.int16), 24_000)


@pytest.mark.parametrize(("rate", "to"), RATES)
def test_a_tone_is_the_same_tone_at_another_rate(rate: int, to: int) -> None:
    lower = resampled(tone(rate), rate, to)
    assert len(lower) == len(tone(rate)) * to // rate
    assert np.abs(lower - tone(to)[: len(lower)])[100:-100].max() < 1e-3


def test_what_does_not_fit_into_the_lower_rate_is_gone() -> None:
    hiss = np.sin(2 * np.pi * 11_000 * np.arange(24_000) / 24_000).astype(np.float32)
    assert decibels(float(rms(resampled(hiss, 24_000, 16_000)[100:-100]))) < -60


def test_the_filter_that_the_ears_were_made_with() -> None:
    impulse = np.zeros(300, np.float32)
    impulse[150] = 1
    assert resampled(impulse, 24_000, 16_000)[96:105] == pytest.approx(IMPULSE, abs=1e-7)


def test_peaks_that_the_filter_lifts_are_clipped() -> None:
    square = np.where(np.arange(22_050) // 50 % 2, 32_767, -32_768).astype(np.int16)
    other = at_rate(square, 22_050, 24_000)
    assert other.max() == 32_767
    assert other.min() == -32_768
    assert abs(int(other.astype(np.int64).mean())) < 200  # what wraps has the other sign


@pytest.mark.parametrize("tempo", [0.5, 0.75, 2.0])
def test_tempo_changes_the_length_and_not_the_pitch(tempo: float) -> None:
    sound = pcm.integers(in_tempo(pcm.from_floats(tone(24_000, seconds=2)), 24_000, tempo))
    assert len(sound) == pytest.approx(48_000 / tempo, rel=0.02)
    spectrum = np.abs(np.fft.rfft(sound))
    assert spectrum.argmax() * 24_000 / len(sound) == pytest.approx(440, abs=5)
