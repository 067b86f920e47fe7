"""Samples → what a clock shows, as subtitle files write time."""

from __future__ import annotations


def ticks(samples: int, sample_rate: int, a_second: int) -> int:
    """Samples in ticks of which there are so many a second, to the nearest: what touches in samples touches in ticks.

    >>> ticks(24_012, 24_000, 1000)
    1001
    """
    return (2 * a_second * samples + sample_rate) // (2 * sample_rate)


def clock(samples: int, sample_rate: int) -> str:
    """Hours, minutes, seconds and thousandths.

    >>> clock(24_000 * 3_725 + 12, 24_000)
    '01:02:05.001'
    """
    seconds, thousandths = divmod(ticks(samples, sample_rate, 1000), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"
