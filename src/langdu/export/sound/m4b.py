"""PCM → AAC in MP4 with chapters: M4B for audiobook players, M4A for music players. mutagen writes the tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mutagen import MutagenError, mp4

from langdu.export.sound.aac import encoded
from langdu.export.tags import programme_tags
from langdu.files import atomic, cannot_write, write_text
from langdu.sound import ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.programme import Programme
    from langdu.export.tags import Tags

# The atom `stik`: besides the file's name, it tells Apple's players whether this is an audiobook (mutagen's MP4Tags).
_KINDS: Final = {".m4b": 2, ".m4a": 1}
# In the work folder. No format has this ending, so no title can clash with the name.
_CHAPTERS: Final = "chapters{}.ffmetadata"


def write(path: Path, programme: Programme) -> None:
    """Write the whole programme, with chapters in both forms that players read: Nero's (at most 255) and QuickTime's.

    Raises: ExportError: ffmpeg fails, or the file cannot be written.
    """
    tags, sound = programme_tags(programme), encoded(path, programme)
    listed = programme.folder / _CHAPTERS.format(path.suffix)  # M4B and M4A may be written at the same time
    write_text(listed, _ffmetadata(tags))
    inputs = ["-i", f"file:{sound}", "-f", "ffmetadata", "-i", f"file:{listed}", "-map", "0:a", "-map_chapters", "1"]
    language = ["-metadata:s:a:0", f"language={tags.language}"]
    with atomic(path) as partial:
        with ffmpeg.writing(path):
            ffmpeg.run([*inputs, *language, "-codec:a", "copy", *ffmpeg.into(partial, "ipod")])
        try:
            _tag(partial, tags, _KINDS[path.suffix.lower()])
        except MutagenError as error:
            raise cannot_write(path, str(error)) from error


def _tag(path: Path, tags: Tags, kind: int) -> None:
    file = mp4.MP4(path)
    file.update(
        {
            "\xa9nam": [tags.title],
            "\xa9ART": [tags.artist],
            "\xa9alb": [tags.album],
            "\xa9lyr": [tags.text],
            "stik": [kind],
            "pgap": True,
            "----:com.apple.iTunes:LANGUAGE": [mp4.MP4FreeForm(tags.language.encode())],
        }
    )
    if tags.date:
        file["\xa9day"] = [tags.date]
    if tags.track:
        file["trkn"] = [(tags.track, tags.tracks or 0)]
    if tags.cover:
        png = tags.cover.mime == "image/png"
        form = mp4.MP4Cover.FORMAT_PNG if png else mp4.MP4Cover.FORMAT_JPEG
        file["covr"] = [mp4.MP4Cover(tags.cover.data, form)]
    file.save()


def _ffmetadata(tags: Tags) -> str:
    """Chapters in ffmpeg's own format, in samples. Source: ffmpeg's documentation of formats, "Metadata"."""
    blocks = [
        f"[CHAPTER]\nTIMEBASE=1/{tags.sample_rate}\nSTART={chapter.start}\nEND={chapter.end}\n"
        f"title={_escaped(chapter.title)}\n"
        for chapter in tags.chapters
    ]
    return ";FFMETADATA1\n" + "".join(blocks)


def _escaped(text: str) -> str:
    r"""Text escaped for ffmpeg's metadata.

    >>> print(_escaped(r"a=b; #c\d"))
    a\=b\; \#c\\d
    """
    return re.sub(r"([=;#\\\n])", r"\\\1", text)
