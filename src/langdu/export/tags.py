"""Programme → tags: what a player shows besides the sound. Every format writes the same tags in its own way."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from langdu.export.view.words import sentences
from langdu.model import Chapter
from langdu.sound.clock import ticks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.export.programme import Programme
    from langdu.model import Picture, Track

_ISO_639_2: Final = {"zh": "zho"}
_HEADING: Final = 24


@dataclass(frozen=True, slots=True)
class TimedLine:
    """A sentence and where it starts in the sound, in samples of the file."""

    text: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What a player shows. `artist` are the voices, `album` the series or else the programme.

    `language` is an ISO 639-2 code (`zho`); `date` is that of the article, in ISO 8601. `text` is the written text,
    `lines` are its sentences. Lines and chapters are in samples, `sample_rate` a second.
    """

    title: str
    artist: str
    album: str
    language: str
    date: str | None = None
    track: int | None = None
    tracks: int | None = None
    text: str = ""
    lines: tuple[TimedLine, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    cover: Picture | None = None
    sample_rate: int = 1

    def milliseconds(self, samples: int) -> int:
        """Samples as milliseconds, rounded to the nearest, so that what touches in samples touches in milliseconds."""
        return ticks(samples, self.sample_rate, 1000)


def common_tags(title: str, voice: str, language: str, series: str | None = None) -> Tags:
    """The tags that the programme and its paragraphs have in common; `language` is a BCP 47 tag."""
    album = one_line(series or title)
    return Tags(title=one_line(title), artist=_artist(voice), album=album, language=_ISO_639_2[language[:2]])


def _artist(voice: str) -> str:
    return f"langdu {voice}"


def programme_tags(programme: Programme) -> Tags:
    """The tags of the whole programme."""
    texts: list[str] = []
    lines: list[TimedLine] = []
    for track in programme.tracks():
        texts.append(track.paragraph.text)
        lines += _lines(track, 0)
    return replace(
        common_tags(programme.title, programme.voices, programme.language, programme.rundown.series),
        date=programme.rundown.date,
        track=programme.part and programme.part[0],
        tracks=programme.part and programme.part[1],
        text="\n\n".join(texts),
        lines=tuple(lines),
        chapters=tuple(chapters(programme)),
        cover=programme.display.cover,
        sample_rate=programme.sample_rate,
    )


def chapters(programme: Programme) -> Iterator[Chapter]:
    """A chapter for each heading, or for each paragraph if there are no headings.

    Law: they touch and cover the programme.
    """
    headings = programme.rundown.headings()
    chapter: Chapter | None = None
    for track in programme.tracks():
        heading = headings.get(track.paragraph.index)
        if chapter and headings and heading is None:
            chapter = replace(chapter, end=track.end)
            continue
        if chapter:
            yield chapter
        title = one_line(heading.title) if heading else _heading(track)
        index = track.paragraph.index
        times = {"start": track.start, "end": track.end}
        chapter = Chapter(title=title, paragraph=index, heading=heading, voice=track.voice, **times)
    if chapter:
        yield chapter


def paragraph_tags(track: Track, tags: Tags, number: int, of: int) -> Tags:
    """The tags of a paragraph's own file, `number` of `of` files; `tags` are the common ones.

    The artist is who speaks in it.
    """
    return replace(
        tags,
        title=_heading(track),
        artist=_artist(", ".join(dict.fromkeys(turn.voice for turn in track.turns()))),
        track=number,
        tracks=of,
        text=track.paragraph.text,
        lines=tuple(_lines(track, track.start)),
        sample_rate=track.sample_rate,
    )


def one_line(text: str) -> str:
    r"""Text in one line, without control characters, for a field that these would end.

    >>> one_line("长春\n\t新\x00区 ")
    '长春 新 区'
    """
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f]", " ", text).split())


def _heading(track: Track) -> str:
    """The first words of a paragraph, as its title in a player."""
    text = one_line(track.paragraph.text)
    return text if len(text) <= _HEADING else text[: _HEADING - 1] + "…"


def _lines(track: Track, origin: int) -> Iterator[TimedLine]:
    """Sentences with their starts, counted from sample `origin` of the programme."""
    for sentence in sentences(track):
        begin = next((word.start for word in sentence if word.start is not None), track.start)
        text = one_line("".join(word.text for word in sentence))
        if text:
            yield TimedLine(text, begin - origin)
