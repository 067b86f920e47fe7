"""Tags → ID3v2.4, written by mutagen: before the sound of an MP3, in a chunk of a WAV."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from mutagen import id3

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from langdu.export.tags import Tags

_WITHOUT_OLD_TAGS: Final = {"v1": 0, "v2_version": 4}
# Says that only the times are valid. Source: ID3v2 Chapter Frame Addendum 1.0, 3.1.
_NO_OFFSET: Final = 0xFFFFFFFF
# A table of contents counts its entries in one byte. Source: the same, 3.2.
_ENTRIES: Final = 255


def save(path: Path, tags: Tags) -> None:
    """Write tags into an MP3 that has none. Raises: MutagenError: the file cannot be written."""
    frames(tags).save(path, **_WITHOUT_OLD_TAGS)


def tagged(stream: bytes, tags: Tags) -> bytes:
    """An MP3 stream with tags before it: the same bytes that `save` writes."""
    file = BytesIO(stream)
    frames(tags).save(file, **_WITHOUT_OLD_TAGS)
    return file.getvalue()


def untagged(mp3: bytes) -> bytes:
    """An MP3 without the tags before its sound."""
    if not mp3.startswith(b"ID3"):
        return mp3
    size = 0
    for byte in mp3[6:10]:  # seven bits each
        size = size << 7 | byte
    return mp3[10 + size :]


def frames(tags: Tags) -> id3.ID3:
    """The frames of a tag. Chapters are CHAP and CTOC, the text is USLT, sentences with their times are SYLT."""
    tag = id3.ID3()
    utf8 = id3.Encoding.UTF8
    tag.add(id3.TIT2(encoding=utf8, text=tags.title))
    tag.add(id3.TPE1(encoding=utf8, text=tags.artist))
    tag.add(id3.TALB(encoding=utf8, text=tags.album))
    tag.add(id3.TLAN(encoding=utf8, text=tags.language))
    if tags.date:
        tag.add(id3.TDRC(encoding=utf8, text=tags.date))
    if tags.track:
        tag.add(id3.TRCK(encoding=utf8, text=f"{tags.track}/{tags.tracks}" if tags.tracks else str(tags.track)))
    if tags.cover:
        front = id3.PictureType.COVER_FRONT
        tag.add(id3.APIC(encoding=utf8, mime=tags.cover.mime, type=front, desc="", data=tags.cover.data))
    if tags.text:
        tag.add(id3.USLT(encoding=utf8, lang=tags.language, desc="", text=tags.text))
    if tags.lines:
        lyrics = [(line.text, tags.milliseconds(line.start)) for line in tags.lines]
        # Times in milliseconds (format 2) of lyrics (type 1).
        tag.add(id3.SYLT(encoding=utf8, lang=tags.language, format=2, type=1, desc="", text=lyrics))
    for frame in _chapters(tags):
        tag.add(frame)
    return tag


def _chapters(tags: Tags) -> Iterator[id3.Frame]:
    # mutagen sorts frames by size, then by name, but players take chapters in the order of the file. So names are
    # padded to make all frames equally large.
    sizes = [len(chapter.title.encode()) for chapter in tags.chapters]
    names = [f"chapter{number:05}" + "." * (max(sizes) - size) for number, size in enumerate(sizes, 1)]
    for name, chapter in zip(names, tags.chapters, strict=True):
        yield id3.CHAP(
            element_id=name,
            start_time=tags.milliseconds(chapter.start),
            end_time=tags.milliseconds(chapter.end),
            start_offset=_NO_OFFSET,
            end_offset=_NO_OFFSET,
            sub_frames=[_title(chapter.title)],
        )
    parts = [names[at : at + _ENTRIES] for at in range(0, len(names), _ENTRIES)]
    if len(parts) > 1:
        inner = [f"contents{number:03}" for number in range(1, len(parts) + 1)]
        for name, part in zip(inner, parts, strict=True):
            yield _contents(name, part, id3.CTOCFlags.ORDERED)
        parts = [inner]
    if parts:
        yield _contents("contents", parts[0], id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED, tags.title)


def _contents(name: str, entries: list[str], flags: int, title: str = "") -> id3.Frame:
    titles = [_title(title)] if title else []
    return id3.CTOC(element_id=name, flags=flags, child_element_ids=entries, sub_frames=titles)


def _title(text: str) -> id3.Frame:
    return id3.TIT2(encoding=id3.Encoding.UTF8, text=text)
