"""`langdu read --voice gtts`, against a stand-in of the service."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

import narrations
from gtts_server import BEHAVIOURS, StandIn
from programs import langdu

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ARTICLE = """\
山村图书馆开门了

初冬的早晨,山路弯弯。一辆绿色的大巴车缓缓驶进小学,车门打开,十二个书架一字排开,孩子们一下子围了上来。

他还(huán)了两本书,又借了三本。老师得(děi)先登记。

2024年11月5日,第一天就来了120个人。
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def environment(server: StandIn, tmp_path: Path) -> dict[str, str]:
    return {
        "LANGDU_GTTS_URL": server.url,
        "LANGDU_CACHE_DIR": str(tmp_path / "cache"),
        "NO_PROXY": "127.0.0.1",
        "XDG_CACHE_HOME": str(tmp_path),
    }


def read(source: Path, out: Path, settings: Mapping[str, str], *more: str, ok: tuple[int, ...] = (0,)) -> str:
    done = langdu("read", str(source), "-o", str(out), "--voice", "gtts", *more, environment=settings, ok=ok)
    assert "Traceback" not in done.stderr
    return done.stderr


def test_few_requests_and_a_whole_narration(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with StandIn() as server:
        said = read(source, out, environment(server, tmp_path))
    manifest = narrations.load(out)
    characters = sum(len(paragraph["spoken"]) for paragraph in manifest["paragraphs"])
    assert f"the voice gtts is asked for {characters} characters in {len(server.texts)} requests" in said
    assert len(server.texts) <= 3  # the title is said at its own pace, so it is one of them
    assert all(len(text) <= 100 for text in server.texts)
    assert "(" not in "".join(server.texts)
    assert manifest["timings"] == "estimated"
    narrations.check_tokens(manifest)
    narrations.check_sound(out, manifest)
    narrations.check_subtitles(out, manifest)


def test_only_its_part_is_asked_of_a_service(source: Path, tmp_path: Path) -> None:
    source.write_text("他说：“走吧！我们回家。”大家都走了。\n\n“等一等。”她喊。\n", encoding="utf-8")
    with StandIn() as server:
        said = langdu(
            "read", str(source), "-o", str(tmp_path / "out"), "--voice", "silence", "--quotes", "gtts",
            environment=environment(server, tmp_path),
        ).stderr  # fmt: skip
    assert sorted(server.texts) == ["“等一等。”", "“走吧！我们回家。”"]
    assert "the voice gtts is asked for 16 characters in 2 requests" in said
    assert narrations.load(tmp_path / "out")["timings"] == "estimated"


def test_what_is_kept_is_not_asked_for_again(source: Path, tmp_path: Path) -> None:
    with StandIn() as server:
        read(source, tmp_path / "out", environment(server, tmp_path))
        before = len(server.texts)
        said = read(source, tmp_path / "other", environment(server, tmp_path))
        assert len(server.texts) == before
        assert "requests" not in said
        source.write_text(ARTICLE.replace("又借了三本", "又借了四本"), encoding="utf-8")
        said = read(source, tmp_path / "other", environment(server, tmp_path))
    assert "in 1 request\n" in said
    assert len(server.texts) == before + 1
    assert server.texts[-1] == "他环了两本书,又借了四本。"


def test_explain(source: Path, tmp_path: Path) -> None:
    with StandIn() as server:
        said = read(source, tmp_path / "out", environment(server, tmp_path), "--explain")
        assert any("他环了两本书" in text for text in server.texts)
    rows = [line.split() for line in said.splitlines()]
    assert [[row[0], row[1], row[2], row[4]] for row in rows if row[0].startswith("1:")] == [
        ["1:1", "还", "huán", "环"],
        ["1:15", "得", "děi", "–"],
    ]
    assert "cannot be made to read 得 děi here" in said
    again = langdu(
        "read",
        str(source),
        "-o",
        str(tmp_path / "out"),
        "--voice",
        "gtts",
        "--json",
        environment=environment(server, tmp_path),
    )
    assert [each["written"] for each in json.loads(again.stdout)["substitutions"]] == ["环", None]


def test_explain_has_nothing_to_say_of_a_voice_that_obeys(source: Path, tmp_path: Path) -> None:
    done = langdu("read", str(source), "-o", str(tmp_path / "out"), "--voice", "silence", "--explain")
    assert "the voice silence was given every character as it is written" in done.stderr


def test_a_service_that_refuses_ends_the_run(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with StandIn(["404"] * 50) as server:
        said = read(source, out, environment(server, tmp_path), ok=(3,))
    assert "refused to speak (404" in said
    assert not (out / "manifest.json").exists()
    assert not list(out.glob("*.mp3"))


def test_fallback(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with StandIn(["good", *["404"] * 50]) as server:
        settings = environment(server, tmp_path)
        said = read(source, out, settings, "--fallback", "silence")
        assert "the voice silence narrates everything instead" in said
        manifest = narrations.load(out)
        assert (manifest["voice"], manifest["timings"]) == ("silence", "exact")
        narrations.check_sound(out, manifest)
        server.plan.clear()
        read(source, out, settings, "--fallback", "silence")  # the next run tries the other voice again
        assert narrations.load(out)["voice"] == "gtts"


def test_a_fallback_that_is_none_is_told_before_anything_is_spoken(source: Path, tmp_path: Path) -> None:
    with StandIn() as server:
        said = read(source, tmp_path / "out", environment(server, tmp_path), "--fallback", "zoe", ok=(2,))
    assert "there is no voice 'zoe'" in said
    assert server.texts == []


def test_no_network_and_no_fallback(source: Path, tmp_path: Path) -> None:
    with StandIn() as server:
        settings = environment(server, tmp_path)
    said = read(source, tmp_path / "out", settings, ok=(3,))
    assert "the voice gtts needs the network" in said


def test_many_faults(source: Path, tmp_path: Path) -> None:
    """Faults in a third of the answers: the narration is whole all the same, and no bad clip is kept."""
    chance = random.Random(5)  # noqa: S311 - the same faults every time
    quick = sorted(set(BEHAVIOURS) - {"good", "stereo", "stall", "drip", "404", "429 long", "429 wait"})
    plan = [chance.choice(quick) if chance.random() < 0.35 else "good" for _ in range(60)]
    with StandIn(plan) as server:
        settings = environment(server, tmp_path)
        read(source, tmp_path / "out", settings)
        server.plan.clear()
        read(source, tmp_path / "again", settings)
    with StandIn() as server:
        read(
            source,
            tmp_path / "undisturbed",
            {**environment(server, tmp_path), "LANGDU_CACHE_DIR": str(tmp_path / "new")},
        )
    lengths = [
        [p["end"] - p["start"] for p in narrations.load(tmp_path / n)["paragraphs"]]
        for n in ("out", "again", "undisturbed")
    ]
    assert lengths[0] == lengths[1]
    assert lengths[0] == pytest.approx(lengths[2], abs=0.05)


def test_a_service_without_a_key_is_not_said_to_be_asked(tmp_path: Path) -> None:
    pytest.importorskip("azure.cognitiveservices.speech")
    (tmp_path / "a.txt").write_text("江桥通车\n\n江上的桥通车了。\n", encoding="utf-8")
    done = langdu("read", "a.txt", "--voice", "azure", cwd=tmp_path, environment={"AZURE_SPEECH_KEY": ""}, ok=(3,))
    assert "the voice azure needs a key" in done.stderr
    assert "is asked for" not in done.stderr
