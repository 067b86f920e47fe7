"""An open article: its text as it is now, what it was before, and what langdu reads and finds in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from threading import Lock, RLock
from typing import TYPE_CHECKING, Final

from langdu import files
from langdu.check.report import located
from langdu.check.report.baseline import baseline_table, read_baseline, without_accepted
from langdu.errors import InputError
from langdu.lexicon import user
from langdu.marks import HANZI
from langdu.parse.parser import parse_article
from langdu.parse.sources.formats import extract
from langdu.pipeline.checking.acceptance import contexts
from langdu.pipeline.editing.correcting import NewReading, with_line, with_readings, with_suggestion
from langdu.pipeline.editing.readings import read_paragraphs, reading_place, with_reading
from langdu.pipeline.editing.shelf import ACCEPTED
from langdu.pipeline.text import check
from langdu.pronounce import learn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from langdu.check.report import LocatedFinding
    from langdu.lexicon.user import UserEntry
    from langdu.model import Article, Paragraph, Syllable
    from langdu.pipeline.editing.readings import ReadingPlace, ReadParagraph
    from langdu.pipeline.editing.shelf import Shelf, Shelved
    from langdu.settings import Settings

# How many corrections can be undone: fewer in a book, whose text is in memory for each.
_HISTORY: Final = 200
_CHARACTERS: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class _Taught:
    """An entry that a correction put into the user's table, and the one that it replaced."""

    table: Path
    new: UserEntry
    old: UserEntry | None


@dataclass(frozen=True, slots=True)
class _Step:
    """One correction: the text before and after it, and what the user's table was taught, if anything."""

    before: str
    after: str
    taught: _Taught | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What a correction changed: paragraphs by their index, or the article's paragraphs themselves (`restructured`)."""

    paragraphs: tuple[ReadParagraph, ...]
    restructured: bool


class Manuscript:
    """An article on the shelf that somebody is reading and correcting. Every change is written to its file at once.

    Its methods may be called by several threads. `version` counts the changes; `settings` are those of the room.
    """

    def __init__(self, shelf: Shelf, shelved: Shelved, settings: Settings) -> None:
        self.shelved = shelved
        self.version = 0
        self._shelf = shelf
        self.settings = settings
        self._lock = RLock()
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._read: dict[int, ReadParagraph] = {}
        self._checking = Lock()
        self._checked: Article | None = None
        self._found: list[LocatedFinding] = []
        self._written = shelf.text(shelved)
        self.article = self._parsed(self._written)

    @property
    def path(self) -> Path:
        """The article's file."""
        return self._shelf.path(self.shelved)

    @property
    def can_undo(self) -> bool:
        """Whether there is a correction to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a correction that was taken back."""
        return bool(self._undone)

    def paragraph(self, index: int) -> Paragraph:
        """A paragraph by its index; the title has -1. Raises: InputError: there is none."""
        for paragraph in self.article.spoken_order():
            if paragraph.index == index:
                return paragraph
        raise InputError(f"the article has no paragraph {index}: load the page again")

    def _parsed(self, text: str) -> Article:
        source = extract(text.encode("utf-8", "surrogateescape"), str(self.path))
        return parse_article(source)

    # --- readings ---------------------------------------------------------------------------------------------------

    def read(self, indices: Iterable[int]) -> list[ReadParagraph]:
        """Paragraphs with their readings, in order."""
        with self._lock:
            wanted = list(indices)
            missing = [self.paragraph(index) for index in wanted if index not in self._read]
            for paragraph in read_paragraphs(self.article, missing, self.settings):
                self._read[paragraph.paragraph.index] = paragraph
            return [self._read[index] for index in wanted]

    def read_from(self, start: int, count: int) -> tuple[int, list[ReadParagraph]]:
        """The version, and at most `count` of its paragraphs with their readings, from the index `start` on."""
        with self._lock:  # a change meanwhile may take paragraphs away
            indices = [p.index for p in self.article.spoken_order() if p.index >= start]
            return self.version, self.read(indices[:count])

    def read_all(self) -> dict[int, ReadParagraph]:
        """Every paragraph with its readings, by its index."""
        with self._lock:
            return {p.paragraph.index: p for p in self.read(p.index for p in self.article.spoken_order())}

    def place(self, index: int, at: int) -> ReadingPlace:
        """What is known of one character. Raises: InputError: it has no reading of its own."""
        with self._lock:
            char = self._hanzi(index, at)
            (own,) = self.read([index])
            word = next(word.text for word in own.words if word.span.start <= at < word.span.end)
            same = [p.index for p in self.article.spoken_order() if word in p.text]
            read = {p.paragraph.index: p for p in self.read(same)}
            place = reading_place(self.article, index, at, read, self.settings)
        if place is None:
            raise InputError(f"{char} is not read on its own here: choose the hanzi before it")
        return place

    def _hanzi(self, index: int, at: int) -> str:
        """The character at a place. Raises: InputError: there is none, or it is no hanzi."""
        text = self.paragraph(index).text
        if not (0 <= at < len(text) and HANZI.fullmatch(text[at])):
            raise InputError(f"there is no hanzi at {at} of paragraph {index}: choose one")
        return text[at]

    # --- corrections ------------------------------------------------------------------------------------------------

    def correct_here(self, index: int, at: int, syllable: Syllable) -> Changed:
        """Read one character so, at this place only."""
        with self._lock:
            self._hanzi(index, at)
            return self._change(with_readings(self.article, [NewReading(index, at, syllable)]))

    def correct_everywhere(self, index: int, at: int, syllable: Syllable) -> Changed:
        """Read the character so wherever it stands in the same word in this article."""
        with self._lock:
            places = self.place(index, at).same
            return self._change(with_readings(self.article, [NewReading(i, a, syllable) for i, a in places]))

    def correct_always(self, index: int, at: int, syllable: Syllable) -> Changed:
        """Put the reading of this word into the user's own table; where the article itself says otherwise, change that.

        Raises: InputError: the word stands alone, and one character says too little. ConfigError: the table is damaged.
        """
        with self._lock:
            self._check_file()
            entry = self._entry(index, at, syllable)
            table = self.settings.lexicon or user.user_table()
            text = user.table_text(table) if table.exists() else ""
            same = [e for e in user.parse_table(text, str(table)) if (e.word, e.context) == (entry.word, entry.context)]
            paragraph = self.paragraph(index)
            noted = any(span.start <= at < span.end for span, _ in paragraph.annotated())
            after = self.article.source.text
            if noted:
                after = with_readings(self.article, [NewReading(index, at, syllable)])
            taught = _Taught(table, entry, same[0] if same else None)
            self._teach(_Step("", "", taught), back=False)
            return self._change(after, taught)

    def _entry(self, index: int, at: int, syllable: Syllable) -> UserEntry:
        place = self.place(index, at)
        (read,) = self.read([index])
        word = next(word for word in read.words if word.span == place.word)
        whole = with_reading(word, at - word.span.start, syllable)
        if whole is None:
            raise InputError(f"{word.text} is not a word in hanzi alone: apply the reading here, or everywhere")
        if len(word.text) > 1:
            return user.UserEntry(word.text, whole)
        context = next(contexts(read.paragraph.text, word.span), None)
        if context is None:
            raise InputError(f"{word.text} stands alone here, and is read otherwise elsewhere: apply the reading here")
        return user.UserEntry(word.text, whole, context)

    def accept(self, finding: str) -> Changed:
        """Write the suggestion of a finding into the article. Raises: InputError: there is none that can be written."""
        with self._lock:
            return self._change(with_suggestion(self.article, self._finding(finding).finding))

    def keep(self, line: int, *, keep: bool) -> Changed:
        """Put a line back that was left out, or leave it out again. Raises: InputError: no such line."""
        with self._lock:
            return self._change(with_line(self.article, line, keep=keep))

    def undo(self) -> Changed:
        """Take the last correction back. Raises: InputError: there is none."""
        with self._lock:
            if not self._done:
                raise InputError("there is nothing to undo")
            self._check_file()
            step = self._done[-1]
            self._teach(step, back=True)
            changed = self._become(step.before, step, -1)
            self._undone.append(self._done.pop())
            return changed

    def redo(self) -> Changed:
        """Make the correction again that was taken back last. Raises: InputError: there is none."""
        with self._lock:
            if not self._undone:
                raise InputError("there is nothing to do again")
            self._check_file()
            step = self._undone[-1]
            self._teach(step, back=False)
            changed = self._become(step.after, step, 1)
            self._done.append(self._undone.pop())
            return changed

    @staticmethod
    def _teach(step: _Step, *, back: bool) -> None:
        """Put the entry of a step into the user's table, or what was there before."""
        if taught := step.taught:
            text = user.table_text(taught.table) if taught.table.exists() else ""
            entry = taught.old if back else taught.new
            files.write_text(
                taught.table, user.with_entry(text, entry) if entry else user.without_entry(text, taught.new)
            )

    def unchanged(self) -> Changed:
        """What a change tells that touches no paragraph: findings were ignored, or are reported again."""
        return Changed((), restructured=False)

    def _change(self, text: str, taught: _Taught | None = None) -> Changed:
        step = _Step(self.article.source.text, text, taught)
        changed = self._become(text, step, 1)
        self._done = [*self._done, step][-max(1, min(_HISTORY, _CHARACTERS // (len(text) + 1))) :]
        self._undone.clear()
        return changed

    def refreshed(self) -> Changed | None:
        """What another program has changed in the article's file; None if it has changed nothing.

        Raises: InputError: the file is gone, or cannot be read.
        """
        with self._lock:
            text = self._shelf.text(self.shelved)
            if text == self._written:
                return None
            step = _Step(self.article.source.text, text)
            self._done.append(step)
            self._undone.clear()
            return self._take(text, step)

    def _become(self, text: str, step: _Step, count: int) -> Changed:
        """Take another text, and write it to the file."""
        self._check_file()
        self.shelved = self._shelf.write(self.shelved, text, self.shelved.corrections + count)
        return self._take(text, step)

    def _check_file(self) -> None:
        """Raises: InputError: another program has changed the file, and its work would be lost."""
        if self._shelf.text(self.shelved) != self._written:
            raise InputError(
                f"{self.path} was changed by another program: load the page again", code="changed-elsewhere"
            )

    def _take(self, text: str, step: _Step) -> Changed:
        """Take another text, and tell which paragraphs are read otherwise."""
        before, old = self._read, self.article
        self._written = text
        self.article = self._parsed(text)
        self.version += 1
        restructured = _texts(old) != _texts(self.article)
        taught = {step.taught.new.phrase()[0]} if step.taught else set()
        if restructured:
            self._read = {}
            return Changed((), restructured)
        rewritten = {
            p.index
            for p, q in zip(old.spoken_order(), self.article.spoken_order(), strict=True)
            if _notes(p) != _notes(q)
        }
        self._read = dict(_unchanged(before, old, self.article, rewritten, taught))
        again = sorted((before.keys() | rewritten) - self._read.keys())
        return Changed(tuple(new for new in self.read(again) if new != before.get(new.paragraph.index)), restructured)

    # --- findings ---------------------------------------------------------------------------------------------------

    def findings(self) -> tuple[list[LocatedFinding], list[LocatedFinding]]:
        """What the check finds, and what of it the user has ignored."""
        with self._checking:  # the check of a long article takes a second, in which others may read and correct it
            article = self.article
            if self._checked is not article:
                found = check(article, lexicon=self.settings.lexicon)
                self._found = [replace(f, file=self.path.name) for f in located(article, found)]
                self._checked = article
            new = without_accepted(self._found, read_baseline(self._accepted(), ACCEPTED))
            shown = {id(finding) for finding in new}
            return new, [finding for finding in self._found if id(finding) not in shown]

    def ignore(self, finding: str) -> None:
        """Accept a finding for good: its line goes into the baseline beside the article."""
        with self._lock:
            line = baseline_table([self._finding(finding)])
            kept = self._accepted()
            files.write_text(self.path.with_name(ACCEPTED), kept + line.splitlines(keepends=True)[-1] if kept else line)

    def restore(self, finding: str) -> None:
        """Report a finding again that was ignored."""
        with self._lock:
            line = baseline_table([self._finding(finding)]).splitlines(keepends=True)[-1]
            files.write_text(self.path.with_name(ACCEPTED), self._accepted().replace(line, "", 1))

    def _accepted(self) -> str:
        """The findings that were ignored. Raises: InputError: their file cannot be read."""
        path = self.path.with_name(ACCEPTED)
        try:
            return files.text(path, 1 << 24)
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path} cannot be read: {files.reason(error)}; mend or remove it") from error

    def _finding(self, wanted: str) -> LocatedFinding:
        new, ignored = self.findings()
        for finding in (*new, *ignored):
            if finding_id(finding) == wanted:
                return finding
        raise InputError("this finding is gone: load the findings again", code="finding-gone")

    # --- where the listener is --------------------------------------------------------------------------------------

    def stopped_at(self, index: int, at: int) -> None:
        """Remember where the listener stopped. Raises: InputError: the article has no such place."""
        with self._lock:
            paragraph = self.paragraph(index)
            at = max(0, min(at, len(paragraph.text)))
            lengths = [(p.index, len(p.text)) for p in self.article.spoken_order()]
            before = sum(length for i, length in lengths if i < index) + at
            share = before / max(1, sum(length for _, length in lengths))
            self.shelved = replace(self.shelved, paragraph=index, at=at, progress=round(share, 4))
            self._shelf.note(self.shelved)


def finding_id(finding: LocatedFinding) -> str:
    """A name that a finding keeps while it is the same finding."""
    of = finding.finding
    parts = (of.rule, of.paragraph, of.span.start, of.span.end, of.text, of.written)
    return "f" + hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def _texts(article: Article) -> list[tuple[int, str, bool]]:
    return [(p.index, p.text, p.is_title) for p in article.spoken_order()]


def _unchanged(
    read: Mapping[int, ReadParagraph], old: Article, new: Article, rewritten: set[int], taught: set[str]
) -> Iterable[tuple[int, ReadParagraph]]:
    """What need not be read again: paragraphs that are not `rewritten`, and have no words that are taught otherwise."""
    before, after = learn(list(old.spoken_order())), learn(list(new.spoken_order()))
    words = taught | {word for word in before.keys() | after.keys() if before.get(word) != after.get(word)}
    for paragraph in new.spoken_order():
        index = paragraph.index
        if index in read and index not in rewritten and not any(word in paragraph.text for word in words):
            yield index, replace(read[index], paragraph=paragraph)


def _notes(paragraph: Paragraph) -> list[tuple[object, object]]:
    return [(span, note.syllables) for span, note in paragraph.annotated()]
