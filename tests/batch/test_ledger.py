"""The books of a batch, whatever somebody else has written into them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import fsspec
import pytest

from langdu.batch.assignment import Outcome, Status
from langdu.batch.ledger import Ledger
from langdu.errors import ExportError
from langdu.files import OWN_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows makes links for administrators only")


def kept(out: str, *outcomes: Outcome) -> None:
    """Keep the books of a run in which this came of its articles."""
    folders = {str(outcome.folder).removeprefix(f"{out}/") for outcome in outcomes}
    with Ledger(out, folders, lambda _: None) as ledger:
        for outcome in outcomes:
            ledger.add(outcome)


def made(out: object, name: str, **more: Any) -> Outcome:  # noqa: ANN401 - fields of an outcome
    return Outcome(**{"source": f"{name}.txt", "folder": f"{out}/{name}", "status": Status.MADE, **more})


def lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.decode().split("\n") if line]


DAMAGE = {
    "bytes": b"\xff\xfe",
    "no number": b'{"folder": "x", "seconds": NaN}',
    "endless": b'{"folder": "x", "seconds": 1e400}',
    "before the beginning": b'{"folder": "x", "seconds": -1e308}',
    "digits": b'{"folder": "x", "seconds": 1%s, "findings": {"error": 1%s}}' % (b"0" * 400, b"0" * 400),
    "half a letter": rb'{"folder": "\ud800", "title": "\udfff"}',
    "other types": b'{"folder": "x", "findings": [[]], "notices": {}, "title": [], "status": {}}',
    # Some of these can just be read, but not be written again.
    "nested": b"\n".join(
        b'{"folder": "%d", "findings": {"error": %s}}' % (depth, b"[" * depth + b"]" * depth)
        for depth in range(800, 1010)
    ),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_ledger_ends_no_run(tmp_path: Path, damage: bytes) -> None:
    kept(str(tmp_path), made(tmp_path, "a", seconds=60.0))
    where = tmp_path / OWN_FOLDER / "batch.jsonl"
    where.write_bytes(where.read_bytes() + damage + b"\n")
    kept(str(tmp_path), made(tmp_path, "b"))
    known = {row["folder"]: row for row in lines(where.read_bytes())}
    assert (known["a"]["seconds"], known["b"]["status"]) == (60.0, "made")
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(f'href="./{name}/manifest.json"' in page for name in "ab")
    assert "1:00 of sound" in page


def test_a_damaged_ledger_at_an_address_ends_no_run() -> None:
    store, out = fsspec.filesystem("memory"), "memory://books/out"
    store.store.clear()
    kept(out, made(out, "a"))
    where = f"/books/out/{OWN_FOLDER}/batch.jsonl"
    store.pipe_file(where, store.cat_file(where) + b"\n".join(DAMAGE.values()) + b"\n")
    kept(out, made(out, "b"))
    assert {"a", "b"} <= {row["folder"] for row in lines(store.cat_file(where))}


def test_any_name_of_a_file_can_be_noted(tmp_path: Path) -> None:
    """Names of files may have bytes that are no text, signs that control a terminal, and line ends of other systems."""
    names = ("in/\udcff.txt", "in/\u202egpj.txt", "in/a\x85b\u2028c\x9b2J.txt")
    for _ in range(2):
        outcomes = [made(tmp_path, str(number), source=name) for number, name in enumerate(names)]
        kept(str(tmp_path), *outcomes)
        written = (tmp_path / OWN_FOLDER / "batch.jsonl").read_bytes()
        assert [row["folder"] for row in lines(written)] == ["0", "1", "2"]
        page = (tmp_path / "index.html").read_bytes()
        for data in (written, page):
            assert not set(data.decode()) & set("\u202e\x85\u2028\x9b")


def test_no_password_is_kept(tmp_path: Path) -> None:
    address, out = "https://ann:secret@a.example/", "s3://key:secret@bucket"
    told = {"error": f"KeyError('{address}')", "notices": (f"{address} is slow",)}
    outcomes = [made(tmp_path, "a", source=address, **told), made(tmp_path, "b", folder=f"{out}/b", **told)]
    kept(str(tmp_path), *outcomes)
    for path in (tmp_path / OWN_FOLDER / "batch.jsonl", tmp_path / "index.html"):
        assert "secret" not in path.read_text(encoding="utf-8")
    assert all("secret" not in json.dumps(outcome.row()) for outcome in outcomes)


@POSIX
@pytest.mark.parametrize("name", ["", "batch.jsonl", "record.jsonl", "set-aside"])
def test_no_link_leads_the_books_elsewhere(tmp_path: Path, name: str) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (out / OWN_FOLDER).mkdir(parents=True)
    elsewhere.mkdir()
    if not name:
        (out / OWN_FOLDER).rmdir()
    (out / OWN_FOLDER / name).symlink_to(elsewhere)
    with pytest.raises(ExportError, match="it is a symbolic link"):
        kept(str(out), made(out, "a"))
    assert not list(elsewhere.iterdir())
