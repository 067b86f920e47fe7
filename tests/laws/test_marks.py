"""Laws of sentences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from langdu.marks import ends_sentence, sentence_ends

texts = st.text(alphabet="长春一的等aN.。！？!?…，—“”《》\"' 　\n", max_size=60)


@given(texts)
def test_ends_are_in_order_inside_the_text(text: str) -> None:
    ends = sentence_ends(text)
    assert ends == sorted(set(ends))
    assert all(0 < end < len(text) for end in ends)


@given(texts)
def test_no_sentence_begins_with_a_blank_or_the_end_of_another(text: str) -> None:
    assert not any(text[end] in "。！？…” \u3000\n，—" and "\n" not in text[:end] for end in sentence_ends(text))


@given(texts)
def test_a_line_end_ends_a_sentence(text: str) -> None:
    assert ends_sentence(text + "\n")
    assert len(text) + 1 in sentence_ends(text + "\n长")
