"""What the commands that narrate share: a progress bar, and a report on what was made."""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack, contextmanager
from itertools import zip_longest
from shlex import quote
from typing import TYPE_CHECKING, Any

from langdu.cli.shared.common import notice, print_json
from langdu.controls import mask_passwords
from langdu.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from langdu.model import Rundown, Track
    from langdu.output.narration import Narration


@contextmanager
def watched(rundown: Rundown, *, play: bool) -> Iterator[tuple[Callable[[str], None], Callable[[Track, bytes], None]]]:
    """What takes notices, and each paragraph with its sound as it is made.

    On a terminal a bar on standard error advances paragraph by paragraph. With `play` leaving the block waits until all
    was heard.
    """
    with ExitStack() as stack:
        hear = stack.enter_context(_player()) if play else lambda _, __: None
        if not sys.stderr.isatty():
            yield notice, hear
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from langdu.cli.shared.terminal import terminal

        console = terminal(stderr=True)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        bar = stack.enter_context(Progress(*columns, console=console, transient=True))
        paragraphs = list(rundown.paragraphs())
        task, first = bar.add_task("narrating", total=len(paragraphs)), paragraphs[0] if paragraphs else None

        def advance(track: Track, pcm: bytes) -> None:
            if track.paragraph is first:  # for the second time where a fallback narrates
                bar.reset(task)
            bar.update(task, advance=1, description=track.paragraph.text[:16])
            hear(track, pcm)

        yield lambda message: console.print(f"langdu: {mask_passwords(message)}"), advance


@contextmanager
def _player() -> Iterator[Callable[[Track, bytes], None]]:
    from langdu.audio.play import Player

    with Player() as player:
        yield lambda track, pcm: player.play(pcm, track.sample_rate)


def report(
    made: Narration,
    sources: Sequence[str],
    *,
    kept: bool,
    explain: bool,
    json: bool,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Say what was made of the sources, or `kept` from an earlier run: for people, or with `more` as JSON."""
    if kept:
        notice(f"nothing has changed since {made.folder} was made; every file is there, undamaged")
    if json:
        print_json({**_as_json(made), **(more or {})})
        return
    if kept:
        _print_doubts(made)
    else:
        _print_table(made, sources)
    if explain:
        _print_substitutions(made)


def _seconds(made: Narration) -> float:
    return made.samples / made.sample_rate


def _as_json(made: Narration) -> dict[str, Any]:
    from langdu.output.rows import narration_row

    row = narration_row(made)
    return {
        "folder": str(made.folder),
        "title": made.title,
        "voice": made.voice,
        "seconds": round(_seconds(made), 3),
        "files": list(made.files),
        **({"chapters": row["chapters"]} if made.chapters else {}),
        "findings": row["findings"],
        "substitutions": row["substitutions"],
        **({} if made.doubts is None else {"doubts": row["doubts"]}),
    }


def _print_table(made: Narration, sources: Sequence[str]) -> None:
    """What was made, how long it is and what the check found; on standard error, which is for people."""
    from rich.table import Table

    from langdu.cli.shared.findings import counted
    from langdu.cli.shared.terminal import terminal
    from langdu.sound.clock import minutes, seconds

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("title", made.title)
    table.add_row("folder", str(made.folder))
    single = [name for name in made.files if re.fullmatch(r"\d{3,}\.mp3", name)]
    shown = [name for name in made.files if name not in single]
    if single:
        shown.append(" … ".join(dict.fromkeys((single[0], single[-1]))) + ", one a paragraph")
    for label, name in zip_longest(["files"], shown, fillvalue=""):
        table.add_row(label, name)
    for i, chapter in enumerate(made.chapters):
        table.add_row("" if i else "chapters", f"{minutes(seconds(chapter.start, made.sample_rate))} {chapter.title}")
    table.add_row("length", f"{minutes(round(_seconds(made)))} in the voice {made.voice}")
    table.add_row("check", counted(made.findings))
    if made.doubts is not None:
        table.add_row("heard", f"{made.syllables} syllables, {len(made.doubts)} doubtful")
    terminal(stderr=True).print(table)
    _print_doubts(made)
    if made.findings[Severity.ERROR] or made.findings[Severity.WARNING]:
        notice(f"see where with: langdu check {' '.join(map(quote, sources))}")


def _print_substitutions(made: Narration) -> None:
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal
    from langdu.pinyin import spell

    if not made.substitutions:
        notice(f"the voice {made.voice} was given every character as it is written")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("paragraph", "character", "read", "by itself", "written"):
        table.add_column(heading)
    for character in made.substitutions:
        place = f"{character.paragraph}:{character.at.start}"
        alone = spell(character.alone) if character.alone else "–"
        table.add_row(place, character.text, spell(character.wanted), alone, character.written or "– (none can)")
    terminal(stderr=True).print(table)


def _print_doubts(made: Narration) -> None:
    if made.doubts:
        from langdu.cli.shared.doubts import print_doubts

        print_doubts(made.doubts, stderr=True)
