"""Audio of the whole programme, read back with mutagen, libsndfile and ffmpeg: sound, chapters, tags, text, cover."""

from __future__ import annotations

import base64
import re
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import imageio_ffmpeg
import mutagen
import pytest
import soundfile
from mutagen import flac, id3, mp4, oggopus

from langdu import export
from langdu.errors import ConfigError, ExportError
from langdu.export.grid import grid
from langdu.export.programme import Display, Programme
from langdu.export.sound import wav
from langdu.export.sound.id3 import frames
from langdu.export.sound.paragraphs import ParagraphMp3s
from langdu.export.spool import Spool
from langdu.export.tags import Tags, common_tags, programme_tags
from langdu.model import Chapter, Rundown, Source
from langdu.parse.parser import parse_article
from langdu.parse.sources.picture import picture
from langdu.pipeline import speech
from langdu.pipeline.cast import Cast, cast
from langdu.settings import Settings
from pictures import png

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "长春的天\n\n“走！”他说，明天再来。好……\n\n山路弯弯，a=b; #c\\d，天上有星。\n\n地上有灯。\n"
TITLES = {
    "syntax": "<b>&\"'/\\: =;#[x]",
    "lines": "一\n二\r\n三\x00四",
    "long": "长" * 300,
    "emoji": "春天 🌸👩‍👩‍👧 快乐",
    "right to left": "שלום \u202eمرحبا",
}
WHOLE = ("m4b", "m4a", "opus", "flac", "wav", "mp3")


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    settings = Settings(voice="silence", workers=1, cache_dir=tmp_path_factory.mktemp("cache"))
    return cast(settings, pytest.fail)


class Folder:
    """In place of an OutputFolder: what is encoded stays where it is made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def part(self, name: str) -> Path:
        return self.folder / name

    def sounding(self, _: str) -> None:
        return None

    def publish(self, name: str, sound: str = "") -> None:
        assert sound
        assert (self.folder / name).exists()


def jpeg(path: Path) -> Path:
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "color=red:s=64x48",
        "-frames:v",
        "1",
    ]
    subprocess.run([*command, "-f", "mjpeg", "-y", str(path)], check=True)
    return path


@pytest.fixture
def make(silent: Cast, tmp_path: Path) -> Callable[..., Path]:
    """Writes a format and gives its path."""

    def made(name: str, title: str = "长春", cover: Path | None = None, date: str | None = "2024-01-05") -> Path:
        programme = spooled(silent, tmp_path, title, cover, date, paragraphs=name == "mp3")
        path = tmp_path / f"out.{name}"
        export.writer(name)(path, programme)
        return path

    return made


def spooled(
    voice: Cast, folder: Path, title: str, cover: Path | None, date: str | None, *, paragraphs: bool = False
) -> Programme:
    """A programme; with its paragraphs' own MP3s, if asked."""
    (folder / "sound.aac").unlink(missing_ok=True)  # a run begins with an empty folder
    article = parse_article(Source("-", TEXT))
    names = [f"{number:03}.mp3" for number in range(1, 5)]
    tags = common_tags(title, "silence", "zh-CN")
    recorded = list(
        speech.recorded(speech.prepared(Rundown.of(article), voice, pytest.fail), voice, grid(["mp3"], 24_000))
    )
    with Spool(folder, 24_000, sound=True) as spool:
        for each in recorded:
            spool.add(each.track, each.pcm)
    if paragraphs:
        with ParagraphMp3s(Folder(folder), names, 24_000, tags) as mp3:
            for each in recorded:
                mp3.add(each.track, each.pcm)
    return Programme(
        rundown=Rundown(title=title, sections=(), date=date),
        voice="silence",
        spooled=spool.spooled(),
        display=Display(cover=picture(cover) if cover else None),
    )


def metadata(path: Path) -> str:
    """What ffmpeg understands of a file."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-f", "ffmetadata", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def title_of(path: Path) -> str:
    title = re.search(r"^title=((?:\\\n|.)*)$", metadata(path), re.MULTILINE | re.IGNORECASE)
    assert title is not None
    return re.sub(r"\\(.)", r"\1", title[1], flags=re.DOTALL)


def chapters(path: Path) -> list[tuple[float, float, str]]:
    found = re.findall(r"\[CHAPTER\]\nTIMEBASE=1/(\d+)\nSTART=(\d+)\nEND=(\d+)\ntitle=(.*)", metadata(path))
    return [(int(a) / int(base), int(b) / int(base), re.sub(r"\\(.)", r"\1", title)) for base, a, b, title in found]


def length(path: Path) -> float:
    """Seconds that ffmpeg decodes."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-map", "0:a", "-ar", "24000"]
    done = subprocess.run([*command, "-f", "s16le", "-"], capture_output=True, check=True)
    assert done.stderr == b""
    return len(done.stdout) / 48_000


@pytest.mark.parametrize("name", WHOLE)
def test_chapters_and_length(make: Callable[..., Path], silent: Cast, tmp_path: Path, name: str) -> None:
    path = make(name)
    programme = spooled(silent, tmp_path, "长春", None, None)
    tracks = list(programme.tracks())
    assert length(path) == pytest.approx(programme.samples / 24_000, abs=0.05)
    found = chapters(path)
    assert [title for _, _, title in found] == [
        "长春的天",
        "“走！”他说，明天再来。好……",
        "山路弯弯，a=b; #c\\d，天上有星。",
        "地上有灯。",
    ]
    for (start, end, _), track in zip(found, tracks, strict=True):
        # ffmpeg counts from where its decoder of MP3 begins, 46 ms later.
        assert start == pytest.approx(track.start / 24_000, abs=0.05 if name == "mp3" else 0.001)
        assert end == pytest.approx(track.end / 24_000, abs=0.05)


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("name", WHOLE)
def test_any_title(make: Callable[..., Path], name: str, title: str) -> None:
    wanted = "一 二 三 四" if "\n" in title else title
    path = make(name, title)
    if name == "opus":  # ffmpeg has tags of Ogg's streams, and leaves them away here
        assert oggopus.OggOpus(path)["TITLE"] == [wanted]
    else:
        assert title_of(path) == wanted


@pytest.mark.parametrize("name", ["m4b", "m4a"])
def test_mp4(make: Callable[..., Path], tmp_path: Path, name: str) -> None:
    cover = jpeg(tmp_path / "cover")
    file: Any = mp4.MP4(make(name, cover=cover))
    assert [chapter.title for chapter in file.chapters][:2] == ["长春的天", "“走！”他说，明天再来。好……"]
    assert len(file.chapters) == 4
    assert file.tags["\xa9nam"] == file.tags["\xa9alb"] == ["长春"]
    assert file.tags["\xa9ART"] == ["langdu silence"]
    assert file.tags["\xa9day"] == ["2024-01-05"]
    assert file.tags["\xa9lyr"] == [TEXT.strip()]
    assert file.tags["stik"] == [2 if name == "m4b" else 1]
    (picture,) = file.tags["covr"]
    assert bytes(picture) == cover.read_bytes()
    assert picture.imageformat == mp4.MP4Cover.FORMAT_JPEG


def comments(file: Any) -> dict[str, str]:  # noqa: ANN401 - mutagen's types do not say that it has tags
    return {key.upper(): value for key, value in file.tags}


@pytest.mark.parametrize("name", ["opus", "flac"])
def test_vorbis_comments(make: Callable[..., Path], tmp_path: Path, name: str) -> None:
    cover = png(tmp_path / "cover")
    path = make(name, cover=cover)
    file = oggopus.OggOpus(path) if name == "opus" else flac.FLAC(path)
    found = comments(file)
    assert found["TITLE"] == "长春"
    assert found["DATE"] == "2024-01-05"
    assert found["LANGUAGE"] == "zho"
    assert found["LYRICS"] == TEXT.strip()
    assert found["CHAPTER000"] == "00:00:00.000"
    assert found["CHAPTER001NAME"] == "“走！”他说，明天再来。好……"
    if isinstance(file, flac.FLAC):
        (shown,) = file.pictures
    else:
        shown = flac.Picture(base64.b64decode(found["METADATA_BLOCK_PICTURE"]))
    assert (shown.data, shown.mime, shown.type) == (cover.read_bytes(), "image/png", 3)
    assert (shown.width, shown.height) == (2, 3)


@pytest.mark.parametrize("name", ["mp3", "wav"])
def test_id3(make: Callable[..., Path], silent: Cast, tmp_path: Path, name: str) -> None:
    cover = jpeg(tmp_path / "cover")
    tags = mutagen.File(make(name, cover=cover)).tags
    assert tags.version == (2, 4, 0)
    assert tags["TDRC"].text[0].text == "2024-01-05"
    assert tags["USLT::zho"].text == TEXT.strip()
    assert tags["APIC:"].data == cover.read_bytes()
    assert [name[:12] for name in tags["CTOC:contents"].child_element_ids] == [f"chapter{i:05}" for i in (1, 2, 3, 4)]
    tracks = list(spooled(silent, tmp_path, "长春", None, None).tracks())
    times = sorted((chapter.start_time, chapter.end_time) for chapter in tags.getall("CHAP"))
    assert times == [(round(track.start / 24), round(track.end / 24)) for track in tracks]
    said = tags["SYLT::zho"].text
    assert [text for text, _ in said] == [
        "长春的天",
        "“走！”",
        "他说，明天再来。",
        "好……",
        "山路弯弯，a=b; #c\\d，天上有星。",
        "地上有灯。",
    ]
    begins = [time for _, time in said]
    assert begins == sorted(begins)
    assert {round(track.timings[0].start / 24) for track in tracks} <= set(begins)


def test_paragraphs_have_their_own_text(silent: Cast, tmp_path: Path) -> None:
    spooled(silent, tmp_path, "长春", None, None, paragraphs=True)
    tags = id3.ID3(tmp_path / "004.mp3")
    assert tags["TRCK"].text == ["4/4"]
    assert tags["USLT::zho"].text == "地上有灯。"
    assert tags["SYLT::zho"].text == [("地上有灯。", 20)]  # the silent voice begins after 20 ms
    assert not tags.getall("CHAP") + tags.getall("APIC") + tags.getall("TDRC")


@pytest.mark.parametrize("name", WHOLE)
def test_the_same_sound_gives_the_same_bytes(make: Callable[..., Path], name: str) -> None:
    made = make(name).read_bytes()
    assert make(name).read_bytes() == made


def test_more_chapters_than_a_table_of_contents_holds(tmp_path: Path) -> None:
    many = tuple(Chapter(title=f"第{i}段", paragraph=i, start=10 * i, end=10 * i + 10) for i in range(600))
    tags = Tags(title="长", artist="x", album="y", language="zho", chapters=many, sample_rate=1000)
    path = tmp_path / "a.id3"
    frames(tags).save(path, v1=0)
    found = id3.ID3(path)
    top = found["CTOC:contents"]
    inner = [found[f"CTOC:{name}"].child_element_ids for name in top.child_element_ids]
    assert [len(each) for each in inner] == [255, 255, 90]
    entries = [found[f"CHAP:{name}"] for each in inner for name in each]
    assert [entry.start_time for entry in entries] == [10 * i for i in range(600)]
    assert [entry.sub_frames["TIT2"].text[0] for entry in entries] == [chapter.title for chapter in many]


def test_a_wav_of_more_than_4_gb_is_rf64(
    make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted, _ = soundfile.read(make("wav"), dtype="int16")
    monkeypatch.setattr(wav, "_LONGEST", 1000)
    path = make("wav")
    assert path.read_bytes()[:4] == b"RF64"
    assert soundfile.info(path).format == "RF64"
    assert (soundfile.read(path, dtype="int16")[0] == wanted).all()
    assert length(path) == pytest.approx(len(wanted) / 24_000)
    assert not list(tmp_path.glob(".langdu-*"))


@pytest.mark.parametrize("name", ["flac", "wav"])
def test_nothing_is_lost(make: Callable[..., Path], silent: Cast, tmp_path: Path, name: str) -> None:
    sound, rate = soundfile.read(make(name), dtype="int16")
    assert rate == 24_000
    assert sound.tobytes() == b"".join(spooled(silent, tmp_path, "长春", None, None).sound())


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100])
def test_other_rates(tmp_path: Path, silent: Cast, rate: int) -> None:
    programme = spooled(silent, tmp_path, "长春", None, None)
    slower = replace(programme, spooled=replace(programme.spooled, sample_rate=rate))
    for name in ("m4b", "opus", "flac", "wav"):
        export.writer(name)(tmp_path / f"a.{name}", slower)
        assert length(tmp_path / f"a.{name}") == pytest.approx(programme.samples / rate, abs=0.05)


@pytest.mark.parametrize("name", ["m4b", "opus", "flac", "wav"])
def test_a_folder_that_is_gone(silent: Cast, tmp_path: Path, name: str) -> None:
    programme = spooled(silent, tmp_path, "长春", None, None)
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="cannot be written"):
        export.writer(name)(tmp_path / "file" / f"a.{name}", programme)


def test_tags_without_date_or_cover(silent: Cast, tmp_path: Path) -> None:
    tags = programme_tags(spooled(silent, tmp_path, "长春", None, None))
    assert {frame.FrameID for frame in frames(tags).values()} == {
        *("TIT2", "TPE1", "TALB", "TLAN", "USLT", "SYLT", "CHAP", "CTOC")
    }


# --- the cover ------------------------------------------------------------------------------------------------------


def test_a_picture_whatever_its_name(tmp_path: Path) -> None:
    found = picture(png(tmp_path / "cover.jpg"))
    assert (found.mime, found.width, found.height) == ("image/png", 2, 3)
    found = picture(jpeg(tmp_path / "cover: 长.txt"))
    assert (found.mime, found.width, found.height) == ("image/jpeg", 64, 48)


def test_what_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    with pytest.raises(ConfigError, match=r"cover\.png cannot be read: No such file"):
        picture(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        picture(tmp_path)
    for content in (b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>"):
        path.write_bytes(content)
        with pytest.raises(ConfigError, match="neither JPEG nor PNG"):
            picture(path)
    whole = png(path).read_bytes()
    for content in (whole[:8], whole[:40], whole[:-30] + b"?" * 18 + whole[-12:]):
        path.write_bytes(content)
        with pytest.raises(ConfigError, match="damaged"):
            picture(path)
    path.write_bytes(jpeg(path).read_bytes()[:-200])
    with pytest.raises(ConfigError, match="damaged"):
        picture(path)
    path.write_bytes(whole + bytes(2**24))
    with pytest.raises(ConfigError, match="make it smaller, a cover has at most 15 MB"):
        picture(path)
