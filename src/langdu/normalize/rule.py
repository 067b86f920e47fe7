"""What a rule is: a pattern that finds a written form, and a function that says it, or declines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from langdu.marks import FULL_STOPS, SEMICOLONS


@dataclass(frozen=True, slots=True)
class Piece:
    """One replacement: `text[start:end]` is said `spoken`."""

    start: int
    end: int
    spoken: str


Said: TypeAlias = "str | list[Piece] | None"
Say: TypeAlias = Callable[["re.Match[str]"], Said]


@dataclass(frozen=True, slots=True)
class Rule:
    """One semiotic class.

    `pattern` claims exactly what it matches; look-around is for context. `say` gives what is said for the whole
    match, or the pieces of it that change (none: it stands as it is), or None: the context says it is something else.
    """

    name: str
    pattern: re.Pattern[str]
    say: Say

    def at(self, text: str, start: int) -> tuple[int, list[Piece]] | None:
        """Where the claim ends and what changes in it, or None if this rule does not apply at `start`."""
        match = self.pattern.match(text, start)
        if match is None:
            return None
        said = self.say(match)
        if said is None:
            return None
        pieces = [Piece(match.start(), match.end(), said)] if isinstance(said, str) else said
        return match.end(), pieces


def rule(name: str, pattern: str) -> Callable[[Say], Rule]:
    """Make a function that says a match into a Rule of the semiotic class `name`."""
    return lambda say: Rule(name, re.compile(pattern), say)


_THIS_SENTENCE = re.compile(rf"[^{FULL_STOPS}{SEMICOLONS}\n]*\Z")
_TO_ITS_END = re.compile(rf"[^{FULL_STOPS}{SEMICOLONS}\n]*")


def before(match: re.Match[str], reach: int = 12) -> str:
    """At most `reach` characters before the match, in the same sentence."""
    text = match.string[max(0, match.start() - reach) : match.start()]
    found = _THIS_SENTENCE.search(text)
    return found[0] if found else ""


def after(match: re.Match[str], reach: int = 12) -> str:
    """At most `reach` characters after the match, in the same sentence."""
    found = _TO_ITS_END.match(match.string, match.end(), match.end() + reach)
    return found[0] if found else ""


def part(match: re.Match[str], group: str | int, spoken: str) -> Piece:
    """The piece that says one group of the match."""
    return Piece(*match.span(group), spoken)
