"""Who speaks in a paragraph: what is quoted speech, and how it reaches another voice."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import annotated
from langdu import lexicon
from langdu.engines import create
from langdu.model import Article, NormalizedText, Rundown, Section, Source, Span, Utterance
from langdu.normalize import normalize
from langdu.pipeline.text import scripts
from langdu.segment import segment
from langdu.segment.quotations import in_spoken, quotations
from langdu.settings import Settings
from tables import golden

if TYPE_CHECKING:
    from langdu.model import Paragraph

CAN = create("silence", None).capabilities
texts = st.text(alphabet="长春振兴一不的说道，。！？、：“”「」《》…— AB儿12%", max_size=80)


@pytest.mark.parametrize(("text", "wanted"), golden("quotations.txt"))
def test_what_somebody_says(text: str, wanted: str) -> None:
    assert "|".join(span.of(text) for span in quotations(text)) == ("" if wanted == "-" else wanted)


def utterances(paragraph: Paragraph) -> tuple[Utterance, ...]:
    article = Article(source=Source("-", paragraph.text), title=None, paragraphs=(paragraph,))
    (script,) = scripts(Rundown.of(article), Settings(quotes="other"), lambda _: CAN)
    return script.utterances


def turns(paragraph: Paragraph) -> list[tuple[str | None, str]]:
    """Who says what."""
    voices = groupby(utterances(paragraph), lambda utterance: utterance.voice)
    return [(voice, "".join(utterance.text for utterance in own)) for voice, own in voices]


def test_an_utterance_ends_where_another_voice_begins() -> None:
    paragraph = annotated(("校长", "xiao4 zhang3"), ("说：“好”，又笑道：“走吧！3点回家。”他走了。", ""))
    assert turns(paragraph) == [
        (None, "校长说："),
        ("other", "“好”，"),
        (None, "又笑道："),
        ("other", "“走吧！三点回家。”"),
        (None, "他走了。"),
    ]


def test_there_is_a_pause_between_voices() -> None:
    paragraph = annotated(("他想了想“走吧。我们回家”又坐下了。", ""))
    assert [utterance.pause_after_ms for utterance in utterances(paragraph)] == [180, 450, 180, 0]


def test_what_stands_between_two_quotations_without_a_word() -> None:
    assert turns(annotated(("“走！”——“不走！”", ""))) == [("other", "“走！”——“不走！”")]


def test_a_title_is_read_by_one_voice() -> None:
    paragraph = annotated(("“走吧。”他说", ""))
    assert [voice for voice, _ in turns(paragraph)] == ["other", None]
    assert [voice for voice, _ in turns(replace(paragraph, is_title=True))] == [None]


def test_the_voice_of_quotations_may_be_the_readers_own() -> None:
    paragraph = annotated(("“走吧。”他说", ""))
    article = Article(source=Source("-", paragraph.text), title=None, paragraphs=(paragraph,))
    rundown = replace(Rundown.of(article), sections=(Section(article=article, paragraphs=(paragraph,), voice="other"),))
    (script,) = scripts(rundown, Settings(quotes="other"), lambda _: CAN)
    assert [utterance.voice for utterance in script.utterances] == ["other", "other"]


def test_english_is_written_in_hanzi_if_one_of_the_voices_cannot_say_it() -> None:
    paragraph = annotated(("他拿着iPhone说：“好。”", ""))
    article = Article(source=Source("-", paragraph.text), title=None, paragraphs=(paragraph,))
    english = replace(CAN, speaks_english=True)

    def said(settings: Settings) -> str:
        (script,) = scripts(Rundown.of(article), settings, lambda voice: CAN if voice else english)
        return script.normalized.spoken

    assert said(Settings()) == "他拿着iPhone说：“好。”"
    assert said(Settings(quotes="other")) == "他拿着爱风说：“好。”"


def test_a_quotation_does_not_begin_or_end_inside_a_word() -> None:
    text = NormalizedText("他说：“好。”", "他说：“好。”")
    (span,) = quotations(text.written)
    assert in_spoken(text, [span]) == [Span(3, 7)]
    assert in_spoken(text, [span], [Span(2, 4)]) == []
    assert in_spoken(text, [span], [Span(3, 7)]) == [Span(3, 7)]


@given(texts)
def test_who_speaks_is_what_the_marks_say(text: str) -> None:
    spoken = normalize(text)
    quoted = in_spoken(spoken, quotations(text))
    readings = [None] * len(spoken.spoken)
    words = lexicon.split_words(spoken.spoken)
    made = list(segment(spoken, readings, words, turns=[(span, "other") for span in quoted]))
    assert "".join(utterance.text for utterance in made) == (spoken.spoken if made else "")
    at = 0
    for utterance in made:
        for i, char in enumerate(utterance.text, at):
            if char.isalpha() and char != "儿":
                assert (utterance.voice == "other") == any(span.start <= i < span.end for span in quoted)
        at += len(utterance.text)
