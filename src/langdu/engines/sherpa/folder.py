"""Reads the folder of a sherpa-onnx voice: its files, and its model's description of itself.

sherpa-onnx ends the whole program if a file is not what it expects, so everything is checked first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from langdu.engines.sherpa.spelling import Spelling
from langdu.errors import ConfigError
from langdu.files import text

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

# Bytes: room for a lexicon of a million words.
_LARGEST: Final = 1 << 26
_NEEDED: Final = ("sample_rate", "n_speakers", "language", "comment")
_WHERE: Final = "voices are at github.com/k2-fsa/sherpa-onnx/releases/tag/tts-models"


@dataclass(frozen=True, slots=True)
class SherpaModel:
    """A VITS model. `melo`: a MeloTTS model, which takes tones besides tokens."""

    path: Path
    sample_rate: int
    melo: bool


def files(folder: Path) -> tuple[Path, Path, Path]:
    """The model, its tokens and its lexicon.

    Raises: ConfigError: one is missing, or there are several models.
    """
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder}: unpack a Chinese VITS voice of sherpa-onnx there; {_WHERE}")
    models = sorted(path for path in folder.glob("*.onnx") if path.is_file())  # reading a pipe might never end
    candidates = [path for path in models if path.name == "model.onnx"] or models
    if len(candidates) != 1:
        names = ", ".join(path.name for path in candidates) or "no .onnx file"
        raise ConfigError(f"in {folder} there must be one model, or one called model.onnx; there is {names}")
    for name in ("tokens.txt", "lexicon.txt"):
        if not (folder / name).is_file():
            raise ConfigError(
                f"there is no {name} in {folder}: langdu needs a Chinese VITS voice with a lexicon, to learn from it "
                f"how syllables are spelled; {_WHERE}"
            )
    return candidates[0], folder / "tokens.txt", folder / "lexicon.txt"


def read_model(folder: Path) -> SherpaModel:
    """The model of a voice.

    Raises: ConfigError: a file is missing, or it is not a Chinese VITS model for sherpa-onnx.
    """
    import onnx  # noqa: PLC0415 - 0.3 s, for who uses such a voice
    from google.protobuf.message import DecodeError  # noqa: PLC0415 - what onnx reads with

    path, _, _ = files(folder)
    try:
        model = onnx.load(path, load_external_data=False)
    except (OSError, DecodeError) as error:
        raise ConfigError(f"{path} cannot be read as an ONNX model ({error}); download the voice again") from error
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    lacking = [key for key in _NEEDED if key not in metadata]
    if lacking:
        raise ConfigError(
            f"{path} is not a model for sherpa-onnx: it does not state its {', '.join(lacking)}; {_WHERE}"
        )
    language, melo = metadata["language"], "melo" in metadata["comment"]
    if language.lower() != "chinese" and not (melo and "chinese" in language.lower()):
        raise ConfigError(f"the voice in {folder} speaks {language}, not Chinese; {_WHERE}")
    given = len(model.graph.input)
    if given not in _inputs(metadata["comment"]) or (melo and metadata.get("version", "0") < "2"):
        raise ConfigError(
            f"{path} is not a VITS model that sherpa-onnx runs ({given} inputs); download a newer one; {_WHERE}"
        )
    if not metadata["sample_rate"].isdecimal() or not int(metadata["sample_rate"]):
        raise ConfigError(
            f"{path} says that it has {metadata['sample_rate']!r} samples a second; download the voice again"
        )
    return SherpaModel(path, int(metadata["sample_rate"]), melo)


def _inputs(comment: str) -> Collection[int]:
    """How many inputs such a model may have: sherpa-onnx passes that many without checking.

    Source: sherpa-onnx/csrc/offline-tts-vits-model.cc.
    """
    if "melo" in comment:
        return (7,)
    return (3, 4, 5) if "piper" in comment or "coqui" in comment else (5, 6)


def spelling(folder: Path) -> tuple[Spelling, frozenset[str]]:
    """How the voice spells syllables, and the tokens that it has.

    Raises: ConfigError: tokens.txt or lexicon.txt does not belong to a Chinese voice.
    """
    _, tokens, lines = files(folder)
    try:
        known = _tokens(text(tokens, _LARGEST))
        return Spelling(text(lines, _LARGEST).splitlines(), known), known
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"the voice in {folder} cannot be used: {error}; download it again, or choose another"
        ) from error


def _tokens(table: str) -> frozenset[str]:
    """The tokens of tokens.txt, which has a token and its number in each line.

    Raises: ValueError: a line is not a token and its number; sherpa-onnx would end the program.
    """
    known = set()
    for at, line in enumerate(table.splitlines(), 1):
        *token, number = line.split() or [""]
        if len(token) > 1 or not number.isdecimal():
            raise ValueError(f"line {at} of tokens.txt is not a token and its number: {line[:40]!r}")
        known.update(token)
    return frozenset(known)
