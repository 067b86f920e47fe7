"""The room's voice: one thread speaks, paragraph by paragraph, whatever somebody is listening to."""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any, Final

from langdu.errors import InputError
from langdu.export.sound.wav import write_wav
from langdu.room.answers import told
from langdu.room.rows import piece_row, sound_name

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.pipeline.editing.manuscript import Manuscript
    from langdu.pipeline.reciting import Reciter
    from langdu.room.events import Listeners

# Seconds that an interrupted server waits for the sentence that is being spoken.
_PATIENCE: Final = 5.0
# In bytes: six hours of sound.
_LARGEST: Final = 1 << 30


class Spoken:
    """What has been spoken of an article, and what shall be. Only `Speaking` changes it, while it holds its lock.

    `wanted` is the paragraph that the listener is at, None if nobody wants to hear anything; `urgent` are corrected
    ones. `pieces` has the events of each paragraph, by its index. `asked` is when somebody asked last; `size` is how
    many bytes of sound are in `folder`.
    """

    def __init__(self, manuscript: Manuscript, listeners: Listeners, folder: Path) -> None:
        self.manuscript = manuscript
        self.listeners = listeners
        self.folder = folder
        self.wanted: int | None = None
        self.urgent: list[int] = []
        self.pieces: dict[int, list[dict[str, Any]]] = {}
        self.whole: set[int] = set()
        self.asked = 0.0
        self.size = 0

    def forget(self) -> None:
        """Remove all sound."""
        self.pieces.clear()
        self.whole.clear()
        self.size = 0
        for path in list(self.folder.glob("*.wav")):
            path.unlink(missing_ok=True)

    def order(self) -> list[int]:
        """The paragraphs that are still to be spoken, the next one first."""
        wanted = self.wanted
        if wanted is None:
            return []
        indices = [paragraph.index for paragraph in self.manuscript.article.spoken_order()]
        first = [index for index in self.urgent if index in indices]
        rest = [index for index in indices if index >= wanted] + [index for index in indices if index < wanted]
        return [index for index in dict.fromkeys([*first, *rest]) if index not in self.whole]

    def progress(self) -> dict[str, Any]:
        """How far it is."""
        order = self.order()
        of = sum(1 for _ in self.manuscript.article.spoken_order())
        return {"done": len(self.whole), "of": of, "speaking": order[0] if order else None}


class Speaking:
    """Speaks for the whole room. `ask`, `changed` and `stop` may be called from any thread."""

    def __init__(self, reciter: Reciter) -> None:
        self._reciter = reciter
        self._articles: dict[str, Spoken] = {}
        self._turn = Condition()
        self._ended = False
        self._again = 0  # counts what may change whose turn it is
        self._thread = Thread(target=self._run, name="langdu-speaking", daemon=True)
        self._thread.start()

    def ask(self, spoken: Spoken, start: int | None) -> None:
        """Speak an article from this paragraph on; None: speak no more of it."""
        with self._turn:
            spoken.wanted = start
            spoken.asked = time.monotonic()
            self._articles[spoken.manuscript.shelved.id] = spoken
            self._again += 1
            self._turn.notify()

    def heed(self) -> None:
        """Look again whose turn it is: somebody has begun to listen."""
        with self._turn:
            self._again += 1
            self._turn.notify()

    def changed(self, spoken: Spoken, indices: list[int], *, restructured: bool) -> None:
        """Forget the sound of paragraphs that are read otherwise now; if somebody listens, they come first."""
        with self._turn:
            if restructured:
                spoken.pieces.clear()
                spoken.whole.clear()
            for index in indices:
                spoken.pieces.pop(index, None)
                spoken.whole.discard(index)
            spoken.urgent = [*indices, *(index for index in spoken.urgent if index not in indices)]
            self._again += 1
            self._turn.notify()

    def earlier(self, spoken: Spoken) -> list[dict[str, Any]]:
        """The pieces that are ready."""
        with self._turn:
            return [piece for index in sorted(spoken.pieces) for piece in spoken.pieces[index]]

    def forget(self, spoken: Spoken) -> None:
        """Speak no more of an article that is closed."""
        with self._turn:
            self._articles.pop(spoken.manuscript.shelved.id, None)
            spoken.wanted = None
            self._again += 1

    def end(self) -> None:
        """Stop at once, and end the voice's processes."""
        with self._turn:
            self._ended = True
            self._again += 1
            self._turn.notify()
        self._reciter.end()
        self._thread.join(_PATIENCE)

    def _next(self) -> tuple[Spoken, int, int] | None:
        """Whose turn it is: the article that was asked for last, and its next paragraph; None when the room closes."""
        with self._turn:
            while not self._ended:
                for spoken in sorted(self._articles.values(), key=lambda each: -each.asked):
                    order = spoken.order() if len(spoken.listeners) else []
                    if order:
                        return spoken, order[0], self._again
                self._turn.wait()
            return None

    def _run(self) -> None:
        while turn := self._next():
            spoken, index, again = turn
            try:
                self._speak(spoken, index, again)
            except Exception as error:  # noqa: BLE001 - the room goes on, and the page says what has happened
                if self._ended:  # whatever the end of the voice's processes has broken
                    return
                with self._turn:
                    spoken.wanted = None
                spoken.listeners.tell("failed", {"message": told(error)})

    def _speak(self, spoken: Spoken, index: int, again: int) -> None:
        manuscript = spoken.manuscript
        spoken.listeners.tell("progress", spoken.progress())
        version, article = manuscript.version, manuscript.article
        (read,) = manuscript.read([index])
        pieces: list[dict[str, Any]] = []
        for piece in self._reciter.paragraph(article, read.paragraph):
            path = spoken.folder / sound_name(read.sound, piece.number)
            if not path.exists():
                write_wav(path, piece.pcm, piece.sample_rate)
                self._kept(spoken, len(piece.pcm))
            pieces.append(piece_row(manuscript.shelved.id, index, read.sound, piece))
            if manuscript.version != version and not self._is_still(spoken, index, read.sound):
                return  # it was corrected meanwhile
            with self._turn:
                spoken.pieces[index] = list(pieces)
                spoken.listeners.tell("piece", pieces[-1])
                if not len(spoken.listeners) or (self._again != again and self._is_outdone(spoken, index)):
                    return
        with self._turn:
            spoken.whole.add(index)
            with suppress(ValueError):
                spoken.urgent.remove(index)
            spoken.pieces.setdefault(index, pieces)
            if not spoken.order():
                spoken.listeners.tell("progress", spoken.progress())

    def _kept(self, spoken: Spoken, size: int) -> None:
        """Count what is on the disk; if it is too much, the sound of the article that was asked for first goes."""
        with self._turn:
            spoken.size += size
            others = [each for each in self._articles.values() if each is not spoken and each.size]
            if others and sum(each.size for each in self._articles.values()) > _LARGEST:
                min(others, key=lambda each: each.asked).forget()

    @staticmethod
    def _is_still(spoken: Spoken, index: int, sound: str) -> bool:
        """Whether a paragraph is still there and sounds so."""
        try:
            return spoken.manuscript.read([index])[0].sound == sound
        except InputError:
            return False

    def _is_outdone(self, spoken: Spoken, index: int) -> bool:
        """Whether something else is to be spoken first now."""
        order = spoken.order()
        latest = max(self._articles.values(), key=lambda each: each.asked, default=spoken)
        return self._ended or not order or order[0] != index or latest is not spoken
