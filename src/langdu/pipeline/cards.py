"""The words of an article with their sound: a file for each, and a deck for Anki."""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.export import anki
from langdu.export.sound.mp3 import Mp3Writer
from langdu.export.tags import common_tags
from langdu.export.view.words import sentences, sound_of
from langdu.lexicon import HANZI
from langdu.model import Rundown
from langdu.output.folder import OutputFolder, file_name
from langdu.pinyin import distribute
from langdu.pipeline.speech import prepared, recorded, say_all, speaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from langdu.export.tags import Tags
    from langdu.model import Article
    from langdu.pipeline.speech import Recorded, Speaker
    from langdu.pipeline.words import Entry
    from langdu.settings import Settings

# The pause between a word and its sentence, in seconds.
_BETWEEN: Final = 0.6


class Sounds(NamedTuple):
    """A word spoken alone, and its sentence cut from the narration: mono 16-bit PCM at `sample_rate`."""

    entry: Entry
    word: bytes
    sentence: bytes
    sample_rate: int


def spoken_words(
    entries: Sequence[Entry], article: Article, settings: Settings, notice: Callable[[str], None]
) -> Iterator[Sounds]:
    """Each word with its sound, in the order of the list. The article is spoken too, unless its clips are kept.

    Raises: EngineError: the voice failed.
    """
    with speaker(settings, notice) as voice:
        alone = deque(_alone(entries, voice))
        by_paragraph: dict[int, list[Entry]] = {}
        for entry in entries:
            by_paragraph.setdefault(entry.first.paragraph, []).append(entry)
        for each in recorded(prepared(Rundown.of(article), voice, notice), voice):
            for entry in by_paragraph.pop(each.track.paragraph.index, ()):
                yield Sounds(entry, alone.popleft(), _sentence_of(entry, each), each.track.sample_rate)


def _alone(entries: Sequence[Entry], voice: Speaker) -> Iterator[bytes]:
    for said in say_all((_line(entry) for entry in entries), voice):
        yield said.pcm


def _line(entry: Entry) -> str:
    """A word with its reading, as somebody would write it."""
    whole = HANZI.fullmatch(entry.text) and distribute(entry.text, entry.syllables)
    return f"{entry.text}({entry.pinyin})" if whole else entry.text


def _sentence_of(entry: Entry, each: Recorded) -> bytes:
    at = entry.first.span.start
    around = next(s for s in sentences(each.track) if s[0].span.start <= at < s[-1].span.end)
    return sound_of(around, each.track, each.pcm)


def record(  # noqa: PLR0913 - where to, and whom to tell
    entries: Sequence[Entry],
    article: Article,
    settings: Settings,
    *,
    folder: Path | None,
    deck: Path | None,
    notice: Callable[[str], None] = lambda _: None,
) -> None:
    """Speak words into `folder`, an MP3 each (the word, a pause, its sentence), and into a `deck` for Anki.

    Raises: EngineError: the voice failed. ExportError: a file cannot be written, or would replace one that langdu did
    not make, or the extra anki is not installed.
    """
    if deck:
        anki.check_deck(deck)
    title = article.title.text if article.title else article.source.stem
    names = {entry: f"{i:03}-{file_name(entry.text)}.mp3" for i, entry in enumerate(entries, 1)}
    with ExitStack() as stack:
        output = stack.enter_context(OutputFolder(folder, list(names.values()), notice)) if folder else None
        work = Path(stack.enter_context(TemporaryDirectory(prefix="langdu-")))
        cards: dict[str, anki.Card] = {}
        for sounds in spoken_words(entries, article, settings, notice):
            name = names[sounds.entry]
            tags = replace(common_tags(title, settings.voice, article.language), title=sounds.entry.text)
            if output:
                pause = bytes(2 * round(_BETWEEN * sounds.sample_rate))
                _write(output.part(name), sounds.word + pause + sounds.sentence, sounds.sample_rate, tags)
                output.publish(name)
            if deck:
                cards[name] = _card(sounds, work / name, tags)
        if output:
            output.complete({})
        if deck:
            anki.write_deck(deck, title, [cards[name] for name in names.values()])


def _card(sounds: Sounds, path: Path, tags: Tags) -> anki.Card:
    entry = sounds.entry
    sentence = path.with_stem(f"{path.stem}-sentence")
    _write(path, sounds.word, sounds.sample_rate, tags)
    _write(sentence, sounds.sentence, sounds.sample_rate, tags)
    return anki.Card(
        text=entry.text,
        syllables=entry.syllables,
        sentence=entry.sentence,
        at=entry.first.at,
        level=entry.level,
        sound=path,
        sentence_sound=sentence,
    )


def _write(path: Path, pcm: bytes, sample_rate: int, tags: Tags) -> None:
    with Mp3Writer(path, sample_rate, tags) as writer:
        writer.write(pcm)
