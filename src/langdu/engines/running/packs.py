"""Several utterances in one request, for services that count requests.

Utterances that follow each other are joined as long as a request takes them; the sound that comes back is cut in the
pauses between them, so that what is kept and what goes into files is each utterance's own.
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

    Said = Callable[[Utterance, Clip], None]

# What is kept of the pause before and after an utterance, in seconds; the rest is langdu's own pause.
_MARGIN: Final = 0.03
_NOTHING: Final = 0.01
_FULL_STOP: Final = "。"
# How much of a request may be left empty so that it ends where a speaker pauses for so many milliseconds.
_WORTH: Final = ((450, 0.25), (300, 0.15), (180, 0.08))

Pack = tuple[Utterance, ...]


def speak(
    ask: Callable[[Iterable[Utterance | None], Said], Iterator[Clip | None]],
    utterances: Iterable[Utterance | None],
    most: int,
    said: Said,
) -> Iterator[Clip | None]:
    """A clip for each utterance, in order, and None for None; `ask` is asked in packs of at most `most` characters.

    `ask` takes utterances as `pool.speak` does; `said` is told each clip as soon as it is there.
    """
    waiting: deque[Pack] = deque()
    asked: dict[Utterance, Pack] = {}

    def packs() -> Iterator[Utterance | None]:
        for pack in packed(utterances, most):
            waiting.append(pack)
            whole = joined(pack) if pack else None
            if whole:
                asked[whole] = pack
            yield whole

    def tell(whole: Utterance, clip: Clip) -> None:
        for utterance, own in zip(asked[whole], split(clip, asked[whole]), strict=True):
            said(utterance, own)

    for clip in ask(packs(), tell):
        pack = waiting.popleft()
        yield from [None] if clip is None else split(clip, pack)


def packed(utterances: Iterable[Utterance | None], most: int) -> Iterator[Pack]:
    """Utterances in packs of at most `most` characters, in order; () for None, which no pack goes across.

    A pack ends rather where a speaker pauses. One utterance that is longer is a pack by itself.
    """
    waiting: list[Utterance] = []
    for utterance in utterances:
        if utterance is None:
            yield from _all(waiting, most)
            waiting = []
            yield ()
            continue
        waiting.append(utterance)
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
    """How many of them make the best pack: one as full as can be, that ends where there is a pause."""
    sizes = [size for size in range(1, len(waiting) + 1) if _fits(waiting[:size], most)]

    def worth(size: int) -> float:
        pause = waiting[size - 1].pause_after
        return _size(waiting[:size]) / most + next((worth for least, worth in _WORTH if pause >= least), 0)

    return max(sizes, key=worth, default=1)


def _size(utterances: Sequence[Utterance]) -> int:
    return sum(len(part) for part in _parts(utterances))


def _parts(utterances: Sequence[Utterance]) -> list[str]:
    """The text of each, with a full stop where a pause follows that no mark shows: after a title."""
    last = len(utterances) - 1
    texts = [(each.written or each.text, i < last and each.pause_after > 0) for i, each in enumerate(utterances)]
    return [text + _FULL_STOP if pause and text[-1:].isalnum() else text for text, pause in texts]


def joined(pack: Pack) -> Utterance:
    """One utterance of all of a pack."""
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
        pause_after=pack[-1].pause_after,
        breaks=(),
        written="" if written == texts else written,
    )


def split(clip: Clip, pack: Pack) -> list[Clip]:
    """The sound of each utterance of a pack, with little of the pauses between them."""
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
    margin = round(_MARGIN * clip.sample_rate)
    before = next((marks[-1].end for marks in reversed(own[:i]) if marks), None)
    after = next((marks[0].start for marks in own[i + 1 :] if marks), None)
    first, last = own[i][0].start, own[i][-1].end
    start = 0 if before is None else max(first - margin, (before + first) // 2)
    end = len(clip) if after is None else min(last + margin, (last + after) // 2)
    return range(start, end)


def _part(clip: Clip, where: range, marks: Sequence[Mark], start: int) -> Clip:
    if not marks:  # nothing of it is said
        return Clip(bytes(2 * round(_NOTHING * clip.sample_rate)), clip.sample_rate, ())
    own = (Mark(mark.index - start, mark.start - where.start, mark.end - where.start) for mark in marks)
    return Clip(clip.pcm[2 * where.start : 2 * where.stop], clip.sample_rate, tuple(own))
