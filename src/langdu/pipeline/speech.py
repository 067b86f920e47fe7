"""What a cast speaks: scripts → clips → paragraphs of sound."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langdu import engines
from langdu.audio import assemble
from langdu.errors import plural
from langdu.model import Clip
from langdu.pipeline.hearing import doubtful_syllables
from langdu.pipeline.obedience import substituted_characters
from langdu.pipeline.text import scripts
from langdu.pipeline.tracks import track

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from langdu.audio import Assembled
    from langdu.export.grid import Grid
    from langdu.model import Rundown, Track, Utterance
    from langdu.output.narration import DoubtfulSyllable, SubstitutedCharacter
    from langdu.pipeline.cast import Cast
    from langdu.pipeline.text import Script
    from langdu.verify.doubts import Doubt


@dataclass(frozen=True, slots=True)
class SpokenScript:
    """A script with a clip for each of its utterances. The `index` of a doubt counts the script's said characters."""

    script: Script
    clips: tuple[Clip, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def spoken_scripts(scripts: Iterable[Script], cast: Cast) -> Iterator[SpokenScript]:
    """Each script spoken, in order. Scripts are made only as fast as they are spoken, so that a book fits in memory."""
    waiting: deque[Script] = deque()

    def utterances() -> Iterator[Utterance]:
        for script in scripts:
            waiting.append(script)
            yield from script.utterances

    clips: list[Clip] = []
    doubts: list[Doubt] = []
    for clip, clip_doubts in cast.clips(utterances()):
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


def prepared(rundown: Rundown, cast: Cast, notice: Callable[[str], None]) -> Iterable[Script]:
    """The scripts of a programme; `notice` is told how many requests a service will get for them, if any.

    Raises: EngineUnavailable: a service would be asked, and the key for it is missing.
    """
    online = [speaker for speaker in cast.speakers.values() if speaker.capabilities.needs_network]
    if not online:
        return scripts(rundown, cast.settings, cast.capabilities)
    ready = list(scripts(rundown, cast.settings, cast.capabilities))
    utterances = [utterance for script in ready for utterance in script.utterances]
    for speaker in online:
        if requests := cast.requests(utterances, speaker):
            engine = engines.create(speaker.voice.engine, speaker.voice.files)
            if isinstance(engine, engines.HasAccount):
                engine.check_account()
            characters = sum(len(u.text) for u in utterances if cast.speaker(u.voice) is speaker)
            asked = f"{plural(characters, 'character')} in {plural(requests, 'request')}"
            notice(f"the voice {speaker.voice.id} is asked for {asked}")
    return ready


def recorded(scripts: Iterable[Script], cast: Cast, grid: Grid) -> Generator[Recorded, None, None]:
    """Each paragraph with its sound. Only the current paragraph's sound is in memory.

    Laws: the tracks touch each other; each is on the grid, which takes up to 0.1 s of silence.
    """
    start = 0
    for spoken in spoken_scripts(scripts, cast):
        script = spoken.script
        sound = _on_grid(_assembled(spoken, cast), script, cast.settings.pauses.paragraph, grid)
        paragraph = track(script, cast.speaker(script.voice).voice.id, spoken.clips, sound, start)
        start = paragraph.end
        doubtful = doubtful_syllables(
            paragraph.paragraph.index, paragraph.timings, paragraph.sample_rate, spoken.doubts
        )
        yield Recorded(
            track=paragraph, pcm=sound.pcm, doubtful=tuple(doubtful), substituted=substituted_characters(script)
        )


def _assembled(spoken: SpokenScript, cast: Cast) -> Assembled:
    if spoken.clips:
        return assemble(spoken.clips, [utterance.pause_after_ms for utterance in spoken.script.utterances])
    # A paragraph in which nothing is said, such as a row of stars, is a pause between scenes.
    nothing = Clip(b"", cast.sample_rate, ())
    return replace(assemble([nothing], [cast.settings.pauses.paragraph]), starts=())


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
