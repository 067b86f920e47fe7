"""Write docs/voices/sound/ID.mp3: the sentence of `langdu voices try`, equally loud from every voice.

Run: python tools/voice_samples.py          every voice that needs neither a network nor a file of the user's
     python tools/voice_samples.py ID …     only these
"""

from __future__ import annotations

import sys
from pathlib import Path

from langdu import engines, settings
from langdu.pipeline.say import say
from langdu.sound import ffmpeg
from langdu.voices import SAMPLE, catalogue

FOLDER = Path(__file__).parents[1] / "docs" / "voices" / "sound"
# piper and sherpa are the user's own files; the tone of silence says nothing.
SPEECHLESS = frozenset({"piper", "sherpa", "silence"})
LEVELLED = ["-af", "loudnorm=I=-18:TP=-1.5", "-ar", "24000", "-b:a", "48k"]


def file_name(voice_id: str) -> str:
    """The name of a voice's sample."""
    return f"{voice_id.replace(':', '-')}.mp3"


def offline() -> list[str]:
    """The voices that can speak here."""
    voices = (voice for voice in catalogue() if voice.engine not in SPEECHLESS)
    return [voice.id for voice in voices if not engines.create(voice.engine, voice.files).capabilities.needs_network]


def main() -> None:
    """Let each voice speak, and encode what it says."""
    FOLDER.mkdir(exist_ok=True)
    for voice_id in sys.argv[1:] or offline():
        line = say(SAMPLE, settings.load({"voice": voice_id}), notice=print)
        path = FOLDER / file_name(voice_id)
        with ffmpeg.Ffmpeg(line.sample_rate, [*LEVELLED, *ffmpeg.into(path, "mp3")]) as encoder:
            encoder.write(line.pcm)
        print(f"{path}: {path.stat().st_size:,} bytes, {len(line.pcm) / 2 / line.sample_rate:.1f} s")


if __name__ == "__main__":
    main()
