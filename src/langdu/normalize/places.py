"""Finds the places in a text that may not be said as they are written."""

from __future__ import annotations

import re

from langdu.marks import HANZI_RANGES, ZHUYIN

# Characters that are said as written or only make pauses. Everything else is offered to the rules.
_PLAIN = (
    rf"\s{HANZI_RANGES}"
    r"\u3005\u3040-\u309a\u309d-\u30ff\uac00-\ud7af"  # 々, kana, hangul
    r"，。、；：？！…—“”‘’「」『』（）《》〈〉【】〔〕｛｝［］·"
    r",.:;?!'\"()\[\]{}/\\_-"
)
ODD = re.compile(rf"[^{_PLAIN}]")

# A run of letters is one place: no rule begins inside a word, and searching a long one from each letter would be slow.
# Punctuation that is spoken beside a number: 歼-16, 3%—5%, 12—-3, .22, [1], 5元/吨, m³/秒.
_DASH = r"[-~—](?=[-—]? ?第?[-+$€£¥.]?[0-9])"
_POINT = r"\.(?=[0-9])|(?<=[0-9])\.(?=[A-Z]{2}(?![A-Za-z]))"
_NOTE = r"[\[〔［【](?=[0-9])"
_PER = rf"(?<=[0-9{HANZI_RANGES}A-Za-z³²])/(?=[{HANZI_RANGES}a-zA-Z㎡㎥])"
# A gloss in brackets after hanzi: 秘鲁(Peru), 不读(yíng).
_GLOSS = rf"[(\[【〔](?=\s?(?:[A-Za-zÀ-ɏ{ZHUYIN}˙]|[汉漢]?[语語]?[拼注读讀]音))"
# A blank that only sets a number off from hanzi: 共 15 个.
_SPACING = rf"(?<=[{HANZI_RANGES}]) (?=[0-9])|(?<=[0-9%‰℃]) (?=[{HANZI_RANGES}])"
PLACE = re.compile(rf"[A-Za-z]+|[^{_PLAIN}]|{_DASH}|{_POINT}|{_NOTE}|{_GLOSS}|{_PER}|{_SPACING}")
