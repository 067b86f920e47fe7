"""The file of the model's weights, and what its networks share."""

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
# Characters that the network does not know, and what stands for any digit and any Latin letter.
UNKNOWN: Final = 1
_DIGIT, _LETTER = "0", "a"

Floats = NDArray[np.float32]
Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]


def read(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What a file of weights is about, and its arrays.

    A header, a CRC-32 of the rest, and the rest, deflated: the length of a JSON object in four bytes (little-endian),
    the object, which has the type and shape of every array, and the arrays one after the other.
    """
    try:
        whole = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"there is no model of polyphones at {path}; install langdu anew") from error
    start = len(MAGIC) + 4
    if whole[: len(MAGIC)] != MAGIC or zlib.crc32(whole[start:]) != int.from_bytes(whole[start - 4 : start], "little"):
        raise ConfigError(f"the model of polyphones {path} is damaged or of another version; install langdu anew")
    body = zlib.decompress(whole[start:])
    at = 4 + int.from_bytes(body[:4], "little")
    about = json.loads(body[4:at])
    arrays = {}
    for name, (kind_of, shape) in about["arrays"].items():
        arrays[name] = np.frombuffer(body, kind_of, count=int(np.prod(shape)), offset=at).reshape(shape)
        at += arrays[name].nbytes
    return about, arrays


def character_table(characters: str) -> Ints:
    """From a code point to the number of its character; all digits are one, and all Latin letters."""
    table = np.full(0x110000, UNKNOWN, np.int16)
    table[[ord(char) for char in characters]] = np.arange(len(characters))
    for first, size, stands in (("0", 10, _DIGIT), ("０", 10, _DIGIT), *((c, 26, _LETTER) for c in "AaＡａ")):
        table[ord(first) : ord(first) + size] = characters.find(stands)
    return table


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def log_shares(score: Floats) -> Floats:
    """Scores as logarithms of probabilities, row by row."""
    below: Floats = score - score.max(axis=1, keepdims=True)
    below -= np.log(np.exp(below).sum(axis=1, keepdims=True))
    return below
