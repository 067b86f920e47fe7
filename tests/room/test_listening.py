"""What is heard in the room, and what is taken away from it."""

from __future__ import annotations

import hashlib
import io
import operator
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from programs import langdu
from rooms import events, heard, served, taken

if TYPE_CHECKING:
    import httpx


def pieces(got: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    return [data for name, data in got if name == "piece"]


def test_the_article_is_spoken_from_where_it_is_asked(browser: httpx.Client, article: dict[str, Any]) -> None:
    spoken = pieces(heard(browser, article, start=1))
    assert list(dict.fromkeys(piece["paragraph"] for piece in spoken)) == [1, -1, 0]
    for piece in spoken:
        text = next(p["text"] for p in article["paragraphs"] if p["index"] == piece["paragraph"])
        assert 0 <= piece["start"] < piece["end"] <= len(text)
        ends = [0, *(end for _, _, _, end in piece["words"])]
        for (start, end, begins, stops), before in zip(piece["words"], ends, strict=False):
            assert piece["start"] <= start < end <= piece["end"]
            assert before <= begins < stops <= piece["seconds"]
    of_first = [piece for piece in spoken if piece["paragraph"] == 0]
    assert [piece["piece"] for piece in of_first] == list(range(of_first[0]["pieces"]))


def test_a_piece_is_sound_and_has_ranges(browser: httpx.Client, article: dict[str, Any]) -> None:
    piece = pieces(heard(browser, article, until="piece"))[0]
    whole = browser.get(piece["url"])
    assert whole.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(whole.content)) as sound:
        assert abs(sound.getnframes() / sound.getframerate() - piece["seconds"]) < 0.001
    part = browser.get(piece["url"], headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])


def test_only_the_corrected_paragraph_is_spoken_again(browser: httpx.Client, article: dict[str, Any]) -> None:
    before = {piece["paragraph"]: piece["sound"] for piece in pieces(heard(browser, article))}
    where = article["paragraphs"][1]["text"].index("长大")
    place = {"paragraph": 0, "at": where, "syllable": "chang2", "scope": "here"}
    got: list[tuple[str, Any]] = []
    for name, data in events(browser, article):
        got.append((name, data))
        if [n for n, _ in got].count("progress") == 1 and name == "progress":  # all that was ready has come
            browser.post(f"/api/articles/{article['id']}/correct", json=place)
        if name == "piece" and data["sound"] not in before.values() and data["piece"] == data["pieces"] - 1:
            break
    (change,) = [data for name, data in got if name == "change"]
    new = [piece for piece in pieces(got) if piece["sound"] not in before.values()]
    assert {piece["paragraph"] for piece in new} == {0}
    assert {piece["sound"] for piece in new} == {p["sound"] for p in change["paragraphs"]}


def test_each_reading_can_be_heard(browser: httpx.Client, article: dict[str, Any]) -> None:
    where = article["paragraphs"][1]["text"].index("长大")
    url = f"/api/articles/{article['id']}/hear/0/{where}"
    for syllable in ("?syllable=chang2", "?syllable=zhang3", ""):
        answer = browser.get(url + syllable)
        assert answer.status_code == 200, answer.text
        assert answer.content[:4] == b"RIFF"
    assert browser.get(f"{url}?syllable=%3Cscript%3E").status_code == 400


def test_a_place_is_remembered(browser: httpx.Client, article: dict[str, Any]) -> None:
    url = f"/api/articles/{article['id']}"
    assert browser.put(f"{url}/place", json={"paragraph": 0, "at": 3}).status_code == 204
    assert browser.get(url).json()["place"] == {"paragraph": 0, "at": 3}
    (shelved,) = [each for each in browser.get("/api/shelf").json()["articles"] if each["id"] == article["id"]]
    assert 0 < shelved["progress"] < 1
    assert browser.put(f"{url}/place", json={"paragraph": 9, "at": 3}).status_code == 422


@pytest.mark.parametrize("form", ["html", "srt", "mp3", "epub"])
def test_a_file_is_the_one_of_the_command_line(
    browser: httpx.Client, article: dict[str, Any], form: str, tmp_path: Path
) -> None:
    place = {"paragraph": 0, "at": 0, "syllable": "chong2", "scope": "here"}
    browser.post(f"/api/articles/{article['id']}/correct", json=place)
    made = taken(browser, article, form)
    langdu("read", article["file"], "--format", form, "--voice", "silence", "-o", str(tmp_path), "-q")
    (path,) = [p for p in tmp_path.iterdir() if p.suffix == f".{form}" and not p.stem.isdecimal()]
    assert hashlib.sha256(made).hexdigest() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_deck_is_the_one_of_the_command_line(
    browser: httpx.Client, article: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764201600")
    made = taken(browser, article, "anki")
    langdu("words", article["file"], "--anki", str(tmp_path / "words.apkg"), "--voice", "silence")
    assert hashlib.sha256(made).hexdigest() == hashlib.sha256((tmp_path / "words.apkg").read_bytes()).hexdigest()


def test_a_deck_tells_how_far_it_is(browser: httpx.Client, article: dict[str, Any]) -> None:
    got: list[tuple[str, int, int]] = []
    for name, data in events(browser, article):
        if name == "progress" and not got:
            browser.post(f"/api/articles/{article['id']}/exports", json={"format": "anki"})
        if name == "export":
            got.append((data["state"], data["done"], data["of"]))
            if data["state"] in {"done", "failed"}:
                break
    listed = browser.get(f"/api/articles/{article['id']}/words?format=json").text
    paragraphs, words = len(article["paragraphs"]), len(listed.splitlines())
    assert got[-1] == ("done", words, words)
    assert list(dict.fromkeys(state for state, _, _ in got)) == ["speaking", "words", "done"]
    assert [done for state, done, of in got if (state, of) == ("speaking", paragraphs)][-1] == paragraphs
    told = [done for state, done, of in got if (state, of) == ("words", words)]
    assert told == sorted(told)
    assert set(told) == set(range(words + 1))


def test_texts_are_those_of_the_command_line(browser: httpx.Client, article: dict[str, Any]) -> None:
    url, file = f"/api/articles/{article['id']}", article["file"]
    for form in ("csv", "json"):
        words = browser.get(f"{url}/words?format={form}")
        assert words.content.decode() == langdu("words", file, "--format", form).stdout
    for style in ("brackets", "numbers", "ruby", "zhuyin", "plain"):
        written = browser.get(f"{url}/text?style={style}")
        assert written.content.decode() == langdu("parse", file, "--annotate", style).stdout
        name = f"{Path(file).stem}.{style}.{'html' if style == 'ruby' else 'txt'}"
        assert written.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(name)}"


def test_unknown_formats_are_named(browser: httpx.Client, article: dict[str, Any]) -> None:
    url = f"/api/articles/{article['id']}"
    answer = browser.post(f"{url}/exports", json={"format": "mp4"})
    assert answer.status_code == 422
    assert "mp3" in answer.json()["error"]
    assert browser.get(f"{url}/words?format=pdf").status_code == 422
    assert browser.get(f"{url}/text?style=pdf").status_code == 422
    assert browser.get(f"{url}/exports/e0").status_code == 404
    abouts = {row["name"]: row["about"] for row in browser.get("/api/room").json()["formats"]}
    assert abouts["mp3"] == "the whole article"  # it is one file here


def test_a_paragraph_in_which_nothing_is_said_is_a_pause(browser: httpx.Client) -> None:
    opened = browser.post("/api/articles", json={"text": "春天来了。\n\n——\n\n花开了。"}).json()
    spoken = {piece["paragraph"]: piece for piece in pieces(heard(browser, opened, start=0))}
    assert [p["text"] for p in opened["paragraphs"] if p["index"] == 1] == ["——"]
    assert (spoken[1]["words"], spoken[1]["seconds"]) == ([], 0.9)


def test_a_tab_that_comes_later_gets_what_is_ready(browser: httpx.Client, article: dict[str, Any]) -> None:
    spoken = pieces(heard(browser, article))
    again = []
    for name, data in events(browser, article):
        if name == "progress":
            break
        again.append((name, data))
    key = operator.itemgetter("paragraph", "piece")
    assert sorted(pieces(again), key=key) == sorted(spoken, key=key)


def test_a_tab_that_comes_later_is_told_of_files(browser: httpx.Client, article: dict[str, Any]) -> None:
    taken(browser, article, "srt")
    told = next(data for name, data in events(browser, article) if name == "export")
    assert (told["format"], told["state"]) == ("srt", "done")


def test_another_tab_is_told_what_changed(browser: httpx.Client, article: dict[str, Any]) -> None:
    told = events(browser, article)
    assert next(told)[0] == "progress"
    place = {"paragraph": 0, "at": 0, "syllable": "chong2", "scope": "here"}
    answer = browser.post(f"/api/articles/{article['id']}/correct", json=place)
    assert next(told) == ("change", answer.json())


def test_nothing_is_spoken_that_nobody_hears(browser: httpx.Client, article: dict[str, Any]) -> None:
    url = f"/api/articles/{article['id']}"
    assert browser.post(f"{url}/speak", json={"from": -1}).status_code == 204
    got = next(events(browser, article))
    assert got == ("progress", {"done": 0, "of": 3, "speaking": -1})  # it waits for the first tab that listens
    assert browser.post(f"{url}/speak", json={"from": None}).status_code == 204
    silent = next(data for name, data in events(browser, article) if name == "progress")
    assert silent["speaking"] is None


def test_a_voice_that_fails_is_told_at_the_page(tmp_path: Path) -> None:
    with served(tmp_path, voice="piper:/no/such/voice.onnx") as room, room.browser() as browser:
        opened = browser.post("/api/articles", json={"text": "春天来了。"}).json()
        name, data = heard(browser, opened, until="failed")[-1]
        assert name == "failed"
        assert "/no/such/voice.onnx" in data["message"]
