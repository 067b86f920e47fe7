"""Single paragraphs → sound at once: the voice stays ready, so that the first sentence is heard without waiting."""

from __future__ import annotations

from collections import deque
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from threading import Lock
from typing import TYPE_CHECKING, Final, Self

from langdu.audio import assemble, at_rate
from langdu.engines import say
from langdu.engines.running.pool import Crew, own_engine
from langdu.errors import EngineError, InputError
from langdu.export.levels import Gains
from langdu.export.view.words import words
from langdu.marks import sentence_ends
from langdu.model import Span
from langdu.pipeline.cast import cast
from langdu.pipeline.editing.readings import scripts_of
from langdu.pipeline.text import script_of_line, taught_by
from langdu.pipeline.tracks import track_of
from langdu.sound.loudness import expected_gain

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from types import TracebackType

    from langdu.model import Article, Clip, Paragraph, Utterance
    from langdu.pipeline.cast import Cast
    from langdu.pipeline.text import Script
    from langdu.settings import Settings

# A piece ends at the first sentence end after so many characters of spoken text: about six seconds of sound, which most
# voices make in less than one.
_PIECE: Final = 24
_STOPPED: Final = "nothing more is spoken: langdu was stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenPiece:
    """Whole sentences of a paragraph as sound: mono 16-bit PCM. It is the piece `number` of `pieces`.

    `span` is its place in the paragraph's text; `words` are the places that are said, each with its samples.
    """

    number: int
    pieces: int
    span: Span
    pcm: bytes
    sample_rate: int
    words: tuple[tuple[Span, int, int], ...]


class Reciter:
    """A context manager that speaks what it is asked for, paragraph by paragraph, with a voice that stays loaded.

    `notice` is told what takes long. Clips come from the cache and go there. Several threads may call it.
    """

    def __init__(self, settings: Settings, notice: Callable[[str], None]) -> None:
        self._settings = replace(settings, verify=False)
        self._notice = notice
        self._lock = Lock()
        self._installing = Lock()
        self._cast: Cast | None = None
        self._crew: Crew | None = None
        self._ended = False
        self._threads = ThreadPoolExecutor(self._settings.workers, thread_name_prefix="langdu-voice")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Stop speaking at once, and end the voice's processes. Another thread may be speaking: it gets an error."""
        with self._lock:
            self._ended = True
            crew, self._crew = self._crew, None
        if crew:
            crew.end()
        self._threads.shutdown(cancel_futures=True)
        if crew:
            crew.close()

    def warm(self) -> None:
        """Load the voice, so that it begins to speak at once.

        Raises: ConfigError: there is no such voice. EngineError: it cannot be installed, or failed.
        """
        speaking = self._speaking()
        ready = self._script("好", speaking)
        for waiting in [self._threads.submit(self._say, *ready.utterances) for _ in range(self._settings.workers)]:
            waiting.result()

    def paragraph(self, article: Article, paragraph: Paragraph) -> Iterator[SpokenPiece]:
        """The pieces of a paragraph, in order, each as soon as it is spoken.

        Raises: ConfigError, EngineError: as `warm`.
        """
        speaking = self._speaking()
        for script in scripts_of(article, [paragraph], self._settings, speaking.capabilities):
            yield from self._pieces(script, speaking)

    def line(self, line: str) -> SpokenPiece:
        """One line, in hanzi that may be annotated, or in pinyin.

        Raises: InputError: there is nothing to say in it. ConfigError, EngineError: as `warm`.
        """
        speaking = self._speaking()
        script = self._script(line, speaking)
        if not script.utterances:
            raise InputError(f"there is nothing to say in {line!r}: write hanzi")
        clips = list(self._clips(script.utterances, speaking))
        return _piece(script, [range(len(script.utterances))], 0, clips, speaking)

    def fill(self, article: Article, told: Callable[[int], None]) -> None:
        """Speak an article into the cache, from which `narrate` then makes its files; `told` counts paragraphs.

        Whatever `told` raises ends the speaking.
        """
        speaking = self._speaking()
        whole = list(article.spoken_order())
        for done, script in enumerate(scripts_of(article, whole, self._settings, speaking.capabilities), 1):
            deque(self._clips(script.utterances, speaking), maxlen=0)
            told(done)

    def _script(self, line: str, speaking: Cast) -> Script:
        can, taught = speaking.first.capabilities, taught_by(None, self._settings)
        return script_of_line(line, taught, self._settings.pauses, can, literal=False)

    def _speaking(self) -> Cast:
        with self._installing:
            if self._cast is None:
                others = filter(None, [self._settings.quotes])
                self._cast = cast(self._settings, self._notice, others)
                self._name_of = self._cast.namer()
            return self._cast

    def _pieces(self, script: Script, speaking: Cast) -> Iterator[SpokenPiece]:
        parts = list(_parts(script))
        if not parts:
            yield _silence(script, speaking)
        with closing(self._clips(script.utterances, speaking)) as clips:
            for number, part in enumerate(parts):
                yield _piece(script, parts, number, list(islice(clips, len(part))), speaking)

    def _clips(self, utterances: Iterable[Utterance], speaking: Cast) -> Generator[Clip]:
        """The clip of each utterance. Few are asked for at a time, so that whoever comes meanwhile need not wait."""
        rest = iter(utterances)
        waiting: deque[Future[Clip]] = deque()
        try:
            while True:
                for utterance in islice(rest, self._settings.workers + 1 - len(waiting)):
                    waiting.append(self._submit(utterance, speaking))
                if not waiting:
                    return
                yield waiting.popleft().result()
        except CancelledError as error:
            raise EngineError(_STOPPED) from error
        finally:
            for future in waiting:
                future.cancel()

    def _submit(self, utterance: Utterance, speaking: Cast) -> Future[Clip]:
        with self._lock:
            if self._ended:
                raise EngineError(_STOPPED)
            return self._threads.submit(self._clip, utterance, speaking)

    def _clip(self, utterance: Utterance, speaking: Cast) -> Clip:
        name = self._name_of(utterance)
        clip = speaking.cache.get(name)
        if clip is None:
            clip = self._say(utterance)
            speaking.cache.put(name, clip)
        return at_rate(clip, speaking.sample_rate)

    def _say(self, utterance: Utterance) -> Clip:
        speaking = self._speaking()
        if self._settings.workers == 1:
            voice = speaking.speaker(utterance.voice).voice
            return say(own_engine(voice), utterance, voice, self._settings.rate)
        with self._lock:
            if self._ended:
                raise EngineError(_STOPPED)
            crew = self._crew = self._crew or Crew(lambda u: speaking.speaker(u.voice).voice, self._settings.rate)
        try:
            return crew.say(utterance)
        except EngineError:
            with self._lock:
                if self._crew is crew:
                    self._crew = None  # a process that has ended: the next utterance gets a new one
            crew.end()
            raise


def _of(script: Script, part: range) -> Sequence[Utterance]:
    return script.utterances[part.start : part.stop]


def _parts(script: Script) -> Iterator[range]:
    """The utterances of each piece: whole sentences, as few as make some seconds."""
    ends = set(sentence_ends(script.normalized.spoken))
    first, size, at = 0, 0, 0
    last = len(script.utterances) - 1
    for i, utterance in enumerate(script.utterances):
        at += len(utterance.text)
        size += len(utterance.text)
        if i == last or (size >= _PIECE and at in ends):
            yield range(first, i + 1)
            first, size = i + 1, 0


def _silence(script: Script, speaking: Cast) -> SpokenPiece:
    """What is heard of a paragraph in which nothing is said, such as a row of stars: a pause between scenes."""
    rate = speaking.sample_rate
    pause = bytes(2 * (speaking.settings.pauses.paragraph * rate // 1000))
    whole = Span(0, len(script.paragraph.text))
    return SpokenPiece(number=0, pieces=1, span=whole, pcm=pause, sample_rate=rate, words=())


def _piece(script: Script, parts: Sequence[range], number: int, clips: Sequence[Clip], speaking: Cast) -> SpokenPiece:
    part = parts[number]
    utterances = _of(script, part)
    sound = assemble(clips, [utterance.pause_after_ms for utterance in utterances])
    track = track_of(script, part, clips, sound, voice=speaking.speaker(script.voice).voice.id)
    target = speaking.settings.loudness
    gains = {name: expected_gain(each.voice.loudness, target) for name, each in speaking.speakers.items()}
    starts = list(accumulate((len(u.text) for u in script.utterances), initial=0))
    places = script.normalized.written_spans()
    start, end = (
        places[starts[i]].start if starts[i] < len(places) else len(script.paragraph.text)
        for i in (part.start, part.stop)
    )
    return SpokenPiece(
        number=number,
        pieces=len(parts),
        span=Span(start if number else 0, end),
        pcm=Gains(voices=gains).levelled(track, sound.pcm),
        sample_rate=sound.sample_rate,
        words=tuple(
            (word.span, word.start, word.end)
            for word in words(track)
            if word.start is not None and word.end is not None
        ),
    )
