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

Every message says what happened, where, and what to do about it.
"""

from typing import ClassVar

from langdu.controls import mask_passwords, show_controls


class LangduError(Exception):
    """The root: catch this to catch every fault of a run.

    Messages quote titles, file names and answers of servers, so control characters and passwords in them are masked.
    """

    exit_status: ClassVar[int] = 2

    def __init__(self, message: str = "") -> None:
        super().__init__(mask_passwords(show_controls(message)))


class InputError(LangduError):
    """The source cannot be read as an article."""


class NoArticles(InputError):
    """There are no articles, as on a day without news: what a job that runs every day can pass over."""

    exit_status: ClassVar[int] = 4


class ConfigError(LangduError):
    """A setting, a flag or langdu.toml is invalid."""


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
