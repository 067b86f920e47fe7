"""The output folder: what langdu made there is langdu's, and nothing else is ever deleted or written over."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from langdu.errors import ExportError
from langdu.output.folder import OutputFolder
from langdu.output.record import read_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

THESIS = b"three years of work"
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes with a name in a folder")


def make(out: Path, contents: Mapping[str, str], said: list[str] | None = None) -> None:
    """A run that makes some files, the last of them the manifest."""
    names = [*contents, "manifest.json"]
    with OutputFolder(out, names, (said if said is not None else []).append) as output:
        for name, content in contents.items():
            output.part(name).write_text(content, encoding="utf-8")
            output.publish(name)
        table = {"schema": "langdu-manifest/1", "files": {name: name for name in contents}, "paragraphs": []}
        output.part("manifest.json").write_text(json.dumps(table), encoding="utf-8")
        output.publish("manifest.json")
        output.complete({"stamp": "1"})


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, deep down too, but the record and the lock."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if Path(name).name not in {"record.jsonl", "lock"}}


def line(name: str, content: bytes, **more: object) -> str:
    return json.dumps({"file": name, "sha256": hashlib.sha256(content).hexdigest(), **more}) + "\n"


def manifest(*names: str) -> str:
    paragraphs = [{"file": name} for name in names]
    return json.dumps({"schema": "langdu-manifest/1", "files": {}, "paragraphs": paragraphs})


def theirs(out: Path, record: str = "", described: str = "") -> None:
    """A folder that came from somewhere, with a file of the user's in it."""
    (out / ".langdu").mkdir(parents=True)
    if record:
        (out / ".langdu" / "record.jsonl").write_text(record, encoding="utf-8")
    if described:
        (out / "manifest.json").write_text(described, encoding="utf-8")
    (out / "thesis.docx").write_bytes(THESIS)


# --- a run after a run ----------------------------------------------------------------------------------------------


def test_what_langdu_made_is_replaced_and_removed(tmp_path: Path) -> None:
    said: list[str] = []
    make(tmp_path, {"a.srt": "1", "001.mp3": "x", "002.mp3": "y"}, said)
    make(tmp_path, {"a.srt": "2", "001.mp3": "x"}, said)
    assert set(contents(tmp_path)) == {"a.srt", "001.mp3", "manifest.json"}
    assert (tmp_path / "a.srt").read_text(encoding="utf-8") == "2"
    assert said == []


def test_what_a_killed_run_made_is_known_before_and_after_it_appears(tmp_path: Path) -> None:
    make(tmp_path, {"a.srt": "1", "002.mp3": "y"})
    said: list[str] = []
    with OutputFolder(tmp_path, ["a.srt", "manifest.json"], said.append) as output:
        output.part("a.srt").write_text("2", encoding="utf-8")
        output.publish("a.srt")
    with OutputFolder(tmp_path, ["a.srt", "manifest.json"], said.append) as output:
        output.part("a.srt").write_text("3", encoding="utf-8")
        (tmp_path / "a.srt").rename(tmp_path / "moved")
        output.publish("a.srt")
        (tmp_path / "moved").replace(tmp_path / "a.srt")  # as if it had been killed just before that
    make(tmp_path, {"a.srt": "4"}, said)
    assert set(contents(tmp_path)) == {"a.srt", "manifest.json"}
    assert said == []


def test_what_a_killed_run_left_half_written_goes_away(tmp_path: Path) -> None:
    make(tmp_path, {"a.srt": "1"})
    (tmp_path / ".langdu" / ".langdu-0123456789ab.part").touch()
    (tmp_path / ".langdu" / "work").mkdir()
    (tmp_path / ".langdu" / "work" / "a.srt").touch()
    make(tmp_path, {"a.srt": "1"})
    assert set(contents(tmp_path)) == {"a.srt", "manifest.json"}


def test_what_the_user_changed_is_set_aside(tmp_path: Path) -> None:
    said: list[str] = []
    for number in (1, 2):
        make(tmp_path, {"a.srt": "1"}, said)
        (tmp_path / "a.srt").write_text(f"mine {number}", encoding="utf-8")
        make(tmp_path, {"a.srt": "1"}, said)
        aside = tmp_path / ".langdu" / "set-aside" / str(number) / "a.srt"
        assert aside.read_text(encoding="utf-8") == f"mine {number}"
    assert len(said) == 2
    assert said[-1].endswith(f"langdu writes it anew and has moved the changed file to {aside}")


def test_a_copy_of_a_folder_is_no_folder_in_which_langdu_was(tmp_path: Path) -> None:
    make(tmp_path / "out", {"a.srt": "1", "b.srt": "1"})
    shutil.copytree(tmp_path / "out", tmp_path / "copy")
    said: list[str] = []
    make(tmp_path / "copy", {"a.srt": "2"}, said)
    assert contents(tmp_path / "copy")[str(Path(".langdu", "set-aside", "2", "a.srt"))] == b"1"
    assert (tmp_path / "copy" / "b.srt").exists()
    assert (
        f"{tmp_path / 'copy' / 'b.srt'} is from an earlier run, but was not made by langdu in this folder: it stays"
        in said
    )
    make(tmp_path / "copy", {"a.srt": "3"}, said := [])
    assert said == []


# --- a record or a manifest that somebody wrote ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "described"),
    [
        (line("thesis.docx", THESIS), ""),
        (line("thesis.docx", THESIS, sound="x", inode=1, time=2, size=len(THESIS)), ""),
        (line("thesis.docx", THESIS, inode=1, time=2, size=-1) * 3, ""),
        ("", manifest("thesis.docx")),
        (line("a.srt", b"1"), manifest("thesis.docx")),
        (line("../thesis.docx", THESIS) + line("manifest.json", b""), manifest("thesis.docx", "../thesis.docx")),
    ],
)
def test_a_file_of_the_users_stays(tmp_path: Path, record: str, described: str) -> None:
    out = tmp_path / "out"
    theirs(out, record, described)
    (tmp_path / "thesis.docx").write_bytes(THESIS)
    make(out, {"a.srt": "1"})
    make(out, {"a.srt": "2"})
    assert (out / "thesis.docx").read_bytes() == THESIS
    assert (tmp_path / "thesis.docx").read_bytes() == THESIS


@pytest.mark.parametrize(
    "claims", [line("thesis.docx", THESIS), line("thesis.docx", b"other"), manifest("thesis.docx")]
)
def test_a_file_of_the_users_in_the_place_of_one_of_ours_is_not_lost(tmp_path: Path, claims: str) -> None:
    is_manifest = claims.startswith('{"schema"')
    theirs(tmp_path, "" if is_manifest else claims, claims if is_manifest else "")
    said: list[str] = []
    make(tmp_path, {"thesis.docx": "of langdu"}, said)
    assert (tmp_path / "thesis.docx").read_bytes() == b"of langdu"
    assert THESIS in contents(tmp_path).values()
    assert any("set-aside" in each for each in said)


def test_sound_that_somebody_recorded_is_not_used(tmp_path: Path) -> None:
    theirs(tmp_path, line("thesis.docx", THESIS, sound="x"))
    with OutputFolder(tmp_path, ["a.srt", "manifest.json"]) as output:
        assert output.sounding("x") is None


@pytest.mark.parametrize(
    "damage",
    [
        "[" * 200_000,
        '{"file": "a\\u0000b", "sha256": ""}',
        '{"file": "\\ud800", "sha256": ""}',
        '{"file": "a.srt", "sha256": "", "sound": []}',
        '{"file": "a.srt", "sha256": "", "size": true}',
        '{"file": "a.srt", "sha256": "", "other": 1}',
        '{"file": "..", "sha256": ""}',
        '{"about": {"gains": {"silence": 1e999}}}',
        "\ud800",
        "\0",
    ],
)
def test_a_damaged_record_or_manifest_says_nothing(tmp_path: Path, damage: str) -> None:
    for record, described in ((damage, ""), ("", damage)):
        out = tmp_path / ("a" if record else "b")
        (out / ".langdu").mkdir(parents=True)
        path = out / ".langdu" / "record.jsonl" if record else out / "manifest.json"
        path.write_bytes(damage.encode("utf-8", "surrogatepass"))
        assert read_record(out).made == {}
        if described:
            with pytest.raises(ExportError, match=r"manifest\.json is there already and langdu did not make it"):
                make(out, {"a.srt": "1"})
        else:
            make(out, {"a.srt": "1"})


@pytest.mark.parametrize(
    "names", [["a\0b"], ["\ud800"], ["x" * 5_000], [["list"]], [{"a": 1}], [".."], ["."], ["/etc/passwd"], ["a/b"]]
)
def test_a_manifest_with_names_that_are_none(tmp_path: Path, names: list[str]) -> None:
    (tmp_path / "manifest.json").write_text(manifest(*names), encoding="utf-8")
    make(tmp_path, {"a.srt": "1"})


# --- links and pipes ------------------------------------------------------------------------------------------------


def link_hidden(out: Path, to: Path) -> None:
    (out / ".langdu").symlink_to(to)


def link_in(name: str) -> Callable[[Path, Path], None]:
    def linked(out: Path, to: Path) -> None:
        (out / ".langdu").mkdir()
        (out / ".langdu" / name).symlink_to(to / "precious" if name in {"lock", "record.jsonl"} else to)

    return linked


@pytest.mark.parametrize(
    "linked", [link_hidden, *(link_in(name) for name in ("work", "lock", "record.jsonl", "set-aside"))]
)
def test_no_link_leads_out_of_the_folder(tmp_path: Path, linked: Callable[[Path, Path], None]) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    (elsewhere / "work").mkdir(parents=True)
    for name in ("precious", "work/precious", "lock", "record.jsonl"):
        (elsewhere / name).write_bytes(THESIS)
    out.mkdir()
    linked(out, elsewhere)
    before = {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()}
    with pytest.raises(ExportError, match="it is a symbolic link, which may lead elsewhere; remove it"):
        make(out, {"a.srt": "1"})
    assert {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()} == before


def test_a_link_in_the_place_of_a_file_is_set_aside(tmp_path: Path) -> None:
    out, precious = tmp_path / "out", tmp_path / "precious"
    precious.write_bytes(b"1")
    make(out, {"a.srt": "1", "b.srt": "1"})
    for name in ("a.srt", "b.srt"):
        (out / name).unlink()
        (out / name).symlink_to(precious)
    said: list[str] = []
    make(out, {"a.srt": "2"}, said)
    assert precious.read_bytes() == b"1"
    assert (out / "b.srt").is_symlink()
    assert not (out / "a.srt").is_symlink()
    assert len(said) == 2


@POSIX
@pytest.mark.parametrize("name", ["001.mp3", ".langdu/record.jsonl", "manifest.json"])
def test_nobody_waits_for_a_pipe(tmp_path: Path, name: str) -> None:
    make(tmp_path, {"a.srt": "1", "001.mp3": "x"})
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    make(tmp_path, {"a.srt": "2", "001.mp3": "x"})
    assert (tmp_path / "a.srt").read_text(encoding="utf-8") == "2"
    assert (tmp_path / name).is_file()


@POSIX
def test_where_there_is_nothing_but_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(ExportError, match=r"manifest\.json is there already and langdu did not make it"):
        make(tmp_path, {"a.srt": "3"})
