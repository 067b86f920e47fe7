"""An article into files: parse has made it, speech speaks it, export writes it."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from math import log10
from typing import TYPE_CHECKING, Any

from langdu import export
from langdu.audio.music import HEADROOM
from langdu.errors import EngineError
from langdu.export.programme import ProgrammeWriter
from langdu.export.spool import Programme, Spoken, Spool
from langdu.export.tags import common_tags
from langdu.model import Rundown, Severity
from langdu.output.folder import MANIFEST, OutputFolder, file_name
from langdu.output.manifest import ManifestWriter
from langdu.parse.sources.picture import picture
from langdu.pipeline.hearing import as_json, doubtful
from langdu.pipeline.kept import Narration, about
from langdu.pipeline.layout import Layout
from langdu.pipeline.music import mix
from langdu.pipeline.speech import as_json as substituted
from langdu.pipeline.speech import find_voice, prepared, recorded, speaker, unlike
from langdu.pipeline.text import check_rundown
from langdu.sound.loudness import Meter, expected_gain, gain, levelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from langdu.model import Article, Picture, Track
    from langdu.pipeline.hearing import Doubtful
    from langdu.pipeline.music import Music
    from langdu.pipeline.speech import Recorded, Speaker
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


def produce(  # noqa: PLR0913 - the last three can be left out
    rundown: Rundown,
    out: Path | None,
    settings: Settings,
    *,
    music: Music | None = None,
    stamp: str | None = None,
    notice: Callable[[str], None] = lambda _: None,
    progress: Callable[[Track, bytes], None] = lambda _, __: None,
) -> Narration:
    """Speak a programme into files: one a paragraph, the whole, subtitles and manifest.json.

    Music is in the files of the whole; those of the paragraphs, and what `progress` hears, are the voice alone.

    `out` is the folder, by default one named after the title in `settings.audio_dir`; `notice` is told what takes
    time, `progress` gets each paragraph and its sound (PCM) as it is done. A paragraph's file appears when it is whole,
    the manifest when all are. `stamp` is what `kept.find` knows the narration by.

    If the voice fails and the settings name a fallback, the whole is narrated by that voice: one programme has one
    voice. No stamp is then left, so that the next run tries the other voice again.

    Raises: EngineError: the voice failed. ExportError: a file could not be written, or would replace one that langdu
    did not make. ConfigError: there is no such voice or format, or the cover is no picture.
    """
    export.check_formats(settings.formats)
    cover = picture(settings.cover) if settings.cover else None
    work = _Work(
        rundown=rundown, out=out, settings=settings, cover=cover, music=music, notice=notice, progress=progress
    )
    if settings.fallback is None:
        return _produce(work, stamp)
    instead = replace(settings, voice=find_voice(settings.fallback).id, fallback=None)
    try:
        return _produce(work, stamp)
    except EngineError as error:
        notice(f"{error}; so the voice {instead.voice} narrates it all")
        return _produce(replace(work, settings=instead), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What `produce` is asked for."""

    rundown: Rundown
    out: Path | None
    settings: Settings
    cover: Picture | None
    music: Music | None
    notice: Callable[[str], None]
    progress: Callable[[Track, bytes], None]

    @property
    def layout(self) -> Layout:
        """The files of the narration."""
        paragraphs = len(list(self.rundown.paragraphs()))
        return Layout(slug=file_name(self.rundown.title), paragraphs=paragraphs, formats=self.settings.formats)


def _produce(work: _Work, stamp: str | None) -> Narration:
    layout = work.layout
    folder = work.out or work.settings.audio_dir / layout.slug
    with OutputFolder(folder, layout.names, work.notice) as output:
        with speaker(work.settings, work.notice) as voice:
            heard = _Heard(voice, work)
            expected = _expected(voice, output)
            tags = common_tags(work.rundown.title, voice.voice.id, work.rundown.language, work.rundown.series)
            mp3 = partial(ProgrammeWriter, output, layout.paragraph_files, voice.capabilities.sample_rate, tags)
            said, loudness = _write(work, voice, output, mp3, expected, heard.done)
            gains = _gains(work, Spoken(output.work), voice, loudness)
        # The workers are gone: what a long article's check takes, they have given back.
        findings = check_rundown(work.rundown, work.settings.lexicon)
        heard.findings.update(finding.severity for finding in findings)
        programme = replace(_programme(work, voice, said, output.work, gains), findings=tuple(findings))
        if layout.audio and programme.gain != expected:
            _encode_again(programme, mp3())
        _export(programme, layout, output)
        narration = _narration(work, programme, folder, said, heard)
        output.publish(MANIFEST)
        output.complete(about(narration, stamp))
    return narration


class _Heard:
    """What is told of paragraphs as they are done, and what there is to tell of them all."""

    def __init__(self, voice: Speaker, work: _Work) -> None:
        self._voice = voice
        self._work = work
        self._told: set[str] = set()
        self.findings: Counter[Severity] = Counter()
        self.doubtful: list[Doubtful] = []
        self.substitutions: list[dict[str, Any]] = []

    @property
    def doubts(self) -> tuple[dict[str, Any], ...] | None:
        """What does not sound as asked, None if nobody listened."""
        return tuple(map(as_json, self.doubtful)) if self._work.settings.verify else None

    def done(self, each: Recorded) -> None:
        """Tell of a paragraph."""
        self.doubtful += doubtful(each.track, each.doubts)
        self.substitutions += (substituted(one, each.track) for one in each.substitutions)
        for finding in unlike(each, self._voice):
            self.findings[finding.severity] += 1
            if finding.message not in self._told:
                self._work.notice(f"paragraph {finding.paragraph}: {finding.message}")
                self._told.add(finding.message)
        self._work.progress(each.track, each.pcm)


def _programme(
    work: _Work, voice: Speaker, said: ManifestWriter, folder: Path, gains: tuple[float, float | None]
) -> Programme:
    rundown, settings, layout = work.rundown, work.settings, work.layout
    return Programme(
        title=rundown.title,
        voice=voice.voice.id,
        language=rundown.language,
        sample_rate=voice.capabilities.sample_rate,
        samples=said.samples,
        files=layout.files,
        paragraph_files=tuple(layout.paragraph_files),
        folder=folder,
        cover=work.cover,
        cues=settings.cues,
        date=rundown.date,
        headings=rundown.headings(),
        series=rundown.series,
        gain=gains[0],
        mixed_gain=gains[1],
        ruby=settings.ruby,
        overlay=settings.overlay,
    )


def _narration(work: _Work, programme: Programme, folder: Path, said: ManifestWriter, heard: _Heard) -> Narration:
    return Narration(
        folder=folder,
        title=programme.title,
        voice=programme.voice,
        files=tuple(work.layout.names),
        paragraphs=said.paragraphs,
        samples=said.samples,
        sample_rate=programme.sample_rate,
        findings={severity.value: heard.findings[severity] for severity in Severity},
        syllables=said.syllables,
        doubts=heard.doubts,
        substitutions=tuple(heard.substitutions),
        loudness=work.settings.loudness,
        gain=programme.gain,
        chapters=tuple(said.chapters),
    )


def _gains(work: _Work, spoken: Spoken, voice: Speaker, loudness: float | None) -> tuple[float, float | None]:
    """The gains in dB of the voice, and of voice and music together, None where there is none, to be as loud as asked.

    `loudness` is the voice's, in LUFS.
    """
    usual, asked = voice.voice.loudness, voice.settings.loudness
    if work.music is None or not work.layout.has_sound:
        return gain(loudness, usual, asked), None
    both = mix(work.music, work.rundown, spoken, voice.capabilities.sample_rate)
    room = 20 * log10(HEADROOM)  # how much quieter the voice is in the mix
    found = gain(both, None if usual is None else usual + room, asked)
    return round(found + room, 2), found


def _expected(voice: Speaker, output: OutputFolder) -> float:
    """The gain in dB that the programme probably needs: that of the run before this, if it had the same voice.

    What is guessed here changes how much must be done, never what is made.
    """
    match output.earlier:
        case {"voice": voice.voice.id, "loudness": voice.settings.loudness, "gain": float(before)} if abs(before) < 99:
            return before
    return expected_gain(voice.voice.loudness, voice.settings.loudness)


def _write(  # noqa: PLR0913, PLR0917 - a narration is made of all of these
    work: _Work,
    voice: Speaker,
    output: OutputFolder,
    mp3: Callable[[], ProgrammeWriter],
    expected: float,
    done: Callable[[Recorded], None],
) -> tuple[ManifestWriter, float | None]:
    """Speak the programme; also says how loud it is before any gain, in LUFS.

    MP3 files of paragraphs appear at once, with the gain that is expected; the manifest, and what formats are made of,
    wait.
    """
    rate, rundown, layout = voice.capabilities.sample_rate, work.rundown, work.layout
    described = ManifestWriter(
        output.part(MANIFEST),
        title=rundown.title,
        voice=voice.voice.id,
        headings=rundown.headings(),
        music=any(section.bed or section.chime for section in rundown.sections),
        rate=voice.settings.rate,
        exact=voice.capabilities.exact_marks,
        sample_rate=rate,
        files=layout.files,
    )
    names = iter(layout.paragraph_files)
    with described, Spool(output.work, sound=layout.has_sound) as spool, ExitStack() as stack:
        meter = stack.enter_context(Meter(output.folder, rate)) if layout.has_sound else None
        encoder = stack.enter_context(mp3()) if layout.audio else None
        made = prepared(rundown, voice, work.notice)
        for each in stack.enter_context(closing(recorded(made, voice))):
            if meter:
                meter.add(each.pcm)
            if encoder:
                encoder.add(each.track, levelled(each.pcm, expected, rate))
            done(each)
            described.add(each.track, next(names, None))
            spool.add(each.track, each.pcm)
    return described, meter.loudness if meter else None


def _encode_again(programme: Programme, writer: ProgrammeWriter) -> None:
    """The paragraphs' MP3s in the place of those whose gain was not that of the whole."""
    with writer as encoder:
        for track, pcm in zip(programme.tracks(), programme.speech(), strict=True):
            encoder.add(track, pcm)


def _export(programme: Programme, layout: Layout, output: OutputFolder) -> None:
    """Write every format."""
    for name in layout.formats:
        export.writer(name)(output.part(layout.whole(name)), programme)
        output.publish(layout.whole(name))
