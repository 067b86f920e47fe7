"""langdu say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.shared.common import exists, notice, text_lines, write_out
from langdu.cli.shared.options import Lexicon, Rate, Voice

if TYPE_CHECKING:
    from langdu.pipeline.say import SpokenLine


def say(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="A line of hanzi, annotated or not, or of pinyin.")
    ] = None,
    *,
    lines: Annotated[str | None, typer.Option("--lines", help="Speak every line of this file (- for stdin).")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The WAV file; with --lines, the folder.", show_default="say.wav"),
    ] = None,
    timings: Annotated[Path | None, typer.Option(help="Write the times of the syllables into this JSON file.")] = None,
    play: Annotated[bool, typer.Option("--play", help="Play the sound at once; write a file only with -o.")] = False,
    literal: Annotated[bool, typer.Option("--literal", help="Say the tones as written, without sandhi.")] = False,
    voice: Voice = None,
    rate: Rate = None,
    lexicon: Lexicon = None,
) -> None:
    """Speak one line into a WAV file, or every line of a file into a folder.

    Example: [bold]langdu say '长(cháng)城长(cháng)' -o out.wav[/bold]
    """
    from langdu import settings
    from langdu.errors import ConfigError
    from langdu.pipeline import say as pipeline

    if text is not None and "." in text and exists(text):
        raise ConfigError(f"{text} is a file: hear it with langdu read, or say each of its lines with --lines")
    chosen = settings.load({"voice": voice, "rate": rate, "lexicon": lexicon})
    if lines is not None and text is None and output is not None and timings is None and not play:
        spoken = pipeline.say_lines(text_lines(lines), chosen, literal=literal, notice=notice)
        for i, line in enumerate(spoken, 1):
            _write(line, output / f"{i:04}.wav", output / f"{i:04}.json")
    elif lines is None and text is not None and play:
        from langdu.audio.play import Player

        if timings and not output:
            raise ConfigError("--timings describes a sound file: with --play, name that file with -o")
        with Player() as player:
            line = pipeline.say(text, chosen, literal=literal, notice=notice, hear=player.play)
        if output:
            _write(line, output, timings)
    elif lines is None and text is not None:
        path = output or Path("say.wav")
        _write(pipeline.say(text, chosen, literal=literal, notice=notice), path, timings)
        write_out(str(path))
    else:
        raise ConfigError("say takes a TEXT, or --lines FILE together with -o FOLDER; see: langdu say --help")


def _write(line: SpokenLine, path: Path, timings: Path | None) -> None:
    from langdu.export.sound.wav import write_wav
    from langdu.files import write_json

    write_wav(path, line.pcm, line.sample_rate)
    if timings:
        write_json(timings, _timings(line))


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
