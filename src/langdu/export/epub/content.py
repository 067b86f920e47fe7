"""Tracks → one document of a book and its media overlay: which word of the text is heard when."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.export.view.words import sentences
from langdu.pinyin import spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.export.view.words import Word
    from langdu.model import Track

# Source: XML 1.0 (fifth edition), production 2: what no document may hold, escaped or not.
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# How much of a paragraph its entry in the table of contents shows.
_ENTRY: Final = 24


def clean(text: str) -> str:
    """Text in which what XML cannot hold is shown as missing."""
    return _NO_XML.sub("\ufffd", text)


def plain(text: str) -> str:
    r"""Text as XML, in which nothing is markup.

    >>> ascii(plain("<b>&\x00"))
    "'&lt;b&gt;&amp;\\ufffd'"
    """
    return escape(clean(text))


class _Clip(NamedTuple):
    """What is marked while `[start, end)` is heard, in samples of the paragraph; `sentence` is what it is part of."""

    element: str
    sentence: str
    start: int
    end: int


class Part:
    """A document that takes paragraph after paragraph. The clips of its overlay cover each paragraph's sound."""

    def __init__(self, number: int, *, title: str, language: str, ruby: str, overlay: str) -> None:
        self.number = number
        self.text_name = f"text-{number}.xhtml"
        self.characters = 0
        self.seconds = 0.0
        self._title = title
        self._language = language
        self._ruby = ruby
        self._per_word = overlay == "word"
        self._paragraphs: list[str] = []
        self._clips: list[str] = []

    @property
    def overlay_name(self) -> str | None:
        """The file of the overlay, None if nothing in the document is heard."""
        return f"text-{self.number}.smil" if self._clips else None

    @staticmethod
    def audio_name(number: int) -> str:
        """The file with the sound of a paragraph; the first is 1."""
        return f"audio/{number:03}.m4a"

    def add(self, track: Track, number: int) -> tuple[str, str]:
        """Add a paragraph; `number` is its place in the programme. Gives its address and what it begins with."""
        of_sentences = list(sentences(track))
        tag = "p" if not track.paragraph.is_title else "h1" if track.paragraph.index < 0 else "h2"
        inside = "".join(_sentence(words, name, self._ruby) for name, words in _named(of_sentences, number))
        self._paragraphs.append(f'<{tag} id="p{number}">{inside}</{tag}>\n')
        self.characters += len(track.paragraph.text)
        if track.end > track.start:
            self.seconds += (track.end - track.start) / track.sample_rate
            self._clips.append(self._overlay(track, number, of_sentences))
        text = clean(" ".join(track.paragraph.text.split()))
        label = text if len(text) <= _ENTRY else text[: _ENTRY - 1] + "…"
        return f"{self.text_name}#p{number}", label or "…"

    def _overlay(self, track: Track, number: int, of_sentences: Sequence[Sequence[Word]]) -> str:
        out = []
        clips = _clips(track, number, of_sentences, per_word=self._per_word)
        for sentence, group in groupby(clips, key=lambda clip: clip.sentence):
            pars = "".join(self._par(clip, number, track.sample_rate) for clip in group)
            out.append(f'<seq epub:textref="{self.text_name}#{sentence}">\n{pars}</seq>\n' if self._per_word else pars)
        return "".join(out)

    def _par(self, clip: _Clip, number: int, rate: int) -> str:
        # Clips that touch must touch as they are written too: a reading system that finds the end of one at the
        # beginning of the next lets the sound run on, and else it seeks, which is heard.
        begin, end = (f"{at / rate:.4f}s" for at in (clip.start, clip.end))
        return (
            f'<par><text src="{self.text_name}#{clip.element}"/>'
            f'<audio src="{self.audio_name(number)}" clipBegin="{begin}" clipEnd="{end}"/></par>\n'
        )

    def text(self) -> str:
        """The document."""
        return document(self._title, self._language, f"<main>\n{''.join(self._paragraphs)}</main>\n")

    def smil(self) -> str:
        """The overlay (EPUB 3.3, 9.2)."""
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            '<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">\n'
            f'<body epub:textref="{self.text_name}">\n{"".join(self._clips)}</body>\n</smil>\n'
        )


def document(title: str, language: str, body: str) -> str:
    """An XHTML document (EPUB 3.3, 6.1); `body` is markup, the others are text."""
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


def _sentence(words: Sequence[tuple[str, Word]], name: str, ruby: str) -> str:
    """A sentence; a word that is heard can be marked in it."""
    inside = (
        _word(word, ruby) if word.start is None else f'<span id="{word_name}">{_word(word, ruby)}</span>'
        for word_name, word in words
    )
    return f'<span id="{name}">{"".join(inside)}</span>'


def _word(word: Word, ruby: str) -> str:
    """A word with the pinyin of each hanzi over it, if the choice is `all`, or `annotated` and the article gives it."""
    if ruby == "none" or (ruby == "annotated" and not word.annotated):
        return plain(word.text)
    over: list[tuple[str, str]] = []
    erhua = False
    for character, reading in zip(word.text, word.readings, strict=True):
        if erhua and reading is None:  # the 儿, whose r the syllable before it has
            over[-1] = (over[-1][0] + character, over[-1][1])
        else:
            over.append((character, spell(reading) if reading else ""))
        erhua = bool(reading and reading.erhua)
    out = []  # without rp: every reading system shows ruby, so it is discouraged (EPUB 3.3, 6.1.4.3.2)
    for read, pieces in groupby(over, key=lambda piece: bool(piece[1])):
        each = (f"{plain(text)}<rt>{said}</rt>" if read else plain(text) for text, said in pieces)
        out.append(f"<ruby>{''.join(each)}</ruby>" if read else "".join(each))
    return "".join(out)


def _clips(track: Track, number: int, of_sentences: Sequence[Sequence[Word]], *, per_word: bool) -> Iterator[_Clip]:
    """Laws: they cover the paragraph's sound, and touch. A pause belongs to what is heard before it."""
    begins: list[tuple[str, str, int]] = []
    for sentence, words in _named(of_sentences, number):
        said = [(name, sentence, word.start) for name, word in words if word.start is not None]
        begins += said if per_word else [(sentence, sentence, said[0][2])] if said else []
    if not begins:  # sound of which nothing is known
        begins = [(f"p{number}s1", f"p{number}s1", track.start)]
    bounds = [track.start, *(start for _, _, start in begins[1:]), track.end]
    for (element, sentence, _), (start, end) in zip(begins, pairwise(bounds), strict=True):
        yield _Clip(element, sentence, start - track.start, end - track.start)
