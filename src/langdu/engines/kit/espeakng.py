"""The program espeak-ng through its C library: text or phonemes → sound, and when each word begins.

The library has one global state, so a process has one instance and one thread at a time speaks with it.
Source: speak_lib.h of espeak-ng 1.52; the wheel espeakng-loader brings library and data.
"""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
import threading
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langdu.errors import EngineUnavailable, SynthesisFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLE_RATE: Final = 22_050
# Words a minute at its own pace.
PACE: Final = 175
MANDARIN: Final = ("lang/sit/cmn",)
ENGLISH: Final = ("lang/gmw/en-US",)
ENGLISH_WOMAN: Final = (*ENGLISH, "voices/!v/f3")
_SLOWEST, _FASTEST = 80, 449  # words a minute that it speaks by itself
# speak_lib.h
_SYNCHRONOUS: Final = 2
_PHONEME_EVENTS, _NEVER_EXIT = 0x1, 0x8000
_UTF8, _IN_PHONEMES, _END_PAUSE = 0x1, 0x100, 0x1000
_BY_CHARACTER: Final = 1
_RATE, _PITCH = 1, 3
_WORD, _PHONEME = 1, 7
# Of the path of its data, in bytes: it copies it into a buffer of 160.
_LONGEST_PATH: Final = 159
# A voice's path may have 59 bytes, in lower case: the folder for temporary files on macOS is too long.
_TEMPORARY: Final = "/tmp" if os.name == "posix" else None  # noqa: S108 - mkstemp makes it safe


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How it speaks: the data files that describe the voice, the pitch (0 to 99), the rate (1 is its own pace)."""

    voice: tuple[str, ...]
    pitch: int = 50
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class EspeakSound:
    """Speech as 16-bit PCM at `SAMPLE_RATE`, without the silence after it.

    `words` has, for each word, its offset in the text, in characters, and the sample where it begins.
    """

    pcm: bytes
    words: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        """Length in samples."""
        return len(self.pcm) // 2


def installed() -> bool:
    """Whether the extra is installed; does not load it."""
    return find_spec("espeakng_loader") is not None


def maker() -> str:
    """Identifies the installed version; "" if there is none."""
    return f"espeakng-loader {version('espeakng-loader')}" if installed() else ""


def library() -> Library:
    """The only instance of this process, loaded at the first call.

    Raises: EngineUnavailable: it is not installed, or cannot be loaded.
    """
    with _ALONE:
        return _loaded()


@cache
def _loaded() -> Library:
    try:
        import espeakng_loader  # noqa: PLC0415 - an extra, and what only speaking needs
    except ImportError as error:
        raise EngineUnavailable("the voice espeak needs espeak-ng; run: pip install 'langdu[espeak]'") from error
    try:
        return Library(ctypes.CDLL(espeakng_loader.get_library_path()), espeakng_loader.get_data_path())
    except (OSError, RuntimeError) as error:  # the library, or the data beside it
        raise EngineUnavailable(
            f"espeak-ng cannot be loaded: {error}; run: pip install --force-reinstall espeakng-loader"
        ) from error


_ALONE: Final = threading.Lock()


class Library:
    """espeak-ng, loaded. Raises: OSError: it cannot read its `data`.

    The same words always give the same sound. By default its wavering (flutter, roughness) and its noise go on where
    the last call ended, so each call loads the voice anew, without wavering, and resets the noise.
    """

    def __init__(self, c: ctypes.CDLL, data: str) -> None:
        c.espeak_TextToPhonemes.restype = ctypes.c_char_p
        c.espeak_ng_SetRandSeed.argtypes = [ctypes.c_long]
        if c.espeak_Initialize(_SYNCHRONOUS, 0, _encoded(data), _PHONEME_EVENTS | _NEVER_EXIT) != SAMPLE_RATE:
            raise OSError(f"it cannot read {data} (it knows no path of more than {_LONGEST_PATH} bytes)")
        self._c = c
        self._data = Path(data)
        self._pcm = bytearray()
        self._events: list[tuple[int, int, int, bytes]] = []
        self._callback = _Callback(self._take)  # kept: the library calls it as long as it speaks
        c.espeak_SetSynthCallback(self._callback)

    def text(self, text: str, manner: Manner) -> EspeakSound:
        """Say a text. Raises: EngineUnavailable: it cannot read the voice. SynthesisFailed: it made no sound."""
        with _ALONE:
            return self._say(text, manner, 0)

    def phonemes(self, words: Sequence[str], manner: Manner) -> EspeakSound:
        """Say words that are spelled in espeak-ng's phonemes, with one `words` entry for each.

        The library takes phonemes that it cannot read for English or digits, and says something else; so it is asked
        what it read.

        Raises: EngineUnavailable: it cannot read the voice. SynthesisFailed: it read something else, or made no sound.
        """
        text = f"[[{' '.join(words)}]]"
        with _ALONE:
            sound = self._say(text, manner, _IN_PHONEMES)
            read = self._read(text)
        if read != [_unstressed(word) for word in words] or len(sound.words) != len(words):
            raise SynthesisFailed(f"espeak-ng says {' '.join(read)} for {' '.join(words)}; tell the makers of langdu")
        return sound

    def _say(self, text: str, manner: Manner, flags: int) -> EspeakSound:
        self._load(manner.voice)
        self._c.espeak_ng_SetRandSeed(1)
        self._c.espeak_SetParameter(_PITCH, manner.pitch, 0)
        self._c.espeak_SetParameter(_RATE, min(max(round(PACE * manner.rate), _SLOWEST), _FASTEST), 0)
        self._pcm.clear()
        self._events.clear()
        written = text.encode()
        options = _UTF8 | _END_PAUSE | flags
        failed = self._c.espeak_Synth(written, len(written) + 1, 0, _BY_CHARACTER, 0, options, None, None)
        words = tuple((place - 1, sample) for kind, place, sample, _ in self._events if kind == _WORD)
        end = self._end()
        if failed or not words or not end:
            raise SynthesisFailed(f"espeak-ng made no sound of {text[:40]!r}")
        return EspeakSound(bytes(self._pcm[: 2 * end]), words)

    def _load(self, voice: tuple[str, ...]) -> None:
        """Load a voice without wavering: that can only be set in a file, and only files with short names are read."""
        try:
            lines = [line for part in voice for line in (self._data / part).read_bytes().splitlines()]
            handle, name = tempfile.mkstemp(prefix="langdu-", dir=_TEMPORARY)
            try:
                with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
                    own = [line for line in lines if not line.startswith(b"language variant")]
                    file.write(b"\n".join([*own, b"flutter 0", b"roughness 0", b""]))
                failed = self._c.espeak_SetVoiceByFile(_encoded(name))
            finally:
                Path(name).unlink()
        except OSError as error:
            raise EngineUnavailable(
                f"espeak-ng cannot load its voice: {error}; if the disk is full, free some space, else run: "
                "pip install --force-reinstall espeakng-loader"
            ) from error
        if failed:
            raise EngineUnavailable(
                f"espeak-ng cannot read the voice in {name}: set TMP to a folder with a short name in plain letters"
            )

    def _end(self) -> int:
        """Where the last phoneme that is not a pause ends, in samples: at the first pause after it."""
        end, sounding = 0, False
        for kind, _, sample, name in self._events:
            if kind == _PHONEME:
                if sounding and name.startswith(b"_"):
                    end = sample
                sounding = not name.startswith(b"_")
        return end

    def _read(self, text: str) -> list[str]:
        """What the library reads in a text that it has just spoken, word by word, without stress."""
        rest = ctypes.c_char_p(text.encode())
        read = ""
        while rest.value:
            read += self._c.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, 0).decode()
        return [_unstressed(word) for word in read.replace("_|", " ").split()]

    def _take(self, pcm: int | None, samples: int, events: Any) -> int:  # noqa: ANN401 - a ctypes pointer
        """The library's callback for each piece of sound (none at the end); 0 means go on."""
        if pcm and samples > 0:
            self._pcm += ctypes.string_at(pcm, 2 * samples)
        i = 0
        while events[i].type:
            event = events[i]
            self._events.append((event.type, event.text_position, event.sample, event.id.string))
            i += 1
        return 0


def _encoded(path: str) -> bytes:
    """A path as the C library opens it."""
    return path.encode("mbcs") if sys.platform == "win32" else os.fsencode(path)


def _unstressed(word: str) -> str:
    return word.replace("'", "").replace(",", "")
