"""Tracks → a document of the book and its media overlay, which says when each word of the text is heard."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.export.view.words import sentences
from langdu.model import OverlayUnit, RubyScope
from langdu.pinyin import spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.export.view.words import Word
    from langdu.model import Track

# Source: XML 1.0 (fifth edition), production 2: what no document may hold, escaped or not.
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# How many characters of a paragraph its entry in the table of contents shows.
_ENTRY: Final = 24


def clean(text: str) -> str:
    """Text in which U+FFFD replaces what XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)


def plain(text: str) -> str:
    r"""Text escaped for XML.

    >>> ascii(plain("<b>&\x00"))
    "'&lt;b&gt;&amp;\\ufffd'"
    """
    return escape(clean(text))


class _Par(NamedTuple):
    """A `par` of the overlay: `element` is marked while `[start, end)` is heard, in samples of the programme.

    `sentence` is the id of the sentence that the element is in.
    """

    element: str
    sentence: str
    start: int
    end: int


class ContentDocument:
    """A document of the book, with its media overlay, that takes paragraph after paragraph.

    Its sound, one file, is `[start, end)` in samples of the programme; `start` is None while there is none.
    Law: the clips of the overlay cover the sound.
    """

    def __init__(self, number: int, *, title: str, language: str, ruby: RubyScope, overlay: OverlayUnit) -> None:
        self.number = number
        self.text_name = f"text-{number}.xhtml"
        self.audio_name = f"audio/{number:03}.m4a"
        self.characters = 0
        self.start: int | None = None
        self.end = 0
        self._sample_rate = 0
        self._title = title
        self._language = language
        self._ruby = ruby
        self._per_word = overlay is OverlayUnit.WORD
        self._paragraphs: list[str] = []
        self._overlays: list[str] = []

    @property
    def overlay_name(self) -> str | None:
        """The file of the overlay; None if the document has no sound."""
        return f"text-{self.number}.smil" if self._overlays else None

    @property
    def seconds(self) -> float:
        """How long the sound is."""
        return 0.0 if self.start is None else (self.end - self.start) / self._sample_rate

    def add(self, track: Track, number: int) -> tuple[str, str]:
        """Add paragraph `number` of the programme, counted from 1. Returns its address and its first words."""
        of_sentences = list(sentences(track))
        tag = "p" if not track.paragraph.is_title else "h1" if track.paragraph.index < 0 else "h2"
        inside = "".join(_sentence(words, name, self._ruby) for name, words in _named(of_sentences, number))
        self._paragraphs.append(f'<{tag} id="p{number}">{inside}</{tag}>\n')
        self.characters += len(track.paragraph.text)
        if track.end > track.start:
            self.start = track.start if self.start is None else self.start
            self.end, self._sample_rate = track.end, track.sample_rate
            self._overlays.append(self._overlay(track, number, of_sentences, self.start))
        text = clean(" ".join(track.paragraph.text.split()))
        label = text if len(text) <= _ENTRY else text[: _ENTRY - 1] + "…"
        return f"{self.text_name}#p{number}", label or "…"

    def _overlay(self, track: Track, number: int, of_sentences: Sequence[Sequence[Word]], first: int) -> str:
        out = []
        in_order = _pars(track, number, of_sentences, per_word=self._per_word)
        for sentence, group in groupby(in_order, key=lambda par: par.sentence):
            pars = "".join(self._par(par, first, track.sample_rate) for par in group)
            out.append(f'<seq epub:textref="{self.text_name}#{sentence}">\n{pars}</seq>\n' if self._per_word else pars)
        return "".join(out)

    def _par(self, par: _Par, first: int, rate: int) -> str:
        # Clips that touch must also touch as they are written: where the end of one is the beginning of the next, a
        # reading system lets the sound run on; otherwise it seeks, which is audible.
        begin, end = (f"{(at - first) / rate:.4f}s" for at in (par.start, par.end))
        return (
            f'<par><text src="{self.text_name}#{par.element}"/>'
            f'<audio src="{self.audio_name}" clipBegin="{begin}" clipEnd="{end}"/></par>\n'
        )

    def text(self) -> str:
        """The document."""
        return document(self._title, self._language, f"<main>\n{''.join(self._paragraphs)}</main>\n")

    def smil(self) -> str:
        """The overlay (EPUB 3.3, 9.2)."""
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            '<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">\n'
            f'<body epub:textref="{self.text_name}">\n{"".join(self._overlays)}</body>\n</smil>\n'
        )


def document(title: str, language: str, body: str) -> str:
    """An XHTML document (EPUB 3.3, 6.1); `body` is markup, the rest is plain text."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{language}" xml:lang="{language}">\n<head>\n<title>{plain(title)}</title>\n'
        '<link rel="stylesheet" type="text/css" href="style.css"/>\n</head>\n'
        f"<body>\n{body}</body>\n</html>\n"
    )


def _named(of_sentences: Sequence[Sequence[Word]], number: int) -> Iterator[tuple[str, list[tuple[str, Word]]]]:
    """The ids of sentences and words: p2s1 is the first sentence of the second paragraph, p2w3 its third word."""
    word_number = 0
    for i, words in enumerate(of_sentences, 1):
        named = []
        for word in words:
            word_number += 1
            named.append((f"p{number}w{word_number}", word))
        yield f"p{number}s{i}", named


def _sentence(words: Sequence[tuple[str, Word]], name: str, ruby: RubyScope) -> str:
    """A sentence, in which each spoken word has an id so that it can be marked."""
    inside = (
        _word(word, ruby) if word.start is None else f'<span id="{word_name}">{_word(word, ruby)}</span>'
        for word_name, word in words
    )
    return f'<span id="{name}">{"".join(inside)}</span>'


def _word(word: Word, ruby: RubyScope) -> str:
    """A word with pinyin over each hanzi if `ruby` is `all`, or `annotated` and the article gives a reading."""
    if ruby is RubyScope.NONE or (ruby is RubyScope.ANNOTATED and not word.annotated):
        return plain(word.text)
    over: list[tuple[str, str]] = []
    erhua = False
    for character, reading in zip(word.text, word.readings, strict=True):
        if erhua and reading is None:  # 儿, whose r belongs to the syllable before it
            over[-1] = (over[-1][0] + character, over[-1][1])
        else:
            over.append((character, spell(reading) if reading else ""))
        erhua = bool(reading and reading.erhua)
    out = []  # without rp, which EPUB 3.3, 6.1.4.3.2 discourages because every reading system shows ruby
    for has_pinyin, pieces in groupby(over, key=lambda piece: bool(piece[1])):
        markup = "".join(f"{plain(text)}<rt>{pinyin}</rt>" if has_pinyin else plain(text) for text, pinyin in pieces)
        out.append(f"<ruby>{markup}</ruby>" if has_pinyin else markup)
    return "".join(out)


def _pars(track: Track, number: int, of_sentences: Sequence[Sequence[Word]], *, per_word: bool) -> Iterator[_Par]:
    """The clips of a paragraph. A pause belongs to what is heard before it.

    Laws: they touch and cover the paragraph's sound.
    """
    begins: list[tuple[str, str, int]] = []
    for sentence, words in _named(of_sentences, number):
        spoken = [(name, sentence, word.start) for name, word in words if word.start is not None]
        begins += spoken if per_word else [(sentence, sentence, spoken[0][2])] if spoken else []
    if not begins:  # sound without timings
        begins = [(f"p{number}s1", f"p{number}s1", track.start)]
    bounds = [track.start, *(start for _, _, start in begins[1:]), track.end]
    for (element, sentence, _), (start, end) in zip(begins, pairwise(bounds), strict=True):
        yield _Par(element, sentence, start, end)
