"""What is worth knowing, and not wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from langdu import lexicon, pinyin
from langdu.check.accepted import is_at_home, norm
from langdu.check.rule import Fault, Place, habit_rule, text_rule, word_rule
from langdu.check.rules.context import contradiction, habitual_citation, heard_tones, sandhi_kind
from langdu.check.spelling import spelled
from langdu.marks import HANZI, HANZI_RANGES
from langdu.model import Kind, Severity, Span, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.check.annotated import AnnotatedArticle, AnnotatedWord
    from langdu.model import Syllable

# Below this the model is no better than a reader who hesitates.
UNSURE: Final = 0.6
_SAME_SOUND: Final = re.compile(
    rf"([{HANZI_RANGES}])[(（](?:读?音同|同音)[“\"「『]?([{HANZI_RANGES}])[”\"」』]?字?[)）]"
)


@word_rule(Severity.INFO)
def edited_away(word: AnnotatedWord) -> Fault | None:
    """The annotated text is said in other words, so its pinyin cannot be obeyed.

    Bad: 奖金是$50万(wàn)。
    Good: 奖金是50万(wàn)美元。
    """
    if not word.edits:
        return None
    return Fault(f"{word.text} is spoken as part of a number or sign; its pinyin is not used")


@text_rule(Severity.ERROR)
def not_understood(article: AnnotatedArticle) -> Iterator[tuple[Place, Fault]]:
    """A bracket can only be pinyin, but reads none of the hanzi beside it; it is left out, and not read aloud.

    Letters without a tone, 满(main), are a warning: they may be meant for something else.

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
            place = Place(context.paragraph.index, span, span.of(context.text), misfit.written)
            yield (
                place,
                Fault(f"{misfit.written} reads none of the hanzi before it, and is left out", severity=severity),
            )


def _beside(text: str, at: int) -> Span:
    """The last character before a place that is no mark, else what stands there."""
    before = next((i for i in range(at - 1, max(-1, at - 8), -1) if text[i].isalnum()), max(0, at - 1))
    return Span(before, min(before + 1, len(text)))


@text_rule(Severity.WARNING)
def no_homophone(article: AnnotatedArticle) -> Iterator[tuple[Place, Fault]]:
    """A character that is given for the sound has no reading in common with the one it explains.

    Bad: 驻(音同“天”)村干部。
    Good: 驻(音同“助”)村干部。
    """
    for context in article.contexts:
        for found in _SAME_SOUND.finditer(context.text):
            char, other = found.groups()
            own, its = lexicon.readings(char), lexicon.readings(other)
            if own and its and not set(own) & set(its):
                span, expected = Span(*found.span(1)), context.expected[found.start(1)]
                message = f"{other} ({pinyin.spell(its[0])}) does not sound like {char} ({pinyin.spell(own[0])})"
                place = Place(context.paragraph.index, span, char, found.group()[2:-1])
                yield place, Fault(message, expected and pinyin.spell(expected.syllable))


@word_rule(Severity.INFO)
def written_twice(word: AnnotatedWord) -> Fault | None:
    """The same annotation stands more than once in a row; it is said once.

    Bad: 我们在行动(xíngdòng)(xíngdòng)。
    Good: 我们在行动(xíngdòng)。
    """
    if word.annotation.times < 2:
        return None
    written = word.annotation.written
    return Fault(f"{written} is written {word.annotation.times} times", written)


@word_rule(Severity.INFO)
def homophone(word: AnnotatedWord) -> Fault | None:
    """The reading is given by another character.

    Bad: 驻(助)村干部。
    Good: 驻(zhù)村干部。
    """
    if word.annotation.kind is not Kind.HOMOPHONE or word.given is None:
        return None
    said = pinyin.spell_word(word.annotation.syllables)
    return Fault(f"{word.annotation.written} stands for the reading {said}", said)


@word_rule(Severity.INFO)
def other_character(word: AnnotatedWord) -> Fault | None:
    """The pinyin stands after one character and belongs to another one of the word.

    Bad: 猫蜷伏(quán)在地上。
    Bad: 武(Zhì)陟在河南。
    Good: 猫蜷(quán)伏在地上。
    """
    start, text = word.span.start, word.context.text
    before = text[start - 1 : start]
    reaches_on = bool(HANZI.match(before)) and (
        word.context.offsets(start - 1) < word.annotation.span.start < word.context.offsets(start)
    )
    if not reaches_on and not word.reaches_back:
        return None
    beside = before if reaches_on else word.before_annotation.of(text)[-1]
    return Fault(f"{word.annotation.written} stands after {beside} and is the reading of {word.text}")


@habit_rule(Severity.INFO)
def written_sandhi(article: AnnotatedArticle) -> Iterator[tuple[AnnotatedWord, Fault]]:
    """The pinyin has the tone that is heard; dictionaries write the tone before sandhi. Both are right.

    Bad: 另一方面(lìngyìfāngmiàn)很好。
    Good: 另一方面(lìngyīfāngmiàn)很好。
    """
    as_listed = habitual_citation(article)
    for word in article.words:
        heard = dict(heard_tones(word))
        if not heard or any(sandhi_kind(word.text[i], known) in as_listed for i, known in heard.items()):
            continue
        at, known = next(iter(heard.items()))
        fixed = [heard.get(i, s) for i, s in enumerate(word.given or ())]
        said = pinyin.spell((word.given or ())[at] or known)
        yield (
            word,
            Fault(
                f"{word.text[at]} is written as heard, {said}; dictionaries have {pinyin.spell(known)}",
                spelled(word, fixed),
            ),
        )


@word_rule(Severity.INFO)
def neutral_tone_variant(word: AnnotatedWord) -> Fault | None:
    """A neutral tone where dictionaries have a full one, or the other way round: it is optional in writing.

    Bad: 我们(wǒmén)来了。
    Bad: 西安(Xī'an)很大。
    Good: 我们(wǒmen)来了。
    Good: 学生(xuéshēng)来了。
    """
    if not word.is_sound or word.is_toneless or word.given is None or contradiction(word):
        return None
    known = word.context.readings(word.text)
    if not known or any(_is(word, way, variants=False) for way in known):
        return None
    way = next((way for way in known if _is(word, way, variants=True)), None)
    if way is None:
        return None
    listed = pinyin.spell_word(s for s in way if s)
    return Fault(f"dictionaries have {listed}", spelled(word, way))


@word_rule(Severity.INFO)
def rare_reading(word: AnnotatedWord) -> Fault | None:
    """Dictionaries list the reading, after another one that is more usual; it may be that of a region.

    Bad: 请下载(xiàzǎi)文件。
    Good: 请下载(xiàzài)文件。
    Good: 他是学生(xuésheng)。
    """
    if not word.is_sound or word.is_toneless or word.given is None:
        return None
    known = word.context.readings(word.text)
    if not known or _is(word, known[0], variants=True):
        return None
    if not any(_is(word, way, variants=True) for way in known[1:]):
        return None
    usual = pinyin.spell_word(s for s in known[0] if s)
    return Fault(f"{usual} is the more usual reading of {word.text}", spelled(word, known[0]))


@word_rule(Severity.INFO)
def other_norm(word: AnnotatedWord) -> Fault | None:
    """The reading is that of Taiwan, or one that only old texts have. In traditional text and zhuyin it is right.

    Bad: 他的成绩和(hàn)我的一样。
    Bad: 才美不外见(xiàn)。
    Good: 他的成績和(hàn)我的一樣。
    """
    if word.given is None or is_at_home(word):
        return None
    found = next(((i, name) for i in range(len(word.text)) if (name := norm(word, i))), None)
    expected = found and word.expected[found[0]]
    if found is None or expected is None or word.can_be(found[0], expected):
        return None
    given = word.given[found[0]]
    said = pinyin.spell(given) if given else ""
    return Fault(f"{word.text[found[0]]} {said} is a reading of {found[1]}; langdu would read {pinyin.spell(expected)}")


@text_rule(Severity.INFO)
def annotate_this(article: AnnotatedArticle) -> Iterator[tuple[Place, Fault]]:
    """A character with several readings is not annotated, and the model is not sure of its reading.

    Good: 我们在长春开会。
    """
    annotated = {(w.paragraph.index, i) for w in article.words for i in range(w.span.start, w.span.end)}
    for context in article.contexts:
        for i, expected in enumerate(context.expected):
            if expected is None or expected.sure is None or expected.sure >= UNSURE:
                continue
            if (context.paragraph.index, i) not in annotated:
                char = context.text[i]
                readings = ", ".join(map(pinyin.spell, lexicon.readings(char)))
                place = Place(context.paragraph.index, Span(i, i + 1), char)
                yield place, Fault(f"{char} may be {readings} here: annotate it", pinyin.spell(expected.syllable))


def _is(word: AnnotatedWord, known: Sequence[Syllable | None], *, variants: bool) -> bool:
    """Whether a reading is what is given, but for written sandhi, and, if `variants`, for neutral tones."""
    return all(
        (g is None) == (k is None)
        and (k is None or g is None or word.can_be(i, k))
        and (variants or (g and g.tone is Tone.NEUTRAL) == (k and k.tone is Tone.NEUTRAL))
        for i, (g, k) in enumerate(zip(word.given or (), known, strict=True))
    )
