"""Single lines → sound, each with the times of its syllables."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu.audio import assemble
from langdu.errors import InputError
from langdu.pipeline.cast import cast
from langdu.pipeline.speech import SpokenScript, spoken_scripts
from langdu.pipeline.text import script_of_line, taught_by
from langdu.pipeline.tracks import track
from langdu.pronounce import read_pinyin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from langdu.model import Track
    from langdu.pipeline.cast import Cast
    from langdu.pipeline.text import Script
    from langdu.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLine:
    """One spoken line: mono 16-bit PCM and its timings, `exact` if the voice itself knows them.

    `is_pinyin`: the line was taken as pinyin, not as hanzi. `unused` are brackets of pinyin that fit no hanzi.
    """

    text: str
    voice: str
    pcm: bytes
    sample_rate: int
    track: Track
    exact: bool
    is_pinyin: bool
    unused: tuple[str, ...]


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

    Raises: InputError: the line is neither hanzi nor pinyin, or has nothing that can be said.
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

    Raises: InputError: a line is neither hanzi nor pinyin, or has nothing that can be said.
    """
    yield from spoken_lines(lines, cast(settings, notice), literal=literal)


def spoken_lines(lines: Iterable[str], speaking: Cast, *, literal: bool = False) -> Iterator[SpokenLine]:
    """As `say_lines`, with voices that are ready."""
    taught, pauses, can = taught_by(None, speaking.settings), speaking.settings.pauses, speaking.first.capabilities

    def script(number: int, line: str) -> Script:
        with _in_line(number):
            return script_of_line(line, taught, pauses, can, literal=literal)

    scripts = (script(number, line) for number, line in enumerate(lines, 1))
    for number, spoken in enumerate(spoken_scripts(scripts, speaking), 1):
        with _in_line(number):
            line = _spoken_line(spoken, speaking)
        yield line


@contextmanager
def _in_line(number: int) -> Iterator[None]:
    """Errors in the block name a line."""
    try:
        yield
    except InputError as error:
        raise InputError(f"line {number}: {error}") from error


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
        is_pinyin=read_pinyin(text) is not None,
        unused=tuple(misfit.written for misfit in script.paragraph.misfits),
    )
