"""A programme → its narration: a folder with one file for each format, one for each paragraph, and the manifest.

`_produce` calls the steps in order. Each is a function of the results of the steps before it.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import cache
from math import log10
from typing import TYPE_CHECKING, Final

from langdu import export
from langdu.audio.music import HEADROOM
from langdu.errors import ConfigError, EngineError
from langdu.export.grid import grid
from langdu.export.levels import Gains, Meters
from langdu.export.programme import Display, Programme
from langdu.export.sound.paragraphs import ParagraphMp3s
from langdu.export.spool import Spool
from langdu.export.tags import chapters, common_tags
from langdu.model import Rundown, Severity
from langdu.output.folder import MANIFEST, OutputFolder
from langdu.output.manifest import ManifestHead, write_manifest
from langdu.output.narration import Narration
from langdu.output.rows import text_identity
from langdu.parse.sources.picture import picture
from langdu.pipeline.brief.excerpts import excerpts
from langdu.pipeline.brief.music import mix
from langdu.pipeline.cast import cast, find_voice
from langdu.pipeline.kept import made_row, refuse_other, stamped
from langdu.pipeline.layout import Layout
from langdu.pipeline.obedience import voice_findings
from langdu.pipeline.speech import prepared, recorded
from langdu.pipeline.text import check_rundown
from langdu.sound.loudness import Meter, expected_gain, gain, levelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from langdu.export.spool import Spooled
    from langdu.model import Article, Picture, Track
    from langdu.output.narration import DoubtfulSyllable, SubstitutedCharacter
    from langdu.pipeline.brief.music import Music
    from langdu.pipeline.cast import Cast
    from langdu.settings import Settings

# How many formats are written at the same time. Each has a process that encodes, and a thread that feeds it.
_WRITERS: Final = 2


def narrate(  # noqa: PLR0913 - the last three can be left out
    article: Article,
    out: Path | None,
    settings: Settings,
    *,
    stamp: str | None = None,
    notice: Callable[[str], None] = lambda _: None,
    progress: Callable[[Track, bytes], None] = lambda _, __: None,
) -> Narration:
    """Speak an article into files: `produce` for a programme that is one article."""
    return produce(Rundown.of(article), out, settings, stamp=stamp, notice=notice, progress=progress)


def produce(  # noqa: PLR0913 - the last five can be left out
    rundown: Rundown,
    out: Path | None,
    settings: Settings,
    *,
    music: Music | None = None,
    stories: bool = False,
    stamp: str | None = None,
    notice: Callable[[str], None] = lambda _: None,
    progress: Callable[[Track, bytes], None] = lambda _, __: None,
) -> Narration:
    """Speak a programme into files: one for each paragraph, the whole, subtitles and manifest.json.

    Music is in the files of the whole; those of the paragraphs, and what `progress` hears, are the voice alone.

    With `stories`, each story also has a file of its own, in each format that is sound and nothing else.

    `out` is the folder, by default one named after the title in `settings.audio_dir`. `notice` is told what takes time;
    `progress` gets each paragraph and its sound (PCM) as soon as it is spoken. A paragraph's file appears when it is
    whole, the manifest when all files are. `kept.find_narration` finds the narration by its `stamp`.

    If a voice fails and the settings name a fallback, the fallback narrates everything, so that nobody changes voice
    in the middle. It gets no stamp, so that the next run tries the first voice again.

    Raises: EngineError: the voice failed. ExportError: a file could not be written, or would replace one that langdu
    did not make. ConfigError: there is no such voice or format, or the cover is not a picture.
    """
    export.check_formats(settings.formats)
    if stories and not any(export.FORMATS[name].is_sound for name in settings.formats):
        raise ConfigError("stories can only be files of sound, and no format of sound is chosen: add --format mp3")
    layout = Layout.of(rundown, settings.formats, stories=stories)
    id_of = cache(lambda voice: find_voice(voice).id)  # kokoro:zf_xiaobei is the voice kokoro
    work = _Work(
        rundown=rundown.in_voices(id_of),
        settings=replace(settings, voice=id_of(settings.voice), quotes=settings.quotes and id_of(settings.quotes)),
        layout=layout,
        folder=out or settings.audio_dir / layout.slug,
        cover=picture(settings.cover) if settings.cover else None,
        music=music,
        notice=notice,
        progress=progress,
    )
    if settings.fallback is None:
        return _produce(work, stamp)
    fallback = replace(settings, voice=id_of(settings.fallback), quotes=None, fallback=None)
    try:
        return _produce(work, stamp)
    except EngineError as error:
        notice(f"{error}; the voice {fallback.voice} narrates everything instead")
        return _produce(replace(work, settings=fallback, rundown=rundown.in_voices(lambda _: None)), None)


def _produce(work: _Work, stamp: str | None) -> Narration:
    """The steps from a rundown to its files."""
    rundown, settings, layout = work.rundown, work.settings, work.layout
    with OutputFolder(work.folder, layout.names, work.notice) as output:
        refuse_other(work.folder, output.earlier, rundown, work.notice)
        others = (settings.quotes, *(section.voice for section in rundown.sections))
        speakers = cast(settings, work.notice, filter(None, others))
        guess = _guessed_gains(speakers, output.earlier)
        speech = _speak(work, speakers, output, guess)
        # The check of a long article needs much memory: it runs when the voice's processes have freed theirs.
        findings = check_rundown(rundown, settings.lexicon)
        programme = Programme(
            rundown=rundown,
            voice=settings.voice,
            spooled=speech.spooled,
            display=Display(cues=settings.cues, ruby=settings.ruby, overlay=settings.overlay, cover=work.cover),
            findings=tuple(findings),
        )
        programme = _levelled(work, speakers, speech, programme)
        if layout.audio and programme.gains.voices != guess.voices:
            _encode_again(programme, _paragraph_mp3s(work, speakers, output))
        _write_formats(programme, layout, output)
        _write_stories(programme, layout, output)
        narration = _narration(work, programme, speech)
        head = replace(_manifest_head(work, speakers), made=made_row(narration, stamp, rundown) if stamp else {})
        write_manifest(output.part(MANIFEST), head, programme.tracks(), layout.paragraph_files, narration.chapters)
        output.publish(MANIFEST)
        output.complete(stamped(narration, stamp, rundown))
    return narration


def _write_formats(programme: Programme, layout: Layout, output: OutputFolder) -> None:
    """Write the files of the whole, two at a time: the voice is done, so the cores are free.

    Those that take longest begin first, so that neither waits for the other at the end.
    """
    with ThreadPoolExecutor(_WRITERS) as writers:
        try:
            longest_first = sorted(layout.formats, key=lambda name: -export.FORMATS[name].effort)
            written = {
                name: writers.submit(export.writer(name), output.part(layout.whole(name)), programme)
                for name in longest_first
            }
            for name in layout.formats:
                written[name].result()
                output.publish(layout.whole(name))
        except BaseException:
            programme.spooled.given_up.set()  # or Ctrl-C would wait until a long file is finished
            writers.shutdown(wait=False, cancel_futures=True)
            raise


def _write_stories(programme: Programme, layout: Layout, output: OutputFolder) -> None:
    """Write the files of each story, if the layout has any."""
    if not layout.story_files:
        return
    places = [output.folder / name for name in layout.paragraph_files]
    indices = [paragraph.index for paragraph in programme.rundown.paragraphs()]
    step = grid(layout.formats, programme.sample_rate)
    mp3s = dict(zip(indices, places, strict=True)) if places else {}
    for story, files in zip(excerpts(programme, step, mp3s), layout.story_files, strict=True):
        for name, file in files.items():
            export.writer(name)(output.part(file), story)
            output.publish(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """The task: what to make and from what, and the functions to call about it."""

    rundown: Rundown
    settings: Settings
    layout: Layout
    folder: Path
    cover: Picture | None
    music: Music | None
    notice: Callable[[str], None]
    progress: Callable[[Track, bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speech:
    """The programme as it was spoken.

    `loudness` is that of each voice in LUFS, before any gain; `findings` counts the voices' own.
    """

    spooled: Spooled
    loudness: Mapping[str, float | None]
    doubtful: Sequence[DoubtfulSyllable]
    substituted: Sequence[SubstitutedCharacter]
    findings: Counter[Severity]


def _guessed_gains(speakers: Cast, earlier: Mapping[str, Any]) -> Gains:
    """The gains in dB that the voices probably need: those of the last run, if it had the same loudness.

    A wrong guess costs time and changes nothing in the result.
    """
    target = speakers.settings.loudness
    guess = {voice: expected_gain(speaker.voice.loudness, target) for voice, speaker in speakers.speakers.items()}
    match earlier:
        case {"loudness": same, "gains": dict(before)} if same == target:
            known = ((voice, value) for voice, value in before.items() if isinstance(value, float) and abs(value) < 99)
            guess |= {voice: value for voice, value in known if voice in guess}
    return Gains(voices=guess)


def _speak(work: _Work, speakers: Cast, output: OutputFolder, guess: Gains) -> _Speech:
    """Speak the programme into the work folder. MP3 files of paragraphs appear at once, with the guessed gains."""
    layout, rate = work.layout, speakers.sample_rate
    step = grid(layout.formats, rate)
    doubtful: list[DoubtfulSyllable] = []
    substituted: list[SubstitutedCharacter] = []
    findings: Counter[Severity] = Counter()
    noticed: set[str] = set()
    with ExitStack() as stack:
        spool = stack.enter_context(Spool(output.work, rate, sound=layout.has_sound))
        meters = stack.enter_context(Meters(output.folder, rate)) if layout.has_sound else None
        encoder = stack.enter_context(_paragraph_mp3s(work, speakers, output)) if layout.audio else None
        scripts = prepared(work.rundown, speakers, work.notice)
        for paragraph in stack.enter_context(closing(recorded(scripts, speakers, step))):
            if meters:
                meters.add(paragraph.track, paragraph.pcm)
            if encoder:
                encoder.add(paragraph.track, guess.levelled(paragraph.track, paragraph.pcm))
            spool.add(paragraph.track, paragraph.pcm)
            doubtful += paragraph.doubtful
            substituted += paragraph.substituted
            for finding in voice_findings(paragraph.track, paragraph.substituted, speakers):
                findings[finding.severity] += 1
                if finding.message not in noticed:
                    work.notice(f"paragraph {finding.paragraph}: {finding.message}")
                    noticed.add(finding.message)
            work.progress(paragraph.track, paragraph.pcm)
    return _Speech(
        spooled=spool.spooled(),
        loudness=meters.loudness if meters else {},
        doubtful=doubtful,
        substituted=substituted,
        findings=findings,
    )


def _paragraph_mp3s(work: _Work, speakers: Cast, output: OutputFolder) -> ParagraphMp3s:
    rundown = work.rundown
    tags = common_tags(rundown.title, work.settings.voice, rundown.language, rundown.series)
    return ParagraphMp3s(output, work.layout.paragraph_files, speakers.sample_rate, tags)


def _levelled(work: _Work, speakers: Cast, speech: _Speech, programme: Programme) -> Programme:
    """The programme with the gains that make each voice as loud as asked. Music, if any, is mixed under them here."""
    wanted = work.settings.loudness
    usual = {voice: speaker.voice.loudness for voice, speaker in speakers.speakers.items()}
    alone = {voice: gain(speech.loudness.get(voice), usual[voice], wanted) for voice in usual}
    if len(speech.spooled.voices) > 1 and work.layout.has_sound:
        alone = _evened(speech.spooled, alone, wanted)
    even = replace(programme, gains=Gains(voices=alone))
    if work.music is None or not work.layout.has_sound:
        return even
    loudness = mix(work.music, work.rundown, speech.spooled, even.balanced)
    quietest = max(alone, key=lambda voice: alone[voice])
    room = 20 * log10(HEADROOM)  # how much quieter the voices are in the mix
    expected = usual[quietest]
    mixed = gain(loudness, None if expected is None else expected + room, wanted)
    mixed = _limited(speech.spooled, mixed, wanted)
    voices = {voice: round(mixed + room + own - alone[quietest], 2) for voice, own in alone.items()}
    return replace(programme, gains=Gains(voices=voices, mix=mixed))


def _limited(spooled: Spooled, decibels: float, target: float) -> float:
    """The gain of voices with music, corrected for what the limiter takes away, which nobody can know before."""
    with Meter(spooled.folder, spooled.sample_rate) as meter:
        for pcm in spooled.mixed():
            meter.add(levelled(pcm, decibels, spooled.sample_rate))
    return round(decibels + gain(meter.loudness, target, target), 2)


def _evened(spooled: Spooled, gains: Mapping[str, float], target: float) -> dict[str, float]:
    """The gains of several voices, corrected for what the limiter takes away: more of some voices than of others."""
    limited = Gains(voices=gains)
    with Meters(spooled.folder, spooled.sample_rate) as meters:
        for track, pcm in zip(spooled.tracks(), spooled.speech(), strict=True):
            meters.add(track, limited.levelled(track, pcm))
    loudness = meters.loudness
    return {voice: round(own + gain(loudness.get(voice), target, target), 2) for voice, own in gains.items()}


def _encode_again(programme: Programme, mp3s: ParagraphMp3s) -> None:
    """Replace the paragraphs' MP3s, which were encoded with a wrong guess of the gain."""
    with mp3s as encoder:
        for track, pcm in zip(programme.tracks(), programme.speech(), strict=True):
            encoder.add(track, pcm)


def _narration(work: _Work, programme: Programme, speech: _Speech) -> Narration:
    rundown, settings, spooled = work.rundown, work.settings, speech.spooled
    counted = speech.findings + Counter(finding.severity for finding in programme.findings)
    return Narration(
        folder=work.folder,
        title=programme.title,
        voice=programme.voice,
        voices=spooled.voices,
        files=tuple(work.layout.names),
        paragraphs=spooled.paragraphs,
        samples=spooled.samples,
        sample_rate=spooled.sample_rate,
        findings={severity: counted[severity] for severity in Severity},
        syllables=spooled.syllables,
        doubts=tuple(speech.doubtful) if settings.verify else None,
        substitutions=tuple(speech.substituted),
        loudness=settings.loudness,
        gains=programme.gains.voices,
        chapters=tuple(chapters(programme)) if rundown.headings() else (),
        identity=text_identity(rundown.title, (paragraph.text for paragraph in rundown.paragraphs())),
    )


def _manifest_head(work: _Work, speakers: Cast) -> ManifestHead:
    return ManifestHead(
        title=work.rundown.title,
        voice=work.settings.voice,
        sample_rate=speakers.sample_rate,
        files=work.layout.files,
        rate=work.settings.rate,
        exact=speakers.exact_marks,
        music=any(section.bed or section.chime for section in work.rundown.sections),
        stories=[{export.kind(name): file for name, file in files.items()} for files in work.layout.story_files],
    )
