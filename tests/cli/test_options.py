"""The options of the commands: each declared once, with the defaults that the settings have."""

from __future__ import annotations

import inspect
import json
from dataclasses import fields
from typing import Any, get_args

import pytest

from langdu.cli.narrating.brief import brief
from langdu.cli.narrating.read import read
from langdu.cli.shared.options import NarrationOptions
from langdu.export import FORMATS
from langdu.pipeline.brief import DEFAULTS
from langdu.settings import Settings
from programs import langdu


@pytest.mark.parametrize(("command", "defaults"), [(read, {}), (brief, DEFAULTS)])
def test_help_shows_the_defaults_of_the_settings(command: object, defaults: dict[str, Any]) -> None:
    settings = Settings(**defaults)
    parameters = inspect.signature(command).parameters  # type: ignore[arg-type]
    shown = {}
    for name in {field.name for field in fields(Settings)} & set(parameters) - {"verify"}:
        _, option = get_args(parameters[name].annotation)
        shown[name] = option.show_default
    assert {"voice", "formats", "loudness", "overlay"} <= set(shown)
    for name, text in shown.items():
        value = getattr(settings, name)
        wanted = ",".join(value) if name == "formats" else f"{value:g}" if isinstance(value, float) else value
        assert text == (True if value is None else wanted), name


def test_read_and_brief_have_the_same_options() -> None:
    own = {field.name for field in fields(NarrationOptions)}
    assert own <= set(inspect.signature(read).parameters)
    assert own <= set(inspect.signature(brief).parameters)


def test_formats_are_listed() -> None:
    listed = langdu("formats").stdout
    assert [name for name in FORMATS if f"\n{name} " not in listed] == []
    rows = [json.loads(line) for line in langdu("formats", "--json").stdout.splitlines()]
    assert [row["format"] for row in rows] == list(FORMATS)
    assert {"format": "srt", "about": "subtitles", "ending": "srt"} in rows
