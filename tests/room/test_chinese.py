"""The room says in Chinese what the check says in English: rules, what they mean, and every message."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import langdu
from langdu.check.rules import RULES
from langdu.data import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = Path(langdu.__file__).parent


def chinese() -> dict[str, str]:
    """The table of the page; apart from its last comma it is JSON."""
    script = (_PACKAGE / "room/page/correct/rules.js").read_text(encoding="utf-8")
    table = script.partition("learn(")[2].rpartition(")")[0]
    found: dict[str, str] = json.loads(re.sub(r",\s*\}$", "}", table))
    return found


def messages() -> Iterator[str]:
    """The texts from which the rules make their messages."""
    for path in sorted((_PACKAGE / "check/rules").glob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in nodes:
            if id(node) in parts:
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"\{\w+\}", node.value):
                yield node.value
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "says" and len(node.keywords) == 0:
                yield ast.literal_eval(node.args[0])
    for norm in {name for _, _, name in rows("norms.tsv")}:
        yield f"{{char}} {{given}} is a reading of {norm}; langdu would read {{expected}}"


def test_all_that_the_check_says_is_there_in_chinese() -> None:
    said = {*(rule.name for rule in RULES), *(rule.summary for rule in RULES), *messages()}
    assert len(said) > 2 * len(RULES) + 20
    assert said == set(chinese())


def test_each_message_has_the_same_values_in_chinese() -> None:
    def values(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert {english: text for english, text in chinese().items() if not values(text) <= values(english)} == {}
    assert [text for text in chinese().values() if not re.search("[\u4e00-\u9fff]", text)] == []
