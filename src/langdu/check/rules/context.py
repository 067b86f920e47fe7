"""Is it read so here?"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from langdu import pinyin
from langdu.check.rule import Fault, habit_rule, word_rule
from langdu.check.spelling import spelled
from langdu.model import Kind, Severity, Span, Tone

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from langdu.check.annotated import AnnotatedArticle, AnnotatedWord
    from langdu.model import Syllable

# The model must hold what the author gives for less probable than this before it contradicts him: of g2pL's held-out
# sentences it then finds 88 % of the wrong readings, and finds fault with 0.3 % of the right ones.
IMPROBABLE: Final = 0.05
# And for less yet where the author gives a surname's reading: it does not know who is who.
# Source: 现代汉语词典, the entries marked 姓.
_IMPROBABLE_NAME: Final = 0.02
_SURNAMES: Final = frozenset(
    ["单 shan4", "曾 zeng1", "仇 qiu2", "解 xie4", "区 ou1", "查 zha1", "盖 ge3", "朴 piao2", "尉 yu4", "翟 zhai2",
     "缪 miao4", "覃 qin2", "华 hua4", "宁 ning4", "燕 yan1"]
)  # fmt: skip
# A habit is what an author does three times, and three times as often as not.
_HABIT: Final = 3


@word_rule(Severity.WARNING)
def wrong_in_context(word: AnnotatedWord) -> Fault | None:
    """Every character has the reading, but it is read otherwise in this word, or in this sentence.

    Bad: 我们在长春(zhǎngchūn)开会。
    Bad: 大家都(dū)来了。
    Good: 我们在长春(chángchūn)开会。
    Good: 大家都(dōu)来了。
    """
    return contradiction(word)


def contradiction(word: AnnotatedWord) -> Fault | None:
    """What dictionaries have against a word, or else the model has."""
    if word.given is None or word.misread:
        return None
    settled: set[int] = set()
    for part, known in _words(word):
        if _left_to_the_model(word, part):
            continue
        if any(_agrees(word, part, reading) for reading in known):
            settled.update(range(part.start, part.end))
            continue
        mended = _mended(word, part, known[0])
        text = part.of(word.context.text)
        message = f"the word {text} is read {_said(known[0])}, not {_said(_inside(word, part))}"
        return Fault(message, spelled(word, mended))
    return _against_the_model(word, settled)


def _against_the_model(word: AnnotatedWord, settled: Container[int]) -> Fault | None:
    """What the model has against a word, where no dictionary's word has `settled` it."""
    given = word.given or ()
    for i, syllable in enumerate(given):
        at = word.span.start + i
        expected = word.context.expected[at]
        if at in settled or syllable is None or expected is None or expected.shares is None:
            continue
        share = sum(share for reading, share in expected.shares.items() if word.can_be(i, reading))
        is_surname = f"{word.text[i]} {pinyin.number(syllable)}" in _SURNAMES
        if share < (_IMPROBABLE_NAME if is_surname else IMPROBABLE) and not word.can_be(i, expected.syllable):
            fixed = [expected.syllable if j == i else s for j, s in enumerate(given)]
            here, there = pinyin.spell(expected.syllable), pinyin.spell(syllable)
            return Fault(f"{word.text[i]} is read {here} in this sentence, not {there}", spelled(word, fixed))
    return None


def _words(word: AnnotatedWord) -> Iterator[tuple[Span, list[tuple[Syllable | None, ...]]]]:
    """The words in the annotated text, and those of the sentence that reach into it, with their known readings.

    The author has cut the text of an annotation out of its sentence, so the words inside it are cut from it alone.
    """
    text, span = word.context.text, word.span
    is_word = len(span) > 1 and bool(word.context.readings(word.text))
    parts = [Span(0, len(span))] if is_word else word.context.cut(word.text)
    own = [Span(span.start + part.start, span.start + part.end) for part in parts]
    whole = {part for part in own if len(part) > 1}
    across = {word.context.words[i] for part in own if len(part) == 1 for i in range(part.start, part.end)}
    for part in sorted(whole | {w for w in across if not span.start <= w.start < w.end <= span.end}):
        if known := word.context.readings(part.of(text)):
            yield part, known


def _agrees(word: AnnotatedWord, part: Span, known: Sequence[Syllable | None]) -> bool:
    """Whether a reading of a word is what is given for that part of it which is annotated."""
    for at in range(max(part.start, word.span.start), min(part.end, word.span.end)):
        given, reading = (word.given or ())[at - word.span.start], known[at - part.start]
        if (given is None) != (reading is None):
            return False
        if given and reading and not word.can_be(at - word.span.start, reading):
            return False
    return True


def _left_to_the_model(word: AnnotatedWord, part: Span) -> bool:
    """Whether a word reaches out of the annotated text and the model judges what is inside.

    The model sees the sentence and knows the dictionaries' words: 一时兴(xìng)起 is not the word 兴起.
    """
    if word.span.start <= part.start and part.end <= word.span.end:
        return False
    inside = range(max(part.start, word.span.start), min(part.end, word.span.end))
    return all(e is not None and e.sure is not None for e in (word.context.expected[at] for at in inside))


def _mended(word: AnnotatedWord, part: Span, known: Sequence[Syllable | None]) -> list[Syllable | None]:
    first = word.span.start
    return [
        known[first + i - part.start] if part.start <= first + i < part.end else s
        for i, s in enumerate(word.given or ())
    ]


def _inside(word: AnnotatedWord, part: Span) -> Sequence[Syllable | None]:
    first = word.span.start
    return (word.given or ())[max(0, part.start - first) : part.end - first]


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
            yield word, Fault(message, spelled(word, expected))


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
            and given != known
            and word.can_be(i, known)
        ):
            found.append((i, known))
    return found


def _listed(word: AnnotatedWord) -> Iterator[str]:
    """The sorts of sandhi that are heard in a word and not written."""
    if word.given is None:
        return
    for i, (given, known) in enumerate(zip(word.given, word.expected, strict=True)):
        if given is None or given != known:
            continue
        for tone in (Tone.RISING, Tone.FALLING):
            other = pinyin.with_tone(given, tone)
            if tone is not given.tone and i + 1 < len(word.text) and word.can_be(i, known, other):
                yield sandhi_kind(word.text[i], known)


@habit_rule(Severity.WARNING)
def disagreement(article: AnnotatedArticle) -> Iterator[tuple[AnnotatedWord, Fault]]:
    """Two annotations of one word disagree; that is only worth knowing where dictionaries list both.

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
                yield word, Fault(message, spelled(word, usual), severity=Severity.INFO if listed else None)
