"""Readings in brackets: the golden table, and what happens to the text around them."""

from pathlib import Path

import pytest

from langdu.model import Kind, Paragraph, Source, Span
from langdu.parse.parser import parse_article, parse_line
from langdu.pinyin import join_numbers

GOLDEN = Path(__file__).parent.parent / "golden" / "parse"


def rows(name: str) -> list[tuple[str, str]]:
    lines = (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.partition(" => ") for line in lines if line and not line.startswith("#")]
    return [(written, wanted) for written, _, wanted in pairs]


def summary(paragraph: Paragraph) -> str:
    annotations = [f"{span.of(paragraph.text)}/{join_numbers(a.syllables)}" for span, a in paragraph.annotated()]
    return " ".join(annotations) or "-"


@pytest.mark.parametrize(("line", "wanted"), rows("brackets.tsv"))
def test_golden(line: str, wanted: str) -> None:
    assert summary(parse_line(line)) == wanted


def test_written_twice_is_one_annotation() -> None:
    paragraph = parse_line("这次行动(xíngdòng)(xíngdòng)很快。")
    ((span, annotation),) = paragraph.annotated()
    assert (span, annotation.times, paragraph.text) == (Span(2, 4), 2, "这次行动很快。")


def test_homophone_keeps_what_was_written() -> None:
    ((_, annotation),) = parse_line("万人驻(助)万企").annotated()
    assert (annotation.kind, annotation.written) == (Kind.HOMOPHONE, "助")


def test_text_is_what_is_left_without_the_brackets() -> None:
    line = "在长春(chángchūn)、吉林(2024年)和“鸱”（chī）之间"
    assert parse_line(line).text == "在长春、吉林(2024年)和“鸱”之间"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("北京(Běijīng)(Beijing)很大", "北京很大"),
        ("吕(Lǚ)(Lyu)先生", "吕先生"),
        ("汉语(Hànyǔ)(Hanyu)很难", "汉语很难"),
        ("北京(Beijing)(Běijīng)很大", "北京很大"),
        ("北京（Běijīng） （BEI JING）很大", "北京很大"),
        ("北京(Běijīng)(Beijing)(Běijīng)很大", "北京很大"),
        ("北京(Běijīng，Beijing)很大", "北京很大"),
        ("北京(Běijīng Beijing)很大", "北京很大"),
        ("北(běi)京(jīng)(Beijing)很大", "北京很大"),
        ("北(běi)京(jīng)(Běijīng)很大", "北京很大"),
        ("北(běi)京(jīng)(bei3jing1)很大", "北京很大"),
        ("<ruby>北<rt>běi</rt>京<rt>jīng</rt></ruby>(Beijing)很大", "北京很大"),
        ("<ruby>北京<rt>Běijīng</rt></ruby>(Běijīng)很大", "北京很大"),
        ("北京(ㄅㄟˇ ㄐㄧㄥ)(Beijing)很大", "北京很大"),
        ("旅顺(Lǚshùn)(Lushun)很大", "旅顺很大"),
        ("西安(Xī'ān)(Xian)很大", "西安很大"),
        ("玩儿(wánr)(wanr)吧", "玩儿吧"),
        # something else than the same pinyin
        ("北京(Běijīng)(Peking)很大", "北京(Peking)很大"),
        ("北京(Běijīng)(Beijing 2008)很大", "北京(Beijing 2008)很大"),
        ("北京(Běijīng)，(Beijing)很大", "北京，(Beijing)很大"),
        ("上海(Shànghǎi)(hai)很大", "上海(hai)很大"),
        ("京(jīng)(Beijing)很大", "京(Beijing)很大"),
        ("重庆(Chóngqìng)(zhongqing)很大", "重庆(zhongqing)很大"),
    ],
)
def test_the_same_pinyin_right_behind_is_not_read(line: str, text: str) -> None:
    paragraph = parse_line(line)
    assert (paragraph.text, paragraph.misfits) == (text, ())


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("一会儿(应该读作yí)就到", "一会儿就到"),
        ("行（此处念作háng）长", "行长"),
        ("长(正确的是cháng)城", "长城"),
        ("他说(正确的是我)", "他说(正确的是我)"),
        ("他说(应该读书)", "他说(应该读书)"),
    ],
)
def test_words_that_only_announce_a_reading_are_not_read(line: str, text: str) -> None:
    assert parse_line(line).text == text


def test_a_bracket_at_the_beginning_of_a_line_stands_at_its_beginning() -> None:
    assert [misfit.at for misfit in parse_line("(liòng)长春").misfits] == [0]


def test_annotation_names_its_place_in_the_source() -> None:
    source = Source("-", "雪\n\n长春(chángchūn)下雪。")
    ((_, annotation),) = parse_article(source).paragraphs[0].annotated()
    assert annotation.span.of(source.text) == "chángchūn"
    assert annotation.span.start == source.text.index("chángchūn")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("我们去北京(běijīng。天很冷。", "我们去北京。天很冷。"),
        ("我们去北京 （Běi Jīng，天很冷（lěng）。", "我们去北京，天很冷。"),
        ("他一生庸碌(rōng。完。", "他一生庸碌。完。"),
    ],
)
def test_a_bracket_that_is_not_closed_is_no_text(written: str, text: str) -> None:
    assert parse_line(written).text == text
