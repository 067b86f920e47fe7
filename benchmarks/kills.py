"""Kill langdu (-9) at random moments and run it again: the files must be those of an undisturbed run.

Run: python benchmarks/kills.py [--kills N] [--command read,brief,quotes,feed] [--voice ID] [--seed N]
(default: 100 kills, silence)

Every try begins with an empty cache, an installed voice and, for the feed, one published episode. It is killed one to
three times and then runs to its end. Every file in its folder is compared byte for byte: the narration, the feed, the
clips, the contents of .langdu, and the folder for temporary files, which must be empty. Each run logs the clips that a
voice finishes, which shows how many were spoken again.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

from installed import cache_with

CLAUSES = ("山路弯弯", "天上有星", "地上有灯", "一个人走了很远的路", "没有人说话", "第二天大家都来了", "他出门去")
# The installed langdu with a fixed date and time, and a log of the spoken clips.
RUN = """
import os, sys
from langdu.engines.running import pool
say = pool.Crew.say
log = os.open(sys.argv.pop(), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def logged(self, utterance):
    clip = say(self, utterance)
    os.write(log, b"x")
    return clip
pool.Crew.say = logged
from langdu.cli import main
brief = sys.modules["langdu.cli.narrating.brief"]
class Fixed(brief.datetime):
    @classmethod
    def now(cls, zone=None):
        return cls(2026, 11, 25, 6, 30).astimezone()
brief.datetime = Fixed
main()
"""
COMMANDS = {
    "read": ["read", "0.txt", "-o", "out", "--format", "mp3,srt,epub,html"],
    "brief": ["brief", "0.txt", "1.txt", "2.txt", "-o", "out", "--music", "music.wav", "--chime", "music.wav"],
    "quotes": ["read", "3.txt", "-o", "out", "--format", "mp3,srt,vtt", "--quotes", "espeak"],
    "feed": [
        *("brief", "0.txt", "1.txt", "-o", "out", "--music", "music.wav"),
        *("--feed", "pod", "--feed-address", "https://example.org/pod/"),
    ],
}


def prepare(folder: Path, paragraphs: int) -> None:
    """Three short articles of so many paragraphs, one of speeches, and some music."""
    chance = random.Random(7)  # noqa: S311 - the same every time
    for number in range(3):
        texts = ["，".join(chance.choices(CLAUSES, k=6)) + "。" for _ in range(paragraphs)]
        (folder / f"{number}.txt").write_text("\n\n".join([CLAUSES[number], *texts]) + "\n", encoding="utf-8")
    quoted = (f"{first}说：“{second}！”" for first in CLAUSES[:3] for second in CLAUSES[-paragraphs:])
    (folder / "3.txt").write_text("\n\n".join(["对话", *quoted]) + "\n", encoding="utf-8")
    with wave.open(str(folder / "music.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(b"".join((3_000 * ((i // 20) % 2)).to_bytes(2, "little") for i in range(16_000)))


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a try, except locks, logs and the records, whose numbers of files differ from try to try.

    The manifest's last row tells from where the narration was made, and each try has its own folder.
    """
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): b""
        if path.name in {"record.jsonl", "published.jsonl"}
        else path.read_bytes().partition(b'\n "made": ')[0]
        for path in files
        if path.suffix not in {".lock", ".log"} and path.name != "lock" and "voices" not in path.parts
    }


class Tries:
    """Tries of one command with one voice, each in its own folder inside `folder`."""

    def __init__(self, command: str, folder: Path, voice: str, before: Path) -> None:
        self._command = [*COMMANDS[command], "--voice", voice]
        self._folder = folder
        self._before = before

    def begin(self, name: str) -> Path:
        """Create a folder in the state before the run."""
        where = self._folder / name
        shutil.copytree(self._before, where)
        (where / "tmp").mkdir()
        return where

    def start(self, where: Path) -> subprocess.Popen[bytes]:
        """Start a run in such a folder."""
        own = {"LANGDU_CACHE_DIR": str(where / "cache"), "TMPDIR": str(where / "tmp"), "TMP": str(where / "tmp")}
        command = [sys.executable, "-c", RUN, *self._command, str(where / "spoken.log")]
        return subprocess.Popen(command, cwd=where, stderr=subprocess.PIPE, env=os.environ | own)

    def finish(self, where: Path) -> None:
        """Run to the end."""
        _, errors = (running := self.start(where)).communicate()
        if running.returncode:
            raise SystemExit(f"exit status {running.returncode}: {errors.decode()}")


def spoken(where: Path) -> int:
    """How many clips have been finished in a folder so far."""
    log = where / "spoken.log"
    return log.stat().st_size if log.exists() else 0


def tried(tries: Tries, name: str, length: float, chance: random.Random, most: int) -> tuple[int, Path]:
    """Kill runs in a new folder, then run to the end. Returns the number of kills and the folder."""
    where, killed = tries.begin(name), 0
    for _ in range(min(most, chance.choice((1, 1, 2, 3)))):
        with tries.start(where) as running:
            time.sleep(chance.uniform(0.2, 1) * length)
            running.kill()
            running.communicate()
            killed += running.returncode < 0
    tries.finish(where)
    return killed, where


def killed_tries(
    command: str, kills: int, voice: str, chance: random.Random, paragraphs: int = 5
) -> tuple[int, list[str]]:
    """Try a command until it was killed `kills` times. Returns the number of kills, and the files that differ."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = folder / "before"
        before.mkdir()
        prepare(before, paragraphs)
        cache_with(voice, before)
        if command == "feed":
            first = Tries(command, folder, voice, before)
            published = first.begin("first")
            (published / "0.txt").write_text("昨天\n\n昨天没有新闻。\n", encoding="utf-8")
            first.finish(published)
            shutil.copytree(published / "pod", before / "pod")
        tries = Tries(command, folder, voice, before)
        start = time.monotonic()
        tries.finish(whole := tries.begin("whole"))
        length, wanted, most = time.monotonic() - start, contents(whole), spoken(whole)
        wrong: list[str] = []
        count = again = number = 0
        while count < kills:
            number += 1
            killed, where = tried(tries, f"try {number}", length, chance, kills - count)
            count += killed
            again += spoken(where) - most
            got = contents(where)
            different = sorted(name for name in wanted.keys() | got.keys() if wanted.get(name) != got.get(name))
            wrong += [f"{command}, try {number}: {name}" for name in different]
            print(*wrong[len(wrong) - len(different) :], sep="\n", end="\n" if different else "", flush=True)
            shutil.rmtree(where)
        print(
            f"{command}: {count} kills in {number} tries of {length:.1f} s, {most} clips each, {again} spoken again",
            flush=True,
        )
        return count, wrong


def main() -> int:
    """Print a line for each command, and the files that differ; the exit status is 1 if any does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--command", default=",".join(COMMANDS))
    parser.add_argument("--voice", default="silence")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    commands, chance = arguments.command.split(","), random.Random(arguments.seed)  # noqa: S311 - the same moments
    total, wrong = 0, list[str]()
    for number, command in enumerate(commands, 1):
        kills = arguments.kills * number // len(commands) - arguments.kills * (number - 1) // len(commands)
        count, different = killed_tries(command, kills, arguments.voice, chance)
        total, wrong = total + count, wrong + different
    print(f"{total} kills, {len(wrong)} files differ from those of an undisturbed run")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
