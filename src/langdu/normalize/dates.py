"""Dates, years, decades, generations, and times of day."""

from __future__ import annotations

import re

from langdu.marks import HANZI_RANGES
from langdu.normalize import numerals
from langdu.normalize.grammar import DASH, SPACE, is_quantity
from langdu.normalize.rule import Replacement, SpokenForm, after, before, part, rule

_YEAR = r"(?:1[0-9]|20|21)[0-9]{2}"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_END = r"(?![0-9])(?!\.[0-9])"


# --- dates ----------------------------------------------------------------------------------------------------------


@rule("date", rf"({_YEAR})([-/.])({_MONTH})\2({_DAY}){_END}")
def full_date(m: re.Match[str]) -> SpokenForm:
    """2008-08-08, 2008/8/8, 2008.08.08."""
    return f"{numerals.digits(m[1])}年{numerals.cardinal(m[3])}月{numerals.cardinal(m[4])}日"


@rule("date", rf"({_MONTH})([-/.])({_DAY})\2({_YEAR}){_END}")
def american_date(m: re.Match[str]) -> SpokenForm:
    """08-08-2008."""
    return f"{numerals.digits(m[4])}年{numerals.cardinal(m[1])}月{numerals.cardinal(m[3])}日"


_OTHER_MONTH_AFTER = re.compile(rf"{SPACE}(?:{DASH}|至|到){SPACE}(?:19|20)[0-9]{{2}}\.")
_OTHER_MONTH_BEFORE = re.compile(rf"(?:19|20)[0-9]{{2}}\.[0-9]{{1,2}}{SPACE}(?:{DASH}|至|到){SPACE}\Z")


@rule("date", rf"((?:19|20)[0-9]{{2}})[-/.](0[1-9]|1[0-2]|(?<=\.)[1-9]){_END}")
def year_and_month(m: re.Match[str]) -> SpokenForm:
    """2008-08, 2008/08, 2008.08, 2024.3—2025.5; but 2011-12赛季 is two years, and 2008.08元 a price."""
    if is_quantity(m.string, m.end()) or _SEASON.match(m.string, m.end()):
        return None
    alone = not _OTHER_MONTH_AFTER.match(m.string, m.end()) and not _OTHER_MONTH_BEFORE.search(before(m))
    if len(m[2]) == 1 and alone:
        return None
    return f"{numerals.digits(m[1])}年{numerals.cardinal(m[2])}月"


@rule("date", rf"(0[1-9]|1[0-2])[-/.]((?:19|20)[0-9]{{2}}){_END}")
def month_and_year(m: re.Match[str]) -> SpokenForm:
    """08-2008, 08/2008, 08.2008."""
    return f"{numerals.digits(m[2])}年{numerals.cardinal(m[1])}月"


@rule("date", rf"(0[1-9]|1[0-2](?=[-/]0))([-/.])(0[1-9]|[12][0-9]|3[01]){_END}")
def month_and_day(m: re.Match[str]) -> SpokenForm:
    """08-08, 08/08, 08.08: counts are not written with a leading 0. In 1.05元 and 08.08% the point is decimal."""
    if is_quantity(m.string, m.end()):
        return None
    return f"{numerals.cardinal(m[1])}月{numerals.cardinal(m[3])}日"


@rule("date", r"0?([1-9]|[12][0-9]|3[01])(?= ?月份?| ?日|号)")
def month_or_day(m: re.Match[str]) -> SpokenForm:
    """3月, 08日; 2月 is 二月."""
    return numerals.cardinal(m[1])


# --- years ----------------------------------------------------------------------------------------------------------

_SEASON = re.compile(r"(?:赛季|雪季|学年|财年|年度|年)")
_COUNT_OF_YEARS_BEFORE = re.compile(
    r"(?:历时|历经|长达|距今|已有|有着|超过|超|近|约|达|满|共|足足|整整|延续|绵延|跨越|上下)(?:了|约|近)?\Z"
)
_COUNT_OF_YEARS_AFTER = re.compile(r" ?年(?:的?(?:历史|时间|沧桑)|的(?:文明|岁月|光阴|文化)|之久|[前后]|古|来的|间)")


@rule("year", r"([0-9]{4})(?= ?年|财年|赛季|学年|年度|届|级|款|版)")
def year(m: re.Match[str]) -> SpokenForm:
    """2024年 is 二零二四年; but 5000年, 距今3200年 and 1300年历史 are counts."""
    if not m.string.startswith(("年", " 年"), m.end()):
        return numerals.digits(m[1]) if 1900 <= int(m[1]) < 2100 else None
    if not 1000 < int(m[1]) < 2200 or _COUNT_OF_YEARS_BEFORE.search(before(m)):
        return None
    count = _COUNT_OF_YEARS_AFTER.match(m.string, m.end())
    recent = 1900 <= int(m[1]) < 2100 and m.string[m.end() : m.end() + 2] != "年前"
    ago = count and count[0][-1] in "前后间" and (recent or not m[1].endswith("00"))
    lasted = before(m).endswith("了") and m[1].endswith("00")
    return None if (count and not ago) or lasted else numerals.digits(m[1])


@rule("year", rf"({_YEAR}){SPACE}{DASH}{SPACE}({_YEAR}){_END}")
def years(m: re.Match[str]) -> SpokenForm:
    """2019—2023年, (1084—1166); but 1500-2000元 are counts."""
    dated = _SEASON.match(m.string, m.end())
    bare = m[1] >= "1900" and not is_quantity(m.string, m.end())
    if m[1] >= m[2] or not (dated or bare):
        return None
    return f"{numerals.digits(m[1])}至{numerals.digits(m[2])}"


@rule("year", rf"(?<=[(（])([1-9][0-9]{{2,3}}){SPACE}{DASH}{SPACE}([1-9][0-9]{{2,3}})(?=[)）年])")
def lived(m: re.Match[str]) -> SpokenForm:
    """（687-710）, the years of somebody's life."""
    return f"{numerals.digits(m[1])}至{numerals.digits(m[2])}" if int(m[1]) < int(m[2]) < 2200 else None


@rule("year", rf"({_YEAR})(?:{DASH}|/)([0-9]{{2}}|20[0-9]{{2}})(?![0-9])")
def season(m: re.Match[str]) -> SpokenForm:
    """2023-24赛季, 2023/2024学年, 1985-87年, 1982-83西甲联赛."""
    next_year = len(m[2]) == 2 and 12 < int(m[2]) == (int(m[1]) + 1) % 100
    rising = m[2] == "00" or m[2] > m[1][-len(m[2]) :]
    named = _SEASON.match(m.string, m.end()) and rising
    if not named and (not next_year or is_quantity(m.string, m.end()) or m.string.startswith("-", m.end())):
        return None
    return f"{numerals.digits(m[1])}至{numerals.digits(m[2])}"


@rule("year", rf"([0-9]{{2}})(?:{DASH}|/)([0-9]{{2}})(?=赛季|雪季|学年)")
def short_season(m: re.Match[str]) -> SpokenForm:
    """88-89赛季."""
    return f"{numerals.digits(m[1])}至{numerals.digits(m[2])}"


@rule("year", r"([0-9]{2})(?=年(?:0?[1-9]|1[0-2])月)")
def short_year(m: re.Match[str]) -> SpokenForm:
    """86年 is a year in 86年8月; alone it is a count."""
    return numerals.digits(m[1])


_BORN = re.compile(r"(?:生于|出生在|毕业于|始于|建于|自|从|早在)\Z")
_HELD = re.compile(r"年(?:世界杯|奥运|亚运|出生|毕业|生人|抗洪|版|入伍|参军|参加工作)")
_DATED_BEFORE = re.compile(r"(?:\A|[，。；、：,;:(—~-]|[于在自从至到]|[年末初]间)\Z")
_CHRIST = re.compile(r"(?:公元前?|(?:\A|[，。；、于(—~-])前)\Z")


@rule("year", r"(0[0-9]|[4-9][0-9]|[1-9][0-9]{2})(?= ?年)")
def short_year_by_context(m: re.Match[str]) -> SpokenForm:
    """08年, 出生于86年, 98年世界杯, 公元前221年, （628年）; 150年 and 长达365年 are counts."""
    left = before(m)
    if _CHRIST.search(left) or m[1].startswith("0"):
        return numerals.digits(m[1])
    if len(m[1]) == 2:
        return numerals.digits(m[1]) if _BORN.search(left) or _HELD.match(m.string, m.end()) else None
    count = _COUNT_OF_YEARS_BEFORE.search(left) or _COUNT_OF_YEARS_AFTER.match(m.string, m.end())
    exact = left.endswith("(") or (not m[1].endswith("0") and _DATED_BEFORE.search(left) and after(m, 2) != "年")
    return numerals.digits(m[1]) if exact and not count else None


_COUNTED_BEFORE = re.compile(r"(?:共|约|近|达|超|至|到|为|过|逾|有|了|的|第|计|前)\Z")
_OTHER_YEAR = re.compile(rf"{SPACE}(?:至|到|和|与|及|、|或){SPACE}{_YEAR}{SPACE}年")


@rule("year", r"(1[0-9]{3}|20[0-9]{2})(?![0-9.,:/%~—-])(?! ?[A-Za-z]*[0-9])")
def bare_year(m: re.Match[str]) -> SpokenForm:
    """2024世界机器人大会, 巴黎2024, (2024): a year beside a name or in brackets."""
    if is_quantity(m.string, m.end()):
        return None
    left, right = before(m, 3), after(m, 2)
    if _OTHER_YEAR.match(m.string, m.end()):
        return numerals.digits(m[1])
    if not 1900 <= int(m[1]) < 2100:
        return None
    bracketed = left.endswith(("(", "〔", "[")) and right.startswith((")", "〕", "]"))
    titled = right.startswith(("》", "”")) and bool(re.search(rf"[{HANZI_RANGES}A-Za-z ]\Z", left))
    named = bool(re.match(rf"{SPACE}[{HANZI_RANGES}“《]", right)) and not _COUNTED_BEFORE.search(left)
    after_latin = bool(re.search(r"[A-Za-z] \Z", left))
    return numerals.digits(m[1]) if bracketed or titled or named or after_latin else None


@rule("decade", r"((?:1[0-9]|20)?[0-9]0)(?=年代|s年代)")
def decade(m: re.Match[str]) -> SpokenForm:
    """90年代 is 九十年代, 1990年代 一九九零年代."""
    return numerals.digits(m[1]) if len(m[1]) == 4 else numerals.cardinal(m[1])


@rule(
    "generation",
    rf"([0-9][05])(?:{DASH}([0-9][05]))?(?=后(?!来)|[、和与及/,，到至]{{1,2}}(?:[0-9][05][、和与及]?){{0,6}}[0-9][05]后)",
)
def generation(m: re.Match[str]) -> SpokenForm:
    """80后; also the first of 80、90后."""
    replacements = [part(m, 1, numerals.digits(m[1]))]
    if m[2]:
        replacements += [Replacement(m.end(1), m.start(2), "到"), part(m, 2, numerals.digits(m[2]))]
    return replacements


# --- times ----------------------------------------------------------------------------------------------------------

_HALF = {"a": "上午", "p": "下午"}
_HALF_WRITTEN = re.compile(r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜间|深夜|早|晚)\Z")
_RECORD = re.compile(r"的?(?:个人|赛会|全国|亚洲|世界|奥运)?(?:最好|最佳)?(?:纪录|成绩|佳绩)")
_LASTED = re.compile(
    r"(?:成绩|用时|耗时|跑出|游出|滑出|历时|时长|全长|总时间|纪录|完赛|净时间|片长)(?:为|是|达|:|以|了|的)*\Z|以\Z"
)


@rule(
    "time",
    rf"([01]?[0-9]|2[0-4]):([0-5][0-9])(?::([0-5][0-9]))?(?![0-9:]|\.[0-9])(?:{SPACE}([apAP])\.?[mM]\.?(?![A-Za-z]))?",
)
def time(m: re.Match[str]) -> SpokenForm:
    """9:30, 13:10:36, 8:00 a.m.; scores have been recognised before (`compare.score`)."""
    if m[3] and not m[4] and (_LASTED.search(before(m)) or _RECORD.match(m.string, m.end())):
        return f"{_hours(m[1])}小时{_two(m[2])}分" + (f"{_two(m[3])}秒" if m[3] != "00" else "")
    half = _HALF[m[4].lower()] if m[4] and not _HALF_WRITTEN.search(before(m)) else ""
    second = f"{_two(m[3])}秒" if m[3] and m[3] != "00" else ""
    minute = f"{_two(m[2])}分" if m[2] != "00" or second else ""
    if not m[3] and m.string.startswith("分", m.end()):
        minute = minute.removesuffix("分")
    return f"{half}{_hours(m[1])}点{minute}{second}"


def _hours(written: str) -> str:
    return "两" if written in ("2", "02") else numerals.cardinal(written)


def _two(written: str) -> str:
    return numerals.digits(written) if written.startswith("0") and written != "00" else numerals.cardinal(written)


@rule("time", r"([0-9]{1,2}):([0-5][0-9])\.([0-9]{1,3})(?![0-9])")
def lap(m: re.Match[str]) -> SpokenForm:
    """3:45.67, the time of a race."""
    return f"{numerals.cardinal(m[1])}分{_two(m[2])}秒{numerals.digits(m[3])}"


@rule("time", rf"(0?[1-9]|1[0-2]){SPACE}([apAP])\.?[mM]\.?(?![A-Za-z0-9])")
def twelve_hours(m: re.Match[str]) -> SpokenForm:
    """3pm: the half of the day comes first."""
    return f"{_HALF[m[2].lower()]}{_hours(m[1])}点"


@rule("time", r"(0[0-9])(?=[分秒])|0?([0-9])(?=[时点])|(?<=秒)([0-9]+)(?![0-9])")
def hour_or_minute(m: re.Match[str]) -> SpokenForm:
    """9点05分 is 零五分, 08时 八时, 2点 两点, 9秒83 九秒八三."""
    return _hours(m[2]) if m[2] else numerals.digits(m[1] or m[3])
