"""Music under a voice: how loud it is where, and that nothing jumps, clips or is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langdu.audio.music import HEADROOM, Score, level, loudest, mixed, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

RATE = 16_000
FRAME = RATE // 100
VOICE = -20.0


def seconds(number: float) -> int:
    return round(number * RATE)


def pcm(wave: NDArray[np.float64]) -> NDArray[np.int16]:
    return np.rint(np.clip(wave, -1, 1) * 32_767).astype(np.int16)


def tone(length: float, amplitude: float = 0.3) -> NDArray[np.int16]:
    """A steady chord: each 10 ms of it is as loud as any."""
    at = np.arange(seconds(length)) / RATE
    return pcm(amplitude / 2 * (np.sin(2 * np.pi * 200 * at) + np.sin(2 * np.pi * 500 * at)))


def noise(length: float, amplitude: float = 0.2) -> NDArray[np.int16]:
    return pcm(np.random.default_rng(3).uniform(-amplitude, amplitude, seconds(length)))


def swelling(length: float) -> NDArray[np.int16]:
    """From 40 dB below full scale to full scale."""
    return pcm(10 ** (np.linspace(-40, 0, seconds(length)) / 20) * np.sin(np.arange(seconds(length)) / 9))


def clicks(length: float) -> NDArray[np.int16]:
    made = np.zeros(seconds(length), np.int16)
    made[:: RATE // 2] = 32_767
    return made


MUSIC: dict[str, Callable[[float], NDArray[np.int16]]] = {
    "tone": tone,
    "quiet": lambda length: tone(length, 0.003),
    "loud": lambda length: tone(length, 1.0),
    "noise": noise,
    "swelling": swelling,
    "clicks": clicks,
}


BASE = Score(
    sample_rate=RATE,
    level=VOICE,
    speech=((seconds(4), seconds(7)), (seconds(8), seconds(11)), (seconds(16), seconds(18))),
    stretches=((0, seconds(24)),),
)


def beside(made: Score, length: float = 26.0) -> NDArray[np.float64]:
    """What sounds beside a voice that is silent, as loud as it is beside one."""
    paragraphs = [bytes(2 * seconds(length / 4))] * 4
    sound = b"".join(mixed(paragraphs, made))
    return np.frombuffer(sound, "<i2") / 32_768 / HEADROOM


def levels(sound: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    frames = sound[: len(sound) // size * size].reshape(-1, size)
    return np.asarray(20 * np.log10(np.sqrt(np.mean(frames**2, axis=1)) + 1e-9))


def moments(sound: NDArray[np.float64], start: float, end: float) -> NDArray[np.float64]:
    """The levels of all 400 ms between two times, one each 50 ms."""
    starts = np.arange(seconds(start), seconds(end - 0.4) + 1, seconds(0.05))
    return np.array([levels(sound[at : at + seconds(0.4)], seconds(0.4))[0] for at in starts])


@pytest.mark.parametrize("kind", MUSIC)
@pytest.mark.parametrize("length", [0.6, 5.0, 40.0])
def test_music_is_20_db_under_the_voice_and_heard_without_it(kind: str, length: float) -> None:
    bed = MUSIC[kind](length)
    heard = beside(replace(BASE, bed=bed))
    for start, end in ((4, 7), (8, 11), (16, 18)):
        assert moments(heard, start, end).max() <= VOICE - 17  # 20, and what a seam may add
    assert moments(heard, 7, 8).max() <= VOICE - 17  # it does not come up for one second
    if kind not in {"clicks", "swelling"}:  # their peaks hold them down
        alone = [*moments(heard, 1.2, 3.2), *moments(heard, 12.2, 15.2)]
        assert VOICE - 6 <= min(alone) <= max(alone) <= VOICE + 1
    assert not heard[seconds(24) :].any()


@pytest.mark.parametrize("kind", ["tone", "quiet", "loud"])
@pytest.mark.parametrize("length", [0.7, 3.3, 40.0])
def test_nothing_jumps_by_3_db_in_10_ms(kind: str, length: float) -> None:
    heard = levels(beside(replace(BASE, bed=MUSIC[kind](length))), FRAME)
    audible = np.maximum(heard, -80)  # below is the rounding to 16 bits
    assert np.abs(np.diff(audible)).max() < 3


def test_every_stretch_begins_and_ends_in_silence() -> None:
    stretches = [(0, seconds(6)), (seconds(10), seconds(13))]
    heard = levels(beside(replace(BASE, bed=tone(20), stretches=stretches, speech=[])), FRAME)
    for start, end in stretches:
        assert max(heard[start // FRAME], heard[end // FRAME - 1]) < -75
        assert heard[start // FRAME + 130] == pytest.approx(VOICE - 3, abs=0.5)
    assert heard[seconds(6) // FRAME : seconds(10) // FRAME].max() < -150


def test_a_bed_begins_anew_in_each_stretch() -> None:
    made = replace(BASE, bed=noise(20), stretches=[(0, seconds(5)), (seconds(8), seconds(13))], speech=[])
    heard = beside(made)
    assert np.array_equal(heard[: seconds(5)], heard[seconds(8) : seconds(13)])


def test_nothing_is_clipped() -> None:
    voice = (pcm(np.sign(np.sin(np.arange(seconds(10)) / 30))) - 1).astype("<i2").tobytes()
    made = replace(
        BASE, bed=tone(3, 1.0), level=-0.1, chime=noise(1, 1.0), chimes=[seconds(5)], stretches=[(0, seconds(20))]
    )
    found = np.frombuffer(b"".join(mixed([voice, voice], made)), "<i2")
    assert np.abs(found.astype(int)).max() < 32_767
    alone = np.rint(np.frombuffer(voice * 2, "<i2") * HEADROOM)
    assert np.abs(found - alone).max() < 0.45 * 32_768


@given(
    st.lists(st.integers(1, 40_000), min_size=1, max_size=5),
    st.lists(st.integers(0, 90_000), min_size=2, max_size=6, unique=True),
    st.integers(0, 4000),
)
def test_the_voice_is_as_it_was_but_for_6_db(sizes: Sequence[int], edges: list[int], length: int) -> None:
    edges = sorted(edges)[: len(edges) // 2 * 2]
    stretches = list(zip(edges[::2], edges[1::2], strict=True))
    paragraphs = [pcm(np.random.default_rng(i).uniform(-1, 1, size)).tobytes() for i, size in enumerate(sizes)]
    made = replace(BASE, bed=noise(1)[:length], stretches=stretches, speech=stretches[:1], level=-10.0)
    found = list(mixed(paragraphs, made))
    assert [len(each) for each in found] == [2 * size for size in sizes]
    voice = np.frombuffer(b"".join(paragraphs), "<i2")
    outside = np.ones(len(voice), bool)
    for start, end in stretches:
        outside[start:end] = False
    assert np.array_equal(np.frombuffer(b"".join(found), "<i2")[outside], np.rint(voice * HEADROOM)[outside])


def test_beside_a_voice_that_says_nothing_there_is_no_music() -> None:
    assert level([bytes(8000)], []) == -np.inf
    assert not beside(replace(BASE, bed=tone(3), level=-np.inf, chime=tone(1), chimes=[0])).any()


def test_level_is_that_of_what_is_said() -> None:
    sound = np.zeros(seconds(4), np.int16)
    sound[seconds(1) : seconds(2)] = sound[seconds(3) : seconds(3.5)] = 3277
    speech = [(seconds(1), seconds(2)), (seconds(3), seconds(3.5))]
    pieces = [sound[at : at + 700].tobytes() for at in range(0, len(sound), 700)]
    assert level(pieces, speech) == level([sound.tobytes()], speech) == pytest.approx(-20, abs=0.01)


# --- chimes ---------------------------------------------------------------------------------------------------------


def test_a_chime_is_heard_where_it_should_and_as_loud_as_the_voice() -> None:
    chime = np.frombuffer(trimmed(tone(1.0, 0.01).tobytes(), RATE), "<i2")
    heard = beside(replace(BASE, chime=chime, chimes=[seconds(2), seconds(12.99)]))
    for start in (2.0, 12.99):
        at = seconds(start)
        assert loudest(pcm(heard[at : at + len(chime)]), RATE) == pytest.approx(VOICE - 3, abs=0.5)
        heard[at : at + len(chime)] = 0
    assert not heard.any()


@pytest.mark.parametrize(("length", "kept"), [(0.3, 0.3), (2.0, 2.0), (9.0, 6.0)])
def test_a_chime_is_trimmed_cut_and_fades(length: float, kept: float) -> None:
    silence = np.zeros(seconds(0.5), np.int16)
    made = np.frombuffer(trimmed(np.concatenate([silence, tone(length), silence]).tobytes(), RATE), "<i2")
    assert len(made) == pytest.approx(seconds(kept), abs=seconds(0.012))
    frames = levels(made / 32_768, FRAME)
    assert np.abs(np.diff(np.maximum(frames[1:], -75))).max() < (3 if length > 1.6 else 10)
    assert frames[-1] < -60


def test_a_silent_chime_is_none() -> None:
    assert trimmed(bytes(40_000), RATE) == b""
