"""The documentation: links lead somewhere, the index reaches every page, and examples print what they show."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from langdu.export import FORMATS
from langdu.voices import catalogue
from programs import langdu

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[tuple[Path, str]]:
    """The files and headings that a page links to."""
    text = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", page.read_text(encoding="utf-8")))
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    parted = [target.partition("#") for target in targets]
    return [((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in parted]


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    lost = [
        f"{path}#{anchor}"
        for path, anchor in links(page)
        if not path.exists() or (anchor and anchor not in anchors(path))
    ]
    assert lost == []


def test_the_index_reaches_every_page() -> None:
    index = DOCS / "README.md"
    assert {*DOCS.rglob("*.md")} - {path for path, _ in links(index)} == {index}


def transcripts() -> list[Path]:
    return [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", transcripts(), ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    # `$ cat FILE` makes the file. Times differ between voices, so they are compared as 0:00.
    (tmp_path / "langdu.toml").write_text('voice = "silence"\n', encoding="utf-8")
    for command, shown in _steps(page):
        program, *arguments = shlex.split(command)
        if program == "cat":
            (tmp_path / arguments[0]).write_text("\n".join(shown) + "\n", encoding="utf-8")
            continue
        assert program == "langdu", command
        done = langdu(*arguments, ok=(0, 1), cwd=tmp_path)
        printed = [_timeless(line) for line in (done.stdout + done.stderr).splitlines()]
        assert [line for line in map(_timeless, shown) if line not in printed] == [], command


def _steps(page: Path) -> list[tuple[str, list[str]]]:
    """Each command of a page with the lines that the page shows below it."""
    blocks = _FENCE.findall(page.read_text(encoding="utf-8"))
    consoles = [(indent, body) for indent, language, body in blocks if language == "console"]
    text = "".join(re.sub(f"^{indent}", "", body, flags=re.MULTILINE) for indent, body in consoles)
    steps = [step.splitlines() for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]]
    return [(command, shown) for command, *shown in steps]


def _timeless(line: str) -> str:
    return re.sub(r"\d+:\d\d(?= )", "0:00", line.rstrip().replace("voice silence", "voice baker"))


def test_every_format_and_every_voice_has_a_place_in_the_docs(project: Path) -> None:
    formats = (project / "docs" / "formats.md").read_text(encoding="utf-8")
    assert [name for name in FORMATS if f"`{name}`" not in formats] == []
    voices = (project / "docs" / "voices" / "README.md").read_text(encoding="utf-8")
    assert [voice.id for voice in catalogue() if f"`{voice.id}" not in voices] == []
