"""Fit how long a voice takes, for `--dry-run`: milliseconds a syllable, and milliseconds a stretch between two pauses.

Run: python benchmarks/lengths.py TEXT… [--voice ID] [--own MS MS]

Each TEXT is narrated paragraph by paragraph, with clips from the cache if they are there. The script solves for the two
numbers by weighted least squares, over all stretches but those of the text that it then predicts, and prints the error
of each text's predicted length; the pauses are known. Give it long sentences and short ones. The last line, from all
texts, is what belongs into data/voices.toml. With --own it predicts with two given numbers instead.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from langdu.model import Rundown
from langdu.pipeline.cast import cast
from langdu.pipeline.forecast import said
from langdu.pipeline.speech import spoken_scripts
from langdu.pipeline.text import parse, scripts
from langdu.settings import load


def measured(source: str, voice: str) -> tuple[np.ndarray, np.ndarray, float]:
    """Of each stretch of a text: its syllables and its length in ms; and the milliseconds of pauses between them."""
    settings = load({"voice": voice})
    speaking = cast(settings, lambda message: print(message, file=sys.stderr))
    rundown = Rundown.of(parse(source, None))
    counts, lengths, pauses = [], [], 0.0
    for spoken in spoken_scripts(scripts(rundown, settings, speaking.capabilities), speaking):
        for utterance, clip in zip(spoken.script.utterances, spoken.clips, strict=True):
            counts.append([said(utterance) / utterance.pace, 1 / utterance.pace])
            lengths.append(1000 * len(clip.pcm) / 2 / clip.sample_rate)
            pauses += utterance.pause_after_ms
    return np.array(counts), np.array(lengths), pauses


def main() -> None:
    """Measure, fit, predict."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", metavar="TEXT")
    parser.add_argument("--voice", default="baker")
    parser.add_argument("--own", nargs=2, type=float, metavar="MS")
    arguments = parser.parse_args()
    texts = {text: measured(text, arguments.voice) for text in arguments.texts}

    def fitted(without: str) -> np.ndarray:
        chosen = [of for text, of in texts.items() if text != without or len(texts) == 1]
        rows, lengths = np.concatenate([of[0] for of in chosen]), np.concatenate([of[1] for of in chosen])
        weights = 1 / np.sqrt(lengths)  # long stretches vary more, and would decide alone
        return np.linalg.lstsq(rows * weights[:, None], lengths * weights, rcond=None)[0]

    for text, (rows, lengths, pauses) in texts.items():
        model = np.array(arguments.own) if arguments.own else fitted(text)
        real, guessed = lengths.sum() + pauses, (rows @ model).sum() + pauses
        print(f"{text}: {real / 1000:.1f} s, predicted {guessed / 1000:.1f} s ({100 * (guessed / real - 1):+.1f} %)")
    syllable, stretch = fitted("")
    print(f"syllable_ms = {syllable:.1f}, stretch_ms = {stretch:.1f}")


if __name__ == "__main__":
    main()
