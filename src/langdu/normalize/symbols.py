"""Signs: mathematics, list marks, footnotes, hashtags, emoji, Roman numerals, circled numbers."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from langdu.marks import HANZI_RANGES, REFERENCE, ZHUYIN, ZHUYIN_TONES
from langdu.normalize import numerals, tables
from langdu.normalize.rule import SpokenForm, after, before, rule
from langdu.pinyin import is_toned_pinyin

_SIGNS = tables.mapping("signs")
_EMOJI = tables.mapping("emoji")
_OPERAND_BEFORE = re.compile(r"[0-9A-Za-z)²³πα-ωΑ-Ω℃%]\s?\Z")

# --- at the start of a line -------------------------------------------------------------------------------------------


@rule("list", r"([0-9]{1,2})[.)](?![0-9.])\s?")
def list_number(m: re.Match[str]) -> SpokenForm:
    """1. at the start of a line is 一、."""
    at_start = re.search(r"(?:\A|\n)\s*\Z", m.string[max(0, m.start() - 8) : m.start()])
    follows = re.match(r"[^\s]", m.string[m.end() : m.end() + 1])
    return f"{numerals.cardinal(m[1])}、" if at_start and follows else None


_NOTED = re.compile(rf"[{HANZI_RANGES}A-Za-z0-9%，。、；：？！”’)）》\]]")


# After one of these words a circled number names a thing and does not refer to a note: 选①, 如图②.
_NAMED_SO = re.compile(r"[选選项項图圖式第即是为為如见見和与與或及至到由从從用把将將在据據题題空句段步]\Z")
_CIRCLED = re.compile(r"[①-⑳⑴-⒇❶-❿➀-➓㊀-㊉]")


_ZHUYIN = re.compile(rf"[{ZHUYIN}{ZHUYIN_TONES} ]+")
_LABEL = re.compile(r"\A(?:(?:汉语|漢語)?[拼注读讀]音|pinyin)\s?[:：]?\s?", re.IGNORECASE)
# Ayacucho, San José, Jean-Paul; but not an abbreviation or a word in lower case.
# Possessive quantifiers and atomic groups make it fail fast on what is nearly a name.
_NAME = re.compile(
    r"[A-Z][a-zà-öø-ſ]++(?>(?:(?:['’.-][A-Za-zà-öø-ſ]|[A-Z])[a-zà-öø-ſ]*+)*)(?>(?:[ ·][A-Z][a-zà-öø-ſ.'’-]*+){0,5})"
)


@rule("gloss", r"[(\[【〔]([^()\[\]【】〔〕\n]{1,80})[)\]】〕]")
def gloss(m: re.Match[str]) -> SpokenForm:
    """Pinyin in brackets is not said unless announced, nor is a foreign name after the Chinese one: 秘鲁(Peru)."""
    content = _LABEL.sub("", m[1].strip(), count=1)
    if _ZHUYIN.fullmatch(content) or is_toned_pinyin(content):
        return ""
    behind = re.search(rf"[{HANZI_RANGES}][”」』》]?[{HANZI_RANGES}]?[”」』》]?\s?\Z", before(m, 4))
    return "" if behind and _NAME.fullmatch(content) else None


@rule("gloss", r"[(\[【〔]")
def bracket(_: re.Match[str]) -> SpokenForm:
    """Other brackets stay."""
    return []


@rule("footnote", r"[①-⑳⑴-⒇❶-❿➀-➓]+")
def circled_note(m: re.Match[str]) -> SpokenForm:
    """他字仲尼①: directly after a word it refers to a note; after a mark it numbers an item, ①春天②夏天."""
    if not _is_note(m.string, _first_circled(m.string)) or not _is_note(m.string, m.start()):
        return None
    return ""


@lru_cache(maxsize=1)  # computed once a text
def _first_circled(text: str) -> int:
    first = _CIRCLED.search(text)
    return first.start() if first else len(text)


def _is_note(text: str, at: int) -> bool:
    left = text[max(0, at - 1) : at]
    return bool(re.match(rf"[{HANZI_RANGES}”’」』》)]", left)) and not _NAMED_SO.search(left)


@rule("spacing", " ")
def spacing(_: re.Match[str]) -> SpokenForm:
    """共 15 个: the blanks around a number are how it is set, and make no pause."""
    return ""


@rule("footnote", r"(?<=[^\s])[〔［【(][0-9]{1,3}[〕］】)](?![0-9])")
def note_in_brackets(m: re.Match[str]) -> SpokenForm:
    """孔子〔3〕 refers to a note, as [1] does; the year in 国发〔2024〕3号 and a number in round brackets do not."""
    noted = _NOTED.match(m.string[m.start() - 1 : m.start()]) and m[0][0] in "〔［【"
    return "" if noted and not m.string[m.end() : m.end() + 2].rstrip("号號").isdigit() else None


@rule("footnote", r"\[[0-9]{1,3}(?:[-,，、~][0-9]{1,3})*\]")
def footnote(m: re.Match[str]) -> SpokenForm:
    """[1] after a word refers to a note and is not said."""
    return "" if _NOTED.match(m.string[max(0, m.start() - 1) : m.start()]) else None


# --- mathematics ------------------------------------------------------------------------------------------------------

_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺₀₁₂₃₄₅₆₇₈₉", "0123456789-+0123456789")


@rule("math", r"[⁺⁻]?[⁰¹²³⁴-⁹]+|\^[-+]?[0-9]+|\^\([-+]?[0-9]+\)")
def power(m: re.Match[str]) -> SpokenForm:
    """10³ is 十的三次方, x² x的平方; after a hanzi it refers to a note."""
    if not _OPERAND_BEFORE.search(before(m)):
        return "" if m[0][0] != "^" else None
    written = m[0].translate(_SUPER).strip("^()")
    if written == "2":
        return "的平方"
    sign = "负" if written.startswith("-") else ""
    return f"的{sign}{numerals.ordinal(written.lstrip('+-'))}次方"


@rule("math", r"[₀-₉]+")
def subscript(m: re.Match[str]) -> SpokenForm:
    """CO₂ is CO二."""
    return numerals.ordinal(m[0].translate(_SUPER))


@rule("math", r"(?:<=|>=|[<>])(?=\s?-?[0-9¥$])|(?<=[0-9A-Za-z)])(?:<=|>=|[<>])(?=\s?[A-Za-z])")
def comparison(m: re.Match[str]) -> SpokenForm:
    """2<=4, >60%; angle brackets around a word are not said."""
    return _SIGNS[m[0]]


@rule("math", r"[*xX×](?=\s?[0-9.])")
def times(m: re.Match[str]) -> SpokenForm:
    """1920×1080, 3x3, 5*3: 乘 between two numbers."""
    operand = r"[0-9]\s?\Z" if m[0] in "xX" else r"[0-9)][A-Za-z²³]{0,2}\s?\Z"
    return "乘" if re.search(operand, before(m)) else None


@rule("symbol", r"\*(?=ST)")
def special_treatment(_: re.Match[str]) -> SpokenForm:
    """*ST, a class of shares, is said 星ST."""
    return "星"


@rule("math", r"×(?!×)")
def product(m: re.Match[str]) -> SpokenForm:
    """工资×天数÷12: between words, if other signs show that it is a formula."""
    return "乘" if re.search(r"[=÷+]", before(m, 40) + after(m, 20)) else None


@rule("symbol", r"[×*○◯]+")
def masked(m: re.Match[str]) -> SpokenForm:
    """××市, 王*明, 138****0000: a part that was left out; but ○ in 二○二四 is a zero."""
    left, right = before(m, 1), after(m, 2)
    if (
        m[0][0] in "○◯"
        and re.fullmatch(r"[一二三四五六七八九○◯]", left)
        and (not right or re.match(r"[一二三四五六七八九○年]", right))
    ):
        return "零" * len(m[0])
    if re.match(r"[0-9]", left):
        return "星" * len(m[0])
    if right.startswith("键"):
        return None
    if re.match(rf"[{HANZI_RANGES}]", left or right) and re.match(rf"[{HANZI_RANGES}]|\Z|[，。、；：]", right):
        return "某" * len(m[0])
    return None


# --- hashtags and the like --------------------------------------------------------------------------------------------


@rule("hashtag", rf"#(?=[^#\s]{{1,40}}#)|#(?=[A-Za-z{HANZI_RANGES}])|(?<=[^#\s])#(?=[\s，。！？]|\Z)")
def hashtag(m: re.Match[str]) -> SpokenForm:
    """#春节#: the signs are not said; but # is a key's name in 按#键 and means 号 in 3#楼."""
    if re.search(r"[0-9]\Z", before(m)):
        return "号" if re.match(rf"[{HANZI_RANGES}]", after(m)) else None
    return None if re.match("键", after(m)) or re.search(r"[按A-Z]\Z", before(m)) else ""


# --- numbers in one sign ----------------------------------------------------------------------------------------------


@rule("roman", r"(?:VIII|VII|XIII|XII|III|II|IV|VI|IX|XI|XV|V|I)(?![A-Za-z0-9])")
def roman(m: re.Match[str]) -> SpokenForm:
    """II期 is 二期; letters that may be words need 第 before them or a class after them. X may stand for anything."""
    left, right = before(m, 2), after(m, 2)
    if re.search(r"[A-Za-z0-9]\Z", left):
        return None
    classed = re.match(r"(?:期|级|类|型|区|卷|章|度)", right)
    strong = m[0] in ("II", "III", "VII", "VIII", "XII", "XIII")
    if left.endswith("第") or (classed and m[0] != "V") or (strong and classed):
        return numerals.cardinal(str(_ROMAN[m[0]]))
    return None


_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "XI": 11, "XII": 12,
          "XIII": 13, "XV": 15}  # fmt: skip


@rule(
    "emoji",
    "[\U0001f1e6-\U0001f1ff]{2}|[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff][\ufe0e\ufe0f\u20e3\u200d\U0001f3fb-\U0001f3ff\u2640\u2642]*(?:(?<=\u200d)[\u2600-\u27bf\U0001f000-\U0001faff][\ufe0f\u200d\U0001f3fb-\U0001f3ff]*)*",
)
def emoji(m: re.Match[str]) -> SpokenForm:
    """One sign is one word, whatever its modifiers."""
    if m[0][0] in _SIGNS:
        return None
    known = _EMOJI.get(m[0]) if m[0] in _EMOJI else _EMOJI.get(m[0][0])
    if known is not None:
        return known
    return "" if unicodedata.category(m[0][0]) == "So" and m[0][0] < "\U0001f000" else "表情"


# References that an escaped source has as &amp;nbsp;. Not every name: R&amp;Dept; is R&Dept;.
_ESCAPED = r"(?:(?:amp;){1,3}(?=#|nbsp;|[lr][ds]quo;|[mn]dash;|hellip;|middot;|quot;))?"


@rule("symbol", f"&{_ESCAPED}({REFERENCE});")
def character_reference(m: re.Match[str]) -> SpokenForm:
    """&ldquo; and &nbsp;, left in a text that was copied from a page's source, are said as the page shows them."""
    shown = html.unescape(f"&{m[1]};")
    # More than two characters: there is no such name, though another one may begin it.
    # Not printable: there is no such character, or it is a line end.
    return None if len(shown) > 2 else "".join(_SIGNS.get(char, char) for char in shown if _is_seen(char))


def _is_seen(char: str) -> bool:
    return char != "\ufffd" and (char.isprintable() or unicodedata.category(char) == "Zs")


@rule("symbol", r"([*=#^~|<>])\1+")
def dividing_line(_: re.Match[str]) -> SpokenForm:
    """*** or ==== is a dividing line and is not said."""
    return ""


@rule("symbol", r"(?s).")
def sign(m: re.Match[str]) -> SpokenForm:
    """Every other sign by its name; one that is only decoration is not said."""
    char = m[0]
    if char in "<>":
        return ""
    if char in _SIGNS:
        return _SIGNS[char]
    kind = unicodedata.category(char)
    if kind[0] in "LPZ" or kind in ("Mn", "Mc"):
        return "" if "\ufe00" <= char <= "\ufe0f" else char
    plain = unicodedata.normalize("NFKC", char)
    spoken = re.sub("[0-9]+", lambda digits: numerals.cardinal(digits[0]), plain) if plain != char else ""
    return "".join(c for c in spoken if unicodedata.category(c)[0] in "LPZ")
