"""Two numbers side by side: a score, a ratio, or a range. The words around them decide."""

from __future__ import annotations

import re

from langdu.marks import HANZI_RANGES
from langdu.normalize import numerals, tables
from langdu.normalize.grammar import (
    ABOUT,
    DASH,
    MEASURE,
    MULTIPLIER,
    NUMBER,
    SPACE,
    UNITS,
    is_quantity,
    is_two_liang,
)
from langdu.normalize.rule import SpokenForm, after, before, rule

_MAKE = re.compile(rf"{tables.any_of(tables.words('makes'))}\Z")
# A pair of numbers after one of these is part of its name: A350-900, 波音737-800.
_NAMED = rf"(?:[A-Za-z]|{tables.any_of(tables.group_first('makes', 'name'))})"
_MADE = re.compile(rf"{_NAMED}\Z")

# --- scores ---------------------------------------------------------------------------------------------------------

_POINTS = r"[0-9]{1,3}"
_ONE_SCORE = rf"{_POINTS} ?[-:—] ?{_POINTS}(?![0-9:%‰.])"
_SCORE_BEFORE = re.compile(
    rf"(?:{tables.any_of(tables.group('cues', 'score-before'))}[^，,。0-9]{{0,5}}"
    rf"|[以局盘节]{SPACE}|[0-9][-:][0-9]{{1,3}}\()\Z"
)
_SCORE_AFTER = re.compile(rf"\)?{SPACE}的?{tables.any_of(tables.group('cues', 'score-after'))}")
_SPORT = re.compile(tables.any_of(tables.group("cues", "score-sentence")))
_TEAM = re.compile(rf"{tables.any_of(tables.words('teams'))}队?{SPACE}\Z")
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9]\Z")
_CLOCK_BEFORE = re.compile(
    rf"(?:时间|上午|下午|早上|晚上|晚间|中午|凌晨|清晨|深夜|傍晚|[早晚日号天今明昨至到从在于点]|[周期][一二三四五六日天])[:({SPACE}]?\Z"
)
# Matches end, but so do meetings: 19:00结束.
_ENDS = re.compile(rf"\)?{SPACE}(?:的?(?:结束|开始)|收场|告终)")
# 比赛19:30开赛: what begins at 19:30 makes it a time; 决赛21:15结束 is a time too if nothing suggests a score.
_BEGINS = re.compile(
    rf"\)?{SPACE}(?:准时|正式)?(?:开始|开赛|开打|开球|开战|开哨|鸣哨|打响|举行|举办|进行|揭幕|开幕|(?:现场)?直播|转播|播出)"
)
_EVENT = re.compile(rf"(?:[比球联决竞]赛|[{HANZI_RANGES}]杯|[典仪]式|会)(?:将|就|要|会|于|在)*\Z")
_BEGUN = re.compile(rf"[0-9]:[0-5][0-9]{_BEGINS.pattern}")
# 2026-11-25 08:12, 5月1日 21:15: after a date a pair is a time.
_DATED = re.compile(r"[0-9][-/.][0-9]{1,2}\s?\Z|[日号]\s?\Z")
_BETWEEN = rf"(?:{SPACE}[、，,;；/和及与]{SPACE}| )"
_ROW_BEFORE = re.compile(rf"(?:{_ONE_SCORE}{_BETWEEN})+\Z")
_ROW_AFTER = re.compile(rf"(?:{_BETWEEN}{_ONE_SCORE}){{1,12}}")


@rule(
    "score", rf"(?<![0-9.])({_POINTS}) ?([-:—/]) ?({_POINTS})(?![0-9:%‰]|/(?![0-9]+[-:][0-9])|\.[0-9]|[-~—][0-9]| ?=)"
)
def score(m: re.Match[str]) -> SpokenForm:
    """总比分3-1, 21:15险胜, 0:1: said with 比; without such words it may be a time, a ratio or a range."""
    if not _is_score(m):
        return None
    return f"{numerals.ordinal(m[1])}比{numerals.ordinal(m[3])}"


def _is_score(m: re.Match[str]) -> bool:
    row, left = _row(m)
    if m[2] == "/":
        even = m[1] == m[3] != "1" and re.search(rf"[{HANZI_RANGES}] \Z|比分\Z", left)
        return bool(even or (_TEAM.search(left) and re.match(r"\Z|[，。、；！？,;!?\s]", after(m))))
    if (
        _is_time(m, left)
        or left.endswith("第")
        or _MADE.search(left)
        or (_counts(m) and not _SCORE_AFTER.match(m.string, m.end()))
    ):
        return False
    if _SCORE_AFTER.match(m.string, m.end()) and not (_is_clock(m[0]) and _ENDS.match(m.string, m.end())):
        return True
    if _is_clock(m[0]):
        return _is_score_and_no_time(m, row, left)
    if _SCORE_BEFORE.search(left) or _TEAM.search(left):
        return True
    return m[2] != ":" and _like_a_score(m, row)


def _is_time(m: re.Match[str], left: str) -> bool:
    """Whether a pair can only be the time when something begins, or ends after a stated beginning."""
    if not _is_clock(m[0]):
        return False
    if _BEGINS.match(m.string, m.end()):
        return "比分" not in left
    ends = _ENDS.match(m.string, m.end())
    return bool(m[3].startswith("0") or (ends and (_EVENT.search(left) or _BEGUN.search(before(m, 40)))))


def _is_score_and_no_time(m: re.Match[str], row: list[str], left: str) -> bool:
    """What could be a time is a score if the text is about a match."""
    if _ENDS.match(m.string, m.end()):
        return bool(_TEAM.search(left) or _SCORE_BEFORE.search(left) or _SPORT.search(before(m, 40) + after(m, 30)))
    if _DATED.search(before(m)) or _CLOCK_BEFORE.search(left):
        return False
    return bool(_SCORE_BEFORE.search(left) or not all(map(_is_clock, row)))


def _counts(m: re.Match[str]) -> bool:
    return m[2] != ":" and is_quantity(m.string, m.end())


def _is_clock(written: str) -> bool:
    return bool(_CLOCK.match(written))


def _row(m: re.Match[str]) -> tuple[list[str], str]:
    """The pairs in the same list as this one (21:18、25:23), and the text before the first of them."""
    left = before(m, 60)
    earlier = _ROW_BEFORE.search(left)
    later = _ROW_AFTER.match(m.string, m.end())
    pairs = re.findall(_ONE_SCORE, (earlier[0] if earlier else "") + m[0] + (later[0] if later else ""))
    return pairs, (left[: earlier.start()] if earlier else left)[-12:]


def _like_a_score(m: re.Match[str], row: list[str]) -> bool:
    """A falling pair, or one in a list with a falling pair (11-7、8-11); a rising one if the text is about a match."""
    if m[1].startswith("0") and len(m[1]) > 1:
        return False
    falls = any(int(first) > int(second) for first, second in (re.findall("[0-9]+", pair) for pair in row))
    return falls or bool(_SPORT.search(before(m, 40) + after(m, 30)))


# --- ratios ---------------------------------------------------------------------------------------------------------

_RATIO_BEFORE = re.compile(
    r"(?:比例|比率|比值|之比|配比|占比|比|画幅|屏幕|宽高|长宽|分辨率|按照?|赔率)(?:为|是|约|达|:|约为|达到|接近)*\Z"
)


@rule("ratio", rf"({NUMBER})((?: ?: ?{NUMBER}){{1,9}})(?![0-9:])")
def ratio(m: re.Match[str]) -> SpokenForm:
    """1:3, 1:50000, 3:2:1; a possible time of day is taken for one unless the words before it suggest a ratio."""
    if _is_clock(m[0]) or re.fullmatch(r"[0-9]{1,2}:[0-5][0-9](?::[0-5][0-9])?(?:\.[0-9]+)?", m[0]):
        possible = not (re.match(r"(?:2[5-9]|[3-9][0-9]):", m[0]) and m[0].count(":") == 1 and "." not in m[0])
        if possible and not _RATIO_BEFORE.search(before(m)):
            return None
    return "比".join(numerals.decimal(part) for part in re.split(r" ?: ?", m[0]))


# --- ranges ---------------------------------------------------------------------------------------------------------

_DATE_AFTER = re.compile(r"(?:年代|月份?|日|号)(?!线|楼|院)")


@rule("range", rf"({NUMBER}){SPACE}({DASH}){SPACE}({NUMBER})(?![0-9]|[-:/]{SPACE}[0-9]|{SPACE}=|,[0-9]{{3}})")
def span(m: re.Match[str]) -> SpokenForm:
    """10-15人, 3—5天, 1.5~2倍, 第3-5名; 至 in dates, 到 elsewhere."""
    coded = any(len(number) > 1 and number.startswith("0") and number[1] != "." for number in (m[1], m[3]))
    if coded or _MADE.search(before(m)):
        return None
    word = "至" if _DATE_AFTER.match(m.string, m.end()) else "到"
    liang = is_two_liang(m.string, m.end()) and not before(m).endswith("第")
    return word.join("两" if number == "2" and liang else numerals.decimal(number) for number in (m[1], m[3]))


_UP_TO_NUMBER = re.compile(r"(?:[0-9]|[%‰])\Z")
_UP_TO_MEASURE = re.compile(rf"[0-9]{SPACE}(?:{UNITS}|{ABOUT}?{MULTIPLIER}?{ABOUT}?(?:{MEASURE})?)\Z|[年月日]\Z")


@rule("range", rf"({DASH}){SPACE}(?=第?[+$€£¥-]?[0-9])")
def joined(m: re.Match[str]) -> SpokenForm:
    """3%-5%, 9:00-17:00, 3月15日—20日, 5万-8万元: only the dash; other rules say what stands on either side."""
    left = before(m).rstrip()
    if _MODEL_BEFORE.search(left) and not _UNIT_BEFORE.search(left):
        return None
    if not (_UP_TO_NUMBER.search(left) or _UP_TO_MEASURE.search(left)):
        return None
    return "至" if re.search(r"[年月日号]\Z", left) else "到"


_MODEL_BEFORE = re.compile(rf"{_NAMED}[0-9]*\Z")
_UNIT_BEFORE = re.compile(rf"[0-9][0-9.,]*{SPACE}[A-Za-z²³μΩ·/]+\Z")


@rule("digits", r"[0-9]{1,2}-[0-9]{3,4}(?=室|房|号房)|[0-9]{1,3}-[0-9]{1,3}(?=号?地块|号?宗地)")
def flat(m: re.Match[str]) -> SpokenForm:
    """3-502室, 11-3地块: a house and a flat, not a range."""
    return "杠".join(numerals.digits(part, yao=True) for part in m[0].split("-"))


@rule("digits", r"[0-9]{1,5}(?:-[0-9A-Z]{1,5}){2,12}(?![0-9A-Za-z])")
def chain(m: re.Match[str]) -> SpokenForm:
    """4-3-3阵型 is 四三三; with more digits, ISBN 978-7-111, the hyphen is said 杠."""
    parts = m[0].split("-")
    single = all(len(part) == 1 for part in parts)
    spoken = ("" if single else "杠").join(numerals.digits(p) if p.isdigit() else p for p in parts)
    return spoken if single or not re.search(r"[A-Z]", m[0]) else None


# --- negatives and names with a hyphen --------------------------------------------------------------------------------

_BELOW_ZERO = re.compile(
    rf"{NUMBER}(?:{SPACE}(?:{DASH}|到|至){SPACE}-?{NUMBER})?{SPACE}(?:(℃|°C|℉|°F|摄氏度|华氏度)|度|°)"
)
_COLD = re.compile(r"[温冷寒冻冰]|天气")
_NUMERIC_BEFORE = re.compile(
    r"(?:[为是达到至约近超从由在于得值差率温度额数分球量幅速计算和与或、，(:=<>≤≥±×÷+*/]|\s|\A)\Z"
)


@rule("model", r"[-—]([0-9]+(?:\.[0-9]+)?)(?:-([0-9]+))?")
def model_after_hyphen(m: re.Match[str]) -> SpokenForm:
    """歼-16, F-35, COVID-19, 737-800: the hyphen of a name is not said."""
    left = before(m)
    named = _MAKE.search(left) or _MODEL_BEFORE.search(left) or re.search(r"[A-Za-z][0-9]+[A-Za-z]*\Z", left)
    if not named:
        unknown = re.search(rf"[{HANZI_RANGES}”]\Z", left) and not _NUMERIC_BEFORE.search(left)
        if m[0][0] == "—" or not unknown or is_quantity(m.string, m.end()) or "." in m[1]:
            return None
    return numerals.code(m[1]) + (numerals.code(m[2]) if m[2] else "")


@rule("math", rf"[-—](?={SPACE}{NUMBER}{SPACE}=)|(?<=T)-(?=[1-9](?:[日天年时]|小时|分钟))")
def difference(m: re.Match[str]) -> SpokenForm:
    """5-3=2 is a subtraction, and so is T-1日."""
    return "减" if re.search(r"[0-9a-zA-Z)]\s?\Z", before(m)) else None


@rule("negative", r"-(?=\.?[0-9])")
def minus(m: re.Match[str]) -> SpokenForm:
    """-2 is 负二, -10℃ 零下十摄氏度, an angle of -4度 负四度; 同比-5亿 is 同比下降五亿."""
    if re.search(r"[同环]比\Z", before(m)):
        return "下降"
    degrees = _BELOW_ZERO.match(m.string, m.end())
    return "零下" if degrees and (degrees[1] or _COLD.search(before(m))) else "负"
