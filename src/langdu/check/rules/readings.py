"""Can the characters be read so at all?"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from langdu import lexicon, pinyin
from langdu.check.rule import Fault, word_rule
from langdu.check.spelling import spelled
from langdu.lexicon import Dictionaries
from langdu.model import Severity, Syllable

if TYPE_CHECKING:
    from langdu.check.annotated import AnnotatedWord

_ER: Final = "ér"
# So sure the model must be for its reading to be what was meant, and not the one most like what is written.
_SURE: Final = 0.9


@word_rule(Severity.ERROR)
def wrong_syllable_count(word: AnnotatedWord) -> Fault | None:
    """There are more or fewer syllables than hanzi.

    Bad: 这是升级版(shēngbǎn)。
    Bad: 另一方面(lìngyìfāng)很好。
    Bad: 她的女儿(nǚr)来了。
    Good: 这是升级版(shēngjíbǎn)。
    Good: 孩子在玩儿(wánr)。
    """
    if word.given is not None and (at := _swallowed(word)) is not None:
        message = f"{word.text[at]} is a syllable of its own here, {_ER}"
        return Fault(message, spelled(word, word.expected), severity=Severity.WARNING)
    if word.given is not None or not word.is_spelled:
        return None
    hanzi, syllables = len(word.text), len(word.annotation.syllables)
    message = f"{word.text} has {hanzi} hanzi, {word.annotation.written} {syllables} syllable{'s' * (syllables != 1)}"
    return Fault(message, spelled(word, _completed(word)), certain=word.is_unambiguous)


def _swallowed(word: AnnotatedWord) -> int | None:
    """The place of a 儿 that is written as the r of an erhua, in a word in which it is a son or a daughter: 女儿."""
    for i, given in enumerate(word.given or ()):
        if given is None and word.expected[i] is not None:
            cut = word.context.words[word.span.start + i]
            entry = lexicon.word_entry(cut.of(word.context.text))
            if any(Dictionaries.CC_CEDICT in source for source in entry.sources) and all(
                len(way) == len(cut) for way in entry.ways
            ):
                return i
    return None


@word_rule(Severity.ERROR)
def wrong_tone(word: AnnotatedWord) -> Fault | None:
    """The character is read so in another tone only.

    Bad: 这个项目(xiángmù)。
    Good: 这个项目(xiàngmù)。
    Good: 他是学生(xuésheng)。
    Good: 另一方面(lìngyìfāngmiàn)很好。
    """
    return _misread(word, "tone")


@word_rule(Severity.ERROR)
def wrong_initial(word: AnnotatedWord) -> Fault | None:
    """The character is read so with another initial only.

    Bad: 城市的建设(qiànshè)。
    Good: 城市的建设(jiànshè)。
    """
    return _misread(word, "initial")


@word_rule(Severity.ERROR)
def wrong_final(word: AnnotatedWord) -> Fault | None:
    """The character is read so with another final only.

    Bad: 这个项目(xiànmù)。
    Good: 这个项目(xiàngmù)。
    """
    return _misread(word, "final")


@word_rule(Severity.ERROR)
def not_a_reading(word: AnnotatedWord) -> Fault | None:
    """The character has no reading that is like this.

    Bad: 这些学生(xuébàng)。
    Good: 这些学生(xuéshēng)。
    """
    return _misread(word, "reading")


def _misread(word: AnnotatedWord, wanted: str) -> Fault | None:
    """The fault of a word in which the first misread character differs in just what is wanted."""
    if word.given is None or not word.misread:
        return None
    at = word.misread[0]
    first, known = word.given[at], _meant(word, at)
    if first is None or known is None or _difference(first, known) != wanted:
        return None
    fixed = [_meant(word, i) if i in word.misread else s for i, s in enumerate(word.given)]
    message = f"{word.text[at]} is not read {pinyin.spell(first)} but {pinyin.spell(known)}"
    only = all(len(lexicon.readings(word.text[i])) == 1 for i in word.misread)
    return Fault(message, spelled(word, fixed), certain=only or word.is_unambiguous)


def _difference(given: Syllable, known: Syllable) -> str:
    if given.base == known.base:
        return "tone"
    if pinyin.final(given) == pinyin.final(known):
        return "initial"
    return "final" if pinyin.initial(given) == pinyin.initial(known) else "reading"


def _meant(word: AnnotatedWord, i: int) -> Syllable | None:
    """The reading that the author most likely meant: that of the word or the sentence; else the most alike."""
    given, expected = (word.given or ())[i], word.context.expected[word.span.start + i]
    known = lexicon.readings(word.text[i])
    if expected is None:
        return None
    if given is None or not known or expected.confirmed or (expected.sure or 0.0) >= _SURE or word.is_unambiguous:
        return expected.syllable
    return min(known, key=lambda k: (_unlikeness(given, k), k != expected.syllable))


def _unlikeness(a: Syllable, b: Syllable) -> int:
    same = (pinyin.initial(a) == pinyin.initial(b), pinyin.final(a) == pinyin.final(b), a.tone is b.tone)
    return 4 * (not same[0] and not same[1]) + 2 * (a.base != b.base) + (not same[2])


def _completed(word: AnnotatedWord) -> list[Syllable | None]:
    """The expected syllables, with the author's own wherever they fit: his tones may be written as heard."""
    given, completed = word.annotation.syllables, list(word.expected)
    bases = [s.base if s else "" for s in completed]
    for block in SequenceMatcher(None, bases, [s.base for s in given], autojunk=False).get_matching_blocks():
        for i in range(block.a, block.a + block.size):
            mine, known = given[block.b + i - block.a], completed[i]
            if known and word.can_be(i, known, mine):
                completed[i] = Syllable(mine.base, mine.tone, known.erhua)
    return completed
