"""What the commands that narrate share: a progress bar, and the report at the end."""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack, contextmanager
from itertools import zip_longest
from shlex import quote
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

from langdu.cli.shared.common import notice, print_json, silent
from langdu.controls import mask_passwords
from langdu.errors import plural
from langdu.model import Severity
from langdu.sound.clock import minutes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from langdu.model import Rundown, Track
    from langdu.output.narration import Narration

# A log gets a line after so many seconds.
EVERY_S: Final = 10.0


@contextmanager
def watched(
    rundown: Rundown, *, play: bool, quiet: bool = False
) -> Iterator[tuple[Callable[[str], None], Callable[[Track, bytes], None]]]:
    """Gives two functions: one takes notices, the other each paragraph with its sound as soon as it is spoken.

    On a terminal, a progress bar on standard error counts the paragraphs; elsewhere, as in a log, a line every ten
    seconds does. With `play` the block ends when all of the sound has been played. With `quiet`, nothing is shown.
    """
    with ExitStack() as stack:
        hear = stack.enter_context(_player()) if play else lambda _, __: None
        if quiet:
            yield silent, hear
            return
        if not sys.stderr.isatty():
            counter = _Counter(len(list(rundown.paragraphs())))
            stack.enter_context(counter.told())

            def count(track: Track, pcm: bytes) -> None:
                counter.add(track)
                hear(track, pcm)

            yield notice, count
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
            if track.paragraph is first:  # again, if the fallback starts from the beginning
                bar.reset(task)
            bar.update(task, advance=1, description=track.paragraph.text[:16])
            hear(track, pcm)

        yield lambda message: console.print(f"langdu: {mask_passwords(message)}"), advance


class _Counter:
    """Counts the spoken paragraphs, for the lines of a log."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._seconds = 0.0
        self._indices: set[int] = set()  # a fallback speaks from the beginning again

    def add(self, track: Track) -> None:
        """A paragraph was spoken."""
        self._indices.add(track.paragraph.index)
        self._seconds = track.end / track.sample_rate

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say every ten seconds how far the run is, until the block ends."""
        ended = Event()

        def tell() -> None:
            while not ended.wait(EVERY_S):
                notice(self.line())

        thread = Thread(target=tell, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def line(self) -> str:
        """How far the run is."""
        done = len(self._indices)
        if done == self._total:
            return f"all of {plural(done, 'paragraph')} spoken, {minutes(round(self._seconds))}; writing the files"
        return f"{done} of {plural(self._total, 'paragraph')} spoken, {minutes(round(self._seconds))} so far"


@contextmanager
def _player() -> Iterator[Callable[[Track, bytes], None]]:
    from langdu.audio.play import Player

    with Player() as player:
        yield lambda track, pcm: player.play(pcm, track.sample_rate)


def report(
    narration: Narration,
    sources: Sequence[str],
    *,
    kept: bool,
    explain: bool,
    json: bool,
    quiet: bool = False,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Describe a narration for people, or as JSON with `more` in it; `kept` says that an earlier run made it.

    With `quiet`, only as JSON.
    """
    if kept and not quiet:
        notice(f"nothing has changed since {narration.folder} was made; every file is there, undamaged")
    if json:
        print_json({**_as_json(narration), **(more or {})})
        return
    if quiet:
        return
    if kept:
        _print_doubts(narration)
    else:
        _print_table(narration, sources)
    if explain:
        _print_substitutions(narration)


def _seconds(narration: Narration) -> float:
    return narration.samples / narration.sample_rate


def _as_json(narration: Narration) -> dict[str, Any]:
    from langdu.output.rows import narration_row

    row = narration_row(narration)
    return {
        "folder": str(narration.folder),
        "title": narration.title,
        "voice": narration.voice,
        "voices": list(narration.voices),
        "seconds": round(_seconds(narration), 3),
        "files": list(narration.files),
        **({"chapters": row["chapters"]} if narration.chapters else {}),
        "findings": row["findings"],
        "substitutions": row["substitutions"],
        **({} if narration.doubts is None else {"doubts": row["doubts"]}),
    }


def _print_table(narration: Narration, sources: Sequence[str]) -> None:
    """What was narration, how long it is and what the check found; on standard error, which is for people."""
    from rich.table import Table

    from langdu.cli.shared.findings import counted
    from langdu.cli.shared.terminal import terminal
    from langdu.sound.clock import minutes, seconds

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("title", narration.title)
    table.add_row("folder", str(narration.folder))
    for label, name in zip_longest(["files"], listed(narration.files), fillvalue=""):
        table.add_row(label, name)
    for i, chapter in enumerate(narration.chapters):
        table.add_row(
            "" if i else "chapters", f"{minutes(seconds(chapter.start, narration.sample_rate))} {chapter.title}"
        )
    who = f"the voice{'s' if len(narration.voices) > 1 else ''} {', '.join(narration.voices)}"
    table.add_row("length", f"{minutes(round(_seconds(narration)))} in {who}")
    table.add_row("check", counted(narration.findings))
    if narration.doubts is not None:
        table.add_row("heard", f"{plural(narration.syllables, 'syllable')}, {len(narration.doubts)} doubtful")
    terminal(stderr=True).print(table)
    _print_doubts(narration)
    if narration.findings[Severity.ERROR] or narration.findings[Severity.WARNING]:
        notice(f"see where with: langdu check {' '.join(map(quote, sources))}")


def listed(names: Iterable[str]) -> list[str]:
    """The names of a narration's files, those of single paragraphs together.

    >>> listed(["title.mp3", "001.mp3", "002.mp3", "003.mp3"])
    ['title.mp3', '001.mp3 … 003.mp3, one for each paragraph']
    """
    names = list(names)
    single = [name for name in names if re.fullmatch(r"\d{3,}\.mp3", name)]
    shown = [name for name in names if name not in single]
    if single:
        shown.append(" … ".join(dict.fromkeys((single[0], single[-1]))) + ", one for each paragraph")
    return shown


def _print_substitutions(narration: Narration) -> None:
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal
    from langdu.pinyin import spell

    if not narration.substitutions:
        notice(f"the voice {narration.voice} was given every character as it is written")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("paragraph", "character", "read", "by itself", "written"):
        table.add_column(heading)
    for character in narration.substitutions:
        place = f"{character.paragraph}:{character.at.start}"
        alone = spell(character.alone) if character.alone else "–"
        table.add_row(place, character.text, spell(character.wanted), alone, character.written or "– (none can)")
    terminal(stderr=True).print(table)


def _print_doubts(narration: Narration) -> None:
    if narration.doubts:
        from langdu.cli.shared.doubts import print_doubts

        print_doubts(narration.doubts, stderr=True)
