"""The articles that are open in a room, each by its id."""

from __future__ import annotations

import hashlib
import shutil
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from langdu.pipeline.editing.manuscript import Manuscript
from langdu.room.events import Listeners
from langdu.room.rows import article_row, paragraph_row
from langdu.room.speaking import Speaking, Spoken
from langdu.room.taking import Exports

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from langdu.model import Article
    from langdu.pipeline.editing.manuscript import Changed
    from langdu.pipeline.editing.shelf import Shelf
    from langdu.pipeline.reciting import Reciter
    from langdu.settings import Settings

# How many articles are in memory; those that nobody listens to are closed first, and open again from the shelf.
_OPEN: Final = 16


class OpenArticle:
    """An article that somebody reads: its manuscript, who listens, what is spoken, what is taken away.

    `folder` has its sound, and is removed when the article is closed.
    """

    def __init__(self, manuscript: Manuscript, listeners: Listeners, folder: Path, reciter: Reciter) -> None:
        self.manuscript = manuscript
        self.listeners = listeners
        self.folder = folder
        self.spoken = Spoken(manuscript, listeners, folder)
        self.exports = Exports(manuscript, listeners, folder, reciter)

    def change_row(self, changed: Changed) -> dict[str, Any]:
        """A Change."""
        manuscript = self.manuscript
        return {
            "version": manuscript.version,
            "undo": manuscript.can_undo,
            "redo": manuscript.can_redo,
            "paragraphs": [] if changed.restructured else [paragraph_row(read) for read in changed.paragraphs],
            "findings_changed": True,
            "article": article_row(manuscript) if changed.restructured else None,
        }


class Opened:
    """Opens articles from the shelf, and puts new ones there. Its methods may be called from any thread."""

    def __init__(
        self, shelf: Shelf, settings: Settings, reciter: Reciter, work: Path, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.shelf = shelf
        self.speaking = Speaking(reciter)
        self._settings = settings
        self._reciter = reciter
        self._work = work
        self._loop = loop
        self._lock = Lock()
        self._adding = Lock()
        self._articles: OrderedDict[str, OpenArticle] = OrderedDict()

    def add(self, article: Article) -> OpenArticle:
        """Put a new article on the shelf and open it."""
        with self._adding:  # one text that is given twice at once is one article
            added = self.shelf.add(article)
        return self.find(added.id)

    def find(self, article_id: str) -> OpenArticle:
        """An open article, or one from the shelf. Raises: InputError: there is none."""
        with self._lock:
            if article_id in self._articles:
                self._articles.move_to_end(article_id)
                return self._articles[article_id]
            manuscript = Manuscript(self.shelf, self.shelf.find(article_id), self._settings)
            folder = self._work / hashlib.sha256(article_id.encode()).hexdigest()[:16]
            folder.mkdir(exist_ok=True)
            new = OpenArticle(manuscript, Listeners(self._loop), folder, self._reciter)
            self._articles[article_id] = new
            self._make_room()
            return new

    def current(self, article_id: str) -> OpenArticle:
        """As `find`; if another program has changed the article's file, everybody is told what."""
        article = self.find(article_id)
        if changed := article.manuscript.refreshed():
            self.changed(article, changed)
        return article

    def remove(self, article: OpenArticle) -> None:
        """Close an article and take it off the shelf."""
        with self._lock:
            self._close(article)
            self.shelf.remove(article.manuscript.shelved)

    def changed(self, article: OpenArticle, changed: Changed) -> dict[str, Any]:
        """Tell everybody what a correction changed; returns the same."""
        indices = [read.paragraph.index for read in changed.paragraphs]
        self.speaking.changed(article.spoken, indices, restructured=changed.restructured)
        row = article.change_row(changed)
        article.listeners.tell("change", row)
        return row

    def end(self) -> None:
        """End speaking and making files: the room closes."""
        for article in self.all():
            article.exports.end()
        self.speaking.end()
        for article in self.all():
            article.exports.wait()

    def all(self) -> list[OpenArticle]:
        """Every open article."""
        return list(self._articles.values())

    def _make_room(self) -> None:
        idle = [each for each in self._articles.values() if not len(each.listeners) and not each.exports.busy]
        for article in idle[: max(0, len(self._articles) - _OPEN)]:
            if article is not next(reversed(self._articles.values())):
                self._close(article)

    def _close(self, article: OpenArticle) -> None:
        article.exports.end()
        self.speaking.forget(article.spoken)
        self._articles.pop(article.manuscript.shelved.id, None)
        shutil.rmtree(article.folder, ignore_errors=True)
