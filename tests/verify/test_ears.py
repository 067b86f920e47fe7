"""The ears that langdu ships: each is found by the id of its voice, on every system."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from langdu import voices
from langdu.verify.ear import file_name, load_ear

FILES = sorted(file.name for file in resources.files("langdu.data").joinpath("ears").iterdir())
IDS = [voice.id for voice in voices.catalogue()]


def test_each_file_is_the_ear_of_a_voice() -> None:
    found = {file_name(voice): ear.voice for voice in IDS if (ear := load_ear(voice))}
    assert found == {file_name(voice): voice for voice in found.values()}
    assert sorted(found) == FILES


def test_every_system_allows_the_names() -> None:
    """Windows forbids a colon, and takes upper and lower case for the same."""
    names = [file_name(voice) for voice in IDS]
    assert all(re.fullmatch(r"[a-z0-9_-]+\.json", name) for name in names)
    assert len(set(names)) == len(IDS)


@pytest.mark.parametrize("voice", ["kokoro:../baker", "gtts"])
def test_other_voices_have_none(voice: str) -> None:
    assert load_ear(voice) is None
