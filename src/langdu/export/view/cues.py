"""Tracks → cues: pieces of the written text, each with the time when it is heard.

How much a cue shows, and for how long, follows the standards for Chinese subtitles. Netflix: 16 characters a line, two
lines, 9 characters a second, 5/6 to 7 seconds (Timed Text Style Guide, General Requirements and Chinese (Simplified)).
Chinese stations: one line of 14 to 16 characters, cut at clauses.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from langdu.export.view.cuts import clause_ends, shortened
from langdu.export.view.words import by_character, by_word, grouped, voice_changes, words
from langdu.marks import sentence_ends
from langdu.model import Break, CueLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from langdu.export.view.words import Word
    from langdu.model import Track

LINE: Final = 16
# The most characters in a cue, if the text has a place to break.
LONGEST: Final = {CueLevel.SENTENCE: 2 * LINE, CueLevel.PHRASE: LINE}
_LONGEST_MS: Final = 7000
# A clause that is heard for a shorter time is shown together with its neighbour.
SHORTEST_MS: Final = 833
# Shorter gaps between cues are closed: a subtitle that goes off and on again flickers.
_FLICKER_MS: Final = 1000
# How long a cue stays when a longer gap follows.
_LINGER_MS: Final = 500


@dataclass(frozen=True, slots=True)
class Cue:
    """A piece of a paragraph and its words, shown from `start` to `end`, in samples of the programme.

    `paragraph` is the paragraph's index; the words' spans point into its text. `voice` is the id of the voice that is
    heard.
    """

    start: int
    end: int
    paragraph: int
    words: tuple[Word, ...]
    voice: str

    @property
    def text(self) -> str:
        """What is shown."""
        return "".join(word.text for word in self.words)


def cues(tracks: Iterable[Track], level: CueLevel = CueLevel.SENTENCE) -> Iterator[Cue]:
    """Cues for the tracks of one programme, with one track in memory at a time.

    A sentence of more than 32 characters or 7 seconds is broken at its marks, or else where the reader breathes, if
    there is such a place. A phrase has at most one line of 16 characters, and a short clause joins its neighbour. Where
    another voice begins to speak, a cue ends. A cue is shown from its first sound to its last, and a little longer if a
    pause follows. A paragraph without sound has no cue.
    Laws: the cues of a paragraph joined are its text; no two overlap.
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
    return replace(cue, end=end)


def _of_track(track: Track, level: CueLevel) -> Iterator[Cue]:
    """Cues from their first sound to their last."""
    in_order, text = words(track), track.paragraph.text
    ends = {*sentence_ends(text), *voice_changes(in_order)}
    match level:
        case CueLevel.SENTENCE:
            fits = _too_long(track, in_order, LONGEST[level])
            groups = grouped(in_order, shortened(text, ends, fits, _breaths(track)))
        case CueLevel.PHRASE:
            fits = _too_long(track, in_order, LONGEST[level])
            pieces = grouped(in_order, shortened(text, ends.union(clause_ends(text)), fits, _breaths(track)))
            groups = list(_joined(pieces, ends, SHORTEST_MS * track.sample_rate // 1000))
        case CueLevel.WORD:
            groups = by_word(in_order)
        case CueLevel.CHARACTER:
            groups = by_word(by_character(in_order))
    for group in groups:
        start, end = _time(group) or (track.start, track.end)  # sound without timings
        voice = next((word.voice for word in group if word.voice), track.voice)
        yield Cue(start, end, track.paragraph.index, tuple(group), voice)


def _time(group: Sequence[Word]) -> tuple[int, int] | None:
    times = [(word.start, word.end) for word in group if word.start is not None and word.end is not None]
    return (times[0][0], times[-1][1]) if times else None


def _breaths(track: Track) -> list[int]:
    return [timing.at.end for timing in track.timings if timing.break_after is Break.PHRASE]


def _too_long(track: Track, in_order: Sequence[Word], characters: int) -> Callable[[int, int], bool]:
    """A test whether the text between two offsets is longer than `characters` or 7 seconds."""
    spoken = [
        (word.span.start, word.start, word.end) for word in in_order if word.start is not None and word.end is not None
    ]
    starts = [at for at, _, _ in spoken]

    def too_long(start: int, end: int) -> bool:
        inside = spoken[bisect_left(starts, start) : bisect_left(starts, end)]
        lasts = inside[-1][2] - inside[0][1] if inside else 0
        return end - start > characters or lasts > _LONGEST_MS * track.sample_rate // 1000

    return too_long


def _joined(pieces: Iterable[list[Word]], ends: set[int], shortest: int) -> Iterator[list[Word]]:
    """Pieces of a sentence. A piece shorter than `shortest` samples joins its neighbour if both fit into one line."""
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
