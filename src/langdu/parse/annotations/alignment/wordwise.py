"""Which hanzi a reading belongs to if the hanzi right before it do not agree with it: the words of the text decide.

匍匐(pú) annotates the first character of a word. 喜欢音乐(yuèyīn) swaps the syllables of 音乐. 垃圾(lèsè) is in no
dictionary, but has as many syllables as the word has hanzi.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.marks import is_hanzi
from langdu.model import Tone
from langdu.parse.annotations.alignment.exact import HIDDEN, Pair, exact, has_reading
from langdu.parse.annotations.alignment.nearest import KINDS, difference, nearest
from langdu.parse.annotations.alignment.written import latin_letters
from langdu.pinyin import Letters, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Span, Syllable

# How many hanzi before a reading are cut into words.
_WINDOW = 12
# What may stand between the characters of one word, and between a word and its reading.
_QUOTES = frozenset(f"“”‘’\"'「」『』*_~`{HIDDEN}")
_BLANKS = frozenset(" \t\u3000\u00a0")
# A longer reading is that of a sentence and not of a word; `nearest` aligns it.
_LONGEST = 48
_SPLITS = 8
# A syllable agrees if it differs by no more than this, as an erhua does, or a tone written as it is heard.
_AGREES = 0.5
_NEAR = 1.4
# Words that imitate sounds keep their tone when doubled, 喳喳(chā); in 看看, 妈妈 and 嚷嚷 the second is neutral.
_SOUNDS = frozenset("喳嘁叽嘰唧呱嘎哗嘩啪嗒咚嘀嘟哇嗡嗚呜咯啾咕噜嚕咩哞嗖嗷铮錚")
# How many characters after the annotation may belong to the same word.
_WORD_BEHIND = 3


def words_before(view: str, end: int, floor: int) -> list[tuple[int, ...]]:
    """The words before a reading, in order, each as the places of its hanzi.

    Quotes inside a word are passed over: “蹒”跚.
    """
    places: list[int] = []
    at = end
    while at > max(floor, end - 2 * _WINDOW) and len(places) < _WINDOW:
        char = view[at - 1]
        if is_hanzi(char):
            places.append(at - 1)
        elif not (char in _QUOTES or (char in _BLANKS and not places)):
            break
        at -= 1
    places.reverse()
    spans = lexicon.split_words("".join(view[at] for at in places))
    return [tuple(places[span.start : span.end]) for span in spans]


def earlier(view: str, end: int, floor: int, letters: str) -> tuple[Pair, ...] | None:
    """The first hanzi of the last word, if letters read these exactly: 匍匐(pú), “蹒”跚(pán)."""
    words = words_before(view, end, floor)
    word = words[-1] if words else ()
    for last in range(len(word) - 1, 0, -1):
        pairs = exact(view, word[last - 1] + 1, word[0], letters)
        left = len(word) - last
        if pairs and (len(pairs) == 1 or left > 1 or view[word[-1]] in KINDS):
            return pairs  # but 升级版(shēngjí) more probably lacks bǎn
    return None


def likeliest(view: str, end: int, floor: int, written: str) -> tuple[Pair, ...] | None:
    """The hanzi that a reading with mistakes belongs to: like `nearest`, but beginning where a word begins.

    A word with as many hanzi as the reading has syllables is preferred to other hanzi unless more than half of these
    agree.
    """
    near = nearest(view, end, floor, written)
    words = words_before(view, end, floor)
    whole = _whole_words(view, words, written) if words else None
    if near is None or whole is None or [p.start for p in near] == [p.start for p in whole]:
        return near or whole
    if _swapped(view, whole):
        return whole
    begins_word = any(word[0] == near[0].start for word in words)
    syllables = sum(len(pair.syllables) for pair in near)
    return near if begins_word and 2 * _agreeing(view, near) > syllables else whole


def _swapped(view: str, pairs: Sequence[Pair]) -> bool:
    """Whether the syllables are those of the word in another order: 学习数学(xuéshù)."""
    written = sorted(number(syllable) for pair in pairs for syllable in pair.syllables)
    ways = lexicon.word_readings("".join(view[pair.start] for pair in pairs))
    return any(sorted(map(number, way)) == written for way in ways)


def forced(view: str, base: Span, written: str) -> tuple[Pair, ...] | None:
    """All the hanzi of a base, one syllable each, whatever dictionaries say; None if their numbers differ.

    None also if the base is not a word and no syllable agrees: 佐天泪子 with xiān qún kuáng mó.
    """
    places = [at for at in range(base.start, base.end) if is_hanzi(view[at])]
    letters = Letters.read(latin_letters(written)) if len(written) <= _LONGEST else None
    ways = [way for way in letters.splits(_SPLITS) if len(way) == len(places)] if letters else []
    fitting = [tuple(Pair(at, at + 1, (syllable,)) for at, syllable in zip(places, way, strict=True)) for way in ways]
    best = min(fitting, key=lambda pairs: _unlikeness(view, pairs), default=None)
    is_word = len(places) == 1 or bool(lexicon.word_readings("".join(view[at] for at in places)))
    return best if best and (is_word or _agreeing(view, best)) else None


def is_plausible(view: str, pairs: Sequence[Pair]) -> bool:
    """Whether the hanzi are read so or nearly so. What has nothing in common with them may be another language."""
    return _unlikeness(view, pairs) <= _NEAR * len(pairs)


def _unlikeness(view: str, pairs: Sequence[Pair]) -> float:
    return sum(difference(view[pair.start], syllable) for pair in pairs for syllable in pair.syllables[:1])


def doubled(view: str, pairs: tuple[Pair, ...], floor: int, behind: int) -> tuple[Pair, ...]:
    """The pairs of both characters if one syllable annotates a doubled character, 呱呱(gū); else `pairs`.

    `behind` is where the text goes on after the annotation: in 看看(kān)守所 the second 看 begins another word.
    """
    if len(pairs) != 1 or len(pairs[0].syllables) != 1:
        return pairs
    at, syllable = pairs[0].start, pairs[0].syllables[0]
    if at <= floor or view[at - 1] != view[at] or pairs[0].end != at + 1 or syllable.tone is Tone.NEUTRAL:
        return pairs
    both = view[at] * 2
    words = words_before(view, at + 1, floor)
    if at - 1 not in words[-1] and len(words) > 1 and len(words[-2]) > 1:
        return pairs  # the first belongs to a word of its own
    if view[at] in _SOUNDS:
        return Pair(at - 1, at, (syllable,)), Pair(at, at + 1, (syllable,))
    ways = [way for way in lexicon.word_readings(both) if len(way) == 2 and syllable in way]
    if not ways and _begins_word(view[at] + view[behind : behind + _WORD_BEHIND], syllable):
        return pairs
    first, second = next((way for way in ways if way[0] == syllable), (syllable, syllable))
    second = second if second.base == syllable.base else syllable
    return Pair(at - 1, at, (first,)), Pair(at, at + 1, (second,))


def _begins_word(text: str, syllable: Syllable) -> bool:
    """Whether a text begins with a word of two hanzi or more in which the first is read so."""
    sizes = range(2, len(text) + 1)
    return any(way[0] == syllable for size in sizes for way in lexicon.word_readings(text[:size]))


def _agreeing(view: str, pairs: Sequence[Pair]) -> int:
    return sum(difference(view[pair.start], syllable) < _AGREES for pair in pairs for syllable in pair.syllables[:1])


def _whole_words(view: str, words: Sequence[Sequence[int]], written: str) -> tuple[Pair, ...] | None:
    """The last words, if they have as many hanzi as the reading has syllables; or the last word with some too many."""
    ways = _splits(written)
    fitting = [pairs for way in ways if (pairs := _as_many(view, words, way))]
    if not fitting:
        return next(filter(None, (_too_many(view, words[-1], way) for way in ways)), None)
    return min(fitting, key=lambda pairs: _unlikeness(view, pairs))


@lru_cache(maxsize=1024)
def _splits(written: str) -> tuple[tuple[Syllable, ...], ...]:
    letters = Letters.read(latin_letters(written)) if len(written) <= _LONGEST else None
    if letters is None or not letters.toned:
        return ()
    # A word in pinyin does not begin with a neutral tone, but a French word may look so: René.
    return tuple(way for way in letters.splits(_SPLITS) if len(way) > 1 and way[0].tone is not Tone.NEUTRAL)


def _as_many(view: str, words: Sequence[Sequence[int]], way: Sequence[Syllable]) -> tuple[Pair, ...] | None:
    places: list[int] = []
    count = 0
    while len(places) < len(way) and count < len(words):
        count += 1
        places[:0] = words[-count]
    if (
        len(places) > len(way)
        and count == 1
        and lexicon.word_readings("".join(map(view.__getitem__, places[-len(way) :])))
    ):
        places = places[-len(way) :]  # 垃圾 is a word, and so is 倒垃圾
    if len(places) != len(way):
        return None
    pairs = tuple(Pair(at, at + 1, (syllable,)) for at, syllable in zip(places, way, strict=True))
    # For a single word any reading may be meant; several words need a syllable that agrees.
    return pairs if count == 1 or _agreeing(view, pairs) else None


def _too_many(view: str, word: Sequence[int], way: Sequence[Syllable]) -> tuple[Pair, ...] | None:
    """A word whose reading has syllables too many at one end: 研究(yánjiūshēng)."""
    size, extra = len(word), len(way) - len(word)
    if size < 2 or extra < 1 or extra > size:
        return None
    for begin in (0, extra):
        own = way[begin : begin + size]
        if all(_reads(view[at], syllable) for at, syllable in zip(word, own, strict=True)):
            pairs = [Pair(at, at + 1, (syllable,)) for at, syllable in zip(word, own, strict=True)]
            if begin:
                pairs[0] = pairs[0]._replace(syllables=tuple(way[: extra + 1]))
            else:
                pairs[-1] = pairs[-1]._replace(syllables=tuple(way[size - 1 :]))
            return tuple(pairs)
    return None


def _reads(char: str, syllable: Syllable) -> bool:
    return has_reading(char) and difference(char, syllable) < _AGREES
