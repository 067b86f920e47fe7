"""A programme → what narrating it would do, without speaking or writing anything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from langdu import engines, export
from langdu.output.record import read_record
from langdu.pipeline.cast import find_voice
from langdu.pipeline.kept import refuse_other
from langdu.pipeline.layout import Layout
from langdu.pipeline.text import scripts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from langdu.engines import Capabilities
    from langdu.model import Rundown, Utterance, Voice
    from langdu.pipeline.text import Script
    from langdu.settings import Settings

# For a voice that was never measured: about those of baker, a newsreader.
_SYLLABLE_MS: Final = 220.0
_STRETCH_MS: Final = 0.0


@dataclass(frozen=True, slots=True)
class SpokenText:
    """A paragraph as it is written, and as it would be spoken by `voice`."""

    text: str
    spoken: str
    voice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What narrating a programme would do.

    `voices` are all that speak, those of quoted speech too; `readers` has each story with the voice that reads it,
    `quotes` is the voice of quoted speech if there is any.
    `seconds` is its length, usually within 5 %; `is_measured` says whether the lengths of its voices were measured.
    `characters` counts what would be spoken, with marks: services charge for it. Of the files in `folder`, `replaced`
    would be written anew unless they are the same, and `removed` would go.
    """

    title: str
    folder: Path
    voices: tuple[str, ...]
    readers: tuple[tuple[str, str], ...]
    quotes: str | None
    seconds: float
    is_measured: bool
    characters: int
    paragraphs: tuple[SpokenText, ...]
    files: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]


def forecast(
    rundown: Rundown,
    out: Path | None,
    settings: Settings,
    *,
    stories: bool = False,
    notice: Callable[[str], None] = lambda _: None,
) -> Forecast:
    """What `langdu.pipeline.narration.produce` would do with the same arguments. No voice is installed for it.

    Raises: ConfigError: there is no such voice or format. ExportError: the folder has another narration.
    """
    export.check_formats(settings.formats)
    layout = Layout.of(rundown, settings.formats, stories=stories)
    folder = out or settings.audio_dir / layout.slug
    record = read_record(folder)
    refuse_other(folder, record.about, rundown, notice)

    @cache
    def voice_of(voice_id: str | None) -> Voice:
        return find_voice(voice_id or settings.voice)

    def can(voice_id: str | None) -> Capabilities:
        return engines.create(voice_of(voice_id).engine, voice_of(voice_id).files).capabilities

    milliseconds = 0.0
    paragraphs = []
    speaking: dict[str, Voice] = {}
    for ready in scripts(rundown, settings, can):
        voice = voice_of(ready.voice)
        speaking |= {who.id: who for who in (voice, *(voice_of(said.voice) for said in ready.utterances))}
        milliseconds += _milliseconds(ready, voice_of, settings)
        paragraphs.append(SpokenText(ready.paragraph.text, ready.normalized.spoken, voice.id))
    there = [name for name in record.made if (folder / name).exists()]
    return Forecast(
        title=rundown.title,
        folder=folder,
        voices=tuple(speaking),
        quotes=voice_of(settings.quotes).id if settings.quotes and voice_of(settings.quotes).id in speaking else None,
        readers=tuple(
            (section.heading.title, voice_of(section.voice).id)
            for section in rundown.sections
            if section.heading and section.heading.is_story
        ),
        seconds=milliseconds / 1000,
        is_measured=all(voice.syllable_ms for voice in speaking.values()),
        characters=sum(len(paragraph.spoken) for paragraph in paragraphs),
        paragraphs=tuple(paragraphs),
        files=tuple(layout.names),
        replaced=tuple(name for name in there if name in layout.names),
        removed=tuple(name for name in there if name not in layout.names),
    )


def said(utterance: Utterance) -> int:
    """How many characters of an utterance are said: hanzi and letters."""
    characters = zip(utterance.text, utterance.readings, strict=True)
    return sum(reading is not None or (char.isascii() and char.isalpha()) for char, reading in characters)


def _milliseconds(script: Script, voice_of: Callable[[str | None], Voice], settings: Settings) -> float:
    """How long a paragraph takes: a bit for each syllable and for each stretch between two pauses, and the pauses."""
    total = float(script.lead_ms)
    for utterance in script.utterances:
        voice = voice_of(utterance.voice)
        syllable, stretch = voice.syllable_ms or _SYLLABLE_MS, voice.stretch_ms or _STRETCH_MS
        total += (syllable * said(utterance) + stretch) / (settings.rate * utterance.pace) + utterance.pause_after_ms
    return total if script.utterances else total + settings.pauses.paragraph
