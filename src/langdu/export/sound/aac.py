"""PCM → AAC in MP4 at 64 kb/s, encoded once for all formats that contain it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

from langdu.files import atomic
from langdu.sound import ffmpeg
from langdu.sound.ffmpeg import Ffmpeg, writing

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.programme import Programme

# At 64 kb/s `fast` is better than the default coder: the spectrum is 1.6 dB from the source (default 1.7), noise is
# 25.5 dB below the voice (22.7), peaks rise by 0.2 dB (1.3), and it takes half the time. Without noise shaping and
# substitution it takes a tenth less, and noise is 0.3 dB lower.
_CODEC: Final = ("-codec:a", "aac", "-b:a", "64k", "-aac_coder", "fast", "-aac_tns", "0", "-aac_pns", "0")
# Puts the index first, so that a player need not search for it.
_INDEX_FIRST: Final = ("-movflags", "+faststart")
# In the work folder. No format has this ending, so no title can clash with the names.
_ENCODED: Final = "sound.aac"
_PIECE: Final = "piece.aac"
# Two formats that contain the sound may be written at the same time: the second waits for what the first encodes.
_ONE_AT_A_TIME: Final = Lock()


def encoded(path: Path, programme: Programme) -> Path:
    """The sound of the whole programme in a file of the work folder, without tags; errors name `path`.

    Raises: ExportError: ffmpeg fails, or the file cannot be written.
    """
    sound = programme.folder / _ENCODED
    with _ONE_AT_A_TIME:
        if not sound.exists():
            with atomic(sound) as partial, writing(path):
                arguments = [*_CODEC, *_INDEX_FIRST, *ffmpeg.into(partial, "ipod")]
                with Ffmpeg(programme.sample_rate, arguments) as encoder:
                    for pcm in programme.sound():
                        encoder.write(pcm)
    return sound


def extract(path: Path, programme: Programme, start: int, end: int) -> Path:
    """The samples `[start, end)` of the programme's sound in a file of the work folder, without encoding them again.

    The first sample is where it should be; at the end up to 1,023 samples more may follow. Errors name `path`.

    Raises: ExportError: ffmpeg fails, or the file cannot be written.
    """
    whole = encoded(path, programme)
    if (start, end) == (0, programme.samples):
        return whole
    piece = programme.folder / _PIECE
    first, length = (f"{samples / programme.sample_rate:.6f}" for samples in (start, end - start))
    with writing(path):
        inside = ["-ss", first, "-i", f"file:{whole}", "-t", length, "-codec:a", "copy"]
        ffmpeg.run([*inside, *_INDEX_FIRST, *ffmpeg.into(piece, "ipod")])
    return piece
