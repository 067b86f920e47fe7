"""Several voices in one programme: who speaks when, as loud as the others, and what is spoken again."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile
import webvtt
from mutagen.id3 import ID3

import narrations
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

ARTICLES = {
    "a.txt": "山村图书馆重(chóng)新开放\n\n山上的图书馆重新开放，来了120个人。\n",
    "b.txt": "江桥通车\n\n江上的桥昨天通车了，桥长(cháng)2.5公里。\n\n司机说好。\n",
    "c.txt": "队员们昨晚赢了球！球迷行(xíng)动起来，街上全是人。\n\n今天放假。\n",
    "d.txt": "天气\n\n明天有雨，请带伞。\n\n后天晴。\n",
}
FILE = """\
title = "早间新闻"
date = 2026-11-25
voices = ["{first}", "espeak"]
articles = ["a.txt", "b.txt"]
[[story]]
source = "c.txt"
title = "赢(yíng)球了"
[[story]]
source = "d.txt"
voice = "{own}"
lead = 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in ARTICLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def brief(folder: Path, *more: str, first: str = "silence", own: str = "espeak", cache: Path | None = None) -> str:
    (folder / "brief.toml").write_text(FILE.format(first=first, own=own), encoding="utf-8")
    return langdu(
        "brief",
        "brief.toml",
        "-o",
        "out",
        *more,
        cwd=folder,
        environment={"LANGDU_CACHE_DIR": str(cache)} if cache else {},
    ).stderr


def speakers(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Who reads each paragraph, and its first two characters."""
    return [(paragraph["voice"], paragraph["text"][:2]) for paragraph in manifest["paragraphs"]]


def test_presenters_take_turns_by_story(folder: Path) -> None:
    said = brief(folder, "--format", "mp3,vtt,json,ass,lrc", own="silence")
    manifest = narrations.load(folder / "out")
    assert manifest["voice"] == "silence"
    around = [("silence", text) for text in ("早间", "首先", "山村", "江桥", "赢球", "天气")]
    stories = [("silence", "山村"), ("silence", "山上"), ("espeak", "江桥"), ("espeak", "江上"), ("espeak", "司机")]
    stories += [("silence", "赢球"), ("silence", "队员"), ("silence", "今天"), ("silence", "天气"), ("silence", "明天")]
    assert speakers(manifest) == [*around, *stories, ("silence", "以上")]
    assert [chapter["voice"] for chapter in manifest["chapters"]] == [
        "silence", "silence", "espeak", "silence", "silence", "silence",
    ]  # fmt: skip
    narrations.check_tokens(manifest)
    assert "in the voices silence, espeak" in said
    # The title is the one that the brief gives, with its reading.
    title = next(
        paragraph for paragraph in manifest["paragraphs"] if paragraph["role"] == "title" and "赢" in paragraph["text"]
    )
    assert title["tokens"][0]["source"] == "annotation"

    whole = folder / "out" / "早间新闻-2026-11-25"
    by_start = [(paragraph["start"], paragraph["end"], paragraph["voice"]) for paragraph in manifest["paragraphs"]]
    cues = webvtt.read(f"{whole}.vtt").captions
    for cue in cues:
        minutes, seconds = map(float, cue.start.split(":")[1:])
        (voice,) = (voice for start, end, voice in by_start if start <= 60 * minutes + seconds + 0.001 < end)
        assert cue.raw_text.startswith(f"<v {voice}>")
    assert {cue.raw_text[: cue.raw_text.index(">")] for cue in cues} == {"<v silence", "<v espeak"}
    assert ",Default,espeak,0" in whole.with_suffix(".ass").read_text(encoding="utf-8")
    assert str(ID3(f"{whole}.mp3")["TPE1"]) == "langdu silence, espeak"
    artists = [str(ID3(folder / "out" / paragraph["file"])["TPE1"]) for paragraph in manifest["paragraphs"]]
    assert artists == [f"langdu {voice}" for voice, _ in speakers(manifest)]


def test_voice_wins_over_the_voices_of_the_file(folder: Path) -> None:
    brief(folder, "--voice", "silence", "--format", "srt")
    assert {voice for voice, _ in speakers(narrations.load(folder / "out"))} == {"silence"}


def test_a_fallback_reads_everything(folder: Path) -> None:
    (folder / "brief.toml").write_text(FILE.format(first="silence", own="gtts"), encoding="utf-8")
    said = langdu(
        "brief", "brief.toml", "-o", "out", "--fallback", "silence", "--format", "srt", cwd=folder,
        environment={"LANGDU_GTTS_URL": "http://127.0.0.1:9/"},
    ).stderr  # fmt: skip
    assert "the voice silence narrates everything instead" in said
    assert {voice for voice, _ in speakers(narrations.load(folder / "out"))} == {"silence"}


def loudness_by_voice(wav: Path, manifest: dict[str, Any]) -> dict[str, float]:
    """The loudness of what each voice says, in LUFS."""
    sound, rate = soundfile.read(wav)
    found = {}
    for voice in {paragraph["voice"] for paragraph in manifest["paragraphs"]}:
        own = [p for p in manifest["paragraphs"] if p["voice"] == voice]
        parts = [sound[round(p["start"] * rate) : round(p["end"] * rate)] for p in own]
        soundfile.write(wav.with_name("own.wav"), np.concatenate(parts), rate)
        found[voice] = narrations.loudness(wav.with_name("own.wav"))[0]
    return found


def test_presenters_are_equally_loud(folder: Path) -> None:
    brief(folder, "--format", "wav,mp3", first="baker")
    manifest = narrations.load(folder / "out")
    assert manifest["sample_rate"] == 24_000  # baker's; espeak has 22,050
    wav = folder / "out" / "早间新闻-2026-11-25.wav"
    shutil.copy(wav, folder / "whole.wav")
    own = loudness_by_voice(folder / "whole.wav", manifest)
    assert abs(own["baker"] - own["espeak"]) <= 1
    assert narrations.loudness(wav)[0] == pytest.approx(-16, abs=0.5)
    narrations.check_sound(folder / "out", manifest)


def test_presenters_are_equally_loud_over_music(folder: Path) -> None:
    at = np.arange(30 * 24_000) / 24_000
    soundfile.write(folder / "theme.wav", 0.2 * np.sin(2 * np.pi * 220 * at), 24_000)
    brief(folder, "--format", "wav,mp3", "--music", "theme.wav", "--under", "all", first="baker")
    manifest = narrations.load(folder / "out")
    shutil.copy(folder / "out" / "早间新闻-2026-11-25.wav", folder / "whole.wav")
    own = loudness_by_voice(folder / "whole.wav", manifest)
    assert abs(own["baker"] - own["espeak"]) <= 1
    assert narrations.loudness(folder / "out" / "早间新闻-2026-11-25.wav")[0] == pytest.approx(-16, abs=0.5)


def test_another_voice_for_one_story_speaks_only_that_story(folder: Path) -> None:
    cache = folder / "cache"
    first = {"LANGDU_CACHE_DIR": str(cache)}

    def clips() -> set[str]:
        return {path.name for path in (cache / "clips").glob("*.clip")}

    brief(folder, own="espeak", cache=cache)
    before = clips()
    files = {path.name: path.read_bytes() for path in (folder / "out").glob("0*.mp3")}
    brief(folder, own="silence", cache=cache)
    # The title was spoken as a headline too, but more quickly; the story has one sentence more.
    assert len(clips() - before) == 2
    after = {path.name: path.read_bytes() for path in (folder / "out").glob("0*.mp3")}
    read = speakers(narrations.load(folder / "out"))
    same = {f"{i:03}.mp3" for i, (voice, _) in enumerate(read, 1) if voice == "silence"} - {"015.mp3", "016.mp3"}
    assert {name for name in files if files[name] == after[name]} >= same
    assert read[14:16] == [("silence", "天气"), ("silence", "明天")]
    done = langdu("brief", "brief.toml", "-o", "out", cwd=folder, environment=first)
    assert "nothing has changed" in done.stderr
    brief(folder, own="espeak", cache=cache)
    assert {path.name: path.read_bytes() for path in (folder / "out").glob("0*.mp3")} == files


def test_verify_listens_with_the_ear_of_each_voice(folder: Path) -> None:
    brief(folder, "--format", "wav", first="baker")
    done = langdu("verify", "out", cwd=folder, ok=(0, 1))
    assert "has not learned the tones of the voice espeak" in done.stderr
    assert "the voice baker" not in done.stderr


# --- quotations -----------------------------------------------------------------------------------------------------

LETTER = """山路弯弯

“双减”以后，校长(xiàozhǎng)说：“我们等了很久。”孩子们跑出教室，看着远处的山。

“那一天，”司机说，“桥上全是人，我们走了很长(cháng)的路。”大家都笑了。

“这是一封长信，我念给你们听。

“信里只有两句话，谢谢大家。”
"""


def read(folder: Path, *more: str, quotes: str = "espeak", voice: str = "silence", ok: int = 0) -> str:
    (folder / "letter.txt").write_text(LETTER, encoding="utf-8")
    asked = ["read", "letter.txt", "-o", "out", "--voice", voice, "--quotes", quotes]
    return langdu(*asked, *more, cwd=folder, ok=(ok,), environment={"LANGDU_CACHE_DIR": str(folder / "cache")}).stderr


def said_by(manifest: dict[str, Any], voice: str) -> list[str]:
    """What a voice says of each paragraph."""
    return [
        "".join(token["text"] for token in paragraph["tokens"] if token.get("voice", paragraph["voice"]) == voice)
        for paragraph in manifest["paragraphs"]
    ]


def test_quoted_speech_has_a_voice_of_its_own(folder: Path) -> None:
    said = read(folder, "--format", "mp3,srt,vtt,json,textgrid,epub,html,practice")
    assert "in the voices silence, espeak" in said
    manifest = narrations.load(folder / "out")
    assert {paragraph["voice"] for paragraph in manifest["paragraphs"]} == {"silence"}
    assert said_by(manifest, "espeak") == [
        "", "我们等了很久", "那一天桥上全是人我们走了很长的路", "这是一封长信我念给你们听", "信里只有两句话谢谢大家",
    ]  # fmt: skip
    narrations.check_tokens(manifest)
    narrations.check_sound(folder / "out", manifest)
    narrations.check_subtitles(folder / "out", manifest)
    cues = [caption.raw_text for caption in webvtt.read(str(folder / "out" / "山路弯弯.vtt")).captions]
    plain = [re.sub(r"<rt>.*?</rt>|</?ruby>|<lang zh-CN>|</lang></v>", "", cue) for cue in cues]
    assert plain[1:7] == [
        "<v silence>“双减”以后，校长说：",
        "<v espeak>“我们等了很久。”",
        "<v silence>孩子们跑出教室，看着远处的山。",
        "<v espeak>“那一天，”",
        "<v silence>司机说，",
        "<v espeak>“桥上全是人，我们走了很长的路。”",
    ]
    shown = json.loads((folder / "out" / "山路弯弯.json").read_text(encoding="utf-8"))["cues"]
    assert [f"<v {cue['voice']}>" for cue in shown] == [cue[: cue.index(">") + 1] for cue in plain]
    done = langdu("verify", "out", cwd=folder, ok=(0, 1))
    assert f"{sum(len(p['tokens']) for p in manifest['paragraphs'])} syllables heard, 0 doubtful" in done.stderr


def test_the_voices_of_an_article_are_equally_loud(folder: Path) -> None:
    read(folder, "--format", "wav", voice="baker")
    manifest = narrations.load(folder / "out")
    sound, rate = soundfile.read(folder / "out" / "山路弯弯.wav")
    loud = {}
    for voice in ("baker", "espeak"):
        tokens = [(t, t.get("voice", p["voice"])) for p in manifest["paragraphs"] for t in p["tokens"]]
        parts = [sound[round(t["start"] * rate) : round(t["end"] * rate)] for t, who in tokens if who == voice]
        soundfile.write(folder / "own.wav", np.concatenate(parts), rate)
        loud[voice] = narrations.loudness(folder / "own.wav")[0]
    # Measured without their pauses.
    assert abs(loud["baker"] - loud["espeak"]) <= 1.2
    assert narrations.loudness(folder / "out" / "山路弯弯.wav")[0] == pytest.approx(-18, abs=0.5)


def test_another_voice_for_quotations_speaks_only_them(folder: Path) -> None:
    read(folder)
    files = {path.name: path.read_bytes() for path in (folder / "out").iterdir() if path.is_file()}
    before = set((folder / "cache" / "clips").glob("*.clip"))
    # An article without such a voice has the same sentences, but for those of the quotations.
    langdu(
        "read", "letter.txt", "-o", "out", "--voice", "silence", cwd=folder,
        environment={"LANGDU_CACHE_DIR": str(folder / "cache")},
    )  # fmt: skip
    assert "espeak" not in (folder / "out" / "manifest.json").read_text(encoding="utf-8")
    read(folder)
    assert "nothing has changed" in read(folder)
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir() if path.is_file()} == files
    assert before <= set((folder / "cache" / "clips").glob("*.clip"))


def test_the_voice_of_quotations_is_a_setting(folder: Path) -> None:
    (folder / "langdu.toml").write_text('voice = "silence"\nquotes = "espeak"\nformats = ["srt"]\n', encoding="utf-8")
    (folder / "letter.txt").write_text(LETTER, encoding="utf-8")
    langdu("read", "letter.txt", "-o", "out", cwd=folder)
    assert said_by(narrations.load(folder / "out"), "espeak")[1] == "我们等了很久"
    langdu("read", "letter.txt", "-o", "out", "--quotes", "", cwd=folder)
    assert "espeak" not in (folder / "out" / "manifest.json").read_text(encoding="utf-8")
    # Cards and single lines have one voice.
    langdu("words", "letter.txt", "--audio", "words", cwd=folder)
    langdu("say", "他说：“走吧。”", "-o", "a.wav", cwd=folder)


def test_one_voice_reads_the_quotations_of_a_brief_too(folder: Path) -> None:
    (folder / "letter.txt").write_text(LETTER, encoding="utf-8")
    file = 'articles = ["letter.txt"]\nquotes = "espeak"\nformats = ["srt"]\n'
    (folder / "brief.toml").write_text(file, encoding="utf-8")
    langdu("brief", "brief.toml", "-o", "out", "--voice", "silence", cwd=folder)
    assert "espeak" not in (folder / "out" / "manifest.json").read_text(encoding="utf-8")
    langdu("brief", "brief.toml", "-o", "out", "--voice", "silence", "--quotes", "espeak", cwd=folder)
    assert "espeak" in (folder / "out" / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("quotes", ["nobody", "gtts:", "espeak:x", "nobody:x"])
def test_a_voice_of_quotations_that_there_is_not(folder: Path, quotes: str) -> None:
    said = read(folder, quotes=quotes, ok=2)
    assert "there is no" in said
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('voices = ["silence", "nobody"]\narticles = ["a.txt", "b.txt"]\n', "there is no voice 'nobody'; there are"),
        ('voices = "silence"\narticles = ["a.txt"]\n', "line 1: voices = 'silence': give a list of texts"),
        ('articles = ["a.txt"]\nvoices = []\n', "line 2: voices is empty: name the voices"),
        ('voice = "baker"\nvoices = ["silence"]\n', "line 1: voice and voices are both given"),
        ('[story]\nsource = "a.txt"\n', "line 1: each story is a table: write [[story]]"),
        ('[[stories]]\nsource = "a.txt"\n', "line 1: the table of one story is called story: write [[story]]"),
        ('story = ["a.txt"]\n', "line 1: each story is a table: write [[story]]"),
        ('[[story]]\nsource = "a.txt"\n[[story]]\nvoice = "silence"\n', "line 3: story 2 names no article: give"),
        ('[[story]]\nsource = "a.txt"\n[[story]]\nsource = " "\n', "line 4: story 2 names no article: give its source"),
        ('[[story]]\nsource = "a.txt"\n[[story]]\nsource = "b.txt"\nvioce = "x"\n', "line 5: story.vioce is unknown"),
        ('[[story]]\nsource = "a.txt"\n[[story]]\nsource = "b.txt"\nlead = 0\n', "line 5: lead 0 is out of range"),
        ('[[story]]\nsource = "a.txt"\nlead = "1"\n', "line 3: story.lead = '1': give a whole number"),
        ('[[story]]\nsource = "a.txt"\nvoice = ""\n', "line 3: story 1 has an empty voice: give its voice"),
        ('[[story]]\nsource = "*.txt"\ntitle = "天气"\n', "line 3: *.txt fits 4 articles, which cannot all have"),
        ('[[story]]\nsource = "a.txt"\ntitle = "天\\n气"\n', "line 3: story.title = '天\\n气': write it in one line"),
    ],
)  # fmt: skip
def test_mistakes_in_the_file(folder: Path, text: str, says: str) -> None:
    (folder / "brief.toml").write_text(text, encoding="utf-8")
    said = langdu("brief", "brief.toml", "-o", "out", cwd=folder, ok=(2,)).stderr
    assert says in " ".join(said.split())
    assert not (folder / "out" / "manifest.json").exists()
