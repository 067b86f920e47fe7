"""The clips that are kept."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from langdu.cache import ClipCache, key, through
from langdu.model import Clip, Correction, Mark, Origin, Reading, Syllable, Tone, Utterance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

CLIP = Clip(b"\x01\x00\n\x02" * 50, 24_000, (Mark(0, 3, 40), Mark(2, 40, 90)))
GOOD = Syllable("hao", Tone.LOW)
UTTERANCE = Utterance("好", (Reading(GOOD, GOOD, Origin.LEXICON),), 450)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[ClipCache]:
    opened = ClipCache(tmp_path / "clips", pytest.fail)
    yield opened
    opened.close()


def test_what_is_put_is_got(cache: ClipCache) -> None:
    assert cache.get("a") is None
    cache.put("a", CLIP)
    assert cache.get("a") == CLIP
    count, size = cache.describe()
    assert count == 1
    assert size > len(CLIP.pcm)


def test_another_process_sees_it(cache: ClipCache, tmp_path: Path) -> None:
    cache.put("a", CLIP)
    other = ClipCache(tmp_path / "clips", pytest.fail)
    assert other.get("a") == CLIP
    other.close()


def test_a_damaged_clip_is_dropped(cache: ClipCache, tmp_path: Path) -> None:
    big = replace(CLIP, pcm=CLIP.pcm * 2_000)  # a large one is a file of its own
    cache.put("a", big)
    (file,) = (tmp_path / "clips").rglob("*.val")
    file.write_bytes(file.read_bytes()[:-1] + b"\xff")
    assert cache.get("a") is None
    assert cache.describe()[0] == 0


def test_clear(cache: ClipCache) -> None:
    cache.put("a", CLIP)
    assert cache.clear() == 1
    assert cache.get("a") is None


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said: list[str] = []
    cache = ClipCache(tmp_path / "file" / "clips", said.append)
    cache.put("a", CLIP)
    assert cache.get("a") is None
    assert (cache.describe(), cache.clear()) == ((0, 0), 0)
    assert len(said) == 1
    assert "LANGDU_CACHE_DIR" in said[0]


class Speaker:
    """Speaks three ahead, as the pool does, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(
        self, utterances: Iterable[Utterance | None], said: Callable[[Utterance, Clip], None]
    ) -> Iterator[Clip | None]:
        rest = iter(utterances)
        while some := list(islice(rest, 3)):
            self.asked += [u.text for u in some if u]
            for each in some:
                clip = Clip(each.text.encode("utf-16-le"), 24_000, ()) if each else None
                if each and clip:
                    said(each, clip)
                yield clip


def spoken(cache: ClipCache, speaker: Speaker, texts: str) -> list[str]:
    utterances = [Utterance(text, (None,)) for text in texts]
    return [c.pcm.decode("utf-16-le") for c in through(cache, lambda u: u.text, speaker, utterances)]


def test_only_what_is_missing_is_spoken(cache: ClipCache) -> None:
    first = Speaker()
    assert spoken(cache, first, "天地玄黄") == list("天地玄黄")
    assert first.asked == list("天地玄黄")
    second = Speaker()
    assert spoken(cache, second, "天地宇玄黄宙天") == list("天地宇玄黄宙天")
    assert second.asked == list("宇宙")
    third = Speaker()
    assert spoken(cache, third, "黄天") == list("黄天")
    assert third.asked == []


def test_what_is_kept_is_not_read_ahead(cache: ClipCache) -> None:
    spoken(cache, Speaker(), "天")
    taken = 0

    def many() -> Iterator[Utterance]:
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield Utterance("天", (None,))

    found = through(cache, lambda u: u.text, Speaker(), many())
    for given in range(1, 101):
        next(found)
        assert taken <= given + 3


def test_a_damaged_clip_is_spoken_and_kept_again(cache: ClipCache, tmp_path: Path) -> None:
    long = "天" * 50_000  # a large one is a file of its own
    utterances = [Utterance(long, (None,))]
    (first,) = through(cache, lambda _: "long", Speaker(), utterances)
    (file,) = (tmp_path / "clips").rglob("*.val")
    file.write_bytes(file.read_bytes()[:-1] + b"\xff")
    speaker = Speaker()
    assert list(through(cache, lambda _: "long", speaker, utterances)) == [first]
    assert speaker.asked == [long]
    assert cache.get("long") == first


def test_a_clip_that_goes_while_it_is_waited_for_is_spoken(cache: ClipCache) -> None:
    spoken(cache, Speaker(), "天地")
    speaker = Speaker()
    utterances = [Utterance(text, (None,)) for text in "天地玄"]
    found = through(cache, lambda u: u.text, speaker, utterances)
    assert next(found).pcm.decode("utf-16-le") == "天"
    cache.clear()
    assert [c.pcm.decode("utf-16-le") for c in found] == ["地", "玄"]
    assert speaker.asked == ["玄", "地"]


def test_the_key_is_all_that_is_heard() -> None:
    def read(syllable: Syllable, heard: Syllable) -> Utterance:
        return replace(UTTERANCE, readings=(Reading(syllable, heard, Origin.LEXICON),))

    rising = Syllable("hao", Tone.RISING)
    same = key("baker", 1.0, UTTERANCE)
    assert key("baker", 1.0, replace(UTTERANCE, pause_after=0)) == same
    assert key("baker", 1.0, replace(UTTERANCE, readings=(Reading(GOOD, GOOD, Origin.ANNOTATION),))) == same
    others = [
        key("gtts", 1.0, UTTERANCE),
        key("baker", 1.5, UTTERANCE),
        key("baker", 1.0, replace(UTTERANCE, text="好。", readings=(*UTTERANCE.readings, None))),
        key("baker", 1.0, read(GOOD, rising)),
        key("baker", 1.0, replace(UTTERANCE, corrections=(Correction(0, 1.2),))),
        key("baker", 1.0, replace(UTTERANCE, corrections=(Correction(0, 1.2, 1.5),))),
    ]
    assert len({same, *others}) == 7
    assert key("baker", 1.0, read(rising, rising)) == key("baker", 1.0, read(GOOD, rising))
