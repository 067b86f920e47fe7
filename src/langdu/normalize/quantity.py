"""Counts and measures: cardinals, ordinals, decimals, percentages, fractions, money, units."""

from __future__ import annotations

import re

from langdu.normalize import numerals, tables
from langdu.normalize.grammar import (
    ABOUT,
    DASH,
    INTEGER,
    MEASURE,
    MULTIPLIER,
    NUMBER,
    SPACE,
    UNITS,
    is_quantity,
    is_two_liang,
)
from langdu.normalize.rule import SpokenForm, after, before, rule

# --- percent and fractions ------------------------------------------------------------------------------------------

_OF = {"%": "百分之", "‰": "千分之", "‱": "万分之"}


def _percent(written: str, sign: str) -> str:
    whole = sign == "%" and written in ("100", "100.0", "100.00")
    return "百分之百" if whole else _OF[sign] + numerals.amount(written)


@rule("percent", rf"({NUMBER}){SPACE}([%‰‱])")
def percent(m: re.Match[str]) -> SpokenForm:
    """5.2% is 百分之五点二."""
    return _percent(m[1], m[2])


@rule("percent", rf"({NUMBER}){SPACE}(?:{DASH}|至|到){SPACE}({NUMBER}){SPACE}([%‰])")
def percent_range(m: re.Match[str]) -> SpokenForm:
    """3-5% is 百分之三到百分之五."""
    return f"{_percent(m[1], m[3])}到{_percent(m[2], m[3])}"


@rule("percent", rf"-({NUMBER}){SPACE}([%‰])")
def negative_percent(m: re.Match[str]) -> SpokenForm:
    """-5.2% is 负百分之五点二, 同比-5.2% 同比下降; but the dash of 3%-5% belongs to a range."""
    left = before(m)
    if re.search(r"[0-9%‰]\Z", left):
        return None
    return ("下降" if re.search(r"[同环]比\Z", left) else "负") + _percent(m[1], m[2])


@rule("positive", rf"\+(?={NUMBER}{SPACE}(℃|°C|摄氏度)?)")
def plus(m: re.Match[str]) -> SpokenForm:
    """同比+12.3% is 同比增长百分之十二点三, +5℃ 零上五摄氏度; a +1 with nothing before it is 正一."""
    left = before(m)
    if re.search(r"[同环]比\Z", left):
        return "增长"
    if m[1]:
        return "零上"
    return "正" if re.search(r"(?:\A|[为是:(，、])\Z", left) else None


_PRESSURE = re.compile(r"(?:血压|高压|收缩压)[^，。]{0,6}\Z")


@rule("fraction", rf"(?<!/)({INTEGER}) ?/ ?({INTEGER})(?![0-9/]|\.[0-9])")
def fraction(m: re.Match[str]) -> SpokenForm:
    """1/3 is 三分之一; a blood pressure of 120/80 is two numbers, and 3/4拍 is 四三拍."""
    if before(m).endswith("第"):
        return None
    if m.string.startswith("拍", m.end()):
        return numerals.digits(m[2] + m[1])
    if _PRESSURE.search(before(m)) or re.match(rf"{SPACE}mmHg", after(m)):
        return f"{numerals.cardinal(m[1])}、{numerals.cardinal(m[2])}"
    return f"{numerals.ordinal(m[2])}分之{numerals.ordinal(m[1])}"


# --- money ----------------------------------------------------------------------------------------------------------

_CURRENCIES = tables.mapping("currencies")
_CURRENCY = tables.any_of(_CURRENCIES)
_NAMED = re.compile(r"[多余几]?(?:元|块|美元|美金|欧元|日元|英镑|港元|港币|人民币|韩元|澳元|加元)")


@rule(
    "money",
    rf"({_CURRENCY}) ?({NUMBER})(?: ?({DASH}) ?(?:{_CURRENCY} ?)?({NUMBER}))?( ?{MULTIPLIER})?({ABOUT}?)(?![0-9])",
)
def money(m: re.Match[str]) -> SpokenForm:
    """$3.5亿 is 三点五亿美元: the name follows the number; in ￥100元 it is not said twice."""
    if m[1][0].isalpha() and re.search(r"[A-Za-z]\Z", before(m)):
        return None
    to = f"到{numerals.amount(m[4])}" if m[4] else ""
    name = "" if _NAMED.match(m.string, m.end()) else _CURRENCIES[m[1]]
    first = "两" if m[2] == "2" and not to else numerals.amount(m[2])
    return f"{first}{to}{(m[5] or '').strip()}{m[6]}{name}"


@rule(
    "money",
    rf"({NUMBER})(?=(?:{MULTIPLIER})?{ABOUT}?(?:元|块|美元|欧元|英镑|港元|澳元|加元)(?!素|旦|宵|宇宙|年|老|首|件|月))",
)
def priced(m: re.Match[str]) -> SpokenForm:
    """36.00元 is 三十六元."""
    return numerals.amount(m[1]) if "." in m[1] else None


# --- units ----------------------------------------------------------------------------------------------------------

_UNITS = tables.mapping("units")
_NUMBER_BEFORE = re.compile(rf"[0-9]{ABOUT}?{MULTIPLIER}?{ABOUT}?{SPACE}\Z")
_ONE_UNIT = re.compile(rf"([·/]?)(100{SPACE})?({tables.any_of(_UNITS)})")
_TEN_THOUSAND = re.compile(rf"[wW](?=\+|[多余]|{MEASURE})|[kK](?={MEASURE})")
_FOLLOWERS = re.compile(
    r"(?:粉丝|阅读|播放|点赞|转发|浏览|下载|销量|订单|月薪|年薪|收入|薪资|人数|人口)[^，。]{0,4}?[0-9.]+\Z"
)


@rule("unit", rf"{SPACE}({UNITS})(/(?={MEASURE}))?")
def unit(m: re.Match[str]) -> SpokenForm:
    """The unit after a number: km/h is 公里每小时."""
    if not _NUMBER_BEFORE.search(before(m)) or _not_a_unit(m):
        return None
    return _unit_name(m[1]) + ("每" if m[2] else "")


def _not_a_unit(m: re.Match[str]) -> bool:
    """4s店."""
    return m[1] == "s" and m.string.startswith("店", m.end())


@rule("unit", rf"(?:{UNITS})")
def unit_alone(m: re.Match[str]) -> SpokenForm:
    """A compound unit without a number: 单位：μg/m³."""
    compound = re.search(r"[/·²³℃℉]|°[CF]|μ[a-zA-Z]", m[0])
    return _unit_name(m[0]) if compound and not re.search(r"[A-Za-z]\Z", before(m)) else None


def _unit_name(written: str) -> str:
    spoken = _UNITS.get(written, "")
    if spoken:
        return spoken
    for sign, hundred, name in _ONE_UNIT.findall(written):
        spoken += ("每" if sign == "/" else "") + ("百" if hundred else "") + _UNITS[name]
    return spoken


@rule("cardinal", r"[wWkK](?![A-Za-z0-9])")
def ten_thousand(m: re.Match[str]) -> SpokenForm:
    """300w张 is 三百万张, 10w+ 十万加, 粉丝10w 粉丝十万, 5k人 五千人."""
    left = before(m)
    if not re.search(r"[0-9]\Z", left) or not (_TEN_THOUSAND.match(m.string, m.start()) or _FOLLOWERS.search(left)):
        return None
    return "万" if m[0] in "wW" else "千"


@rule("unit", rf"/({UNITS})?")
def per(m: re.Match[str]) -> SpokenForm:
    """5000元/吨, 120次/分, 8元/m²: one measure per another."""
    if not _MEASURED.search(before(m, 16)) or not (m[1] or re.match(MEASURE, after(m))):
        return None
    return "每" + (_unit_name(m[1]) if m[1] else "")


_MEASURED = re.compile(
    rf"[0-9][0-9.,]*{MULTIPLIER}?{ABOUT}?{SPACE}(?:{MEASURE}|{UNITS})\Z|[¥$€£][0-9][0-9.,]*{MULTIPLIER}?\Z|元/{MEASURE}\Z"
    r"|(?:元|[毫微千]?克|公斤|吨|千?米|公里|毫?升|立方米|千瓦时|焦耳?)\Z"
)


# --- counts ---------------------------------------------------------------------------------------------------------


@rule("ordinal", rf"({INTEGER})(?!\.[0-9])")
def ordinal(m: re.Match[str]) -> SpokenForm:
    """第2名 is 第二名."""
    return numerals.ordinal(m[1]) if re.search(r"第 ?\Z", before(m)) else None


@rule("ordinal", r"(?:No|NO|no|№)\.? ?([0-9]{1,4})(?![0-9])")
def numero(m: re.Match[str]) -> SpokenForm:
    """No.1 is 第一."""
    return None if re.search(r"[A-Za-z]\Z", before(m)) else "第" + numerals.ordinal(m[1])


@rule("decimal", rf"({INTEGER}\.[0-9]+)(?!\.?[0-9])")
def decimal(m: re.Match[str]) -> SpokenForm:
    """3.1415 is 三点一四一五."""
    return numerals.decimal(m[1])


@rule("decimal", r"\.[0-9]+(?:\.[0-9]+)*")
def no_whole(m: re.Match[str]) -> SpokenForm:
    """.22口径 is 零点二二; BA.5 BA点五, Vol.3 Vol三."""
    left = before(m)
    if re.search(r"[0-9.]\Z", left):
        return None
    point = "点" if re.search(r"[A-Z]\Z", left) else "" if re.search(r"[a-z]\Z", left) else "零点"
    return point + "点".join(map(numerals.digits, m[0][1:].split(".")))


@rule("digits", r"\.(?=[A-Z]{2}(?![A-Za-z]))")
def market(m: re.Match[str]) -> SpokenForm:
    """600519.SH: the market after a share's code."""
    return "点" if re.search(r"[0-9]\Z", before(m)) else None


@rule("digits", r"0[0-9]+(?![0-9]|\.[0-9])")
def leading_zero(m: re.Match[str]) -> SpokenForm:
    """0532, 055型: counts are not written with a leading 0, except in 05个 and the like."""
    counted = len(m[0]) == 2 and re.match(r" ?[个名人件台元米天条岁次位项家]", after(m))
    return None if counted else numerals.digits(m[0])


# In 第1、2名 and 1、2、3个 the 2 is part of a list, so it is 二.
_LISTED = re.compile(r"第[0-9]+[、/和及与]|[0-9]、\Z")


@rule("cardinal", r"[0-9]{1,3}(?: [0-9]{3})+(?![0-9])")
def spaced(m: re.Match[str]) -> SpokenForm:
    """16 000公顷: spaces between thousands, if a measure shows that it is one number."""
    return numerals.cardinal(m[0].replace(" ", "")) if is_quantity(m.string, m.end()) else None


@rule("cardinal", rf"({INTEGER})")
def cardinal(m: re.Match[str]) -> SpokenForm:
    """Every other number: 2个 is 两个, 2号 二号."""
    written = m[1]
    if written == "2" and is_two_liang(m.string, m.end()) and not _LISTED.search(before(m)):
        return "两"
    return numerals.cardinal(written)
