"""The folder of a voice of sherpa-onnx: what must be in it, and what its model says of itself.

sherpa-onnx ends the whole program where a file is not as it wants it, so everything is looked at before.
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

# A lexicon of a million words.
_LARGEST: Final = 1 << 26
_NEEDED: Final = ("sample_rate", "n_speakers", "language", "comment")
_WHERE: Final = "voices are at github.com/k2-fsa/sherpa-onnx/releases/tag/tts-models"


@dataclass(frozen=True, slots=True)
class Model:
    """A VITS model. `melo`: it is MeloTTS', which takes the tones beside the tokens."""

    path: Path
    sample_rate: int
    melo: bool


def files(folder: Path) -> tuple[Path, Path, Path]:
    """The model, its tokens and its lexicon.

    Raises: ConfigError: one is missing, or there are several models.
    """
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder}: unpack a Chinese VITS voice of sherpa-onnx there; {_WHERE}")
    models = sorted(path for path in folder.glob("*.onnx") if path.is_file())  # a pipe would keep us waiting
    found = [path for path in models if path.name == "model.onnx"] or models
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "no .onnx file"
        raise ConfigError(f"in {folder} there must be one model, or one that is called model.onnx; there is {names}")
    for name in ("tokens.txt", "lexicon.txt"):
        if not (folder / name).is_file():
            raise ConfigError(
                f"there is no {name} in {folder}: langdu needs a Chinese VITS voice with a lexicon, to learn from it "
                f"how syllables are spelled; {_WHERE}"
            )
    return found[0], folder / "tokens.txt", folder / "lexicon.txt"


def read(folder: Path) -> Model:
    """The model of a voice.

    Raises: ConfigError: a file is missing, or it is not a Chinese VITS model for sherpa-onnx.
    """
    import onnx  # noqa: PLC0415 - 0.3 s, for who uses such a voice
    from google.protobuf.message import DecodeError  # noqa: PLC0415 - what onnx reads with

    path, _, _ = files(folder)
    try:
        made = onnx.load(path, load_external_data=False)
    except (OSError, DecodeError) as error:
        raise ConfigError(f"{path} cannot be read as an ONNX model ({error}); download the voice again") from error
    said = {entry.key: entry.value for entry in made.metadata_props}
    lacking = [key for key in _NEEDED if key not in said]
    if lacking:
        raise ConfigError(f"{path} is no model for sherpa-onnx: it does not say its {', '.join(lacking)}; {_WHERE}")
    language, melo = said["language"], "melo" in said["comment"]
    if language.lower() != "chinese" and not (melo and "chinese" in language.lower()):
        raise ConfigError(f"the voice in {folder} speaks {language}, not Chinese; {_WHERE}")
    given = len(made.graph.input)
    if given not in _inputs(said["comment"]) or (melo and said.get("version", "0") < "2"):
        raise ConfigError(f"{path} is no VITS model that sherpa-onnx runs ({given} inputs); download a newer; {_WHERE}")
    if not said["sample_rate"].isdecimal() or not int(said["sample_rate"]):
        raise ConfigError(f"{path} says that it has {said['sample_rate']!r} samples a second; download the voice again")
    return Model(path, int(said["sample_rate"]), melo)


def _inputs(comment: str) -> Collection[int]:
    """How many inputs such a model has: sherpa-onnx gives it so many without looking.

    Source: sherpa-onnx/csrc/offline-tts-vits-model.cc.
    """
    if "melo" in comment:
        return (7,)
    return (3, 4, 5) if "piper" in comment or "coqui" in comment else (5, 6)


def spelling(folder: Path) -> tuple[Spelling, frozenset[str]]:
    """How the voice spells syllables, and the tokens that it has.

    Raises: ConfigError: tokens.txt or lexicon.txt is none of a Chinese voice.
    """
    _, tokens, lines = files(folder)
    try:
        known = _tokens(text(tokens, _LARGEST))
        return Spelling(text(lines, _LARGEST).splitlines(), known), known
    except (OSError, ValueError) as error:
        raise ConfigError(f"the voice in {folder} cannot be used: {error}; download it again, or another") from error


def _tokens(table: str) -> frozenset[str]:
    """The tokens of tokens.txt, each before its number.

    Raises: ValueError: it is none; sherpa-onnx would end the program.
    """
    found = set()
    for at, line in enumerate(table.splitlines(), 1):
        *token, number = line.split() or [""]
        if len(token) > 1 or not number.isdecimal():
            raise ValueError(f"line {at} of tokens.txt is no token and its number: {line[:40]!r}")
        found.update(token)
    return frozenset(found)
