"""Is it read so here?"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu import lexicon, pinyin
from langdu.check.accepted import is_accepted, is_listed
from langdu.check.rule import Fault, habit_rule, word_rule
from langdu.check.spelling import spelled
from langdu.model import Kind, Severity, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from langdu.check.annotated import AnnotatedArticle, AnnotatedWord, Expected
    from langdu.model import Syllable

# The check warns where the model holds the author's reading for less probable than this: then it finds 90 % of wrong
# readings in g2pL's held-out sentences, and finds fault with 0.5 % of right ones (docs/check.md).
IMPROBABLE: Final = 0.03
# Where it asks.
DOUBTFUL: Final = 0.2
# Of a surname's reading, or one that dictionaries list for this word, the model must be surer: it does not know who is
# who, nor what was meant.
_IMPROBABLE_IF_LISTED: Final = 0.01
# So probable the model must hold the author's reading, against the dictionaries, for a word to be cut wrongly: this is
# not the word 部将 in 这部将成为.
_ON_HIS_SIDE: Final = 0.5
# A word of so many hanzi is never cut wrongly.
_LONG: Final = 4
# Characters with one reading, whose sandhi may be written.
_ONE_READING: Final = "一不"
# A habit is what an author does three times, and three times as often as not.
_HABIT: Final = 3


class Contradiction(NamedTuple):
    """What speaks against a reading: the characters that are read otherwise, and whether langdu is sure."""

    at: tuple[int, ...]
    is_sure: bool


@word_rule(Severity.WARNING)
def wrong_in_context(word: AnnotatedWord) -> Fault | None:
    """Every character has the reading, but it is read otherwise in this word, or in this sentence.

    Bad: 我们在长春(zhǎngchūn)开会。
    Bad: 大家都(dū)来了。
    Good: 我们在长春(chángchūn)开会。
    Good: 大家都(dōu)来了。
    Good: 曲(qū)、查(zhā)、单(shàn)都是姓。
    """
    found = contradiction(word)
    return _fault(word, found) if found and found.is_sure else None


@word_rule(Severity.INFO)
def doubtful_in_context(word: AnnotatedWord) -> Fault | None:
    """The reading is probably another one here, but that is not sure enough for a warning: a question to the author.

    Good: 我们在长春(chángchūn)开会。
    Good: 她善于阿(ē)谀奉承。
    """
    found = contradiction(word)
    return _fault(word, found) if found and not found.is_sure else None


def contradiction(word: AnnotatedWord) -> Contradiction | None:
    """What langdu's reader has against a word, where no dictionary takes the author's side.

    The reader knows the confirmed words of the dictionaries and sees the sentence, so where it agrees nothing is wrong.
    """
    if word.given is None or word.misread:
        return None
    shares = {i: share for i in range(len(word.given)) if (share := _share(word, i)) is not None}
    against = {i: share for i, share in shares.items() if share < DOUBTFUL}
    return Contradiction(tuple(against), min(against.values()) < IMPROBABLE) if against else None


def _share(word: AnnotatedWord, i: int) -> float | None:
    """How probable what is given for one character is; None where nothing is said against it."""
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


def _share_of_word(word: AnnotatedWord, i: int, expected: Expected, *, listed: bool) -> float | None:
    """The same where the word has decided and not the model."""
    if word.text[i] in _ONE_READING:
        return 0.0
    question = DOUBTFUL / 2
    if not expected.confirmed:
        return None if listed or expected.syllable.tone is not Tone.NEUTRAL else question
    cut = word.context.words[word.span.start + i]
    # A long word, and one that the author himself annotates whole, is not cut wrongly.
    stands = len(cut) >= _LONG or (word.span.start <= cut.start and cut.end <= word.span.end)
    likely = sum(p for reading, p in (expected.context or {}).items() if word.can_be(i, reading))
    return question if listed or (likely > _ON_HIS_SIDE and not stands) else 0.0


def _fault(word: AnnotatedWord, found: Contradiction) -> Fault:
    given = word.given or ()
    at = found.at[0]
    expected = word.expected
    fixed = [expected[i] if i in found.at else s for i, s in enumerate(given)]
    inside = word.context.words[word.span.start + at]
    here = _said([expected[at]])
    place = f"in {inside.of(word.context.text)}" if len(inside) > 1 else "in this sentence"
    return Fault(f"{word.text[at]} is read {here} {place}, not {_said([given[at]])}", spelled(word, fixed))


def _said(syllables: Iterable[Syllable | None]) -> str:
    return pinyin.spell_word(s for s in syllables if s)


# --- the author's habits --------------------------------------------------------------------------------------------


@habit_rule(Severity.WARNING)
def part_of_word(article: AnnotatedArticle) -> Iterator[tuple[AnnotatedWord, Fault]]:
    """The pinyin of a piece of a word, in an article that annotates whole words: there, a syllable is missing.

    Bad: 全面(quánmiàn)振兴(zhènxīng)的行动(xíngdòng)在长春(chūn)。
    Good: 全面(quánmiàn)振兴(zhènxīng)的行动(xíngdòng)在长春(chángchūn)。
    Good: 六(lù)安在安徽。
    """
    if not annotates_whole_words(article, _HABIT, 0.7):
        return
    strict = annotates_whole_words(article, 20, 0.9)
    for word in article.words:
        if word.given is None or word.misread or word.annotation.kind is Kind.HOMOPHONE:
            continue
        # 夜幕降临(jiànglín): what is annotated is a word by itself, inside a longer one.
        begins_inside = word.word.start < word.span.start and not word.context.readings(word.text)
        # Where the author never leaves out a piece, not even that is a word: 正六边形(liùbiānxíng).
        lacks_its_head = strict and word.word.start + 1 == word.span.start
        if begins_inside or lacks_its_head or word.reaches_back:
            place = word.before_annotation
            text = place.of(word.context.text)
            expected = [e and e.syllable for e in word.context.expected[place.start : place.end]]
            message = f"{word.annotation.written} is the pinyin of {word.text} only; the word is {text}"
            doubtful = _is_hard(word) and not strict
            yield word, Fault(message, spelled(word, expected), severity=Severity.INFO if doubtful else None)


def _is_hard(word: AnnotatedWord) -> bool:
    """Whether what is annotated is one character that an author may well annotate alone: a rare one, a polyphone."""
    expected = word.context.expected[word.span.start]
    polyphone = expected is not None and (expected.shares or expected.context) is not None
    return len(word.text) == 1 and (polyphone or not lexicon.is_common(word.text))


def annotates_whole_words(article: AnnotatedArticle, least: int, share: float) -> bool:
    """Whether the author gives the pinyin of whole words, so that a piece of one is likely a slip.

    Others annotate the one hard character of a word, 六(lù)安, and a piece of a word is all they mean.
    """
    inside_words = [w for w in article.words if len(w.word) > 1 and w.annotation.kind is not Kind.HOMOPHONE]
    whole = [w for w in inside_words if w.span.start == w.word.start and w.span.end >= w.word.end]
    return len(inside_words) >= least and len(whole) >= share * len(inside_words)


@habit_rule(Severity.WARNING)
def lone_sandhi(article: AnnotatedArticle) -> Iterator[tuple[AnnotatedWord, Fault]]:
    """A tone is written as heard by an author who writes the tones of the dictionaries: likely a slip.

    Bad: 你好(nǐhǎo)，老李(lǎolǐ)，可以(kěyǐ)把水果(shuíguǒ)给我吗？
    Good: 你好(nǐhǎo)，老李(lǎolǐ)，可以(kěyǐ)把水果(shuǐguǒ)给我吗？
    Good: 你好(níhǎo)，老李(láolǐ)，可以(kéyǐ)把水果(shuíguǒ)给我吗？
    """
    as_listed = habitual_citation(article)
    for word in article.words:
        for i, known in heard_tones(word):
            if (kind := sandhi_kind(word.text[i], known)) in as_listed:
                fixed = [known if j == i else s for j, s in enumerate(word.given or ())]
                here = pinyin.spell(known)
                message = f"{word.text[i]} is {here}; its tone is written as heard here and nowhere else ({kind})"
                yield word, Fault(message, spelled(word, fixed))
                break


def habitual_citation(article: AnnotatedArticle) -> set[str]:
    """Of which sorts of sandhi the author writes the tone before it, wherever it could be written."""
    heard, listed = Counter[str](), Counter[str]()
    for word in article.words:
        heard.update(sandhi_kind(word.text[i], known) for i, known in heard_tones(word))
        listed.update(_listed(word))
    return {kind for kind, count in listed.items() if count >= _HABIT and count >= _HABIT * heard[kind]}


def sandhi_kind(char: str, known: Syllable) -> str:
    """The sorts of sandhi in which authors have habits."""
    return "third tones" if known.tone is Tone.LOW else f"the tone of {char}"


def heard_tones(word: AnnotatedWord) -> list[tuple[int, Syllable]]:
    """The characters whose tone is written as heard, each with the syllable that dictionaries have."""
    if word.given is None or word.misread:
        return []
    found = []
    for i, (given, known) in enumerate(zip(word.given, word.expected, strict=True)):
        if (
            given
            and known
            and Tone.NEUTRAL not in (given.tone, known.tone)
            and given.tone is not known.tone
            and word.can_be(i, known)
        ):
            found.append((i, known))
    return found


def _listed(word: AnnotatedWord) -> Iterator[str]:
    """The sorts of sandhi that are heard in a word and not written."""
    if word.given is None:
        return
    for i, (given, known) in enumerate(zip(word.given, word.expected, strict=True)):
        if given is None or known is None or given.tone is not known.tone or given.base != known.base:
            continue
        for tone in (Tone.RISING, Tone.FALLING):
            other = pinyin.with_tone(given, tone)
            if tone is not given.tone and i + 1 < len(word.text) and word.can_be(i, known, other):
                yield sandhi_kind(word.text[i], known)


@habit_rule(Severity.WARNING)
def disagreement(article: AnnotatedArticle) -> Iterator[tuple[AnnotatedWord, Fault]]:
    """Two annotations of one word disagree; that is only worth knowing where both may be right.

    Bad: 周曾(zhōucéng)来了，周曾(zhōuzēng)说，周曾(zhōucéng)走了。
    Good: 周曾(zhōucéng)来了，周曾(zhōucéng)走了。
    Good: 学生(xuésheng)和学生(xuéshēng)。
    """
    same_word: defaultdict[str, list[AnnotatedWord]] = defaultdict(list)
    for word in article.words:
        if len(word.text) > 1 and word.is_sound and contradiction(word) is None:
            same_word[word.text].append(word)
    for text, words in same_word.items():
        usual = Counter(word.given for word in words).most_common(1)[0][0] or ()
        listed = len(words[0].context.readings(text)) > 1
        for word in words:
            if not all(u is None or word.can_be(i, u) for i, u in enumerate(usual)):
                message = f"{text} is read {_said(usual)} in another annotation"
                right = listed or _is_expected(word)
                yield word, Fault(message, spelled(word, usual), severity=Severity.INFO if right else None)


def _is_expected(word: AnnotatedWord) -> bool:
    """Whether langdu's reader reads the word as its author does."""
    return all(known is None or word.can_be(i, known) for i, known in enumerate(word.expected))
