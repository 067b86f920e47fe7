"""A narration read back: its manifest, and its sound paragraph by paragraph."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import soundfile

from langdu import files, pinyin
from langdu.errors import InputError
from langdu.model import Break, Span
from langdu.output.folder import LARGEST, MANIFEST
from langdu.output.manifest import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from langdu.model import Syllable

# What soundfile decodes; the first that is there is listened to.
_DECODED: Final = (".wav", ".flac", ".mp3", ".opus", ".ogg")
# The rates that a decoder of Opus gives (RFC 7845, 5.1): at any other, its sound is not what the manifest counts in.
_OPUS: Final = (8_000, 12_000, 16_000, 24_000, 48_000)
# Seconds that a codec may add or take at the end of a file.
_CODEC: Final = 0.1
# Samples of one paragraph: three quarters of an hour at 48 kHz, more than two at 16.
_LONGEST: Final = 1 << 27
_PACES: Final = (0.1, 10.0)  # any that is no mistake
_AGAIN: Final = "narrate the article again, with langdu read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One said character: `surface` is the syllable that should be heard, None for a letter.

    `start` and `end` are samples of the programme; `at` points into the paragraph's text; `break_after` is a boundary
    that no mark shows.
    """

    text: str
    at: Span
    surface: Syllable | None
    start: int
    end: int
    break_after: Break | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One paragraph of a narration, `[start, end)` in samples of the programme; `file` is its own sound, if any.

    `pace` is how fast it is beside the rest: a title is slower.
    """

    index: int
    text: str
    pace: float
    file: str | None
    start: int
    end: int
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrated:
    """What a manifest says of the files beside it. `files` are those of the whole programme, by kind.

    `music` lies under the voice in them, and not in those of the paragraphs.
    """

    folder: Path
    title: str
    voice: str
    rate: float
    sample_rate: int
    files: Mapping[str, str]
    parts: tuple[Part, ...]
    music: bool = False


# --- the manifest ---------------------------------------------------------------------------------------------------


def open_narration(folder: Path) -> Narrated:
    """Read the manifest of a narration.

    Raises: InputError: there is no such folder, no manifest in it, or one that langdu did not write so.
    """
    path = folder / MANIFEST
    try:
        table = files.from_json(files.text(path, LARGEST))
    except (FileNotFoundError, NotADirectoryError) as error:
        why = f"{folder} has no {MANIFEST}" if folder.is_dir() else f"there is no folder {folder}"
        raise InputError(f"{why}: give a folder that langdu read wrote into") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read ({reason}): it is damaged; {_AGAIN}") from error
    if not isinstance(table, dict) or table.get("schema") != SCHEMA:
        raise InputError(f"{path} is not a manifest of langdu ({SCHEMA}): give a folder that langdu read wrote into")
    try:
        return _narrated(folder, table)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        why = f"{type(error).__name__}: {error}"[:200]
        raise InputError(f"{path} is damaged ({why}); {_AGAIN}") from error


def _narrated(folder: Path, table: dict[str, Any]) -> Narrated:
    rate, pace = int(table["sample_rate"]), float(table.get("rate", 1.0))
    if not 4_000 <= rate <= 400_000 or not _PACES[0] <= pace <= _PACES[1]:
        raise ValueError(f"sample_rate {rate}, rate {pace}")
    made = Narrated(
        folder=folder,
        title=_text(table["title"]),
        voice=_text(table["voice"]),
        rate=pace,
        sample_rate=rate,
        files={str(kind): _plain(name) for kind, name in table["files"].items()},
        parts=tuple(_part(row, rate) for row in table["paragraphs"]),
        music=bool(table.get("music", False)),
    )
    end = 0
    for part in made.parts:
        if abs(part.start - end) > rate // 1000 or part.end < part.start:
            raise ValueError(f"paragraph {part.index} does not begin where the one before it ends")
        end = part.end
    return made


def _plain(name: str) -> str:
    """A name in the folder itself: a manifest from elsewhere must not lead out of it."""
    if not files.is_name(name):
        raise ValueError(f"{reprlib.repr(name)} is no name of a file in the folder")
    return name


def _text(said: str) -> str:
    """A text that can be printed. Raises: AttributeError: it is none. ValueError: it has half a surrogate pair."""
    said.encode()
    return said


def _sample(seconds: float, rate: int) -> int:
    return round(float(seconds) * rate)


def _part(row: dict[str, Any], rate: int) -> Part:
    start, end = _sample(row["start"], rate), _sample(row["end"], rate)
    if end - start > _LONGEST:
        raise ValueError(f"paragraph {row['index']} is of {row['end'] - row['start']} seconds")
    tokens = tuple(_token(each, rate) for each in row["tokens"])
    at = start
    for token in tokens:
        if not at - 2 <= token.start < token.end <= end + 2:  # times are rounded to a tenth of a millisecond
            raise ValueError(f"the time of {token.text!r} in paragraph {row['index']}")
        at = token.end
    file, pace = row.get("file"), float(row.get("pace", 1.0))
    if not _PACES[0] <= pace <= _PACES[1]:
        raise ValueError(f"pace {pace} of paragraph {row['index']}")
    return Part(
        index=int(row["index"]),
        text=_text(row["text"]),
        pace=pace,
        file=file and _plain(file),
        start=start,
        end=end,
        tokens=tokens,
    )


def _token(row: dict[str, Any], rate: int) -> Token:
    # Manifests of before the surface tone was written have only the citation tone.
    said = row["surface"] if "surface" in row else row["pinyin"]
    return Token(
        text=_text(row["text"]),
        at=Span(*map(int, row["at"])),
        surface=pinyin.parse_syllable(said) if said else None,
        start=_sample(row["start"], rate),
        end=_sample(row["end"], rate),
        break_after=Break(row["break"]) if "break" in row else None,
    )


# --- the sound ------------------------------------------------------------------------------------------------------


def sounds(narrated: Narrated) -> Iterator[tuple[Part, NDArray[np.float32]]]:
    """Each paragraph with its sound, mono, full scale 1; nothing but one paragraph's sound is in memory.

    The whole programme is listened to where it is there and has no music in it, otherwise each paragraph's own file;
    all files must be there and as long as the manifest says.
    Raises: InputError: a file is missing, damaged, or not the one that the manifest describes.
    """
    decoded = [end for end in _DECODED if end != ".opus" or narrated.sample_rate in _OPUS]
    files = () if narrated.music else narrated.files.values()
    whole = next((name for end in decoded for name in files if name.endswith(end)), None)
    own = [part for part in narrated.parts if part.file]
    for part in own:
        _checked(narrated, part.file or "", part.end - part.start).close()
    if whole:
        yield from _of_whole(narrated, whole)
    elif len(own) == len(narrated.parts):
        for part in own:
            with _checked(narrated, part.file or "", part.end - part.start) as file:
                yield part, _read(file, narrated.folder / (part.file or ""), part.end - part.start)
    else:
        raise InputError(
            f"{narrated.folder} has no sound that can be listened to ({', '.join(_DECODED)}): "
            "narrate the article again, with --format mp3"
        )


def _of_whole(narrated: Narrated, name: str) -> Iterator[tuple[Part, NDArray[np.float32]]]:
    # Read from beginning to end and never moved in: to find a place in an MP3, all before it must be decoded again.
    length = narrated.parts[-1].end if narrated.parts else 0
    with _checked(narrated, name, length) as file:
        for part in narrated.parts:
            yield part, _read(file, narrated.folder / name, part.end - part.start)


def _checked(narrated: Narrated, name: str, length: int) -> soundfile.SoundFile:
    """A sound file, open, which is what the manifest says."""
    path = narrated.folder / name
    if not path.is_file():
        raise InputError(f"{path} is missing, but {MANIFEST} names it; {_AGAIN}")
    try:
        file = soundfile.SoundFile(path)
    except (OSError, soundfile.LibsndfileError) as error:
        raise InputError(f"{path} cannot be decoded ({error}): it is damaged, or no sound; {_AGAIN}") from error
    if file.samplerate != narrated.sample_rate or file.channels != 1:
        raise _other(path, f"{file.channels} channels at {file.samplerate} Hz", f"one at {narrated.sample_rate} Hz")
    if abs(file.frames - length) > _CODEC * file.samplerate:
        is_long, wanted = (f"{n / file.samplerate:.2f} s" for n in (file.frames, length))
        raise _other(path, is_long, wanted)
    return file


def _read(file: soundfile.SoundFile, path: Path, length: int) -> NDArray[np.float32]:
    try:
        samples: NDArray[np.float32] = file.read(length, dtype="float32")
    except (OSError, soundfile.LibsndfileError) as error:
        raise InputError(f"{path} cannot be decoded to its end ({error}): it is damaged; {_AGAIN}") from error
    if length - len(samples) > _CODEC * file.samplerate:
        raise InputError(f"{path} breaks off after {file.tell() / file.samplerate:.2f} s: it is damaged; {_AGAIN}")
    return samples


def _other(path: Path, found: str, wanted: str) -> InputError:
    return InputError(f"{path} is not the sound that {MANIFEST} describes: it has {found}, not {wanted}; {_AGAIN}")
