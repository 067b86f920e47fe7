"""Rules on what is worth knowing but not wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from langdu import lexicon, pinyin
from langdu.check.accepted import is_at_home
from langdu.check.rule import Corrects, Fault, UnannotatedText, article_rule, says, word_rule
from langdu.check.rules.context import contradiction, habitual_citation, habitual_sandhi, heard_tones, sandhi_kind
from langdu.check.suggestion import spelled
from langdu.marks import HANZI
from langdu.model import Kind, Severity, Span, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.check.annotated import AnnotatedArticle, AnnotatedWord
    from langdu.model import Syllable

# Below this probability the model is no better than a hesitating reader.
UNSURE: Final = 0.6
_OFTEN_AS_HEARD: Final = (
    "{char} is written as heard, {heard}, {n} times in the article (reported once); dictionaries have {listed}"
)
_THIRD_TONES_AS_HEARD: Final = (
    "third tones are written as heard, {heard} for {char}, {n} times in the article (reported once); "
    "dictionaries have {listed}"
)


@word_rule(Severity.INFO)
def other_character(word: AnnotatedWord) -> Fault | None:
    """The pinyin stands after one character but belongs to another one of the word.

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
    message = "{written} stands after {beside} and is the reading of {word}"
    return Fault(says(message, written=word.annotation.written, beside=beside, word=word.text))


@word_rule(Severity.INFO)
def written_twice(word: AnnotatedWord) -> Fault | None:
    """The same annotation is written several times in a row.

    Bad: 我们在行动(xíngdòng)(xíngdòng)。
    Good: 我们在行动(xíngdòng)。
    """
    if word.annotation.times < 2:
        return None
    written = word.annotation.written
    return Fault(says("{written} is written {n} times", written=written, n=word.annotation.times), written)


@word_rule(Severity.INFO)
def homophone(word: AnnotatedWord) -> Fault | None:
    """The reading is given by a homophone instead of pinyin.

    Bad: 驻(助)村干部。
    Good: 驻(zhù)村干部。
    """
    if word.annotation.kind is not Kind.HOMOPHONE or word.given is None:
        return None
    reading = pinyin.spell_word(word.annotation.syllables)
    message = says("{written} stands for the reading {reading}", written=word.annotation.written, reading=reading)
    return Fault(message, reading)


@article_rule(Severity.INFO, Corrects.TONE_VARIANT)
def written_sandhi(article: AnnotatedArticle) -> Iterator[tuple[AnnotatedWord, Fault]]:
    """The pinyin has the tone that is heard, after sandhi; dictionaries write the tone before sandhi. Both are right.

    If the author often writes third tones, 一 or 不 so, only the first place is reported.

    Bad: 另一方面(lìngyìfāngmiàn)很好。
    Good: 另一方面(lìngyīfāngmiàn)很好。
    """
    as_listed, as_heard = habitual_citation(article), habitual_sandhi(article)
    told: set[str] = set()
    for word in article.words:
        heard = {i: (sandhi_kind(word.text[i], known), known) for i, known in heard_tones(word)}
        left = [i for i, (kind, _) in heard.items() if kind not in told]
        if not left or any(kind in as_listed for kind, _ in heard.values()):
            continue
        kind, known = heard[left[0]]
        fixed = [heard[i][1] if i in heard else s for i, s in enumerate(word.given or ())]
        given = (word.given or ())[left[0]] or known
        values = {"char": word.text[left[0]], "heard": pinyin.spell(given), "listed": pinyin.spell(known)}
        if kind in as_heard:
            told.add(kind)
            text = _THIRD_TONES_AS_HEARD if known.tone is Tone.LOW else _OFTEN_AS_HEARD
            message = says(text, n=as_heard[kind], **values)
        else:
            message = says("{char} is written as heard, {heard}; dictionaries have {listed}", **values)
        yield word, Fault(message, spelled(word, fixed))


@word_rule(Severity.INFO, Corrects.TONE_VARIANT)
def neutral_tone_variant(word: AnnotatedWord) -> Fault | None:
    """A neutral tone where dictionaries have a full one, or the reverse: writing the neutral tone is optional.

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
    return Fault(says("dictionaries have {listed}", listed=listed), spelled(word, way))


@word_rule(Severity.INFO)
def rare_reading(word: AnnotatedWord) -> Fault | None:
    """Dictionaries list the reading, but after a more usual one; it may be regional.

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
    if (against := contradiction(word)) and against.is_sure:  # wrong-in-context tells it
        return None
    usual = pinyin.spell_word(s for s in known[0] if s)
    message = says("{usual} is the more usual reading of {word}", usual=usual, word=word.text)
    return Fault(message, spelled(word, known[0]))


@word_rule(Severity.INFO)
def other_norm(word: AnnotatedWord) -> Fault | None:
    """The reading is from Taiwan or from old texts. In traditional text and zhuyin it is right.

    Bad: 他的成绩和(hàn)我的一样。
    Bad: 食(sì)马者不知其能。
    Good: 他的成績和(hàn)我的一樣。
    """
    if word.given is None or is_at_home(word):
        return None
    at = next((i for i in range(len(word.text)) if word.norm(i)), None)
    expected = None if at is None else word.expected[at]
    if at is None or expected is None or word.can_be(at, expected):
        return None
    given = word.given[at]
    theirs = pinyin.spell(given) if given else ""
    # The name of the norm is no value: in another language it is another name.
    message = f"{{char}} {{given}} is a reading of {word.norm(at)}; langdu would read {{expected}}"
    return Fault(says(message, char=word.text[at], given=theirs, expected=pinyin.spell(expected)))


@article_rule(Severity.INFO)
def annotate_this(article: AnnotatedArticle) -> Iterator[tuple[UnannotatedText, Fault]]:
    """A character with several readings is not annotated, and langdu is not sure how to read it.

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
                text = UnannotatedText(context.paragraph.index, Span(i, i + 1), char)
                message = says("{char} may be {readings} here: annotate it", char=char, readings=readings)
                yield text, Fault(message, pinyin.spell(expected.syllable))


def _is(word: AnnotatedWord, known: Sequence[Syllable | None], *, variants: bool) -> bool:
    """Whether a reading is the given one, apart from written sandhi and, with `variants`, neutral tones."""
    return all(
        (g is None) == (k is None)
        and (k is None or g is None or word.can_be(i, k))
        and (variants or (g and g.tone is Tone.NEUTRAL) == (k and k.tone is Tone.NEUTRAL))
        for i, (g, k) in enumerate(zip(word.given or (), known, strict=True))
    )
