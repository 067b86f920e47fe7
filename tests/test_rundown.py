"""A brief's rundown: what is said, by which article's readings, and with room for what sounds beside the voice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langdu.model import Article, Rundown, Source
from langdu.parse.parser import parse_article, parse_line
from langdu.rundown import (
    AROUND_MS,
    Sounds,
    Story,
    Wording,
    brief_rundown,
    filled,
    headline,
    same_article,
    with_music,
)

DAY = date(2026, 11, 25)
LIBRARY = "山村图书馆重(chóng)新开放\n\n11月20日,图书馆重新开放。\n\n孩子们来了。"
LONG = "馆里有三间屋子,藏书六千多册,比过去多了三分之一。" * 3
UNTITLED = "桥昨天通车了！人人都来看(kān)。再说一句。\n\n第二段也很长,因为没有标题的稿子也要读。"


def article(text: str, name: str = "a.txt", *, origin: str | None = None) -> Article:
    return parse_article(Source(name, text, origin=origin))


def made(
    *articles: Article, wording: Wording | None = None, lead: int | None = None, sounds: Sounds | None = None
) -> Rundown:
    return brief_rundown(
        "今日(jīnrì)要闻",
        DAY,
        [Story(article=each, lead=lead) for each in articles],
        wording or Wording(),
        parse_line,
        sounds=sounds or Sounds(),
    )


def test_opening_headlines_stories_closing() -> None:
    programme = made(article(LIBRARY), article(UNTITLED, "b.txt"))
    assert programme.title == "今日要闻 2026-11-25"
    assert programme.date == "2026-11-25"
    assert [each.text for each in programme.paragraphs()] == [
        "今日要闻。今天是2026年11月25日，星期三。",
        "首先来听内容提要。",
        "山村图书馆重新开放",
        "桥昨天通车了！",
        "山村图书馆重新开放",
        "11月20日,图书馆重新开放。",
        "孩子们来了。",
        "桥昨天通车了！人人都来看。再说一句。",
        "第二段也很长,因为没有标题的稿子也要读。",
        "以上就是今天的全部内容，感谢收听。",
    ]
    assert [each.index for each in programme.paragraphs()] == list(range(10))
    assert [each.index for each in programme.paragraphs() if each.is_title] == [4]
    assert {at: each.title for at, each in programme.headings().items()} == {
        0: "开场",
        4: "山村图书馆重新开放",
        7: "桥昨天通车了！",
        9: "结束语",
    }


def test_headlines_and_the_title_keep_their_annotations() -> None:
    programme = made(article(LIBRARY), article(UNTITLED, "b.txt"))
    written = {each.index: [note.written for _, note in each.annotated()] for each in programme.paragraphs()}
    assert written == {0: ["jīnrì"], 1: [], 2: ["chóng"], 3: [], 4: ["chóng"], 5: [], 6: [], 7: ["kān"], 8: [], 9: []}
    read_by = {section.paragraphs[0].index: section.article.source.name for section in programme.sections}
    assert read_by == {0: "-", 1: "-", 2: "a.txt", 3: "b.txt", 4: "a.txt", 7: "b.txt", 9: "-"}


def test_one_story_has_no_headlines() -> None:
    assert [each.text for each in made(article("春\n\n春天来了。")).paragraphs()] == [
        "今日要闻。今天是2026年11月25日，星期三。",
        "春",
        "春天来了。",
        "以上就是今天的全部内容，感谢收听。",
    ]


def test_lead_paragraphs_only() -> None:
    texts = [each.text for each in made(article(LIBRARY), article(UNTITLED, "b.txt"), lead=1).paragraphs()]
    assert "孩子们来了。" not in texts
    assert texts[-3:-1] == ["11月20日,图书馆重新开放。", "桥昨天通车了！人人都来看。再说一句。"]


def test_nothing_is_said_where_the_wording_is_empty() -> None:
    silent = Wording(opening="", headlines="", closing="")
    programme = made(article(LIBRARY), article(UNTITLED, "b.txt"), wording=silent)
    assert list(programme.headings()) == [0, 3]
    assert next(programme.paragraphs()).text == "山村图书馆重新开放"
    headlines = made(article(LIBRARY), article(UNTITLED, "b.txt"), wording=Wording(opening="", closing=""))
    assert [each.title for each in headlines.headings().values()][:2] == ["内容提要", "山村图书馆重新开放"]


def test_where_a_story_is_from() -> None:
    web = article(LIBRARY, "https://example.org/a.html")
    secret = article(LIBRARY.replace("孩子们", "客人们"), "https://user:secret@example.org:8080/a?b=1")
    assert list(made(secret).headings().values())[1].address == "https://example.org:8080/a?b=1"
    paper = article(LIBRARY.replace("孩子们", "老人们"), "b.txt", origin="某报")
    headings = list(made(web, paper).headings().values())
    assert (headings[1].source, headings[1].address) == ("example.org", "https://example.org/a.html")
    assert (headings[2].source, headings[2].address) == ("某报", None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("他说“走吧……我们回家。”然后走了。再说一句别的话,很长很长。", "他说“走吧……我们回家。”"),
        ("……今天下雪了，人人都在家里。再说一句别的话,很长很长。", "……今天下雪了，人人都在家里。"),
        ("什么？！他真的来了。再说一句别的话,很长很长,很长很长。", "什么？！"),
        ("Today it snowed. People 都在家里,今天放假,明天也放假。", "Today it snowed."),
        ("C919今天首飞,全长2.5公里,人人都来看。再说一句别的话。", "C919今天首飞,全长2.5公里,人人都来看。"),
        (LIBRARY, "山村图书馆重新开放"),
        (UNTITLED, "桥昨天通车了！"),
        ("没有句号的一段话也就是全部了,很长很长很长很长很长很长很长很长很长很长很长很长很长很长", None),
        ("“走！”他说,“我们去看看那座桥,听说昨天通车了,人人都来看。”再说一句话。\n\n第二段。", "“走！”"),
    ],
)
def test_headline(text: str, says: str | None) -> None:
    assert headline(article(text)).text == (says or text)


def test_a_long_first_sentence_is_a_short_chapter_title() -> None:
    long = article("没有句号的一段话也就是全部了,很长很长很长很长很长很长很长很长很长很长很长很长很长很长")
    assert len(list(made(long).headings().values())[1].title) == 24


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        (LIBRARY, LIBRARY, True),
        (LIBRARY, LIBRARY + "\n\n新的一段。", True),
        (LIBRARY, "别的标题\n\n11月20日,图书馆重新开放。\n\n孩子们来了。", False),  # too little to tell
        (f"{LIBRARY}\n\n{LONG}", f"别的标题\n\n11月20日,图书馆重新开放。\n\n孩子们来了。\n\n{LONG}", True),
        ("甲地今日开通地铁\n\n详情请看视频报道。", "乙地昨夜发生地震\n\n详情请看视频报道。", False),
        (LIBRARY, UNTITLED, False),
        (LIBRARY, "山村图书馆重新开放\n\n这是另一家的稿子,说的是同一件事,话却不一样。\n\n孩子们来了。", False),
    ],
)
def test_same(one: str, other: str, *, are: bool) -> None:
    assert same_article(article(one), article(other)) is same_article(article(other), article(one)) is are


def test_filled_leaves_other_braces_alone() -> None:
    assert filled("{title} {b} {count}条，{title}", "{date}", DAY, 3) == "{date} {b} 3条，{date}"


def test_a_title_that_asks_has_one_mark() -> None:
    assert filled("{title}。好", "今天好吗？", DAY, 1) == "今天好吗。好"


def test_blanks_are_nothing_to_say() -> None:
    blank = Wording(opening=" ", headlines="\u3000", closing="\n")
    assert [each.title for each in made(article(LIBRARY), wording=blank).headings().values()] == ["山村图书馆重新开放"]


def test_room_for_music_and_chimes() -> None:
    programme = made(article(LIBRARY), article(UNTITLED, "b.txt"), sounds=Sounds(music=True, chime_ms=1200))
    opening, headlines, *rest = programme.sections
    assert (opening.lead_ms, opening.bed, headlines.lead_ms, headlines.bed) == (4000, True, 0, True)
    stories, closing = rest[-3:-1], rest[-1]
    assert [(each.lead_ms, each.chime, each.bed) for each in stories] == [(1200 + 2 * AROUND_MS, True, False)] * 2
    assert (closing.lead_ms, closing.chime, closing.bed, programme.tail_ms) == (2500, False, True, 6000)
    assert all(each.bed for each in made(article(LIBRARY), sounds=Sounds(music=True, everywhere=True)).sections)
    assert not any(each.lead_ms or each.bed or each.chime for each in made(article(LIBRARY)).sections)
    assert made(article(LIBRARY)).tail_ms == 0


@given(
    st.lists(
        st.sampled_from(["春天来了。", "他说：“走！”", "11月20日开放", "长(cháng)城", "A"]), min_size=1, max_size=4
    )
)
def test_every_paragraph_of_every_story_is_in_it_once(texts: list[str]) -> None:
    articles = [article(f"{text}\n\n{i}号稿子,{text}\n\n完。", f"{i}.txt") for i, text in enumerate(texts)]
    programme = made(*articles)
    stories = [each for each in programme.sections if len(each.paragraphs) > 1]
    assert [[p.runs for p in each.paragraphs] for each in stories] == [
        [p.runs for p in each.spoken_order()] for each in articles
    ]


def with_bed(programme: Rundown) -> list[tuple[int, bool]]:
    return [(len(section.paragraphs), section.bed) for section in programme.sections]


@pytest.mark.parametrize(
    ("text", "everywhere", "beds"),
    [
        (LIBRARY, False, [(1, True), (1, False), (1, True)]),
        (f"{LIBRARY}\n\n馆里有书。", False, [(1, True), (2, False), (1, True)]),
        (LIBRARY, True, [(3, True)]),
        ("江桥通车\n\n桥昨天通车了。", False, [(2, True)]),
        ("桥昨天通车了！人人都来看。", False, [(1, True)]),
    ],
)
def test_music_of_an_article(
    text: str,
    everywhere: bool,  # noqa: FBT001 - a parameter of the test
    beds: list[tuple[int, bool]],
) -> None:
    plain = Rundown.of(article(text))
    programme = with_music(plain, Sounds(music=True, everywhere=everywhere))
    assert with_bed(programme) == beds
    assert list(programme.paragraphs()) == list(plain.paragraphs())
    assert programme.sections[0].lead_ms > 1000 < programme.tail_ms
    assert with_music(plain, Sounds()) == plain
