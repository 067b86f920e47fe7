"""Write docs/rules.md: the rules of langdu check, from their docstrings.

Run: python tools/rules_table.py
"""

from __future__ import annotations

from pathlib import Path

from langdu.check.rules import RULES

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"
_HEAD = """# The rules of `langdu check`

`python tools/rules_table.py` makes this page from the rules' docstrings. The examples are tests.

`error`: cannot be right. `warning`: possible, but the context says otherwise. `info`: worth knowing, not wrong.
`--select` and `--ignore` take these names, joined by commas.

| rule | severity | what it says | bad | good |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    rows = [
        [f"`{r.name}`", r.severity.value, r.summary, _examples(r.examples("Bad")), _examples(r.examples("Good"))]
        for r in RULES
    ]
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _examples(texts: list[str]) -> str:
    return "<br>".join(text.replace("|", "\\|") for text in texts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
