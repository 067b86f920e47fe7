"""Tracks → cues: the written text in pieces, each with the time when it is heard.

How much a cue shows and how long it stays are what subtitles in Chinese are held to: Netflix's style guide for
simplified Chinese has 16 characters a line, two lines, 9 characters a second, 5/6 to 7 seconds (Timed Text Style Guide,
General Requirements and Chinese (Simplified)); Chinese stations put one line of 14 to 16 on the screen, cut at clauses.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from langdu.export.view.cuts import clause_ends, shortened
from langdu.export.view.words import grouped, heard, said_by_itself, words
from langdu.marks import sentence_ends
from langdu.model import Break, CueLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from langdu.export.view.words import Word
    from langdu.model import Track

LINE: Final = 16
# The most characters of a cue, where the text has a place to break.
LONGEST: Final = {CueLevel.SENTENCE: 2 * LINE, CueLevel.PHRASE: LINE}
_LONGEST_MS: Final = 7000
# A clause that is heard for a shorter time is shown together with the next.
SHORTEST_MS: Final = 833
# Shorter gaps between cues are closed, because a subtitle that goes off and on again flickers.
_FLICKER_MS: Final = 1000
# How long a cue stays when a longer gap follows.
_LINGER_MS: Final = 500


@dataclass(frozen=True, slots=True)
class Cue:
    """A piece of a paragraph that is shown from `start` to `end`, in samples of the programme, and its words.

    `paragraph` is the paragraph's index; the words' spans point into its text.
    """

    start: int
    end: int
    paragraph: int
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """What is shown."""
        return "".join(word.text for word in self.words)


def cues(tracks: Iterable[Track], level: CueLevel = CueLevel.SENTENCE) -> Iterator[Cue]:
    """Cues for the tracks of one programme, of which only one is looked at at a time.

    A sentence of more than 32 characters or 7 seconds is broken at its marks, or else where the reader breathes; so no
    cue is longer where there is such a place. A phrase is at most a line of 16, and a clause that is short is shown
    with the next. A cue is shown from its first sound to its last, and a little longer where nothing follows at once.
    Laws: the cues of a paragraph joined are its text; no two overlap. A paragraph without sound has no cue.
    """
    before: Cue | None = None
    rate = end = 0
    for track in tracks:
        rate, end = track.sample_rate, track.end
        for following in _of_track(track, level) if track.end > track.start else ():
            if before is not None:
                close = following.start - before.end <= _FLICKER_MS * rate // 1000
                yield _until(before, following.start if close else before.end + _LINGER_MS * rate // 1000)
            before = following
    if before is not None:
        yield _until(before, min(end, before.end + _LINGER_MS * rate // 1000))


def _until(cue: Cue, end: int) -> Cue:
    return Cue(cue.start, end, cue.paragraph, cue.words)


def _of_track(track: Track, level: CueLevel) -> Iterator[Cue]:
    """Cues from their first sound to their last."""
    made = words(track)
    match level:
        case CueLevel.SENTENCE:
            text, fits = track.paragraph.text, _too_long(track, made, LONGEST[level])
            groups = grouped(made, shortened(text, sentence_ends(text), fits, _breaths(track)))
        case CueLevel.PHRASE:
            text, fits = track.paragraph.text, _too_long(track, made, LONGEST[level])
            pieces = grouped(made, shortened(text, clause_ends(text), fits, _breaths(track)))
            groups = list(_joined(pieces, set(sentence_ends(text)), SHORTEST_MS * track.sample_rate // 1000))
        case CueLevel.WORD:
            groups = heard(made)
        case CueLevel.CHARACTER:
            groups = heard(said_by_itself(made))
    for group in groups:
        start, end = _time(group) or (track.start, track.end)  # sound of which nothing is known
        yield Cue(start, end, track.paragraph.index, tuple(group))


def _time(group: Sequence[Word]) -> tuple[int, int] | None:
    times = [(word.start, word.end) for word in group if word.start is not None and word.end is not None]
    return (times[0][0], times[-1][1]) if times else None


def _breaths(track: Track) -> list[int]:
    return [timing.at.end for timing in track.timings if timing.break_after is Break.PHRASE]


def _too_long(track: Track, made: Sequence[Word], characters: int) -> Callable[[int, int], bool]:
    """Whether the text between two offsets has more than so many characters, or is heard for more than 7 seconds."""
    said = [(word.span.start, word.start, word.end) for word in made if word.start is not None and word.end is not None]
    starts = [at for at, _, _ in said]

    def too_long(start: int, end: int) -> bool:
        inside = said[bisect_left(starts, start) : bisect_left(starts, end)]
        lasts = inside[-1][2] - inside[0][1] if inside else 0
        return end - start > characters or lasts > _LONGEST_MS * track.sample_rate // 1000

    return too_long


def _joined(pieces: Iterable[list[Word]], ends: set[int], shortest: int) -> Iterator[list[Word]]:
    """Pieces of a sentence; one heard for less than `shortest` samples joins its neighbour, if a line holds both."""
    line: list[Word] = []
    for piece in pieces:
        fits = line and piece[0].span.start not in ends and piece[-1].span.end - line[0].span.start <= LINE
        if fits and min(_lasts(line), _lasts(piece)) < shortest:
            line += piece
        else:
            yield from [line] if line else []
            line = piece
    yield from [line] if line else []


def _lasts(piece: Sequence[Word]) -> int:
    start, end = _time(piece) or (0, 0)
    return end - start
