"""Articles → a rundown: an opening with the date, the headlines, the stories, a closing.

What langdu adds are texts in which {title}, {date}, {weekday} and {count} stand for what they say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from langdu import marks
from langdu.model import Article, Heading, Paragraph, Run, Rundown, Section, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

_WEEKDAYS: Final = "一二三四五六日"
# A sentence left hanging says too little by itself: 他说“走吧……我们回家。”
_HANGING: Final = re.compile(rf"…[{marks.CLOSING}\s]*\Z")
# What a file is called may look like an address of another kind, which a player would run.
_ADDRESS: Final = re.compile("https?://")
_PLACES: Final = re.compile(r"\{(title|date|weekday|count)\}")
# A title that is made of a sentence shows no more of it.
_LONGEST: Final = 24
# Two articles are the same if so many of the shorter one's characters stand in paragraphs that both have; with titles
# that differ they must be more than the same few words around two stories.
_SAME: Final = 0.8
_MORE: Final = 60
_OPENING, _HEADLINES, _CLOSING = Heading("开场"), Heading("内容提要"), Heading("结束语")
# Milliseconds: of music alone, before the opening, the closing, and at the end; of silence around a chime.
_ALONE: Final = 4000
_AGAIN: Final = 2500
_TAIL: Final = 6000
AROUND: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is said around the stories; "" is nothing. `headlines` is said before them, if there are several stories."""

    opening: str = "{title}。今天是{date}，{weekday}。"
    headlines: str = "首先来听内容提要。"
    closing: str = "以上就是今天的全部内容，感谢收听。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounds:
    """What is heard besides the voice: music under the opening and the closing, or under all; a chime of so many ms."""

    music: bool = False
    everywhere: bool = False
    chime: int = 0


def filled(wording: str, title: str, day: date, count: int) -> str:
    """A text with what its places say.

    >>> from datetime import date
    >>> filled("{title}。今天是{date}，{weekday}。", "今日要闻。", date(2026, 11, 25), 5)
    '今日要闻。今天是2026年11月25日，星期三。'
    """
    said = {
        "title": title.rstrip("。.！？!?") if "{title}。" in wording else title,
        "date": f"{day.year}年{day.month}月{day.day}日",
        "weekday": f"星期{_WEEKDAYS[day.weekday()]}",
        "count": str(count),
    }
    return _PLACES.sub(lambda place: said[place[1]], wording)


def headline(article: Article) -> Paragraph:
    """What an article is announced by: its title, or else its first sentence."""
    if article.title is not None:
        return article.title
    first = next(each for each in article.paragraphs if each.text.strip())
    sentences = (first.text[:end] for end in marks.sentence_ends(first.text))
    sentence = next((text.rstrip() for text in sentences if not _HANGING.search(text)), None)
    return first if sentence is None else Paragraph(first.index, tuple(_until(first.runs, len(sentence))))


def same(one: Article, other: Article) -> bool:
    """Whether two articles are copies of one, however much furniture stands around one of them."""
    texts, others = ({each.text for each in article.paragraphs} for article in (one, other))
    both = sum(map(len, texts & others))
    titles = {article.title.text for article in (one, other) if article.title}
    return both > (_MORE if len(titles) > 1 else 0) and both >= _SAME * min(sum(map(len, texts)), sum(map(len, others)))


def rundown(  # noqa: PLR0913 - a brief is made of all of these
    title: str,
    day: date,
    articles: Sequence[Article],
    wording: Wording,
    parse: Callable[[str], Paragraph],
    *,
    lead: int | None = None,
    sounds: Sounds,
) -> Rundown:
    """The programme of some articles; `lead` is how many paragraphs are read of each, None for all.

    `parse` gives the paragraph of a text that may be annotated. The programme's title has its date, so that each day
    has its own.
    """
    said = [filled(text, title, day, len(articles)) for text in (wording.opening, wording.headlines, wording.closing)]
    opening, headlines, closing = (_own(text, parse) if text.strip() else None for text in said)
    before: list[Section] = []
    if opening:
        before.append(_section(opening, _OPENING))
    if headlines and len(articles) > 1:
        before.append(_section(headlines, None if opening else _HEADLINES))
        before += [Section(article=each, paragraphs=(headline(each),)) for each in articles]
    stories = [_story(article, lead) for article in articles]
    after = [_section(closing, _CLOSING)] if closing else []
    series = parse(title).text
    return Rundown(
        title=f"{series} {day.isoformat()}",
        series=series,
        sections=tuple(_numbered(_with_sounds(before, stories, after, sounds))),
        language=articles[0].language,
        date=day.isoformat(),
        tail=_TAIL if sounds.music and (closing or sounds.everywhere) else 0,
    )


def _with_sounds(
    before: list[Section], stories: list[Section], after: list[Section], sounds: Sounds
) -> Iterator[Section]:
    """The sections with room for what is heard besides the voice."""
    music, everywhere = sounds.music, sounds.music and sounds.everywhere
    for part, bed, alone in ((before, music, _ALONE), (stories, everywhere, 0), (after, music, _AGAIN)):
        for i, section in enumerate(part):
            chime = bool(sounds.chime) and part is stories
            room = sounds.chime + 2 * AROUND if chime else 0
            yield replace(section, lead=max(room, alone if bed and i == 0 else 0), chime=chime, bed=bed)


def _own(text: str, parse: Callable[[str], Paragraph]) -> Article:
    """A text of langdu's own, or of the user's, as an article."""
    return Article(source=Source("-", text), title=None, paragraphs=(parse(text),))


def _section(article: Article, heading: Heading | None) -> Section:
    return Section(article=article, paragraphs=article.paragraphs, heading=heading)


def _story(article: Article, lead: int | None) -> Section:
    paragraphs = (*filter(None, [article.title]), *article.paragraphs[:lead])
    return Section(article=article, paragraphs=paragraphs, heading=_heading(article))


def _heading(article: Article) -> Heading:
    text, name = " ".join(headline(article).text.split()), article.source.name
    if article.title is None and len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    address = _public(name) if _ADDRESS.match(name) else None
    return Heading(text, article.origin or (urlsplit(name).hostname if address else None), address, is_story=True)


def _public(address: str) -> str:
    """An address without the name and password that it may hold."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _numbered(sections: Iterable[Section]) -> Iterator[Section]:
    """Each paragraph with its place in the programme for an index; only stories have titles that are headings."""
    at = 0
    for section in sections:
        paragraphs = []
        for each in section.paragraphs:
            is_title = each.is_title and section.heading is not None
            paragraphs.append(replace(each, index=at, is_title=is_title))
            at += 1
        yield replace(section, paragraphs=tuple(paragraphs))


def _until(runs: Iterable[Run], end: int) -> Iterator[Run]:
    """The runs of the first `end` characters; an annotated one is never cut."""
    at = 0
    for run in runs:
        if at >= end:
            return
        yield run if run.annotation or at + len(run.text) <= end else replace(run, text=run.text[: end - at])
        at += len(run.text)
