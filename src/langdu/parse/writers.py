"""Article → text, with its annotations in any style."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from langdu.model import AnnotationStyle, Tone
from langdu.pinyin import number, spell, spell_word, with_tone, zhuyin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from langdu.model import Article, Paragraph, Syllable


def annotate(article: Article, style: AnnotationStyle) -> str:
    r"""The article with every annotation in one style: plain text, a blank line between paragraphs; ruby is a page.

    Law: parsing the result gives the same texts with the same syllables. The style plain has no syllables, and toneless
    no tones.

    >>> from langdu.model import Source
    >>> from langdu.parse.parser import parse_article
    >>> annotate(parse_article(Source("-", "春天(chun1 tian1)来了。")), AnnotationStyle.BRACKETS)
    '春天(chūntiān)来了。\n'
    """
    if style is AnnotationStyle.RUBY:
        return _page(article)
    write = _WRITERS[style]
    return "\n\n".join(_line(paragraph, write) for paragraph in article.spoken_order()) + "\n"


def _line(paragraph: Paragraph, write: Callable[[str, Sequence[Syllable]], str]) -> str:
    return "".join(write(run.text, run.annotation.syllables) if run.annotation else run.text for run in paragraph.runs)


def _brackets(text: str, syllables: Sequence[Syllable]) -> str:
    return f"{text}({spell_word(syllables)})"


def _numbers(text: str, syllables: Sequence[Syllable]) -> str:
    return f"{text}({' '.join(map(number, syllables))})"


def _zhuyin(text: str, syllables: Sequence[Syllable]) -> str:
    written = [zhuyin.spell(syllable) for syllable in syllables]
    return f"{text}({' '.join(written)})" if all(written) else _brackets(text, syllables)


def _toneless(text: str, syllables: Sequence[Syllable]) -> str:
    return _brackets(text, [with_tone(syllable, Tone.NEUTRAL) for syllable in syllables])


def _plain(text: str, _: Sequence[Syllable]) -> str:
    return text


_WRITERS = {
    AnnotationStyle.BRACKETS: _brackets,
    AnnotationStyle.NUMBERS: _numbers,
    AnnotationStyle.ZHUYIN: _zhuyin,
    AnnotationStyle.TONELESS: _toneless,
    AnnotationStyle.PLAIN: _plain,
}


# --- ruby -----------------------------------------------------------------------------------------------------------


def _page(article: Article) -> str:
    """The article as a page of HTML with ruby."""
    title = f"<h1>{_html(article.title)}</h1>\n" if article.title else ""
    name = html.escape(article.title.text if article.title else article.source.stem)
    body = "".join(f"<p>{_html(paragraph)}</p>\n" for paragraph in article.paragraphs)
    return (
        f'<!DOCTYPE html>\n<html lang="{article.language}">\n<head><meta charset="utf-8"><title>{name}</title></head>\n'
        f"<body>\n{title}{body}</body>\n</html>\n"
    )


def _html(paragraph: Paragraph) -> str:
    return "".join(
        _ruby(run.text, run.annotation.syllables) if run.annotation else html.escape(run.text, quote=False)
        for run in paragraph.runs
    )


def _ruby(text: str, syllables: Sequence[Syllable]) -> str:
    base, pinyin = html.escape(text, quote=False), " ".join(map(spell, syllables))
    return f"<ruby>{base}<rp>(</rp><rt>{pinyin}</rt><rp>)</rp></ruby>"
