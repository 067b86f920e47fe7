"""Finding engines by name: built-in ones, and those of other packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from langdu import engines
from langdu.errors import ConfigError, EngineUnavailable

if TYPE_CHECKING:
    from engines.plugin import Plugin


def test_an_unknown_engine_is_told_with_those_there_are(plugin: Plugin) -> None:
    plugin("class Odd: pass")
    with pytest.raises(ConfigError, match=r"'zoe'; there are baker, .*odd, .*silence"):
        engines.create("zoe", None)


def test_another_package_brings_an_engine(plugin: Plugin) -> None:
    plugin("class Odd:\n    name = 'odd'")
    assert engines.create("odd", None).name == "odd"


def test_an_engine_that_cannot_be_imported(plugin: Plugin) -> None:
    plugin("import no_such_module_anywhere")
    with pytest.raises(EngineUnavailable, match=r"odd of odd_engine:Odd cannot be loaded: .*no_such_module_anywhere"):
        engines.create("odd", None)


def test_every_built_in_engine_has_a_described_voice() -> None:
    assert {voice.engine for name in engines.BUILT_IN for voice in engines.described(name)} == engines.BUILT_IN.keys()
