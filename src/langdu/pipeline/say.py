"""Single lines → sound, each with the times of its syllables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu.audio import assemble
from langdu.errors import InputError
from langdu.pipeline.cast import cast
from langdu.pipeline.speech import SpokenScript, spoken_scripts
from langdu.pipeline.text import script_of_line, taught_by
from langdu.pipeline.tracks import track

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from langdu.model import Track
    from langdu.pipeline.cast import Cast
    from langdu.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLine:
    """One spoken line: mono 16-bit PCM and its timings, `exact` if the voice itself knows them."""

    text: str
    voice: str
    pcm: bytes
    sample_rate: int
    track: Track
    exact: bool


def say(
    line: str,
    settings: Settings,
    *,
    literal: bool = False,
    notice: Callable[[str], None] = lambda _: None,
    hear: Callable[[bytes, int], None] = lambda _, __: None,
) -> SpokenLine:
    """Speak one line of hanzi, annotated or not, or of pinyin.

    `literal` says the tones as written, without sandhi. `hear` gets each piece of the sound as soon as it is made: PCM,
    and its samples a second.

    Raises: InputError: the line has nothing that can be said.
    """
    speaking = cast(settings, notice)
    can = speaking.first.capabilities
    script = script_of_line(line, taught_by(None, settings), settings.pauses, can, literal=literal)
    clips = []
    for utterance, (clip, _) in zip(script.utterances, speaking.clips(script.utterances), strict=True):
        hear(assemble([clip], [utterance.pause_after_ms]).pcm, clip.sample_rate)
        clips.append(clip)
    return _spoken_line(SpokenScript(script, tuple(clips)), speaking)


def say_lines(
    lines: Iterable[str], settings: Settings, *, literal: bool, notice: Callable[[str], None] = lambda _: None
) -> Iterator[SpokenLine]:
    """Speak each line by itself, in order.

    Raises: InputError: a line has nothing that can be said.
    """
    yield from spoken_lines(lines, cast(settings, notice), literal=literal)


def spoken_lines(lines: Iterable[str], speaking: Cast, *, literal: bool = False) -> Iterator[SpokenLine]:
    """As `say_lines`, with voices that are ready."""
    taught, pauses = taught_by(None, speaking.settings), speaking.settings.pauses
    scripts = (script_of_line(line, taught, pauses, speaking.first.capabilities, literal=literal) for line in lines)
    for spoken in spoken_scripts(scripts, speaking):
        yield _spoken_line(spoken, speaking)


def _spoken_line(spoken: SpokenScript, speaking: Cast) -> SpokenLine:
    script, text = spoken.script, spoken.script.paragraph.text
    if not spoken.clips:
        raise InputError(f"there is nothing to say in {text!r}: write hanzi, or pinyin with tones")
    sound = assemble(spoken.clips, [utterance.pause_after_ms for utterance in script.utterances])
    return SpokenLine(
        text=text,
        voice=speaking.first.voice.id,
        pcm=sound.pcm,
        sample_rate=sound.sample_rate,
        track=track(script, speaking.first.voice.id, spoken.clips, sound, 0),
        exact=speaking.exact_marks,
    )
