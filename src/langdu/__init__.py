"""langdu 朗读 reads pinyin-annotated Chinese articles aloud, exactly as annotated, and checks the pinyin.

`parse`, `check`, `narrate` and `say` are what the commands of the same names do.
"""

from langdu.pipeline import check, narrate, parse, say
from langdu.settings import Settings

__all__ = ["Settings", "check", "narrate", "parse", "say"]
