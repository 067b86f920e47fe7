"""The cover: a picture of the user's, looked at before anything is spoken."""

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

# FLAC's blocks have a length of three bytes, and a cover is one of them, with some words more.
_LARGEST: Final = 2**24 - 2**16
# More than any camera makes; and how long it takes to decode that, at the very most.
_PIXELS: Final = 200_000_000
_SECONDS: Final = 60
# What the two begin with. Source: W3C PNG 5.2; ITU-T T.81 B.1.1.3 (start of image, then another marker).
_KINDS: Final = {
    b"\x89PNG\r\n\x1a\n": ("image/png", "png_pipe"),
    b"\xff\xd8\xff": ("image/jpeg", "jpeg_pipe"),
}


def picture(path: Path) -> Picture:
    """Read a cover, and decode it to see that it is one.

    Raises: ConfigError: it cannot be read, is neither JPEG nor PNG, is damaged, or larger than any format takes.
    """
    try:
        data = files.read(path, _LARGEST)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.EFBIG:
            raise ConfigError(f"the cover {path} is too large: make it smaller, a cover has at most 15 MB") from error
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"the cover {path} cannot be read: {reason}; name a JPEG or PNG file") from error
    mime, demuxer = next((kind for begin, kind in _KINDS.items() if data.startswith(begin)), ("", ""))
    if not mime:
        raise ConfigError(f"the cover {path} is neither JPEG nor PNG, whatever its name says: save it as one of them")
    size = _decoded(data, demuxer)
    if size is None:
        raise ConfigError(f"the cover {path} is damaged: it cannot be decoded to its end; save it again")
    return Picture(mime=mime, data=data, width=size[0], height=size[1])


def _decoded(data: bytes, demuxer: str) -> tuple[int, int] | None:
    """The size of a picture in pixels; None if ffmpeg finds anything wrong with it."""
    source = ["-max_pixels", str(_PIXELS), "-err_detect", "explode", "-f", demuxer, "-i", "pipe:0"]
    try:
        log = ffmpeg.run(["-xerror", *source, "-frames:v", "1", "-f", "null", "-"], data, _SECONDS).log
    except FfmpegMissing as error:
        raise ConfigError(f"the cover cannot be looked at: {error}") from error
    except FfmpegFailed:
        return None
    size = re.search(r"Video: .*?, (\d+)x(\d+)", log)
    return (int(size[1]), int(size[2])) if size else None
