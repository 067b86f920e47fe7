"""Books, read back by another parser and by the W3C's validator."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import imageio_ffmpeg
import numpy as np
import pytest

import epubs
from langdu.errors import ConfigError, ExportError
from langdu.export import epub
from langdu.export.grid import Grid
from langdu.export.programme import Display, Programme
from langdu.export.spool import Spool
from langdu.marks import HANZI
from langdu.model import NormalizedText, OverlayUnit, Paragraph, RubyScope, Run, Rundown, Source, Track
from langdu.parse.parser import parse_article
from langdu.parse.sources.picture import picture as read
from langdu.pipeline import speech, text
from langdu.pipeline.cast import Cast, cast
from langdu.settings import Settings
from recorded import programme as tracks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ARTICLE = "长春\n\n他2024年在长(cháng)春(chūn)玩儿，看AI电影。“走吧！”他说。\n\n天亮了。\n"
HOSTILE = [
    "<script>alert(1)</script>长 & \"春\" 'a' / \\ : ]]> <!-- &amp;",
    "长\n春\t\u3000\n",
    "长" * 300,
    "😀长👩‍👩‍👧",
    "\u202eשלום عليكم长\u202c",
    "长\x00\x0b\x1b\ud800\ufffe",
    "\x00",
]


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    settings = Settings(voice="silence", workers=1, cache_dir=tmp_path_factory.mktemp("cache"))
    return cast(settings, pytest.fail)


def written(tracks: Sequence[Track], folder: Path, title: str = "长春", **more: Any) -> Path:  # noqa: ANN401
    """A book of these tracks, whose sound is silence."""
    work = Path(mkdtemp(dir=folder))
    with Spool(work, tracks[0].sample_rate, sound=True) as spool:
        for each in tracks:
            spool.add(each, bytes(2 * (each.end - each.start)))
    rundown = Rundown(title=title, sections=())
    made = Programme(rundown=rundown, voice="baker", spooled=spool.spooled(), display=Display(**more))
    epub.write(folder / "a.epub", made)
    return folder / "a.epub"


def spoken(article: str, voice: Cast) -> list[Track]:
    parsed = parse_article(Source("-", article))
    return [
        each.track for each in speech.recorded(speech.prepared(Rundown.of(parsed), voice, pytest.fail), voice, Grid())
    ]


def silence(length: int, paragraph: str, start: int = 0, index: int = 0) -> Track:
    """Sound of which nothing is known."""
    return Track(
        paragraph=Paragraph(index, (Run(paragraph, 0),), is_title=index < 0),
        spoken=NormalizedText(paragraph, paragraph),
        sample_rate=24_000,
        start=start,
        end=start + length,
        timings=(),
        voice="baker",
    )


@pytest.mark.parametrize("overlay", OverlayUnit)
@pytest.mark.parametrize("ruby", RubyScope)
def test_every_book_holds_together(tmp_path: Path, silent: Cast, ruby: RubyScope, overlay: OverlayUnit) -> None:
    tracks = spoken(ARTICLE, silent)
    path = written(tracks, tmp_path, ruby=ruby, overlay=overlay)
    book = epubs.check(path)
    assert book.paragraphs() == [each.paragraph.text for each in tracks]
    assert {item.attrib["media-type"] for item in book.manifest.values()} == {
        "application/xhtml+xml",
        "text/css",
        "audio/mp4",
        "application/smil+xml",
    }


def test_pinyin_over_words(tmp_path: Path, silent: Cast) -> None:
    tracks = spoken(ARTICLE, silent)
    annotated = epubs.check(written(tracks, tmp_path)).rubies()
    everywhere = epubs.check(written(tracks, tmp_path, ruby=RubyScope.ALL)).rubies()
    assert annotated == [("长", "cháng"), ("春", "chūn")]
    assert everywhere[:6] == [
        ("长", "cháng"),
        ("春", "chūn"),
        ("他", "tā"),
        ("年", "nián"),
        ("在", "zài"),
        ("长", "cháng"),
    ]
    assert ("玩儿", "wánr") in everywhere
    bases = "".join(base for base, _ in everywhere)
    assert bases == "".join("".join(HANZI.findall(each.paragraph.text)) for each in tracks)
    assert epubs.check(written(tracks, tmp_path, ruby=RubyScope.NONE)).rubies() == []


def test_what_is_marked_is_what_is_heard(tmp_path: Path) -> None:
    tracks = tracks_of(["长", "天亮了。走。"], pause=12_000)
    book = epubs.check(written(tracks, tmp_path, overlay=OverlayUnit.SENTENCE))
    marked = [(clip.element, clip.audio[-7:], clip.start, clip.end) for clip in book.clips()]
    assert marked == [
        ("p1s1", "001.m4a", 0.0, 0.7),
        ("p2s1", "001.m4a", 0.7, 1.3),
        ("p2s2", "001.m4a", 1.3, 2.0),
    ]
    book = epubs.check(written(tracks, tmp_path))
    ids = {each.attrib["id"]: each for each in book.parsed(book.documents[0]).iter() if "id" in each.attrib}
    words = ["".join(ids[clip.element].itertext()) for clip in book.clips()]
    assert [word.replace("chǎng", "") for word in words] == ["长", "天亮", "了", "走"]
    seqs = [len(seq) for seq in book.parsed(book.overlay(book.spine[0])).iter(f"{epubs.SMIL}seq")]
    assert seqs == [1, 2, 1]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_and_text_stay_text(tmp_path: Path, title: str) -> None:
    tracks = tracks_of([title + "长", f"{title}长。<img src=x onerror=alert(1)>"])
    book = epubs.check(written(tracks, tmp_path, title=title))
    (shown,) = (each.text or "" for each in book.package.iter(f"{epubs.DC}title"))
    assert shown == kept(" ".join(title.split()))
    assert book.paragraphs() == [kept(title) + "长", f"{kept(title)}长。<img src=x onerror=alert(1)>"]


def kept(title: str) -> str:
    """What XML can hold."""
    return "".join(
        c if c in "\t\n" or " " <= c < "\ud800" or c == "\ufffd" or c > "\uffff" else "\ufffd" for c in title
    )


def test_a_hostile_book_with_a_cover_and_marked_sentences_is_valid(tmp_path: Path) -> None:
    """One of marked words and langdu's own texts is validated in tests/cli/test_read.py."""
    whole = "".join(HOSTILE)
    (tmp_path / "cover").write_bytes(picture())
    first, second = tracks_of([whole, whole + "长。"])
    tracks = [first, second, silence(0, "***", second.end), silence(24_000, "……", second.end, 1)]
    how: dict[str, Any] = {"ruby": RubyScope.ALL, "overlay": OverlayUnit.SENTENCE}
    epubs.validate(written(tracks, tmp_path, title=whole, cover=read(tmp_path / "cover"), **how))


def test_the_same_programme_is_the_same_bytes(tmp_path: Path) -> None:
    tracks = tracks_of(["长", "天亮了。"])
    first = written(tracks, tmp_path).read_bytes()
    assert written(tracks, tmp_path).read_bytes() == first
    other = epubs.Book(written(tracks_of(["长", "天亮着。"]), tmp_path))
    (tmp_path / "a.epub").write_bytes(first)
    assert identifier(other) != identifier(epubs.Book(tmp_path / "a.epub"))


def identifier(book: epubs.Book) -> str:
    (found,) = (each.text or "" for each in book.package.iter(f"{epubs.DC}identifier"))
    return found


def test_a_long_text_is_in_several_documents(tmp_path: Path) -> None:
    paragraphs = ["长", *["天亮了。" * 600] * 3, "天" * 6_000 + "。", "走。"]
    tracks = [silence(800, each, 800 * i, i - 1) for i, each in enumerate(paragraphs)]
    book = epubs.check(written(tracks, tmp_path))
    assert len(book.documents) == 4
    assert book.paragraphs() == paragraphs


def test_a_document_has_its_own_part_of_the_sound(tmp_path: Path) -> None:
    texts, starts = ["天" * 3_000, "亮" * 3_000, "了" * 3_000], [0, 30_011, 70_000, 99_000]
    tracks = [silence(starts[i + 1] - starts[i], each, starts[i], i) for i, each in enumerate(texts)]
    sweep = (9_000 * np.sin(np.arange(99_000) ** 2 / 400_000)).astype("<i2").tobytes()
    with Spool(tmp_path, 24_000, sound=True) as spool:
        for each in tracks:
            spool.add(each, sweep[2 * each.start : 2 * each.end])
    rundown = Rundown(title="天", sections=())
    epub.write(tmp_path / "a.epub", Programme(rundown=rundown, voice="baker", spooled=spool.spooled()))
    book = epubs.check(tmp_path / "a.epub")
    whole = decoded(tmp_path / "sound.aac")
    for number, (start, end) in enumerate(pairwise(starts), 1):
        (tmp_path / "part").write_bytes(book.files[f"EPUB/audio/{number:03}.m4a"])
        part = decoded(tmp_path / "part")
        assert np.abs(part[1_024 : end - start] - whole[start + 1_024 : end]).max() < 3


def decoded(sound: Path) -> NDArray[np.int64]:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", sound, "-f", "s16le", "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<i2").astype(np.int64)


def test_a_paragraph_of_which_nothing_is_said(tmp_path: Path) -> None:
    first = tracks_of(["长"])[0]
    path = written([first, silence(0, "***", first.end), silence(24_000, "……", first.end, 1)], tmp_path)
    book = epubs.check(path)
    assert book.paragraphs() == ["长", "***", "……"]
    assert [clip.element for clip in book.clips()] == ["p1w1", "p3s1"]


def test_what_the_book_says_of_itself(tmp_path: Path) -> None:
    book = epubs.check(written(tracks_of(["长", "天亮了。"]), tmp_path, ruby=RubyScope.ALL))
    assert [each.text for each in book.package.iter(f"{epubs.DC}language")] == ["zh-CN"]
    assert book.meta("media:narrator") == ["langdu baker"]
    (active,) = book.meta("media:active-class")
    assert f".{active} {{" in book.files[book.name("style.css")].decode()
    assert book.meta("schema:accessMode") == ["textual", "auditory"]
    assert book.meta("schema:accessModeSufficient") == ["textual", "auditory"]
    assert {"synchronizedAudioText", "fullRubyAnnotations"} <= set(book.meta("schema:accessibilityFeature"))
    assert book.meta("schema:accessibilityHazard") == ["none"]
    assert len(book.meta("schema:accessibilitySummary")) == 1


def picture() -> bytes:
    """A PNG of one grey pixel."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\x80")),
        (b"IEND", b""),
    ]
    chunks = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_cover(tmp_path: Path) -> None:
    cover = tmp_path / "picture"
    cover.write_bytes(picture())
    path = written(tracks_of(["长", "天亮了。"]), tmp_path, cover=read(cover))
    book = epubs.check(path)
    (item,) = (each for each in book.manifest.values() if each.get("properties") == "cover-image")
    assert item.attrib["media-type"] == "image/png"
    assert book.files[book.name(item.attrib["href"])] == picture()


@pytest.mark.parametrize("content", [b"GIF89a", b"", None])
def test_a_cover_that_is_no_picture(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "cover").write_bytes(content)
    with pytest.raises(ConfigError, match="JPEG"):
        read(tmp_path / "cover")


def test_a_book_is_an_article_again(tmp_path: Path, silent: Cast) -> None:
    tracks = spoken(ARTICLE, silent)
    again = text.parse(str(written(tracks, tmp_path)))
    assert [p.text for p in again.spoken_order()] == [each.paragraph.text for each in tracks]
    assert [(span, note.syllables) for p in again.spoken_order() for span, note in p.annotated()] == [
        (span, note.syllables) for each in tracks for span, note in each.paragraph.annotated()
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for ffmpeg is a shell script")
def test_an_encoder_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "ffmpeg"
    script.write_text("#!/bin/sh\necho 'no room' >&2\nexit 1\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(script))
    (tmp_path / "a.epub").write_text("older", encoding="utf-8")
    with pytest.raises(ExportError, match="no room"):
        written(tracks_of(["长", "天亮了。", "走。"]), tmp_path)
    assert (tmp_path / "a.epub").read_text(encoding="utf-8") == "older"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a.epub", "ffmpeg"]
