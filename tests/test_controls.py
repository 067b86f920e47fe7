"""Control characters never reach a terminal or a file, wherever they come from."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import mutagen
import pytest

import langdu as library
from archives import docx, epub
from langdu.controls import as_line, hide_controls, show_controls
from langdu.export import FORMATS
from langdu.model import Source
from langdu.parse.parser import parse_article, parse_everything, parse_line
from langdu.parse.sources.source import read_source
from langdu.settings import Settings
from programs import LANGDU, langdu

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Everything that a terminal takes for a command, or that turns text round.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
TITLE, CLEAR, COLOUR = "\x1b]0;gotcha\x07", "\x1b[2J\x1b[H", "\x1b[31m"
ALL = "".join(
    map(chr, [*range(1, 9), *range(11, 32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
)
ATTACK = f"{TITLE}{CLEAR}{COLOUR}{ALL}"
BODY = f"长{COLOUR}春(chángchūn)的春{ATTACK}天。{ATTACK}孩子们\x07在\x9b2J看书{TITLE}！"
HEAD = f"山村{ATTACK}图书馆"


def entities(text: str) -> str:
    """The text as HTML writes it: browsers take &#x80; to &#x9f; for Windows-1252."""
    return "".join(f"&#x{ord(c):x};" if CONTROL.match(c) else c for c in text)


def in_xml(text: str) -> str:
    """The text without C0, which XML 1.0 cannot hold."""
    return re.sub("[\x00-\x1f]", "", text)


HOSTILE: dict[str, bytes] = {
    "a.txt": f"{HEAD}\n\n{BODY}\n".encode(),
    "a.md": f"---\ntitle: {HEAD}\nauthor: 王{ATTACK}小明\n---\n\n{BODY}\n".encode(),
    "gb.txt": f"山村{TITLE}图书馆\n\n长{COLOUR}春的春天。{CLEAR}孩子们\x07在看书！{TITLE}".encode("gb18030"),
    "a.html": (
        f"<html><head><title>{entities(HEAD)}</title><meta name=author content='王{entities(ATTACK)}'></head>"
        f"<body><h1>{entities(HEAD)}</h1><p>{entities(BODY)}</p><p>{BODY}</p></body></html>"
    ).encode(),
    "a.json": json.dumps({"title": HEAD, "author": f"王{ATTACK}\ud800", "content": f"{BODY}\ud800"}).encode(),
    "a.jsonl": "\n".join(json.dumps({"text": text}) for text in (HEAD, BODY)).encode(),
    "a.srt": f"1\n00:00:01,000 --> 00:00:02,000\n{BODY}\n".encode(),
    "a.docx": docx(f"<w:p><w:r><w:t>长\x9b春{in_xml(BODY)}</w:t></w:r></w:p>"),
    "a.epub": epub({"c1.xhtml": f"<h1>{in_xml(HEAD)}</h1><p>长\x9b春{in_xml(BODY)}</p>"}),
}


def texts(value: object) -> Iterator[str]:
    """Every string in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for child in pair for text in texts(child))
    elif isinstance(value, list):
        yield from (text for child in value for text in texts(child))


@pytest.fixture(params=HOSTILE)
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name: str = request.param
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    return path


def test_an_article_has_none(hostile: Path) -> None:
    source = read_source(str(hostile))
    for article in (parse_article(source), parse_everything(source)):
        shown = repr(replace(article, source=replace(article.source, name=""))).replace("\\n", "\n")
        assert not re.findall(r"\\x[0189]|\\u20[26]|\\r|\\ud8", shown.replace("\\u200b", ""))
        assert "长春" in "".join(p.text for p in article.spoken_order())
        assert "gotcha" not in "".join(p.text for p in article.spoken_order()) or hostile.suffix in (".docx", ".epub")


def test_the_library_too() -> None:
    article = parse_article(Source("-", f"{HEAD}\r\n\r\n{BODY}\r\n", title=HEAD, author=f"{ATTACK}王", date="\x9b1"))
    assert (article.source.title, article.author, article.date) == ("山村 图书馆", "王", "1")
    assert article.title is not None
    assert article.title.text.split() == ["山村", "图书馆"]
    assert not CONTROL.search(parse_line(BODY).text)


def test_words_stay_whole() -> None:
    assert parse_line(f"长{COLOUR}春").text == "长春"
    for end in "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029":  # where other programs see a line's end, and so a cue's
        assert parse_line(f"第一页{end}第二页").text == "第一页 第二页"


@pytest.mark.parametrize("command", [["parse"], ["parse", "--json"], ["pinyin", "--json"], ["normalize", "--json"]])
def test_json_has_clean_values(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "a.txt").write_bytes(HOSTILE["a.txt"])
    printed = langdu(command[0], str(tmp_path / "a.txt"), *command[1:]).stdout
    assert not CONTROL.search(printed)
    for line in printed.splitlines() if "--json" in command else ():
        assert not [text for text in texts(json.loads(line)) if CONTROL.search(text)]


@pytest.mark.parametrize("command", ["pinyin", "normalize"])
def test_lines_have_none(command: str) -> None:
    done = langdu(command, "--lines", "--json", stdin=BODY.replace("\r", "") + "\n")
    assert not [text for text in texts(json.loads(done.stdout)) if CONTROL.search(text)]


def test_no_format_gets_one(tmp_path: Path) -> None:
    """No control character of an article reaches subtitles, karaoke, pages, books or tags."""
    formats = tuple(name for name in FORMATS if name not in ("m4a", "practice"))
    source = tmp_path / f"{TITLE}{HEAD.replace(chr(0), '')}.json"
    source = source.with_name(source.name.replace("/", ""))
    source.write_bytes(json.dumps({"author": f"王{ATTACK}", "content": BODY}).encode())
    narration = library.narrate(
        library.parse(str(source)), tmp_path / "out", Settings(voice="silence", formats=formats)
    )
    assert not CONTROL.search(narration.title)
    for path in sorted((tmp_path / "out").iterdir()):
        if path.suffix in (".mp3", ".m4b", ".opus", ".flac"):
            tags = mutagen.File(path).tags
            assert not [str(value) for value in tags.values() if CONTROL.search(str(value).replace("\n", ""))]
        elif path.suffix == ".epub":
            with zipfile.ZipFile(path) as book:
                pages = [name for name in book.namelist() if name.endswith((".xhtml", ".opf", ".smil", ".xml", ".css"))]
                assert not [name for name in pages if CONTROL.search(book.read(name).decode())]
        elif path.is_file() and path.suffix != ".wav":
            text = path.read_text(encoding="utf-8")
            assert not CONTROL.search(text), path.name
            if path.suffix == ".json":
                assert not [field for field in texts(json.loads(text)) if CONTROL.search(field)]


# --- the terminal ---------------------------------------------------------------------------------------------------


def on_terminal(*arguments: str, cwd: Path) -> str:
    """What `langdu ARGUMENTS` writes to a terminal, without the colours and the cursor movements of rich's own."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "300"}
    with subprocess.Popen(
        [LANGDU, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, env=environment
    ) as run:
        os.close(theirs)
        seen = io.BytesIO()
        while True:
            try:
                seen.write(os.read(ours, 65536) or b"")
            except OSError:  # nobody writes any more
                break
        run.wait()
    os.close(ours)
    text = seen.getvalue().decode("utf-8", "replace").replace("\r\n", "\n")
    assert "Traceback" not in text
    return re.sub("\x1b\\[(?:[0-9;]*m|\\?25[lh]|1A|2K)|\r(?=\x1b|\n)", "", text)


@pytest.mark.parametrize(
    "command",
    [
        ["parse"], ["check"], ["words"], ["read", "--voice", "silence", "--format", "srt", "-o", "out"], ["parse", "x"],
        ["nothing"], ["words", "--known"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_terminal_obeys_langdu_alone(tmp_path: Path, command: list[str]) -> None:
    """Titles, sentences and file names are shown as they are, and none is executed."""
    name = f"[/b]{TITLE}{CLEAR}\u202e长[i].txt"
    (tmp_path / "[").mkdir()
    (tmp_path / name).write_text(f"山村[/b]{ATTACK}图书馆\n\n[/]{BODY}:smile:春(chūm)天\n", encoding="utf-8")
    seen = on_terminal(*command, name, cwd=tmp_path)
    assert not CONTROL.search(seen)
    assert "gotcha" not in seen or re.search(r"(?:␛|\\x1b)\]0;gotcha", seen)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize(
    "command",
    [
        ["check"], ["check", "--format", "sarif"], ["read", "--voice", "silence", "--format", "srt,html"], ["gone/"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_name_that_is_no_utf_8(tmp_path: Path, command: list[str]) -> None:
    """Bytes that are C1 to terminals without UTF-8, and halves of characters to Python."""
    name = os.fsdecode(b"caf\xe9\x9b2J.txt")
    (tmp_path / name).write_text("长春(chángchūm)在春天来了。\n", encoding="utf-8")
    arguments = [*command, name] if command != ["gone/"] else ["parse", f"gone/{name}"]
    run = [str(LANGDU), *arguments]
    done = subprocess.run(run, capture_output=True, cwd=tmp_path, env={**os.environ, "TERM": "dumb"}, check=False)
    assert b"Traceback" not in done.stderr
    assert b"\xe9\x9b2J" not in done.stdout + done.stderr
    assert not CONTROL.search((done.stdout + done.stderr).decode("utf-8", "replace"))


def test_a_server_does_not_speak_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "langdu.toml").write_text('voice = "\\u001b]0;gotcha\\u0007"\n')
    assert "\x1b" not in on_terminal("say", "长", cwd=tmp_path)


# --- the three ways -------------------------------------------------------------------------------------------------


def test_each_way() -> None:
    assert len(hide_controls(ATTACK)) == len(ATTACK)
    assert not CONTROL.search(hide_controls(ATTACK) + as_line(ATTACK) + show_controls(ATTACK).replace("\r", ""))
    assert as_line(f"长{ATTACK}春") == "长 春"
    assert show_controls("长\x1b\x7f\x9b\u202e\udc9b\n\t\udce9") == "长␛␡\ufffd\ufffd\ufffd\n\t\udce9"
    assert hide_controls("\x1b]0;长春是一座城市\n") == "\u200b]0;长春是一座城市\n", (
        "an unfinished command swallows no text"
    )


def test_text_without_them_stays_as_it_is() -> None:
    text = "שלום\u200f عليكم\u200e 长\u200d春\u00ad\ufeff\t🙂\n"
    assert hide_controls(text) == text == show_controls(text)
