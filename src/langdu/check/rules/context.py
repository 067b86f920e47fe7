"""Rules on readings that the hanzi can have, but not in this word, sentence or article."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu import lexicon, pinyin
from langdu.check.accepted import is_accepted, is_disputed, is_listed
from langdu.check.rule import Corrects, Fault, article_rule, says, word_rule
from langdu.check.suggestion import spelled
from langdu.model import Kind, Severity, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from langdu.check.annotated import AnnotatedArticle, AnnotatedWord, ExpectedReading
    from langdu.model import Syllable

    Readings = Sequence[Syllable | None]

# The check warns if the model gives the author's reading a lower probability than this. At this value it finds 92 % of
# wrong readings in g2pL's held-out sentences and flags 0.35 % of right ones, whose labels contradict 现代汉语词典
# (docs/measured.md).
IMPROBABLE: Final = 0.01
# The check asks the author below this probability.
DOUBTFUL: Final = 0.2
# The limit for a surname's reading, or one that dictionaries list for this word: the model does not know who is who,
# nor what was meant.
_IMPROBABLE_IF_LISTED: Final = 0.003
# Above this probability of the author's reading, a dictionary word is taken for a wrong cut: 这部将成为 does not
# contain the word 部将.
_WRONG_CUT: Final = 0.5
# A word of this many hanzi is never a wrong cut.
_LONG: Final = 4
# Characters with one reading whose sandhi may be written.
_ONE_READING: Final = "一不"
# The kind of sandhi that is the same for all characters; the others are those of 一 and 不.
_THIRD_TONES: Final = "third tones"
# A habit is what an author does at least three times, and three times as often as the opposite.
_HABIT: Final = 3


class Contradiction(NamedTuple):
    """The case against a reading: the characters that are read differently, and whether langdu is sure."""

    at: tuple[int, ...]
    is_sure: bool


@word_rule(Severity.WARNING)
def wrong_in_context(word: AnnotatedWord) -> Fault | None:
    """The character has this reading, but not in this word or this sentence.

    Bad: 我们在长春(zhǎngchūn)开会。
    Bad: 大家都(dū)来了。
    Good: 我们在长春(chángchūn)开会。
    Good: 大家都(dōu)来了。
    Good: 曲(qū)、查(zhā)、单(shàn)都是姓。
    """
    against = contradiction(word)
    return _fault(word, against) if against and against.is_sure else None


@word_rule(Severity.INFO)
def doubtful_in_context(word: AnnotatedWord) -> Fault | None:
    """The character is probably read differently here, but not surely enough for a warning: a question to the author.

    Good: 我们在长春(chángchūn)开会。
    Good: 她善于阿(ē)谀奉承。
    """
    against = contradiction(word)
    return _fault(word, against) if against and not against.is_sure else None


def contradiction(word: AnnotatedWord) -> Contradiction | None:
    """The case against a word's reading, or None if a dictionary supports it or langdu would read the word so.

    langdu's reading takes the dictionaries' confirmed words and the sentence into account, so agreement settles it.
    """
    if word.given is None or word.misread or (word.is_told and len(word.word) == 1):
        return None  # in 了字读liǎo, 了 is named, and the context says nothing
    shares = {i: share for i in range(len(word.given)) if (share := _share(word, i)) is not None}
    against = {i: share for i, share in shares.items() if share < DOUBTFUL}
    return Contradiction(tuple(against), min(against.values()) < IMPROBABLE) if against else None


def _share(word: AnnotatedWord, i: int) -> float | None:
    """The probability of the reading given for one character; None if nothing speaks against it."""
    given, expected = (word.given or ())[i], word.context.expected[word.span.start + i]
    if given is None or expected is None or word.can_be(i, expected.syllable) or is_accepted(word, i):
        return None
    listed = is_listed(word, i)
    if expected.shares is None:
        return _share_of_word(word, i, expected, listed=listed)
    share = sum(p for reading, p in expected.shares.items() if word.can_be(i, reading))
    if listed and share >= _IMPROBABLE_IF_LISTED:
        return max(share, IMPROBABLE)
    return share


def _share_of_word(word: AnnotatedWord, i: int, expected: ExpectedReading, *, listed: bool) -> float | None:
    """The same for a character whose reading follows from its word, not from the model."""
    if word.text[i] in _ONE_READING:
        return 0.0
    question = DOUBTFUL / 2
    if not expected.confirmed:
        return None if listed or expected.syllable.tone is not Tone.NEUTRAL else question
    cut = word.context.words[word.span.start + i]
    # A long word, and one that the author annotates whole, is certainly a word.
    is_word = len(cut) >= _LONG or (word.span.start <= cut.start and cut.end <= word.span.end)
    likely = sum(p for reading, p in (expected.context or {}).items() if word.can_be(i, reading))
    if listed or is_disputed(cut.of(word.context.text)):
        return question
    return question if likely > _WRONG_CUT and not is_word else 0.0


def _fault(word: AnnotatedWord, against: Contradiction) -> Fault:
    given = word.given or ()
    at = against.at[0]
    expected = word.expected
    fixed = [expected[i] if i in against.at else s for i, s in enumerate(given)]
    inside = word.context.words[word.span.start + at]
    values = {"char": word.text[at], "right": _pinyin([expected[at]]), "given": _pinyin([given[at]])}
    if len(inside) > 1:
        message = says("{char} is read {right} in {word}, not {given}", word=inside.of(word.context.text), **values)
    else:
        message = says("{char} is read {right} in this sentence, not {given}", **values)
    return Fault(message, spelled(word, fixed))


def _pinyin(syllables: Iterable[Syllable | None]) -> str:
    return pinyin.spell_word(s for s in syllables if s)


# --- the author's habits --------------------------------------------------------------------------------------------


@article_rule(Severity.WARNING)
def disagreement(article: AnnotatedArticle) -> Iterator[tuple[AnnotatedWord, Fault]]:
    """Two annotations of one word disagree, and both readings are possible.

    Bad: 小乐(xiǎolè)来了，小乐(xiǎoyuè)说，小乐(xiǎolè)走了。
    Good: 小乐(xiǎolè)来了，小乐(xiǎolè)走了。
    Good: 学生(xuésheng)和学生(xuéshēng)。
    """
    same_word: defaultdict[str, list[tuple[AnnotatedWord, bool]]] = defaultdict(list)
    for word in article.words:
        if len(word.text) > 1 and word.is_sound:
            against = contradiction(word)
            if not (against and against.is_sure):
                same_word[word.text].append((word, against is not None))
    for text, words in same_word.items():
        usual = Counter(word.given for word, _ in words if word.given).most_common(1)[0][0]
        listed = len(words[0][0].context.readings(text)) > 1
        for word, is_doubted in words:
            # A doubted reading already has a suggestion; a different one here would contradict it.
            if _can_be(word, usual) or (is_doubted and not _can_be(word, word.expected, usual)):
                continue
            message = says("{word} is read {usual} in another annotation", word=text, usual=_pinyin(usual))
            right = listed or _can_be(word, word.expected)
            yield word, Fault(message, spelled(word, usual), severity=Severity.INFO if right else None)


def _can_be(word: AnnotatedWord, known: Readings, given: Readings | None = None) -> bool:
    """Whether the syllables given for a word, by default its author's, are a way to write the readings `known`."""
    written = (word.given or ()) if given is None else given
    return all(k is None or word.can_be(i, k, g) for i, (k, g) in enumerate(zip(known, written, strict=True)))


@article_rule(Severity.WARNING)
def part_of_word(article: AnnotatedArticle) -> Iterator[tuple[AnnotatedWord, Fault]]:
    """The pinyin covers part of a word in an article that annotates whole words, so a syllable is missing.

    Bad: 全面(quánmiàn)振兴(zhènxīng)的行动(xíngdòng)在长春(chūn)。
    Good: 全面(quánmiàn)振兴(zhènxīng)的行动(xíngdòng)在长春(chángchūn)。
    Good: 六(lù)安在安徽。
    Good: 全面(quánmiàn)振兴(zhènxīng)的项目(xiàngmù)、建设(jiànshè)和行动(xíngdòng)在长(cháng)春(chūn)。
    """
    if not annotates_whole_words(article, _HABIT, 0.7):
        return
    strict = annotates_whole_words(article, 20, 0.9)
    for word in article.words:
        if word.given is None or word.misread or word.annotation.kind is Kind.HOMOPHONE:
            continue
        # In 夜幕降临(jiànglín), 降临 is a word by itself inside a longer one.
        begins_inside = word.word.start < word.span.start and not word.context.readings(word.text)
        # If the author never leaves out part of a word, even such a word is incomplete: 正六边形(liùbiānxíng).
        lacks_its_head = strict and word.word.start + 1 == word.span.start
        # What has an annotation of its own is not missing: 做(zuò)菜(cài).
        is_headless = (begins_inside or lacks_its_head) and word.span.start - 1 not in word.context.annotated
        if is_headless or word.reaches_back:
            place = word.before_annotation
            text = place.of(word.context.text)
            expected = [e and e.syllable for e in word.context.expected[place.start : place.end]]
            message = says(
                "{written} is the pinyin of {part} only; the word is {word}",
                written=word.annotation.written,
                part=word.text,
                word=text,
            )
            doubtful = _is_hard(word) and not strict
            yield word, Fault(message, spelled(word, expected), severity=Severity.INFO if doubtful else None)


def _is_hard(word: AnnotatedWord) -> bool:
    """Whether the annotation covers one character that authors like to annotate alone: a rare one or a polyphone."""
    expected = word.context.expected[word.span.start]
    polyphone = expected is not None and (expected.shares or expected.context) is not None
    return len(word.text) == 1 and (polyphone or not lexicon.is_common(word.text))


def annotates_whole_words(article: AnnotatedArticle, least: int, share: float) -> bool:
    """Whether the author annotates whole words, so that an annotated part of one is likely a slip.

    Other authors annotate only the hard character of a word, 六(lù)安, and mean just that.
    """
    inside_words = [w for w in article.words if len(w.word) > 1 and w.annotation.kind is not Kind.HOMOPHONE]
    whole = [w for w in inside_words if w.span.start == w.word.start and w.span.end >= w.word.end]
    return len(inside_words) >= least and len(whole) >= share * len(inside_words)


@article_rule(Severity.WARNING, Corrects.TONE_VARIANT)
def lone_sandhi(article: AnnotatedArticle) -> Iterator[tuple[AnnotatedWord, Fault]]:
    """A tone is written as heard, after sandhi, by an author who otherwise writes dictionary tones: likely a slip.

    Bad: 你好(nǐhǎo)，老李(lǎolǐ)，可以(kěyǐ)把水果(shuíguǒ)给我吗？
    Good: 你好(nǐhǎo)，老李(lǎolǐ)，可以(kěyǐ)把水果(shuǐguǒ)给我吗？
    Good: 你好(níhǎo)，老李(láolǐ)，可以(kéyǐ)把水果(shuíguǒ)给我吗？
    """
    as_listed = habitual_citation(article)
    for word in article.words:
        for i, known in heard_tones(word):
            if (kind := sandhi_kind(word.text[i], known)) in as_listed:
                fixed = [known if j == i else s for j, s in enumerate(word.given or ())]
                message = says(
                    "{char} is {right}; only here is its tone written as heard, after sandhi (third tones)"
                    if kind == _THIRD_TONES
                    else "{char} is {right}; only here is its tone written as heard, after sandhi (the tone of {char})",
                    char=word.text[i],
                    right=pinyin.spell(known),
                )
                yield word, Fault(message, spelled(word, fixed))
                break


def habitual_citation(article: AnnotatedArticle) -> set[str]:
    """The kinds of sandhi that the author habitually does not write: the pinyin has the dictionary's tone."""
    heard, listed = Counter[str](), Counter[str]()
    for word in article.words:
        heard.update(sandhi_kind(word.text[i], known) for i, known in heard_tones(word))
        listed.update(_listed(word))
    return {kind for kind, count in listed.items() if count >= _HABIT and count >= _HABIT * heard[kind]}


def habitual_sandhi(article: AnnotatedArticle) -> dict[str, int]:
    """The kinds of sandhi that the author habitually writes, in more than a few places, and in how many."""
    heard = Counter(sandhi_kind(word.text[i], known) for word in article.words for i, known in heard_tones(word))
    listed = Counter(kind for word in article.words for kind in _listed(word))
    return {kind: count for kind, count in heard.items() if count > _HABIT and count >= _HABIT * listed[kind]}


def sandhi_kind(char: str, known: Syllable) -> str:
    """The kind of sandhi, as far as authors have different habits."""
    return _THIRD_TONES if known.tone is Tone.LOW else f"the tone of {char}"


def heard_tones(word: AnnotatedWord) -> list[tuple[int, Syllable]]:
    """The characters whose tone is written as heard, after sandhi, each with the dictionary's syllable."""
    if word.given is None or word.misread:
        return []
    heard = []
    for i, (given, known) in enumerate(zip(word.given, word.expected, strict=True)):
        if (
            given
            and known
            and Tone.NEUTRAL not in (given.tone, known.tone)
            and given.tone is not known.tone
            and word.can_be(i, known)
        ):
            heard.append((i, known))
    return heard


def _listed(word: AnnotatedWord) -> Iterator[str]:
    """The kinds of sandhi that are heard in a word but not written."""
    if word.given is None:
        return
    for i, (given, known) in enumerate(zip(word.given, word.expected, strict=True)):
        if given is None or known is None or given.tone is not known.tone or given.base != known.base:
            continue
        for tone in (Tone.RISING, Tone.FALLING):
            other = pinyin.with_tone(given, tone)
            if tone is not given.tone and i + 1 < len(word.text) and word.can_be(i, known, other):
                yield sandhi_kind(word.text[i], known)


@word_rule(Severity.INFO)
def edited_away(word: AnnotatedWord) -> Fault | None:
    """The annotated text is spoken in other words, as part of a number or sign, so its pinyin is not used.

    Bad: 奖金是$50万(wàn)。
    Good: 奖金是50万(wàn)美元。
    """
    if not word.edits:
        return None
    return Fault(says("{word} is spoken as part of a number or sign; its pinyin is not used", word=word.text))
