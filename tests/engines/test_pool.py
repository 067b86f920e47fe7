"""Speaking in several processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engines.spoken import utterance
from langdu import engines
from langdu.engines.running.pool import AHEAD, LOOK, speak
from langdu.errors import ConfigError, SynthesisFailed
from langdu.model import Voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engines.plugin import Plugin
    from langdu.model import Clip, Utterance

SILENCE = engines.create("silence", None).voices()[0]
ODD = Voice(id="odd", engine="odd", language="zh-CN", name="odd", licence="", origin="")
# An engine whose clips tell a number: `told` puts it in the place of a clip's first samples.
NUMBERING = """
import os, pathlib, time
from langdu.engines.silence import Silence
from langdu.model import Clip
class Odd(Silence):
    def told(self, number, *asked):
        clip = super().synthesize(*asked)
        return Clip(number.to_bytes(4, "little") + clip.pcm[4:], clip.sample_rate, clip.marks)
    def synthesize(self, *asked):
"""
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for child processes in /proc")


def texts(count: int) -> list[Utterance]:
    """Utterances of different lengths."""
    return [utterance("春" * (1 + i % 7), "chun1 " * (1 + i % 7)) for i in range(count)]


def numbers(clips: Iterable[Clip | None]) -> list[int]:
    """What the clips of a numbering engine tell."""
    return [int.from_bytes(clip.pcm[:4], "little") for clip in clips if clip]


def children(process: int) -> set[int]:
    """The child processes of a process that have not ended."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = status.read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
        except OSError:  # ended while we looked
            continue
        if int(parent) == process and state != "Z":
            found.add(int(status.parent.name))
    return found


def wait_until_gone(processes: set[int]) -> None:
    """Fails if one of them lives on for ten seconds."""
    end = time.monotonic() + 10
    while any(Path(f"/proc/{process}").exists() for process in processes):
        assert time.monotonic() < end, "a worker outlived its parent"
        time.sleep(0.05)


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 25])
def test_the_clips_are_those_of_one_process_in_order(workers: int, count: int) -> None:
    engine = engines.create("silence", None)
    wanted = [engine.synthesize(each, SILENCE, 1.5) for each in texts(count)]
    assert list(speak(lambda _: SILENCE, texts(count), 1.5, workers)) == wanted


def test_it_reads_only_a_little_ahead() -> None:
    taken = 0

    def counted() -> Iterator[Utterance]:
        nonlocal taken
        for each in texts(200):
            taken += 1
            yield each

    clips = speak(lambda _: SILENCE, counted(), 1.0, 2)
    for given in range(1, 51):
        next(clips)
        assert taken <= given + AHEAD * 2 + 1
    clips.close()  # type: ignore[attr-defined]  # it is a generator, and closing it is what is promised


def test_what_need_not_be_spoken_is_passed_on() -> None:
    given = [None if i % 3 else each for i, each in enumerate(texts(30))]
    clips = list(speak(lambda _: SILENCE, given, 1.0, 2))
    assert [clip is None for clip in clips] == [each is None for each in given]


@pytest.mark.parametrize("after", [0, LOOK // 2, 3 * LOOK + 1])
def test_few_among_many_that_need_not_be_spoken(after: int) -> None:
    given = [*[None] * (LOOK + 7), *texts(2), *[None] * after]
    clips = list(speak(lambda _: SILENCE, given, 1.0, 2))
    assert [clip is None for clip in clips] == [each is None for each in given]


@pytest.mark.parametrize("workers", [1, 2])
def test_each_clip_is_told_once(workers: int) -> None:
    told: list[tuple[Utterance, Clip]] = []

    def tell(utterance: Utterance, clip: Clip) -> None:
        told.append((utterance, clip))

    clips = list(speak(lambda _: SILENCE, texts(25), 1.0, workers, tell))
    wanted = list(zip(texts(25), clips, strict=True))
    assert len(told) == len(wanted)
    assert all(each in told for each in wanted)


def test_a_clip_is_told_before_its_turn(plugin: Plugin, tmp_path: Path) -> None:
    # The first utterance is spoken only when the others of the other worker have been told.
    plugin(f"""{NUMBERING}
        size = len(asked[0].text)
        while size == 1 and not pathlib.Path({str(tmp_path / "told")!r}).exists():
            time.sleep(0.01)
        return self.told(size, *asked)
""")
    told: list[Clip] = []

    def tell(_: Utterance, clip: Clip) -> None:
        told.append(clip)
        if len(told) == 3:
            (tmp_path / "told").touch()

    assert numbers(speak(lambda _: ODD, texts(7), 1.0, 2, tell)) == list(range(1, 8))
    assert numbers(told)[0] != 1


@LINUX
def test_closing_ends_the_workers() -> None:
    before = children(os.getpid())
    clips = speak(lambda _: SILENCE, texts(50), 1.0, 2)
    next(clips)
    assert children(os.getpid()) - before
    clips.close()  # type: ignore[attr-defined]  # the same
    assert children(os.getpid()) == before


@LINUX
def test_no_worker_is_left_at_the_end() -> None:
    before = children(os.getpid())
    assert len(list(speak(lambda _: SILENCE, texts(10), 1.0, 2))) == 10
    assert children(os.getpid()) == before


def test_few_utterances_start_no_process(plugin: Plugin) -> None:
    plugin(f"{NUMBERING}        return self.told(os.getpid(), *asked)")
    assert numbers(speak(lambda _: ODD, texts(2), 1.0, 2)) == [os.getpid()] * 2
    more = numbers(speak(lambda _: ODD, texts(4), 1.0, 2))
    assert len(more) == 4
    assert os.getpid() not in more


def test_a_worker_that_dies_is_told(plugin: Plugin, capfd: pytest.CaptureFixture[str]) -> None:
    plugin("import os\nclass Odd:\n    def synthesize(self, *_):\n        os._exit(9)")
    with pytest.raises(SynthesisFailed, match=r"ended \(exit status 9\)"):
        list(speak(lambda _: ODD, texts(10), 1.0, 2))
    assert capfd.readouterr().err == ""


def test_a_worker_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(SynthesisFailed, match="a process that was speaking ended"):
        list(speak(lambda _: SILENCE, texts(10), 1.0, 2))


@pytest.mark.parametrize(
    ("fault", "error", "message"),
    [
        ("langdu.errors.ConfigError('no such tone')", ConfigError, "^no such tone$"),
        ("ZeroDivisionError('oh')", SynthesisFailed, r"the engine odd failed on '春.*ZeroDivisionError\('oh'\)"),
    ],
)
def test_what_an_engine_raises_arrives(
    plugin: Plugin, capfd: pytest.CaptureFixture[str], fault: str, error: type[Exception], message: str
) -> None:
    plugin(f"import langdu.errors\nclass Odd:\n    def synthesize(self, *_):\n        raise {fault}")
    with pytest.raises(error, match=message):
        list(speak(lambda _: ODD, texts(10), 1.0, 2))
    assert capfd.readouterr().err == ""


def test_what_an_engine_prints_does_no_harm(plugin: Plugin, capfd: pytest.CaptureFixture[str]) -> None:
    plugin(f"{NUMBERING}        print('hello')\n        return self.told(1, *asked)")
    assert numbers(speak(lambda _: ODD, texts(10), 1.0, 2)) == [1] * 10
    assert capfd.readouterr() == ("", "")


# No guard against being run again by a child: a user's script needs none. The engine is slow, so that it is caught.
SCRIPT = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it
sys.path.insert(0, sys.argv[1])
from engines.test_pool import ODD, texts
from langdu.engines.running.pool import speak
try:
    for clip in speak(lambda _: ODD, texts(1000), 1.0, 2):
        print("a clip", flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
SLOW = f"{NUMBERING}        time.sleep(0.1)\n        return self.told(1, *asked)"


@pytest.mark.parametrize("count", [2, 30])
def test_each_utterance_has_its_voice(plugin: Plugin, count: int) -> None:
    plugin(f"{NUMBERING}        return self.told(int(asked[1].name), *asked)")
    # Two voices of one engine, and one of another.
    voices = [replace(ODD, name="1"), SILENCE, replace(ODD, name="3")]
    given = [replace(each, voice=str(i % 3)) for i, each in enumerate(texts(count))]
    clips = list(speak(lambda each: voices[int(each.voice or "")], given, 1.0, 2))
    assert numbers(clips) == [(1, 0, 3)[i % 3] for i in range(count)]


@LINUX
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM], ids=["ctrl-c", "kill -9", "kill"])
def test_no_worker_outlives_its_parent(plugin: Plugin, tmp_path: Path, how: signal.Signals) -> None:
    plugin(SLOW)
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    # A group of its own, as a shell gives a command: Ctrl-C goes to the whole of it.
    with subprocess.Popen(
        [sys.executable, str(script), str(Path(__file__).parent.parent)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == "a clip\n"
        workers = children(process.pid)
        assert len(workers) == 2
        os.killpg(process.pid, how)
        said = process.stdout.read()
        assert process.stderr.read() == ""
    wait_until_gone(workers)
    assert ("interrupted" in said) == (how == signal.SIGINT)
