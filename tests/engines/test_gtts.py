"""The online voice, against a stand-in of the service that answers, refuses, stalls, truncates and lies."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gtts_server import PATH, StandIn, mp3
from langdu import engines
from langdu.engines.gtts import Gtts
from langdu.engines.gtts.service import GttsPatience
from langdu.errors import ConfigError, EngineError, EngineUnavailable, SynthesisFailed
from langdu.model import Clip, Origin, Reading, Syllable, Tone, Utterance

if TYPE_CHECKING:
    from pathlib import Path

SECOND = 24_000
CALM = GttsPatience(attempts=4, connections=3, first_wait=0.01, longest_wait=2, altogether=20)
HURRY = replace(CALM, connect=2, between_bytes=0.4, answer=0.8)
SLOW = {"stall": HURRY, "drip": HURRY}  # what only a time limit ends
TEXT = "“天亮了，”他说，“出门去。”"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    mp3(8)  # the stand-in needs some time to make a sound once, and the time limits here are short


def utterance(text: str) -> Utterance:
    syllable = Syllable("tian", Tone.HIGH)
    hanzi = Reading(syllable, syllable, Origin.LEXICON)
    return Utterance(text, tuple(hanzi if c.isalpha() and not c.isascii() else None for c in text))


def speak(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, text: str = TEXT, rate: float = 1, patience: GttsPatience = CALM
) -> Clip:
    monkeypatch.setenv("LANGDU_GTTS_URL", server.url)
    made = Gtts(patience)
    return made.synthesize(utterance(text), made.voices()[0], rate)


def samples(clip: Clip) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.frombuffer(clip.pcm, "<i2")


def test_clean_text_goes_out_and_sound_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn() as server:
        clip = speak(server, monkeypatch)
    assert server.texts == [TEXT]
    assert (server.languages, server.paths) == ({"zh-CN"}, {PATH})
    assert clip.sample_rate == SECOND
    assert abs(len(clip) - 1.8 * SECOND) < 0.06 * SECOND  # eight syllables and two edges of 0.1 s


def test_marks_share_the_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn() as server:
        clip = speak(server, monkeypatch)
    assert [TEXT[mark.index] for mark in clip.marks] == list("天亮了他说出门去")
    assert all(a.end == b.start for a, b in zip(clip.marks, clip.marks[1:], strict=False))
    assert all(abs(mark.end - mark.start - SECOND // 5) < SECOND // 50 for mark in clip.marks)
    # 0.1 s of silence, and 46 ms that the encoder puts before it: like Google's, its MP3 does not say so
    assert abs(clip.marks[0].start - SECOND // 10 - 1_105) <= SECOND // 100
    assert all(np.abs(samples(clip)[mark.start : mark.end]).max() > 4_000 for mark in clip.marks)


def test_a_letter_takes_the_time_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn() as server:
        clip = speak(server, monkeypatch, "W座大门口")
    letter, *hanzi = (mark.end - mark.start for mark in clip.marks)
    assert len(hanzi) == 4
    assert 2.6 < letter / (sum(hanzi) / 4) < 3.4  # a tone has no softest moment


def test_a_text_over_the_limit_is_cut_at_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "天亮了，他就出门去。" * 11 + "”"
    with StandIn() as server:
        clip = speak(server, monkeypatch, text)
    assert server.texts == ["天亮了，他就出门去。" * 10, "天亮了，他就出门去。”"]
    assert [mark.index for mark in clip.marks] == [i for i, char in enumerate(text) if char.isalpha()]
    assert all(a.end <= b.start for a, b in zip(clip.marks, clip.marks[1:], strict=False))
    assert clip.marks[-1].end <= len(clip)


def test_a_text_without_marks_is_cut_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn() as server:
        clip = speak(server, monkeypatch, "天" * 230)
    assert [len(text) for text in server.texts] == [100, 100, 30]
    assert len(clip.marks) == 230


def test_another_rate_and_two_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn(["stereo"]) as server:
        clip = speak(server, monkeypatch)
    assert clip.sample_rate == SECOND
    assert abs(len(clip) - 1.8 * SECOND) < 0.06 * SECOND
    # 220 Hz, as it was made
    assert np.argmax(np.abs(np.fft.rfft(samples(clip)[SECOND // 2 : 3 * SECOND // 2]))) == 220


@pytest.mark.parametrize("rate", [0.5, 2.0])
def test_rate(monkeypatch: pytest.MonkeyPatch, rate: float) -> None:
    with StandIn() as server:
        clip = speak(server, monkeypatch, rate=rate)
    assert abs(len(clip) - 1.8 * SECOND / rate) < 0.08 * SECOND
    assert all(abs((mark.end - mark.start) * rate - SECOND // 5) < SECOND // 30 for mark in clip.marks)
    assert abs(int(np.argmax(np.abs(np.fft.rfft(samples(clip)[5_000:17_000])))) - 110) <= 2  # the pitch stays


PASSING = ["429", "403", "redirect", "500", "503", "stall", "drip", "reset", "truncated", "unfinished", "html", "empty"]
LYING = ["no sound", "damaged", "no mp3", "silent", "short", "long", "cut", "huge"]


@pytest.mark.parametrize("fault", PASSING + LYING)
def test_a_fault_that_passes(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    with StandIn([fault, fault]) as server:
        clip = speak(server, monkeypatch, patience=SLOW.get(fault, CALM))
    assert len(server.texts) == 3
    assert abs(len(clip) - 1.8 * SECOND) < 0.06 * SECOND


@pytest.mark.parametrize(
    ("fault", "kind", "message"),
    [
        ("429", SynthesisFailed, "127.0.0.1 refused to speak (429 Too Many Requests): "),
        ("503", SynthesisFailed, "127.0.0.1 refused to speak (503 Service Unavailable): "),
        ("stall", EngineUnavailable, "no answer from 127.0.0.1 (timed out): the voice gtts needs the network"),
        ("drip", EngineUnavailable, "no answer from 127.0.0.1 (the answer comes too slowly): "),
        ("reset", EngineUnavailable, "no answer from 127.0.0.1 ("),
        ("truncated", EngineUnavailable, "no answer from 127.0.0.1 (IncompleteRead("),
        ("unfinished", SynthesisFailed, "the answer carries no sound, it begins with"),
        ("html", SynthesisFailed, "the answer carries no sound, it begins with '<!doctype html><title>Before you"),
        ("empty", SynthesisFailed, "the answer carries no sound"),
        ("no sound", SynthesisFailed, f"127.0.0.1 gave no usable sound for '{TEXT}': the answer carries no sound"),
        ("damaged", SynthesisFailed, "the sound in the answer is damaged"),
        ("no mp3", SynthesisFailed, "the sound cannot be decoded"),
        ("silent", SynthesisFailed, "0.0 s of sound, where 1.0 to 9.4 s were expected"),
        ("short", SynthesisFailed, "0.4 s of sound, where"),
        ("long", SynthesisFailed, "13.6 s of sound, where 1.0 to 9.4 s were expected"),
        ("huge", EngineUnavailable, "more than 5,000,000 bytes for one sentence"),
    ],
)
def test_a_fault_that_stays(monkeypatch: pytest.MonkeyPatch, fault: str, kind: type[EngineError], message: str) -> None:
    begin = time.monotonic()
    with StandIn([fault] * 9) as server, pytest.raises(kind) as failure:
        speak(server, monkeypatch, patience=SLOW.get(fault, CALM))
    assert message in str(failure.value)
    assert "--voice baker" in str(failure.value)
    assert len(server.texts) == CALM.attempts
    assert time.monotonic() - begin < CALM.altogether


@pytest.mark.parametrize(("fault", "status"), [("404", 404), ("429 long", 429)])
def test_a_lasting_refusal_is_not_asked_again(monkeypatch: pytest.MonkeyPatch, fault: str, status: int) -> None:
    with StandIn([fault] * 9) as server, pytest.raises(SynthesisFailed, match=rf"\({status} .*--voice baker"):
        speak(server, monkeypatch)
    assert len(server.texts) == 1


def test_retry_after_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = time.monotonic()
    with StandIn(["429 wait"]) as server:
        speak(server, monkeypatch)
    assert time.monotonic() - begin >= 1


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("LANGDU_GTTS_URL", f"http://127.0.0.1:{port}")
    made = Gtts(CALM)
    with pytest.raises(EngineUnavailable, match=r"127\.0\.0\.1 \(Connection refused\).*network.*--voice baker"):
        made.synthesize(utterance(TEXT), made.voices()[0], 1)


def test_the_certificate_is_verified(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("needs openssl, to make a certificate that nobody has signed")
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
    subprocess.run([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names, *files], check=True, timeout=30)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with StandIn() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        monkeypatch.setenv("LANGDU_GTTS_URL", server.url.replace("http:", "https:"))
        made = Gtts(CALM)
        with pytest.raises(EngineUnavailable, match="certificate verify failed"):
            made.synthesize(utterance(TEXT), made.voices()[0], 1)
    assert server.texts == []


@pytest.mark.parametrize("address", ["translate.google.com", "ftp://127.0.0.1", "http://"])
def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("LANGDU_GTTS_URL", address)
    made = Gtts()
    with pytest.raises(ConfigError, match="LANGDU_GTTS_URL is not a web address"):
        made.synthesize(utterance(TEXT), made.voices()[0], 1)


def test_google_is_asked_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGDU_GTTS_URL", "")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # nobody is there
    monkeypatch.delenv("https_proxy", raising=False)
    made = Gtts(CALM)
    with pytest.raises(EngineUnavailable, match=r"no answer from translate\.google\.com"):
        made.synthesize(utterance(TEXT), made.voices()[0], 1)


def test_nothing_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn() as server:
        clip = speak(server, monkeypatch, "……。")
    assert clip == Clip(bytes(2 * SECOND // 100), SECOND, ())
    assert server.texts == []


def test_it_says_what_it_cannot_do() -> None:
    made = engines.create("gtts", None)
    assert made.name == "gtts"
    assert made.capabilities.needs_network
    assert made.capabilities.obeys_pinyin is engines.Obeys.BY_HOMOPHONE
    assert not made.capabilities.exact_marks
    assert [(v.id, v.engine, v.language) for v in made.voices()] == [("gtts", "gtts", "zh-CN")]
