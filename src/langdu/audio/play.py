"""PCM → loudspeaker, through a program that the system has: what is heard is played while more is made."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Condition, Thread
from typing import TYPE_CHECKING, Final, Self

from langdu.errors import ExportError

if TYPE_CHECKING:
    from types import TracebackType

# Each takes mono 16-bit little-endian PCM on its standard input; the first that is there is taken.
_PLAYERS: Final = (
    "ffplay -nodisp -autoexit -loglevel error -f s16le -sample_rate {rate} -i pipe:0",
    "paplay --raw --format=s16le --rate={rate} --channels=1",
    "aplay -q -t raw -f S16_LE -r {rate} -c 1 -",
    "play -q -t raw -e signed-integer -b 16 -r {rate} -c 1 -",  # SoX
)
_PIECE: Final = 1 << 16


class Player:
    """A context manager that plays what it hears, in order; leaving the block waits until all is played.

    Sound is made faster than it is played: it waits on the disk. Where the block fails, the playing stops at once.

    Raises: ExportError: there is no program that plays; or, when the block ends well, that it failed.
    """

    def __enter__(self) -> Self:
        found = (line.split() for line in _PLAYERS)
        self._command = next((words for words in found if shutil.which(words[0])), [])
        if not self._command:
            names = ", ".join(line.split()[0] for line in _PLAYERS)
            raise ExportError(
                f"there is no program that plays sound (looked for {names}): install ffmpeg or SoX, or leave out --play"
            )
        self._sound = TemporaryFile()
        self._changed = Condition()
        self._written = 0
        self._ended = False
        self._player: subprocess.Popen[bytes] | None = None
        self._feeder = Thread(target=self._feed)
        return self

    def hear(self, pcm: bytes, sample_rate: int) -> None:
        """Play this after what was heard before; returns at once. All sound has one rate."""
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
            raise ExportError(
                f"{self._command[0]} cannot play: {error.strerror}; free some space, or leave out --play"
            ) from error

    def _feed(self) -> None:
        at = 0
        with suppress(OSError):  # it has ended, and `__exit__` says so
            while self._player and self._player.stdin and (piece := self._piece(at)):
                self._player.stdin.write(piece)
                at += len(piece)

    def _piece(self, at: int) -> bytes:
        """Sound from byte `at` on, as soon as there is some; nothing at the end."""
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
            finally:  # Ctrl-C may come while the rest is played
                player.kill()
                self._feeder.join()
                _close(player)
                player.wait()
        if kind is None and player.returncode:
            raise ExportError(f"{self._command[0]} ended with status {player.returncode}: not all was played")


def _close(player: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):  # what it had not taken yet goes away with it
        if player.stdin:
            player.stdin.close()
