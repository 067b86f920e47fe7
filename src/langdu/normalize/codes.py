"""Numbers that are names: telephones, rooms, trains, versions, models, internet addresses."""

from __future__ import annotations

import re

from langdu.normalize import numerals, tables
from langdu.normalize.grammar import SPACE, UNITS, WHOLE, is_quantity
from langdu.normalize.rule import Replacement, SpokenForm, after, before, rule

# --- the internet --------------------------------------------------------------------------------------------------

_LABEL = r"[A-Za-z0-9-]{1,63}"
_NET_SIGNS = tables.mapping("net_signs")
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL}){{0,6}}?\.{tables.any_of(tables.words('domains'))}(?![A-Za-z0-9])"
_PATH = r"(?:[:/?#](?:[A-Za-z0-9._~:/?#@!$&'*+,;=%-]*[A-Za-z0-9#=&_-])?)?"


def _letter_by_letter(m: re.Match[str], start: int) -> list[Replacement]:
    """Digits one by one and signs by their names; letters stay."""
    signs = re.finditer(r"[0-9]+|[^A-Za-z0-9]", m.string[start : m.end()])
    replacements = []
    for sign in signs:
        spoken = numerals.digits(sign[0]) if sign[0].isdigit() else _NET_SIGNS.get(sign[0], "")
        replacements.append(Replacement(start + sign.start(), start + sign.end(), spoken))
    return replacements


@rule("email", rf"[A-Za-z0-9][A-Za-z0-9._%+-]{{0,63}}@{_LABEL}(?:\.{_LABEL}){{0,6}}\.[A-Za-z]{{2,24}}")
def email(m: re.Match[str]) -> SpokenForm:
    """Signs are said by their names: @ is 艾特, the point 点."""
    return _letter_by_letter(m, m.start())


@rule("url", rf"((?:https?|ftp)://)?(?:(?<=://)[A-Za-z0-9.-]+|www\.[A-Za-z0-9.-]*[A-Za-z0-9]|{_DOMAIN}){_PATH}")
def url(m: re.Match[str]) -> SpokenForm:
    """www.example.com/a1: signs by their names; https:// is not said."""
    scheme = [Replacement(m.start(), m.end(1), "")] if m[1] else []
    return scheme + _letter_by_letter(m, m.end(1) if m[1] else m.start())


@rule("digits", r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?(?![0-9.])")
def ip_address(m: re.Match[str]) -> SpokenForm:
    """127.0.0.1 is 一二七点零点零点一."""
    return "".join(_NET_SIGNS.get(c) or numerals.digits(c) for c in m[0])


# --- telephones and codes -------------------------------------------------------------------------------------------

_TELEPHONE = (
    r"(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}"
    r"|0[0-9]{2,3}(?=\)[- ]?[0-9]{7,8})|(?<=[0-9]\))[0-9]{7,8}"
    r"|0[0-9]{2,3}[- ]?[0-9]{3,4}[- ]?[0-9]{4}(?:-[0-9]{1,5})?|0[2-8]-[0-9]{3,4}-[0-9]{4}|0[0-9]{2,3}-[19][0-9]{4}"
    r"|[48]00-?[0-9]{3}-?[0-9]{4}|[48]00-?[0-9]{4}-[0-9]{3}|[48]00[0-9]-[0-9]{3}-[0-9]{3}"
    r"|\+[0-9]{1,3}(?:[- ][0-9]{2,5}){2,4}"
)
_CALL = re.compile(
    rf"{tables.any_of(tables.group('cues', 'call-before'))}(?:号码|号|电话|热线|专线|请拨|[:为是了过“\"(\s])*\Z"
    r"|(?:拨打|致电|拨通|来电)[^，。0-9]{0,6}\Z"
)
_COUNTED = re.compile(r"(?:共|约|近|达|超|至|到|为|过|逾)\Z")
_HOTLINES = frozenset(tables.words("hotlines"))
_CODE_BEFORE = re.compile(
    rf"{tables.any_of(tables.group('cues', 'code-before'))}(?:号|号码)?(?:分别)?(?:为|是|叫)?[:“\"(（\s]*\Z"
)
_CODE_AFTER = re.compile(rf"[”\"]?(?:{tables.any_of(tables.group('cues', 'code-after'))})")
_CALL_AFTER = re.compile(rf"[”\"]?{SPACE}(?:{tables.any_of(tables.group('cues', 'call-after'))})")


@rule("telephone", rf"(?<![0-9.])(?:{_TELEPHONE})(?![0-9])")
def telephone(m: re.Match[str]) -> SpokenForm:
    """Mobile, landline, 400: digit by digit, 1 is 幺."""
    if m[0].isdigit() and m[0][0] != "0" and is_quantity(m.string, m.end()):
        return None
    return numerals.digits(m[0], yao=True)


# 打119, 拨了120: this is enough for numbers that everybody knows; but 打110比98 is a score.
_DIAL = re.compile(
    r"(?:打|拨|致电|呼叫)(?:完|了|过|通|通了|不通|个|一下|的是)?[“\"(\s]*(?:[0-9]{3,5}(?:[、和及与跟/]|或者?|还是)){0,4}\Z"
)
_SCORED = re.compile(rf"{SPACE}[比:—-]{SPACE}[0-9]")
# 转8001 and 拨打12345或96110 continue with a number to call; in 转100元 the quantity shows that it is money.
_EXTENSION = re.compile(r"(?:[0-9][,，、 ]?|分机号?|总机|电话|热线|专线)转(?:接)?(?:分机)?\Z")
_ASKED_FOR = re.compile(r"(?:请|或者?|可|也可|再|就|直接|并|[0-9][,，、 ]?|前台|内线)转(?:接|拨)?(?:分机)?\Z")
_TELEPHONED = re.compile(r"总机|分机|电话|热线|专线|拨打|致电")
_EXTENSION_ENDS = re.compile(r"[，。、；！？,;!?)）\s]|\Z|分机|人工|咨询|找|查询|即可|联系|或者?转")
_OR_CALL = re.compile(
    rf"(?:{tables.any_of(tables.group('cues', 'call-before'))}|拨打|致电|拨通)[^，。0-9]{{0,6}}"
    r"(?:[0-9-]{3,13}(?:、|或者?|和|及|与|/)){1,4}\Z"
)


@rule("telephone", r"[0-9]{3,8}(?:-[0-9]{4})?" + WHOLE)
def hotline(m: re.Match[str]) -> SpokenForm:
    """拨打110, 12345热线."""
    if is_quantity(m.string, m.end()) and not _CALL_AFTER.match(m.string, m.end()):
        return None
    if _EXTENSION.search(before(m)) or _OR_CALL.search(before(m, 20)):
        return numerals.digits(m[0], yao=True)
    if _is_asked_for(m) or (m[0] in _HOTLINES and _DIAL.search(before(m, 30)) and not _SCORED.match(m.string, m.end())):
        return numerals.digits(m[0], yao=True)
    alone = not m.string[max(0, m.start() - 12) : m.start()].strip() and not m.string[m.end() : m.end() + 12].strip()
    known = m[0] in _HOTLINES and (alone or (len(m[0]) > 3 and not _COUNTED.search(before(m))))
    called = _CALL.search(before(m)) or _CALL_AFTER.match(m.string, m.end())
    return numerals.digits(m[0], yao=True) if known or called else None


def _is_asked_for(m: re.Match[str]) -> bool:
    """请转8016; a round number, 再转1000, only if the text mentions a telephone, since otherwise it is money."""
    if not (_ASKED_FOR.search(before(m)) and len(m[0]) < 6 and _EXTENSION_ENDS.match(m.string, m.end())):
        return False
    return not m[0].endswith("00") or _TELEPHONED.search(before(m, 40)) is not None


_NAMES = tables.mapping("number_names")


@rule("digits", rf"{tables.any_of(_NAMES)}(?![%]|{SPACE}-[0-9]){WHOLE}")
def number_name(m: re.Match[str]) -> SpokenForm:
    """985高校, 618, 9·11: numbers that became names."""
    counted = is_quantity(m.string, m.end()) and m[0].isdigit() and not _EVENT.match(m.string, m.end())
    return None if counted or re.search(r"[0-9.A-Za-z共约近达超至到为过逾计]\Z", before(m)) else _NAMES[m[0]]


_STANDARD = re.compile(r"(?:GB|GB/[TZ]|DB[0-9]{2}(?:/T)?|ISO|IEC|HJ|JT/T|YY/T|NY/T|WS/T|T/[A-Z]{2,6}) ?\Z")


@rule("digits", r"([0-9.]+)[-:]([0-9]{4})(?![0-9])")
def standard(m: re.Match[str]) -> SpokenForm:
    """GB/T 7714-2015: a standard and its year."""
    if not _STANDARD.search(before(m)):
        return None
    return f"{'点'.join(map(numerals.digits, m[1].split('.')))}杠{numerals.digits(m[2])}"


_EVENT = re.compile(rf"[”\"]?{SPACE}(?:{tables.any_of(tables.group('cues', 'event-after'))})")


_MONTH_DAY = r"[1-9](?:0[1-9]|[12][0-9]|3[01])"
_DAY_AFTER = re.compile(rf"[”\"]?{SPACE}(?:{tables.any_of(tables.group('cues', 'day-after'))})")


@rule("date", r"(0?[1-9]|1[0-2])([·.])(0?[1-9]|[12][0-9]|3[01])(?![0-9.%])")
def event(m: re.Match[str]) -> SpokenForm:
    """3·15, “5.12”地震: a date that became the name of an event is said digit by digit."""
    if m[2] == "." and not _EVENT.match(m.string, m.end()):
        return None
    return _NAMES.get(f"{m[1]}·{m[3]}") or numerals.digits(m[1] + m[3])


@rule("digits", r"[0-9]{2,}[Xx]?" + WHOLE)
def code_by_context(m: re.Match[str]) -> SpokenForm:
    """尾号1702, 房间号1024, 502室, 301医院, 966路, “26314”号, 930新政: digit by digit."""
    if m[0][-1] in "Xx":
        return numerals.digits(m[0], yao=True) + "X" if len(m[0]) == 18 else None
    if _CODE_BEFORE.search(before(m)):
        return numerals.digits(m[0], yao=True)
    if re.fullmatch(_MONTH_DAY, m[0]) and _DAY_AFTER.match(m.string, m.end()):
        return numerals.digits(m[0], yao=True)
    registered = len(m[0]) >= 6 and m.string.startswith("号", m.end())
    counted = is_quantity(m.string, m.end()) and not _CODE_AFTER.match(m.string, m.end()) and not registered
    return numerals.digits(m[0], yao=True) if not counted and _looks_like_a_code(m) else None


def _looks_like_a_code(m: re.Match[str]) -> bool:
    """Three or more digits, not round, before 室 or 医院, in quotes or in brackets; eight or more digits anywhere."""
    places = len(m[0])
    if places < 3:
        return False
    quoted = before(m, 1) in ("“", '"') and after(m, 1) in ("”", '"')
    named = quoted or _CODE_AFTER.match(m.string, m.end())
    masked = before(m, 2) == "**" or after(m, 2) == "**"
    listed = places == 6 and before(m, 1) == "(" and re.match(r"\)|\.[A-Z]{2}", m.string[m.end() : m.end() + 3])
    return bool((named and not m[0].endswith("00")) or listed or masked or (places >= 8 and "000" not in m[0]))


# --- versions, models, letters --------------------------------------------------------------------------------------


@rule("version", r"[0-9]+(?:\.[0-9]+){2,}(?![0-9])")
def version(m: re.Match[str]) -> SpokenForm:
    """3.2.1 is 三点二点一."""
    return "点".join(
        numerals.cardinal(part) if not part.startswith("0") else numerals.digits(part) for part in m[0].split(".")
    )


@rule("letters", r"2(?=[BCDFGMOPXV](?:2[A-Z])*(?![A-Za-z0-9]))")
def letter_to_letter(m: re.Match[str]) -> SpokenForm:
    """B2B, O2O: 2 is said like the English word to."""
    return " to " if re.search(r"(?<![A-Za-z])[A-GOPV]\Z", before(m)) else None


_BRAND = re.compile(rf"{tables.any_of(row[0] for row in tables.rows('makes') if row[1] == 'name')} ?\Z")


@rule("model", r"[0-9]+(?:\.[0-9]+)?(?![0-9]|,[0-9]{3}(?![0-9]))")
def model(m: re.Match[str]) -> SpokenForm:
    """C919, SU7, PM2.5, iPhone 15, 波音737: the number after letters or a make."""
    left = before(m)
    if re.search(r"[0-9)] ?[xX]\Z", left):
        return None
    if re.search(r"[A-Za-z]\Z", left):
        return numerals.code(m[0])
    if re.search(r"[A-Za-z] \Z", left) and not is_quantity(m.string, m.end()):
        return numerals.code(m[0])
    if _BRAND.search(left) and len(m[0]) >= 3 and not is_quantity(m.string, m.end()):
        return numerals.code(m[0])
    return None


_TRAIN = re.compile(r"(?<![A-Za-z0-9])[GDCZTKLSY](?:[0-9]{1,4}/)?\Z")


@rule("digits", r"[0-9]{1,4}(?=/[0-9]{1,4}次|次)")
def train(m: re.Match[str]) -> SpokenForm:
    """G1234次, D301/304次: digit by digit."""
    return numerals.digits(m[0], yao=len(m[0]) > 1) if _TRAIN.search(before(m)) else None


@rule("digits", r"[0-9]{2}(?=[A-Z]?(?:式|坦克|主战))")
def pattern_year(m: re.Match[str]) -> SpokenForm:
    """99A式坦克: the last two digits of a year."""
    return numerals.digits(m[0])


@rule("model", r"[0-9Xx]?[0-9]K?(?![0-9A-Za-z.])")
def protection(m: re.Match[str]) -> SpokenForm:
    """IP67: digit by digit, since each digit is a rating of its own (dust, water)."""
    return numerals.digits(m[0]) if m[0].isdigit() and re.search(r"(?<![A-Za-z])IP\Z", before(m)) else None


@rule("letters", r"([0-9]+)(?=[A-Za-z])")
def before_letters(m: re.Match[str]) -> SpokenForm:
    """5G, 128GB, 1080P: four or more digits are said one by one."""
    right = after(m)
    if re.match(rf"{UNITS}|[xX] ?[0-9]", right):
        return None
    if re.match(r"[Pp](?![A-Za-z])", right) and len(m[1]) > 2:
        return numerals.digits(m[1])
    return numerals.cardinal(m[1]) if len(m[1]) <= 3 and m[1][0] != "0" else numerals.code(m[1])
