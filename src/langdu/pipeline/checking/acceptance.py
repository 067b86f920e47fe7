"""Findings → the command that accepts each for good, if the author's reading is right after all."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Final

from langdu import lexicon, pinyin
from langdu.errors import ConfigError
from langdu.lexicon.user import NAME, own_words, user_entry
from langdu.marks import HANZI
from langdu.pipeline.text import check_as_taught

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from langdu.check.rule import Rule
    from langdu.lexicon.user import UserEntry
    from langdu.model import Article, Finding, Paragraph, Span, Syllable

# The rules about readings that an author may know better than the dictionaries: names, dialects, specialists' words.
_RULES: Final = frozenset(
    {
        "wrong-in-context", "doubtful-in-context", "rare-reading", "other-norm", "not-a-reading", "wrong-tone",
        "wrong-initial", "wrong-final",
    }
)  # fmt: skip
# A longer context would rarely occur again.
_LONGEST: Final = 8


def acceptances(
    article: Article, findings: Sequence[Finding], rules: Collection[Rule], table: Path | None
) -> dict[Finding, str]:
    """For each finding that an entry of the user's own readings would end, the command that adds the entry.

    Each entry is tried: with it, the check must be silent about the place and say nothing new about the article.
    `table` is the one that the user named. Without it, the command names the table beside the article, if there is one,
    because that wins over the user's own.
    """
    own = own_words(article.source.name, table)
    paragraphs = {paragraph.index: paragraph for paragraph in article.spoken_order()}
    doubtful = [f for f in dict.fromkeys(findings) if f.rule in _RULES and not f.certain]
    left = {finding: list(_entries(paragraphs[finding.paragraph], finding)) for finding in doubtful}
    place, ended = _place(article.source.name, table), {}
    while left := {finding: entries for finding, entries in left.items() if entries}:
        tried = {finding: entries.pop(0) for finding, entries in left.items()}
        for finding in _ended(tried, findings, _touched(paragraphs.values(), tried.values()), rules, own):
            ended[finding] = _command(tried[finding], place)
            del left[finding]
    return ended


def _touched(paragraphs: Iterable[Paragraph], entries: Collection[UserEntry]) -> list[Paragraph]:
    """The paragraphs in which one of the entries changes a reading."""
    return [each for each in paragraphs if any((entry.context or entry.word) in each.text for entry in entries)]


def _ended(
    tried: Mapping[Finding, UserEntry],
    findings: Sequence[Finding],
    paragraphs: Sequence[Paragraph],
    rules: Collection[Rule],
    own: Mapping[str, tuple[Syllable, ...]],
) -> list[Finding]:
    """The findings that their entries end. All entries are tried at once, because a check takes long to begin."""
    taught = {**own, **dict(entry.phrase() for entry in tried.values())}
    after, before = defaultdict(set), {_what(finding) for finding in findings}
    for finding in check_as_taught(paragraphs, rules, taught):
        after[finding.paragraph].add(_what(finding))
    loud = [paragraph for paragraph in paragraphs if not after[paragraph.index] <= before]
    return [f for f, entry in tried.items() if not _touched(loud, [entry]) and _what(f) not in after[f.paragraph]]


def _what(finding: Finding) -> tuple[str, int, Span]:
    """What is found and where. The message and the suggestion change with the readings that are known."""
    return finding.rule, finding.paragraph, finding.span


def _entries(paragraph: Paragraph, finding: Finding) -> Iterator[UserEntry]:
    """The entries to try: the whole word; a single character only together with a word beside it."""
    annotation = dict(paragraph.annotated()).get(finding.span)
    letters = annotation and pinyin.Letters.read(annotation.written)
    if annotation is None or not HANZI.fullmatch(finding.text) or (letters and not letters.toned):
        return
    reading = pinyin.join_numbers(annotation.syllables)
    around = [""] if len(finding.text) > 1 else contexts(paragraph.text, finding.span)
    for context in around:
        try:
            yield user_entry(finding.text, reading, context)
        except ConfigError:  # it has another number of syllables, or the context is no hanzi
            continue


def contexts(text: str, at: Span) -> Iterator[str]:
    """The word around a character, then the words beside it, as far as they are hanzi."""
    words = lexicon.split_words(text)
    i = next(i for i, word in enumerate(words) if word.start <= at.start < word.end)
    for first, last in ((i, i), (i, i + 1), (i - 1, i), (i - 1, i + 1), (i - 2, i)):
        if first >= 0 and last < len(words):
            context = text[words[first].start : words[last].end]
            if 1 < len(context) <= _LONGEST and context.count(text[at.start]) == 1:
                yield context


def _place(source: str, table: Path | None) -> Path | None:
    beside = Path(source).parent / NAME
    return table or (beside if "://" not in source and source != "-" and beside.is_file() else None)


def _command(entry: UserEntry, table: Path | None) -> str:
    words = ["langdu", "lexicon", "add", entry.word, entry.reading()]
    words += ["--context", entry.context] if entry.context else []
    words += ["--lexicon", str(table)] if table else []
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    """A word of a command. Hanzi and letters with tone marks need no quotes; lù'ān is easier to read in double ones."""
    if re.fullmatch(r"[\w./:@%+=,-]+", word):
        return word
    return quote(word) if set(word) & set('"$`\\!') else f'"{word}"'
