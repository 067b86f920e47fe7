"""Spoken paragraph → utterances: the text of one call of an engine, and the pause after it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from langdu import marks
from langdu.model import Break, Pauses, Span, Utterance
from langdu.prosody import affinity, phrase_ends, prosodic_words

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from langdu.model import NormalizedText, Reading

_CLAUSE = frozenset(marks.SEMICOLONS + marks.COLONS + marks.DASH)
_COMMA = frozenset(marks.COMMAS)
_ENUMERATION = frozenset(marks.ENUMERATION)
_MARKS = frozenset(marks.FULL_STOPS + marks.ELLIPSIS) | _CLAUSE | _COMMA | _ENUMERATION
_CLOSING = frozenset(marks.CLOSING + "\"'")
# The rank of a cut at the end of a sentence. Such cuts are always made; those of lower rank only in long sentences.
_SENTENCE_RANK = 4
# No word and no number has so many said characters.
_ENDLESS = 40
_EMERGENCY_RANK = -5
# The character for a syllable that was written in pinyin.
_WRITTEN_IN_PINYIN = "〇"


@dataclass(frozen=True, slots=True)
class _Cut:
    """An offset where an utterance may end. A higher `rank` is a stronger boundary; `pause_ms` is the pause there."""

    at: int
    rank: float
    pause_ms: int


def segment(  # noqa: PLR0913 - each parameter is one condition for where to cut
    normalized: NormalizedText,
    readings: Sequence[Reading | None],
    words: Sequence[Span],
    *,
    keep_whole: Sequence[Span] = (),
    limit: int = 40,
    pauses: Pauses | None = None,
    end_pause_ms: int = 0,
    voice: str | None = None,
    turns: Sequence[tuple[Span, str]] = (),
) -> Iterator[Utterance]:
    """Cut a spoken paragraph into utterances of at most `limit` said characters.

    Every sentence ends an utterance. A longer sentence is cut at its strongest marks, then where a newsreader breathes;
    never inside an edit, a prosodic word, or one of `keep_whole` (spans of the spoken text, such as annotated words).
    What is longer than any word, such as a hash, is cut anywhere. `words` cover the spoken text. `end_pause_ms` follows
    the last utterance, in milliseconds. `voice` is the id of the voice that reads the paragraph; `turns` are spans of
    the spoken text that other voices read, each in utterances of its own.
    Law: the texts joined are `normalized.spoken`.
    """
    text = normalized.spoken
    said_before = list(accumulate((_is_said(c, r) for c, r in zip(text, readings, strict=True)), initial=0))
    whole = [*keep_whole, *(e.spoken for e in normalized.edits)]
    inside = {i for span in whole for i in range(span.start + 1, span.end)}
    groups = prosodic_words(text, words)
    cuts = _cuts(text, inside, _loose_ends(text, groups, words), pauses or Pauses(), _edges(text, turns))
    cuts = list(_with_emergencies(said_before, cuts, max(limit, _ENDLESS)))
    pieces = list(_pack(said_before, cuts, limit))
    for i, (start, cut) in enumerate(pieces):
        last = i == len(pieces) - 1
        end = len(text) if last else cut.at  # marks after the last word go with it
        own = [group for group in groups if start <= group.start and group.end <= end]
        breaks = [(at - start, level) for at, level in _breaks(text, own, words) if at not in inside]
        pause = end_pause_ms if last else cut.pause_ms
        said = next((at for at in range(start, end) if said_before[at + 1] > said_before[at]), start)
        yield Utterance(
            text[start:end],
            tuple(readings[start:end]),
            pause_after_ms=pause,
            breaks=tuple(breaks),
            voice=next((other for span, other in turns if span.start <= said < span.end), voice),
        )


def _loose_ends(text: str, groups: Sequence[Span], words: Sequence[Span]) -> dict[int, float]:
    """The end of each prosodic word, with its rank as a place to breathe: −2.4 to 0.9; a comma has 2."""
    beside = {left.end: affinity(left.of(text), right.of(text)) for left, right in pairwise(words)}
    return {group.end: 0.3 * max(-8.0, min(3.0, beside.get(group.end, 0.0))) for group in groups}


def _breaks(text: str, groups: Sequence[Span], words: Sequence[Span]) -> Iterator[tuple[int, Break]]:
    """The boundaries between the prosodic words of an utterance that have no mark."""
    breaths = phrase_ends(text, groups, words)
    # Nobody knows which of the syllables that were written in pinyin belong together.
    unknown = {word.start for word in words if word.of(text) == _WRITTEN_IN_PINYIN}
    for left, right in pairwise(groups):
        hanzi = all(marks.HANZI.match(text, group.start) for group in (left, right))
        if hanzi and not unknown.issuperset(range(left.start, right.end)):
            yield left.end, Break.PHRASE if left.end in breaths else Break.WORD


def _is_said(char: str, reading: Reading | None) -> bool:
    """Whether a character is said: hanzi have readings, letters are said by name; the 儿 of an erhua is silent."""
    return reading is not None or (char.isalpha() and char not in "儿兒")


def _edges(text: str, turns: Sequence[tuple[Span, str]]) -> set[int]:
    """Where turns of other voices begin, and where they end after their marks."""
    edges = {span.start for span, _ in turns}
    for span, _ in turns:
        end = span.end
        while end < len(text) and (text[end] in _CLOSING or text[end] in _MARKS):
            end += 1
        edges.add(end)
    return edges


def _cuts(
    text: str, inside: Container[int], loose: Mapping[int, float], pauses: Pauses, edges: Container[int]
) -> list[_Cut]:
    sentences = frozenset(marks.sentence_ends(text))
    cuts = []
    for at in range(1, len(text)):
        if at in inside:
            continue
        if at in sentences:
            cuts.append(_Cut(at, _SENTENCE_RANK, pauses.sentence))
            continue
        if at not in edges and (text[at] in _CLOSING or text[at] in _MARKS):
            continue
        end = at
        while end > 1 and text[end - 1] in _CLOSING:
            end -= 1
        rank, pause = _rank(text[end - 1], pauses)
        if at in edges:
            cuts.append(_Cut(at, _SENTENCE_RANK, max(pause, pauses.comma)))
        elif rank or at in loose:
            cuts.append(_Cut(at, rank or loose[at], pause))
    return [*cuts, _Cut(len(text), _SENTENCE_RANK, pauses.sentence)]


def _with_emergencies(said_before: Sequence[int], cuts: Sequence[_Cut], limit: int) -> Iterator[_Cut]:
    """The cuts, and more of them where no voice could speak what stands between two: in hashes and endless numbers."""
    start = 0
    for cut in cuts:
        if said_before[cut.at] - said_before[start] > limit:
            for at in range(start + 1, cut.at):
                if said_before[at] - said_before[start] == limit:
                    yield _Cut(at, _EMERGENCY_RANK, 0)
                    start = at
        yield cut
        start = cut.at


def _rank(char: str, pauses: Pauses) -> tuple[int, int]:
    if char in _CLAUSE:
        return 3, pauses.clause
    if char in _COMMA:
        return 2, pauses.comma
    if char in _ENUMERATION:
        return 1, pauses.word
    return 0, pauses.word


def _pack(said_before: Sequence[int], cuts: Sequence[_Cut], limit: int) -> Iterator[tuple[int, _Cut]]:
    """Utterances as (start, cut), sentence by sentence. A sentence over the limit is halved until its parts fit.

    `said_before[i]` is the number of characters that are said before offset i.
    """
    start, inner = 0, []
    for cut in cuts:
        if cut.rank < _SENTENCE_RANK:
            inner.append(cut)
        elif said_before[cut.at] > said_before[start]:
            yield from _split(said_before, start, [*inner, cut], limit)
            start, inner = cut.at, []


def _split(said_before: Sequence[int], start: int, cuts: Sequence[_Cut], limit: int) -> Iterator[tuple[int, _Cut]]:
    first, last = said_before[start], said_before[cuts[-1].at]
    inner = [i for i, cut in enumerate(cuts[:-1]) if first < said_before[cut.at] < last]
    if last - first <= limit or not inner:
        yield start, cuts[-1]
        return
    best = max(
        inner, key=lambda i: _merit(said_before[cuts[i].at] - first, last - said_before[cuts[i].at], cuts[i].rank)
    )
    yield from _split(said_before, start, cuts[: best + 1], limit)
    yield from _split(said_before, cuts[best].at, cuts[best + 1 :], limit)


def _merit(left: int, right: int, rank: float) -> float:
    """How good a cut is. A strong mark may be far from the middle, but fewer than 5 characters sound torn off."""
    torn = 25 if min(left, right) < 5 else 0
    return 10 * rank - 12 * abs(left - right) / (left + right) - torn
