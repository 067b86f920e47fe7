"""What a rule is: a pattern that finds a written form, and a function that says it or declines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from langdu.marks import FULL_STOPS, SEMICOLONS


@dataclass(frozen=True, slots=True)
class Replacement:
    """`text[start:end]` is said as `spoken`."""

    start: int
    end: int
    spoken: str


# The spoken form of the whole match; or the replacements inside it; or None if the rule declines.
SpokenForm: TypeAlias = "str | list[Replacement] | None"
Say: TypeAlias = Callable[["re.Match[str]"], SpokenForm]


@dataclass(frozen=True, slots=True)
class SpokenFormRule:
    """A rule for written forms of one semiotic class, `name`.

    `pattern` must match exactly what the rule says; look-around is for context. `say` returns the spoken form of the
    match, or replacements inside it (an empty list leaves it as it is), or None if the context shows that it is
    something else.
    """

    name: str
    pattern: re.Pattern[str]
    say: Say

    def at(self, text: str, start: int) -> tuple[int, list[Replacement]] | None:
        """Where the match ends and its replacements, or None if the rule does not apply at `start`."""
        match = self.pattern.match(text, start)
        if match is None:
            return None
        spoken = self.say(match)
        if spoken is None:
            return None
        replacements = [Replacement(match.start(), match.end(), spoken)] if isinstance(spoken, str) else spoken
        return match.end(), replacements


def rule(name: str, pattern: str) -> Callable[[Say], SpokenFormRule]:
    """Turn a function that says a match into a rule of the semiotic class `name`."""
    return lambda say: SpokenFormRule(name, re.compile(pattern), say)


_THIS_SENTENCE = re.compile(rf"[^{FULL_STOPS}{SEMICOLONS}\n]*\Z")
_TO_ITS_END = re.compile(rf"[^{FULL_STOPS}{SEMICOLONS}\n]*")


def before(match: re.Match[str], reach: int = 12) -> str:
    """At most `reach` characters before the match, in the same sentence."""
    text = match.string[max(0, match.start() - reach) : match.start()]
    in_sentence = _THIS_SENTENCE.search(text)
    return in_sentence[0] if in_sentence else ""


def after(match: re.Match[str], reach: int = 12) -> str:
    """At most `reach` characters after the match, in the same sentence."""
    in_sentence = _TO_ITS_END.match(match.string, match.end(), match.end() + reach)
    return in_sentence[0] if in_sentence else ""


def part(match: re.Match[str], group: str | int, spoken: str) -> Replacement:
    """Replace one group of the match."""
    return Replacement(*match.span(group), spoken)
