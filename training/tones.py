"""Learn how a voice says each tone, measure what `langdu verify` then hears, and write src/langdu/data/ears/VOICE.json.

Run: python training/tones.py TEXT… (any files of running text, one sentence a line)
The voice speaks some 4,000 of the sentences, partly with wrong tones: 40 minutes on two cores, once, since the cache
keeps the clips. Held-out sentences show how many syllables are doubted without cause and how many faults are found.
For a slow voice: `--part .04 --held-out-part .16 --start baker`. Its ear then begins as the other voice's. So few
lessons leave a limit that few syllables set; `--doubted .0075` finds more wrong tones, for a few more false doubts.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from planted import Planted, sentences, speak
from softmax import train

from langdu.model import Tone
from langdu.settings import load
from langdu.verify import features
from langdu.verify.doubts import DoubtKind, listen
from langdu.verify.ear import Ear, ear_from_json, file_name, load_ear
from langdu.verify.measure import measures
from langdu.verify.sound import hear

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from langdu.model import Timing

    Damaged = tuple[NDArray[np.float32], list[Timing]]


class Lesson(NamedTuple):
    """Sentences spoken at one rate. Between two wrong tones are `gap` syllables; None: no wrong tones."""

    name: str
    count: int
    rate: float
    gap: tuple[int, int] | None
    seed: int


LESSONS = [
    Lesson("plain", 800, 1.0, None, 1),
    Lesson("dense", 1800, 1.0, (0, 2), 2),
    Lesson("fast", 400, 1.4, (0, 3), 3),
    Lesson("slow", 400, 0.75, (0, 3), 4),
]
HELD_OUT = [
    Lesson("held out", 500, 1.0, (4, 8), 5),
    Lesson("held out, rate 1.3", 120, 1.3, (4, 8), 6),
    Lesson("held out, rate 0.75", 120, 0.75, (4, 8), 7),
]
# Lessons are judged in so many parts, each by an ear learned from the others; so many syllables stay together.
FOLDS, BLOCK = 5, 50
# As many syllables of a kind as outweigh what another voice makes of it.
PULL = 20.0
# The share of correct syllables that may be doubted: for the odds of their tone, for its contour, for their length.
RARELY = {"odds": 0.005, "odd": 0.0005, "short": 0.0003, "long": 0.0003}


class Heard(NamedTuple):
    """What one syllable teaches: its spoken and its meant tone, and whether a neighbour has a wrong tone."""

    said: int
    meant: int
    near: bool
    rows: tuple[list[float] | None, list[float]]
    contour: tuple[float, ...] | None
    lengths: list[float]


def timings_of(sentence: Planted, *, meant: bool) -> list[Timing]:
    """The syllables of a sentence as they were spoken, or as they were meant."""
    readings = sentence.meant if meant else [t.reading for t in sentence.said]
    pairs = zip(sentence.said, readings, strict=True)
    return [replace(timing, reading=reading) for timing, reading in pairs]


def samples_of(sentence: Planted) -> NDArray[np.float32]:
    """The sound as numbers from -1 to 1."""
    return np.frombuffer(sentence.pcm, "<i2").astype(np.float32) / 32_768


def learn(spoken: Iterable[Planted], rate: float, *, meant: bool) -> Iterator[Heard]:
    """What is heard of each syllable; its neighbours' tones are the spoken ones, or those `meant`."""
    for sentence in spoken:
        timings = timings_of(sentence, meant=meant)
        measured = measures(hear(samples_of(sentence), sentence.sample_rate), timings, sentence.sample_rate)
        parted = features.phrase_places(timings, sentence.sample_rate)
        heard = features.heard_features(measured, parted, rate)
        tones = [(t.reading.surface.tone, m.surface.tone) if t.reading and m else (0, 0) for t, m in _both(sentence)]
        for i, (place, row) in enumerate(zip(parted, heard, strict=True)):
            if place:
                beside = tones[max(0, i - 1) : i] + tones[i + 1 : i + 2]
                near = any(said != wanted for said, wanted in beside)
                rows = (row, features.context(place))
                yield Heard(*tones[i], near, rows, measured[i].contour, features.lengths(measured[i], rate))


def _both(sentence: Planted) -> Iterator[Any]:
    return zip(sentence.said, sentence.meant, strict=True)


# --- the voice's ear ---------------------------------------------------------------------------------------


def regressed(
    inputs: NDArray[np.float64], outputs: NDArray[np.float64], start: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], ...]:
    """Ridge regression: the coefficients, and the covariance of the residuals.

    Few inputs leave most coefficients near those of `start`, another voice's; only the first, the mean, is free.
    """
    ridge = np.eye(inputs.shape[1])
    if start is not None:
        ridge *= PULL
        ridge[0, 0] = 0.01
        outputs = outputs - inputs @ start
    weights = np.linalg.solve(inputs.T @ inputs + ridge, inputs.T @ outputs)
    residuals = np.cov((outputs - inputs @ weights).T)
    return weights if start is None else weights + start, residuals


def learned(heard: Sequence[Heard], voice: str, start: Ear | None) -> dict[str, Any]:
    """The table of the ear, without limits as yet. Its network and its means begin as those of `start`."""
    taught = [h for h in heard if h.rows[0]]
    rows = np.array([[*(h.rows[0] or ()), *h.rows[1][1:]] for h in taught])
    network = train(rows, np.array([h.said - 1 for h in taught]), [*start.hidden, *start.output] if start else None)
    table: dict[str, Any] = {"contours": [], "spreads": [], "lengths": [], "deviations": []}
    for tone in Tone:
        own = [h for h in heard if h.said == tone]
        sung = [h for h in own if h.contour]
        known = (start.contours[tone - 1], start.lengths[tone - 1]) if start else (None, None)
        inputs, outputs = np.array([h.rows[1] for h in sung]), np.array([h.contour for h in sung])
        contours, spread = regressed(inputs, outputs, known[0])
        inputs, outputs = np.array([h.rows[1] for h in own]), np.array([h.lengths for h in own])
        lengths, _ = regressed(inputs, outputs, known[1])
        off, paused = outputs - inputs @ lengths, inputs[:, features.AT_PAUSE] > 0
        table["contours"].append(contours)
        table["spreads"].append(spread)
        table["lengths"].append(lengths)
        table["deviations"].append([off[~paused].std(0), off[paused].std(0)])
    never = {"odds": 1e9, "odd": 1e9, "short": 1e9, "long": 1e9}
    return {"voice": voice, "syllables": len(heard), "limits": never, "network": network, **table}


def crossed(heard: Sequence[Heard], voice: str, start: Ear | None) -> Iterator[tuple[Ear, list[Heard]]]:
    """A fifth of what is heard, in blocks of running text, and an ear learned from the rest; five times."""
    for fold in range(FOLDS):
        own = [(i // BLOCK) % FOLDS == fold for i in range(len(heard))]
        rest = [h for h, is_own in zip(heard, own, strict=True) if not is_own]
        ear = ear_from_json(learned(rest, voice, start))
        yield ear, [h for h, is_own in zip(heard, own, strict=True) if is_own]


def limits(judged: Iterable[tuple[Ear, Sequence[Heard]]], rarely: dict[str, float]) -> dict[str, float]:
    """The limits at which the share of correct syllables that are doubted is `rarely`'s.

    Each ear judges what it did not learn from: it is too good on its own lessons.
    """
    scores: dict[str, list[float]] = {name: [] for name in rarely}
    for ear, heard in judged:
        for h in heard:
            if h.rows[0] and h.said == h.meant and not h.near:
                likely = ear.tones(h.rows[0], h.rows[1])
                scores["odds"].append(float(likely.max() - likely[h.meant - 1]))
            off = ear.stretch(h.lengths, Tone(h.said), h.rows[1])
            scores["short"].append(float(-off.min()))
            scores["long"].append(float(off.max()))
            if h.contour:
                scores["odd"].append(ear.oddness(h.contour, Tone(h.said), h.rows[1]))
    return {name: round(float(np.quantile(scores[name], 1 - part)), 3) for name, part in rarely.items()}


def rounded(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Arrays as lists, numbers to four digits."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value


# --- what verify hears --------------------------------------------------------------------------------------


def report(spoken: Sequence[Planted], ear: Ear, rate: float) -> None:
    """Print how many syllables are doubted without cause, and how many wrong tones are found."""
    count = {"plain": 0, "near": 0, "planted": 0}
    doubted = {"plain": 0, "near": 0, "planted": 0}
    kinds: dict[str, int] = {}
    by_tone: dict[tuple[int, int], list[int]] = {}
    for sentence in spoken:
        timings = timings_of(sentence, meant=True)
        doubts = {d.index: d for d in listen(samples_of(sentence), sentence.sample_rate, timings, ear, rate)}
        wrong = {i for i, (t, m) in enumerate(_both(sentence)) if t.reading != m}
        for i in range(len(timings)):
            group = "planted" if i in wrong else "near" if {i - 1, i + 1} & wrong else "plain"
            count[group] += 1
            doubted[group] += i in doubts
            if group == "plain" and i in doubts:
                kinds[doubts[i].kind] = kinds.get(doubts[i].kind, 0) + 1
            if group == "planted":
                said, meant = sentence.said[i].reading, sentence.meant[i]
                if said and meant:
                    by_tone.setdefault((meant.surface.tone, said.surface.tone), []).append(i in doubts)
    for group, total in count.items():
        print(f"  {group}: {doubted[group]} of {total} doubted, {doubted[group] / max(total, 1):.4f}")
    print("  without cause:", kinds)
    for (meant, said), hits in sorted(by_tone.items()):
        print(f"  asked T{meant}, said T{said}: found {sum(hits)} of {len(hits)}")


def report_damage(spoken: Sequence[Planted], ear: Ear, rate: float) -> None:
    """Print how many damaged syllables are found: silenced, cut in half or spoken twice, one a sentence."""
    for name, damage in (("silenced", silenced), ("cut to half", halved), ("said twice", doubled)):
        hits, kinds = 0, dict.fromkeys(DoubtKind, 0)
        for n, sentence in enumerate(spoken):
            timings = timings_of(sentence, meant=False)
            at = n * 7 % len(timings)
            samples, marks = damage(samples_of(sentence), timings, at)
            hit = [d for d in listen(samples, sentence.sample_rate, marks, ear, rate) if d.index == at]
            hits += bool(hit)
            for doubt in hit:
                kinds[doubt.kind] += 1
        shown = {k.value: v for k, v in kinds.items() if v}
        print(f"  {name}: found {hits} of {len(spoken)}, {hits / len(spoken):.4f} {shown}")


def silenced(samples: NDArray[np.float32], timings: list[Timing], at: int) -> Damaged:
    """Digital silence in place of one syllable."""
    out = samples.copy()
    out[timings[at].start : timings[at].end] = 0
    return out, timings


def halved(samples: NDArray[np.float32], timings: list[Timing], at: int) -> Damaged:
    """The second half of one syllable is cut out, and the rest moves up."""
    middle = (timings[at].start + timings[at].end) // 2
    gone = timings[at].end - middle
    out = np.concatenate([samples[:middle], samples[middle + gone :]])
    return out, [_moved(timing, i, at, -gone) for i, timing in enumerate(timings)]


def doubled(samples: NDArray[np.float32], timings: list[Timing], at: int) -> Damaged:
    """One syllable is spoken twice."""
    start, end = timings[at].start, timings[at].end
    out = np.concatenate([samples[:end], samples[start:end], samples[end:]])
    return out, [_moved(timing, i, at, end - start) for i, timing in enumerate(timings)]


def _moved(timing: Timing, i: int, at: int, by: int) -> Timing:
    return replace(timing, start=timing.start + by * (i > at), end=timing.end + by * (i >= at))


def main() -> None:
    """Speak, learn, set the limits on one half of what is held out, and report on the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--voice", default="baker")
    parser.add_argument("--part", type=float, default=1.0, help="share of each lesson to use")
    parser.add_argument("--held-out-part", type=float, default=1.0, help="share of what is held out to use")
    parser.add_argument("--start", help="a voice whose ear is the beginning of this one: a small part is then enough")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "src/langdu/data/ears")
    parser.add_argument("--doubted", type=float, default=RARELY["odds"], help="share of right tones to doubt")
    given = parser.parse_args()
    start = load_ear(given.start) if given.start else None
    if given.start and not start:
        parser.error(f"the voice {given.start} has no ear")

    drawn: set[str] = set()

    def spoken(lesson: Lesson, part: float) -> Iterator[Planted]:
        lines = [line for line in sentences(given.texts, lesson.count, lesson.seed) if line not in drawn]
        drawn.update(lines)
        chosen = load({"voice": given.voice, "rate": lesson.rate})
        return speak(lines[: round(len(lines) * part)], chosen, lesson.gap, lesson.seed)

    heard: list[Heard] = []
    for lesson in LESSONS:
        heard += learn(spoken(lesson, given.part), lesson.rate, meant=False)
        print(f"{lesson.name}: {len(heard)} syllables in all", flush=True)
    table = learned(heard, given.voice, start)
    for lesson in HELD_OUT:
        held_out = list(spoken(lesson, given.held_out_part))
        if lesson is HELD_OUT[0]:
            own = learn(held_out[::2], lesson.rate, meant=True)
            clean = [h for h in own if h.said == h.meant and not h.near]
            judged = [*crossed(heard, given.voice, start), (ear_from_json(table), clean)]
            table["limits"] = limits(judged, RARELY | {"odds": given.doubted})
            print("limits:", table["limits"])
            held_out = held_out[1::2]
        ear = ear_from_json(rounded(table))
        print(f"{lesson.name}: {len(held_out)} sentences that set no limit")
        report(held_out, ear, lesson.rate)
        report_damage(held_out, ear, lesson.rate)
    given.out.mkdir(exist_ok=True)
    text = json.dumps({"source": _SOURCE, **rounded(table)}, separators=(",", ":"))
    (given.out / file_name(given.voice)).write_text(text + "\n", encoding="utf-8")


_SOURCE = "own: statistics of what the voice itself said, made by training/tones.py; no text and no sound is in it"

if __name__ == "__main__":
    main()
