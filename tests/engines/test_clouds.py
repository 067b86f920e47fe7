"""The engines azure, google and polly: their SDKs, with servers on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import traceback
import wave
from typing import TYPE_CHECKING

import pytest

from engines.cloud import KEY, SDKS, speaking
from engines.spoken import loudness, utterance
from langdu.engines import create, say, user_voice
from langdu.engines.running.patience import Patience
from langdu.errors import ConfigError, EngineError, EngineUnavailable, SynthesisFailed
from programs import langdu

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cloud_servers import StandIn
    from langdu.engines.clouds import Azure, Google, Polly
    from langdu.model import Clip

    Cloud = tuple[Azure | Google | Polly, StandIn]

CLOUDS = ("azure", "google", "polly")
HASTE = Patience(connect=0.4, answer=0.8, attempts=3, first_wait=0.01)
SENTENCE = utterance("他长大了，一个人。", "ta1 zhang3 da4 le5 yi2 ge4 ren2")
PHONES = {
    "azure": "ta 1 - zhang 3 - da 4 - le 5",
    "google": "ta1 zhang3 da4 le5",
    "polly": "ta1-zhang3-da4-le0",
}


@pytest.fixture(params=CLOUDS)
def cloud(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with speaking(request.param, monkeypatch, HASTE) as ready:
        yield ready


def spoken(cloud: Cloud, *faults: str) -> Clip:
    engine, server = cloud
    server.faults.extend(faults)
    return say(engine, SENTENCE, engine.voices()[0], 1.0)


def document(server: StandIn) -> str:
    """The SSML of the last request."""
    body = server.asked[-1]
    found = body.get("ssml") or body.get("Text") or body["input"]["ssml"]
    assert isinstance(found, str)
    return found


# --- what is asked for ----------------------------------------------------------------------------------------------


def test_the_request_says_every_reading(cloud: Cloud) -> None:
    spoken(cloud)
    assert f'ph="{PHONES[cloud[0].name]}"' in document(cloud[1])


def test_another_voice_of_the_service(cloud: Cloud) -> None:
    engine, server = cloud
    name = {"azure": "zh-CN-YunxiNeural", "google": "cmn-CN-Wavenet-B", "polly": "Zhiyu-standard"}[engine.name]
    voice = user_voice(f"{engine.name}:{name}")
    assert (voice.id, voice.engine, voice.extra) == (f"{engine.name}:{name}", engine.name, engine.name)
    engine.synthesize(SENTENCE, voice, 1.0)
    body = server.asked[-1]
    if engine.name == "azure":
        assert f'<voice name="{name}">' in body["ssml"]
    elif engine.name == "google":
        assert body["voice"] == {"languageCode": "cmn-CN", "name": name}
    else:
        assert (body["VoiceId"], body["Engine"]) == ("Zhiyu", "standard")


@pytest.mark.parametrize(
    "voice", ["azure:en-US-AvaNeural", "azure:", 'azure:zh-CN-"x"', "google:zh-TW-Wavenet-A", "polly:zhiyu", "polly:"]
)
def test_a_voice_for_another_language_is_none(voice: str) -> None:
    with pytest.raises(ConfigError, match="not a voice for Mandarin; write one such as"):
        user_voice(voice)


def test_tempo_is_asked_of_the_service(cloud: Cloud) -> None:
    engine, server = cloud
    engine.synthesize(SENTENCE, engine.voices()[0], 1.25)
    assert f'<prosody rate="{"+25%" if engine.name == "azure" else "125%"}">' in document(server)


# --- what comes back ------------------------------------------------------------------------------------------------


def test_a_word_begins_when_the_service_says_so(cloud: Cloud) -> None:
    clip = spoken(cloud)
    le, yi = clip.marks[3], clip.marks[4]
    assert (yi.start - le.end) / clip.sample_rate == pytest.approx(0.1, abs=0.011)  # the pause at the comma
    assert min(loudness(clip, mark) for mark in clip.marks) > 0.1


def test_silence_at_the_ends_is_left_out(cloud: Cloud) -> None:
    clip = spoken(cloud)
    assert len(clip) / clip.sample_rate == pytest.approx(7 * 0.2 + 0.1 + 2 * 0.05, abs=0.02)


def test_times_that_make_no_sense_are_not_believed(cloud: Cloud) -> None:
    clip = spoken(cloud, "lie")
    assert len(clip.marks) == 7
    assert min(loudness(clip, mark) for mark in clip.marks) > 0.05


@pytest.mark.parametrize("name", ["google", "polly"])
def test_another_rate_8_bits_and_stereo_are_decoded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking(name, monkeypatch, HASTE) as cloud:
        clip = spoken(cloud, "other form")
        assert clip.sample_rate == 24_000
        assert len(clip) / clip.sample_rate == pytest.approx(7 * 0.2 + 0.1 + 2 * 0.05, abs=0.02)


def test_marks_only_are_no_request(cloud: Cloud) -> None:
    engine, server = cloud
    assert len(say(engine, utterance("……！", ""), engine.voices()[0], 1.0)) == 240
    assert server.asked == []


# --- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["429", "503", "hang up", "no audio"])
def test_what_is_only_for_the_moment_is_asked_again(cloud: Cloud, fault: str) -> None:
    assert len(spoken(cloud, fault, fault).marks) == 7


LASTING = {
    "401 or 403": (EngineUnavailable, "does not accept the (key|credentials)", {"azure": "401"}, "403"),
    "quota": (SynthesisFailed, "too many requests, or the .* quota is used up", {}, "429"),
    "its own fault": (EngineError, "(has an internal error|no answer from)", {}, "503"),
    "bad request": (SynthesisFailed, "refused to speak '他长大了", {"azure": "bad request"}, "400"),
    "no audio": (EngineError, "no usable sound|internal error|refused", {}, "no audio"),
    "short": (SynthesisFailed, r"only 0\.\d s of sound", {}, "short"),
    "silence": (SynthesisFailed, r"only 0\.0 s of sound", {}, "silence"),
}


@pytest.mark.parametrize(("error", "message", "others", "fault"), LASTING.values(), ids=LASTING)
def test_a_lasting_fault_says_what_to_do_and_no_key(
    cloud: Cloud, error: type[EngineError], message: str, others: dict[str, str], fault: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        spoken(cloud, *[others.get(cloud[0].name, fault)] * 8)
    shown = "".join(traceback.format_exception_only(caught.value))
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert any(advice in shown for advice in ("check", "wait", "again", "choose"))
    assert len(cloud[1].asked) <= 2 * HASTE.attempts


def test_no_answer_is_not_waited_for_without_end(cloud: Cloud) -> None:
    began = time.monotonic()
    with pytest.raises(EngineUnavailable, match=f"no answer from {cloud[0].name}"):
        spoken(cloud, *["stall"] * 8)
    assert time.monotonic() - began < HASTE.attempts * (HASTE.connect + HASTE.answer) + 20


def test_no_network(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, _ = cloud
    scheme = "ws" if engine.name == "azure" else "http"
    monkeypatch.setenv(engine.address, f"{scheme}://127.0.0.1:9/")
    with pytest.raises(EngineUnavailable, match=f"no answer from {engine.name}.*baker"):
        say(engine, SENTENCE, engine.voices()[0], 1.0)


def test_without_a_key(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine, server = cloud
    for variable in ("AZURE_SPEECH_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    with pytest.raises(EngineUnavailable, match=f"the voice {engine.name} needs (a key|credentials) of .*: set "):
        say(engine, SENTENCE, engine.voices()[0], 1.0)
    assert server.asked == []


def test_polly_without_a_region(monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking("polly", monkeypatch, HASTE) as (engine, _):
        monkeypatch.delenv("AWS_DEFAULT_REGION")
        monkeypatch.delenv("AWS_REGION", raising=False)
        with pytest.raises(EngineUnavailable, match="set AWS_DEFAULT_REGION"):
            say(engine, SENTENCE, engine.voices()[0], 1.0)


@pytest.mark.parametrize("address", ["http://speech.example.com", "ftp://127.0.0.1", "nonsense"])
def test_credentials_of_google_go_nowhere_unencrypted(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    with speaking("google", monkeypatch, HASTE) as (engine, _):
        monkeypatch.setenv("LANGDU_GOOGLE_URL", address)
        with pytest.raises(ConfigError, match="must begin with https://"):
            say(engine, SENTENCE, engine.voices()[0], 1.0)


@pytest.mark.parametrize("address", ["ws://speech.example.com", "http://speech.example.com", "nonsense"])
def test_the_key_of_azure_goes_nowhere_unencrypted(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    with speaking("azure", monkeypatch, HASTE) as (engine, _):
        monkeypatch.setenv("AZURE_SPEECH_ENDPOINT", address)
        with pytest.raises(ConfigError, match="must begin with https:// or wss://"):
            say(engine, SENTENCE, engine.voices()[0], 1.0)


@pytest.mark.parametrize("name", CLOUDS)
def test_without_its_sdk_an_engine_says_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, SDKS[name], None)
    engine = create(name, None)
    with pytest.raises(EngineUnavailable, match=rf"pip install 'langdu\[{name}\]'"):
        say(engine, SENTENCE, engine.voices()[0], 1.0)


def test_no_sdk_is_loaded_before_it_speaks() -> None:
    program = (
        "import sys\nfrom langdu import engines\n"
        f"for name in {CLOUDS}:\n    engine = engines.create(name, None)\n    engine.voices(), engine.capabilities\n"
        "print([m for m in sys.modules if m.startswith(('boto', 'azure', 'google', 'grpc', 'numpy'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- the whole program ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLOUDS)
def test_langdu_say(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANGDU_CACHE_DIR", str(tmp_path / "cache"))
    with speaking(name, monkeypatch) as (_, server):
        arguments = ("say", "长(zhǎng)大", "--voice", name, "-o", "a.wav", "--timings", "a.json")
        langdu(*arguments, cwd=tmp_path)
        first = len(server.asked)
        langdu(*arguments, cwd=tmp_path)
    assert len(server.asked) == first, "a clip that was spoken is kept"
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getnframes() / file.getframerate() > 0.4
    assert [t["pinyin"] for t in json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["tokens"]] == [
        "zhang3",
        "da4",
    ]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert KEY.encode() not in kept
