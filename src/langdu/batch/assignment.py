"""The nouns of a batch: an assignment, the terms for all of them, and what came of one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from langdu.controls import mask_passwords, show_controls
from langdu.model import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langdu.settings import Settings

# A worker speaks by itself: there is one for each processor already.
_ALONE: Final = {"workers": 1}


class Status(StrEnum):
    """What came of an assignment."""

    MADE = "made"
    UNCHANGED = "unchanged"
    CHECKED = "checked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """An article of a batch, to be narrated into `folder`, a path below the batch's output.

    `source` is its name as the user gave it; `where` is its address, or its path from the root of the disk.
    `options` are settings of its own. `feed` is the address of the feed or sitemap that names it: such an article is
    narrated once, whatever happens to its page later. `is_public` says that somebody else chose the address, which then
    must be a public one. `place` is its line in a list; `fault` is why it cannot be done, if that line is wrong.
    """

    source: str
    where: str
    folder: str
    options: Mapping[str, Any] = field(default_factory=dict)
    feed: str | None = None
    is_public: bool = False
    place: str = ""
    fault: str | None = None

    def settings(self, settings: Settings) -> Settings:
        """The settings of this article. Raises: ConfigError: there is no such voice or format."""
        return replace(settings, **{**self.options, **_ALONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for all assignments of a batch; pickled, it goes to every worker.

    `out` is the folder or the address of the output, None if articles are only checked. `programs` identifies the
    programs of the machine that began the batch, which are those of every worker.
    """

    settings: Settings
    out: str | None
    keep_all: bool
    programs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """A finding as it may occur in many articles."""

    rule: str
    severity: Severity
    text: str
    written: str
    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an assignment. It has no sound, since it may travel through a scheduler.

    `file` is the name of the first file of the whole. `findings` counts what the check found, and `misread` tells
    what, if articles are only checked. `error` says why it failed: `is_busy` because another process has its folder,
    `blames_run` because of the voice or the disk, which the next article needs too. `notices` is what a user of
    `langdu read` would be told.
    """

    source: str
    folder: str | None
    status: Status
    title: str = ""
    file: str = ""
    seconds: float = 0.0
    findings: Mapping[Severity, int] = field(default_factory=dict)
    misread: Mapping[Misread, int] = field(default_factory=Counter)
    error: str = ""
    notices: tuple[str, ...] = ()
    is_busy: bool = False
    blames_run: bool = False

    def row(self) -> dict[str, Any]:
        """As a line of JSON."""
        row: dict[str, Any] = {
            "source": mask_passwords(self.source),
            "folder": self.folder and mask_passwords(self.folder),
            "status": self.status.value,
            "title": self.title,
            **({"file": self.file} if self.file else {}),
            "seconds": round(self.seconds, 3),
            "findings": {severity.value: self.findings.get(severity, 0) for severity in Severity},
        }
        if self.status is Status.CHECKED:
            row["misread"] = [_misread_row(misread, count) for misread, count in self.misread.items()]
        if self.error:
            row["error"] = _told(self.error)
        if self.notices:
            row["notices"] = list(map(_told, self.notices))
        return row


def _told(message: str) -> str:
    """A message as people may see it: an exception that is no LangduError repeats what it was given."""
    return mask_passwords(show_controls(message))


def _misread_row(misread: Misread, count: int) -> dict[str, Any]:
    return {
        "rule": misread.rule,
        "severity": misread.severity.value,
        "text": misread.text,
        "written": misread.written,
        "suggestion": misread.suggestion,
        "count": count,
    }
