"""Clips and pauses are joined sample by sample."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langdu.audio import assemble
from langdu.errors import SynthesisFailed
from langdu.model import Clip

RATE = 24000


def clip(samples: int, rate: int = RATE, *, value: int = 1) -> Clip:
    return Clip(value.to_bytes(2, "little", signed=True) * samples, rate, ())


def test_clip_pause_clip() -> None:
    made = assemble([clip(3, value=-5), clip(2, value=7)], [1, 0])
    assert made.pcm == b"\xfb\xff" * 3 + b"\0\0" * 24 + b"\x07\x00" * 2
    assert made.starts == (0, 27)
    assert (made.sample_rate, len(made)) == (RATE, 29)


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 1500)), min_size=1, max_size=12),
    st.sampled_from([8000, 22050, 24000, 44100]),
)
def test_every_clip_stands_where_starts_says(parts: list[tuple[int, int]], rate: int) -> None:
    clips = [clip(length, rate, value=i + 1) for i, (length, _) in enumerate(parts)]
    made = assemble(clips, [pause for _, pause in parts])
    ends = [*made.starts[1:], len(made)]
    for one, start, end, (length, pause) in zip(clips, made.starts, ends, parts, strict=True):
        assert made.pcm[2 * start : 2 * (start + length)] == one.pcm
        assert made.pcm[2 * (start + length) : 2 * end] == bytes(2 * (pause * rate // 1000))


def test_rounding_does_not_add_up() -> None:
    # 2,000 clips of 100.02 ms: in milliseconds, each would lose .02 and the last would start 40 ms early.
    made = assemble([clip(2400 + 1)] * 2000, [0] * 2000)
    assert made.starts[-1] == 1999 * 2401


def test_what_is_joined_is_not_copied_for_each_clip(monkeypatch: pytest.MonkeyPatch) -> None:
    # Joining by `+` takes 64 times as long for 8 times the clips.
    for copies in ("__add__", "__radd__", "append"):
        monkeypatch.setattr(f"pydub.AudioSegment.{copies}", lambda *_: pytest.fail("copies all that was joined before"))
    assert len(assemble([clip(RATE)] * 800, [100] * 800)) == 800 * (RATE + RATE // 10)


def test_rates_must_agree() -> None:
    with pytest.raises(SynthesisFailed, match="22050 and 24000 samples a second"):
        assemble([clip(1), clip(1, 22050)], [0, 0])


def test_nothing_to_join() -> None:
    with pytest.raises(SynthesisFailed, match="there are none"):
        assemble([], [])


def test_half_a_sample() -> None:
    with pytest.raises(SynthesisFailed, match="3 bytes"):
        assemble([Clip(b"abc", RATE, ())], [0])
