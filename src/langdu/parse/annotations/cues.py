"""The words that announce a reading, and those that announce a wrong one."""

from __future__ import annotations

import re

# What may stand before a reading in its brackets: (拼音：lù), (应该读作lù), （音lù）, (pinyin: lù), [=zhuo2].
LABEL = re.compile(
    r"(?:(?:汉语|漢語)?(?:拼音|注音)|(?:正确|正確|標準|标准)?(?:读音|讀音|发音|發音)|(?:正确|正確)的?(?=是)"
    r"|(?:此[处處]|[这這][里裡])?(?:(?:应|應)(?:该|該)?|今|又|旧|也)?(?:读|讀|念|唸|音)(?:作|做|为|為|成|如)?"
    r"|拼|[Pp]in[Yy]in|PINYIN|[Pp]y|[Hh]anyu [Pp]inyin|[Pp]ron\.?)"
    r"[ \t\u3000\u200b*_\"'”’]*+[:：=是为為]?[ \t\u3000\u200b*_“\"'‘「『/]*+|="
)
# What announces a reading in a text: 应读lù, 正确读音为“zhì”.
CUE = (
    r"(?:(?:读|讀|念|唸|注|拼)(?:音|作|做|为|為|成|如)?|(?:读|讀|发|發|拼|注)音|音(?:作|为|為)?|[Pp]inyin|而是|正确的?是"
    r"|(?:应|應)(?:该|該)?(?=[为為是作]))(?:应该?|應該?|是|为|為|作)?[\s“\"'‘「『（(\[【/:：]*"
)
_ANNOUNCED = re.compile(rf"(?:{CUE})$")
# Between two readings, it makes them a choice, so that neither is an annotation: bó/báo, bó或báo, mó yàng还是mú yàng.
CHOICE = r"\s*(?:/|或|or|还是|還是|-+>|→)\s*"
# What announces another hanzi with the same sound: (音同“蹦”), （读音同“助”）, (读如社).
SAME_SOUND = re.compile(
    r"(?:读音|讀音|发音|發音|音|读|讀|念)?(?:同音|相同|同于|同於|同|如|似|近|与|與|和)\s*[“\"'‘「『]?\s*"
)
# What announces a wrong reading, 误读为, 读成, 不读yíng …
_NOT = r"(?:不|别|別|勿|莫)(?:能|要|可|应|應|该|該|应该|應該|是|得)?"
_WRONG = re.compile(
    rf"(?:(?:误|誤|错|錯)(?:读|讀|念|唸|认|認|作|写|寫)|{_NOT}(?:读|讀|念|唸)|(?:读|讀|念|唸|认|認)(?:成|错|錯)|不是|而非|并非|旧读|舊讀|旧时读|[×✗✘❌])"
    r"(?:成|作|做|为|為|了|音)*(?:[“\"‘「]?[A-Za-z\u00c0-\u024f1-5' ]{1,14}[”\"’」]?[、,，或和及])*$"
)
# … or hanzi that are misread, if they are quoted or the verb says that they replace others: 读成六(liu)安,
# 不能读成“下载(zǎi)”; but not 不读书(shū).
_WRONG_HANZI = re.compile(
    rf"(?:(?:误|誤|错|錯)(?:读|讀|念|唸|认|認|作|写|寫)(?:成|作|做|为|為)?|{_NOT}(?:读|讀|念|唸)(?:成|作|做|为|為)|(?:读|讀|念|唸|认|認)(?:成|错成|錯成))"
    r"了?(?:[“\"‘「『]\w{0,4}|\w{0,3})$|(?:不是|而非|并非)[“\"‘「『]\w{0,4}$"
)
_ABOUT = re.compile(r"(?:(?:误|誤|错|錯)[读讀念唸认認]|[读讀念唸认認](?:成|错|錯))[^，。；！？,;!?\n]*$")
_CALLED_WRONG = re.compile(
    r"[”\"’」』)）]?\s?[，,]?(?:都|就|则|便|均|那)?(?:是|属于?|系)?(?:错|錯|误|誤|不对|不對|不正确|不正確|不规范)"
)
# But what follows 应读成 or 正确地读成 is right.
_RIGHT = re.compile(r"(?:应|應|该|該|须|須|要|正确|正確|统一|統一|一律|才)[^，。；,;]{0,4}$")
_CLOSERS = "”’」』】)）"
_OPENERS = "“\"'‘「『( （:：*_"


def is_misreading(before: str) -> bool:
    """Whether the words just before a reading say that it is wrong.

    >>> is_misreading("很多人读成"), is_misreading("这里应读成"), is_misreading("不读"), is_misreading("应该不读")
    (True, False, True, True)
    """
    return _says_wrong(before.rstrip(_OPENERS + _CLOSERS), _WRONG)


def is_announced(before: str) -> bool:
    """Whether a text ends with the announcement of a reading.

    >>> is_announced("歙县的正确读音是"), is_announced("我们的")
    (True, False)
    """
    return _ANNOUNCED.search(before) is not None


def is_misread(before: str) -> bool:
    """Whether the words just before some hanzi say that they are read wrongly.

    >>> is_misread("很多人读成"), is_misread("不能读成“下"), is_misread("他不读")
    (True, True, False)
    """
    return _says_wrong(before, _WRONG_HANZI)


def is_about_misreading(clause: str) -> bool:
    """Whether a clause lists misreadings, so that those without tones are some too: 误读为詹(zhan)州、蟾(chan)州."""
    return _ABOUT.search(clause) is not None


def is_called_wrong(view: str, end: int) -> bool:
    """Whether the words after a reading say that it is wrong: 读“曝”为bào是错的.

    >>> is_called_wrong("bào是错的", 3), is_called_wrong("bào是误读", 3), is_called_wrong("bào是动词", 3)
    (True, True, False)
    """
    return _CALLED_WRONG.match(view, end) is not None


def _says_wrong(before: str, wrong: re.Pattern[str]) -> bool:
    match = wrong.search(before)
    if match is None:
        return False
    return match.group()[0] in "不别別勿莫" or not _RIGHT.search(before[: match.start()])
