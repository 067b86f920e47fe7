"""`langdu verify` and `langdu read --verify`."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

import narrations
from programs import langdu

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "长春的春天\n\n他在长(cháng)春工作了很多年，明天回家。\n\n我们都喜欢看书，也喜欢唱歌。\n"


def narrate(tmp: Path, *more: str) -> Path:
    source = tmp / "a.txt"
    source.write_text(TEXT, encoding="utf-8")
    langdu("read", str(source), "-o", str(tmp / "out"), *more)
    return tmp / "out"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article in the default voice."""
    return narrate(tmp_path_factory.mktemp("spoken"))


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in the silent voice: for all that does not depend on how it sounds."""
    return narrate(tmp_path_factory.mktemp("quiet"), "--voice", "silence")


def verify(folder: Path, ok: tuple[int, ...] = (0, 1)) -> list[dict[str, Any]]:
    done = langdu("verify", str(folder), "--json", ok=ok)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert f"{len(found)} doubtful" in done.stderr
    assert done.returncode == (1 if found else 0)
    return found


def change(folder: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    manifest = narrations.load(folder)
    edit(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def copy(spoken: Path, tmp_path: Path) -> Path:
    return shutil.copytree(spoken, tmp_path / "copy")


@pytest.fixture
def quiet_copy(quiet: Path, tmp_path: Path) -> Path:
    return shutil.copytree(quiet, tmp_path / "copy")


# --- what is heard --------------------------------------------------------------------------------------------------


def test_a_narration_is_believed(spoken: Path) -> None:
    assert len(verify(spoken)) <= 2


def test_tones_that_were_not_asked_for_are_listed_with_their_place(copy: Path) -> None:
    before = {(f["paragraph"], f["at"][0]) for f in verify(copy)}

    def ask_otherwise(manifest: dict[str, Any]) -> None:
        tokens = manifest["paragraphs"][1]["tokens"]
        assert tokens[2]["surface"] == "chang2"
        tokens[2]["surface"] = "chang3"
        assert tokens[4]["surface"] == "gong1"
        tokens[4]["surface"] = "gong3"

    change(copy, ask_otherwise)
    found = {(f["paragraph"], f["at"][0]): f for f in verify(copy, ok=(1,))}
    assert {(0, 2), (0, 4)} <= found.keys()
    assert len(found.keys() - before) <= 4
    doubt = found[0, 2]
    token = narrations.load(copy)["paragraphs"][1]["tokens"][2]
    assert {k: v for k, v in doubt.items() if k not in ("message", "score", "contour")} == {
        "kind": "tone",
        "paragraph": 0,
        "at": [2, 3],
        "text": "长",
        "asked": "chang3",
        "heard_tone": 2,
        "start": pytest.approx(token["start"], abs=1e-4),
        "end": pytest.approx(token["end"], abs=1e-4),
    }
    assert "second tone" in doubt["message"]
    assert doubt["score"] >= 1
    assert len(doubt["contour"]) == 5
    assert doubt["contour"][-1] > min(doubt["contour"])  # it rises


def test_sound_that_is_gone_is_missed_in_a_wav_too(copy: Path) -> None:
    manifest = narrations.load(copy)
    samples, rate = soundfile.read(copy / manifest["files"]["audio"], dtype="float32")
    token = manifest["paragraphs"][2]["tokens"][3]
    samples[round(token["start"] * rate) : round(token["end"] * rate)] = 0
    soundfile.write(copy / "whole.wav", samples, rate)
    change(copy, lambda m: m["files"].update(audio="whole.wav"))
    found = {(f["paragraph"], f["at"][0]): f["kind"] for f in verify(copy, ok=(1,))}
    assert found[1, token["at"][0]] == "missing"


def test_paragraphs_by_themselves_are_listened_to_where_there_is_no_whole(copy: Path) -> None:
    before = verify(copy)
    change(copy, lambda m: m["files"].clear())
    assert [f["at"] for f in verify(copy)] == [f["at"] for f in before]


def test_the_table_is_for_people(copy: Path) -> None:
    change(copy, lambda m: m["paragraphs"][1]["tokens"][2].update(surface="chang3"))
    done = langdu("verify", str(copy), ok=(1,))
    heads = done.stdout.splitlines()[0].split()
    assert heads == ["time", "paragraph", "at", "text", "asked", "doubt"]
    assert "chang3" in done.stdout
    assert "doubtful" in done.stderr
    assert "\x1b" not in done.stdout


def test_only_what_is_very_doubtful(copy: Path) -> None:
    change(copy, lambda m: m["paragraphs"][1]["tokens"][2].update(surface="chang3"))
    assert langdu("verify", str(copy), "--at-least", "1000", ok=(0,)).stdout == ""


def test_of_a_voice_that_is_not_known_presence_is_judged(quiet: Path) -> None:
    done = langdu("verify", str(quiet))
    assert "it judges only presence and length" in done.stderr
    assert done.stdout == ""


# --- what cannot be listened to -------------------------------------------------------------------------------------


def break_off(folder: Path) -> None:
    path = folder / narrations.load(folder)["files"]["audio"]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def swap(folder: Path) -> None:
    first, second = folder / "001.mp3", folder / "002.mp3"
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)


def stereo(folder: Path) -> None:
    soundfile.write(folder / "x.wav", np.zeros((100, 2)), 24_000)
    change(folder, lambda m: m["files"].update(audio="x.wav"))


def no_sound(manifest: dict[str, Any]) -> None:
    del manifest["files"]["audio"]
    for paragraph in manifest["paragraphs"]:
        paragraph["file"] = None


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (shutil.rmtree, "there is no folder"),
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "has no manifest.json"),
    "half a manifest": (
        lambda f: os.truncate(f / "manifest.json", 500),
        "is damaged: it is not JSON; narrate the article again",
    ),
    "no text": (lambda f: (f / "manifest.json").write_bytes(b"\xff\xfe\x00"), "is damaged"),
    "another program's": (lambda f: (f / "manifest.json").write_text('{"name": "app"}'), "is not a manifest of langdu"),
    "a list": (lambda f: (f / "manifest.json").write_text("[]"), "is not a manifest of langdu"),
    "no tokens": (lambda f: change(f, lambda m: m["paragraphs"][1].pop("tokens")), "damaged (KeyError"),
    "no syllable": (lambda f: change(f, lambda m: m["paragraphs"][1]["tokens"][0].update(surface="xq9")), "damaged"),
    "no pace": (lambda f: change(f, lambda m: m["paragraphs"][0].update(pace=0)), "pace 0.0 of paragraph -1"),
    "no break": (lambda f: change(f, lambda m: m["paragraphs"][1]["tokens"][0].update({"break": 7})), "is damaged"),
    "a number as text": (lambda f: change(f, lambda m: m["paragraphs"][0].update(start="now")), "is damaged"),
    "no order": (lambda f: change(f, lambda m: m["paragraphs"][1]["tokens"].reverse()), "the time of '"),
    "a hole": (lambda f: change(f, lambda m: m["paragraphs"].pop(1)), "does not begin where"),
    "outside": (
        lambda f: change(f, lambda m: m["files"].update(audio="../a.mp3")),
        "is not the name of a file",
    ),
    "no audio": (lambda f: (f / narrations.load(f)["files"]["audio"]).unlink(), "is missing, but manifest.json names"),
    "no paragraph": (lambda f: (f / "002.mp3").unlink(), "is missing, but manifest.json names it"),
    "no sound": (lambda f: (f / "002.mp3").write_bytes(b"hello" * 999), "cannot be decoded"),
    "empty": (lambda f: (f / "002.mp3").write_bytes(b""), "cannot be decoded"),
    "broken off": (break_off, "narrate the article again"),
    "another's sound": (swap, "is not the sound that manifest.json describes"),
    "stereo": (stereo, "2 channels at 24000 Hz"),
    "subtitles only": (lambda f: change(f, no_sound), "no sound that langdu can listen to"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_wrong_is_said(quiet_copy: Path, damage: str) -> None:
    apply, message = DAMAGE[damage]
    apply(quiet_copy)
    done = langdu("verify", str(quiet_copy), ok=(2,))
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_file_is_no_folder(quiet: Path) -> None:
    assert "there is no folder" in langdu("verify", str(quiet / "001.mp3"), ok=(2,)).stderr


def test_a_manifest_of_before_rate_and_pace_were_written(quiet_copy: Path) -> None:
    def forget(manifest: dict[str, Any]) -> None:
        del manifest["rate"]
        for each in manifest["paragraphs"]:
            del each["pace"]

    change(quiet_copy, forget)
    langdu("verify", str(quiet_copy), ok=(0,))


# --- while it is spoken ---------------------------------------------------------------------------------------------


def test_reading_with_verifying(tmp_path: Path, spoken: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    runs = []
    for name in ("one", "two"):
        done = langdu("read", str(tmp_path / "a.txt"), "-o", str(tmp_path / name), "--verify", "--json")
        made = json.loads(done.stdout)
        runs.append((made["doubts"], narrations.load(tmp_path / name)))
    assert runs[0] == runs[1]
    assert len(runs[0][0]) <= len(verify(spoken))
    narrations.check_tokens(runs[0][1])
    narrations.check_sound(tmp_path / "one", runs[0][1])


def test_doubts_are_kept_with_what_was_made(tmp_path: Path) -> None:
    """In such haste, some tones stay in doubt; without --verify, nobody has listened."""
    (tmp_path / "a.txt").write_text(
        "一一七七八八，五五二二四四，我也有五百五十五本好语法古典小说。" * 2, encoding="utf-8"
    )
    command = ["read", str(tmp_path / "a.txt"), "-o", str(tmp_path / "o"), "--rate", "2"]
    assert "doubts" not in json.loads(langdu(*command, "--json").stdout)
    first = langdu(*command, "--verify", "--json")
    assert "nothing has changed" not in first.stderr
    doubts = json.loads(first.stdout)["doubts"]
    assert doubts
    again = langdu(*command, "--verify", "--json")
    assert "nothing has changed" in again.stderr
    assert json.loads(again.stdout) == json.loads(first.stdout)
    shown = langdu(*command, "--verify")
    assert shown.stdout == ""
    assert all(each["message"][:20] in shown.stderr for each in doubts)
    assert "doubts" not in json.loads(langdu(*command, "--json").stdout)


def test_what_is_doubtful_while_it_is_read_is_so_afterwards(tmp_path: Path) -> None:
    """Also in a title, which is said more slowly, and at another rate."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    for rate in ("1", "1.3"):
        out = tmp_path / rate
        made = json.loads(
            langdu("read", str(tmp_path / "a.txt"), "-o", str(out), "--verify", "--json", "--rate", rate).stdout
        )
        assert [p["pace"] for p in narrations.load(out)["paragraphs"]] == [0.92, 1.0, 1.0]
        read, heard = ({(f["paragraph"], f["at"][0]) for f in found} for found in (made["doubts"], verify(out)))
        assert len(read ^ heard) <= 1


def test_reading_with_verifying_a_voice_that_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    done = langdu("read", str(tmp_path / "a.txt"), "-o", str(tmp_path / "o"), "--verify", "--voice", "silence")
    assert "it judges only presence and length" in done.stderr
    assert "0 doubtful" in done.stderr


def test_help() -> None:
    shown = langdu("verify", "--help").stdout
    assert "Example" in shown
    assert "--verify" in langdu("read", "--help").stdout
