"""One spoken line → a sound file in the format that the end of its name says."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from langdu.errors import ConfigError
from langdu.export.programme import Programme
from langdu.export.sound.mp3 import Mp3Writer
from langdu.export.sound.wav import write_wav
from langdu.export.spool import Spool
from langdu.export.tags import programme_tags
from langdu.model import Article, Rundown, Source

if TYPE_CHECKING:
    from langdu.model import Track

# The module and function of this package for each ending. WAV has no tags: it is for programs that measure.
_WRITERS: Final = {
    ".m4a": ("m4b", "write"),
    ".m4b": ("m4b", "write"),
    ".opus": ("vorbis", "write_opus"),
    ".flac": ("vorbis", "write_flac"),
}
ENDINGS: Final = (".wav", ".mp3", *_WRITERS)


def check_ending(path: Path) -> None:
    """Make sure that a file's name ends like a sound format. A name without an ending is that of a WAV file.

    Raises: ConfigError: it ends otherwise, or the path is a folder.
    """
    if path.is_dir():
        raise ConfigError(f"{path} is a folder: name a file in it, such as {path / 'say.wav'}")
    if path.suffix and path.suffix.lower() not in ENDINGS:
        raise ConfigError(f"{path}: no sound format ends in {path.suffix}; choose {', '.join(ENDINGS)}")


def write_single(path: Path, track: Track, pcm: bytes, voice: str) -> None:
    """Write one paragraph with its text as the title. `track` starts at 0, and `pcm` is its sound.

    Raises: ExportError: the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS or ending == ".wav":
        write_wav(path, pcm, track.sample_rate)
        return
    text = track.paragraph.text
    article = Article(source=Source(text, text), title=None, paragraphs=(track.paragraph,))
    with TemporaryDirectory(prefix="langdu-") as work:
        with Spool(Path(work), track.sample_rate, sound=True) as spool:
            spool.add(track, pcm)
        programme = Programme(rundown=Rundown.of(article), voice=voice, spooled=spool.spooled())
        if ending == ".mp3":
            with Mp3Writer(path, track.sample_rate, programme_tags(programme)) as writer:
                writer.write(pcm)
        else:
            module, function = _WRITERS[ending]
            getattr(import_module(f"langdu.export.sound.{module}"), function)(path, programme)
