"""PCM → loudspeaker, through a program of the system, while more sound is being made."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Condition, Thread
from typing import TYPE_CHECKING, Final, Self

from langdu import files
from langdu.errors import ExportError

if TYPE_CHECKING:
    from types import TracebackType

# Each takes mono 16-bit little-endian PCM on its standard input; the first that is installed is used.
PLAYERS: Final = (
    "ffplay -nodisp -autoexit -loglevel error -f s16le -sample_rate {rate} -i pipe:0",
    "paplay --raw --format=s16le --rate={rate} --channels=1",
    "aplay -q -t raw -f S16_LE -r {rate} -c 1 -",
    "play -q -t raw -e signed-integer -b 16 -r {rate} -c 1 -",  # SoX
)
_PIECE: Final = 1 << 16


def installed_player() -> list[str]:
    """The words of the first command that is installed; none if no program that plays is."""
    commands = (line.split() for line in PLAYERS)
    return next((words for words in commands if shutil.which(words[0])), [])


class Player:
    """A context manager that plays sound in the order it gets it. Leaving the block waits until all is played.

    Sound is made faster than it is played, so it waits in a file. If the block fails, playing stops at once.

    Raises: ExportError: no program that plays is installed, or it failed.
    """

    def __enter__(self) -> Self:
        self._command = installed_player()
        if not self._command:
            names = ", ".join(line.split()[0] for line in PLAYERS)
            raise ExportError(
                f"no program that plays sound is installed (tried {names}): install ffmpeg or SoX, or leave out --play"
            )
        self._sound = TemporaryFile()
        self._changed = Condition()
        self._written = 0
        self._ended = False
        self._player: subprocess.Popen[bytes] | None = None
        self._feeder = Thread(target=self._feed)
        return self

    def play(self, pcm: bytes, sample_rate: int) -> None:
        """Play this after the sound before; returns at once. All sound must have the same rate."""
        try:
            if self._player is None:
                words = [word.format(rate=sample_rate) for word in self._command]
                self._player = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
                self._feeder.start()
            with self._changed:
                self._sound.seek(self._written)
                self._written += self._sound.write(pcm)
                self._changed.notify()
        except OSError as error:
            reason = files.reason(error)
            raise ExportError(f"{self._command[0]} cannot play: {reason}; leave out --play") from error

    def _feed(self) -> None:
        at = 0
        with suppress(OSError):  # the player has ended, which `__exit__` reports
            while self._player and self._player.stdin and (piece := self._piece(at)):
                self._player.stdin.write(piece)
                at += len(piece)

    def _piece(self, at: int) -> bytes:
        """The next sound from byte `at` on, as soon as there is some; b"" at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._written > at or self._ended)
            self._sound.seek(at)
            return self._sound.read(_PIECE)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._sound:
            player = self._player
            if player is None or player.stdin is None:
                return
            with self._changed:
                self._ended = True
                self._changed.notify()
            try:
                if kind is None:
                    self._feeder.join()
                    _close(player)
                    player.wait()
            finally:  # Ctrl-C may arrive while the rest is played
                player.kill()
                self._feeder.join()
                _close(player)
                player.wait()
        if kind is None and player.returncode:
            raise ExportError(f"{self._command[0]} ended with status {player.returncode} before everything was played")


def _close(player: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):  # the player is gone, with whatever it had not read
        if player.stdin:
            player.stdin.close()
