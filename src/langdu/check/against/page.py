"""A self-contained HTML page: the hanzi of an article, each with the pinyin that the learner wrote, and its verdict."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final

from langdu.check.against import Verdict
from langdu.check.against.report import asked_for, said_of, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from langdu.check.against import Comparison, Judged
    from langdu.model import Paragraph

# Each colour comes with a sign: many readers cannot tell the colours apart.
_SIGNS: Final = {Verdict.RIGHT: "", Verdict.WRONG: "✗", Verdict.MISSING: "–", Verdict.EXTRA: "+"}
_STYLE: Final = """
:root { color-scheme: light dark; --wrong: #b00020; --note: #1f5f99; --right: #2e6b34; --line: #ccc; }
@media (prefers-color-scheme: dark) {
  :root { --wrong: #ff8a80; --note: #8cc8ff; --right: #93d69a; --line: #555; }
}
body { font: 1.1rem/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
.score { font-size: 1.4rem; font-weight: bold; }
article p, article h2 { display: flex; flex-wrap: wrap; row-gap: .7rem; font-weight: normal; }
.unit { display: inline-flex; flex-direction: column; align-items: center; padding: 0 .15em; }
.unit .pinyin { font-size: .75rem; line-height: 1.3; min-height: 1.3em; }
.unit .hanzi { font-size: 1.5rem; line-height: 1.2; min-height: 1.2em; }
.unit .asked { font-size: .75rem; line-height: 1.3; min-height: 1.3em; color: var(--right); font-weight: bold; }
.wrong .pinyin, .missing .pinyin, .extra .pinyin { color: var(--wrong); font-weight: bold; }
.wrong .hanzi, .missing .hanzi { border-bottom: .12em solid var(--wrong); }
.note .pinyin { color: var(--note); text-decoration: underline dotted; }
.key span { margin-inline-end: 1.2rem; }
.key .wrong, .key .missing, .key .extra { color: var(--wrong); } .key .note { color: var(--note); }
"""
_KEY: Final = (
    '<p class="key"><span class="wrong">✗ wrong, with the right reading below</span>'
    '<span class="missing">– missing</span><span class="extra">+ too much</span>'
    '<span class="note">dotted: right, spelled another way</span></p>\n'
)


def page(comparison: Comparison, name: str) -> str:
    """The comparison as one HTML document; it loads nothing and runs no scripts. `name` is that of the article."""
    by_paragraph = _by_paragraph(comparison.judged)
    paragraphs = "".join(_paragraph(p, by_paragraph.get(p.index, [])) for p in comparison.paragraphs)
    title = f"{comparison.source.name} against {name}"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{escape(title)}</h1>\n<p class="score">{summary(comparison)}</p>\n{_KEY}'
        f'<article lang="zh-CN">\n{paragraphs}</article>\n</main>\n</body>\n</html>\n'
    )


def _by_paragraph(judged: Iterable[Judged]) -> dict[int, list[Judged]]:
    """The syllables of each paragraph; an extra one belongs to the paragraph of the syllable before it."""
    out: dict[int, list[Judged]] = {}
    early: list[Judged] = []
    index = None
    for each in judged:
        index = each.asked.paragraph if each.asked else index
        if index is None:
            early.append(each)
        else:
            out.setdefault(index, []).append(each)
    for each in reversed(early):
        out.setdefault(min(out, default=0), []).insert(0, each)
    return out


def _paragraph(paragraph: Paragraph, judged: Sequence[Judged]) -> str:
    tag = "h2" if paragraph.is_title else "p"
    return f"<{tag}>{''.join(_units(paragraph.text, judged))}</{tag}>\n"


def _units(text: str, judged: Sequence[Judged]) -> Iterator[str]:
    """The text, each hanzi between the written and the asked reading; extra syllables stand between the hanzi."""
    at = 0
    for (span, extra), group in groupby(judged, lambda j: (j.asked and j.asked.span, j.asked is None)):
        together = list(group)
        if extra or span is None:
            yield from (_unit("", [each]) for each in together)
            continue
        yield from (_unit(char, []) for char in text[at : span.start] if not char.isspace())
        yield _unit(span.of(text), together)
        at = span.end
    yield from (_unit(char, []) for char in text[at:] if not char.isspace())


def _unit(hanzi: str, together: Sequence[Judged]) -> str:
    """One hanzi or number with its syllables, or an extra syllable without hanzi."""
    kind, title, written, asked = "", "", "", ""
    for each in together:
        said = said_of(each) if each.counts else ""
        shown = each.learner.written if each.learner else ""
        sign = _SIGNS[each.verdict]
        written += escape(shown) + (f'<span class="sign">{sign}</span>' if sign else "")
        if each.verdict is not Verdict.RIGHT:
            kind, title = each.verdict.value, said
            asked += asked_for(each)
        elif said and not kind:
            kind, title = "note", said
    attribute = f' title="{escape(title)}"' if title else ""
    return (
        f'<span class="unit {kind}"{attribute}><span class="pinyin">{written}</span>'
        f'<span class="hanzi">{escape(hanzi)}</span><span class="asked">{asked}</span></span>'
    )
