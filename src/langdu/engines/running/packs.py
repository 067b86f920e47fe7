"""Sends several utterances in one request, to services that count requests.

Consecutive utterances are joined up to the size of a request. The sound that comes back is cut in the pauses between
them, so that the cache and the files get one clip for each utterance.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from langdu.engines.kit.letters import spoken
from langdu.model import Clip, Mark, Utterance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    OnClip = Callable[[Utterance, Clip], None]

# How much of the pause before and after an utterance is kept; langdu adds its own pauses.
_MARGIN_S: Final = 0.03
# The clip of an utterance in which nothing is said.
_NOTHING_S: Final = 0.01
_FULL_STOP: Final = "。"
# (pause in ms, share of a request): ending a pack at a pause this long is worth leaving this much of it empty.
_PAUSE_WORTH: Final = ((450, 0.25), (300, 0.15), (180, 0.08))

Pack = tuple[Utterance, ...]


def speak(
    ask: Callable[[Iterable[Utterance | None], OnClip], Iterator[Clip | None]],
    utterances: Iterable[Utterance | None],
    most_of: Callable[[Utterance], int | None],
    on_clip: OnClip,
) -> Iterator[Clip | None]:
    """A clip for each utterance, in order, and None for None; `ask` gets packs, as `packed` makes them.

    `ask` takes utterances as `pool.speak` does; `on_clip` is called with each clip as soon as it is there.
    """
    waiting: deque[Pack] = deque()
    pack_of: dict[Utterance, Pack] = {}

    def packs() -> Iterator[Utterance | None]:
        for pack in packed(utterances, most_of):
            waiting.append(pack)
            whole = joined(pack) if pack else None
            if whole and len(pack) > 1:  # so that a book, spoken one by one, is not kept here
                pack_of[whole] = pack
            yield whole

    def tell(whole: Utterance, clip: Clip) -> None:
        pack = pack_of.get(whole, (whole,))
        for utterance, own in zip(pack, split(clip, pack), strict=True):
            on_clip(utterance, own)

    for clip in ask(packs(), tell):
        pack = waiting.popleft()
        yield from [None] if clip is None else split(clip, pack)


def packed(utterances: Iterable[Utterance | None], most_of: Callable[[Utterance], int | None]) -> Iterator[Pack]:
    """Group utterances, in order, into packs of one voice; () for None, which separates packs.

    `most_of` gives the most characters that the voice of an utterance takes at once, None if it takes utterances one by
    one. Packs end at pauses where possible. An utterance that is longer is a pack by itself.
    """
    waiting: list[Utterance] = []
    most = 0
    for utterance in utterances:
        limit = None if utterance is None else most_of(utterance)
        if utterance is None or limit is None or (waiting and waiting[-1].voice != utterance.voice):
            yield from _all(waiting, most)
            waiting = []
        if utterance is None or limit is None:
            yield (utterance,) if utterance else ()
            continue
        waiting.append(utterance)
        most = limit
        while _size(waiting) > most and len(waiting) > 1:
            size = _best(waiting, most)
            yield tuple(waiting[:size])
            waiting = waiting[size:]
    yield from _all(waiting, most)


def _all(waiting: Sequence[Utterance], most: int) -> Iterator[Pack]:
    while waiting:
        size = len(waiting) if _fits(waiting, most) else _best(waiting, most)
        yield tuple(waiting[:size])
        waiting = waiting[size:]


def _fits(utterances: Sequence[Utterance], most: int) -> bool:
    return _size(utterances) <= most and len({utterance.pace for utterance in utterances}) == 1


def _best(waiting: Sequence[Utterance], most: int) -> int:
    """How many of them make the best pack: as full as possible, and ending at a pause."""
    sizes = [size for size in range(1, len(waiting) + 1) if _fits(waiting[:size], most)]

    def worth(size: int) -> float:
        pause = waiting[size - 1].pause_after_ms
        return _size(waiting[:size]) / most + next((worth for least, worth in _PAUSE_WORTH if pause >= least), 0)

    return max(sizes, key=worth, default=1)


def _size(utterances: Sequence[Utterance]) -> int:
    return sum(len(part) for part in _parts(utterances))


def _parts(utterances: Sequence[Utterance]) -> list[str]:
    """The text of each, with a full stop added before a pause that no punctuation shows, as after a title."""
    last = len(utterances) - 1
    texts = [(u.written or u.text, i < last and u.pause_after_ms > 0) for i, u in enumerate(utterances)]
    return [text + _FULL_STOP if pause and text[-1:].isalnum() else text for text, pause in texts]


def joined(pack: Pack) -> Utterance:
    """Join a pack into one utterance."""
    if len(pack) == 1:
        return pack[0]
    parts = _parts(pack)
    texts, readings = "", []
    for utterance, part in zip(pack, parts, strict=True):
        texts += utterance.text + part[len(utterance.text) :]
        readings += [*utterance.readings, *([None] * (len(part) - len(utterance.text)))]
    written = "".join(parts)
    return replace(
        pack[0],
        text=texts,
        readings=tuple(readings),
        pause_after_ms=pack[-1].pause_after_ms,
        breaks=(),
        written="" if written == texts else written,
    )


def split(clip: Clip, pack: Pack) -> list[Clip]:
    """Cut the sound of a pack into a clip for each utterance, keeping little of the pauses between them."""
    if len(pack) == 1:
        return [clip]
    counts = [len(spoken(utterance)) for utterance in pack]
    starts = accumulate(map(len, _parts(pack)), initial=0)
    marks = iter(clip.marks)
    own = [[next(marks) for _ in range(count)] for count in counts]
    return [
        _part(clip, _sounding(clip, own, i), own[i], start) for i, start in zip(range(len(pack)), starts, strict=False)
    ]


def _sounding(clip: Clip, own: Sequence[Sequence[Mark]], i: int) -> range:
    """Where an utterance's sound is: from its first mark to its last, and some of the silence around them."""
    if not own[i]:
        return range(0)
    margin = round(_MARGIN_S * clip.sample_rate)
    before = next((marks[-1].end for marks in reversed(own[:i]) if marks), None)
    after = next((marks[0].start for marks in own[i + 1 :] if marks), None)
    first, last = own[i][0].start, own[i][-1].end
    start = 0 if before is None else max(first - margin, (before + first) // 2)
    end = len(clip) if after is None else min(last + margin, (last + after) // 2)
    return range(start, end)


def _part(clip: Clip, where: range, marks: Sequence[Mark], start: int) -> Clip:
    if not marks:  # nothing of it is said
        return Clip(bytes(2 * round(_NOTHING_S * clip.sample_rate)), clip.sample_rate, ())
    own = (Mark(mark.index - start, mark.start - where.start, mark.end - where.start) for mark in marks)
    return Clip(clip.pcm[2 * where.start : 2 * where.stop], clip.sample_rate, tuple(own))
