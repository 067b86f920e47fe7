"""From lines to an article: title, copies, furniture."""

import pytest

from langdu.model import Source
from langdu.parse.parser import parse_article, parse_everything
from tables import golden

LONG = "冬天的松花江上结了一层厚厚的冰，孩子们在冰上滑来滑去，大人们在岸边煮上一锅热腾腾的鱼汤，一直到天黑。"


def parts(text: str) -> tuple[str | None, list[str], list[tuple[int, str]]]:
    article = parse_article(Source("-", text))
    title = article.title.text if article.title else None
    return title, [p.text for p in article.paragraphs], [(d.line, d.reason) for d in article.dropped]


def test_title_written_three_times_the_third_glued_to_the_text() -> None:
    text = f"松花江的冬天(dōngtiān)\n松花江的冬天(dōngtiān)\n松花江的冬天(dōngtiān){LONG}\n"
    assert parts(text) == ("松花江的冬天", [LONG], [(2, "duplicate-title"), (3, "duplicate-title")])


def test_second_copy_of_the_body_with_its_short_last_line() -> None:
    body = f"{LONG}\n来源：松江晚报\n"
    assert parts(body + body) == (None, [LONG, "来源：松江晚报"], [(3, "duplicate"), (4, "duplicate")])


def test_refrain_of_a_poem_survives() -> None:
    poem = "风来了\n雪来了\n我们回家\n雨来了\n云来了\n我们回家\n"
    assert parts(poem) == (None, poem.split(), [])


def test_furniture_at_the_end() -> None:
    tail = "相关推荐\n评论列表\n暂无评论,快抢沙发吧~\n你 发表评论:\n欢迎\n"
    title, paragraphs, dropped = parts(f"{LONG}\n欢迎\n{LONG[:20]}\n{tail}")
    assert (title, paragraphs) == (None, [LONG, "欢迎", LONG[:20]])
    assert dropped == [(line, "furniture") for line in range(4, 9)]


@pytest.mark.parametrize(("line", "wanted"), golden("parse/furniture.txt"))
def test_furniture(line: str, wanted: str) -> None:
    _, paragraphs, dropped = parts(f"{LONG}\n{line}\n{LONG[5:]}江上。\n")
    assert (dropped == [(2, "furniture")]) == (wanted == "furniture")
    assert (line in paragraphs) == (wanted == "text")


def test_links_under_a_heading_go_with_it_but_no_paragraph() -> None:
    text = f"{LONG}\n相关推荐\n松花江的夏天\n江边的钓鱼人\n{LONG[3:]}夏天。\n"
    assert parts(text) == (None, [LONG, f"{LONG[3:]}夏天。"], [(2, "furniture"), (3, "furniture"), (4, "furniture")])


def test_annotated_lines_are_no_furniture() -> None:
    assert parts(f"{LONG}\n相关推荐\n广告(guǎnggào)\n")[1] == [LONG, "广告"]


def test_nearly_the_same_paragraph_is_a_copy() -> None:
    edited = LONG.replace("厚厚的", "很厚的").replace("，", ",")
    assert parts(f"{LONG}\n雪。\n{edited}\n")[2] == [(3, "duplicate")]


def test_another_paragraph_that_begins_the_same_is_none() -> None:
    other = LONG[:12] + "到了春天，冰化了，江水又流起来，孩子们改在岸上放风筝，一放就是一整天。"
    assert parts(f"{LONG}\n{other}\n")[2] == []


def test_of_two_copies_the_annotated_one_stays() -> None:
    annotated = LONG.replace("冬天", "冬天(dōngtiān)")
    article = parse_article(Source("-", f"{LONG}\n来源：松江晚报\n{annotated}\n来源：松江晚报\n"))
    assert [len(list(p.annotated())) for p in article.paragraphs] == [1, 0]
    assert [dropped.line for dropped in article.dropped] == [1, 2]


def test_dialogue_survives() -> None:
    dialogue = "“你去吗？”\n“不去。”\n“真的不去？”\n“不去。”\n“你去吗？”\n“不去。”\n"
    assert parts(dialogue) == (None, dialogue.split(), [])


def test_a_song_with_its_chorus_survives() -> None:
    chorus = "江水流啊流\n流过我的家\n我在岸边等\n等你回家\n"
    song = f"春天来了\n冰都化了\n{chorus}夏天来了\n花都开了\n{chorus}"
    assert parts(song) == (None, song.split(), [])


def test_everything_is_kept_on_request() -> None:
    text = f"松花江的冬天\n松花江的冬天\n{LONG}\n{LONG}\n相关推荐\n"
    article = parse_everything(Source("-", text))
    assert [p.text for p in article.paragraphs] == text.splitlines()
    assert (article.title, article.dropped) == (None, ())


def test_who_when_and_where() -> None:
    head = "松花江的冬天\n\n2024-01-05 09:30　来源：松江晚报　作者：王小明\n"
    article = parse_article(Source("-", f"{head}{LONG}\n"))
    assert (article.author, article.date, article.origin) == ("王小明", "2024-01-05T09:30", "松江晚报")


def test_a_title_may_have_pinyin_but_a_list_of_words_has_none() -> None:
    assert parts(f"松花江的冬(dōng)天\n\n{LONG}")[0] == "松花江的冬天"
    assert parts(f"冬天(dōngtiān)\n\n{LONG}")[0] == "冬天"
    assert parts("冬天(dōngtiān)\n\n我(wǒ)爱(ài)冬天(dōngtiān)。")[0] == "冬天"
    assert parts("冬天(dōngtiān)\n\n春天(chūntiān)\n\n夏天(xiàtiān)")[0] is None
