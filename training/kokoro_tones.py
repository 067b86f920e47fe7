"""Learn how each speaker of Kokoro says each tone between its neighbours: src/langdu/data/kokoro/tones.json.

Run: python training/kokoro_tones.py   (8 minutes on one core; it needs the installed voice)

Only the model's own pitch is looked at, before langdu changes it, in 150 lines of training/own. Contours are explained
as a sum: the tone alone, what the tone before changes, what the tone after changes, and the register of the syllables
around. Each part is the median of what the others leave.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from langdu import engines, voices
from langdu.engines.kokoro import speaker_of, symbols, tones
from langdu.engines.kokoro.models import MAX_SYMBOLS, KokoroModels
from langdu.model import Pauses
from langdu.pipeline.cast import find_voice
from langdu.pipeline.text import Taught, script_of_line
from langdu.settings import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.engines.kokoro.symbols import PhonemeLine

OWN = Path(__file__).parent / "own"
TABLE = Path(__file__).parent.parent / "src" / "langdu" / "data" / "kokoro" / "tones.json"
LINES, ROUNDS, AROUND = 150, 4, 4
# A pair of tones that was seen this often counts half.
HALF = 10


class Heard(NamedTuple):
    """A contour, its tone, and the tones before and after it; 0 is a pause."""

    tone: int
    before: int
    after: int
    semitones: tones.Floats


def phoneme_lines() -> list[PhonemeLine]:
    """The phonemes of some of our own sentences."""
    texts = []
    for name in ("narrated", "news", "stories", "passages"):
        for line in (OWN / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            plain = re.sub(r"\{(.)\|[^}]*\}", r"\1", line.strip())
            if plain and not re.search("[A-Za-z0-9#{}|]", plain):
                texts.append(plain)
    random.Random(1).shuffle(texts)  # noqa: S311 - not a secret
    can = engines.create("kokoro", None).capabilities
    scripts = (script_of_line(text, Taught({}, {}), Pauses(), can, literal=False) for text in texts[:LINES])
    lines = (symbols.line(utterance) for script in scripts for utterance in script.utterances)
    return [line for line in lines if line.said and len(line.text) <= MAX_SYMBOLS]


def heard_in(models: KokoroModels, lines: Sequence[PhonemeLine], speaker: str) -> tuple[float, list[list[Heard]]]:
    """The median pitch of a speaker in semitones over 1 Hz, and the contours of each line."""
    melodies = []
    for line in lines:
        predicted = models.predict(line.text, speaker)
        frames = np.maximum(np.rint(predicted.lengths), 1).astype(np.int64)
        melodies.append((line, frames, models.melody(predicted, frames).f0))
    voiced = np.concatenate([f0[f0 > tones.VOICED] for _, _, f0 in melodies])
    reference = float(12 * np.log2(np.median(voiced)))
    return reference, [list(_contours(line, frames, f0, reference)) for line, frames, f0 in melodies]


def _contours(line: PhonemeLine, frames: tones.Frames, f0: tones.Pitch, reference: float) -> Iterator[Heard]:
    for place, _, _, semitones in tones.contours(line, frames, f0, reference):
        if semitones.any():  # all zero: the model has no pitch there, and langdu fills in the speaker's median
            yield Heard(place.syllable.tone, place.before or 0, place.after or 0, semitones)


def learned(lines: Sequence[Sequence[Heard]]) -> dict[str, list[object]]:
    """The three parts of the sum, in semitones: [5][7], [5][6][7], [5][6][7]."""
    alone, before, after = (np.zeros((*shape, tones.POINTS)) for shape in ((5,), (5, 6), (5, 6)))
    registers = [np.zeros(len(line)) for line in lines]
    for _ in range(ROUNDS):
        left = [
            heard._replace(semitones=heard.semitones - register[i])
            for line, register in zip(lines, registers, strict=True)
            for i, heard in enumerate(line)
        ]
        for tone in range(5):
            own = [h for h in left if h.tone == tone + 1]
            # After a pause the model says a third tone too high, so that place teaches nothing.
            inside = [h.semitones - before[tone, h.before] - after[tone, h.after] for h in own if h.before]
            alone[tone] = np.median(inside, axis=0)
            for other in range(1, 6):
                rows = [h.semitones - alone[tone] - after[tone, h.after] for h in own if h.before == other]
                before[tone, other] = _shrunk(rows)
            for other in range(6):
                rows = [h.semitones - alone[tone] - before[tone, h.before] for h in own if h.after == other]
                after[tone, other] = _shrunk(rows)
        for line, register in zip(lines, registers, strict=True):
            off = [
                np.median(h.semitones - alone[h.tone - 1] - before[h.tone - 1, h.before] - after[h.tone - 1, h.after])
                for h in line
            ]
            for i in range(len(line)):
                register[i] = np.median(off[max(0, i - AROUND) : i + AROUND + 1])
    return {name: np.round(part, 1).tolist() for name, part in (("alone", alone), ("after", before), ("before", after))}


def _shrunk(rows: Sequence[tones.Floats]) -> tones.Floats:
    """The median contour, the smaller the fewer there are."""
    return np.median(rows, axis=0) * len(rows) / (len(rows) + HALF) if rows else np.zeros(tones.POINTS)


def main() -> None:
    """Write the table."""
    voice = find_voice("kokoro")
    models = KokoroModels(voices.install(load({}).cache_dir, voice, engines.preparer(voice.engine)))
    lines = phoneme_lines()
    table = {}
    for speaker in engines.create("kokoro", None).voices():
        name = speaker_of(speaker)
        reference, heard = heard_in(models, lines, name)
        table[name] = {"reference": round(reference, 2), **learned(heard)}
        print(f"{name}: {sum(map(len, heard))} syllables, median {2 ** (reference / 12):.0f} Hz")
    TABLE.write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
