"""Words of a paragraph with their times."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langdu.export.grid import Grid
from langdu.export.view.words import sentences, words
from langdu.marks import HANZI
from langdu.model import Rundown, Source
from langdu.parse.parser import parse_article
from langdu.pinyin import spell
from langdu.pipeline import speech
from langdu.pipeline.cast import Cast, cast
from langdu.settings import Settings

if TYPE_CHECKING:
    from langdu.export.view.words import Word
    from langdu.model import Track

lines = st.text(alphabet="长春振兴一不的，。！“”（）…AB儿12% (cháng)", min_size=1, max_size=60).filter(HANZI.search)


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    settings = Settings(voice="silence", workers=1, cache_dir=tmp_path_factory.mktemp("cache"))
    return cast(settings, pytest.fail)


def tracks(text: str, voice: Cast) -> list[Track]:
    article = parse_article(Source("-", text))
    return [
        each.track for each in speech.recorded(speech.prepared(Rundown.of(article), voice, pytest.fail), voice, Grid())
    ]


def found(text: str, voice: Cast) -> list[Word]:
    (track,) = tracks(text, voice)
    return words(track)


@given(text=lines)
def test_words_are_the_text_and_in_order(silent: Cast, text: str) -> None:
    for track in tracks(text, silent):
        made = words(track)
        assert "".join(word.text for word in made) == track.paragraph.text
        assert all(word.span.of(track.paragraph.text) == word.text for word in made)
        assert all(len(word.readings) == len(word.text) for word in made)
        times = [(word.start, word.end) for word in made if word.start is not None and word.end is not None]
        assert all(a < b for a, b in times)
        assert all(a[1] <= b[0] for a, b in pairwise(times))
        assert [each for sentence in sentences(track) for each in sentence] == made
        spoken = [any(word.start is not None for word in sentence) for sentence in sentences(track)]
        assert all(spoken) or len(spoken) == 1


def test_what_is_one_word(silent: Cast) -> None:
    made = found("他2024年在长(cháng)春(chūn)玩儿，看AI电影。", silent)
    assert [word.text for word in made] == ["他", "2024", "年", "在", "长春", "玩儿", "，", "看", "AI", "电影", "。"]
    assert [word.text for word in made if word.annotated] == ["长春"]
    assert [word.text for word in made if word.start is None] == ["，", "。"]
    assert [[s and spell(s) for s in word.readings] for word in made if word.text in ("长春", "玩儿", "2024")] == [
        [None] * 4,
        ["cháng", "chūn"],
        ["wánr", None],
    ]
    assert all(reading is None for word in found("5%的1&2", silent) for reading in word.readings if word.text != "的")


def test_sentences(silent: Cast) -> None:
    (track,) = tracks("“走吧！”他说，明天再来。好……", silent)
    assert ["".join(w.text for w in s) for s in sentences(track)] == ["“走吧！”", "他说，明天再来。", "好……"]
    (track,) = tracks("走吧！（", silent)
    assert ["".join(w.text for w in s) for s in sentences(track)] == ["走吧！（"]
