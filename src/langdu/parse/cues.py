"""The words that announce a reading, and those that announce a wrong one."""

from __future__ import annotations

import re

# What may stand before a reading in its brackets: (拼音：lù), (读作lù), （音lù）, (pinyin: lù).
LABEL = re.compile(
    r"(?:(?:汉语|漢語)?(?:拼音|注音)|(?:正确|標準|标准)?(?:读音|讀音|发音|發音)|(?:应|應|今|又|旧|也)?(?:读|讀|念|唸|音)"
    r"(?:作|做|为|為|成|如)?|[Pp]inyin|PINYIN|[Pp]y|[Hh]anyu [Pp]inyin|[Pp]ron\.?)\s*[:：是为為]?\s*[“\"'‘「『/]?\s*"
)
# What announces another hanzi that sounds the same: (音同“蹦”), （读音同“助”）, (读如社).
SAME_SOUND = re.compile(
    r"(?:读音|讀音|发音|發音|音|读|讀|念)?(?:同音|相同|同于|同於|同|如|似|近|与|與|和)\s*[“\"'‘「『]?\s*"
)
# 读成六(liu)安, 误读为, 不读yíng: what follows is how it is not read ...
WRONG = re.compile(
    r"(?:不(?:能|要|可|应|應|该|該|应该|應該|是|得)?|别|別|勿|莫|误|誤|错|錯|常|往往|容易|易|被|会|會|都|人)*"
    r"(?:(?:误|誤|错|錯)(?:读|讀|念|唸|认|作|写)|(?:不|别|別|勿|莫)(?:能|要|可|应|應|该|該|应该|應該|是|得)?(?:读|讀|念|唸|是)"
    r"|(?:读|讀|念|唸)(?:成|错|錯))(?:成|作|做|为|為|了)?\s*$"
)
# ... but for 应读成, 正确地读成: then it is.
RIGHT = re.compile(r"(?:应|應|该|該|须|須|要|正确|正確|统一|統一|一律|才)[^，。；,;]{0,4}$")


def is_misreading(before: str) -> bool:
    """Whether the words just before a reading, or before the hanzi that it stands at, say that it is wrong.

    >>> is_misreading("很多人读成"), is_misreading("这里应读成"), is_misreading("不读")
    (True, False, True)
    """
    before = before.rstrip("“\"'‘「『( （")
    match = WRONG.search(before)
    if match is None:
        return False
    return not RIGHT.search(before[: match.start()]) or match.group().startswith(("不", "别", "別", "勿", "莫"))
