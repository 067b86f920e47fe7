"""Voices of sherpa-onnx: what the model is given, and folders that are not what they should be."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import onnx
import pytest

from engines import tiny
from engines.spoken import utterance
from langdu import engines, pinyin
from langdu.engines.sherpa import Sherpa
from langdu.engines.sherpa.spelling import Spelling
from langdu.errors import ConfigError, EngineUnavailable, SynthesisFailed
from langdu.model import Tone
from programs import langdu

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from langdu.model import Utterance

NIHAO = utterance("你好", "ni2 hao3")


def said(where: Path, what: Utterance) -> str:
    """The tokens that a tiny voice is heard to say, without the silent ones."""
    tokens = [line.split()[0] for line in (where / "tokens.txt").read_text(encoding="utf-8").splitlines()]
    voice = engines.user_voice(f"sherpa:{where}")
    return " ".join(tokens[number] for number in tiny.heard(Sherpa(where).synthesize(what, voice, 1.0)))


@pytest.mark.parametrize("kind", [{}, {"jieba": "1"}], ids=["plain", "jieba"])
@pytest.mark.parametrize(
    ("what", "tokens"),
    [
        (NIHAO, "n i2 h ao3"),
        (utterance("重庆", "chong2 qing4"), "ch ong2 q ing4"),
        (utterance("时候", "shi2 hou5"), "sh i2 h ou5"),
        (utterance("好玩儿", "hao3 wanr2 -"), "h ao3 w an2 Ø er5"),
        (utterance("好，好。好！", "hao2 hao3 hao4"), "h ao2 ， h ao3 。 h ao4 。"),
        (utterance("“……好3；”", "hao3"), "h ao3 ，"),
        (utterance("B", ""), "b i4"),
        (utterance("诶", "ê4"), "Ø ai4"),
    ],
)
def test_says_the_syllables_that_it_is_given(
    tmp_path: Path, kind: dict[str, str], what: Utterance, tokens: str
) -> None:
    assert said(tiny.sherpa(tmp_path, metadata=kind), what) == tokens


@pytest.mark.parametrize(
    ("what", "tokens"),
    [
        (NIHAO, "n i h ao"),
        (utterance("时候，", "shi2 hou5"), "sh i h ou ，"),
    ],
)
def test_says_them_as_melotts_too(tmp_path: Path, what: Utterance, tokens: str) -> None:
    melo = {"comment": "melo", "language": "Chinese + English", "version": "2", "jieba": "1"}
    where = tiny.sherpa(tmp_path, metadata=melo)
    assert said(where, what) == tokens


# --- learning how syllables are spelled -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A lexicon.txt whose tokens are initials and finals with tones."""
    where = tiny.sherpa(tmp_path_factory.mktemp("lexicon"))
    return (where / "lexicon.txt").read_text(encoding="utf-8").splitlines()


def spelled(lines: Sequence[str], written: str) -> str | None:
    tokens = {f"{token.rstrip('12345')}{tone}" for line in lines for token in line.split()[1:] for tone in "12345"}
    found = Spelling(lines, tokens).of(pinyin.parse_syllable(written))
    return " ".join(found) if found else None


def test_the_tone_of_a_syllable_that_no_character_has_is_made_of_another(lines: list[str]) -> None:
    assert spelled(lines, "hou5") == "h ou5 #0"
    assert spelled(lines, "min1") == "m in1 #0"


def test_every_tone_of_nearly_every_syllable_is_found(lines: list[str]) -> None:
    tokens = {f"{token.rstrip('12345')}{tone}" for line in lines for token in line.split()[1:] for tone in "12345"}
    spelling = Spelling(lines, tokens)
    common = sorted(pinyin.bases() - spelling.approximates)
    assert len(common) > 390
    for base in common:
        for tone in Tone:
            found = spelling.of(pinyin.parse_syllable(f"{base}{tone:d}"))
            assert found
            assert found[1][-1] == str(int(tone))


@pytest.mark.parametrize(
    ("written", "tokens"), [("neng2", "n eng2 #0"), ("gei3", "g ei3 #0"), ("me5", "m e5 #0"), ("fo2", "f o2 #0")]
)
def test_a_syllable_that_only_characters_with_several_readings_have(
    lines: list[str], written: str, tokens: str
) -> None:
    assert spelled(lines, written) == tokens


def test_tones_that_are_tokens_of_their_own_are_learned(lines: list[str]) -> None:
    signs = dict(zip("12345", "ˉˊˇˋ˙", strict=True))
    bopomofo = []
    for line in lines:
        char, initial, final, _ = line.split()
        bopomofo.append(f"{char} {initial} {final[:-1]} {signs[final[-1]]}")
    assert spelled(bopomofo, "hou5") == "h ou ˙"
    assert spelled(bopomofo, "min1") == "m in ˉ"


def test_a_character_that_is_spelled_wrong_is_outvoted(lines: list[str]) -> None:
    wrong = [line.replace("猫 m ao1", "猫 g ou3") for line in lines if not line.startswith("苗")]
    assert wrong != lines
    assert spelled([*wrong, "苗 z z1 #0", "苗 m iao2 #0"], "mao1") == "m ao1 #0"


@pytest.mark.parametrize("near", ["biang2 b", "fiao4 "])
def test_a_syllable_that_no_character_has_is_said_as_the_nearest(lines: list[str], near: str) -> None:
    written, initial = near.split(" ")
    without = [line for line in lines if not line.startswith(("𰻞", "覅"))]
    found = spelled(without, written)
    assert found
    assert found.startswith(initial)
    assert written[-1] in found


def test_the_syllables_that_are_said_as_others_are_told(tmp_path: Path) -> None:
    assert "ê" in Sherpa(tiny.sherpa(tmp_path)).capabilities.approximates
    assert "hao" not in Sherpa(tmp_path).capabilities.approximates


def test_a_tone_that_cannot_be_found_is_named(tmp_path: Path, lines: list[str]) -> None:
    no_fourth = [line for line in lines if "4" not in line]
    where = tiny.sherpa(tmp_path, lexicon=no_fourth)
    tokens = (where / "tokens.txt").read_text(encoding="utf-8").splitlines()
    kept = [line for line in tokens if not line.split()[0].endswith("4")]
    (where / "tokens.txt").write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(SynthesisFailed, match=r"does not show how to spell qing4 in '重庆'; choose another"):
        said(where, utterance("重庆", "chong2 qing4"))


# --- folders that are not what they should be -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"language": "English"}, "speaks English, not Chinese"),
        ({"sample_rate": None, "comment": None}, "does not state its sample_rate, comment"),
        ({"sample_rate": "many"}, "'many' samples a second"),
        ({"comment": "melo", "version": "1"}, "not a VITS model that sherpa-onnx runs"),
    ],
)
def test_another_model(tmp_path: Path, metadata: dict[str, str | None], message: str) -> None:
    where = tiny.sherpa(tmp_path, metadata=metadata)
    with pytest.raises(ConfigError, match=message):
        engines.user_voice(f"sherpa:{where}")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("model.onnx", None, "there is no .onnx file"),
        ("tokens.txt", None, "there is no tokens.txt"),
        ("lexicon.txt", None, r"there is no lexicon.txt in .*tts-models"),
        ("model.onnx", b"<html>", "cannot be read as an ONNX model"),
        ("tokens.txt", b"a b c\n", "line 1 of tokens.txt"),
        ("tokens.txt", b"\xff\xfe\n", "cannot be used"),
        ("lexicon.txt", b"hello h e l o\n", "spells 0 syllables of Mandarin"),
    ],
)
def test_a_bad_file(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    where = tiny.sherpa(tmp_path)
    if content is None:
        (where / name).unlink()
    else:
        (where / name).write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        engines.user_voice(f"sherpa:{where}")


def test_a_model_with_other_inputs_is_not_run(tmp_path: Path) -> None:
    where = tiny.sherpa(tmp_path)
    (tmp_path / "piper").mkdir()
    other = onnx.load(tiny.piper(tmp_path / "piper"))
    onnx.helper.set_model_props(other, {e.key: e.value for e in onnx.load(where / "model.onnx").metadata_props})
    onnx.save(other, where / "model.onnx")
    with pytest.raises(ConfigError, match=r"not a VITS model that sherpa-onnx runs \(3 inputs\)"):
        engines.user_voice(f"sherpa:{where}")


def test_several_models(tmp_path: Path) -> None:
    where = tiny.sherpa(tmp_path)
    (where / "model.onnx").rename(where / "one.onnx")
    assert engines.user_voice(f"sherpa:{where}").files == where
    (where / "two.onnx").write_bytes(b"")
    with pytest.raises(ConfigError, match=r"one model.*there is one.onnx, two.onnx"):
        engines.user_voice(f"sherpa:{where}")


def test_what_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no folder"):
        engines.user_voice(f"sherpa:{tmp_path / 'nowhere'}")


def test_without_a_folder_it_says_what_to_do() -> None:
    engine = Sherpa()
    with pytest.raises(ConfigError, match="--voice sherpa:FOLDER"):
        engine.synthesize(NIHAO, engine.voices()[0], 1.0)


def test_without_sherpa_onnx_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = tiny.sherpa(tmp_path)
    monkeypatch.setitem(sys.modules, "sherpa_onnx", None)
    with pytest.raises(EngineUnavailable, match=r"pip install 'langdu\[sherpa\]'"):
        said(where, NIHAO)


def test_the_voice_is_known_by_what_is_in_its_files(tmp_path: Path) -> None:
    first = engines.user_voice(f"sherpa:{tiny.sherpa(tmp_path)}").sha256
    second = engines.user_voice(f"sherpa:{tiny.sherpa(tmp_path, 8_000)}").sha256
    assert first
    assert second
    assert first != second


# --- what the package does ------------------------------------------------------------------------------------------


def test_its_onnxruntime_is_told_to_report_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY")
    said(tiny.sherpa(tmp_path), NIHAO)
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"


def test_reads_an_article_at_its_own_rate(tmp_path: Path) -> None:
    where = tiny.sherpa(tmp_path, 8_000)
    article = tmp_path / "article.txt"
    article.write_text("我们登上长(cháng)城(chéng)。\n\n风很大。\n", encoding="utf-8")
    there = {"LANGDU_CACHE_DIR": str(tmp_path / "cache")}
    out = tmp_path / "out"
    done = langdu("read", "--voice", f"sherpa:{where}", "--output", str(out), str(article), environment=there)
    manifest = json.loads(next(out.rglob("manifest.json")).read_text(encoding="utf-8"))
    assert manifest["voice"] == f"sherpa:{where}"
    assert "OOV" not in done.stderr
