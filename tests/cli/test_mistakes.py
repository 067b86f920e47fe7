"""What people do wrong on the command line, and what langdu answers: one line with what to do instead."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from langdu.cli.shared.common import exists
from langdu.errors import ConfigError, ExportError
from langdu.files import atomic
from langdu.toml import TomlFile
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = "江桥通车\n\n江上的桥(qiǎo)昨天通车了。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bridge.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "brief.toml").write_text('title = "要闻"\narticles = ["bridge.txt"]\n', encoding="utf-8")
    (tmp_path / "cues.json").write_text('{"schema": "langdu-cues/1", "title": "江桥通车"}', encoding="utf-8")
    (tmp_path / "x.docx").write_bytes(b"PK\x03\x04 and no more")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (
            ("read", "brief.toml"),
            2,
            "brief.toml is TOML, not an article; if it lists the articles of a brief: langdu brief",
        ),
        (("check", "brief.toml"), 2, "brief.toml is TOML"),
        *(
            ((*command, "-o", ""), 2, "is wrong: the name is empty: name a file or a folder")
            for command in (("say", "好"), ("ssml", "bridge.txt"), ("check", "bridge.txt"), ("sheet", "bridge.txt"))
        ),
        (("say", "bridge.txt"), 2, "bridge.txt is a file: hear it with langdu read"),
        (("read", "bridge.txt", "--profile", "nope.toml"), 2, "there is no file nope.toml; check its name"),
        (
            ("read", "bridge.txt", "-o", "bridge.txt"),
            3,
            "); a part of this path is a file, not a folder: choose another folder",
        ),
        (
            ("check", "bridge.txt", "--baseline", "nope.json"),
            2,
            "nope.json cannot be read: No such file or directory; make",
        ),
        (("brief", "2026-01-01/*.txt"), 4, "no file matches 2026-01-01/*.txt"),
        (("brief", "bridge.txt", "bridge.txt"), 2, "bridge.txt is given twice"),
        (("lexicon", "add", "Kindle", "kindou"), 2, "Kindle is said with hanzi: instead of 'kindou', write hanzi"),
        (
            ("read", "bridge.txt", "--vioce", "baker"),
            2,
            "there is no option --vioce; did you mean --voice? See: langdu read",
        ),
        (("raed", "bridge.txt"), 2, "there is no command raed; did you mean read? See: langdu --help"),
        (("--vesion",), 2, "there is no option --vesion; did you mean --version? See: langdu --help"),
        (("lexicon", "ad"), 2, "there is no command ad; did you mean add? See: langdu lexicon --help"),
        (("lexicon", "add", "六安"), 2, "READING is missing; see: langdu lexicon add --help"),
        (
            ("check", "bridge.txt", "--jobs", "0"),
            2,
            "langdu: --jobs 0 is out of range: choose 1 to 256; see: langdu ch",
        ),
        (("check", "bridge.txt", "--jobs", "999"), 2, "langdu: --jobs 999 is out of range: choose 1 to 256; see"),
        (("room", "--port", "99999"), 2, "langdu: --port 99999 is out of range: choose 1 to 65535; see: langdu room"),
        (("words", "bridge.txt", "--new", "0"), 2, "langdu: --new 0 is out of range: choose 1 or more; see"),
        (("say", "好", "--voice", "piper"), 2, "the voice piper needs the file of a voice: --voice piper:FILE.onnx"),
        (("say", "好", "--voice", "sherpa"), 2, "the voice sherpa needs the folder of a voice: --voice sherpa:FOLDER"),
        (("check", "."), 2, ". is a folder: check its articles with langdu batch . --check-only, or name files in it"),
        (("read", "bridge.txt", "--rate", "fast"), 2, "langdu: --rate fast: give a number; see: langdu read --help"),
        (
            ("brief", "bridge.txt", "--lead", "1.5"),
            2,
            "langdu: --lead 1.5: give a whole number; see: langdu brief --help",
        ),
        (("read", "bridge.txt", "--cues", "words"), 2, "--cues words: did you mean word? There are sentence, phrase"),
        (("check", "bridge.txt", "--fix", "-o"), 2, "-o needs a value after it; see: langdu check --help"),
        (("ssml", "bridge.txt"), 2, "--for is missing; see: langdu ssml --help"),
        (("read", "cues.json"), 2, "cues.json is no article: langdu wrote it beside a narration; name the article"),
        (("check", "bridge.txt", "--lexicon", "no.tsv"), 2, "there is no lexicon no.tsv; check its name, or begin one"),
        (("check", "bridge.txt", "--lexicon", "."), 2, "the lexicon . cannot be read: it is a folder; name a table"),
        (("check", "bridge.txt", "--baseline", "."), 2, "the baseline . cannot be read: it is a folder; make it with"),
        (("check", "x.docx"), 2, "x.docx is damaged, its ZIP archive cannot be opened; save or copy it again"),
        (("check", "http://localhost:1/x"), 2, "http://localhost:1/x cannot be reached: "),
        (("check", ""), 2, "the name of a source is empty: name a file, an address, or - for standard input"),
        (("brief", "nope.txt"), 2, "no article can be used:\n  there is no file nope.txt; check its name\n"),
        (("voices", "install", "bakre"), 2, "there is no voice 'bakre'; did you mean baker? There are baker, "),
    ],
)
def test_a_mistake_is_told_with_what_to_do(folder: Path, arguments: tuple[str, ...], status: int, says: str) -> None:
    voice = ("--voice", "silence") if arguments[0] in {"read", "brief"} else ()
    said = langdu(*arguments, *voice, cwd=folder, ok=(status,)).stderr
    assert says in said
    assert "Errno" not in said
    assert "Value error" not in said
    assert "free some space" not in said


def test_a_mistake_on_the_command_line_is_one_line_without_control_characters(folder: Path) -> None:
    said = langdu("read", "bridge.txt", "--\x1b[2Jvoice\u202e", ok=(2,), cwd=folder).stderr
    assert said.startswith("langdu: there is no option --␛[2Jvoice")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EACCES, "give yourself the right to write into this one"),
        (errno.EROFS, "choose a folder on another one"),
        (errno.ENAMETOOLONG, "choose a shorter name"),
        (errno.EIO, "check that the disk works"),
    ],
)
def test_the_advice_fits_the_reason(tmp_path: Path, number: int, advice: str) -> None:
    with pytest.raises(ExportError, match=advice) as raised, atomic(tmp_path / "a.txt"):
        raise OSError(number, os.strerror(number))
    assert ("free some space" in str(raised.value)) == (number == errno.ENOSPC)


@pytest.mark.parametrize("command", ["read", "check", "pinyin", "normalize"])
def test_a_whole_article_as_an_argument_is_told_briefly(command: str) -> None:
    said = langdu(command, ARTICLE * 50, ok=(2,)).stderr
    assert said.startswith(
        "langdu: there is no file 江桥通车  江上的桥(qiǎo)昨天通车…, and this command reads files; save the text"
    )
    assert len(said.splitlines()) == 1


def test_a_text_too_long_for_a_name_is_not_a_file() -> None:
    assert not exists("长城很长。3.5亿元。" * 50)


def test_an_empty_list_of_own_readings_says_where_they_would_be(folder: Path) -> None:
    environment = {"XDG_CONFIG_HOME": str(folder), "HOME": str(folder), "APPDATA": str(folder)}
    said = langdu("lexicon", "list", environment=environment)
    assert said.stdout == ""
    assert said.stderr.startswith("langdu: you keep no readings yet: langdu lexicon add writes them into ")


def test_a_narration_with_findings_says_how_to_see_them(folder: Path) -> None:
    said = langdu("read", "bridge.txt", "--voice", "silence", cwd=folder).stderr
    assert "check   1 error, 0 warnings, 0 info" in said
    assert said.endswith("langdu: see where with: langdu check bridge.txt\n")


def test_a_file_of_settings_that_is_missing_needs_no_mending(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^there is no file .*house\.toml; check its name$"):
        TomlFile(tmp_path / "house.toml")


@pytest.mark.parametrize(
    "arguments",
    [
        ("read", "{a}", "-o", "{x}"),
        ("read", "{a}", "--profile", "{x}"),
        ("read", "{a}", "--voice", "piper:{x}"),
        ("read", "{a}", "--voice", "sherpa:{x}"),
        ("check", "{a}", "--fix", "-o", "{x}"),
        ("ssml", "{a}", "--for", "azure", "-o", "{x}"),
        ("verify", "{x}"),
        ("words", "{a}", "--known", "{x}"),
        ("words", "{a}", "--audio", "{x}"),
        ("words", "{a}", "--anki", "{x}"),
        ("lexicon", "list", "--lexicon", "{x}"),
    ],
)
def test_a_home_that_is_nobody_s(folder: Path, arguments: tuple[str, ...]) -> None:
    given = [part.format(a="bridge.txt", x="~no-such-user-at-all/x") for part in arguments]
    said = langdu(*given, cwd=folder, ok=(2,)).stderr
    assert "'~no-such-user-at-all/x' cannot be the name of a file" in said
    assert len(said.splitlines()) == 1
