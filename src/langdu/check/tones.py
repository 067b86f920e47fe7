"""Ways to write one reading: neutral tones and tone sandhi may be written or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from langdu.model import Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Collection


class Neighbours(NamedTuple):
    """What stands beside a character.

    `following`: the expected reading of the next character; `after`: what the author wrote for it. `full`: the full
    tones that a neutral tone may stand for in this word. `keeps_tone`: the character is 一 in a number or at the end of
    a word, which has no sandhi.
    """

    following: Syllable | None
    after: Syllable | None
    full: Collection[Tone] = ()
    keeps_tone: bool = False


def same_reading(char: str, given: Syllable, known: Syllable, beside: Neighbours) -> bool:
    """Whether `given` is `known` or another correct way to write it.

    Writing the neutral tone is optional (xuésheng, xuéshēng); the sandhi of 一, 不 and third tones may be written.
    """
    if given.base != known.base:
        return False
    if given.tone is known.tone or given.tone is Tone.NEUTRAL:
        return True
    if known.tone is Tone.NEUTRAL:
        return given.tone in beside.full or not beside.full
    return not beside.keeps_tone and is_written_sandhi(char, given, known, beside.following, beside.after)


def is_written_sandhi(
    char: str, given: Syllable, known: Syllable, following: Syllable | None, after: Syllable | None
) -> bool:
    """Whether `given` has the tone of `known` after sandhi with the next character.

    Source: 现代汉语 (黄伯荣, 廖序东), 语流音变: 一 is second before a fourth tone and fourth before the others, 不 is
    second before a fourth; the first of two third tones is second. A fourth tone may have become neutral: yíge, búshi.
    """
    if given.base != known.base or given.tone is known.tone:
        return False
    if known.tone is Tone.LOW:
        return given.tone is Tone.RISING and _before_low(following, after)
    tones = {s.tone for s in (following, after) if s}
    if char == "一" and given.tone is Tone.FALLING:
        return tones != {Tone.FALLING}
    if char in ("一", "不") and given.tone is Tone.RISING:
        return not tones or bool(tones & {Tone.FALLING, Tone.NEUTRAL})
    return False


def _before_low(following: Syllable | None, after: Syllable | None) -> bool:
    """Whether a third tone comes next, also one that is written as heard in a chain (展览馆 zhánlánguǎn)."""
    if after is None:
        return following is not None and following.tone is Tone.LOW
    if following is not None and after.base == following.base and following.tone is Tone.LOW:
        return after.tone in (Tone.LOW, Tone.RISING, Tone.NEUTRAL)
    return after.tone is Tone.LOW
