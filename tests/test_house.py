"""The house stays one that a newcomer finds his way in: rooms are small, and a word means one thing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import langdu

PACKAGE = Path(langdu.__file__).parent
MOST = 15


def test_no_folder_holds_more_files_than_one_can_look_over() -> None:
    folders = [PACKAGE, *(path for path in PACKAGE.rglob("*") if path.is_dir() and path.name != "__pycache__")]
    # py.typed is empty: it only marks the package as typed. Hidden files are an operating system's own.
    sizes = {
        folder: sum(path.is_file() and path.name != "py.typed" and path.name[0] != "." for path in folder.iterdir())
        for folder in folders
    }
    assert len(sizes) > 20
    assert {str(folder.relative_to(PACKAGE)): size for folder, size in sizes.items() if size > MOST} == {}


def test_no_group_is_repeated_possessively() -> None:
    """Python before 3.11.5, such as that of Debian 12, repeats some of them wrongly: (?>(?:…)*) is right everywhere.

    Source: github.com/python/cpython/issues/106052.
    """
    possessive = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+(?!,)")  # "()*+," lists the marks of an address
    assert possessive.search("(?:ab?c)*+")
    files = {path.relative_to(PACKAGE): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    assert {str(name): found[0] for name, text in files.items() if (found := possessive.search(text))} == {}


def test_public_classes_have_names_of_their_own() -> None:
    places = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(PACKAGE)))
    assert "Article" in places
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
