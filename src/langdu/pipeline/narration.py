"""An article into files: parse has made it, speech speaks it, export writes it."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langdu import export
from langdu.errors import EngineError
from langdu.export.folder import MANIFEST, Layout, OutputFolder, file_name
from langdu.export.manifest import ManifestWriter
from langdu.export.mp3 import Tags
from langdu.export.programme import ProgrammeWriter
from langdu.export.spool import Programme, Spool
from langdu.model import Severity
from langdu.pipeline.hearing import as_json, doubtful
from langdu.pipeline.kept import Narration, about
from langdu.pipeline.speech import as_json as substituted
from langdu.pipeline.speech import find_voice, prepared, recorded, speaker, unlike
from langdu.pipeline.text import check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from langdu.model import Article, Track
    from langdu.pipeline.hearing import Doubtful
    from langdu.pipeline.speech import Recorded, Speaker
    from langdu.pipeline.text import Script
    from langdu.settings import Settings

_ISO_639_2 = {"zh": "zho"}


def narrate(  # noqa: PLR0913 - the last three can be left out
    article: Article,
    out: Path | None,
    settings: Settings,
    *,
    stamp: str | None = None,
    notice: Callable[[str], None] = lambda _: None,
    progress: Callable[[Track, bytes], None] = lambda _, __: None,
) -> Narration:
    """Speak an article into files: one a paragraph, the whole programme, subtitles and manifest.json.

    `out` is the folder, by default one named after the title in `settings.audio_dir`; `notice` is told what takes
    time, `progress` gets each paragraph and its sound (PCM) as it is done. A paragraph's file appears when it is whole,
    the manifest when all are. `stamp` is what `kept.find` knows the narration by.

    If the voice fails and the settings name a fallback, the whole article is narrated by that voice: one programme has
    one voice. No stamp is then left, so that the next run tries the other voice again.

    Raises: EngineError: the voice failed. ExportError: a file could not be written, or would replace one that langdu
    did not make. ConfigError: there is no such voice or format.
    """
    export.check_formats(settings.formats)
    if settings.fallback is None:
        return _narrate(article, out, settings, stamp, notice, progress)
    instead = replace(settings, voice=find_voice(settings.fallback).id, fallback=None)
    try:
        return _narrate(article, out, settings, stamp, notice, progress)
    except EngineError as error:
        notice(f"{error}; so the voice {instead.voice} narrates the article")
        return _narrate(article, out, instead, None, notice, progress)


def _narrate(  # noqa: PLR0913, PLR0917 - what `narrate` takes
    article: Article,
    out: Path | None,
    settings: Settings,
    stamp: str | None,
    notice: Callable[[str], None],
    progress: Callable[[Track, bytes], None],
) -> Narration:
    title = article.title.text if article.title else Path(article.source.name).stem
    layout = Layout(slug=file_name(title), paragraphs=len(list(article.spoken_order())), formats=settings.formats)
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
            made = prepared(article, voice, notice)
            said = _write(made, _tags(title, voice, article), voice, layout, output, done)
        # The workers are gone: what a long article's check takes, they have given back.
        findings = check(article, lexicon=settings.lexicon)
        found.update(finding.severity for finding in findings)
        programme = Programme(
            title=title,
            voice=voice.voice.id,
            language=article.language,
            sample_rate=voice.capabilities.sample_rate,
            samples=said.samples,
            files=layout.files,
            paragraph_files=tuple(layout.paragraph_files),
            folder=output.work,
            findings=tuple(findings),
            cover=settings.cover,
            ruby=settings.ruby,
            overlay=settings.overlay,
        )
        _export(programme, layout, output)
        narration = Narration(
            folder=folder,
            title=title,
            voice=voice.voice.id,
            files=tuple(layout.names),
            paragraphs=said.paragraphs,
            samples=said.samples,
            sample_rate=voice.capabilities.sample_rate,
            findings={severity.value: found[severity] for severity in Severity},
            syllables=said.syllables,
            doubts=tuple(as_json(each) for each in found_doubtful) if settings.verify else None,
            substitutions=tuple(substitutions),
        )
        output.publish(MANIFEST)
        output.complete(about(narration, stamp))
    return narration


def _tags(title: str, voice: Speaker, article: Article) -> Tags:
    return Tags(title=title, artist=f"langdu {voice.voice.id}", album=title, language=_ISO_639_2[article.language[:2]])


def _write(  # noqa: PLR0913, PLR0917 - a narration is made of all of these
    made: Iterable[Script],
    tags: Tags,
    voice: Speaker,
    layout: Layout,
    output: OutputFolder,
    done: Callable[[Recorded], None],
) -> ManifestWriter:
    """Speak what is prepared. Its MP3 files appear at once; the manifest, and what formats are made of, wait."""
    rate = voice.capabilities.sample_rate
    described = ManifestWriter(
        output.part(MANIFEST),
        title=tags.title,
        voice=voice.voice.id,
        rate=voice.settings.rate,
        exact=voice.capabilities.exact_marks,
        sample_rate=rate,
        files=layout.files,
    )
    names = iter(layout.paragraph_files)
    sounds = any(export.FORMATS[name].needs_sound for name in layout.formats)
    with described, Spool(output.work, sound=sounds) as spool, ExitStack() as stack:
        sound = None
        if layout.audio:
            writer = ProgrammeWriter(output, layout.paragraph_files, layout.audio, rate, tags)
            sound = stack.enter_context(writer)
        for each in stack.enter_context(closing(recorded(made, voice))):
            if sound:
                sound.add(each.pcm, _heading(each.track))
            done(each)
            described.add(each.track, next(names, None))
            spool.add(each.track, each.pcm)
    return described


def _export(programme: Programme, layout: Layout, output: OutputFolder) -> None:
    """Write every format that is not made while the article is spoken."""
    for name in layout.formats:
        write = export.writer(name)
        if write:
            write(output.part(layout.whole(name)), programme)
            output.publish(layout.whole(name))


def _heading(spoken: Track) -> str:
    """The first words of a paragraph, as its title in a player."""
    text = spoken.paragraph.text
    return text if len(text) <= 24 else text[:23] + "…"
