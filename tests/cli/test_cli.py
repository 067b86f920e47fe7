"""The commands, as their users and other programs meet them; some as they are installed, in a process of their own."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import typer

from langdu.cli import app
from programs import LANGDU, installed, langdu

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = sorted(typer.main.get_group(app).commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command: str) -> None:
    assert "Example: " in langdu(command, "--help").stdout


def test_every_command_is_in_the_readme(project: Path) -> None:
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert [c for c in COMMANDS if f"`langdu {c}" not in readme] == []


def test_version() -> None:
    assert installed("--version").stdout.startswith("langdu 0.")


def test_it_runs_as_a_module() -> None:
    run = subprocess.run([sys.executable, "-m", "langdu", "--version"], capture_output=True, text=True, check=True)
    assert run.stdout == installed("--version").stdout


@pytest.mark.parametrize(
    ("command", "choices"),
    [("read", ("sentence", "phrase", "word", "character")), ("parse", ("brackets", "numbers", "zhuyin", "toneless"))],
)
def test_help_names_every_choice_whole_in_a_narrow_terminal(command: str, choices: tuple[str, ...]) -> None:
    shown = langdu(command, "--help", environment={"COLUMNS": "80"}).stdout
    assert [choice for choice in choices if choice not in shown] == []


def test_the_installed_program_ends_as_the_commands_do(tmp_path: Path) -> None:
    done = installed("parse", "no-such-file.txt", ok=(2,), cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("", langdu("parse", "no-such-file.txt", ok=(2,), cwd=tmp_path).stderr)
    assert installed("read", ok=(2,)).stderr.startswith("langdu: SOURCE is missing; see: langdu read --help")


def test_parse_json(sample: Path) -> None:
    article = json.loads(langdu("parse", str(sample), "--json").stdout)
    assert article["title"] == "流动图书馆开进大山 “最后一公里”有了读书声"
    assert [p["index"] for p in article["paragraphs"]] == [0, 1, 2, 3, 4]
    texts = "".join(p["text"] for p in article["paragraphs"])
    assert "(" not in texts
    assert texts.count("初冬的早晨") == 1
    assert {"duplicate-title", "duplicate", "furniture"} == {d["reason"] for d in article["dropped"]}
    for paragraph in article["paragraphs"]:
        for note in paragraph["annotations"]:
            assert paragraph["text"][note["start"] : note["end"]] == note["text"]
    kinds = [a["kind"] for p in article["paragraphs"] for a in p["annotations"]]
    assert (len(kinds), kinds.count("homophone")) == (16, 1)


@pytest.mark.parametrize("style", ["brackets", "numbers", "ruby", "zhuyin", "plain"])
def test_every_style_is_offered_and_comes_back(tmp_path: Path, sample: Path, style: str) -> None:
    written = langdu("parse", str(sample), "--annotate", style).stdout
    (tmp_path / "a.html" if style == "ruby" else tmp_path / "a.txt").write_text(written, encoding="utf-8")
    (copy,) = tmp_path.iterdir()
    texts, syllables = [], []
    for source in (sample, copy):
        article = json.loads(langdu("parse", str(source), "--json").stdout)
        texts.append([article["title"], *(p["text"] for p in article["paragraphs"])])
        syllables.append([a["syllables"] for p in article["paragraphs"] for a in p["annotations"]])
    assert texts[0] == texts[1]
    assert syllables[1] == ([] if style == "plain" else syllables[0])


def test_two_ways_to_print_are_one_too_many(sample: Path) -> None:
    assert "choose one" in langdu("parse", str(sample), "--json", "--ruby", ok=(2,)).stderr


def test_keep_all(sample: Path) -> None:
    article = json.loads(langdu("parse", str(sample), "--json", "--keep-all").stdout)
    assert article["dropped"] == []
    texts = "".join(p["text"] for p in article["paragraphs"])
    assert texts.count("山路弯弯") == 2
    assert "评论列表" in texts


def test_standard_input() -> None:
    out = langdu("parse", "-", stdin="春天\n\n春天来(lái)了。\n").stdout
    assert out == "春天\n\n春天来了。\n"


def test_pinyin_of_lines() -> None:
    rows = langdu("pinyin", "--lines", "--json", stdin="长春。\n长(zhǎng)大 A\n\n").stdout.splitlines()
    read = [json.loads(r) for r in rows]
    assert [(r["text"], r["readings"]) for r in read] == [
        ("长春。", ["chang2", "chun1", None]),
        ("长(zhǎng)大 A", ["zhang3", *[None] * 7, "da4", None, None]),
        ("", []),
    ]
    assert read[1]["sources"] == ["annotation", *[None] * 7, "lexicon", None, None]
    assert read[1]["confidence"][0] == 1


def test_pinyin_of_another_language_is_left_alone_and_told() -> None:
    done = langdu("pinyin", "--lines", stdin="Hello\n长春\n\nこれ\n")
    assert done.stdout == "\ncháng chūn\n\n\n"
    assert done.stderr == "langdu: 2 of 4 lines have no Chinese characters (the first is line 1)\n"


def test_pinyin_surface() -> None:
    assert langdu("pinyin", "--lines", "--surface", stdin="你好\n").stdout == "ní hǎo\n"
    assert langdu("pinyin", "--lines", stdin="你好\n").stdout == "nǐ hǎo\n"


def test_normalize_lines() -> None:
    assert langdu("normalize", "--lines", stdin="120个\n没有数\n").stdout == "一百二十个\n没有数\n"
    (row,) = langdu("normalize", "--lines", "--json", stdin="120个\n").stdout.splitlines()
    assert json.loads(row) == {
        "written": "120个",
        "spoken": "一百二十个",
        "edits": [{"rule": "cardinal", "written": [0, 3], "spoken": [0, 4]}],
    }


def test_normalize_explains_itself() -> None:
    out = langdu("normalize", "--lines", "--explain", stdin="2024年达 98% 以上[1]。\n").stdout
    assert out.splitlines() == [
        "二零二四年达百分之九十八以上。",
        "    year: 2024 → 二零二四",
        "    percent: 98% → 百分之九十八",
        "    footnote: [1] → nothing",
    ]


def test_check_json_and_exit_status(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("标题\n\n在长春(chángchùn)的项目(xiàngmù)里。\n", encoding="utf-8")
    done = langdu("check", str(article), "--format", "json", ok=(1,))
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {
            "rule": "wrong-tone",
            "severity": "error",
            "message": "春 is not read chùn but chūn",
            "file": str(article),
            "line": 3,
            "column": 2,
            "paragraph": 0,
            "start": 1,
            "end": 3,
            "text": "长春",
            "written": "chángchùn",
            "suggestion": "chángchūn",
            "accept": None,
        }
    ]
    assert langdu("check", str(article), "--fail-on", "never").returncode == 0


def test_check_finds_the_sample_sound(sample: Path) -> None:
    done = langdu("check", str(sample), "--format", "json", "--fail-on", "warning")
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert {f["severity"] for f in findings} == {"info"}
    assert {f["rule"] for f in findings} == {"written-twice", "homophone", "written-sandhi"}


PLANTED = [
    ("行程(xíngchéng)", "行程(xíngchèng)", "xíngchéng"),
    ("留言簿(liúyánbù)", "留言簿(niúyánbù)", "liúyánbù"),
    ("长大(zhǎngdà)", "长大(zhǎndà)", "zhǎngdà"),
    ("长大(zhǎngdà)", "长大(chángdà)", "zhǎngdà"),
    ("留言簿(liúyánbù)", "留言簿(liúbù)", "liúyánbù"),
    ("行程(xíngchéng)", "行程(chéng)", "xíngchéng"),
    ("全县(quánxiàn)", "全县(quán)", "quánxiàn"),
    ("开行(kāixíng)", "开行(kāixüng)", "kāixíng"),
]


@pytest.mark.parametrize(("right", "wrong", "suggestion"), PLANTED)
def test_a_planted_error_is_found_and_nothing_else(
    tmp_path: Path, sample: Path, right: str, wrong: str, suggestion: str
) -> None:
    text = sample.read_text(encoding="utf-8")
    (tmp_path / "a.txt").write_text(text.replace(right, wrong), encoding="utf-8")
    out = langdu("check", str(tmp_path / "a.txt"), "--format", "json", "--fail-on", "never").stdout
    (finding,) = [f for f in map(json.loads, out.splitlines()) if f["severity"] != "info"]
    line = text.splitlines()[finding["line"] - 1]
    assert line[finding["column"] - 1 :].startswith(finding["text"])
    assert finding["text"] in right
    assert finding["suggestion"] == suggestion


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"only English here\n", "no Chinese characters"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
        (bytes(range(256)), "not text"),
    ],
)
def test_bad_input(tmp_path: Path, content: bytes, says: str) -> None:
    article = tmp_path / "a.txt"
    article.write_bytes(content)
    done = langdu("check", str(article), ok=(2,))
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_other_encodings(tmp_path: Path, sample: Path, encoding: str) -> None:
    article = tmp_path / "a.txt"
    article.write_text(sample.read_text(encoding="utf-8"), encoding=encoding)
    assert langdu("parse", str(article)).stdout == langdu("parse", str(sample)).stdout


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("parse", "no-such-file.txt"), 2, "no file"),
        (("parse", "."), 2, "is a folder"),
        (("parse", "http://localhost:1/a.html"), 2, ""),
        (("read", "SAMPLE", "--voice", "nobody"), 2, "no voice 'nobody'"),
        (("read", "SAMPLE", "--rate", "0"), 2, "rate"),
        (("read", "SAMPLE", "--format", "mp3,xyz"), 2, "xyz"),
        (("say",), 2, "TEXT"),
        (("say", "……", "--voice", "silence"), 2, "nothing to say"),
        (("voices", "info", "nobody"), 2, "no voice"),
    ],
)
def test_bad_usage(tmp_path: Path, sample: Path, arguments: tuple[str, ...], status: int, says: str) -> None:
    named = [str(sample) if a == "SAMPLE" else a for a in arguments]
    done = langdu(*named, ok=(status,), cwd=tmp_path)
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away(sample: Path) -> None:
    pipe = f"{LANGDU} pinyin --json {sample} | head -c 1"
    done = subprocess.run(pipe, shell=True, capture_output=True, text=True, check=False)  # noqa: S602 (a pipe is tested)
    assert done.stderr == ""
    assert done.stdout == "{"


def test_settings_file(tmp_path: Path, sample: Path) -> None:
    (tmp_path / "langdu.toml").write_text('voice = "silence"\nrat = 1\n', encoding="utf-8")
    said = langdu("read", str(sample), ok=(2,), cwd=tmp_path).stderr
    assert "langdu.toml, line 2: rat is unknown; did you mean rate? There are audio_dir" in said
    (tmp_path / "langdu.toml").write_text('voice = "silence"\nruby = "some"\n', encoding="utf-8")
    assert "ruby = 'some': choose annotated, all, none" in langdu("read", str(sample), ok=(2,), cwd=tmp_path).stderr


@pytest.mark.skipif(os.name == "nt", reason="a shell closes standard input")
@pytest.mark.parametrize("command", ["parse -", "pinyin --lines"])
def test_standard_input_is_closed(command: str) -> None:
    program = f'{shlex.quote(sys.executable)} -c "from langdu.cli import main; main()" {command} <&-'
    done = subprocess.run(["/bin/sh", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "langdu: no standard input was given; name a file instead of -\n")
