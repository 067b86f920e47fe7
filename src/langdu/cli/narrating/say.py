"""langdu say."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.shared.common import exists, notice, text_lines, write_out
from langdu.cli.shared.options import Lexicon, Rate, Voice, named_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.model import Timing
    from langdu.pipeline.say import SpokenLine
    from langdu.settings import Settings

# The longest list of syllables that a message repeats, in characters.
_SHOWN = 200


def say(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="A line of hanzi, annotated or not, or of pinyin.")
    ] = None,
    *,
    lines: Annotated[str | None, typer.Option("--lines", help="Speak every line of this file (- for stdin).")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            parser=named_path,
            help="The sound file: .wav, .mp3, .m4a, .m4b, .opus or .flac; with --lines, the folder.",
            show_default="say.wav",
        ),
    ] = None,
    timings: Annotated[Path | None, typer.Option(help="Write the times of the syllables into this JSON file.")] = None,
    play: Annotated[bool, typer.Option("--play", help="Play the sound at once; write a file only with -o.")] = False,
    literal: Annotated[bool, typer.Option("--literal", help="Say the tones as written, without sandhi.")] = False,
    voice: Voice = None,
    rate: Rate = None,
    lexicon: Lexicon = None,
) -> None:
    """Speak one line into a sound file, or every line of a file into a folder.

    Example: [bold]langdu say '长(cháng)城长(cháng)' -o out.wav[/bold]
    """
    from langdu import settings
    from langdu.errors import ConfigError
    from langdu.files import user_path

    if text is not None and "." in text and exists(text):
        raise ConfigError(f"{text} is a file: hear it with langdu read, or say each of its lines with --lines")
    if (text is None) == (lines is None) or (lines is not None and (output is None or timings is not None or play)):
        raise ConfigError("say takes a TEXT, or --lines FILE together with -o FOLDER; see: langdu say --help")
    if play and timings and not output:
        raise ConfigError("--timings describes a sound file: with --play, name that file with -o")
    places = output and user_path(output), timings and user_path(timings)
    chosen = settings.load({"voice": voice, "rate": rate, "lexicon": lexicon})
    if text is None:
        _say_lines(str(lines), places[0] or Path(), chosen, literal=literal)
    else:
        _say(text, places, chosen, literal=literal, play=play)


def _say(text: str, places: tuple[Path | None, Path | None], settings: Settings, *, literal: bool, play: bool) -> None:
    from langdu.audio.play import Player
    from langdu.errors import ConfigError
    from langdu.export.sound.single import check_ending, write_single
    from langdu.files import write_json
    from langdu.pipeline import say as pipeline

    output, timings = places
    sound = output or (None if play else Path("say.wav"))
    if sound:
        check_ending(sound)
    if timings and (timings.is_dir() or (sound and timings.absolute() == sound.absolute())):
        raise ConfigError(f"--timings {timings}: name a JSON file of its own")
    with Player() if play else nullcontext() as player:
        hear = {"hear": player.play} if player else {}
        line = pipeline.say(text, settings, literal=literal, notice=notice, **hear)
    _tell(line)
    if sound:
        write_single(sound, line.track, line.pcm, line.voice)
    if timings:
        write_json(timings, _timings(line))
    if sound and not play:
        write_out(str(sound))


def _say_lines(lines: str, folder: Path, settings: Settings, *, literal: bool) -> None:
    from langdu.export.sound.wav import write_wav
    from langdu.files import write_json
    from langdu.pipeline import say as pipeline

    spoken = pipeline.say_lines(text_lines(lines), settings, literal=literal, notice=notice)
    for i, line in enumerate(spoken, 1):
        write_wav(folder / f"{i:04}.wav", line.pcm, line.sample_rate)
        write_json(folder / f"{i:04}.json", _timings(line))


def _tell(line: SpokenLine) -> None:
    """Say how the line was taken, and what in it looks like a mistake."""
    from langdu.marks import HANZI
    from langdu.normalize.english import is_known
    from langdu.pinyin.strange import nearly_syllables

    said = " ".join(_said(line.track.timings))
    shown = said if len(said) <= _SHOWN else said[:_SHOWN] + "…"
    kind = "pinyin" if line.is_pinyin else "hanzi" if HANZI.search(line.text) else "text"
    notice(f"taken as {kind}: {shown}")
    for written in line.unused:
        notice(f"the bracket ({written}) fits none of the hanzi beside it, so it is not obeyed")
    for word, meant in () if line.is_pinyin else nearly_syllables(line.text, lambda word: is_known(word, {})):
        notice(f"{word} is no syllable of pinyin, so its letters are said one by one; did you mean {meant}?")


def _said(timings: Sequence[Timing]) -> Iterator[str]:
    """The syllables, and Latin words whole, although each of their letters has its time; abbreviations as letters."""
    from langdu.pinyin import spell

    letters = ""
    for i, timing in enumerate(timings):
        if timing.reading is not None or not timing.text.isalpha():
            yield spell(timing.reading.citation) if timing.reading else timing.text
            continue
        letters += timing.text
        if timings[i + 1 : i + 2] and timings[i + 1].at.start == timing.at.end and timings[i + 1].reading is None:
            continue
        yield from letters if letters.isupper() else [letters]
        letters = ""


def _timings(line: SpokenLine) -> dict[str, Any]:
    from langdu.pinyin import number

    return {
        "text": line.text,
        "voice": line.voice,
        "sample_rate": line.sample_rate,
        "timings": "exact" if line.exact else "estimated",
        "tokens": [
            {
                "text": t.text,
                "pinyin": number(t.reading.citation) if t.reading else None,
                "start": round(t.start / line.sample_rate, 4),
                "end": round(t.end / line.sample_rate, 4),
            }
            for t in line.track.timings
        ],
    }
