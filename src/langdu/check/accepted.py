"""Readings that langdu does not expect but that are right, or may be right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from langdu import lexicon
from langdu.lexicon import Dictionaries
from langdu.lexicon.surnames import FORM_OF_ADDRESS, SURNAMES
from langdu.marks import HANZI
from langdu.model import Kind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.check.annotated import AnnotatedWord
    from langdu.model import Syllable

# The longest word that is looked up to find the reading of a character in it.
_LONGEST: Final = 6
# How many characters beside a word are cut with it.
_AROUND: Final = 12
_CAREFUL: Final = Dictionaries.CC_CEDICT | Dictionaries.PYPINYIN


def is_accepted(word: AnnotatedWord, i: int) -> bool:
    """Whether a character's reading is beyond doubt, whatever the model says.

    That is so if a dictionary confirms it for the word around the character; if there is no context (a list of
    characters); if it is a surname's in a list of surnames, or before 先生 where families differ; and if it belongs to
    another norm.
    """
    return (
        word.norm(i) is not None
        or _stands_alone(word, i)
        or _is_in_a_list_of_names(word, i)
        or _is_before_a_form_of_address(word, i)
        or any(_confirming(word, i))
    )


def is_listed(word: AnnotatedWord, i: int) -> bool:
    """Whether some dictionary lists the reading: as a surname, as another reading of the word, in another word.

    Beside a word that is read in one way only, another word counts if it contains that word, or if the text may as well
    be cut into it: 校长期在外 is 校 长期 在外 too.
    """
    cut, expected = word.context.words[word.span.start + i], word.context.expected[word.span.start + i]
    confirmed = expected is not None and expected.confirmed
    if word.is_surname(i) and not (confirmed and len(cut) > 1):
        return True
    text = word.context.text
    agreeing = (
        part
        for part in _covering(word, i)
        if any(_agrees(word, part, way) for way in word.context.readings(part.of(text)))
    )
    return any(
        not confirmed or (part.start <= cut.start and cut.end <= part.end) or _may_be_cut(text, part)
        for part in agreeing
    )


def _may_be_cut(text: str, part: Span) -> bool:
    """Whether the text is cut into a word if that word is given a little weight."""
    start = max(0, part.start - _AROUND)
    near = text[start : part.end + _AROUND]
    return any(
        (span.start + start, span.end + start) == (part.start, part.end)
        for span in lexicon.split_words(near, {part.of(text): ()})
    )


def is_disputed(cut: str) -> bool:
    """Whether a careful dictionary reads a word otherwise than langdu does, which mends a slip of that dictionary."""
    entry = lexicon.word_entry(cut)
    return any(Dictionaries.HOUSE in source for source in entry.sources) and Dictionaries.CC_CEDICT in entry.others


def _confirming(word: AnnotatedWord, i: int) -> Iterator[bool]:
    """For each word that certainly contains the character: whether its usual reading is the given one.

    What is cut into single hanzi is a word only if a careful dictionary has it: 破的, but not 率更 in 占用率更低.
    """
    words, text = word.context.words, word.context.text
    for part in _covering(word, i):
        inside = word.span.start <= part.start and part.end <= word.span.end
        whole = words[part.start].start == part.start and words[part.end - 1].end == part.end
        is_cut = all(len(words[at]) == 1 for at in range(part.start, part.end))
        if inside or (whole and not (is_cut and _is_only_in_large_tables(part.of(text)))):
            yield _agrees(word, part, word.context.readings(part.of(word.context.text))[0])


def _is_only_in_large_tables(word: str) -> bool:
    sources = lexicon.word_entry(word).sources
    return bool(sources) and not any(_CAREFUL & source for source in sources)


def _covering(word: AnnotatedWord, i: int) -> Iterator[Span]:
    """The words of dictionaries and user that contain the character, however the text is cut."""
    at, text = word.span.start + i, word.context.text
    for start in range(max(0, at + 1 - _LONGEST), at + 1):
        for end in range(max(at + 1, start + 2), min(len(text), start + _LONGEST) + 1):
            if word.context.readings(text[start:end]):
                yield Span(start, end)


def _agrees(word: AnnotatedWord, part: Span, way: tuple[Syllable | None, ...]) -> bool:
    """Whether a reading of a word agrees with the annotation, as far as the word is annotated."""
    for at in range(max(part.start, word.span.start), min(part.end, word.span.end)):
        given, known = (word.given or ())[at - word.span.start], way[at - part.start]
        if (given is None) != (known is None):
            return False
        if given and known and not word.can_be(at - word.span.start, known):
            return False
    return True


def _stands_alone(word: AnnotatedWord, i: int) -> bool:
    """Whether a character has no hanzi beside it: a headword, a character in quotes, one of a list."""
    at, text = word.span.start + i, word.context.text
    beside = (*text[max(0, at - 1) : at], *text[at + 1 : at + 2])
    return not any(HANZI.match(char) for char in beside)


# --- other norms ----------------------------------------------------------------------------------------------------


def _is_in_a_list_of_names(word: AnnotatedWord, i: int) -> bool:
    """Whether the text says that the character is a surname: 曲、查、单都是姓, 他姓解."""
    at, text = word.span.start + i, word.context.text
    if len(word.context.words[at]) > 1:  # 娱乐、艺术
        return False
    return word.is_surname(i) and (text.endswith(("、", "姓"), 0, at) or text.startswith(("、", "姓"), at + 1))


def _is_before_a_form_of_address(word: AnnotatedWord, i: int) -> bool:
    """Whether a name stands before a form of address, and families read it differently: 翟(dí)先生, 翟(zhái)老师."""
    at, text = word.span.start + i, word.context.text
    families_differ = len(SURNAMES.get(text[at], ())) > 1
    return families_differ and word.is_surname(i) and FORM_OF_ADDRESS.match(text, at + 1) is not None


def is_at_home(word: AnnotatedWord) -> bool:
    """Whether a reading from Taiwan is simply right: the text is traditional, or the reading is in zhuyin."""
    return word.annotation.kind is Kind.ZHUYIN or word.context.is_traditional
