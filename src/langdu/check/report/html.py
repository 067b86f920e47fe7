"""A self-contained HTML page: the article with pinyin above the hanzi, every finding marked and listed."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING, Final

from langdu.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from langdu.check.report import LocatedFinding
    from langdu.model import Article, Paragraph, Span

# Each colour comes with a sign and a word: many readers cannot tell the colours apart.
_SIGNS: Final = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "i"}
_STYLE: Final = """
:root { color-scheme: light dark; --error: #b00020; --warning: #8a5a00; --info: #1f5f99; --line: #ccc; }
@media (prefers-color-scheme: dark) {
  :root { --error: #ff8a80; --warning: #ffc46b; --info: #8cc8ff; --line: #555; }
}
body { font: 1.1rem/2.4 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; line-height: 1.5; }
th, td { text-align: start; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
caption { text-align: start; padding: .4rem 0; }
rt { font-size: .55em; }
mark { background: none; color: inherit; border-bottom: .2em solid; }
mark:target { outline: .15em solid; }
.error { color: var(--error); } .warning { color: var(--warning); } .info { color: var(--info); }
mark sup { line-height: 1; }
/* On a phone each finding is a block: a table of five columns does not fit. */
@media (max-width: 40rem) {
  body { margin: 1rem auto; }
  h1 { font-size: 1.4rem; line-height: 1.4; }
  table, tbody, caption { display: block; }
  thead { display: none; }
  tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  td { display: inline; padding: 0 .6rem 0 0; border: 0; }
  td:nth-child(n + 4) { display: block; padding: .2rem 0 0; }
  td:last-child:not(:empty)::before { content: "→ "; }
}
"""


def page(checked: Sequence[tuple[Article, Sequence[LocatedFinding]]]) -> str:
    """The articles with their findings as one HTML document; it loads nothing and runs no scripts."""
    body, first = [], 1
    for article, findings in checked:
        body.append(_article(article, findings, first))
        first += len(findings)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>langdu check</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{''.join(body)}</main>\n</body>\n</html>\n"
    )


def _article(article: Article, findings: Sequence[LocatedFinding], first: int) -> str:
    numbered = list(enumerate(findings, first))
    by_paragraph: defaultdict[int, list[tuple[int, LocatedFinding]]] = defaultdict(list)
    for number, located in numbered:
        by_paragraph[located.finding.paragraph].append((number, located))
    paragraphs = "".join(
        _paragraph(p, by_paragraph[p.index], "h2" if p is article.title else "p") for p in article.spoken_order()
    )
    name = escape(article.source.name)
    return (
        f"<section>\n<h1>{name}</h1>\n{_table(numbered, name)}"
        f'<article lang="{escape(article.language)}">\n{paragraphs}</article>\n</section>\n'
    )


def _table(numbered: Iterable[tuple[int, LocatedFinding]], name: str) -> str:
    rows = "".join(_row(number, located) for number, located in numbered)
    if not rows:
        return f"<p>No findings in {name}.</p>\n"
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("No.", "Place", "Text", "Finding", "Suggestion"))
    return f"<table>\n<caption>Findings</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"


def _row(number: int, located: LocatedFinding) -> str:
    finding = located.finding
    severity = finding.severity.value
    written = f"({finding.written})" if finding.written else ""
    accept = f"<br><small>If it is right: <code>{escape(located.accept)}</code></small>" if located.accept else ""
    return (
        f'<tr id="row{number}"><td><a href="#place{number}">{number}</a></td><td>{located.line}:{located.column}</td>'
        f'<td lang="zh">{escape(finding.text + written)}</td>'
        f'<td><strong class="{severity}">{_SIGNS[finding.severity]} {severity}</strong> {escape(finding.message)}'
        f" <code>{escape(finding.rule)}</code>{accept}</td><td>{escape(finding.suggestion or '')}</td></tr>\n"
    )


def _paragraph(paragraph: Paragraph, numbered: Iterable[tuple[int, LocatedFinding]], tag: str) -> str:
    text = paragraph.text
    marks: defaultdict[Span, list[tuple[int, LocatedFinding]]] = defaultdict(list)
    for number, located in numbered:
        marks[located.finding.span].append((number, located))
    pieces = {span: escape(span.of(text)) for span in marks}
    for span, note in paragraph.annotated():
        ruby = f"{escape(span.of(text))}<rp>(</rp><rt>{escape(note.written)}</rt><rp>)</rp>"
        pieces[span] = f"<ruby>{ruby}</ruby>"
    out, at = [], 0
    for span, inner in sorted(pieces.items(), key=lambda piece: piece[0]):
        out += [escape(text[at : span.start]), _marked(inner, marks.get(span, []))]
        at = span.end
    return f"<{tag}>{''.join(out)}{escape(text[at:])}</{tag}>\n"


def _marked(inner: str, numbered: Sequence[tuple[int, LocatedFinding]]) -> str:
    if not numbered:
        return inner
    worst = min((located.finding.severity for _, located in numbered), key=list(Severity).index)
    links = " ".join(
        f'<a id="place{n}" href="#row{n}" title="{escape(f.finding.message)}">{n}</a>' for n, f in numbered
    )
    return f'<mark class="{worst.value}">{inner}<sup>{_SIGNS[worst]} {links}</sup></mark>'
