"""Is it pinyin, and spelled by the rules of pinyin?"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from langdu import pinyin
from langdu.check.rule import Fault, word_rule
from langdu.check.spelling import plain_letters, spelled
from langdu.model import Severity, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.check.annotated import AnnotatedWord
    from langdu.model import Syllable

_CIRCUMFLEX: Final = "\u0302"
_DOTS: Final = re.compile("(?<=[jqxyJQXY])([uU])\u0308")
# Tilde, ring, ogonek, cedilla, dot, double acute, hook: marks of other languages.
_OTHER_MARKS: Final = frozenset("\u0303\u030a\u0328\u0327\u0307\u030b\u0309")


@word_rule(Severity.ERROR)
def not_a_syllable(word: AnnotatedWord) -> Fault | None:
    """The pinyin holds something that is no syllable of Standard Chinese.

    Bad: 我们在行动(xüngdòng)。
    Bad: 坐飞机(fēijĩ)来。
    Good: 我们在行动(xíngdòng)。
    """
    if (mark := _other_mark(word)) is not None:
        return Fault(f"{mark} is no tone mark of pinyin", spelled(word, word.expected), certain=word.is_unambiguous)
    if word.is_spelled:
        return None
    message = f"{word.annotation.written} is not spelled in pinyin syllables"
    return Fault(message, spelled(word, word.expected), certain=word.is_unambiguous)


def _other_mark(word: AnnotatedWord) -> str | None:
    """A letter of the annotation with a mark that pinyin does not have, as ĩ."""
    if not word.is_pinyin or word.letters is not None:
        return None
    return next((c for c in pinyin.normal("NFC", word.annotation.written) if _OTHER_MARKS & _marks(c)), None)


def _marks(letter: str) -> set[str]:
    return set(unicodedata.normalize("NFD", letter)[1:])


@word_rule(Severity.WARNING)
def misplaced_mark(word: AnnotatedWord) -> Fault | None:
    """The tone mark stands on the wrong vowel.

    It belongs on a, o or e; in iu and ui on the second vowel. Source: 汉语拼音方案, section 4.

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
            message = f"the tone mark of {pinyin.spell(syllable)} stands on the wrong letter"
            return Fault(message, _respelled(word), certain=True)
    return None


@word_rule(Severity.INFO)
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
            message = f"an apostrophe stands before {pinyin.spell(syllable)} inside a word"
            return Fault(message, pinyin.spell_word(word.annotation.syllables), certain=True)
    return None


@word_rule(Severity.INFO)
def look_alike_letters(word: AnnotatedWord) -> Fault | None:
    """A letter or a mark is another one that looks like it: a breve for a caron, IPA ɡ and ɑ, a full-width letter.

    A circumflex, pâo, is read as the caron that it may be upside down, and is a warning: it is no tone mark.

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
    return Fault(f"{written} has letters that only look like those of pinyin", plain, certain=True, severity=severity)


@word_rule(Severity.INFO)
def needless_dots(word: AnnotatedWord) -> Fault | None:
    """The ü after j, q, x and y is written u.

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
    return Fault("the ü after j, q, x and y is written u", plain, certain=True)


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
    return Fault(f"{word.annotation.written} has no tones", spelled(word, word.given))


def _placed(word: AnnotatedWord) -> Iterator[tuple[int, Syllable]]:
    """Each syllable with its offset among the letters; none where these spell something else."""
    syllables = word.annotation.syllables
    if word.letters is None or word.letters.text != "".join(s.base + "r" * s.erhua for s in syllables):
        return
    at = 0
    for syllable in syllables:
        yield at, syllable
        at += len(syllable.base) + syllable.erhua


def _mark(syllable: Syllable) -> int:
    """On which letter the tone mark belongs."""
    marked = pinyin.spell(syllable)
    return next(i for i, letter in enumerate(marked) if letter not in syllable.base + "r")


def _respelled(word: AnnotatedWord) -> str:
    """The same syllables, each spelled by the rules; blanks and capitals stay."""
    written, out, at = word.annotation.written, "", 0
    for (start, end), syllable in zip(
        pinyin.locate(written, word.annotation.syllables), word.annotation.syllables, strict=True
    ):
        spelling = pinyin.spell(syllable)
        out += written[at:start] + (spelling.capitalize() if written[start].isupper() else spelling)
        at = end
    return out + written[at:]
