"""The clips that are kept."""

from __future__ import annotations

import hashlib
import os
import pickle
import sqlite3
from contextlib import closing, contextmanager
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
UTTERANCE = Utterance("好", (Reading(GOOD, GOOD, Origin.LEXICON),), pause_after_ms=450)


@pytest.fixture
def cache(tmp_path: Path) -> ClipCache:
    return ClipCache(tmp_path / "clips", pytest.fail)


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


def test_a_damaged_clip_is_dropped(cache: ClipCache, tmp_path: Path) -> None:
    big = replace(CLIP, pcm=CLIP.pcm * 2_000)
    cache.put("a", big)
    (file,) = (tmp_path / "clips").rglob("*.clip")
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


# --- what somebody else put there -----------------------------------------------------------------------------------

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows gives each user folders of his own")


def old_cache(folder: Path) -> None:
    """A cache as langdu kept it before: of its two clips one would run, and one is another's file."""
    with database(folder) as rows:
        rows.execute("INSERT INTO Cache (key, raw, mode, value) VALUES ('a', 1, 4, ?)", (pickle.dumps(Trap()),))
        rows.execute("INSERT INTO Cache (key, raw, mode, filename) VALUES ('b', 1, 2, '../../victim')")
    clip = folder / "0a" / "ff" / "0123.val"
    clip.parent.mkdir(parents=True)
    clip.touch()


@contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "cache.db")) as rows, rows:
        rows.execute(
            "CREATE TABLE Cache (rowid INTEGER PRIMARY KEY, key BLOB, raw INT, mode INT, filename TEXT, value)"
        )
        yield rows


class Trap:
    """Runs when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return pytest.fail, ("a clip has run",)


def test_nothing_of_an_older_cache_runs_or_leads_out_of_it(tmp_path: Path) -> None:
    folder, victim = tmp_path / "cache" / "clips", tmp_path / "victim"
    victim.touch()
    old_cache(folder)
    said: list[str] = []
    cache = ClipCache(folder, said.append)
    assert (cache.get("a"), cache.get("b")) == (None, None)
    assert cache.describe() == (0, 0)
    cache.put("b", CLIP)
    assert cache.get("b") == CLIP
    assert cache.clear() == 1
    assert victim.exists()
    assert list(folder.iterdir()) == []
    assert said == [f"the clips in {folder} are from an older langdu and are removed"]


def test_what_is_not_langdus_stays(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "clips", tmp_path / "elsewhere"
    (elsewhere / "ab").mkdir(parents=True)
    kept = [elsewhere / "ab" / "mine.val", elsewhere / "mine.txt"]
    old_cache(folder)
    kept += [folder / "film.mp4", folder / "ab.val", folder / "a.clip", folder / "0a" / "notes.txt"]
    for path in kept:
        path.touch()
    (folder / "cd").symlink_to(elsewhere)
    (folder / "0a" / "ee").symlink_to(elsewhere)
    cache = ClipCache(folder, lambda _: None)
    cache.put("a", CLIP)
    assert cache.clear() == 1
    assert all(path.exists() for path in kept)


def test_a_broken_database_does_not_matter(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    (folder / "cache.db").write_bytes(b"SQLite format 3\0\xff" * 100)
    cache = ClipCache(folder, lambda _: None)
    cache.put("a", CLIP)
    assert cache.get("a") == CLIP


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b"[1]", b"{}", b'["a", []]', b'[1, [["\xff"]]]', b"[1, [[1e999, 0, 0]]]", b"[1, 5]"]
)
def test_a_clip_that_langdu_never_made(cache: ClipCache, tmp_path: Path, body: bytes) -> None:
    cache.put("a", CLIP)
    (file,) = (tmp_path / "clips").iterdir()
    file.write_bytes(hashlib.sha256(body).digest() + body)
    assert cache.get("a") is None
    assert list((tmp_path / "clips").iterdir()) == []


def test_a_clip_that_is_far_too_big(cache: ClipCache, tmp_path: Path) -> None:
    cache.put("a", CLIP)
    (file,) = (tmp_path / "clips").iterdir()
    with file.open("r+b") as open_file:
        open_file.truncate(1 << 40)  # nothing is written for that: it takes no room
    assert cache.get("a") is None
    assert list((tmp_path / "clips").iterdir()) == []


@POSIX
def test_a_pipe_in_place_of_a_clip(cache: ClipCache, tmp_path: Path) -> None:
    cache.put("a", CLIP)
    (file,) = (tmp_path / "clips").iterdir()
    file.unlink()
    os.mkfifo(file)
    assert cache.get("a") is None
    assert list((tmp_path / "clips").iterdir()) == []


@POSIX
def test_the_folder_is_nobody_elses(cache: ClipCache, tmp_path: Path) -> None:
    cache.put("a", CLIP)
    assert (tmp_path / "clips").stat().st_mode & 0o777 == 0o700


@POSIX
@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777])
def test_a_folder_that_others_may_write_is_refused(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "clips"
    ClipCache(folder, pytest.fail).put("a", CLIP)
    folder.chmod(mode)
    said: list[str] = []
    cache = ClipCache(folder, said.append)
    assert cache.get("a") is None
    assert len(said) == 1
    assert f"run chmod 700 {folder}" in said[0]
    assert "\n" not in said[0]


@POSIX
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "clips"
    ClipCache(folder, pytest.fail).put("a", CLIP)
    old = tmp_path / "old" / "clips"
    old_cache(old)
    monkeypatch.setattr(os, "geteuid", lambda: 12_345)
    for each in (folder, old):
        said: list[str] = []
        assert ClipCache(each, said.append).get("a") is None
        assert len(said) == 1
        assert "belongs to another user" in said[0]
    assert (old / "cache.db").exists()


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "clips").symlink_to(tmp_path / "elsewhere")
    said: list[str] = []
    cache = ClipCache(tmp_path / "clips", said.append)
    cache.put("a", CLIP)
    assert "is a symbolic link" in said[0]
    assert list((tmp_path / "elsewhere").iterdir()) == []


# --- room -----------------------------------------------------------------------------------------------------------


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = ClipCache(tmp_path / "clips", pytest.fail)
    cache.put("a", CLIP)
    size = cache.describe()[1]
    monkeypatch.setattr("langdu.cache.LIMIT", 10 * size)
    names = [f"{i}" for i in range(10)]
    assert cache.clear() == 1
    cache = ClipCache(tmp_path / "clips", pytest.fail)
    for age, name in enumerate(names):
        cache.put(name, CLIP)
        (new,) = (path for path in (tmp_path / "clips").iterdir() if path.stat().st_mtime > 2_000)
        os.utime(new, (age, age))
    assert cache.get("0") == CLIP
    cache.put("new", CLIP)
    assert [name for name in names if name in cache] == ["0", *names[3:]]
    assert "new" in cache
    assert cache.describe()[1] <= 10 * size


# --- through --------------------------------------------------------------------------------------------------------


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
    long = "天" * 50_000
    utterances = [Utterance(long, (None,))]
    (first,) = through(cache, lambda _: "long", Speaker(), utterances)
    (file,) = (tmp_path / "clips").rglob("*.clip")
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
    assert key("baker", 1.0, replace(UTTERANCE, pause_after_ms=0)) == same
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
