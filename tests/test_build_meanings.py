"""The compiler of the meanings, on a few lines in the format of CC-CEDICT."""

from __future__ import annotations

import importlib.util
import lzma
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

LINES = """\
# CC-CEDICT
長 长 [chang2] /long/length/CL:個|个[ge4]/
長 长 [zhang3] /chief/to grow/
綠 绿 [lu:4] /green/
六安 六安 [Lu4 an1] /see 六安市[Lu4 an1 Shi4]/
六安市 六安市 [Lu4 an1 Shi4] /Lu'an, a city in Anhui/
裡 里 [li3] /variant of 裏|里[li3]/
裏 里 [li3] /inside/
里 里 [li3] /a mile/inside/
見面 见面 [jian4 mian4] /to meet, as in 見|见[jian4]/
a line of nothing
ABC ABC [A B C] /no hanzi/
"""


@pytest.fixture(scope="module")
def tool(project: Path) -> ModuleType:
    """The compiler, which is not in the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(project / "tools"))
        spec = importlib.util.spec_from_file_location("build_meanings", project / "tools" / "build_meanings.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def test_the_lines(tool: ModuleType) -> None:
    data = tool.compile_meanings(LINES.splitlines(keepends=True))
    assert lzma.decompress(data).decode().splitlines() == [
        "六安\tLu4 an1\t六安市: Lu'an, a city in Anhui",
        "六安市\tLu4 an1 Shi4\tLu'an, a city in Anhui",
        "绿\tlü4\tgreen",
        "见面\tjian4 mian4\tto meet, as in 见[jian4]",
        "里\tli3\tinside/a mile",
        "长\tchang2\tlong/length\tzhang3\tchief/to grow",
    ]
    assert data == tool.compile_meanings(LINES.splitlines(keepends=True))
