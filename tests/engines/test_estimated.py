"""When characters are said, told from the sound alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.spoken import utterance
from langdu.engines.kit.estimated import marks
from langdu.engines.kit.letters import spoken

if TYPE_CHECKING:
    from langdu.model import Mark

RATE = 24_000
NOISE = np.random.default_rng(1)


def speech(
    text: str, syllables: float = 0.22, **pauses: float
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int16]], list[int]]:
    """Something like speech: each character swells and fades, each mark is a pause; and where characters begin."""
    parts, starts, at = [np.zeros(RATE // 10)], [], RATE // 10
    for char in text:
        if char.isalnum():
            length = round(RATE * syllables * NOISE.uniform(0.75, 1.3))
            starts.append(at)
            parts.append(8_000 * np.sin(np.linspace(0, np.pi, length)) ** 0.5 * NOISE.standard_normal(length))
        else:
            parts.append(np.zeros(round(RATE * pauses.get(char, 0.3))))
        at += len(parts[-1])
    sound = np.concatenate([*parts, np.zeros(RATE // 10)])
    return np.clip(sound, -32_768, 32_767).astype(np.int16), starts


def estimated(text: str, sound: np.ndarray[tuple[int], np.dtype[np.int16]]) -> list[Mark]:
    return marks(sound, RATE, text, spoken(utterance(text, "chun1 " * sum(char.isalnum() for char in text))))


@pytest.mark.parametrize(
    "text", ["春天来了，山上的花都开了。孩子们出门去。", "他说：“走吧！”大家就走了，没有人说话。", "春" * 40]
)
def test_even_syllables_and_pauses_are_found(text: str) -> None:
    sound, starts = speech(text)
    wrong = [abs(mark.start - start) / RATE for mark, start in zip(estimated(text, sound), starts, strict=True)]
    assert np.median(wrong) < 0.04
    assert max(wrong) < 0.25


def test_after_a_pause_a_mark_begins_with_the_sound() -> None:
    text = "春天来了，山上的花都开了。孩子们出门去。"
    sound, starts = speech(text)
    found = estimated(text, sound)
    for first in (4, 10):
        assert abs(found[first].start - starts[first]) < 0.02 * RATE


def test_a_mark_that_is_not_heard() -> None:
    text = "春天、夏天、秋天都来了，大家高兴。"
    sound, starts = speech(text, **{"、": 0.0})
    wrong = [abs(mark.start - start) / RATE for mark, start in zip(estimated(text, sound), starts, strict=True)]
    assert max(wrong) < 0.25


def test_a_pause_where_no_mark_is() -> None:
    whole = "春天来了 山上的花都开了，孩子们出门去。"
    sound, starts = speech(whole, **{" ": 0.35})
    found = estimated(whole.replace(" ", ""), sound)
    wrong = [abs(mark.start - start) / RATE for mark, start in zip(found, starts, strict=True)]
    assert np.median(wrong) < 0.08
    assert max(wrong) < 0.5


@given(
    text=st.text(alphabet="春天，。、！ ", min_size=1, max_size=40).filter(lambda text: "春" in text),
    lengths=st.lists(st.tuples(st.integers(1, 6_000), st.sampled_from([0, 90, 3_000])), min_size=1, max_size=30),
)
def test_marks_are_in_order_and_inside(text: str, lengths: list[tuple[int, int]]) -> None:
    sound = np.concatenate([NOISE.normal(0, loud, size) if loud else np.zeros(size) for size, loud in lengths])
    sound = np.resize(sound, max(len(sound), 300 * len(text)))  # a clip that is too short has been refused before
    found = estimated(text, sound.astype(np.int16))
    assert [text[mark.index] for mark in found] == [char for char in text if char.isalnum()]
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(0 <= mark.start < mark.end <= len(sound) for mark in found)
