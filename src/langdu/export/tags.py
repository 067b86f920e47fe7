"""What a player shows of a file besides its sound: the same for every format, each of which writes it its own way."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from langdu.export.view.words import sentences
from langdu.model import Chapter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.export.programme import Programme
    from langdu.model import Picture, Track

_ISO_639_2: Final = {"zh": "zho"}
_HEADING: Final = 24


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and when it begins to be said, in samples of the file."""

    text: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What a player shows. `artist` is the voice, `album` the series or else the programme.

    `language` is an ISO 639-2 code (`zho`); `date` is that of the article, as ISO 8601 writes it. `text` is what is
    said, as it is written; `lines` are its sentences, in samples of `sample_rate` a second, and so are `chapters`.
    """

    title: str
    artist: str
    album: str
    language: str
    date: str | None = None
    track: int | None = None
    tracks: int | None = None
    text: str = ""
    lines: tuple[Line, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    cover: Picture | None = None
    sample_rate: int = 1

    def milliseconds(self, samples: int) -> int:
        """Rounded to the nearest, so that what touches in samples touches in milliseconds."""
        return (2000 * samples + self.sample_rate) // (2 * self.sample_rate)


def of_all(title: str, voice: str, language: str, series: str | None = None) -> Tags:
    """The tags that the programme and each of its paragraphs have; `language` is a BCP 47 tag."""
    album = one_line(series or title)
    return Tags(title=one_line(title), artist=f"langdu {voice}", album=album, language=_ISO_639_2[language[:2]])


def of_programme(programme: Programme) -> Tags:
    """The tags of the whole: each paragraph is a chapter."""
    texts: list[str] = []
    lines: list[Line] = []
    for track in programme.tracks():
        texts.append(track.paragraph.text)
        lines += _lines(track, 0)
    return replace(
        of_all(programme.title, programme.voice, programme.language, programme.rundown.series),
        date=programme.rundown.date,
        text="\n\n".join(texts),
        lines=tuple(lines),
        chapters=tuple(chapters(programme)),
        cover=programme.display.cover,
        sample_rate=programme.sample_rate,
    )


def chapters(programme: Programme) -> Iterator[Chapter]:
    """What begins in the programme; if the programme does not say, each paragraph. Law: they touch and cover it."""
    headings = programme.rundown.headings()
    found: Chapter | None = None
    for track in programme.tracks():
        heading = headings.get(track.paragraph.index)
        if found and headings and heading is None:
            found = replace(found, end=track.end)
            continue
        if found:
            yield found
        title = one_line(heading.title) if heading else _heading(track)
        index = track.paragraph.index
        found = Chapter(title=title, paragraph=index, start=track.start, end=track.end, heading=heading)
    if found:
        yield found


def of_paragraph(track: Track, tags: Tags, number: int, of: int) -> Tags:
    """The tags of a paragraph's own file, `number` of so many: `tags` are those that all have."""
    return replace(
        tags,
        title=_heading(track),
        track=number,
        tracks=of,
        text=track.paragraph.text,
        lines=tuple(_lines(track, track.start)),
        sample_rate=track.sample_rate,
    )


def one_line(text: str) -> str:
    r"""Text for a field that has one line: without control characters, which end a field or a line.

    >>> one_line("长春\n\t新\x00区 ")
    '长春 新 区'
    """
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f]", " ", text).split())


def _heading(track: Track) -> str:
    """The first words of a paragraph, as its title in a player."""
    text = one_line(track.paragraph.text)
    return text if len(text) <= _HEADING else text[: _HEADING - 1] + "…"


def _lines(track: Track, origin: int) -> Iterator[Line]:
    """Sentences, in samples from `origin` of the programme."""
    for sentence in sentences(track):
        begin = next((word.start for word in sentence if word.start is not None), track.start)
        text = one_line("".join(word.text for word in sentence))
        if text:
            yield Line(text, begin - origin)
