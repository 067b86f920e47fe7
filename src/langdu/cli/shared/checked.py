"""Articles with their findings, one after the other or in several processes."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from langdu.cli.shared.common import exists, load_article
from langdu.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from langdu.check.report import LocatedFinding
    from langdu.model import Article


@dataclass(frozen=True, slots=True)
class Checked:
    """The article of a source, and those of its findings that are reported.

    `corrected` are no longer in its corrected copy.
    """

    source: str
    article: Article
    findings: Sequence[LocatedFinding]
    corrected: Sequence[LocatedFinding] = ()


def checked(
    sources: Sequence[str], rules: Collection[str], lexicon: Path | None, *, keep_all: bool, jobs: int
) -> tuple[list[Checked], list[InputError]]:
    """The articles of these sources, in order, checked by the rules of these names in so many processes.

    The errors are those of sources without an article that can be read.

    Raises: InputError: a process was killed.
    """
    results = _results(sources, rules, lexicon, keep_all=keep_all, jobs=jobs)
    done = [result for result in results if isinstance(result, Checked)]
    return done, [result for result in results if isinstance(result, InputError)]


def _results(
    sources: Sequence[str], rules: Collection[str], lexicon: Path | None, *, keep_all: bool, jobs: int
) -> list[Checked | InputError]:
    check = partial(_checked, rules=rules, lexicon=lexicon, keep_all=keep_all)
    apart = [source for source in sources if source != "-"]  # standard input is this process's
    if jobs == 1 or len(apart) < 2:
        return list(map(check, sources))
    try:
        with ProcessPoolExecutor(min(jobs, len(apart)), get_context("spawn")) as pool:
            found = pool.map(check, apart)
            return [check(source) if source == "-" else next(found) for source in sources]
    except BrokenProcessPool as error:
        raise InputError(
            "a process that was checking was killed, for want of memory perhaps: choose fewer with --jobs, or find the "
            "article with langdu batch --check-only"
        ) from error


def _checked(source: str, rules: Collection[str], lexicon: Path | None, *, keep_all: bool) -> Checked | InputError:
    from langdu.check.report import located
    from langdu.check.rules import RULES
    from langdu.pipeline import text
    from langdu.pipeline.checking.acceptance import acceptances

    if source and "://" not in source and exists(source) and Path(source).is_dir():
        return InputError(
            f"{source} is a folder: check its articles with langdu batch {quote(source)} --check-only, or name files "
            f"in it, such as {quote(source.rstrip('/'))}/*.txt"
        )
    try:
        article = load_article(source, "check", keep_all=keep_all)
    except InputError as error:  # the other articles are checked all the same
        return error
    chosen = [rule for rule in RULES if rule.name in rules]
    findings = text.check(article, chosen, lexicon)
    return Checked(source, article, located(article, findings, acceptances(article, findings, chosen, lexicon)))
