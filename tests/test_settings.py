"""Settings: which of flags, environment, profile and langdu.toml wins, and what is said of a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from langdu.errors import ConfigError
from langdu.model import CueLevel, Pauses
from langdu.settings import Settings, load
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "langdu.toml").write_text(
        'voice = "gtts"\nrate = 0.9\nformats = ["srt"]\n[pauses]\ncomma = 100\nsentence = 400\n', encoding="utf-8"
    )
    (tmp_path / "style").mkdir()
    (tmp_path / "style" / "house.toml").write_text(
        'voice = "espeak"\nformats = ["vtt", "ass"]\ncues = "phrase"\ncover = "cover.png"\naudio_dir = "audio"\n'
        'lexicon = "/words.tsv"\ncache_dir = "house"\n[pauses]\nsentence = 500\n',
        encoding="utf-8",
    )
    return tmp_path


def test_flags_environment_profile_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    profile = project / "style" / "house.toml"
    made = load({"voice": "silence"}, environment={"LANGDU_CACHE_DIR": "env"}, profile=profile)
    assert (made.voice, str(made.cache_dir), made.formats, made.cues) == ("silence", "env", ("vtt", "ass"), "phrase")
    assert (made.rate, made.pauses) == (0.9, Pauses(comma=100, sentence=500))
    made = load({}, environment={}, profile=profile)
    assert (made.voice, made.cache_dir) == ("espeak", project / "style" / "house")
    made = load({}, environment={})
    assert (made.voice, made.formats, made.cues) == ("gtts", ("srt",), CueLevel.SENTENCE)


def test_what_a_profile_brings_lies_beside_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    made = load({}, environment={}, profile=project / "style" / "house.toml")
    assert made.cover == project / "style" / "cover.png"
    assert str(made.lexicon) == "/words.tsv"
    assert made.audio_dir == project / "style" / "audio"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "there is no file .*house.toml; check its name"),
        ("voice = ", "house.toml, line 1: voice =: a value is missing or wrong: a text stands in quotation marks"),
        ("voice = baker", "house.toml, line 1: voice = baker: a value is missing or wrong"),
        ('voice = "baker', 'house.toml, line 1: voice = "baker: a text stands between two quotation marks'),
        ("voice: baker", "house.toml, line 1: voice: baker: write key = value"),
        ("rate = 1\nrate = 2", "house.toml, line 2: rate = 2: this has a value already"),
        ("rate = 1,2", "house.toml, line 1: rate = 1,2: a line has one key and one value"),
        ("pauses = {comma = 1}\npauses.clause = 2", "house.toml, line 2: .*: this table stands above already, in { }"),
        ("[pauses]\ncomma = 1\n[pauses]", "house.toml, line 3: \\[pauses\\]: this table stands above already: write"),
        ("[pauses\ncomma = 1", "house.toml, line 1: \\[pauses: a name in \\[ \\] begins a table"),
        ('formats = ["mp3" "srt"]', "house.toml, line 1: .*: a list ends with \\], and commas"),
        ('\naudio_dir = "C:\\Users"', "house.toml, line 2: .*: in double quotation marks, write / or"),
        ('voice = "silense"', "house.toml, line 1: there is no voice 'silense'; did you mean silence\\?"),
        ('fallback = "nobody"', "house.toml, line 1: there is no voice 'nobody'; there are baker, "),
        ('formats = ["srt", "mp4"]', "house.toml, line 1: there is no format 'mp4'; did you mean mp3\\?"),
        ('voice = "kokorro:x"', "house.toml, line 1: there is no engine 'kokorro'"),
        ("voic = 1", "house.toml, line 1: voic is unknown; did you mean voice\\? There are .*cues, .*voice"),
        ('cues = "line"', "house.toml, line 1: cues = 'line': choose sentence, phrase, word, character"),
        ("cues = 1", "house.toml, line 1: cues = 1: choose"),
        ("[cues]", "house.toml, line 1: cues = {}: choose"),
        ("pauses = 1", "house.toml, line 1: pauses = 1: give a table \\[pauses\\]"),
        ("[pauses]\ncoma = 1", "house.toml, line 2: pauses.coma is unknown; did you mean comma\\?"),
        ("[pauses]\ncomma = -1", "house.toml, line 2: pauses.comma = -1: choose from 0 to 60000 ms"),
        ('rate = "fast"', "house.toml, line 1: rate = 'fast': give a number"),
        ("rate = nan", "house.toml, line 1: rate = nan: choose from 0.5 to 2"),
        ("\trate\t=\t9", "house.toml, line 1: rate = 9: choose"),
        ('# rate = 9\n"rate" = 9', "house.toml, line 2: rate = 9: choose"),
        ('voice = """\nrate = 9\n"""\nrate = 9', "house.toml, line 4: rate = 9: choose"),
        ("\n[ pauses ] # ms\n'comma' = -1", "house.toml, line 3: pauses.comma = -1: choose"),
        ("\npauses = {comma = -1}", "house.toml, line 2: pauses.comma = -1: choose"),
        ("\npauses.comma = -1", "house.toml, line 2: pauses.comma = -1: choose"),
        ("\n[pauses.x]\ny = 1", "house.toml, line 2: pauses.x is unknown"),
        ("\n[[pauses]]\ncomma = 1", "house.toml, line 2: pauses = .*: give a table"),
        ("\na.b = 1", "house.toml, line 2: a is unknown"),
        ("rate = " + "9" * 5000, "house.toml cannot be read: it has a number of thousands of digits; mend it"),
        ('"" = 1', 'house.toml: "" is unknown'),
    ],
)
def test_mistakes_in_a_profile(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "house.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=says):
        load({}, profile=tmp_path / "house.toml")


def test_cues_of_the_library() -> None:
    assert load({"cues": "phrase"}).cues == CueLevel.PHRASE
    with pytest.raises(ConfigError, match="cues = 'line': choose sentence, phrase, word, character"):
        load({"cues": "line"})


def test_a_profile_and_cues_on_the_command_line(project: Path) -> None:
    source = project / "a.txt"
    source.write_text("长路\n\n山路弯弯，孩子们都在等着我们带书去呢。\n", encoding="utf-8")
    narrate = ["read", str(source), "-o", "out", "--voice", "silence", "--profile", "style/house.toml"]
    (project / "style" / "house.toml").write_text('formats = ["vtt", "ass"]\ncues = "phrase"\n', encoding="utf-8")
    langdu(*narrate, cwd=project)
    names = sorted(p.name for p in (project / "out").iterdir() if p.name != ".langdu")
    assert names == ["manifest.json", "长路.ass", "长路.vtt"]
    assert (project / "out" / "长路.vtt").read_text(encoding="utf-8").count("-->") == 3
    langdu(*narrate, "--cues", "character", cwd=project)
    assert (project / "out" / "长路.vtt").read_text(encoding="utf-8").count("-->") == 19
    assert (
        "there is no file none.toml"
        in langdu("read", str(source), "--profile", "none.toml", ok=(2,), cwd=project).stderr
    )
    assert (
        "--cues line: choose sentence, phrase, word, character"
        in langdu("read", str(source), "--cues", "line", ok=(2,), cwd=project).stderr
    )


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"voice": "foo"}, "there is no voice 'foo'; there are baker, "),
        ({"fallback": "bakre"}, "there is no voice 'bakre'; did you mean baker"),
        ({"formats": ("mp3", "docx")}, "there is no format 'docx'; there are mp3, "),
        ({"formats": ()}, "no format is named"),
        ({"voice": "nobody:x"}, "there is no engine 'nobody'"),
    ],
)
def test_the_library_refuses_what_the_command_line_refuses(chosen: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        Settings(**chosen)
