"""Files of every type that langdu reads, made from the grammar of annotations and from that of the type, then spoilt.

A file is spoilt in its structure, while it is made: pieces are left out, repeated, nested and exchanged. Then it may be
spoilt in its characters and its bytes. Everything follows from the random numbers that are given.
"""

from __future__ import annotations

import json
import warnings
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from archives import CONTAINER, WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

WORDS = (
    ("江上", "jiāngshàng", "jiang1shang4", "ㄐㄧㄤ ㄕㄤˋ"), ("长春", "Chángchūn", "chang2 chun1", "ㄔㄤˊㄔㄨㄣ"),
    ("雪", "xuě", "xue3", "ㄒㄩㄝˇ"), ("玩儿", "wánr", "wanr2", "ㄨㄢˊㄦ"), ("长", "zhǎng", "zhang3", "ㄓㄤˇ"),
    ("西安", "Xī'ān", "xi1 an1", "ㄒㄧ ㄢ"), ("孩子们", "háizi men", "hai2zi5men5", "˙ㄇㄣ"),
    ("漢", "hàn", "han4", "ㄏㄢˋ"),
    ("不", "búshì", "bu2", "ㄅㄨˊ"), ("龘", "dá", "da2", "ㄉㄚˊ"), ("𠀀", "hē", "he1", "ㄏㄜ"),
    ("六", "liòng", "99", "丨"),
)  # fmt: skip
BRACKETS = (
    "()", "（）", "[]", "［］", "【】", "〔〕", "{}", "《》", "<>", "〈〉", "“”", '""', "‘’", "「」", "『』", "()(",
    "(（)）",
)  # fmt: skip
# A notation is what stands before the word, between the word and its reading, and behind the reading.
NOTATIONS = (
    ("<ruby>", "<rt>", "</rt></ruby>"), ("<ruby><rb>", "</rb><rtc><rt>", "</rt></rtc></ruby>"), ("{", "|", "}"),
    ("\\xpinyin{", "}{", "}"), ("{{ruby|", "|", "}}"), ("{% ruby ", "|", " %}"), ("[", "]{", "}"), ("[", "](", ")"),
    ("", "《", "》"), ("｜", "《", "》"), ("\ufff9", "\ufffa", "\ufffb"), ("", " ", " "), ("\n", "\n", "\n"),
    ("| ", " | ", " |\n"),
    ("“", "”应读", "，"), ("", "读作", "，不读"), ("误读", "成", "。"), ("", "\t", "\n"), ("", "（音同“", "”）"),
    ("", "(拼音：", ")"),
    ("", "（", "，河南）"),
    ("", "(", "/"), ("", "“(第四声)", ""), ("\n\n", "\n\n", "\n"), ("\n- ", "：", "\n"), ("<b>", "</b>(", ")"),
)  # fmt: skip
PLAIN = (
    "，", "。", "江上结了冰，孩子们滑来滑去。", "\n", "\n\n", "2024年1月5日", "12:30", "1:", "-5℃", "$1,000.50",
    "A4", "GDP", "·", "——",
    "王小明", "相关推荐\n", "首页 > 新闻\n", "作者：王小明\n", "- ", "1. ", "# ", "> ", "```\n", "---\n",
    "|---|---|\n", "**", "`", "~~",
    "&amp;", "&#x6c5f;", "\\u01d0", "%C7%90", "¨¢", "http://a.cn/b?c=d", "\u0301", "\u0304", "\u0327", "\u200b",
    "\u00ad", "\ufeff",
    "\u202e", "\t", " ", "\u3000", "\x1b[2J", "\x07", "\x1f", "🙂", "한국", "の", "½", "²", "ﬁ", "=1+1", "@", "-->",
    "<br>", "</p>",
    "\ud800", "\0", "\r", "\x85", "\u2028", "𪚥", "丨", "儿", "一", "第", "姓", "、", "r", "v", "ü", "u:", "ɡ",
    "ａ", "а",
)  # fmt: skip
HTML_TAGS = (
    "p", "div", "span", "b", "h1", "h2", "ruby", "rt", "rb", "rp", "rtc", "table", "tr", "td", "th", "ul", "li",
    "br", "a", "script",
    "style", "title", "svg", "template", "select", "pre", "blockquote", "article", "nav", "meta", "body", "html",
    "head", "form",
)  # fmt: skip
WORD_TAGS = (
    "p", "r", "t", "tbl", "tr", "tc", "sdt", "sdtContent", "ins", "del", "ruby", "rubyBase", "rt", "rPr", "vanish",
    "pPr", "pStyle",
    "txbxContent", "pict", "drawing", "hyperlink", "fldChar", "instrText", "tab", "br", "smartTag", "customXml",
    "object",
)  # fmt: skip
KEYS = (
    "title",
    "author",
    "date",
    "source",
    "text",
    "content",
    "paragraphs",
    "words",
    "hanzi",
    "pinyin",
    "标题",
    "正文",
    "x",
)
BRIEF = (
    'title = "今日要闻"', 'articles = ["a.txt", "*.md"]', "date = 2024-01-05", "lead = 2",
    "skip_bad = true", 'opening = "你好"',
    'music = "m.mp3"', 'under = "all"',
    "[feed]", 'folder = "f"', 'address = "https://a.cn/"', 'email = "a@b.cn"', 'voice = "silence"',
    "workers = 2", "rate = 1.5", "[pauses]", "title = 300", "cover = [[1]]",
    "lead = 99999999999999999999", 'articles = ["**/../x"]',
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "gb18030", "big5hkscs", "utf-16", "utf-16-le", "hz", "latin-1")

LONGEST = 30_000  # characters of one text, so that many files are made in a minute
MOST = 4_000_000  # characters of a part of a file: what is repeated in what is repeated would fill the memory


def count(rng: Random) -> int:
    """How often something is repeated: nearly always a few times, now and then very often."""
    chance = rng.random()
    return rng.randint(1, 3) if chance < 0.95 else rng.randint(4, 60) if chance < 0.99 else rng.randint(100, 1500)


def shuffled(rng: Random, tokens: Sequence[str], others: Sequence[str]) -> str:
    """Tokens, as they are or with one left out, repeated, exchanged, nested, or put in the place of another."""
    out = list(tokens)
    if rng.random() < 0.35 and out:
        at = rng.randrange(len(out))
        match rng.randrange(6):
            case 0:
                del out[at]
            case 1:
                out[at] *= _times(rng, out[at])
            case 2:
                out[at] = rng.choice(others)
            case 3:
                out.insert(at, rng.choice(others) * count(rng))
            case 4:
                other = rng.randrange(len(out))
                out[at], out[other] = out[other], out[at]
            case _:
                times = _times(rng, "".join(out))
                out = [*out[:at] * times, *out[at:], *out[at:] * rng.choice([0, times])]
    return "".join(out)[:MOST]


def _times(rng: Random, repeated: str) -> int:
    return min(count(rng), 1 + MOST // (len(repeated) + 1))


def annotated(rng: Random) -> str:
    """One annotated word, in one of all notations."""
    word = rng.choice(WORDS)
    other = rng.choice(WORDS)
    hanzi, said = word[0], rng.choice([*word[1:], *word[1:], *other])
    if rng.random() < 0.5:
        pair = rng.choice(BRACKETS)
        tokens = [hanzi, pair[0], said, pair[1:]]
    else:
        before, between, behind = rng.choice(NOTATIONS)
        tokens = [before, hanzi, between, said, behind]
    return shuffled(rng, tokens, [*PLAIN, hanzi, said, *"()（）<>{}“”|"])


def text(rng: Random) -> str:
    """A text with annotations."""
    pieces = [annotated(rng) if rng.random() < 0.6 else rng.choice(PLAIN) for _ in range(rng.randint(1, 30))]
    if rng.random() < 0.2:
        at = rng.randrange(len(pieces))
        pieces[at] *= count(rng)
    return ("".join(pieces) * (count(rng) if rng.random() < 0.1 else 1))[:LONGEST]


def tree(rng: Random, tags: Sequence[str], prefix: str, words: Callable[[Random], str], depth: int = 5) -> str:
    """Elements in elements; `words` gives the text in them."""
    if depth == 0 or rng.random() < 0.2:
        return words(rng)
    tag = prefix + rng.choice(tags)
    names = ["id", "class", "name", "content", "property", prefix + "val", prefix + "fldCharType", 'x="1" y', "xmlns:q"]
    values = ["title", "author", "begin", "end", "a3", "og:title", "江上", "&lt;", " " * count(rng), "x" * count(rng)]
    attributes = "".join(f' {rng.choice(names)}{i}="{rng.choice(values)}"' for i in range(count(rng) - 1))
    children = "".join(tree(rng, tags, prefix, words, depth - 1) for _ in range(rng.randint(1, 3)))
    return shuffled(
        rng, [f"<{tag}{attributes}>", children, f"</{tag}>"], [f"<{tag}>", f"</{tag}>", "<", "&", "<!--", "]]>"]
    )


def spoilt(rng: Random, data: str) -> str:
    """Characters changed, cut, repeated and put in."""
    for _ in range(rng.randint(1, 8)):
        at, length = rng.randrange(len(data) + 1), rng.randint(1, 60)
        match rng.randrange(5):
            case 0:
                data = data[:at] + chr(rng.choice([rng.randrange(256), rng.randrange(0x3000)])) + data[at + 1 :]
            case 1:
                data = data[:at] + data[at + length // 2 :]
            case 2:
                data = data[:at] + data[max(0, at - length) : at] * rng.randint(1, 4) + data[at:]
            case 3:
                data = data[:at] + rng.choice(PLAIN) * rng.choice([1, 1, 20]) + data[at:]
            case _:
                start = rng.randrange(len(data) + 1)
                data = data[:at] + data[start : start + length] + data[at:]
    return data


def spoilt_bytes(rng: Random, data: bytes) -> bytes:
    """The same with bytes."""
    return spoilt(rng, data.decode("latin-1")).encode("latin-1", "replace")


def maybe_spoilt(rng: Random, data: str) -> str:
    """Spoilt, or not."""
    return spoilt(rng, data) if rng.random() < 0.35 else data


def encoded(rng: Random, data: str) -> bytes:
    """In some encoding; its bytes may be spoilt."""
    made = (
        data.encode(rng.choice(ENCODINGS), "replace") if rng.random() < 0.97 else data.encode("utf-8", "surrogatepass")
    )
    return spoilt_bytes(rng, made) if rng.random() < 0.15 else made


def plain(rng: Random) -> bytes:
    """Plain text."""
    return encoded(rng, maybe_spoilt(rng, text(rng)))


def markdown(rng: Random) -> bytes:
    """Markdown with a head."""
    head = shuffled(rng, ["---\n", "title: 冬\n", "author: '王小明'\n", "---\n"], PLAIN)
    return encoded(rng, maybe_spoilt(rng, head + text(rng)))


def page(rng: Random) -> bytes:
    """A page, with or without a head."""
    charset = rng.choice(["utf-8", "gb2312", "undefined", "utf-16", "punycode", "x" * 19])
    head = shuffled(
        rng, ["<!DOCTYPE html>", "<html>", f"<head><meta charset={charset}><title>冬", "</title>", "</head>"], PLAIN
    )
    return encoded(rng, maybe_spoilt(rng, head + "<body>" + tree(rng, HTML_TAGS, "", text) + "</body></html>"))


def _value(rng: Random, depth: int = 4) -> object:
    if depth == 0 or rng.random() < 0.3:
        return rng.choice(
            [text(rng), rng.choice(WORDS)[0], rng.choice(WORDS)[1], "江\ud800", "a\0", 1, 1.5, None, True, 10**30]
        )
    if rng.random() < 0.5:
        return [_value(rng, depth - 1) for _ in range(count(rng) % 40)]
    return {rng.choice(KEYS): _value(rng, depth - 1) for _ in range(rng.randint(1, 5))}


def records(rng: Random) -> bytes:
    """JSON or JSON Lines."""
    lines = [json.dumps(_value(rng), ensure_ascii=rng.random() < 0.5) for _ in range(rng.choice([1, 1, 3]))]
    if rng.random() < 0.05:
        opener = rng.choice(["[", '{"text":', '[{"a":'])
        lines = [opener * rng.choice([150, 300, 5_000, 200_000])]
    return encoded(rng, maybe_spoilt(rng, "\n".join(lines)))


def subtitles(rng: Random) -> bytes:
    """SubRip or WebVTT."""
    head = rng.choice(["", "WEBVTT\n\n", "WEBVTT\n\nSTYLE\n::cue{}\n\n", "\ufeff"])
    cues = [
        shuffled(rng, [f"{i}\n", "00:00:01,000", " --> ", "00:00:02,000", "\n", "<v 江>", text(rng), "\n\n"], PLAIN)
        for i in range(count(rng) % 30)
    ]
    return encoded(rng, maybe_spoilt(rng, head + "".join(cues)))


def brief(rng: Random) -> bytes:
    """The TOML of a brief."""
    lines = rng.sample(BRIEF, rng.randint(1, 8)) + ([f"x = {'[' * count(rng)}"] if rng.random() < 0.1 else [])
    return encoded(rng, maybe_spoilt(rng, shuffled(rng, [f"{line}\n" for line in lines], PLAIN)))


def lexicon(rng: Random) -> bytes:
    """A table of the user's readings."""
    rows = [
        shuffled(
            rng,
            [word[0], "\t", rng.choice([*word[1:], "江"]), *rng.choice([[], ["\t", f"他{word[0]}了"]]), "\n"],
            PLAIN,
        )
        for word in (rng.choice([*WORDS, ("NASA", "娜萨", "NASA")]) for _ in range(count(rng)))
    ]
    return encoded(rng, maybe_spoilt(rng, "".join(rows)))


def _zipped(rng: Random, parts: Sequence[tuple[str, str]]) -> bytes:
    """An archive of these parts, any of which may be missing, twice in it, spoilt, or packed as none is."""
    buffer = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        warnings.simplefilter("ignore")  # a name may be twice in it
        for name, part in parts:
            method = rng.choice([zipfile.ZIP_DEFLATED] * 40 + [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_STORED])
            for _ in range(rng.choice([1] * 30 + [0, 2])):
                info = zipfile.ZipInfo(name)  # of a day long ago, so that the same number gives the same bytes
                file.writestr(info, encoded(rng, maybe_spoilt(rng, part)), method)
    data = buffer.getvalue()
    return b"PK\x03\x04" + spoilt_bytes(rng, data[4:]) if rng.random() < 0.25 else data


def _xml_text(rng: Random) -> str:
    return "".join(char for char in text(rng) if char not in "<>&" and char.isprintable())


def epub(rng: Random) -> bytes:
    """A book."""
    names = [f"{i}.xhtml" for i in range(rng.randint(1, 4))]
    items = [f'<item id="c{i}" href="{name}" media-type="application/xhtml+xml"/>' for i, name in enumerate(names)]
    spine = [f'<itemref idref="c{rng.randrange(len(names) + 1)}"/>' * count(rng) for _ in names]
    package = shuffled(
        rng,
        [
            '<package xmlns="http://www.idpf.org/2007/opf">',
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>', "冬",
    "</dc:title></metadata><manifest>",
            *items, "</manifest><spine>", *spine, "</spine></package>",
        ],
        ["<", "&x;", "<item/>", '<!DOCTYPE a [<!ENTITY x "江">]>', "../../etc/passwd"],
    )  # fmt: skip
    chapters = [(f"OEBPS/{name}", f"<html><body>{tree(rng, HTML_TAGS, '', text)}</body></html>") for name in names]
    return _zipped(rng, [("META-INF/container.xml", CONTAINER), ("OEBPS/book.opf", package), *chapters])


def docx(rng: Random) -> bytes:
    """A Word document."""
    blocks = [
        rng.choice(
            ["<w:p><w:r><w:t>{}</w:t></w:r></w:p>", "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", "<w:p>{}</w:p>"]
        ).format(tree(rng, WORD_TAGS, "w:", _xml_text) if rng.random() < 0.6 else _xml_text(rng))
        for _ in range(rng.randint(1, 5))
    ]
    field = '<w:p><w:fldChar w:fldCharType="begin"/><w:instrText>{}</w:instrText><w:fldChar w:fldCharType="end"/></w:p>'
    instruction = shuffled(
        rng, ["EQ ", "\\o", " ", "\\ad", "(", "\\s", "\\up", " 9", "(", "hàn", ")", ",", "汉", ")"], ["\\o", " ", "("]
    )
    body = shuffled(
        rng, [f"<w:document {WORD}><w:body>", *blocks, field.format(instruction), "</w:body></w:document>"], blocks
    )
    return _zipped(rng, [("word/document.xml", body), ("docProps/core.xml", "<a><b/></a>")])


MAKERS: dict[str, Callable[[Random], bytes]] = {
    "a.txt": plain, "a.md": markdown, "a.html": page, "a.epub": epub, "a.docx": docx, "a.json": records,
    "a.jsonl": records,
    "a.srt": subtitles, "a.vtt": subtitles, "brief.toml": brief, "lexicon.tsv": lexicon,
}  # fmt: skip


def made(rng: Random) -> tuple[str, bytes]:
    """A file: its name and what is in it. The name may lie."""
    name = rng.choice(list(MAKERS))
    data = MAKERS[name](rng)
    lies = rng.random() < 0.03 and name not in ("brief.toml", "lexicon.tsv")
    return rng.choice(["a.txt", "a.html", "a.json", "a.srt", "a.docx"]) if lies else name, data
