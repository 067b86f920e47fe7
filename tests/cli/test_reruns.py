"""`langdu read` into a folder where it, or someone else, has been before: mostly in this process."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import soundfile
from mutagen.id3 import ID3

from engines.test_pool import LINUX, children, wait_until_gone
from langdu.pipeline.kept import narration_stamp
from langdu.settings import Settings
from programs import LANGDU, installed, interruptible, langdu

if TYPE_CHECKING:
    from collections.abc import Mapping

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals for another process, and fewer names")
CLAUSES = ("山路弯弯", "天上有星", "地上有灯", "一个人走了很远的路", "没有人说话", "第二天大家都来了", "他出门去")
CHANCE = random.Random(7)  # noqa: S311 - the same every time


def write(source: Path, paragraphs: int, clauses: int = 4) -> list[str]:
    """An article with a title and paragraphs that are all different."""
    texts = ["，".join(CHANCE.choices(CLAUSES, k=clauses)) + "。" for _ in range(paragraphs)]
    source.write_text("\n\n".join(["长路", *texts]) + "\n", encoding="utf-8")
    return texts


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    write(path, 4)
    return path


@pytest.fixture
def cache(tmp_path: Path) -> dict[str, str]:
    """A cache of this test's own."""
    return {"LANGDU_CACHE_DIR": str(tmp_path / "cache")}


def command(source: Path, out: Path) -> list[str]:
    return [str(LANGDU), "read", str(source), "-o", str(out), "--voice", "silence"]


def read(source: Path, out: Path, *more: str, ok: int = 0, environment: Mapping[str, str] | None = None) -> str:
    done = langdu(*command(source, out)[1:], *more, ok=(ok,), environment=environment)
    assert "Traceback" not in done.stderr
    return done.stderr


def contents(out: Path) -> dict[str, bytes]:
    """Every file that is there for the user."""
    return {path.name: path.read_bytes() for path in out.iterdir() if path.name != ".langdu"}


def ages(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in out.iterdir() if path.name != ".langdu"}


def hidden(out: Path) -> set[str]:
    return {path.name for path in (out / ".langdu").iterdir()}


# --- nothing has changed --------------------------------------------------------------------------------------------


def test_nothing_has_changed(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = json.loads(langdu(*command(source, out)[1:], "--json").stdout)
    before = ages(out)
    again = langdu(*command(source, out)[1:], "--json")
    assert "nothing has changed" in again.stderr
    assert json.loads(again.stdout) == first
    assert ages(out) == before


def test_nothing_has_changed_in_the_folder_named_after_the_title(source: Path, tmp_path: Path) -> None:
    for wanted in (False, True):
        done = langdu("read", str(source), "--voice", "silence", cwd=tmp_path)
        assert ("nothing has changed since audio/长路 was made" in done.stderr.replace("\\", "/")) is wanted


def test_nothing_is_loaded_for_it(source: Path, tmp_path: Path) -> None:
    read(source, tmp_path / "out")
    program = f"""
import sys
from langdu.cli import main
sys.argv = {command(source, tmp_path / "out")!r}
try:
    main()
finally:
    heavy = ("numpy", "pydub", "langdu.cache", "imageio_ffmpeg", "langdu.parse.parser")
    print([name for name in heavy if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "nothing has changed" in done.stderr
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("damage", ["deleted", "altered"])
def test_what_is_missing_or_altered_is_made_again(source: Path, tmp_path: Path, damage: str) -> None:
    out = tmp_path / "out"
    read(source, out)
    wanted = contents(out)
    for name in ("002.mp3", "长路.mp3", "长路.srt", "manifest.json", ".langdu/record.jsonl"):
        before = ages(out)
        if damage == "deleted":
            (out / name).unlink()
        else:
            (out / name).write_bytes((out / name).read_bytes()[:-9])
        said = read(source, out)
        assert "nothing has changed" not in said
        assert said.count(f"{out / name} has been changed: langdu writes it anew") == (
            damage == "altered" and not name.startswith(".")
        )
        assert contents(out) == wanted
        assert {each for each, age in ages(out).items() if age != before[each]} <= {name, "manifest.json"}
        assert "nothing has changed" in read(source, out)


def test_what_changes_the_narration_is_no_secret(source: Path, tmp_path: Path) -> None:
    settings, table = tmp_path / "langdu.toml", tmp_path / "lexicon.tsv"
    settings.write_text("", encoding="utf-8")
    arguments = [*command(source, tmp_path / "out")[1:], "--format", "srt"]
    langdu(*arguments, cwd=tmp_path)
    for what in ("rate", "pauses", "table", "formats", "voice's English"):
        if what == "rate":
            arguments += ["--rate", "1.5"]
        elif what == "pauses":
            settings.write_text("[pauses]\nparagraph = 0\n", encoding="utf-8")
        elif what == "table":
            table.write_text("山路\tshān lù\n", encoding="utf-8")
        elif what == "formats":
            arguments += ["--format", "vtt"]
        else:
            table.write_text("Kindle\t金豆\n", encoding="utf-8")
        assert "nothing has changed" not in langdu(*arguments, cwd=tmp_path).stderr, what
        assert "nothing has changed" in langdu(*arguments, cwd=tmp_path).stderr, what


@pytest.mark.parametrize("name", ["-", pytest.param("https://example.org/a", marks=POSIX)])  # Windows has no such names
def test_what_is_no_file_has_no_stamp(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though there be a file that is called so."""
    monkeypatch.chdir(tmp_path)
    for each in (Path(name), Path("b")):
        each.parent.mkdir(parents=True, exist_ok=True)
        each.touch()
    assert narration_stamp(["b"], Settings()) is not None
    assert narration_stamp([name], Settings()) is None
    assert narration_stamp(["b", name], Settings()) is None


# --- something has --------------------------------------------------------------------------------------------------


def test_only_what_has_changed_is_made_again(source: Path, tmp_path: Path) -> None:
    read(source, tmp_path / "out")
    before = ages(tmp_path / "out")
    source.write_text(source.read_text(encoding="utf-8").rstrip()[:-1] + "，真的。\n", encoding="utf-8")
    read(source, tmp_path / "out")
    changed = {name for name, age in ages(tmp_path / "out").items() if age != before[name]}
    assert changed == {"005.mp3", "长路.mp3", "长路.srt", "manifest.json"}
    read(source, tmp_path / "other")
    assert contents(tmp_path / "out") == contents(tmp_path / "other")


def test_paragraphs_that_move_are_not_encoded_again(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read(source, out)
    before = [soundfile.read(out / f"00{i}.mp3", dtype="int16")[0] for i in (2, 3, 4)]
    title, *rest = source.read_text(encoding="utf-8").split("\n\n")
    source.write_text("\n\n".join([title, "这一段是新的。", *rest]), encoding="utf-8")
    read(source, out)
    after = [soundfile.read(out / f"00{i}.mp3", dtype="int16")[0] for i in (3, 4, 5)]
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    assert ID3(out / "003.mp3")["TRCK"].text == ["3/6"]
    read(source, tmp_path / "other")
    assert contents(out) == contents(tmp_path / "other")


def test_a_file_of_an_earlier_run_that_the_user_has_changed_stays(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read(source, out)
    (out / "005.mp3").write_bytes(b"mine")
    write(source, 2)
    assert f"{out / '005.mp3'} is from an earlier run, but has been changed: it stays" in read(source, out)
    assert set(contents(out)) == {"001.mp3", "002.mp3", "003.mp3", "005.mp3", "长路.mp3", "长路.srt", "manifest.json"}
    assert (out / "005.mp3").read_bytes() == b"mine"
    write(source, 4)  # now it is the user's
    assert "005.mp3 is there already and langdu did not make it" in read(source, out, ok=3)


def test_the_programme_is_the_paragraphs(source: Path, tmp_path: Path) -> None:
    read(source, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    whole, rate = soundfile.read(tmp_path / "长路.mp3")
    assert len(manifest["paragraphs"]) == 5
    for paragraph in manifest["paragraphs"]:
        own, _ = soundfile.read(tmp_path / paragraph["file"])
        start = round(paragraph["start"] * rate)
        assert abs(whole[start : start + len(own)] - own).max() < 1e-3


# --- a run that was stopped -----------------------------------------------------------------------------------------


def started(source: Path, out: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(source, out),
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=interruptible,
        env={**os.environ, **environment},
    )


def wait_for(path: Path, running: subprocess.Popen[bytes]) -> None:
    while not path.exists():
        assert running.poll() is None
        time.sleep(0.01)


@POSIX
def test_interrupted(tmp_path: Path, cache: dict[str, str]) -> None:
    source, out = tmp_path / "article.txt", tmp_path / "out"
    write(source, 60)
    with started(source, out, cache) as running:
        wait_for(out / "003.mp3", running)
        os.killpg(running.pid, signal.SIGINT)
        _, stderr = running.communicate(timeout=30)
    assert running.returncode == 130
    assert stderr.decode() == "langdu: interrupted; no file was left unfinished\n"
    assert not (out / "manifest.json").exists()
    assert hidden(out) == {"record.jsonl", "lock"}
    assert re.fullmatch(r"(00\d.mp3 ?)+", " ".join(sorted(contents(out))))
    for name in contents(out):
        assert soundfile.info(out / name).frames
    write(source, 1)  # another article: what the interrupted run made is known as langdu's own
    read(source, out)
    assert set(contents(out)) == {"001.mp3", "002.mp3", "长路.mp3", "长路.srt", "manifest.json"}


def kept(clips: Path, beside: Path) -> dict[str, int]:
    """The whole clips with their numbers in the file system, which a link beside keeps from being given again."""
    found = {}
    for clip in clips.glob("*.clip"):
        content = clip.read_bytes()
        if hashlib.sha256(content[32:]).digest() == content[:32]:
            found[clip.name] = clip.stat().st_ino
            if not (beside / clip.name).exists():
                (beside / clip.name).hardlink_to(clip)
    return found


@LINUX
def test_killed_again_and_again(tmp_path: Path, cache: dict[str, str]) -> None:
    source, out = tmp_path / "article.txt", tmp_path / "out"
    write(source, 16, clauses=2)
    begin = time.monotonic()
    undisturbed = command(source, tmp_path / "undisturbed")[1:]
    installed(*undisturbed, environment={"LANGDU_CACHE_DIR": str(tmp_path / "other cache")})
    whole = time.monotonic() - begin
    spoken: dict[str, int] = {}
    (beside := tmp_path / "links").mkdir()
    chance, killed = random.Random(1), 0  # noqa: S311 - the same moments every time
    clips = Path(cache["LANGDU_CACHE_DIR"], "clips")
    for number in range(12):  # on a busy machine, some runs end before they are killed
        if killed == 4:
            break
        with started(source, out, cache) as running:
            workers = set()
            # By turns at a moment, and when some more clips or files are there: a busy machine may make none in such a
            # time, and when all clips are kept, there are no more.
            end = time.monotonic() + whole * (chance.uniform(0.1, 0.9) if number % 2 else 10)
            enough, files = len(spoken) + chance.randint(1, 3), len(list(out.glob("*.mp3"))) + chance.randint(1, 3)
            while time.monotonic() < end and running.poll() is None:
                there = len(list(clips.glob("*.clip"))) >= enough or len(list(out.glob("*.mp3"))) >= files
                if number % 2 == 0 and there:
                    break
                workers |= children(running.pid)
                time.sleep(0.02)
            running.kill()
            running.communicate()
        wait_until_gone(workers)
        killed += running.returncode == -signal.SIGKILL
        now = kept(clips, beside)
        assert {name: now[name] for name in spoken} == spoken  # nothing that was kept is spoken again
        spoken = now
        if (out / "manifest.json").exists():
            # It comes last, so all is there: what is kept makes later runs shorter, and some end in time, or are killed
            # with nothing left to do. From then on, the files are made again.
            assert contents(out) == contents(tmp_path / "undisturbed")
            shutil.rmtree(out)
        else:
            assert running.returncode == -signal.SIGKILL
            for path in out.glob("*.mp3"):
                assert soundfile.info(path).frames
    assert killed == 4
    assert spoken
    read(source, out, environment=cache)
    assert contents(out) == contents(tmp_path / "undisturbed")
    assert hidden(out) == {"record.jsonl", "lock"}


@POSIX
def test_two_at_once(tmp_path: Path, cache: dict[str, str]) -> None:
    source, out = tmp_path / "article.txt", tmp_path / "out"
    write(source, 8)
    with started(source, out, cache) as running:
        wait_for(out / "001.mp3", running)
        os.kill(running.pid, signal.SIGSTOP)  # it must not end before the other begins
        assert f"another langdu is writing into {out}: wait" in read(source, out, ok=3, environment=cache)
        os.kill(running.pid, signal.SIGCONT)
        _, stderr = running.communicate(timeout=60)
        assert running.returncode == 0, stderr
    read(source, tmp_path / "other", environment=cache)
    assert contents(out) == contents(tmp_path / "other")


@POSIX
def test_a_full_disk(tmp_path: Path, cache: dict[str, str]) -> None:
    resource = pytest.importorskip("resource", reason="Windows does not limit the size of files")
    source, out = tmp_path / "article.txt", tmp_path / "out"
    write(source, 8, clauses=12)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    done = subprocess.run(
        command(source, out),
        capture_output=True,
        text=True,
        preexec_fn=limited,
        env={**os.environ, **cache},
        check=False,
    )
    assert done.returncode == 3
    assert "cannot be written" in done.stderr
    assert "free some space" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (out / "manifest.json").exists()
    read(source, out, environment=cache)
    read(source, tmp_path / "other", environment=cache)
    assert contents(out) == contents(tmp_path / "other")


# --- bad input ------------------------------------------------------------------------------------------------------


def test_a_cache_that_cannot_be_written(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = read(source, tmp_path / "out", environment={"LANGDU_CACHE_DIR": str(tmp_path / "file" / "cache")})
    assert said.count("clips cannot be stored in") == 1
    read(source, tmp_path / "other")
    assert contents(tmp_path / "out") == contents(tmp_path / "other")


def test_a_rate_of_zero(source: Path, tmp_path: Path) -> None:
    assert "rate = 0.0: choose from 0.5 to 2" in read(source, tmp_path, "--rate", "0", ok=2)


def test_a_long_paragraph_without_marks(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("长\n\n" + "山路弯弯天上有星" * 250, encoding="utf-8")
    read(source, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert [len(paragraph["tokens"]) for paragraph in manifest["paragraphs"]] == [1, 2000]


def test_an_article_of_marks_only(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("。。。！？\n\n……\n", encoding="utf-8")
    assert "no Chinese characters" in read(source, tmp_path / "out", ok=2)
    assert not (tmp_path / "out").exists()
