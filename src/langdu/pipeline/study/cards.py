"""The words of an article with their sound: a file for each, and a deck for Anki."""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.export import anki
from langdu.export.grid import Grid
from langdu.export.sound.mp3 import Mp3Writer
from langdu.export.tags import common_tags
from langdu.export.view.words import sentences, sound_of
from langdu.marks import HANZI
from langdu.model import CardTask, Rundown
from langdu.output.folder import OutputFolder, file_name
from langdu.pinyin import distribute
from langdu.pipeline.cast import cast
from langdu.pipeline.say import spoken_lines
from langdu.pipeline.speech import prepared, recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from langdu.export.tags import Tags
    from langdu.model import Article
    from langdu.pipeline.speech import Recorded
    from langdu.pipeline.study.words import ArticleWord
    from langdu.settings import Settings

# The pause between a word and its sentence, in seconds.
_BETWEEN_S: Final = 0.6


class SpokenWord(NamedTuple):
    """A word spoken alone, and its sentence cut from the narration: mono 16-bit PCM at `sample_rate`."""

    word: ArticleWord
    alone: bytes
    sentence: bytes
    sample_rate: int


def spoken_words(
    words: Sequence[ArticleWord], article: Article, settings: Settings, notice: Callable[[str], None]
) -> Iterator[SpokenWord]:
    """Each word with its sound, in order. The whole article is spoken for that, unless its clips are in the cache.

    Raises: EngineError: the voice failed.
    """
    speaking = cast(replace(settings, quotes=None), notice)
    alone = deque(line.pcm for line in spoken_lines(map(word_line, words), speaking))
    by_paragraph: dict[int, list[ArticleWord]] = {}
    for word in words:
        by_paragraph.setdefault(word.first.paragraph, []).append(word)
    for paragraph in recorded(prepared(Rundown.of(article), speaking, notice), speaking, Grid()):
        track = paragraph.track
        for word in by_paragraph.pop(track.paragraph.index, ()):
            yield SpokenWord(word, alone.popleft(), _sentence_of(word, paragraph), track.sample_rate)


def word_line(word: ArticleWord) -> str:
    """A word with its reading in brackets, as an author would write it."""
    whole = HANZI.fullmatch(word.text) and distribute(word.text, word.syllables)
    return f"{word.text}({word.pinyin})" if whole else word.text


def _sentence_of(word: ArticleWord, paragraph: Recorded) -> bytes:
    at = word.first.span.start
    around = next(s for s in sentences(paragraph.track) if s[0].span.start <= at < s[-1].span.end)
    return sound_of(around, paragraph.track, paragraph.pcm)


def record_words(  # noqa: PLR0913 - two are places to write to, two are told what happens
    words: Sequence[ArticleWord],
    article: Article,
    settings: Settings,
    *,
    folder: Path | None,
    deck: Path | None,
    ask: CardTask = CardTask.BOTH,
    notice: Callable[[str], None] = lambda _: None,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Speak words into `folder`, each into an MP3 (the word, a pause, its sentence), and into a `deck` for Anki.

    `ask` says what the front of a card shows. `progress` counts the words that are written; what it raises ends all.

    Raises: EngineError: the voice failed. ExportError: a file cannot be written, or would replace one that langdu did
    not make, or the extra anki is not installed.
    """
    if deck:
        anki.check_deck(deck)
    title = article.title.text if article.title else article.source.stem
    names = {word: f"{i:03}-{file_name(word.text)}.mp3" for i, word in enumerate(words, 1)}
    with ExitStack() as stack:
        output = stack.enter_context(OutputFolder(folder, list(names.values()), notice)) if folder else None
        work = Path(stack.enter_context(TemporaryDirectory(prefix="langdu-")))
        cards: dict[str, anki.Card] = {}
        for done, spoken in enumerate(spoken_words(words, article, settings, notice), 1):
            name = names[spoken.word]
            tags = replace(common_tags(title, settings.voice, article.language), title=spoken.word.text)
            if output:
                pause = bytes(2 * round(_BETWEEN_S * spoken.sample_rate))
                _write(output.part(name), spoken.alone + pause + spoken.sentence, spoken.sample_rate, tags)
                output.publish(name)
            if deck:
                cards[name] = _card(spoken, work / name, tags)
            progress(done)
        if output:
            output.complete({})
        if deck:
            anki.write_deck(deck, title, [cards[name] for name in names.values()], ask)


def _card(spoken: SpokenWord, path: Path, tags: Tags) -> anki.Card:
    word = spoken.word
    sentence = path.with_stem(f"{path.stem}-sentence")
    _write(path, spoken.alone, spoken.sample_rate, tags)
    _write(sentence, spoken.sentence, spoken.sample_rate, tags)
    return anki.Card(
        text=word.text,
        syllables=word.syllables,
        sentence=word.sentence,
        at=word.first.at,
        level=word.level,
        meanings=word.meanings,
        sound=path,
        sentence_sound=sentence,
    )


def _write(path: Path, pcm: bytes, sample_rate: int, tags: Tags) -> None:
    with Mp3Writer(path, sample_rate, tags) as writer:
        writer.write(pcm)
