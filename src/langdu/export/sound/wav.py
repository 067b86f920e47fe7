"""PCM → WAV."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING, Final

import soundfile
from mutagen import MutagenError
from mutagen.wave import WAVE

from langdu.export.sound import id3
from langdu.export.tags import programme_tags
from langdu.files import atomic, cannot_write
from langdu.sound.pcm import SAMPLE_WIDTH, integers

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.programme import Programme

# The most samples that fit, with tags, into the 32 bits of WAV's size: 24 hours at 24 kHz.
_LONGEST: Final = (2**32 - 2**25) // SAMPLE_WIDTH


def write(path: Path, programme: Programme) -> None:
    """Write the whole programme with ID3 tags; beyond WAV's 4 GB as RF64 (EBU Tech 3306), without tags.

    Raises: ExportError: the file cannot be written.
    """
    fits = programme.samples <= _LONGEST
    with atomic(path) as partial:
        kind = "WAV" if fits else "RF64"
        try:
            with soundfile.SoundFile(partial, "w", programme.sample_rate, 1, "PCM_16", format=kind) as sound:
                for pcm in programme.sound():
                    sound.write(integers(pcm))
            if fits:
                file = WAVE(partial)
                file.add_tags()
                file.update(id3.frames(programme_tags(programme)))
                file.save(v2_version=4)
        except (MutagenError, soundfile.LibsndfileError) as error:
            raise cannot_write(path, str(error)) from error


def write_wav(path: Path, pcm: bytes, sample_rate: int) -> None:
    """Write mono 16-bit PCM as a WAV file, whole or not at all.

    Raises: ExportError: the file cannot be written.
    """
    # Opened here: given a name that it cannot open, Wave_write complains a second time when it is deleted.
    with atomic(path) as temporary, temporary.open("wb") as opened, wave.open(opened, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_WIDTH)
        file.setframerate(sample_rate)
        file.writeframes(pcm)
