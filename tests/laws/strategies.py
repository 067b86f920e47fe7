"""The vocabulary of the laws: words with readings, articles, and texts that nobody would write."""

from __future__ import annotations

import re

from hypothesis import settings
from hypothesis import strategies as st

from langdu.model import Annotation, Article, Kind, Paragraph, Run, Source, Span, Syllable
from langdu.pinyin import parse_syllable

# For laws whose exceptions are rare: more examples than others get, in the ordinary run and in `poe explore`.
THOROUGH = settings(max_examples=4 * settings().max_examples)

# Words and readings of our own choice: polyphones, neutral tones, erhua, vowels that join, ü.
WORDS: dict[str, str] = {
    "长春": "cháng chūn", "生长": "shēng zhǎng", "西安": "xī ān", "先": "xiān", "解决方案": "jiě jué fāng àn",
    "反感": "fǎn gǎn", "女儿": "nǚ ér", "好玩儿": "hǎo wánr", "一会儿": "yí huìr", "学生": "xué sheng",
    "妈妈": "mā ma", "旅行": "lǚ xíng", "银行": "yín háng", "行动": "xíng dòng", "音乐": "yīn yuè", "快乐": "kuài lè",
    "一起": "yì qǐ", "不是": "bú shì", "重复": "chóng fù", "重要": "zhòng yào", "了解": "liǎo jiě", "了": "le",
    "的": "de", "二胡": "èr hú", "饿": "è", "侮辱": "wǔ rǔ", "漢語": "hàn yǔ", "省略": "shěng lüè", "虐待": "nüè dài",
    "玩": "wánr",
}  # fmt: skip


def syllables(word: str) -> tuple[Syllable, ...]:
    """The reading of one of `WORDS`."""
    return tuple(map(parse_syllable, WORDS[word].split()))


# Text without a reading in it, that nothing beside it can turn into one.
# One blank at a time: HTML knows no more.
plain_texts = st.text(alphabet="天地江河山川草木，。！？：；“”《》—…、 BXW-%℃", max_size=24).map(
    lambda t: re.sub(" +", " ", t)
)


def run(word: str) -> Run:
    """A word with its annotation as scanners make it, except for its place, which writers ignore."""
    return Run(word, 0, Annotation(syllables=syllables(word), written=WORDS[word], span=Span(0, 0), kind=Kind.PINYIN))


@st.composite
def paragraphs(draw: st.DrawFn) -> Paragraph:
    """Text and annotated words in turn: never empty, without outer blanks, words separate from the text before."""
    runs: list[Run] = []
    for word in draw(st.lists(st.sampled_from(sorted(WORDS)), max_size=6)):
        runs += [Run(draw(plain_texts), 0), run(word)]
    runs += [Run("天" + draw(plain_texts).rstrip() + "。", 0)]
    runs[0] = Run("地" + runs[0].text, 0, runs[0].annotation)
    return Paragraph(0, tuple(run for run in runs if run.text))


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """An article without a title: only the whole text shows whether a first line is one."""
    return Article(
        source=Source("-", ""), title=None, paragraphs=tuple(draw(st.lists(paragraphs(), min_size=1, max_size=4)))
    )


# Everything that a scanner reacts to, in any order.
wild_texts = st.lists(
    st.sampled_from([
        *"长春重行六安儿一不妈好，。：“”（）()[]【】{}|/\\<>《》=*_#`-~&;%'’ \n\t\u3000\0\u200b\u00ad",
        "cháng", "chūn", "chong2", "liù", "ān", "wánr", "ér", "long", "me", "Běijīng", "nv3", "lu:4", "ma1 ma5",
        "ㄏㄢˋ", "ㄦ", "˙ㄉㄜ", "读作", "应读", "不读", "读成", "音同", "拼音：", "pinyin: ", "(chángchūn)", "（liù）",
        "(长)", "<ruby>", "</ruby>", "<rt>", "</rt>", "<rb>", "<rp>", "<rtc>", "<!--", "-->", "\\xpinyin{", "{% ruby ",
        " %}", "{{", "}}", "](", "\ufff9", "\ufffa", "\ufffb", "\\u01d0", "%C7%90", "&#xe0;", "¨¢", "```\n", "---\n",
        "# ", "- ", "1. ", "| ", "|---|\n", "2024", "\ud800", "😀", "𠀀", "e\u0301", "相关推荐\n", "来源：", "字" * 45,
    ]),
    max_size=40,
).map("".join)  # fmt: skip
