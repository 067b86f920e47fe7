"""Pinyin in a text is said as it is written, however the hanzi that stand for it are read elsewhere."""

from __future__ import annotations

import pytest

from langdu.engines.baker import Baker
from langdu.model import Pauses
from langdu.pinyin import number
from langdu.pipeline.text import Taught, script_of_line


def syllables_of(line: str) -> str:
    """The syllables that are heard, without sandhi."""
    script = script_of_line(line, Taught({}, {}), Pauses(), Baker().capabilities, literal=True)
    return " ".join(number(reading.citation) for reading in script.readings if reading)


@pytest.mark.parametrize(
    ("line", "syllables"),
    [
        ("圩读xū。", "xu1 du2 xu1"),
        ("当圩读(xū)时", "dang1 xu1 du2 xu1 shi2"),
        ("不读yú", "bu4 du2 yu2"),
        ("念作lā、má、gěi", "nian4 zuo4 la1 ma2 gei3"),
        ("念作mǎ ma", "nian4 zuo4 ma3 ma5"),
        ("这个字读ㄓㄨㄞˇ", "zhe4 ge5 zi4 du2 zhuai3"),
        ("读作wánr", "du2 zuo4 wanr2"),
        ("读作xuésheng", "du2 zuo4 xue2 sheng5"),
        ("发音为(liù)的字", "fa1 yin1 wei2 liu4 de5 zi4"),
        ("这个字的读音应为(lù)。", "zhe4 ge5 zi4 de5 du2 yin1 ying1 wei2 lu4"),
        ('不是"liu4"', "bu4 shi4 liu4"),
        ("不是﹙ma1﹚", "bu4 shi4 ma1"),
    ],
)
def test_told_pinyin_is_said(line: str, syllables: str) -> None:
    assert syllables_of(line) == syllables
