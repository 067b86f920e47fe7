"""Articles → a rundown: an opening with the date, the headlines, the stories, a closing.

In the texts that langdu adds, {title}, {date}, {weekday} and {count} are placeholders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from langdu import marks
from langdu.model import Article, Heading, Paragraph, Run, Rundown, Section, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

_WEEKDAYS: Final = "一二三四五六日"
# A sentence that trails off says too little by itself: 他说“走吧……我们回家。”
_HANGING: Final = re.compile(rf"…[{marks.CLOSING}\s]*\Z")
# Only these are links. A file's name may look like an address of another kind, which a player would execute.
_ADDRESS: Final = re.compile("https?://")
_PLACEHOLDERS: Final = ("{title}", "{date}", "{weekday}", "{count}")
_PLACES: Final = re.compile(r"\{(title|date|weekday|count)\}")
# The longest title that is taken from a sentence, in characters.
_LONGEST: Final = 24
# Two articles are the same if this share of the shorter one's characters is in paragraphs that both have. If their
# titles differ, it must also be more characters than the few words that a site puts around every story.
_SAME: Final = 0.8
_MORE: Final = 60
_OPENING, _HEADLINES, _CLOSING = Heading("开场"), Heading("内容提要"), Heading("结束语")
# Milliseconds of music alone: before the opening, before the closing, and at the end.
_BEFORE_OPENING_MS: Final = 4000
_BEFORE_CLOSING_MS: Final = 2500
_TAIL_MS: Final = 6000
# Milliseconds of silence on either side of a chime.
AROUND_MS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is said around the stories; "" for nothing. `headlines` introduces them, if there are several stories."""

    opening: str = "{title}。今天是{date}，{weekday}。"
    headlines: str = "首先来听内容提要。"
    closing: str = "以上就是今天的全部内容，感谢收听。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounds:
    """What is heard beside the voice: music under the opening and the closing, or everywhere, and a chime.

    `chime_ms` is the length of the chime, 0 if there is none.
    """

    music: bool = False
    everywhere: bool = False
    chime_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article of a brief: the number of its paragraphs that are read, None for all, and who reads it.

    `voice` is the id of a voice, None for the voice of the programme.
    """

    article: Article
    lead: int | None = None
    voice: str | None = None


def wrong_in(wording: str) -> str | None:
    """What is wrong with a text that is said around the stories; None if nothing is.

    >>> wrong_in("{title}。今天是{day}。")
    '{day} is no placeholder: there are {title}, {date}, {weekday}, {count}'
    >>> wrong_in("{title}。今天是{date}。"), wrong_in("")
    (None, None)
    """
    rest = _PLACES.sub("1", wording)
    if found := re.search(r"\{[^{}]*\}|[{}]", rest):
        what = f"{found[0]} is no placeholder" if len(found[0]) > 1 else f"a {found[0]} stands alone"
        return f"{what}: there are {', '.join(_PLACEHOLDERS)}"
    if rest.strip() and not any(char.isalnum() for char in rest):
        return 'nothing in it can be said: write a sentence, or "" for none'
    return None


def filled(wording: str, title: str, day: date, count: int) -> str:
    """A text with its placeholders filled in.

    >>> from datetime import date
    >>> filled("{title}。今天是{date}，{weekday}。", "今日要闻。", date(2026, 11, 25), 5)
    '今日要闻。今天是2026年11月25日，星期三。'
    """
    values = {
        "title": title.rstrip("。.！？!?") if "{title}。" in wording else title,
        "date": f"{day.year}年{day.month}月{day.day}日",
        "weekday": f"星期{_WEEKDAYS[day.weekday()]}",
        "count": str(count),
    }
    return _PLACES.sub(lambda place: values[place[1]], wording)


def programme_title(series: str, day: date) -> str:
    """The title of the day's programme of a series.

    >>> from datetime import date
    >>> programme_title("今日要闻", date(2026, 11, 25))
    '今日要闻 2026-11-25'
    """
    return f"{series} {day.isoformat()}"


def headline(article: Article) -> Paragraph:
    """The paragraph that announces an article: its title, or else its first sentence."""
    if article.title is not None:
        return article.title
    first = next(paragraph for paragraph in article.paragraphs if paragraph.text.strip())
    sentences = (first.text[:end] for end in marks.sentence_ends(first.text))
    sentence = next((text.rstrip() for text in sentences if not _HANGING.search(text)), None)
    return first if sentence is None else Paragraph(first.index, tuple(_until(first.runs, len(sentence))))


def same_article(one: Article, other: Article) -> bool:
    """Whether two articles are the same, even if one of them has much furniture around it."""
    texts, others = ({paragraph.text for paragraph in article.paragraphs} for article in (one, other))
    both = sum(map(len, texts & others))
    titles = {article.title.text for article in (one, other) if article.title}
    return both > (_MORE if len(titles) > 1 else 0) and both >= _SAME * min(sum(map(len, texts)), sum(map(len, others)))


def brief_rundown(  # noqa: PLR0913 - a brief is made of all of these
    title: str,
    day: date,
    stories: Sequence[Story],
    wording: Wording,
    parse: Callable[[str], Paragraph],
    *,
    sounds: Sounds,
) -> Rundown:
    """The programme of these stories. The voice of the programme says all that is around them.

    `parse` makes a paragraph of a text that may be annotated. The programme's title includes the date, so that each
    day's programme has a title of its own.
    """
    texts = (wording.opening, wording.headlines, wording.closing)
    spoken = [filled(text, title, day, len(stories)) for text in texts]
    opening, headlines, closing = (_own(text, parse) if text.strip() else None for text in spoken)
    before: list[Section] = []
    if opening:
        before.append(_section(opening, _OPENING))
    if headlines and len(stories) > 1:
        before.append(_section(headlines, None if opening else _HEADLINES))
        before += [Section(article=story.article, paragraphs=(headline(story.article),)) for story in stories]
    told = [_told(story) for story in stories]
    after = [_section(closing, _CLOSING)] if closing else []
    series = parse(title).text
    return Rundown(
        title=programme_title(series, day),
        series=series,
        sections=tuple(_numbered(_with_sounds(before, told, after, sounds))),
        language=stories[0].article.language,
        date=day.isoformat(),
        tail_ms=_TAIL_MS if sounds.music and (closing or sounds.everywhere) else 0,
    )


def with_music(rundown: Rundown, sounds: Sounds) -> Rundown:
    """The programme of one article with music: before and under its first and its last paragraph, or everywhere."""
    if not sounds.music:
        return rundown
    (whole,) = rundown.sections
    paragraphs = whole.paragraphs
    # Of an article so short that nothing would be left in between, all has music.
    ends = [len(paragraphs)] if sounds.everywhere or len(paragraphs) < 3 else [1, len(paragraphs) - 1, len(paragraphs)]
    parts = [
        replace(whole, paragraphs=paragraphs[start:end], bed=len(ends) == 1 or start != 1)
        for start, end in pairwise([0, *ends])
    ]
    parts[0] = replace(parts[0], lead_ms=_BEFORE_OPENING_MS)
    return replace(rundown, sections=tuple(parts), tail_ms=_TAIL_MS)


def _with_sounds(
    before: list[Section], stories: list[Section], after: list[Section], sounds: Sounds
) -> Iterator[Section]:
    """The sections, with silence before them for chimes and for music alone."""
    music, everywhere = sounds.music, sounds.music and sounds.everywhere
    groups = ((before, music, _BEFORE_OPENING_MS), (stories, everywhere, 0), (after, music, _BEFORE_CLOSING_MS))
    for group, bed, alone in groups:
        for i, section in enumerate(group):
            chime = bool(sounds.chime_ms) and group is stories
            room = sounds.chime_ms + 2 * AROUND_MS if chime else 0
            yield replace(section, lead_ms=max(room, alone if bed and i == 0 else 0), chime=chime, bed=bed)


def _own(text: str, parse: Callable[[str], Paragraph]) -> Article:
    """A text that is not from an article, as an article of its own."""
    return Article(source=Source("-", text), title=None, paragraphs=(parse(text),))


def _section(article: Article, heading: Heading | None) -> Section:
    return Section(article=article, paragraphs=article.paragraphs, heading=heading)


def _told(story: Story) -> Section:
    article = story.article
    paragraphs = (*filter(None, [article.title]), *article.paragraphs[: story.lead])
    return Section(article=article, paragraphs=paragraphs, heading=_heading(article), voice=story.voice)


def _heading(article: Article) -> Heading:
    text, name = " ".join(headline(article).text.split()), article.source.name
    if article.title is None and len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    address = _public(name) if _ADDRESS.match(name) else None
    return Heading(text, article.origin or (urlsplit(name).hostname if address else None), address, is_story=True)


def _public(address: str) -> str:
    """An address without the user name and password that may be in it."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _numbered(sections: Iterable[Section]) -> Iterator[Section]:
    """The sections with their paragraphs numbered through. Read as headlines, titles are ordinary paragraphs."""
    index = 0
    for section in sections:
        paragraphs = []
        for paragraph in section.paragraphs:
            is_title = paragraph.is_title and section.heading is not None
            paragraphs.append(replace(paragraph, index=index, is_title=is_title))
            index += 1
        yield replace(section, paragraphs=tuple(paragraphs))


def _until(runs: Iterable[Run], end: int) -> Iterator[Run]:
    """The runs of the first `end` characters. An annotated run is never cut."""
    at = 0
    for run in runs:
        if at >= end:
            return
        yield run if run.annotation or at + len(run.text) <= end else replace(run, text=run.text[: end - at])
        at += len(run.text)
