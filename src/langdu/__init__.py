"""langdu 朗读 reads pinyin-annotated Chinese articles aloud, exactly as annotated, and checks the pinyin.

`parse`, `check`, `narrate` and `say` are what the commands of the same names do; see `langdu.pipeline`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langdu.pipeline.narration import narrate
    from langdu.pipeline.say import say
    from langdu.pipeline.text import check, parse
    from langdu.settings import Settings

__all__ = ["Settings", "check", "narrate", "parse", "say"]

_HOMES = {
    "Settings": "langdu.settings",
    "check": "langdu.pipeline.text",
    "narrate": "langdu.pipeline.narration",
    "parse": "langdu.pipeline.text",
    "say": "langdu.pipeline.say",
}


class _Package(ModuleType):
    """Loads the functions when they are first asked for: the program's --help and each speaking process need none.

    The stages parse and check are packages of the same names; importing one would put the package in the place of
    the function, so that is refused here.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)


sys.modules[__name__].__class__ = _Package
