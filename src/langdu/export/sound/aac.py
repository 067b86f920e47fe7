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
# 25.5 dB below the voice (22.7), peaks rise by 0.2 dB (1.3), and it takes half the time.
CODEC: Final = ("-codec:a", "aac", "-b:a", "64k", "-aac_coder", "fast")
# In the work folder. No format has this ending, so no title can clash with the name.
_ENCODED: Final = "sound.aac"
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
                arguments = [*CODEC, *ffmpeg.into(partial, "ipod")]
                with Ffmpeg(programme.sample_rate, arguments) as encoder:
                    for pcm in programme.sound():
                        encoder.write(pcm)
    return sound
