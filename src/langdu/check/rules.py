"""The rules, one function each: an annotated word in, findings out. The docstrings say what is bad and what is good."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from langdu import lexicon, pinyin
from langdu.check.annotated import is_written_sandhi, same_reading
from langdu.model import Kind, Severity, Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langdu.check.annotated import AnnotatedWord
    from langdu.model import Finding, Syllable

    Rule = Callable[[AnnotatedWord], Iterator[Finding]]


def not_a_syllable(word: AnnotatedWord) -> Iterator[Finding]:
    """The pinyin holds something that is no syllable of Standard Chinese.

    Bad: 行动(xüngdòng)
    Good: 行动(xíngdòng)
    """
    if _is_pinyin(word) and not _spellable(word):
        suggestion = word.spelled(word.expected)
        yield word.finding(
            "not-a-syllable",
            Severity.ERROR,
            f"{word.annotation.written} is not spelled in pinyin syllables",
            suggestion,
        )


def wrong_syllable_count(word: AnnotatedWord) -> Iterator[Finding]:
    """There are more or fewer syllables than hanzi.

    Bad: 升级版(shēngbǎn)
    Good: 升级版(shēngjíbǎn); 玩儿(wánr)
    """
    if word.given is None and (_spellable(word) or not _is_pinyin(word)):
        hanzi, syllables = len(word.text), len(word.annotation.syllables)
        message = (
            f"{word.text} has {hanzi} hanzi, {word.annotation.written} {syllables} syllable{'s' * (syllables != 1)}"
        )
        yield word.finding("wrong-syllable-count", Severity.ERROR, message, word.spelled(_completed(word)))


def not_a_reading(word: AnnotatedWord) -> Iterator[Finding]:
    """A character is never read so: the rule's name says what is wrong with the syllable.

    Bad: 项目(xiángmù) wrong-tone; 建设(qiànshè) wrong-initial; 项目(xiànmù) wrong-final
    Good: 项目(xiàngmù); 学生(xuésheng); 另一方面(lìngyìfāngmiàn)
    """
    if word.given is None or (_is_pinyin(word) and not _spellable(word)):
        return
    wrong = [i for i, s in enumerate(word.given) if s and not _is_reading(word, i)]
    if not wrong:
        return
    first = word.given[wrong[0]]
    char = word.text[wrong[0]]
    known = _nearest(char, first, word.expected[wrong[0]]) if first else None
    if first is None or known is None:
        return  # no dictionary has this character: nothing can be said about its reading
    fixed = [
        (_nearest(c, s, e) or s) if s and i in wrong else s
        for i, (c, s, e) in enumerate(zip(word.text, word.given, word.expected, strict=True))
    ]
    message = f"{char} is not read {pinyin.spell(first)} but {pinyin.spell(known)}"
    yield word.finding(_name(first, known), Severity.ERROR, message, word.spelled(fixed))


def wrong_in_context(word: AnnotatedWord) -> Iterator[Finding]:
    """Every character has the reading, but the word is read otherwise.

    Bad: 长春(zhǎngchūn)
    Good: 长春(chángchūn)
    """
    if word.given is None or not all(_is_reading(word, i) for i, s in enumerate(word.given) if s):
        return
    for part in lexicon.segment(word.text):
        known = [pinyin.distribute(part.of(word.text), r) for r in lexicon.word_readings(part.of(word.text))]
        if not known or any(r and _agrees(word, part.start, r) for r in known):
            continue
        best = next(r for r in known if r)
        said = [s for s in word.given[part.start : part.end] if s]
        message = (
            f"the word {part.of(word.text)} is read {pinyin.spell_word(s for s in best if s)}, "
            f"not {pinyin.spell_word(said)}"
        )
        fixed = [*word.given[: part.start], *best, *word.given[part.end :]]
        yield word.finding("wrong-in-context", Severity.WARNING, message, word.spelled(fixed))


def part_of_word(word: AnnotatedWord) -> Iterator[Finding]:
    """The pinyin of a piece of a word. Only for an article that annotates whole words: there, a syllable is missing.

    Bad: 长春(chūn), where the article elsewhere has 全面(quánmiàn), 振兴(zhènxīng), 行动(xíngdòng)
    Good: 六(lù)安, where the article annotates single characters
    """
    if word.given is None or word.annotation.kind is Kind.HOMOPHONE:
        return
    # 夜幕降临(jiànglín): what is annotated is a word by itself, inside a longer one.
    begins_inside = word.word.start < word.span.start and not lexicon.word_readings(word.text)
    reaches_back = word.after is not None and word.annotation.span.start > word.paragraph.source_offset(word.span.end)
    if not begins_inside and not reaches_back:
        return
    span_start = word.word.start
    text = word.paragraph.text[span_start : span_start + len(word.expected_word)]
    message = f"{word.annotation.written} is the pinyin of {word.text} only; the word is {text}"
    yield word.finding("part-of-word", Severity.WARNING, message, word.spelled(word.expected_word))


def edited_away(word: AnnotatedWord) -> Iterator[Finding]:
    """The annotated text is said in other words, so its pinyin cannot be obeyed.

    Bad: 3〇(líng)5室, said as 三零五室
    Good: 三〇(líng)五室
    """
    if word.edits:
        message = f"{word.text} is spoken as part of a number or sign; its pinyin is not used"
        yield word.finding("edited-away", Severity.WARNING, message)


def written_twice(word: AnnotatedWord) -> Iterator[Finding]:
    """The same annotation stands more than once in a row; it is said once.

    Bad: 行动(xíngdòng)(xíngdòng)
    Good: 行动(xíngdòng)
    """
    if word.annotation.times > 1:
        message = f"{word.annotation.written} is written {word.annotation.times} times"
        yield word.finding("written-twice", Severity.INFO, message, word.annotation.written)


def homophone(word: AnnotatedWord) -> Iterator[Finding]:
    """The reading is given by another character.

    Bad: 驻(助)
    Good: 驻(zhù)
    """
    if word.annotation.kind is Kind.HOMOPHONE and word.given is not None:
        said = pinyin.spell_word(word.annotation.syllables)
        yield word.finding("homophone", Severity.INFO, f"{word.annotation.written} stands for the reading {said}", said)


def written_sandhi(word: AnnotatedWord) -> Iterator[Finding]:
    """The pinyin has the tone that is heard; dictionaries write the tone before sandhi. Both are right.

    Bad: 另一方面(lìngyìfāngmiàn)
    Good: 另一方面(lìngyīfāngmiàn)
    """
    for i, syllable in enumerate(word.given or ()):
        if syllable and (known := _written_as_heard(word, i, syllable)):
            fixed = [known if j == i else s for j, s in enumerate(word.given or ())]
            heard, listed = pinyin.spell(syllable), pinyin.spell(known)
            message = f"{word.text[i]} is written as heard, {heard}; dictionaries have {listed}"
            yield word.finding("written-sandhi", Severity.INFO, message, word.spelled(fixed))
            return


RULES: tuple[Rule, ...] = (
    not_a_syllable,
    wrong_syllable_count,
    not_a_reading,
    wrong_in_context,
    edited_away,
    written_twice,
    homophone,
    written_sandhi,
)


# --- what the rules share -------------------------------------------------------------------------------------------


def _is_pinyin(word: AnnotatedWord) -> bool:
    """Zhuyin and homophones have no spelling to fault."""
    return word.annotation.kind in (Kind.PINYIN, Kind.RUBY)


def _spellable(word: AnnotatedWord) -> bool:
    letters = pinyin.Letters.read(word.annotation.written)
    return letters is None or bool(letters.splits(1))


def _is_reading(word: AnnotatedWord, i: int) -> bool:
    """Whether character `i` of the text can be read as given."""
    char, given = word.text[i], (word.given or ())[i]
    known = lexicon.readings(char)
    if given is None or not known or any(given.base == k.base and given.tone is k.tone for k in known):
        return True
    if given.tone is Tone.NEUTRAL and i == 0 and word.span.start == word.word.start:
        return False  # a word does not begin with a neutral tone
    # A neutral reading in the dictionary excuses no other tone.
    return any(same_reading(char, given, k, word.following(i)) for k in known if k.tone is not Tone.NEUTRAL)


def _agrees(word: AnnotatedWord, start: int, known: tuple[Syllable | None, ...]) -> bool:
    given = (word.given or ())[start : start + len(known)]
    return all(
        (g is None) == (k is None)
        and (g is None or k is None or same_reading(word.text[start + i], g, k, word.following(start + i)))
        for i, (g, k) in enumerate(zip(given, known, strict=True))
    )


def _completed(word: AnnotatedWord) -> list[Syllable | None]:
    """The expected syllables, with the author's own wherever they fit: his tones may be written as heard."""
    given, completed = word.annotation.syllables, list(word.expected)
    bases = [s.base if s else "" for s in completed]
    for block in SequenceMatcher(None, bases, [s.base for s in given], autojunk=False).get_matching_blocks():
        for i in range(block.a, block.a + block.size):
            mine, known = given[block.b + i - block.a], completed[i]
            if known and same_reading(word.text[i], mine, known, word.following(i)):
                completed[i] = mine
    return completed


def _nearest(char: str, given: Syllable | None, expected: Syllable | None) -> Syllable | None:
    """The character's reading that the author most likely meant: the most alike; among equals, the expected one."""
    known = lexicon.readings(char)
    if given is None or not known:
        return expected
    return min(known, key=lambda k: (_unlikeness(given, k), k != expected))


def _unlikeness(a: Syllable, b: Syllable) -> int:
    same = (pinyin.initial(a) == pinyin.initial(b), pinyin.final(a) == pinyin.final(b), a.tone is b.tone)
    return 4 * (not same[0] and not same[1]) + 2 * (a.base != b.base) + (not same[2])


def _name(given: Syllable, known: Syllable) -> str:
    if given.base == known.base:
        return "wrong-tone"
    if pinyin.final(given) == pinyin.final(known):
        return "wrong-initial"
    return "wrong-final" if pinyin.initial(given) == pinyin.initial(known) else "not-a-reading"


def _written_as_heard(word: AnnotatedWord, i: int, given: Syllable) -> Syllable | None:
    """The dictionary's syllable, if `given` is it after sandhi."""
    known = word.expected[i]
    if known is None or given.tone is known.tone or given.base != known.base:
        return None
    spelled_as_heard = word.text[i] in "一不" and given.tone in (Tone.RISING, Tone.FALLING)
    return known if spelled_as_heard or is_written_sandhi(given, known, word.following(i)) else None
