"""Does one assignment, in whichever process it arrives: what `langdu read` or `langdu check` does with an article."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from langdu.batch import addresses
from langdu.batch.assignment import Misread, Outcome, Status
from langdu.batch.uploads import upload, uploaded
from langdu.errors import Busy, ConfigError, EngineError, ExportError, InputError, LangduError
from langdu.model import Rundown
from langdu.parse.sources.formats import LIMIT
from langdu.parse.sources.web import fetch, fetch_public
from langdu.pipeline import kept, text
from langdu.pipeline.narration import narrate

if TYPE_CHECKING:
    from langdu.batch.assignment import Assignment, Terms
    from langdu.batch.uploads import Uploaded
    from langdu.model import Article
    from langdu.output.narration import Narration
    from langdu.settings import Settings


def done(assignment: Assignment, terms: Terms) -> Outcome:
    """What came of an assignment. A bad article is an outcome: nothing is raised but what ends the process."""
    folder = _folder(assignment, terms)
    try:
        if assignment.fault:
            raise InputError(assignment.fault)  # noqa: TRY301 - one way for all that fail
        if terms.out is None:
            return _checked(assignment, terms)
        return _narrated(assignment, terms, folder or "")
    except LangduError as error:
        return Outcome(
            source=assignment.source,
            folder=folder,
            status=Status.FAILED,
            error=_placed(error, assignment),
            is_busy=isinstance(error, Busy),
            blames_run=isinstance(error, EngineError | ExportError) and not isinstance(error, Busy),
        )
    except Exception as error:  # noqa: BLE001 - the others are to be narrated all the same
        return Outcome(
            source=assignment.source,
            folder=folder,
            status=Status.FAILED,
            error=f"langdu has a fault that this article shows: {error!r}; please report it",
        )


def _placed(error: LangduError, assignment: Assignment) -> str:
    """The error; with the line of the list if what it says is wrong: its source, which may be no name, or an option."""
    is_of_line = isinstance(error, InputError) or (isinstance(error, ConfigError) and assignment.options)
    at_line = assignment.place and is_of_line and not assignment.fault
    return f"{assignment.place}: {error}" if at_line else str(error)


def spoken_characters(assignment: Assignment, terms: Terms) -> int:
    """How many characters a voice would be given for an assignment: none if its narration is there already.

    0 too if it fails, which the worker reports.
    """
    from langdu.pipeline.forecast import forecast  # noqa: PLC0415 - only a budget needs it

    try:
        if assignment.fault or terms.out is None:
            return 0
        settings, content = assignment.settings(terms.settings), _Content(assignment, terms)
        folder = _folder(assignment, terms) or ""
        if addresses.is_address(folder):
            if (there := uploaded(folder)) and there.stamp == content.stamp(settings):
                return 0
        elif kept.find_narration(content.stamp(settings), Path(folder), settings):
            return 0
        with TemporaryDirectory(prefix="langdu-") as nowhere:
            return forecast(Rundown.of(content.article()), Path(nowhere), settings).characters
    except LangduError:
        return 0


def _folder(assignment: Assignment, terms: Terms) -> str | None:
    if terms.out is None:
        return None
    if addresses.is_address(terms.out):
        return addresses.join(terms.out, assignment.folder)
    return str(Path(terms.out, assignment.folder))


class _Content:
    """What is at an assignment's source, read once and only if need be."""

    def __init__(self, assignment: Assignment, terms: Terms) -> None:
        self._assignment = assignment
        self._terms = terms
        self._article: Article | None = None
        self._hash = ""

    def stamp(self, settings: Settings) -> str | None:
        """The stamp of the narration. That of a file needs only its bytes, that of a feed's article only its name."""
        where, contents = self._assignment.where, {}
        if self._assignment.feed:
            contents = {where: "once"}
        elif addresses.is_address(where):
            self.article()
            contents = {where: self._hash}
        programs = self._terms.programs
        return kept.narration_stamp([where], settings, self._terms.keep_all, contents=contents, programs=programs)

    def article(self) -> Article:
        """The article. Raises: InputError: it cannot be read."""
        if self._article is None:
            self._article = self._read()
        return self._article

    def _read(self) -> Article:
        where, keep_all = self._assignment.where, self._terms.keep_all
        if not addresses.is_address(where):
            return (text.parse_whole if keep_all else text.parse)(where)
        if addresses.is_web(where):
            page = fetch_public(where) if self._assignment.is_public else fetch(where, self._assignment.feed)
            article = text.parse_data(page.data, page.url, page.charset, is_page=True, keep_all=keep_all)
            # What is around the article of a page, such as advertisements, changes all the time.
            self._hash = hashlib.sha256(article.source.text.encode("utf-8", "surrogatepass")).hexdigest()
            return article
        data = addresses.read(where, LIMIT)
        self._hash = hashlib.sha256(data).hexdigest()
        return text.parse_data(data, where, is_page=False, keep_all=keep_all)


def _narrated(assignment: Assignment, terms: Terms, folder: str) -> Outcome:
    settings, content = assignment.settings(terms.settings), _Content(assignment, terms)
    if addresses.is_address(folder):
        return _narrated_elsewhere(assignment, content, settings, folder)
    stamp, out = content.stamp(settings), Path(folder)
    _refuse_links(Path(terms.out or ""), assignment.folder)
    if earlier := kept.find_narration(stamp, out, settings):
        return _outcome(assignment, folder, earlier, Status.UNCHANGED)
    notices: list[str] = []
    narration = narrate(content.article(), out, settings, stamp=stamp, notice=notices.append)
    return replace(_outcome(assignment, folder, narration, Status.MADE), notices=tuple(notices))


def _refuse_links(output: Path, below: str) -> None:
    """Raises: ExportError: a folder below the output is a symbolic link, which may lead anywhere."""
    folder = output
    for part in Path(below).parts:
        folder /= part
        if folder.is_symlink():
            raise ExportError(
                f"{folder} is a symbolic link, which may lead elsewhere: remove it, or name another output"
            )


def _narrated_elsewhere(assignment: Assignment, content: _Content, settings: Settings, folder: str) -> Outcome:
    """Narrate into a folder of this machine, and copy its files to the address `folder`."""
    stamp = content.stamp(settings)
    there = uploaded(folder)
    if there and there.stamp == stamp:
        return _described(assignment, folder, there)
    notices: list[str] = []
    article = content.article()
    kept.refuse_other(folder, there.about if there else {}, Rundown.of(article), notices.append)
    with TemporaryDirectory(prefix="langdu-") as here:
        narration = narrate(article, Path(here), settings, stamp=stamp, notice=notices.append)
        upload(narration, folder)
    return replace(_outcome(assignment, folder, narration, Status.MADE), notices=tuple(notices))


def _outcome(assignment: Assignment, folder: str, narration: Narration, status: Status) -> Outcome:
    return Outcome(
        source=assignment.source,
        folder=folder,
        status=status,
        title=narration.title,
        file=narration.files[0],
        seconds=narration.samples / narration.sample_rate,
        findings=narration.findings,
    )


def _described(assignment: Assignment, folder: str, there: Uploaded) -> Outcome:
    return Outcome(
        source=assignment.source,
        folder=folder,
        status=Status.UNCHANGED,
        title=there.title,
        seconds=there.seconds,
        findings=there.findings,
    )


def _checked(assignment: Assignment, terms: Terms) -> Outcome:
    article = _Content(assignment, terms).article()
    findings = text.check(article, lexicon=assignment.settings(terms.settings).lexicon)
    misread = Counter(
        Misread(
            rule=finding.rule,
            severity=finding.severity,
            text=finding.text,
            written=finding.written,
            suggestion=finding.suggestion or "",
        )
        for finding in findings
    )
    return Outcome(
        source=assignment.source,
        folder=None,
        status=Status.CHECKED,
        title=Rundown.of(article).title,
        findings=Counter(finding.severity for finding in findings),
        misread=misread,
    )
