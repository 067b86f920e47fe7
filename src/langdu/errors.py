"""The exceptions that langdu raises when a run cannot go on.

A fault of the *article* is never raised: it is a `langdu.model.Finding`. These are faults of the *run*:

    LangduError
    ├── InputError            the source cannot be read: missing, a folder, binary, no hanzi      exit 2
    │   └── NoArticles            there are no articles, as on a day without news                 exit 4
    ├── ConfigError           a setting, a flag or langdu.toml is invalid                         exit 2
    ├── EngineError                                                                               exit 3
    │   ├── EngineUnavailable     the voice or its engine is missing: not installed, no network
    │   └── SynthesisFailed       the engine gave no usable sound
    └── ExportError           an output file could not be written                                 exit 3
        └── Busy                  another process is writing there

Every message says what happened, where, and what to do about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from langdu.controls import mask_passwords, show_controls

if TYPE_CHECKING:
    from collections.abc import Iterable


class LangduError(Exception):
    """The root: catch this to catch every fault of a run.

    Messages quote titles, file names and answers of servers, so control characters and passwords in them are masked.
    `code` names a fault that the reading room's page can say in Chinese; it is "" for all others.
    """

    exit_status: ClassVar[int] = 2

    def __init__(self, message: str = "", *, code: str = "") -> None:
        super().__init__(mask_passwords(show_controls(message)))
        self.code = code


class InputError(LangduError):
    """The source cannot be read as an article."""


class NoArticles(InputError):
    """There are no articles, as on a day without news: what a job that runs every day can pass over."""

    exit_status: ClassVar[int] = 4


class ConfigError(LangduError):
    """A setting, a flag or langdu.toml is invalid."""


def plural(count: int, noun: str) -> str:
    """A number with its noun, for a message.

    >>> plural(1, "finding"), plural(1200, "finding")
    ('1 finding', '1,200 findings')
    """
    return f"{count:,} {noun}{'s' * (count != 1)}"


def nearest(given: str, known: Iterable[str]) -> str | None:
    """The name that somebody probably meant; None if none is like it.

    >>> nearest("--vioce", ["--cues", "--voice"])
    '--voice'
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    return next(iter(get_close_matches(given, list(known), 1, 0.65)), None)


def no_such(what: str, given: str, known: Iterable[str]) -> ConfigError:
    """The error for a name that does not exist, with the one that was probably meant, or all that there are.

    >>> no_such("voice", "silense", ["baker", "silence"])
    ConfigError("there is no voice 'silense'; did you mean silence? There are baker, silence")
    """
    names, given = list(known), given if len(given) <= 40 else f"{given[:40]}…"
    listed = ", ".join(names)
    meant = nearest(given, names)
    advice = f"did you mean {meant}? There are {listed}" if meant else f"there are {listed}"
    return ConfigError(f"there is no {what} {given!r}; {advice}")


class EngineError(LangduError):
    """A voice failed."""

    exit_status: ClassVar[int] = 3


class EngineUnavailable(EngineError):
    """The voice or its engine is missing: not installed, no network."""


class SynthesisFailed(EngineError):
    """The engine gave no usable sound."""


class ExportError(LangduError):
    """An output file could not be written."""

    exit_status: ClassVar[int] = 3


class Busy(ExportError):
    """Another process is writing there: later it can be written."""
