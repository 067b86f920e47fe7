"""The file with the model's weights, and what its networks share."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from langdu.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

MAGIC: Final = b"langdu-polyphones/3\n"
# The number of all characters that the network does not know.
UNKNOWN: Final = 1
# These stand for any digit and any Latin letter.
_DIGIT, _LETTER = "0", "a"

Floats = NDArray[np.float32]
Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]


def read_weights(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The description in a file of weights, and its arrays.

    The file has a header, a CRC-32 of the rest, and the rest, deflated: the length of a JSON object in four bytes
    (little-endian), the object with the type and shape of every array, and the arrays one after the other.

    Raises: ConfigError: the file is missing or damaged.
    """
    try:
        whole = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"there is no model of polyphones at {path}; reinstall langdu") from error
    start = len(MAGIC) + 4
    if whole[: len(MAGIC)] != MAGIC or zlib.crc32(whole[start:]) != int.from_bytes(whole[start - 4 : start], "little"):
        raise ConfigError(f"the model of polyphones {path} is damaged or of another version; reinstall langdu")
    body = zlib.decompress(whole[start:])
    at = 4 + int.from_bytes(body[:4], "little")
    about = json.loads(body[4:at])
    arrays = {}
    for name, (kind_of, shape) in about["arrays"].items():
        arrays[name] = np.frombuffer(body, kind_of, count=int(np.prod(shape)), offset=at).reshape(shape)
        at += arrays[name].nbytes
    return about, arrays


def character_table(characters: str) -> Ints:
    """Code point → number of the character. All digits share one number, and so do all Latin letters."""
    table = np.full(0x110000, UNKNOWN, np.int16)
    table[[ord(char) for char in characters]] = np.arange(len(characters))
    for first, size, stands in (("0", 10, _DIGIT), ("０", 10, _DIGIT), *((c, 26, _LETTER) for c in "AaＡａ")):
        table[ord(first) : ord(first) + size] = characters.find(stands)
    return table


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def log_shares(score: Floats) -> Floats:
    """Turn scores into logarithms of probabilities, row by row."""
    below: Floats = score - score.max(axis=1, keepdims=True)
    below -= np.log(np.exp(below).sum(axis=1, keepdims=True))
    return below
