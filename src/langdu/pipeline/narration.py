"""A programme → its narration: a folder with one file for each format, one for each paragraph, and the manifest.

`_produce` calls the steps in order. Each is a function of the results of the steps before it.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from math import log10
from typing import TYPE_CHECKING

from langdu import export
from langdu.audio.music import HEADROOM
from langdu.errors import ConfigError, EngineError
from langdu.export.grid import grid
from langdu.export.programme import Display, Gains, Programme
from langdu.export.sound.paragraphs import ParagraphMp3s
from langdu.export.spool import Spool
from langdu.export.tags import chapters, common_tags
from langdu.model import Rundown, Severity
from langdu.output.folder import MANIFEST, OutputFolder
from langdu.output.manifest import ManifestHead, write_manifest
from langdu.output.narration import Narration
from langdu.output.rows import text_identity
from langdu.parse.sources.picture import picture
from langdu.pipeline.brief.music import mix
from langdu.pipeline.brief.stories import stories as stories_of
from langdu.pipeline.kept import refuse_other, stamped
from langdu.pipeline.layout import Layout
from langdu.pipeline.obedience import voice_findings
from langdu.pipeline.speech import find_voice, prepared, recorded, speaker
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
    from langdu.pipeline.speech import Speaker
    from langdu.settings import Settings


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

    If the voice fails and the settings name a fallback, the fallback narrates everything: one programme has one voice.
    It gets no stamp, so that the next run tries the first voice again.

    Raises: EngineError: the voice failed. ExportError: a file could not be written, or would replace one that langdu
    did not make. ConfigError: there is no such voice or format, or the cover is not a picture.
    """
    export.check_formats(settings.formats)
    if stories and not any(export.FORMATS[name].is_sound for name in settings.formats):
        raise ConfigError("stories can only be files of sound, and no format of sound is chosen: add --format mp3")
    layout = Layout.of(rundown, settings.formats, stories=stories)
    work = _Work(
        rundown=rundown,
        settings=settings,
        layout=layout,
        folder=out or settings.audio_dir / layout.slug,
        cover=picture(settings.cover) if settings.cover else None,
        music=music,
        notice=notice,
        progress=progress,
    )
    if settings.fallback is None:
        return _produce(work, stamp)
    fallback = replace(settings, voice=find_voice(settings.fallback).id, fallback=None)
    try:
        return _produce(work, stamp)
    except EngineError as error:
        notice(f"{error}; the voice {fallback.voice} narrates everything instead")
        return _produce(replace(work, settings=fallback), None)


def _produce(work: _Work, stamp: str | None) -> Narration:
    """The steps from a rundown to its files."""
    rundown, settings, layout = work.rundown, work.settings, work.layout
    with OutputFolder(work.folder, layout.names, work.notice) as output:
        refuse_other(work.folder, output.earlier, rundown, work.notice)
        with speaker(settings, work.notice) as voice:
            guess = _guessed_gain(voice, output.earlier)
            speech = _speak(work, voice, output, guess)
            gains = _gains(work, voice, speech)
        # The check of a long article needs much memory: it runs when the voice's processes have freed theirs.
        findings = check_rundown(rundown, settings.lexicon)
        programme = Programme(
            rundown=rundown,
            voice=voice.voice.id,
            spooled=speech.spooled,
            gains=gains,
            display=Display(cues=settings.cues, ruby=settings.ruby, overlay=settings.overlay, cover=work.cover),
            findings=tuple(findings),
        )
        if layout.audio and gains.voice != guess:
            _encode_again(programme, _paragraph_mp3s(work, voice, output))
        for name in layout.formats:
            export.writer(name)(output.part(layout.whole(name)), programme)
            output.publish(layout.whole(name))
        _write_stories(programme, layout, output)
        narration = _narration(work, programme, speech)
        head = _manifest_head(work, voice)
        write_manifest(output.part(MANIFEST), head, programme.tracks(), layout.paragraph_files, narration.chapters)
        output.publish(MANIFEST)
        output.complete(stamped(narration, stamp, rundown))
    return narration


def _write_stories(programme: Programme, layout: Layout, output: OutputFolder) -> None:
    """Write the files of each story, if the layout has any."""
    if not layout.story_files:
        return
    places = [output.folder / name for name in layout.paragraph_files]
    indices = [paragraph.index for paragraph in programme.rundown.paragraphs()]
    step = grid(layout.formats, programme.sample_rate)
    mp3s = dict(zip(indices, places, strict=True)) if places else {}
    for story, files in zip(stories_of(programme, step, mp3s), layout.story_files, strict=True):
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
    """The programme as it was spoken. `loudness` is in LUFS, before any gain; `findings` counts the voice's own."""

    spooled: Spooled
    loudness: float | None
    doubtful: Sequence[DoubtfulSyllable]
    substituted: Sequence[SubstitutedCharacter]
    findings: Counter[Severity]


def _guessed_gain(voice: Speaker, earlier: Mapping[str, Any]) -> float:
    """The gain in dB that the programme probably needs: that of the last run, if it had the same voice and loudness.

    A wrong guess costs time and changes nothing in the result.
    """
    match earlier:
        case {"voice": voice.voice.id, "loudness": voice.settings.loudness, "gain": float(before)} if abs(before) < 99:
            return before
    return expected_gain(voice.voice.loudness, voice.settings.loudness)


def _speak(work: _Work, voice: Speaker, output: OutputFolder, guess: float) -> _Speech:
    """Speak the programme into the work folder. MP3 files of paragraphs appear at once, with the guessed gain."""
    can, layout = voice.capabilities, work.layout
    rate = can.sample_rate
    step = grid(layout.formats, rate)
    doubtful: list[DoubtfulSyllable] = []
    substituted: list[SubstitutedCharacter] = []
    findings: Counter[Severity] = Counter()
    noticed: set[str] = set()
    with ExitStack() as stack:
        spool = stack.enter_context(Spool(output.work, rate, sound=layout.has_sound))
        meter = stack.enter_context(Meter(output.folder, rate)) if layout.has_sound else None
        encoder = stack.enter_context(_paragraph_mp3s(work, voice, output)) if layout.audio else None
        scripts = prepared(work.rundown, voice, work.notice)
        for paragraph in stack.enter_context(closing(recorded(scripts, voice, step))):
            if meter:
                meter.add(paragraph.pcm)
            if encoder:
                encoder.add(paragraph.track, levelled(paragraph.pcm, guess, rate))
            spool.add(paragraph.track, paragraph.pcm)
            doubtful += paragraph.doubtful
            substituted += paragraph.substituted
            for finding in voice_findings(paragraph.track, paragraph.substituted, voice.voice, can.approximates):
                findings[finding.severity] += 1
                if finding.message not in noticed:
                    work.notice(f"paragraph {finding.paragraph}: {finding.message}")
                    noticed.add(finding.message)
            work.progress(paragraph.track, paragraph.pcm)
    return _Speech(
        spooled=spool.spooled(),
        loudness=meter.loudness if meter else None,
        doubtful=doubtful,
        substituted=substituted,
        findings=findings,
    )


def _paragraph_mp3s(work: _Work, voice: Speaker, output: OutputFolder) -> ParagraphMp3s:
    rundown = work.rundown
    tags = common_tags(rundown.title, voice.voice.id, rundown.language, rundown.series)
    return ParagraphMp3s(output, work.layout.paragraph_files, voice.capabilities.sample_rate, tags)


def _gains(work: _Work, voice: Speaker, speech: _Speech) -> Gains:
    """The gains that make the programme as loud as asked. If there is music, it is mixed under the voice here."""
    usual, wanted = voice.voice.loudness, work.settings.loudness
    if work.music is None or not work.layout.has_sound:
        return Gains(voice=gain(speech.loudness, usual, wanted))
    loudness = mix(work.music, work.rundown, speech.spooled)
    room = 20 * log10(HEADROOM)  # how much quieter the voice is in the mix
    mixed = gain(loudness, None if usual is None else usual + room, wanted)
    return Gains(voice=round(mixed + room, 2), mix=mixed)


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
        files=tuple(work.layout.names),
        paragraphs=spooled.paragraphs,
        samples=spooled.samples,
        sample_rate=spooled.sample_rate,
        findings={severity: counted[severity] for severity in Severity},
        syllables=spooled.syllables,
        doubts=tuple(speech.doubtful) if settings.verify else None,
        substitutions=tuple(speech.substituted),
        loudness=settings.loudness,
        gain=programme.gains.voice,
        chapters=tuple(chapters(programme)) if rundown.headings() else (),
        identity=text_identity(rundown.title, (paragraph.text for paragraph in rundown.paragraphs())),
    )


def _manifest_head(work: _Work, voice: Speaker) -> ManifestHead:
    return ManifestHead(
        title=work.rundown.title,
        voice=voice.voice.id,
        sample_rate=voice.capabilities.sample_rate,
        files=work.layout.files,
        rate=work.settings.rate,
        exact=voice.capabilities.exact_marks,
        music=any(section.bed or section.chime for section in work.rundown.sections),
        stories=[{export.kind(name): file for name, file in files.items()} for files in work.layout.story_files],
    )
