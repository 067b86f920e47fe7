"""From lines to an article: title, copies, furniture."""

from langdu.model import Source
from langdu.parse import parse_article

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
