"""Tracks → cues: the written text in pieces of a sentence, each with the time when it is heard."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from langdu.model import Timing, Track

# Two lines of 20 hanzi, as subtitles of Chinese broadcasters have at most.
LONGEST: Final = 40
# Shorter gaps between cues are closed, because a subtitle that goes off and on again flickers.
_FLICKER_MS: Final = 1000
# How long a cue stays when a longer gap follows.
_LINGER_MS: Final = 500

_SENTENCE: Final = re.compile(r"[。！？…\n]|[!?](?![A-Za-z0-9])")
# Where a long sentence breaks, the best mark first. Many type ASCII marks between hanzi; between ASCII letters and
# digits they are no marks: 5,000 and 21:15 are whole.
_ASCII: Final = "(?<![!-~]){0}|{0}(?![!-~])"
_BREAKS: Final = tuple(map(re.compile, ("[；：]|" + _ASCII.format("[;:]"), "，|" + _ASCII.format(","), "、")))
# What may follow a mark belongs to it: “走！”他说 has one boundary, after ”. So does a comma after the closing quote.
_FOLLOWING: Final = frozenset("”’』」》〉）)】］]，、；：,;:。！？!?… \n\u3000")


@dataclass(frozen=True, slots=True)
class Cue:
    """A piece of written text that is shown from `start` to `end`, in samples of the programme."""

    start: int
    end: int
    text: str


def sentence_cues(tracks: Iterable[Track]) -> Iterator[Cue]:
    """Cues of sentence length for the tracks of one programme, of which only one is looked at at a time.

    A sentence of more than 40 characters is broken at its marks, so that no cue is longer where a mark allows it. A cue
    is shown from its first sound to its last, and a little longer where nothing follows at once. Laws: the cues of a
    paragraph joined are its text; no two overlap. A paragraph without sound has no cue.
    """
    heard: Cue | None = None
    rate = end = 0
    for track in tracks:
        rate, end = track.sample_rate, track.end
        for following in _of_track(track) if track.end > track.start else ():
            if heard is not None:
                close = following.start - heard.end <= _FLICKER_MS * rate // 1000
                shown = following.start if close else heard.end + _LINGER_MS * rate // 1000
                yield Cue(heard.start, shown, heard.text)
            heard = following
    if heard is not None:
        yield Cue(heard.start, min(end, heard.end + _LINGER_MS * rate // 1000), heard.text)


def _of_track(track: Track) -> Iterator[Cue]:
    """Cues from their first sound to their last."""
    text, timings = track.paragraph.text, track.timings
    if not timings:  # sound of which nothing is known
        yield Cue(track.start, track.end, text)
        return
    inside = {i for timing in timings for i in range(timing.at.start + 1, timing.at.end)}
    bounds = [b for b in _bounds(text) if b not in inside]
    # What is not said, such as a row of stars, goes with the piece before it, or the first that is said.
    said = [list(group) for _, group in groupby(timings, key=lambda t: bisect_right(bounds, _place(t, text)))]
    starts = [0, *(bounds[bisect_right(bounds, _place(group[0], text)) - 1] for group in said[1:]), len(text)]
    for group, (start, end) in zip(said, pairwise(starts), strict=True):
        yield Cue(group[0].start, group[-1].end, text[start:end])


def _place(timing: Timing, text: str) -> int:
    """Where a timing stands; what is said for nothing at the end of the text belongs to its last character."""
    return min(timing.at.start, len(text) - 1)


def _bounds(text: str) -> list[int]:
    """Offsets at which a piece begins, the first excepted.

    >>> _bounds("“走！”他说，明天再来。好……")
    [4, 12]
    """
    sentences = [0, *sentence_ends(text), len(text)]
    bounds = [b for start, end in pairwise(sentences) for b in (start, *_halve(text, start, end))]
    return bounds[1:]


def sentence_ends(text: str) -> list[int]:
    """Where sentences end, the last excepted.

    >>> sentence_ends("“走！”他说，明天再来。好……")
    [4, 12]
    """
    ends = (_after(text, m.end()) for m in _SENTENCE.finditer(text))
    return list(dict.fromkeys(end for end in ends if end < len(text)))


def _after(text: str, at: int) -> int:
    """The end of a piece whose mark ends at `at`."""
    while at < len(text) and (text[at] in _FOLLOWING or (text[at] == '"' and text.count('"', 0, at) % 2)):
        at += 1
    return at


def _halve(text: str, start: int, end: int) -> list[int]:
    """Breaks in a sentence that is too long: at the best mark near its middle, and again in what is still too long."""
    if end - start <= LONGEST:
        return []
    found = (
        (rank, abs(2 * at - start - end), at)
        for rank, mark in enumerate(_BREAKS)
        for m in mark.finditer(text, start, end)
        if (at := _after(text, m.end())) < end
    )
    # A mark of the next lower rank is taken when it is nearer to the middle by a third of the sentence.
    best = min(found, key=lambda f: 3 * f[1] + f[0] * 2 * (end - start), default=None)
    if best is None:
        return []
    return [*_halve(text, start, best[2]), best[2], *_halve(text, best[2], end)]
