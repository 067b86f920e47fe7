"""What a rule is: a name, how bad a breach is, and a function that finds breaches."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from langdu.model import Finding, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langdu.check.annotated import AnnotatedArticle, AnnotatedWord

_EXAMPLE = re.compile(r"^\s*(Bad|Good): (.*)$", re.MULTILINE)


class Fault(NamedTuple):
    """What a rule has found at one annotated word.

    `certain`: no other suggestion is possible. `severity` is None where it is the rule's own.
    """

    message: str
    suggestion: str | None = None
    certain: bool = False
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `find` gives its findings on a whole article; `doc` is the docstring with its examples."""

    name: str
    severity: Severity
    doc: str
    find: Callable[[AnnotatedArticle], Iterator[Finding]]

    @property
    def summary(self) -> str:
        """What the rule says, without the examples."""
        return " ".join(_EXAMPLE.sub("", self.doc).split())

    def examples(self, kind: str) -> list[str]:
        """The texts that the docstring calls `Bad` or `Good`; each line is a text of its own."""
        return [text for label, text in _EXAMPLE.findall(self.doc) if label == kind]


def finding(word: AnnotatedWord, name: str, severity: Severity, fault: Fault) -> Finding:
    """A fault, at its place."""
    return Finding(
        rule=name,
        severity=fault.severity or severity,
        message=fault.message,
        paragraph=word.paragraph.index,
        span=word.span,
        text=word.text,
        written=word.annotation.written,
        suggestion=fault.suggestion,
        certain=fault.certain,
    )


def word_rule(severity: Severity) -> Callable[[Callable[[AnnotatedWord], Fault | None]], Rule]:
    """A rule about each annotated word by itself."""

    def made(judge: Callable[[AnnotatedWord], Fault | None]) -> Rule:
        name = judge.__name__.replace("_", "-")

        def find(article: AnnotatedArticle) -> Iterator[Finding]:
            for word in article.words:
                if (fault := judge(word)) is not None:
                    yield finding(word, name, severity, fault)

        return Rule(name, severity, inspect.getdoc(judge) or "", find)

    return made


def habit_rule(
    severity: Severity,
) -> Callable[[Callable[[AnnotatedArticle], Iterator[tuple[AnnotatedWord, Fault]]]], Rule]:
    """A rule about annotated words that looks at the whole article, its author's habits."""

    def made(judge: Callable[[AnnotatedArticle], Iterator[tuple[AnnotatedWord, Fault]]]) -> Rule:
        name = judge.__name__.replace("_", "-")

        def find(article: AnnotatedArticle) -> Iterator[Finding]:
            for word, fault in judge(article):
                yield finding(word, name, severity, fault)

        return Rule(name, severity, inspect.getdoc(judge) or "", find)

    return made


class Place(NamedTuple):
    """A stretch of a paragraph without an annotation, and what stands beside it, if anything does."""

    paragraph: int
    span: Span
    text: str
    written: str = ""


def text_rule(severity: Severity) -> Callable[[Callable[[AnnotatedArticle], Iterator[tuple[Place, Fault]]]], Rule]:
    """A rule about text that is not annotated."""

    def made(judge: Callable[[AnnotatedArticle], Iterator[tuple[Place, Fault]]]) -> Rule:
        name = judge.__name__.replace("_", "-")

        def find(article: AnnotatedArticle) -> Iterator[Finding]:
            for place, fault in judge(article):
                yield Finding(
                    rule=name,
                    severity=fault.severity or severity,
                    message=fault.message,
                    paragraph=place.paragraph,
                    span=place.span,
                    text=place.text,
                    written=place.written,
                    suggestion=fault.suggestion,
                )

        return Rule(name, severity, inspect.getdoc(judge) or "", find)

    return made
