"""What must hold of every narration."""

from __future__ import annotations

import json
import re
import subprocess
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import imageio_ffmpeg
import numpy as np
import pysubs2
import pytest
import soundfile

from langdu.marks import HANZI

if TYPE_CHECKING:
    from pathlib import Path

# The quietest syllable of a voice is far above this; digital silence and the noise of MP3 are far below.
AUDIBLE = 0.003
# Seconds that a codec may add.
CODEC = 0.05


def load(folder: Path) -> dict[str, Any]:
    """The manifest of a narration."""
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def loudness(path: Path) -> tuple[float, float]:
    """LUFS and dBTP as ffmpeg measures them."""
    measure = ["-map", "0:a", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-i", str(path), *measure]
    said = subprocess.run(command, capture_output=True, check=True).stderr.decode("utf-8", "replace")
    return float(re.findall(r" I: +(\S+) LUFS", said)[-1]), float(re.findall(r" Peak: +(\S+) dBFS", said)[-1])


def check_tokens(manifest: dict[str, Any]) -> None:
    """Every hanzi has a token where it is written; tokens are in order and do not overlap."""
    end = 0.0
    for paragraph in manifest["paragraphs"]:
        covered: set[int] = set()
        assert paragraph["start"] == pytest.approx(end, abs=2e-4)
        end = paragraph["end"]
        for token in paragraph["tokens"]:
            covered |= set(range(*token["at"]))
        for before, after in pairwise(paragraph["tokens"]):
            assert before["end"] <= after["start"], (before, after)
        for token in paragraph["tokens"]:
            assert paragraph["start"] <= token["start"] < token["end"] <= paragraph["end"], token
        text = paragraph["text"]
        missed = {i for word in HANZI.finditer(text) for i in range(*word.span())} - covered
        assert [text[i] for i in sorted(missed)] == []


def check_annotations(manifest: dict[str, Any], parsed: dict[str, Any]) -> None:
    """Every annotated character has its annotated syllable, as an annotation."""
    said = {p["index"]: p for p in manifest["paragraphs"]}
    for paragraph in parsed["paragraphs"]:
        tokens = {token["at"][0]: token for token in said[paragraph["index"]]["tokens"]}
        for note in paragraph["annotations"]:
            got = [tokens[i] for i in range(note["start"], note["end"])]
            assert [token["pinyin"] for token in got] == note["syllables"]
            assert {token["source"] for token in got} == {"annotation"}


def check_sound(folder: Path, manifest: dict[str, Any]) -> None:
    """The files are as long as the manifest says, and no token is silent."""
    samples, rate = soundfile.read(folder / manifest["files"]["audio"])
    assert rate == manifest["sample_rate"]
    assert len(samples) / rate == pytest.approx(manifest["paragraphs"][-1]["end"], abs=CODEC)
    for paragraph in manifest["paragraphs"]:
        own, _ = soundfile.read(folder / paragraph["file"])
        assert len(own) / rate == pytest.approx(paragraph["end"] - paragraph["start"], abs=CODEC)
        for token in paragraph["tokens"]:
            part = samples[round(token["start"] * rate) : round(token["end"] * rate)]
            assert np.sqrt(np.mean(part**2)) > AUDIBLE, token


def check_subtitles(folder: Path, manifest: dict[str, Any]) -> None:
    """The cues hold the whole text once, in order, and do not overlap."""
    cues = pysubs2.load(str(folder / manifest["files"]["subtitles"]))
    text = "".join(paragraph["text"] for paragraph in manifest["paragraphs"])
    assert re.sub(r"\s", "", "".join(cue.plaintext for cue in cues)) == re.sub(r"\s", "", text)
    for before, after in pairwise(cues):
        assert before.start < before.end <= after.start
    assert cues[-1].end <= 1000 * manifest["paragraphs"][-1]["end"] + 1
