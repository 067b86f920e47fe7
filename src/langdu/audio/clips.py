"""Clips and pauses → one stretch of sound."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from langdu.audio.segments import audio_segment
from langdu.errors import SynthesisFailed
from langdu.model import Clip, Mark
from langdu.sound import resampling
from langdu.sound.pcm import SAMPLE_WIDTH, integers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.audio.segments import AudioSegment


@dataclass(frozen=True, slots=True)
class Assembled:
    """Mono, 16-bit little-endian PCM of some clips in a row; `starts[i]` is where clip i begins, in samples."""

    pcm: bytes
    sample_rate: int
    starts: tuple[int, ...]

    def __len__(self) -> int:
        """Length in samples."""
        return len(self.pcm) // SAMPLE_WIDTH


def assemble(clips: Sequence[Clip], pauses_ms: Sequence[int]) -> Assembled:
    """Join clips, each followed by its pause: `pauses_ms[i]` milliseconds of digital silence after clip i.

    Laws: every sample of every clip is in the result, in order; a pause of m ms is m × rate ÷ 1000 samples, rounded
    down. Takes time in proportion to the length of the sound.
    Raises: SynthesisFailed: there is no clip, a clip holds half a sample, or the clips differ in sample rate.
    """
    rates = sorted({clip.sample_rate for clip in clips})
    if len(rates) != 1:
        why = f"they have {' and '.join(map(str, rates))} samples a second" if rates else "there are none"
        raise SynthesisFailed(f"the clips cannot be joined: {why}; a voice must use one sample rate for all its clips")
    pieces: list[AudioSegment] = []
    for clip, pause_ms in zip(clips, pauses_ms, strict=True):
        pieces += [_sound(clip.pcm, rates[0]), _sound(bytes(SAMPLE_WIDTH * (pause_ms * rates[0] // 1000)), rates[0])]
    # `+` copies both AudioSegments, so 1,600 pieces would take minutes, and len() rounds each to milliseconds, so a
    # thousand of them drift. So bytes are joined once and counted in samples.
    starts = accumulate((int(piece.frame_count()) for piece in pieces), initial=0)
    joined = _sound(b"".join(piece.raw_data for piece in pieces), rates[0])
    return Assembled(joined.raw_data, rates[0], tuple(starts)[:-1:2])


def at_rate(clip: Clip, sample_rate: int) -> Clip:
    """A clip at another sample rate, with its marks where they were."""
    if clip.sample_rate == sample_rate:
        return clip
    sound = resampling.at_rate(integers(clip.pcm), clip.sample_rate, sample_rate)

    def moved(at: int) -> int:
        return at * sample_rate // clip.sample_rate

    marks = tuple(Mark(mark.index, moved(mark.start), moved(mark.end)) for mark in clip.marks)
    return Clip(sound.astype("<i2").tobytes(), sample_rate, marks)


def _sound(pcm: bytes, sample_rate: int) -> AudioSegment:
    try:
        return audio_segment(pcm, sample_rate)
    except ValueError as error:
        raise SynthesisFailed(
            f"a clip of {len(pcm)} bytes is not 16-bit sound; report this to the maker of the voice"
        ) from error
