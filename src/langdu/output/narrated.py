"""A narration read back: its manifest, and its sound paragraph by paragraph."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import soundfile

from langdu import files, pinyin
from langdu.errors import InputError
from langdu.model import Break, Origin, Reading, Span, Timing
from langdu.output.folder import LARGEST, MANIFEST
from langdu.output.manifest import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

# Formats that soundfile decodes. A narration is heard in the first of these that it has.
_DECODED: Final = (".wav", ".flac", ".mp3", ".opus", ".ogg")
# The rates that Opus can be decoded to (RFC 7845, 5.1). With any other rate, the manifest does not fit the file.
_OPUS: Final = (8_000, 12_000, 16_000, 24_000, 48_000)
# How much a codec may add or remove at the end of a file, in seconds.
_CODEC_S: Final = 0.1
# The longest paragraph, in samples: three quarters of an hour at 48 kHz, over two hours at 16 kHz.
_LONGEST: Final = 1 << 27
_PACES: Final = (0.1, 10.0)  # the manifest is damaged if a pace is outside
_AGAIN: Final = "narrate the article again, with langdu read"


@dataclass(frozen=True, slots=True, kw_only=True)
class NarratedParagraph:
    """One paragraph of a narration, `[start, end)` in samples of the programme; `file` is its own sound, if any.

    `voice` is the id of the voice that reads it. `pace` is relative to the whole: a title is slower.
    """

    index: int
    text: str
    voice: str
    pace: float
    file: str | None
    start: int
    end: int
    timings: tuple[Timing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrated:
    """What a manifest says of the files beside it. `files` are those of the whole programme, by kind.

    `music` plays under the voice in these, but not in the files of paragraphs.
    """

    folder: Path
    title: str
    voice: str
    rate: float
    sample_rate: int
    files: Mapping[str, str]
    paragraphs: tuple[NarratedParagraph, ...]
    music: bool = False


# --- the manifest ---------------------------------------------------------------------------------------------------


def open_narration(folder: Path) -> Narrated:
    """Read the manifest of a narration.

    Raises: InputError: there is no such folder, it has no manifest, or the manifest is damaged.
    """
    path = folder / MANIFEST
    try:
        table = files.from_json(files.text(path, LARGEST))
    except (FileNotFoundError, NotADirectoryError) as error:
        why = f"{folder} has no {MANIFEST}" if folder.is_dir() else f"there is no folder {folder}"
        raise InputError(f"{why}: give a folder that langdu read wrote into") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {files.reason(error)}; {_AGAIN}") from error
    except ValueError as error:
        raise InputError(f"{path} is damaged: it is not JSON; {_AGAIN}") from error
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
    narrated = Narrated(
        folder=folder,
        title=_text(table["title"]),
        voice=_text(table["voice"]),
        rate=pace,
        sample_rate=rate,
        files={str(kind): _plain(name) for kind, name in table["files"].items()},
        paragraphs=tuple(_paragraph({"voice": table["voice"], **row}, rate) for row in table["paragraphs"]),
        music=bool(table.get("music", False)),
    )
    end = 0
    for paragraph in narrated.paragraphs:
        if abs(paragraph.start - end) > rate // 1000 or paragraph.end < paragraph.start:
            raise ValueError(f"paragraph {paragraph.index} does not begin where the one before it ends")
        end = paragraph.end
    return narrated


def _plain(name: str) -> str:
    """A name in the folder itself: a manifest from elsewhere must not lead out of it."""
    if not files.is_name(name):
        raise ValueError(f"{reprlib.repr(name)} is not the name of a file in the folder")
    return name


def _text(text: str) -> str:
    """A text that can be printed. Raises: AttributeError: it is not text. ValueError: it has half a surrogate pair."""
    text.encode()
    return text


def _sample(seconds: float, rate: int) -> int:
    return round(float(seconds) * rate)


def _paragraph(row: dict[str, Any], rate: int) -> NarratedParagraph:
    start, end = _sample(row["start"], rate), _sample(row["end"], rate)
    if end - start > _LONGEST:
        raise ValueError(f"paragraph {row['index']} is {row['end'] - row['start']} seconds long")
    timings = tuple(_timing(token, rate) for token in row["tokens"])
    at = start
    for timing in timings:
        if not at - 2 <= timing.start < timing.end <= end + 2:  # times are rounded to a tenth of a millisecond
            raise ValueError(f"the time of {timing.text!r} in paragraph {row['index']}")
        at = timing.end
    file, pace = row.get("file"), float(row.get("pace", 1.0))
    if not _PACES[0] <= pace <= _PACES[1]:
        raise ValueError(f"pace {pace} of paragraph {row['index']}")
    return NarratedParagraph(
        index=int(row["index"]),
        text=_text(row["text"]),
        voice=_text(row["voice"]),
        pace=pace,
        file=file and _plain(file),
        start=start,
        end=end,
        timings=timings,
    )


def _timing(row: dict[str, Any], rate: int) -> Timing:
    return Timing(
        text=_text(row["text"]),
        at=Span(*map(int, row["at"])),
        reading=_reading(row),
        start=_sample(row["start"], rate),
        end=_sample(row["end"], rate),
        break_after=Break(row["break"]) if "break" in row else None,
        voice=_text(row["voice"]) if "voice" in row else None,
    )


def _reading(row: dict[str, Any]) -> Reading | None:
    # The first manifests had only the citation tone.
    heard = row["surface"] if "surface" in row else row["pinyin"]
    if not heard:
        return None
    citation = row.get("pinyin") or heard
    return Reading(
        pinyin.parse_syllable(citation), pinyin.parse_syllable(heard), Origin(row.get("source", Origin.LEXICON))
    )


# --- the sound ------------------------------------------------------------------------------------------------------


def narrated_sounds(narrated: Narrated) -> Iterator[tuple[NarratedParagraph, NDArray[np.float32]]]:
    """Each paragraph with its sound: mono, full scale 1. Only one paragraph's sound is in memory.

    It comes from a file of the whole programme if there is one without music, else from each paragraph's own file. All
    sound files must be there and as long as the manifest says.

    Raises: InputError: a file is missing, damaged, or not the one that the manifest describes.
    """
    decoded = [end for end in _DECODED if end != ".opus" or narrated.sample_rate in _OPUS]
    files = () if narrated.music else narrated.files.values()
    whole = next((name for end in decoded for name in files if name.endswith(end)), None)
    own = [paragraph for paragraph in narrated.paragraphs if paragraph.file]
    for paragraph in own:
        _opened(narrated, paragraph.file or "", paragraph.end - paragraph.start).close()
    if whole:
        yield from _sounds_of_whole(narrated, whole)
    elif len(own) == len(narrated.paragraphs):
        for paragraph in own:
            name, length = paragraph.file or "", paragraph.end - paragraph.start
            with _opened(narrated, name, length) as file:
                yield paragraph, _samples(file, narrated.folder / name, length)
    else:
        raise InputError(
            f"{narrated.folder} has no sound that langdu can listen to ({', '.join(_DECODED)}): "
            "narrate the article again, with --format mp3"
        )


def _sounds_of_whole(narrated: Narrated, name: str) -> Iterator[tuple[NarratedParagraph, NDArray[np.float32]]]:
    # Read from beginning to end, without seeking: to find a place in an MP3, all before it must be decoded again.
    length = narrated.paragraphs[-1].end if narrated.paragraphs else 0
    with _opened(narrated, name, length) as file:
        for paragraph in narrated.paragraphs:
            yield paragraph, _samples(file, narrated.folder / name, paragraph.end - paragraph.start)


def _opened(narrated: Narrated, name: str, length: int) -> soundfile.SoundFile:
    """A sound file of the rate and length that the manifest says."""
    path = narrated.folder / name
    if not path.is_file():
        raise InputError(f"{path} is missing, but {MANIFEST} names it; {_AGAIN}")
    try:
        file = soundfile.SoundFile(path)
    except (OSError, soundfile.LibsndfileError) as error:
        raise InputError(f"{path} cannot be decoded ({error}): it is damaged, or not a sound file; {_AGAIN}") from error
    if file.samplerate != narrated.sample_rate or file.channels != 1:
        raise _other_sound(
            path, f"{file.channels} channels at {file.samplerate} Hz", f"one at {narrated.sample_rate} Hz"
        )
    if abs(file.frames - length) > _CODEC_S * file.samplerate:
        is_long, wanted = (f"{n / file.samplerate:.2f} s" for n in (file.frames, length))
        raise _other_sound(path, is_long, wanted)
    return file


def _samples(file: soundfile.SoundFile, path: Path, length: int) -> NDArray[np.float32]:
    try:
        samples: NDArray[np.float32] = file.read(length, dtype="float32")
    except (OSError, soundfile.LibsndfileError) as error:
        raise InputError(f"{path} cannot be decoded to its end ({error}): it is damaged; {_AGAIN}") from error
    if length - len(samples) > _CODEC_S * file.samplerate:
        raise InputError(f"{path} breaks off after {file.tell() / file.samplerate:.2f} s: it is damaged; {_AGAIN}")
    return samples


def _other_sound(path: Path, has: str, wanted: str) -> InputError:
    return InputError(f"{path} is not the sound that {MANIFEST} describes: it has {has}, not {wanted}; {_AGAIN}")
