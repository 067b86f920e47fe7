"""`import langdu` offers what the command line does, and docs/library.md shows it."""

from __future__ import annotations

import doctest
import inspect
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import langdu

if TYPE_CHECKING:
    from pathlib import Path


def test_the_examples_of_the_page(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "sample.txt").write_bytes((project / "audio" / "sample.txt").read_bytes())
    monkeypatch.chdir(tmp_path)
    page = project / "docs" / "library.md"
    assert page.read_text(encoding="utf-8").count("\n## ") == 11  # ten examples, and a word on packages
    outcome = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert (outcome.failed, outcome.attempted > 20) == (0, True)


def test_parse_check_narrate_say(sample: Path, tmp_path: Path) -> None:
    article = langdu.parse(sample)
    assert langdu.parse(str(sample)) == article
    assert article.title is not None
    assert {f.severity.value for f in langdu.check(article)} == {"info"}
    assert langdu.check(sample) == langdu.check(article)
    settings = langdu.Settings(voice="silence")
    narration = langdu.narrate(sample, str(tmp_path / "out"), settings)
    assert sorted(narration.files) == sorted(p.name for p in (tmp_path / "out").iterdir() if p.name != ".langdu")
    assert narration.findings == {"error": 0, "warning": 0, "info": 3}
    assert narration.samples / narration.sample_rate > 30
    said = langdu.say("长(cháng)城", settings)
    assert [t.text for t in said.track.timings] == ["长", "城"]
    assert len(said.pcm) == 2 * said.track.end


def test_a_style_that_there_is_not() -> None:
    with pytest.raises(langdu.ConfigError, match="there is no style 'tones'; did you mean toneless"):
        langdu.annotate(langdu.parse_text("长(cháng)城"), "tones")


@pytest.mark.parametrize(
    "imports",
    [
        "import langdu, langdu.parse, langdu.check",
        "import langdu.check.rules, langdu.parse.sources.web; import langdu",
        "from langdu.parse.parser import parse_line; from langdu.check import rules; import langdu",
        "from langdu.pipeline import narration; import langdu; import langdu.cli",
    ],
)
def test_functions_stay_functions_whatever_is_imported(imports: str) -> None:
    program = f"{imports}; print(langdu.parse.__name__, langdu.check.__name__, callable(langdu.parse))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "parse check True\n"


def test_everything_public_has_help() -> None:
    for name in langdu.__all__:
        thing = getattr(langdu, name)
        assert inspect.getdoc(thing), name
    assert not hasattr(langdu, "nothing")


def test_settings_check_what_they_are_made_of() -> None:
    settings = langdu.Settings(formats=["srt"], cues="word", lexicon="a.tsv")  # type: ignore[arg-type]
    assert (settings.formats, settings.cues, str(settings.lexicon)) == (("srt",), "word", "a.tsv")
    for wrong in ({"rate": "fast"}, {"formats": "mp3"}, {"verify": 1}, {"workers": True}, {"pauses": 3}):
        with pytest.raises(langdu.ConfigError, match=f"{next(iter(wrong))} = "):
            langdu.Settings(**wrong)


def test_the_cache_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGDU_CACHE_DIR", str(tmp_path / "cache"))
    langdu.say("长(cháng)城", langdu.Settings(voice="silence"))
    assert list((tmp_path / "cache" / "clips").glob("*.clip"))


def test_help_imports_nothing_heavy() -> None:
    program = "import sys, langdu.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "langdu.cli.narrating.read" in loaded
    assert {
        "numpy",
        "wetext",
        "pydub",
        "ai_edge_litert",
        "rich.table",
        "langdu.pipeline",
        "langdu.lexicon",
    } & loaded == set()


@pytest.mark.parametrize("folder", ["", "a\0b"])
def test_a_folder_that_no_file_can_have(folder: str) -> None:
    with pytest.raises(langdu.ConfigError):
        langdu.narrate(langdu.parse_text("春天来了。"), folder, langdu.Settings(voice="silence", formats=("srt",)))


def test_a_lexicon_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(langdu.ConfigError, match=str(tmp_path)):
        langdu.check(langdu.parse_text("春天来了。"), lexicon="~/missing.tsv")


def test_a_finding_has_its_place() -> None:
    (finding,) = langdu.check(langdu.parse_text("春天来了。\n\n在长(zhàng)城上。"))
    assert (finding.line, finding.column) == (3, 2)


@pytest.mark.parametrize("text", ["今天天气", "今天天气" * 100, "今天\n天气"])
def test_a_text_in_the_place_of_a_file(text: str) -> None:
    with pytest.raises(langdu.InputError, match=r"if this is the text itself, call langdu\.parse_text"):
        langdu.parse(text)
    with pytest.raises(langdu.InputError, match=r"call langdu\.parse_text"):
        langdu.check(text)
