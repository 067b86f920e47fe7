"""Samples → times, as subtitles, manifests and people write them."""

from __future__ import annotations


def ticks(samples: int, sample_rate: int, per_second: int) -> int:
    """Samples as ticks of a clock, rounded to the nearest, so that what touches in samples touches in ticks.

    >>> ticks(24_012, 24_000, 1000)
    1001
    """
    return (2 * per_second * samples + sample_rate) // (2 * sample_rate)


def clock(samples: int, sample_rate: int) -> str:
    """Hours, minutes, seconds and thousandths.

    >>> clock(24_000 * 3_725 + 12, 24_000)
    '01:02:05.001'
    """
    seconds, thousandths = divmod(ticks(samples, sample_rate, 1000), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"


def minutes(seconds: float) -> str:
    """A time as people write it, rounded down, so that nobody who goes there misses the beginning.

    >>> minutes(75.9), minutes(3675.0)
    ('1:15', '1:01:15')
    """
    whole, rest = divmod(int(seconds), 60)
    hours, whole = divmod(whole, 60)
    return f"{hours}:{whole:02}:{rest:02}" if hours else f"{whole}:{rest:02}"


def seconds(samples: int, sample_rate: int) -> float:
    """Samples as seconds, to a tenth of a millisecond.

    >>> seconds(7441, 24000)
    0.31
    """
    return round(samples / sample_rate, 4)
