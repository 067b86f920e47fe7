"""`langdu brief`."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import unquote

import numpy as np
import pysubs2
import pytest
import soundfile
import webvtt
from lxml import etree
from mutagen import id3, mp4

import narrations
from feedrules import broken, broken_chapters
from langdu.errors import ConfigError
from langdu.output.narrated import open_narration
from langdu.pipeline.brief import order
from pictures import png
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ARTICLES = {
    "library.txt": "山村图书馆重(chóng)新开放\n\n11月20日,山上的图书馆重新开放,来了120个人。\n\n馆长(zhǎng)很高兴。\n",
    "bridge.md": "---\nsource: 松江晚报\n---\n\n# 江桥通车\n\n江上的桥昨天通车了,桥长(cháng)2.5公里。\n\n司机说好。\n",
    "untitled.txt": "队员们昨晚3∶1赢了球！球迷行(xíng)动起来,街上全是人。\n\n今天放假。\n",
}
HEADLINES = ["山村图书馆重新开放", "江桥通车", "队员们昨晚3∶1赢了球！"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brief")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def brief(folder: Path, *arguments: str, ok: tuple[int, ...] = (0,)) -> tuple[str, str]:
    done = langdu("brief", *arguments, "--voice", "silence", cwd=folder, ok=ok)
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def made(folder: Path) -> Path:
    asked = ("--title", "今日要闻", "--date", "2026-11-25", "-o", "out")
    brief(folder, *ARTICLES, *asked, "--format", "mp3,m4b,srt,chapters,notes")
    return folder / "out"


def test_what_is_said_and_in_which_order(made: Path) -> None:
    manifest = narrations.load(made)
    texts = [each["text"] for each in manifest["paragraphs"]]
    assert texts[:5] == ["今日要闻。今天是2026年11月25日，星期三。", "首先来听内容提要。", *HEADLINES]
    assert manifest["paragraphs"][0]["spoken"] == "今日要闻。今天是二零二六年十一月二十五日，星期三。"
    assert manifest["paragraphs"][4]["spoken"] == "队员们昨晚三比一赢了球！"
    assert texts[5:8] == ["山村图书馆重新开放", "11月20日,山上的图书馆重新开放,来了120个人。", "馆长很高兴。"]
    assert texts[-1] == "以上就是今天的全部内容，感谢收听。"
    assert [each["index"] for each in manifest["paragraphs"]] == list(range(len(texts)))
    assert [each["text"] for each in manifest["paragraphs"] if each["role"] == "title"] == HEADLINES[:2]


def test_each_is_read_as_its_own_article_says(made: Path) -> None:
    tokens = [
        (paragraph["index"], token["text"], token["pinyin"], token["source"])
        for paragraph in narrations.load(made)["paragraphs"]
        for token in paragraph["tokens"]
        if token["text"] in "重长行"
    ]
    assert tokens == [
        (2, "重", "chong2", "annotation"),
        (5, "重", "chong2", "annotation"),
        (6, "重", "chong2", "lexicon"),
        (7, "长", "zhang3", "annotation"),
        (9, "长", "chang2", "annotation"),
        (11, "行", "xing2", "annotation"),
    ]


def test_a_chapter_a_story(made: Path) -> None:
    manifest = narrations.load(made)
    titles = ["开场", *HEADLINES, "结束语"]
    starts = {each["index"]: each["start"] for each in manifest["paragraphs"]}
    chapters = manifest["chapters"]
    assert [each["title"] for each in chapters] == titles
    assert [each["start"] for each in chapters] == [starts[each["paragraph"]] for each in chapters]
    assert [each["source"] for each in chapters] == [None, None, "松江晚报", None, None]
    tags = id3.ID3(made / "今日要闻-2026-11-25.mp3")
    assert (tags["TIT2"].text[0], tags["TALB"].text[0]) == ("今日要闻 2026-11-25", "今日要闻")
    found = [(frame.sub_frames["TIT2"].text[0], frame.start_time / 1000) for frame in tags.getall("CHAP")]
    assert found == [(each["title"], pytest.approx(each["start"], abs=0.001)) for each in chapters]
    m4b = mp4.MP4(made / "今日要闻-2026-11-25.m4b")
    assert [(each.title, each.start) for each in m4b.chapters or ()] == [
        (each["title"], pytest.approx(each["start"], abs=0.05)) for each in chapters
    ]
    listed = json.loads((made / "今日要闻-2026-11-25.chapters.json").read_text(encoding="utf-8"))
    assert listed["version"] == "1.2.0"
    assert [(each["title"], each["startTime"]) for each in listed["chapters"]] == [
        (each["title"], pytest.approx(each["start"], abs=0.001)) for each in chapters
    ]


def test_show_notes(made: Path) -> None:
    notes = (made / "今日要闻-2026-11-25.notes.md").read_text(encoding="utf-8").splitlines()
    assert notes[:3] == ["# 今日要闻 2026-11-25", "", "- 0:00 开场"]
    assert notes[4].endswith(" 江桥通车（松江晚报）")
    assert len(notes) == 7


def test_a_brief_is_a_narration_and_is_not_made_twice(made: Path, folder: Path, tmp_path: Path) -> None:
    assert open_narration(made).title == "今日要闻 2026-11-25"
    out = shutil.copytree(made, tmp_path / "out")
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    asked = ("--title", "今日要闻", "--date", "2026-11-25", "-o", str(out), "--format", "mp3,m4b,srt,chapters,notes")
    assert "nothing has changed" in brief(folder, *ARTICLES, *asked)[1]
    assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()} == before
    assert "nothing has changed" not in brief(folder, *ARTICLES, *asked, "--lead", "1")[1]


def test_each_day_has_a_folder_of_its_own(folder: Path, tmp_path: Path) -> None:
    for day in ("2026-11-25", "2026-11-26"):
        asked = ("--date", day, "--voice", "silence", "--format", "srt")
        langdu("brief", *(str(folder / name) for name in ARTICLES), *asked, cwd=tmp_path)
    names = sorted(path.name for path in (tmp_path / "audio").iterdir())
    assert names == ["今日要闻-2026-11-25", "今日要闻-2026-11-26"]


# --- what goes wrong ------------------------------------------------------------------------------------------------


def test_every_bad_article_is_named_and_nothing_is_made(folder: Path) -> None:
    (folder / "empty.txt").write_text("", encoding="utf-8")
    sources = ("library.txt", "gone.txt", "bridge.md", "empty.txt", "library.txt", "http://127.0.0.1:9/a.html")
    said = brief(folder, *sources, "-o", "bad", ok=(2,))[1].splitlines()
    assert said[0] == "langdu: 4 of 6 articles cannot be used:"
    for line, name in zip(said[1:5], ("gone.txt", "empty.txt", "library.txt is given twice", "9/a.html"), strict=True):
        assert name in line
    assert "--skip-bad" in said[5]
    assert not (folder / "bad").exists()
    said = brief(folder, *sources, "-o", "skipped", "--skip-bad")[1].splitlines()
    assert sum(line.startswith("langdu: left out: ") for line in said) == 4
    assert [each["title"] for each in narrations.load(folder / "skipped")["chapters"]] == [
        "开场",
        *HEADLINES[:2],
        "结束语",
    ]


def test_a_finding_is_counted_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        text = f"# 山村{name}的图书馆重(zhòng)新开放\n\n第{name}村的人都来了,大家很高兴。\n"
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    one = json.loads(langdu("read", "a.md", "--voice", "silence", "-o", "r", "--json", cwd=tmp_path).stdout)["findings"]
    both = json.loads(brief(tmp_path, "a.md", "b.md", "-o", "o", "--json")[0])["findings"]
    assert sum(one.values()) > 0
    assert both == {severity: 2 * count for severity, count in one.items()}


def test_a_finding_in_the_brief_s_own_words_is_counted(folder: Path, tmp_path: Path) -> None:
    articles = ", ".join(json.dumps(str(folder / name)) for name in ("library.txt", "bridge.md"))
    (tmp_path / "brief.toml").write_text(
        f'articles = [{articles}]\nheadlines = "首(zhǒu)先来听内容提要。"\nformats = ["srt"]\n', encoding="utf-8"
    )
    made = json.loads(brief(folder, str(tmp_path / "brief.toml"), "-o", str(tmp_path / "out"), "--json")[0])
    assert made["findings"]["error"] == 1


def test_a_brief_in_capitals_is_a_brief(tmp_path: Path) -> None:
    (tmp_path / "B.TOML").write_text("title = 1\n", encoding="utf-8")
    assert "B.TOML, line 1: title = 1" in langdu("brief", "B.TOML", cwd=tmp_path, ok=(2,)).stderr


def test_nothing_is_left_to_narrate(folder: Path) -> None:
    assert "nothing to narrate" in brief(folder, "gone.txt", "--skip-bad", "-o", "none", ok=(2,))[1]


# --- the file -------------------------------------------------------------------------------------------------------


def test_tomorrow_is_one_command(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "2026-11-25").mkdir()
    for name in ("bridge.md", "library.txt"):
        (tmp_path / "2026-11-25" / name).write_text(ARTICLES[name], encoding="utf-8")
    (tmp_path / "brief.toml").write_text(
        'title = "早报"\narticles = ["{date}/*.*"]\nlead = 1\nopening = "这里是{title}，今天{date}，共{count}条。"\n'
        'voice = "silence"\nformats = ["srt"]\n[pauses]\nsection = 3000\n',
        encoding="utf-8",
    )
    langdu("brief", str(tmp_path / "brief.toml"), "--date", "2026-11-25", "-o", str(tmp_path / "out"), cwd=folder)
    manifest = narrations.load(tmp_path / "out")
    assert manifest["paragraphs"][0]["spoken"] == "这里是早报，今天二零二六年十一月二十五日，共两条。"
    assert [each["title"] for each in manifest["chapters"]] == ["开场", "江桥通车", "山村图书馆重新开放", "结束语"]
    assert "司机说好。" not in [each["text"] for each in manifest["paragraphs"]]
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.name[0] != ".") == [
        "manifest.json",
        "早报-2026-11-25.srt",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = \n", "brief.toml, line 1: title =: a value is missing"),
        ('title = "x"\nlead = "2"\n', "brief.toml, line 2: lead = '2': give a whole number"),
        ("leed = 2\n", "brief.toml, line 1: leed is unknown; did you mean lead? There are articles, "),
        ("\n[feed]\nfolder = 1\n", "brief.toml, line 3: feed.folder = 1: give the name of a file or a folder"),
        ("[feed]\nurl = 1\n", "brief.toml, line 2: feed.url is unknown; there are address, "),
        ('articles = ["a"]\n[feed]\ntitle = "x"\n', "brief.toml, line 2: the feed has no folder"),
        ("feed = 1\n", "brief.toml, line 1: feed is a table"),
        ("articles = []\n", "brief.toml, line 1: a brief needs articles"),
        ("articles = 1\n", "brief.toml, line 1: articles = 1: give a list of texts"),
        ('date = "2026-11-25"\n', "brief.toml, line 1: date = '2026-11-25': give a day, such as 2026-11-24"),
        ("skip_bad = 1\n", "brief.toml, line 1: skip_bad = 1"),
        ('music = ""\n', "a path is empty: name a file or a folder"),
        ("music = true\n", "brief.toml, line 1: music = True"),
        ('title = "x"\n', "a brief needs articles"),
        ('articles = ["a"]\nlead = 0\n', "brief.toml, line 2: lead 0 is out of range"),
        ('articles = ["a"]\nunder = "none"\n', "brief.toml, line 2: under = 'none': choose opening, all"),
        ('articles = ["a"]\ntitle = " "\n', "brief.toml, line 2: the title is empty"),
        ('articles = ["a"]\ntitle = "a\\nb"\n', "brief.toml, line 2: the title has a line break"),
        ('articles = ["a"]\nunder = "all"\n', "brief.toml, line 2: there is no music to play under everything"),
        ('title = "x"\n\n[feed]\ntitle = 3\n', "brief.toml, line 4: feed.title = 3: give a text"),
        ('[feed]\nfolder = "a\\u0000b"\n', "cannot be the name of a file"),
        ('articles = ["~nosuchuser/a.txt"]\n', "brief.toml, line 1: '~nosuchuser/a.txt' cannot be the name of a file"),
        (f'articles = ["a"]\ntitle = "{"长" * 41}"\n', "the title has 41 characters: choose one of at most 40"),
        ('articles = ["a"]\nrate = 9\n', "brief.toml, line 2: rate = 9: choose from 0.5 to 2"),
        ('articles = ["a"]\nvoice = "bakre"\n', "brief.toml, line 2: there is no voice 'bakre'; did you mean baker?"),
        (
            'articles = ["a"]\nformats = ["mp3", "str"]\n',
            "brief.toml, line 2: there is no format 'str'; did you mean srt?",
        ),
        ('articles = ["a"]\nmusic = "no.mp3"\n', "brief.toml, line 2: there is no file no.mp3; check its name"),
        ('articles = ["a"]\n[feed]\nfolder = "x"\naddress = "ftp"\n', "brief.toml, line 4: ftp is not a web address"),
    ],
)
def test_a_broken_file_is_told_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "brief.toml").write_text(text, encoding="utf-8")
    assert says in langdu("brief", "brief.toml", cwd=tmp_path, ok=(2,)).stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("email", "a@example.org\\nBcc: b@example.org"), ("title", "早报\\u001b]0;x\\u0007"), ("author", "晚报\\u202e"),
        ("description", "每天\\u009b2J"), ("category", "News\\r"), ("address", "https://example.org/\\u2028"),
    ],
)  # fmt: skip
def test_what_a_feed_says_of_itself_steers_nothing(tmp_path: Path, name: str, said: str) -> None:
    file = tmp_path / "brief.toml"
    fine = 'articles = ["a"]\ntitle = "今日　要闻"\n[feed]\nfolder = "x"\ndescription = "每\\n天\\t早"\nauthor = "晚"\n'
    file.write_text(fine, encoding="utf-8")
    order.read_order([str(file)], {}, {}, date(2026, 11, 25))
    file.write_text(re.sub(rf"^{name} = .*\n", "", fine, flags=re.MULTILINE) if name != "title" else fine)
    with file.open("a", encoding="utf-8") as more:
        more.write(f'{name} = "{said}"\n')
    with pytest.raises(ConfigError, match=f"the feed's {name} has a line break or another control character"):
        order.read_order([str(file)], {}, {}, date(2026, 11, 25))


def test_patterns_of_articles(tmp_path: Path) -> None:
    home = tmp_path / "[home]"
    for name in ("2026-11-25/b.txt", "2026-11-25/a.txt", "2026-11-25/old/c.txt", "2026-11-24/d.txt", "[e].txt"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).touch()
    file = home / "brief.toml"

    def listed(*patterns: str) -> list[str]:
        file.write_text(f"articles = {json.dumps(patterns)}\n", encoding="utf-8")
        found, _ = order.read_order([str(file)], {}, {}, date(2026, 11, 25))
        return [each.removeprefix(f"{home}/") for each in found.articles]

    assert listed("{date}/*") == ["2026-11-25/a.txt", "2026-11-25/b.txt"]
    assert listed("*/*.txt") == ["2026-11-24/d.txt", "2026-11-25/a.txt", "2026-11-25/b.txt"]
    assert listed("{date}/**/*.txt") == ["2026-11-25/a.txt", "2026-11-25/b.txt", "2026-11-25/old/c.txt"]
    assert listed("[e].txt", "gone/*.txt", f"{home}/x.txt") == ["[e].txt", "gone/*.txt", "x.txt"]
    assert listed(f"{tmp_path}/?home?/2026*/?.txt") == ["2026-11-24/d.txt", "2026-11-25/a.txt", "2026-11-25/b.txt"]
    with pytest.raises(ConfigError, match="not a valid pattern"):
        listed("**x")
    assert listed("https://example.org/{date}?a=*") == ["https://example.org/2026-11-25?a=*"]


def test_a_table_wins_over_a_pattern(tmp_path: Path) -> None:
    for name in ("a", "weather", "z"):
        (tmp_path / "2026-11-25").mkdir(exist_ok=True)
        (tmp_path / "2026-11-25" / f"{name}.txt").touch()
    file = tmp_path / "brief.toml"
    table = '[[story]]\nsource = "{date}/weather.txt"\ntitle = "明天有雨"\nlead = 1\n'

    def listed(articles: str) -> list[tuple[str, str | None, int | None]]:
        file.write_text(f'articles = ["{articles}"]\n{table}', encoding="utf-8")
        found, _ = order.read_order([str(file)], {}, {}, date(2026, 11, 25))
        return [(story.source.rpartition("/")[2], story.title, story.lead) for story in found.stories]

    own = ("weather.txt", "明天有雨", 1)
    assert listed("{date}/*.txt") == [("a.txt", None, None), ("z.txt", None, None), own]
    assert listed("{date}/w*.txt") == [own]
    # Named twice is a mistake, which is told where the articles are read.
    assert listed("{date}/weather.txt") == [("weather.txt", None, None), own]


def test_flags_win_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "brief.toml"
    file.write_text(
        'title = "早报"\nlead = 1\nmusic = "a.mp3"\nclosing = "再见。"\ndate = 2026-01-02\n', encoding="utf-8"
    )
    (tmp_path / "a.mp3").touch()
    asked = {"title": None, "lead": 3, "day": None}
    chosen, named = order.read_order([str(file), "b.txt"], asked, {"folder": tmp_path / "pod"}, date(2026, 11, 25))
    assert (chosen.title, chosen.lead, chosen.day) == ("早报", 3, date(2026, 1, 2))
    assert (chosen.articles, chosen.music, chosen.wording.closing) == (("b.txt",), tmp_path / "a.mp3", "再见。")
    assert chosen.feed is not None
    assert chosen.feed.folder == tmp_path / "pod"
    assert named == {}


def test_two_files_are_two_briefs(tmp_path: Path) -> None:
    assert "two briefs" in langdu("brief", "a.toml", "b.toml", cwd=tmp_path, ok=(2,)).stderr


# --- music ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A theme of four seconds, a chime, and files that are no music."""
    folder = tmp_path_factory.mktemp("sounds")
    at = np.arange(4 * 44_100) / 44_100
    theme = 0.2 * np.sin(2 * np.pi * 220 * at) + 0.1 * np.sin(2 * np.pi * 331 * at)
    soundfile.write(folder / "theme.flac", np.stack([theme, theme], axis=1), 44_100)
    soundfile.write(folder / "theme.mp3", theme[: 3 * 44_100], 44_100)
    chime = np.exp(-4 * at[:44_100]) * np.sin(2 * np.pi * 880 * at[:44_100])
    soundfile.write(folder / "chime.wav", np.concatenate([np.zeros(20_000), chime]), 44_100)
    soundfile.write(folder / "silent.wav", np.zeros(44_100), 44_100)
    soundfile.write(folder / "short.wav", chime[:1000], 44_100)
    (folder / "text.mp3").write_text("no sound", encoding="utf-8")
    (folder / "empty.wav").write_bytes(b"")
    (folder / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.mp3\n", encoding="utf-8")
    (folder / "folder.wav").mkdir()
    return folder


def sound_of(path: Path) -> tuple[NDArray[np.float64], int]:
    return soundfile.read(path)  # type: ignore[no-any-return]  # soundfile has no types


def rms(sound: NDArray[np.float64]) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(sound**2)) + 1e-9))


def test_a_brief_of_the_five_with_music(project: Path, sounds: Path, tmp_path: Path) -> None:
    """Whatever is asked of the main thing, in one programme with the voice baker; of each article the beginning."""
    articles = []
    for article in sorted((project / "tests" / "golden" / "brief").iterdir()):
        begun = re.split(r"(?<=。)\n\n|(?<=</p>)\n", article.read_text(encoding="utf-8"))[0]
        (tmp_path / article.name).write_text(begun, encoding="utf-8")
        articles.append(str(tmp_path / article.name))
    out = tmp_path / "out"
    music = ("--music", str(sounds / "theme.flac"), "--chime", str(sounds / "chime.wav"))
    langdu("brief", *articles, "--date", "2026-11-25", "-o", str(out), *music, "--format", "wav,mp3,m4b,srt")
    manifest = narrations.load(out)
    narrations.check_tokens(manifest)
    for ending in ("wav", "mp3", "m4b"):
        found, peak = narrations.loudness(out / f"今日要闻-2026-11-25.{ending}")
        assert found == pytest.approx(-16, abs=0.5)
        assert peak <= -1
    titles = [each["title"] for each in manifest["chapters"]]
    m4b = mp4.MP4(out / "今日要闻-2026-11-25.m4b")
    assert [each.title for each in m4b.chapters or ()] == titles
    assert titles[1:6] == [
        "山村图书馆重新开放",
        "江上新桥通车",
        "队员们守住了主场",
        "今冬第一场雪比去年早了8天",
        "老戏楼里又响起了锣鼓",
    ]
    assert len(titles) == len(articles) + 2
    spoken = " ".join(each["spoken"] for each in manifest["paragraphs"][: 2 + len(articles)])
    assert "二零二六年十一月二十五日" in spoken
    assert "早了八天" in spoken
    # Where the voice is silent, at the beginning and in the pause before a story, music is heard; in a story it is not.
    sound, rate = sound_of(out / "今日要闻-2026-11-25.wav")
    first = min(token["start"] for token in manifest["paragraphs"][0]["tokens"])
    assert rms(sound[rate : int((first - 0.8) * rate)]) > -30
    for chapter in manifest["chapters"][1:-1]:
        begin = int(chapter["start"] * rate)
        assert rms(sound[begin : begin + rate]) > -35
        tokens = manifest["paragraphs"][chapter["paragraph"]]["tokens"]
        end = int(tokens[-1]["end"] * rate)
        assert rms(sound[end + rate // 2 : end + rate]) < -80
    assert rms(sound[-rate // 20 :]) < -65


def test_the_paragraphs_have_the_voice_alone(folder: Path, sounds: Path, tmp_path: Path) -> None:
    music = ("--music", str(sounds / "theme.mp3"), "--under", "all", "-o", str(tmp_path), "--date", "2026-11-25")
    langdu("brief", str(folder / "library.txt"), *music, "--format", "mp3")
    manifest = narrations.load(tmp_path)
    assert manifest["music"] is True
    for paragraph in manifest["paragraphs"]:
        sound, rate = sound_of(tmp_path / paragraph["file"])
        assert len(sound) == pytest.approx((paragraph["end"] - paragraph["start"]) * rate, abs=rate // 20)
        begin = (paragraph["tokens"][0]["start"] - paragraph["start"] - 0.2) * rate
        assert rms(sound[: int(begin)]) < -80 or begin < rate // 10
    said = re.search(r"(\d+) syllables heard, (\d+) doubtful", langdu("verify", str(tmp_path), ok=(0, 1)).stderr)
    assert said is not None
    assert int(said[1]) == sum(len(each["tokens"]) for each in manifest["paragraphs"])
    assert int(said[2]) < int(said[1]) / 20
    whole, rate = sound_of(tmp_path / "今日要闻-2026-11-25.mp3")
    assert all(rms(whole[at : at + rate // 2]) > -50 for at in range(rate, len(whole) - 4 * rate, rate // 2))


def test_music_that_begins_late_begins_at_once(folder: Path, tmp_path: Path) -> None:
    tone = 0.2 * np.sin(np.arange(5 * 8000) / 6)
    soundfile.write(tmp_path / "late.wav", np.concatenate([np.zeros(90 * 8000), tone]), 8000)
    brief(folder, "library.txt", "--music", str(tmp_path / "late.wav"), "-o", str(tmp_path / "out"), "--format", "wav")
    assert (tmp_path / "out" / "manifest.json").exists()


def test_without_the_paragraphs_nobody_can_listen(folder: Path, sounds: Path, tmp_path: Path) -> None:
    music = ("--music", str(sounds / "theme.mp3"), "-o", str(tmp_path))
    brief(folder, "library.txt", *music, "--format", "wav")
    assert "no sound that langdu can listen to" in langdu("verify", str(tmp_path), ok=(2,)).stderr


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gone.mp3", "gone.mp3 does not exist"),
        ("folder.wav", "folder.wav is a folder"),
        ("text.mp3", "is not an audio file ffmpeg can decode"),
        ("empty.wav", "is not an audio file ffmpeg can decode"),
        ("list.m3u8", "is not an audio file ffmpeg can decode"),
        ("silent.wav", "silent.wav is silent, or shorter"),
        ("short.wav", "shorter than 0.2 s"),
        ("x" * 300, "cannot be the name of a file"),
        ("~nosuchuser/a.mp3", "cannot be the name of a file"),
    ],
)
def test_no_music(folder: Path, sounds: Path, tmp_path: Path, name: str, says: str) -> None:
    for option in ("--music", "--chime"):
        given = name if name[0] in "~x" else str(sounds / name)
        said = brief(folder, "library.txt", option, given, "-o", str(tmp_path / "out"), ok=(2,))[1]
        assert says in said
        assert not (tmp_path / "out").exists()


# --- the feed -------------------------------------------------------------------------------------------------------


def test_a_feed_of_two_briefs(folder: Path, tmp_path: Path) -> None:
    pod, cover = tmp_path / "pod", png(tmp_path / "cover.png", 1400, 1400)
    asked = ("--feed", str(pod), "--feed-address", "https://example.org/pod/", "--cover", str(cover), "--json")
    told = json.loads(brief(folder, "library.txt", *asked, "-o", str(tmp_path / "1"), "--date", "2026-11-25")[0])
    new = {"file": str(pod / "feed.xml"), "guid": told["feed"]["guid"], "new": True, "replaced": False, "episodes": 1}
    assert told["feed"] == new
    before = {path.name: path.read_bytes() for path in pod.iterdir() if path.is_file()}
    told = json.loads(brief(folder, "bridge.md", *asked, "-o", str(tmp_path / "2"), "--date", "2026-11-26")[0])
    assert told["feed"]["episodes"] == 2
    text = (pod / "feed.xml").read_bytes()
    assert broken(text) == []
    for name, content in before.items():
        assert name == "feed.xml" or (pod / name).read_bytes() == content
    item = re.search(rb"<item>.*</item>", before["feed.xml"], re.DOTALL)
    assert item is not None
    assert item[0] in text
    for each in etree.fromstring(text).iter("item"):
        enclosure = each.find("enclosure")
        sound = pod / unquote(enclosure.get("url").rpartition("/")[2])
        assert int(enclosure.get("length")) == sound.stat().st_size
        seconds = float(soundfile.info(sound).duration)
        duration = int(each.findtext("{http://www.itunes.com/dtds/podcast-1.0.dtd}duration"))
        assert duration == pytest.approx(seconds, abs=0.6)
        chapters = json.loads(sound.with_suffix(".chapters.json").read_text(encoding="utf-8"))
        assert broken_chapters(chapters, seconds) == []
        assert pysubs2.load(str(sound.with_suffix(".srt"))).events
        assert webvtt.read(str(sound.with_suffix(".vtt"))).captions
    again = json.loads(brief(folder, "bridge.md", *asked, "-o", str(tmp_path / "2"), "--date", "2026-11-26")[0])
    assert (again["feed"]["new"], (pod / "feed.xml").read_bytes()) == (False, text)


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_spoken(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    pod, out = tmp_path / "file" / "pod", tmp_path / "out"
    said = brief(folder, "library.txt", "--feed", str(pod), "-o", str(out), ok=(3,))[1]
    assert "choose another folder for the podcast" in said
    assert not out.exists()


def test_the_summary_has_the_stories_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    title = "第{}号村的图书馆重新开放了还有人从山外的镇上坐了半天的车赶来远近的大人和孩子们都来看"
    texts = {f"{i}.txt": f"{title.format(i)}\n\n这是第{i}号村。\n" for i in range(32)}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "brief.toml").write_text(
        'articles = ["*.txt"]\nopening = ""\nheadlines = ""\nclosing = ""\nformats = ["mp3"]\n[feed]\nfolder = "pod"\n',
        encoding="utf-8",
    )
    brief(folder, str(tmp_path / "brief.toml"), "-o", str(tmp_path / "out"))
    found = etree.parse(tmp_path / "pod" / "feed.xml").findtext("channel/item/description")
    assert found.startswith(f"{title.format(0)}；第1号村")
    assert 3850 < len(found.encode()) <= 4000
    assert found.endswith("都来看")


@pytest.mark.parametrize(
    ("more", "category", "says"),
    [
        (("--feed-address", "example.org"), "News", "langdu: example.org is not a web address for the feed: write one"),
        ((), "Rain", "brief.toml, line 4: there is no category 'Rain'"),
    ],
)
def test_what_cannot_be_published_is_not_narrated(
    folder: Path, tmp_path: Path, more: tuple[str, ...], category: str, says: str
) -> None:
    (tmp_path / "brief.toml").write_text(
        f'articles = ["{folder / "library.txt"}"]\n[feed]\nfolder = "pod"\ncategory = "{category}"\n', encoding="utf-8"
    )
    said = brief(folder, str(tmp_path / "brief.toml"), *more, "-o", str(tmp_path / "out"), ok=(2,))[1]
    assert says in said
    assert not (tmp_path / "out").exists()


def test_a_feed_of_others_is_refused_before_anything_is_spoken(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text("<rss version='2.0'><channel/></rss>", encoding="utf-8")
    said = brief(folder, "library.txt", "--feed", str(tmp_path), "-o", str(tmp_path / "out"), ok=(3,))[1]
    assert "a feed that langdu did not make" in said
    assert not (tmp_path / "out").exists()
