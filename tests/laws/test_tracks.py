"""Laws of a spoken article: nothing is lost, nothing overlaps, all of it is covered."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langdu.export.grid import grid
from langdu.marks import HANZI
from langdu.model import Rundown, Source
from langdu.parse.parser import parse_article
from langdu.pipeline import speech
from langdu.pipeline.cast import Cast, cast
from langdu.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.model import Article

lines = st.text(alphabet="长春振兴一不的，。！“”（）…AB儿12% ", min_size=1, max_size=60).filter(HANZI.search)
articles = st.lists(lines, min_size=1, max_size=5).map("\n".join)


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    settings = Settings(voice="silence", workers=1, cache_dir=tmp_path_factory.mktemp("cache"))
    return cast(settings, pytest.fail)


def recorded(article: Article, voice: Cast) -> Iterator[speech.Recorded]:
    return speech.recorded(speech.prepared(Rundown.of(article), voice, pytest.fail), voice, grid(["mp3"], 24_000))


@given(text=articles)
def test_tracks_touch_and_timings_lie_inside(silent: Cast, text: str) -> None:
    article = parse_article(Source("-", text))
    end = 0
    made = list(recorded(article, silent))
    assert len(made) == len(list(article.spoken_order()))
    for each in made:
        track, pcm = each.track, each.pcm
        assert track.start == end
        end = track.end
        assert track.end - track.start == len(pcm) // 2
        for before, after in pairwise(track.timings):
            assert before.end <= after.start
            assert before.at.start <= after.at.start
        assert all(track.start <= t.start < t.end <= track.end for t in track.timings)


@given(text=articles)
def test_every_hanzi_is_said(silent: Cast, text: str) -> None:
    article = parse_article(Source("-", text))
    made = list(recorded(article, silent))
    assert [each.track.paragraph.text for each in made] == [paragraph.text for paragraph in article.spoken_order()]
    for track in (each.track for each in made):
        said = {i for timing in track.timings for i in range(timing.at.start, timing.at.end)}
        hanzi = {i for found in HANZI.finditer(track.paragraph.text) for i in range(*found.span())}
        assert hanzi <= said
