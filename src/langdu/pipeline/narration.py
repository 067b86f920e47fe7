"""An article into files: parse has made it, speech speaks it, export writes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from langdu.export import check_formats
from langdu.export.cues import sentence_cues
from langdu.export.folder import MANIFEST, Layout, OutputFolder, file_name
from langdu.export.manifest import manifest, write_json
from langdu.export.mp3 import Mp3Writer, Tags
from langdu.export.srt import write_srt
from langdu.pipeline.hearing import ear_for, heard
from langdu.pipeline.speech import recorded, speaker
from langdu.pipeline.text import check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from langdu.model import Article, Finding, Track
    from langdu.pipeline.hearing import Doubtful
    from langdu.pipeline.speech import Speaker
    from langdu.settings import Settings

_ISO_639_2 = {"zh": "zho"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Narration:
    """What `narrate` made: `files` are names in `folder`, `voice` is a voice's id.

    `doubtful` is what still does not sound as asked, None if nobody listened.
    """

    folder: Path
    title: str
    voice: str
    files: tuple[str, ...]
    tracks: tuple[Track, ...]
    findings: tuple[Finding, ...]
    doubtful: tuple[Doubtful, ...] | None = None


def narrate(
    article: Article,
    out: Path | None,
    settings: Settings,
    *,
    notice: Callable[[str], None] = lambda _: None,
    progress: Callable[[Track], None] = lambda _: None,
) -> Narration:
    """Speak an article into files: one a paragraph, the whole programme, subtitles and manifest.json.

    `out` is the folder, by default one named after the title in `settings.audio_dir`; `notice` is told what takes
    time, `progress` gets each paragraph as it is done. All files appear together at the end, or none does.

    Raises: EngineError: the voice failed. ExportError: a file could not be written, or would replace one that langdu
    did not make. ConfigError: there is no such voice or format.
    """
    check_formats(settings.formats)
    title = article.title.text if article.title else Path(article.source.name).stem
    layout = Layout(slug=file_name(title), paragraphs=len(list(article.spoken_order())), formats=settings.formats)
    folder = out or settings.audio_dir / layout.slug
    with OutputFolder(folder, layout.names) as staging, speaker(settings, notice) as voice:
        tracks: list[Track] = []
        doubtful: list[Doubtful] = []
        ear = ear_for(voice.voice.id, notice) if settings.verify else None
        for each, pcm in _record(article, voice, layout, staging, title):
            tracks.append(each)
            if settings.verify:
                doubtful += heard(each, pcm, ear, settings.rate)
            progress(each)
        if layout.subtitles:
            write_srt(staging / layout.subtitles, sentence_cues(tracks), tracks[0].sample_rate)
        described = manifest(
            title=title,
            voice=voice.voice.id,
            rate=settings.rate,
            tracks=tracks,
            files=layout.files,
            paragraph_files=layout.paragraph_files,
        )
        write_json(staging / MANIFEST, described)
        findings = check(article, lexicon=settings.lexicon)
    return Narration(
        folder=folder,
        title=title,
        voice=voice.voice.id,
        files=tuple(layout.names),
        tracks=tuple(tracks),
        findings=tuple(findings),
        doubtful=tuple(doubtful) if settings.verify else None,
    )


def _record(
    article: Article, voice: Speaker, layout: Layout, staging: Path, title: str
) -> Iterator[tuple[Track, bytes]]:
    """Speak an article into its audio files; gives each paragraph with its sound, as PCM."""
    rate = voice.capabilities.sample_rate
    tags = Tags(title=title, artist=f"langdu {voice.voice.id}", album=title, language=_ISO_639_2[article.language[:2]])
    with ExitStack() as stack:
        whole = stack.enter_context(Mp3Writer(staging / layout.audio, rate, tags)) if layout.audio else None
        # A paragraph's own file is encoded while the programme's is, and while the next paragraph is spoken.
        beside = stack.enter_context(ThreadPoolExecutor(1))
        encoding: Future[None] | None = None
        for i, (spoken, pcm) in enumerate(recorded(article, voice)):
            if whole:
                if encoding:
                    encoding.result()
                own = replace(tags, title=_heading(spoken), track=i + 1, tracks=layout.paragraphs)
                encoding = beside.submit(_encode, staging / layout.paragraph_files[i], rate, own, pcm)
                whole.write(pcm)
            yield spoken, pcm
        if encoding:
            encoding.result()


def _encode(path: Path, sample_rate: int, tags: Tags, pcm: bytes) -> None:
    with Mp3Writer(path, sample_rate, tags) as writer:
        writer.write(pcm)


def _heading(spoken: Track) -> str:
    """The first words of a paragraph, as its title in a player."""
    text = spoken.paragraph.text
    return text if len(text) <= 24 else text[:23] + "…"
