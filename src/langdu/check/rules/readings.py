"""Rules on readings that the hanzi cannot have."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from langdu import lexicon, pinyin
from langdu.check.rule import Fault, UnannotatedText, article_rule, says, word_rule
from langdu.check.suggestion import spelled
from langdu.lexicon import Dictionaries
from langdu.marks import HANZI_RANGES
from langdu.model import Severity, Span, Syllable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.check.annotated import AnnotatedArticle, AnnotatedWord

_ER: Final = "ér"
# Above this probability the model's reading is taken for what the author meant; below it, the reading most like what is
# written.
_SURE: Final = 0.9
# Tilde, ring, ogonek, cedilla, dot, double acute, hook: marks of other languages.
_OTHER_MARKS: Final = frozenset("\u0303\u030a\u0328\u0327\u0307\u030b\u0309")
_SAME_SOUND: Final = re.compile(
    rf"([{HANZI_RANGES}])[(（](?:读?音同|同音)[“\"「『]?([{HANZI_RANGES}])[”\"」』]?字?[)）]"
)


@word_rule(Severity.ERROR)
def not_a_syllable(word: AnnotatedWord) -> Fault | None:
    """The pinyin contains something that is not a syllable of Standard Chinese.

    Bad: 我们在行动(xüngdòng)。
    Bad: 坐飞机(fēijĩ)来。
    Good: 我们在行动(xíngdòng)。
    """
    if (mark := _other_mark(word)) is not None:
        message = says("{letter} has a mark that pinyin does not use", letter=mark)
        return Fault(message, spelled(word, word.expected), certain=word.is_unambiguous)
    if word.is_spelled:
        return None
    message = says("{written} is not spelled in pinyin syllables", written=word.annotation.written)
    return Fault(message, spelled(word, word.expected), certain=word.is_unambiguous)


def _other_mark(word: AnnotatedWord) -> str | None:
    """A letter of the annotation with a mark that pinyin does not have, such as ĩ."""
    if not word.is_pinyin or word.letters is not None:
        return None
    return next((c for c in pinyin.normal("NFC", word.annotation.written) if _OTHER_MARKS & _marks(c)), None)


def _marks(letter: str) -> set[str]:
    return set(unicodedata.normalize("NFD", letter)[1:])


@article_rule(Severity.ERROR)
def not_understood(article: AnnotatedArticle) -> Iterator[tuple[UnannotatedText, Fault]]:
    """A bracket or a line can only be pinyin but fits none of the hanzi beside it; it is left out and not read aloud.

    Letters without a tone, 满(main), are only a warning: they may be something other than pinyin.

    Bad: 他一生庸碌(rōng)。
    Bad: 我们酝酿(liòng)了很久。
    Good: 他一生庸碌(lù)。
    Good: 我们做多（Long）。
    """
    for context in article.contexts:
        for misfit in context.paragraph.misfits:
            span = _beside(context.text, misfit.at)
            letters = pinyin.Letters.read(misfit.written)
            severity = Severity.WARNING if letters and not letters.toned else None
            text = UnannotatedText(context.paragraph.index, span, span.of(context.text), misfit.written)
            message = says("{written} fits none of the hanzi beside it and is left out", written=misfit.written)
            yield text, Fault(message, severity=severity)


def _beside(text: str, at: int) -> Span:
    """The last letter, hanzi or digit before a place, or else the character before it."""
    before = next((i for i in range(at - 1, max(-1, at - 8), -1) if text[i].isalnum()), max(0, at - 1))
    return Span(before, min(before + 1, len(text)))


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
        message = says("{char} is a separate syllable here, {right}", char=word.text[at], right=_ER)
        return Fault(message, spelled(word, word.expected), severity=Severity.WARNING)
    if word.given is not None or not word.is_spelled:
        return None
    syllables = len(word.annotation.syllables)
    message = says(
        "{word} has {hanzi} hanzi, {written} 1 syllable"
        if syllables == 1
        else "{word} has {hanzi} hanzi, {written} {syllables} syllables",
        word=word.text,
        hanzi=len(word.text),
        written=word.annotation.written,
        syllables=syllables,
    )
    return Fault(message, spelled(word, _completed(word)), certain=word.is_unambiguous)


def _swallowed(word: AnnotatedWord) -> int | None:
    """The place of a 儿 that means a child and is wrongly written as the r of an erhua: 女儿(nǚr)."""
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
    """The character has this syllable only in another tone.

    Bad: 这个项目(xiángmù)。
    Good: 这个项目(xiàngmù)。
    Good: 他是学生(xuésheng)。
    Good: 另一方面(lìngyìfāngmiàn)很好。
    """
    return _misread(word, "tone")


@word_rule(Severity.ERROR)
def wrong_initial(word: AnnotatedWord) -> Fault | None:
    """The character has this syllable only with another initial.

    Bad: 城市的建设(qiànshè)。
    Good: 城市的建设(jiànshè)。
    """
    return _misread(word, "initial")


@word_rule(Severity.ERROR)
def wrong_final(word: AnnotatedWord) -> Fault | None:
    """The character has this syllable only with another final.

    Bad: 这个项目(xiànmù)。
    Good: 这个项目(xiàngmù)。
    """
    return _misread(word, "final")


@word_rule(Severity.ERROR)
def not_a_reading(word: AnnotatedWord) -> Fault | None:
    """The character has no reading that resembles this one.

    Bad: 这些学生(xuébàng)。
    Good: 这些学生(xuéshēng)。
    """
    return _misread(word, "reading")


@article_rule(Severity.WARNING)
def no_homophone(article: AnnotatedArticle) -> Iterator[tuple[UnannotatedText, Fault]]:
    """A character that is given as a homophone has no reading in common with the one it explains.

    Bad: 驻(音同“天”)村干部。
    Good: 驻(音同“助”)村干部。
    """
    for context in article.contexts:
        for match in _SAME_SOUND.finditer(context.text):
            char, other = match.groups()
            own, its = lexicon.readings(char), lexicon.readings(other)
            if own and its and not set(own) & set(its):
                span, expected = Span(*match.span(1)), context.expected[match.start(1)]
                message = says(
                    "{other} ({its}) does not sound like {char} ({own})",
                    other=other,
                    its=pinyin.spell(its[0]),
                    char=char,
                    own=pinyin.spell(own[0]),
                )
                text = UnannotatedText(context.paragraph.index, span, char, match.group()[2:-1])
                yield text, Fault(message, expected and pinyin.spell(expected.syllable))


def _misread(word: AnnotatedWord, part: str) -> Fault | None:
    """A fault if the first misread character differs from its reading in exactly this part: tone, initial or final."""
    if word.given is None or not word.misread:
        return None
    at = word.misread[0]
    first, known = word.given[at], _meant(word, at)
    if first is None or known is None or _difference(first, known) != part:
        return None
    fixed = [_meant(word, i) if i in word.misread else s for i, s in enumerate(word.given)]
    values = {"char": word.text[at], "given": pinyin.spell(first), "right": pinyin.spell(known)}
    message = says("{char} is not read {given} but {right}", **values)
    only = all(len(lexicon.readings(word.text[i])) == 1 for i in word.misread)
    return Fault(message, spelled(word, fixed), certain=only or word.is_unambiguous)


def _difference(given: Syllable, known: Syllable) -> str:
    if given.base == known.base:
        return "tone"
    if pinyin.final(given) == pinyin.final(known):
        return "initial"
    return "final" if pinyin.initial(given) == pinyin.initial(known) else "reading"


def _meant(word: AnnotatedWord, i: int) -> Syllable | None:
    """The reading that the author most likely meant: that of the word or sentence, or else the most similar one."""
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
    """The expected syllables, with the author's own wherever they fit: they may have tones written as heard."""
    given, completed = word.annotation.syllables, list(word.expected)
    bases = [s.base if s else "" for s in completed]
    for block in SequenceMatcher(None, bases, [s.base for s in given], autojunk=False).get_matching_blocks():
        for i in range(block.a, block.a + block.size):
            mine, known = given[block.b + i - block.a], completed[i]
            if known and word.can_be(i, known, mine):
                completed[i] = Syllable(mine.base, mine.tone, known.erhua)
    return completed
