"""Rules on the spelling of pinyin."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from langdu import pinyin
from langdu.check.rule import Corrects, Fault, says, word_rule
from langdu.check.suggestion import plain_letters, spelled
from langdu.model import Severity, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.check.annotated import AnnotatedWord
    from langdu.model import Syllable

_CIRCUMFLEX: Final = "\u0302"
_DOTS: Final = re.compile("(?<=[jqxyJQXY])([uU])\u0308")


@word_rule(Severity.WARNING, Corrects.SPELLING)
def misplaced_mark(word: AnnotatedWord) -> Fault | None:
    """The tone mark stands on the wrong vowel.

    It belongs on a, o or e, and in iu and ui on the second vowel. Source: 汉语拼音方案, section 4.

    Bad: 这个项目(xìangmù)。
    Bad: 他很会(hùi)说。
    Good: 这个项目(xiàngmù)。
    Good: 他很会(hui4)说。
    """
    if word.letters is None or not word.is_sound:
        return None
    for start, syllable in _placed(word):
        marked = [i - start for i in range(start, start + len(syllable.base)) if i in word.letters.tones]
        if syllable.tone is not Tone.NEUTRAL and marked != [_mark(syllable)] and not word.letters.digits:
            message = says("the tone mark of {right} stands on the wrong letter", right=pinyin.spell(syllable))
            return Fault(message, _respelled(word), certain=True)
    return None


@word_rule(Severity.INFO, Corrects.SPELLING)
def missing_apostrophe(word: AnnotatedWord) -> Fault | None:
    """A syllable that begins with a, o or e follows another without an apostrophe.

    Source: GB/T 16159-2012, 6.1.5.

    Bad: 他有一个方案(fāngàn)。
    Good: 他有一个方案(fāng'àn)。
    Good: 他有一个方案(fāng àn)。
    """
    if word.letters is None or not word.is_sound:
        return None
    for start, syllable in _placed(word):
        if start and syllable.base[0] in "aoe" and start not in word.letters.breaks:
            message = says("an apostrophe is missing before {syllable} inside a word", syllable=pinyin.spell(syllable))
            return Fault(message, pinyin.spell_word(word.annotation.syllables), certain=True)
    return None


@word_rule(Severity.INFO, Corrects.SPELLING)
def look_alike_letters(word: AnnotatedWord) -> Fault | None:
    """A letter or mark only looks like the right one: a breve for a caron, IPA ɡ and ɑ, a full-width letter.

    A circumflex, pâo, is read as a caron and is a warning: it is not a tone mark.

    Bad: 你好(nĭhăo)。
    Bad: 快跑(pâo)。
    Bad: 这里很光(ɡuānɡ)。
    Good: 你好(nǐhǎo)。
    """
    written = word.annotation.written
    if word.letters is None or not word.is_sound:
        return None
    plain = plain_letters(written)
    if plain == pinyin.normal("NFC", written):
        return None
    severity = Severity.WARNING if _CIRCUMFLEX in pinyin.normal("NFKD", written) else None
    message = says("{written} has letters that only look like those of pinyin", written=written)
    return Fault(message, plain, certain=True, severity=severity)


@word_rule(Severity.INFO, Corrects.SPELLING)
def needless_dots(word: AnnotatedWord) -> Fault | None:
    """After j, q, x and y, ü is written u.

    Source: 汉语拼音方案, section 3.

    Bad: 他去(qǜ)了。
    Good: 他去(qù)了。
    Good: 一个女(nǚ)人。
    """
    if not word.is_pinyin or word.letters is None or not word.is_sound:
        return None
    written = pinyin.normal("NFKD", word.annotation.written)
    if not _DOTS.search(written):
        return None
    plain = unicodedata.normalize("NFC", _DOTS.sub(r"\1", written))
    return Fault(says("after j, q, x and y, ü is written u"), plain, certain=True)


@word_rule(Severity.INFO)
def no_tones(word: AnnotatedWord) -> Fault | None:
    """The pinyin has no tones.

    Bad: 他们在吃饭(chi fan)。
    Good: 他们在吃饭(chī fàn)。
    Good: 这是我的(de)。
    """
    if not word.is_toneless or not word.is_sound or word.given is None:
        return None
    if all(s is None or s.tone is Tone.NEUTRAL for s in word.given):
        return None
    return Fault(says("{written} has no tones", written=word.annotation.written), spelled(word, word.given))


@word_rule(Severity.WARNING, Corrects.SPELLING)
def unclosed_bracket(word: AnnotatedWord) -> Fault | None:
    """The bracket around the pinyin is not closed.

    Bad: 我们去北京(běijīng。天很冷。
    Good: 我们去北京(běijīng)。天很冷。
    """
    if word.annotation.is_closed:
        return None
    written = word.annotation.written
    return Fault(says("the bracket is not closed"), f"{written})")


def _placed(word: AnnotatedWord) -> Iterator[tuple[int, Syllable]]:
    """Each syllable with its offset among the letters; nothing if the letters do not spell the syllables."""
    syllables = word.annotation.syllables
    if word.letters is None or word.letters.text != "".join(s.base + "r" * s.erhua for s in syllables):
        return
    at = 0
    for syllable in syllables:
        yield at, syllable
        at += len(syllable.base) + syllable.erhua


def _mark(syllable: Syllable) -> int:
    """The index of the letter that carries the tone mark."""
    marked = pinyin.spell(syllable)
    return next(i for i, letter in enumerate(marked) if letter not in syllable.base + "r")


def _respelled(word: AnnotatedWord) -> str:
    """The same syllables, each spelled by the rules; spaces and capitals stay."""
    written, out, at = word.annotation.written, "", 0
    for (start, end), syllable in zip(
        pinyin.locate(written, word.annotation.syllables), word.annotation.syllables, strict=True
    ):
        spelling = pinyin.spell(syllable)
        out += written[at:start] + (spelling.capitalize() if written[start].isupper() else spelling)
        at = end
    return out + written[at:]
