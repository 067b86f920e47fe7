"""An article into files: parse has made it, speech speaks it, export writes it."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from math import log10
from typing import TYPE_CHECKING, Any

from langdu import export
from langdu.audio.music import HEADROOM
from langdu.errors import EngineError
from langdu.export.cover import picture
from langdu.export.folder import MANIFEST, Layout, OutputFolder, file_name
from langdu.export.loudness import Meter, expected_gain, gain, levelled
from langdu.export.manifest import ManifestWriter
from langdu.export.programme import ProgrammeWriter
from langdu.export.spool import Programme, Spoken, Spool
from langdu.export.tags import of_all
from langdu.model import Rundown, Severity
from langdu.pipeline.hearing import as_json, doubtful
from langdu.pipeline.kept import Narration, about
from langdu.pipeline.music import mix
from langdu.pipeline.speech import as_json as substituted
from langdu.pipeline.speech import find_voice, prepared, recorded, speaker, unlike
from langdu.pipeline.text import check_rundown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from langdu.model import Article, Track
    from langdu.pipeline.hearing import Doubtful
    from langdu.pipeline.music import Music
    from langdu.pipeline.speech import Recorded, Speaker
    from langdu.pipeline.text import Script
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
    if settings.cover:
        picture(settings.cover)
    if settings.fallback is None:
        return _produce(rundown, out, settings, music, stamp, notice, progress)
    instead = replace(settings, voice=find_voice(settings.fallback).id, fallback=None)
    try:
        return _produce(rundown, out, settings, music, stamp, notice, progress)
    except EngineError as error:
        notice(f"{error}; so the voice {instead.voice} narrates it all")
        return _produce(rundown, out, instead, music, None, notice, progress)


def _produce(  # noqa: PLR0913, PLR0917 - what `produce` takes
    rundown: Rundown,
    out: Path | None,
    settings: Settings,
    music: Music | None,
    stamp: str | None,
    notice: Callable[[str], None],
    progress: Callable[[Track, bytes], None],
) -> Narration:
    slug, paragraphs = file_name(rundown.title), len(list(rundown.paragraphs()))
    layout = Layout(slug=slug, paragraphs=paragraphs, formats=settings.formats)
    folder = out or settings.audio_dir / layout.slug
    found_doubtful: list[Doubtful] = []
    found: Counter[Severity] = Counter()
    told: set[str] = set()
    substitutions: list[dict[str, Any]] = []

    def done(each: Recorded) -> None:
        found_doubtful.extend(doubtful(each.track, each.doubts))
        substitutions.extend(substituted(one, each.track) for one in each.substitutions)
        for finding in unlike(each, voice):
            found[finding.severity] += 1
            if finding.message not in told:
                notice(f"paragraph {finding.paragraph}: {finding.message}")
                told.add(finding.message)
        progress(each.track, each.pcm)

    with OutputFolder(folder, layout.names, notice) as output:
        with speaker(settings, notice) as voice:
            made, expected = prepared(rundown, voice, notice), _expected(voice, output)
            tags = of_all(rundown.title, voice.voice.id, rundown.language)
            mp3 = partial(ProgrammeWriter, output, layout.paragraph_files, voice.capabilities.sample_rate, tags)
            said, loudness = _write(made, rundown, voice, layout, output, mp3, expected, done)
            under = music if layout.has_sound else None
            needed, both = _gains(under, rundown, Spoken(output.work), voice, loudness)
        # The workers are gone: what a long article's check takes, they have given back.
        findings = check_rundown(rundown, settings.lexicon)
        found.update(finding.severity for finding in findings)
        programme = Programme(
            title=rundown.title,
            voice=voice.voice.id,
            language=rundown.language,
            sample_rate=voice.capabilities.sample_rate,
            samples=said.samples,
            files=layout.files,
            paragraph_files=tuple(layout.paragraph_files),
            folder=output.work,
            findings=tuple(findings),
            cover=settings.cover,
            cues=settings.cues,
            date=rundown.date,
            headings=rundown.headings(),
            gain=needed,
            mixed_gain=both,
            ruby=settings.ruby,
            overlay=settings.overlay,
        )
        if layout.audio and needed != expected:
            _encode_again(programme, mp3())
        _export(programme, layout, output)
        narration = Narration(
            folder=folder,
            title=rundown.title,
            voice=voice.voice.id,
            files=tuple(layout.names),
            paragraphs=said.paragraphs,
            samples=said.samples,
            sample_rate=voice.capabilities.sample_rate,
            findings={severity.value: found[severity] for severity in Severity},
            syllables=said.syllables,
            doubts=tuple(as_json(each) for each in found_doubtful) if settings.verify else None,
            substitutions=tuple(substitutions),
            loudness=settings.loudness,
            gain=needed,
            chapters=tuple(said.chapters),
        )
        output.publish(MANIFEST)
        output.complete(about(narration, stamp))
    return narration


def _gains(
    music: Music | None, rundown: Rundown, spoken: Spoken, voice: Speaker, loudness: float | None
) -> tuple[float, float | None]:
    """The gains in dB of the voice, and of voice and music together, None where there is none, to be as loud as asked.

    `loudness` is the voice's, in LUFS.
    """
    usual, asked = voice.voice.loudness, voice.settings.loudness
    if music is None:
        return gain(loudness, usual, asked), None
    both = mix(music, rundown, spoken, voice.capabilities.sample_rate)
    room = 20 * log10(HEADROOM)  # in the mix the voice is so much louder than before
    found = gain(both, None if usual is None else usual + room, asked)
    return round(found + room, 2), found


def _expected(voice: Speaker, output: OutputFolder) -> float:
    """The gain in dB that the programme probably needs: that of the run before this, if it had the same voice.

    What is guessed here changes how much must be done, never what is made.
    """
    match output.earlier:
        case {"voice": voice.voice.id, "loudness": voice.settings.loudness, "gain": float(before)}:
            return before
    return expected_gain(voice.voice.loudness, voice.settings.loudness)


def _write(  # noqa: PLR0913, PLR0917 - a narration is made of all of these
    made: Iterable[Script],
    rundown: Rundown,
    voice: Speaker,
    layout: Layout,
    output: OutputFolder,
    mp3: Callable[[], ProgrammeWriter],
    expected: float,
    done: Callable[[Recorded], None],
) -> tuple[ManifestWriter, float | None]:
    """Speak what is prepared; also says how loud it is before any gain, in LUFS.

    MP3 files of paragraphs appear at once, with the gain that is expected; the manifest, and what formats are made of,
    wait.
    """
    rate = voice.capabilities.sample_rate
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
