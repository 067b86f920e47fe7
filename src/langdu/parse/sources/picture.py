"""The cover: the user's picture, checked before anything is spoken."""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING, Final

from langdu import files
from langdu.errors import ConfigError
from langdu.model import Picture
from langdu.sound import ffmpeg
from langdu.sound.ffmpeg import FfmpegFailed, FfmpegMissing

if TYPE_CHECKING:
    from pathlib import Path

# A cover is one block of FLAC, whose length has three bytes; the block also holds some words.
_LARGEST: Final = 2**24 - 2**16
# More than any camera makes, and the longest time to decode it.
_PIXELS: Final = 200_000_000
_SECONDS: Final = 60
# The first bytes of PNG and JPEG. Source: W3C PNG 5.2; ITU-T T.81 B.1.1.3 (start of image, then another marker).
_KINDS: Final = {
    b"\x89PNG\r\n\x1a\n": ("image/png", "png_pipe"),
    b"\xff\xd8\xff": ("image/jpeg", "jpeg_pipe"),
}


def picture(path: Path) -> Picture:
    """Read a cover, and decode it to make sure that it is not damaged.

    Raises: ConfigError: it cannot be read, is neither JPEG nor PNG, is damaged, or is too large for some format.
    """
    try:
        data = files.read(path, _LARGEST)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.EFBIG:
            raise ConfigError(f"the cover {path} is too large: make it smaller, a cover has at most 15 MB") from error
        reason = files.reason(error)
        raise ConfigError(f"the cover {path} cannot be read: {reason}; name a JPEG or PNG file") from error
    mime, demuxer = next((kind for begin, kind in _KINDS.items() if data.startswith(begin)), ("", ""))
    if not mime:
        raise ConfigError(f"the cover {path} is neither JPEG nor PNG, even if its name says so: save it as one of them")
    size = _decoded(data, demuxer)
    if size is None:
        raise ConfigError(f"the cover {path} is damaged: it cannot be decoded to its end; save it again")
    return Picture(mime=mime, data=data, width=size[0], height=size[1])


def _decoded(data: bytes, demuxer: str) -> tuple[int, int] | None:
    """The width and height of a picture in pixels; None if ffmpeg finds anything wrong with it."""
    source = ["-max_pixels", str(_PIXELS), "-err_detect", "explode", "-f", demuxer, "-i", "pipe:0"]
    try:
        log = ffmpeg.run(["-xerror", *source, "-frames:v", "1", "-f", "null", "-"], data, _SECONDS).log
    except FfmpegMissing as error:
        raise ConfigError(f"the cover cannot be looked at: {error}") from error
    except FfmpegFailed:
        return None
    size = re.search(r"Video: .*?, (\d+)x(\d+)", log)
    return (int(size[1]), int(size[2])) if size else None
