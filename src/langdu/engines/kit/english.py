"""English words inside Chinese, spoken by espeak-ng: finds them, speaks them, and times each letter."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.engines.kit import espeakng, letters
from langdu.engines.kit.pieces import ClipPiece
from langdu.model import Mark, Span
from langdu.sound import pcm
from langdu.sound.levels import hundredths, loud
from langdu.sound.resampling import at_rate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from langdu.engines.kit.espeakng import Manner
    from langdu.model import Utterance

_WORD: Final = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*")
# Single letters that are words if another word follows.
_SHORT: Final = ("a", "A", "I")


def phrases(utterance: Utterance) -> list[Span]:
    """The English words of an utterance; words separated only by blanks are one phrase.

    A word has two letters or more, not all of them capitals: an abbreviation is said letter by letter.

    >>> from langdu.model import Utterance
    >>> [s.of(text) for text in ["用iPhone看a big App，CEO", "α don't"] for s in phrases(Utterance(text, (None,) * 20))]
    ['iPhone', 'a big App', "don't"]
    """
    text = "".join(map(letters.latin, utterance.text))
    spans: list[Span] = []
    for match in reversed(list(_WORD.finditer(text))):
        here = Span(*match.span())
        joins = spans and text[here.end : spans[-1].start].isspace()
        if joins and (_is_word(match[0]) or match[0] in _SHORT):
            spans[-1] = Span(here.start, spans[-1].end)
        elif _is_word(match[0]):
            spans.append(here)
    return spans[::-1]


def _is_word(text: str) -> bool:
    return len(text) > 1 and not text.isupper()


def without(utterance: Utterance, spans: Sequence[Span]) -> Utterance:
    """The utterance with a short pause in place of each of `spans`, and of the blanks around it."""
    text = utterance.text
    for span in spans:
        start, end = span.start, span.end
        while start > 0 and text[start - 1].isspace():
            start -= 1
        while end < len(text) and text[end].isspace():
            end += 1
        text = text[:start] + "、" * (end - start) + text[end:]
    return replace(utterance, text=text)


def said(utterance: Utterance, span: Span, manner: Manner, sample_rate: int) -> ClipPiece:
    """The English of `span`, with a mark for each letter; those of a word share its sound.

    Raises: EngineUnavailable: espeak-ng cannot be loaded. SynthesisFailed: it made no sound.
    """
    text = "".join(map(letters.latin, span.of(utterance.text)))
    spoken = espeakng.library().text(text, manner)
    sound = at_rate(pcm.integers(spoken.pcm), espeakng.SAMPLE_RATE, sample_rate)
    words = _words(text, dict(spoken.words))
    begins = [round(at * sample_rate / espeakng.SAMPLE_RATE) for _, at in words]
    marks: list[Mark] = []
    for (word, _), (start, end) in zip(words, pairwise([*begins, len(sound)]), strict=True):
        named = [i for i in range(span.start + word.start, span.start + word.end) if letters.name(utterance.text[i])]
        shares = pairwise(_shares(sound[start:end], len(named), sample_rate))
        marks += [Mark(i, start + a, start + b) for i, (a, b) in zip(named, shares, strict=True)]
    return ClipPiece(sound, tuple(marks))


def _words(text: str, heard: Mapping[int, int]) -> list[tuple[Span, int]]:
    """Each word of a text and the sample where it begins; `heard` has those samples by the word's place.

    espeak-ng splits some words (i Phone) and joins others (of the): joined words count as one here.
    """
    starts = [0, *(m.start() for m in re.finditer(r"(?<=\s)\S", text) if m.start() in heard)]
    return [(Span(start, end), heard.get(start, 0)) for start, end in pairwise([*starts, len(text)])]


def _shares(sound: NDArray[np.int16], count: int, sample_rate: int) -> list[int]:
    """The edges of `count` parts of a sound, equally long apart from silences, so that no letter is only silence."""
    windows = loud(hundredths(sound, sample_rate))
    heard = np.concatenate([[0], np.cumsum(windows)])
    wanted = np.linspace(0, heard[-1], count + 1)[1:-1]
    window = len(sound) / max(len(windows), 1)
    inner = [round(float(np.interp(share, heard, np.arange(len(heard)))) * window) for share in wanted]
    return [0, *inner, len(sound)]
