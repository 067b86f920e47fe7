"""What a rule is: a name, a severity, and a function that finds breaches.

`@word_rule` makes a rule of a function that judges one annotated word. `@article_rule` makes one of a function that
needs the whole article. The rule's name is the function's, with hyphens.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from langdu.model import Finding, Message, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from langdu.check.annotated import AnnotatedArticle, AnnotatedWord

_EXAMPLE = re.compile(r"^\s*(Bad|Good): (.*)$", re.MULTILINE)


class Fault(NamedTuple):
    """What is wrong at one place.

    `certain`: no other suggestion is possible. `severity` is None where it is the rule's own.
    """

    message: Message
    suggestion: str | None = None
    certain: bool = False
    severity: Severity | None = None


def says(text: str, **values: object) -> Message:
    """What is wrong; values stand for the {names} in the text, which the reading room has in Chinese too."""
    return Message(text, tuple((name, str(value)) for name, value in values.items()))


class UnannotatedText(NamedTuple):
    """A stretch of a paragraph without an annotation. `written` is what stands beside it, if anything does."""

    paragraph: int
    span: Span
    text: str
    written: str = ""


class Corrects(IntEnum):
    """What a rule's suggestion corrects. Where two rules suggest different things, the lower number wins."""

    READING = 0
    TONE_VARIANT = 1  # another way to write the same reading: a neutral tone, sandhi
    SPELLING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `find` yields its findings on a whole article; `doc` is the docstring with its examples."""

    name: str
    severity: Severity
    corrects: Corrects
    doc: str
    find: Callable[[AnnotatedArticle], Iterator[Finding]]

    @property
    def summary(self) -> str:
        """What the rule says, without the examples."""
        return " ".join(_EXAMPLE.sub("", self.doc).split())

    def examples(self, kind: str) -> list[str]:
        """The texts that the docstring calls `Bad` or `Good`; each line is a text of its own."""
        return [text for label, text in _EXAMPLE.findall(self.doc) if label == kind]


def article_rule(
    severity: Severity, corrects: Corrects = Corrects.READING
) -> Callable[[Callable[[AnnotatedArticle], Iterable[tuple[AnnotatedWord | UnannotatedText, Fault]]]], Rule]:
    """A rule that looks at the whole article: its author's habits, or text without annotations."""

    def as_rule(judge: Callable[[AnnotatedArticle], Iterable[tuple[AnnotatedWord | UnannotatedText, Fault]]]) -> Rule:
        name = judge.__name__.replace("_", "-")

        def find(article: AnnotatedArticle) -> Iterator[Finding]:
            for where, fault in judge(article):
                yield _finding(name, severity, where, fault)

        return Rule(name=name, severity=severity, corrects=corrects, doc=inspect.getdoc(judge) or "", find=find)

    return as_rule


def word_rule(
    severity: Severity, corrects: Corrects = Corrects.READING
) -> Callable[[Callable[[AnnotatedWord], Fault | None]], Rule]:
    """A rule that judges each annotated word by itself."""

    def as_rule(judge: Callable[[AnnotatedWord], Fault | None]) -> Rule:
        name = judge.__name__.replace("_", "-")

        def find(article: AnnotatedArticle) -> Iterator[Finding]:
            for word in article.words:
                if (fault := judge(word)) is not None:
                    yield _finding(name, severity, word, fault)

        return Rule(name=name, severity=severity, corrects=corrects, doc=inspect.getdoc(judge) or "", find=find)

    return as_rule


def _finding(name: str, severity: Severity, where: AnnotatedWord | UnannotatedText, fault: Fault) -> Finding:
    return Finding(
        rule=name,
        severity=fault.severity or severity,
        message=str(fault.message),
        paragraph=where.paragraph if isinstance(where, UnannotatedText) else where.paragraph.index,
        span=where.span,
        text=where.text,
        written=where.written if isinstance(where, UnannotatedText) else where.annotation.written,
        suggestion=fault.suggestion,
        certain=fault.certain,
        wording=fault.message,
    )
