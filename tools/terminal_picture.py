"""Draw docs/terminal.svg: what langdu check and langdu read print in a terminal.

Run: python tools/terminal_picture.py
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import tempfile
from itertools import groupby
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

PROJECT = Path(__file__).parent.parent
LANGDU = Path(sys.executable).with_name("langdu")
WIDTH = 104
# rich's template without its web font, which the reader's browser would download.
SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace;
font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{width}" height="{height}" />
</clipPath>{lines}</defs>
<rect fill="#292929" x="1" y="1" width="{width}" height="{height}" rx="8"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def output(*arguments: str) -> str:
    """What a command prints to stdout and stderr, in colour."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    done = subprocess.run(  # noqa: S603 (our own command)
        [LANGDU, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=environment,
        cwd=PROJECT,
        check=False,
    )
    return done.stdout


def main() -> None:
    """Run the commands on the sample with a planted mistake, and draw them."""
    console = Console(record=True, width=WIDTH, file=Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    with tempfile.TemporaryDirectory() as folder:
        article = Path(folder, "article.txt")
        text = (PROJECT / "audio" / "sample.txt").read_text(encoding="utf-8")
        article.write_text(text.replace("行程(xíngchéng)", "行程(xíngchèng)"), encoding="utf-8")
        for command in (["check", "article.txt"], ["read", "article.txt", "-o", "out"]):
            named = [folder + "/" + word if word in ("article.txt", "out") else word for word in command]
            console.print(Text(f"$ langdu {' '.join(command)}", style="bold"))
            console.print(Text.from_ansi(output(*named).replace(folder + "/", "")))
    picture = _TEXT.sub(_by_width, console.export_svg(title="", code_format=SVG))
    (PROJECT / "docs" / "pictures" / "terminal.svg").write_text(picture, encoding="utf-8")


# rich counts characters instead of cells, which would squeeze hanzi to half their width.
_TEXT = re.compile(r'<text ([^>]*) x="([^"]*)" ([^>]*)textLength="[^"]*"([^>]*)>([^<]*)</text>')
_CELL = 12.2


def _by_width(text: re.Match[str]) -> str:
    """The text in runs of equally wide characters, each with its position and width in cells."""
    before, x, between, after = text[1], float(text[2]), text[3], text[4]
    runs = []
    for _, run in groupby(html.unescape(text[5]), cell_len):
        written = "".join(run)
        length = cell_len(written) * _CELL
        content = html.escape(written).replace(" ", "&#160;")
        runs.append(f'<text {before} x="{x:g}" {between}textLength="{length:g}"{after}>{content}</text>')
        x += length
    return "".join(runs)


if __name__ == "__main__":
    main()
