"""Numbers: digits → hanzi.

Source: 吕叔湘《现代汉语八百词》, “二”与“两”的比较: 两 before 千, 万, 亿 at the head of a number; 二 before 百 and 十.
"""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_LONGEST = 16  # 千万亿 is the highest place that people say; longer numbers are said digit by digit
_TO_HANZI = str.maketrans("0123456789", DIGITS)
_TO_YAO = str.maketrans("0123456789", "零幺二三四五六七八九")


def digits(written: str, *, yao: bool = False) -> str:
    """Digit by digit; with `yao`, 1 is 幺, as in telephone numbers. Other characters are left out.

    >>> digits("2024"), digits("110", yao=True)
    ('二零二四', '幺幺零')
    """
    return "".join(filter(str.isdigit, written)).translate(_TO_YAO if yao else _TO_HANZI)


def cardinal(written: str) -> str:
    """A whole number, with or without thousands separators. Leading zeros are not said.

    >>> cardinal("10,050"), cardinal("22000"), cardinal("12"), cardinal("200000000")
    ('一万零五十', '两万二千', '十二', '两亿')
    """
    plain = written.replace(",", "").lstrip("0")
    if len(plain) > _LONGEST:
        return digits(plain)
    spoken = _below_10_16(int(plain or "0"))
    spoken = spoken.removeprefix("一") if spoken.startswith("一十") else spoken
    return "两" + spoken[1:] if spoken[:1] == "二" and spoken[1:2] in ("千", "万", "亿") else spoken


def ordinal(written: str) -> str:
    """A whole number after 第, where 2 is always 二: 第二千.

    >>> ordinal("2000")
    '二千'
    """
    return cardinal(written).replace("两", "二", 1)


def _below_10_16(number: int) -> str:
    if number < 10_000:
        return _below_10_000(number)
    size, name = (100_000_000, "亿") if number >= 100_000_000 else (10_000, "万")
    head, rest = divmod(number, size)
    if not rest:
        return _below_10_16(head) + name
    return _below_10_16(head) + name + ("零" if rest < size // 10 else "") + _below_10_16(rest)


def _below_10_000(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    spoken, skipped = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            spoken += ("零" if skipped and spoken else "") + DIGITS[digit] + _PLACES[place]
        skipped = digit == 0
    return spoken


def decimal(written: str) -> str:
    """A number with or without a fraction. The digits after the point are said one by one.

    >>> decimal("12.50"), decimal(".22"), decimal("1,000.5")
    ('十二点五零', '零点二二', '一千点五')
    """
    whole, point, fraction = written.partition(".")
    if not point:
        return cardinal(whole)
    return f"{cardinal(whole)}点{digits(fraction)}"


def amount(written: str) -> str:
    """An amount of money or a percentage: 14.60 is 十四点六 and 36.00 三十六, but 5.0 keeps its zero.

    >>> amount("14.60"), amount("36.00"), amount("5.0")
    ('十四点六', '三十六', '五点零')
    """
    whole, point, fraction = written.partition(".")
    if len(fraction) >= 2:
        fraction = fraction.rstrip("0")
    return decimal(whole + point + fraction if fraction else whole)


def code(written: str) -> str:
    """A number in a name: C919 and 054A digit by digit, but H100, 麒麟9000 and F-16 as whole numbers.

    >>> code("919"), code("100"), code("16"), code("054"), code("3.5"), code("2019")
    ('九幺九', '一百', '十六', '零五四', '三点五', '二零一九')
    """
    if "." in written:
        return decimal(written)
    if written.startswith("0") and len(written) > 1:
        return digits(written, yao=True)
    if len(written) <= 2 or (len(written) == 3 and written.endswith("00")) or written.endswith("000"):
        return ordinal(written)
    return digits(written, yao=not (len(written) == 4 and written[:2] in ("19", "20")))
