"""Voices of Piper: what the model is given, and files that are not what they should be."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from engines import tiny
from engines.spoken import utterance
from langdu import engines, pinyin
from langdu.engines.kit import vits
from langdu.engines.piper import Piper
from langdu.engines.piper.symbols import of
from langdu.errors import ConfigError, EngineUnavailable, SynthesisFailed
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.model import Utterance

NIHAO = utterance("你好", "ni2 hao3")


def said(model: Path, what: Utterance) -> str:
    """The phonemes that a tiny voice is heard to say."""
    voice = engines.user_voice(f"piper:{model}")
    phonemes = tiny.phonemes()
    return " ".join(phonemes[number] for number in tiny.heard(Piper(model).synthesize(what, voice, 1.0)))


@pytest.mark.parametrize(
    ("what", "phonemes"),
    [
        (NIHAO, "n i 2 h ao 3"),
        (utterance("重庆", "chong2 qing4"), "ch ong 2 q ing 4"),
        (utterance("女略", "nü3 lüe4"), "n v 3 l ve 4"),
        (utterance("月学", "yue4 xue2"), "y ue 4 x ue 2"),
        (utterance("爱了", "ai4 le5"), "Ø ai 4 l e 5"),
        (utterance("好玩儿！", "hao3 wanr2 -"), "h ao 3 w an 2 Ø er 5 ！"),
        (utterance("好,好?", "hao2 hao3"), "h ao 2 ， h ao 3 ？"),
        (utterance("“……好！！”", "hao3"), "h ao 3 ！"),
        (utterance("好3好", "hao2 hao3"), "h ao 2 h ao 3"),
        (utterance("B", ""), "b i 4"),
        (utterance("诶", "ê4"), "Ø ei 4"),
    ],
)
def test_says_the_syllables_that_it_is_given(tmp_path: Path, what: Utterance, phonemes: str) -> None:
    assert said(tiny.piper(tmp_path), what) == phonemes


def test_every_syllable_of_mandarin_can_be_said() -> None:
    every = {phoneme for base in pinyin.bases() for phoneme in of(pinyin.parse_syllable(f"{base}1"))[0]}
    assert every <= {*tiny.phonemes()}


def test_a_mark_that_the_voice_does_not_know_is_no_pause(tmp_path: Path) -> None:
    model = tiny.piper(tmp_path, phoneme_id_map={p: [i] for i, p in enumerate(tiny.phonemes()) if p != "，"})
    assert said(model, utterance("好，好", "hao2 hao3")) == "h ao 2 h ao 3"


def test_a_voice_of_several_speakers_speaks_as_the_first(tmp_path: Path) -> None:
    assert said(tiny.piper(tmp_path, speakers=True), NIHAO) == "n i 2 h ao 3"


@pytest.mark.parametrize("own", [1, 1.5])
def test_its_own_length_scale_is_rate_1(tmp_path: Path, own: float) -> None:
    model = tiny.piper(tmp_path, inference={"length_scale": own})
    engine, voice = Piper(model), engines.user_voice(f"piper:{model}")
    plain, fast = (len(engine.synthesize(NIHAO, voice, rate)) for rate in (1.0, 2.0))
    slow = len(engines.say(engine, replace(NIHAO, pace=0.5), voice, 1.0))
    assert plain == pytest.approx(11 * tiny.A_SYMBOL * 22_050 * own, rel=0.01)  # with _ ^ $
    assert plain / fast == pytest.approx(2, rel=0.01)
    assert slow / plain == pytest.approx(2, rel=0.01)


def test_the_voice_is_known_by_what_is_in_its_files(tmp_path: Path) -> None:
    model = tiny.piper(tmp_path)
    voice = engines.user_voice(f"piper:{model}")
    assert (voice.id, voice.name, voice.files) == (f"piper:{model}", "zh_CN-tiny-low", model)
    tiny.piper(tmp_path, inference={"length_scale": 1.5})
    changed = engines.user_voice(f"piper:{model}")
    assert voice.sha256
    assert changed.sha256
    assert voice.sha256 != changed.sha256


# --- files that are not what they should be -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"phoneme_type": "espeak", "espeak": {"voice": "en-us"}, "language": {"code": "en_US"}},
            "speaks en_US, not Chinese",
        ),
        ({"phoneme_type": "espeak", "espeak": {"voice": "cmn"}}, "takes the phonemes of espeak and no pinyin"),
        ({"phoneme_type": None, "language": None, "espeak": {"voice": "cmn"}}, "phonemes of espeak"),
        ({"phoneme_type": None, "language": 3, "espeak": None}, "speaks another language"),
        ({"phoneme_id_map": None}, "KeyError: 'phoneme_id_map'"),
        ({"phoneme_id_map": {"b": "x"}}, "does not describe a Piper voice"),
        ({"audio": {}}, "KeyError: 'sample_rate'"),
        ({"audio": {"sample_rate": -1}}, "sample_rate -1"),
        ({"inference": {"length_scale": 0}}, "length_scale 0"),
        ({"inference": []}, "does not describe a Piper voice"),
    ],
)
def test_a_description_of_something_else(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    model = tiny.piper(tmp_path, **changes)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=message):
        engines.user_voice(f"piper:{model}")


@pytest.mark.parametrize(
    ("text", "message"), [("{", "is not JSON"), ("[]", "holds no object"), ("\xff", "is not JSON")]
)
def test_a_broken_description(tmp_path: Path, text: str, message: str) -> None:
    model = tiny.piper(tmp_path)
    model.with_name(f"{model.name}.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match=message):
        engines.user_voice(f"piper:{model}")


@pytest.mark.parametrize("suffix", ["", ".json"])
def test_a_missing_file_is_named(tmp_path: Path, suffix: str) -> None:
    model = tiny.piper(tmp_path)
    missing = model.with_name(model.name + suffix)
    missing.unlink()
    with pytest.raises(ConfigError, match=f"no file {missing}: .* download both"):
        engines.user_voice(f"piper:{model}")


@pytest.mark.parametrize(
    ("name", "says"), [("", "a path is empty: name a file or a folder"), (".", "there is no file")]
)
def test_what_is_no_file(name: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        engines.user_voice(f"piper:{name}")


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    model = tiny.piper(tmp_path)
    model.write_bytes(b"<html>not found</html>")
    with pytest.raises(EngineUnavailable, match=r"cannot be loaded as a voice of Piper .* download it again"):
        said(model, NIHAO)


def test_a_model_of_another_kind(tmp_path: Path) -> None:
    model = tiny.piper(tmp_path)
    (tmp_path / "other").mkdir()
    shutil.copy(tiny.sherpa(tmp_path / "other") / "model.onnx", model)
    with pytest.raises(EngineUnavailable, match=r"it takes length_scale, noise_scale.* and not input, input_lengths"):
        said(model, NIHAO)


def test_a_description_without_padding(tmp_path: Path) -> None:
    model = tiny.piper(tmp_path, phoneme_id_map={p: [i] for i, p in enumerate(tiny.phonemes()) if p != "_"})
    with pytest.raises(EngineUnavailable, match="no number for _"):
        said(model, NIHAO)


def test_a_syllable_that_the_voice_has_no_phoneme_for(tmp_path: Path) -> None:
    model = tiny.piper(tmp_path, phoneme_id_map={p: [i] for i, p in enumerate(tiny.phonemes()) if p != "iong"})
    with pytest.raises(SynthesisFailed, match="has no phoneme iong and cannot say xióng in '熊'"):
        said(model, utterance("熊", "xiong2"))


def test_without_a_file_it_says_what_to_do() -> None:
    engine = Piper()
    with pytest.raises(ConfigError, match=r"--voice piper:FILE\.onnx"):
        engine.synthesize(NIHAO, engine.voices()[0], 1.0)


@pytest.mark.parametrize(
    ("audio", "message"),
    [
        (np.zeros(0), "gave no sound"),
        (np.zeros(999), "gave silence"),
        (np.full(999, np.nan), "numbers that are not sound"),
    ],
)
def test_a_model_that_gives_no_sound(audio: np.ndarray[tuple[int], np.dtype[np.float64]], message: str) -> None:
    with pytest.raises(SynthesisFailed, match=message):
        vits.clip(audio.astype(np.float32), 22_050, NIHAO, "piper:x.onnx")


def test_sound_over_full_scale_is_cut_and_not_wrapped_round() -> None:
    clip = vits.clip(np.array([[[0.5, 3, -3, 0.5] * 999]], np.float32), 22_050, NIHAO, "piper:x.onnx")
    sound = np.frombuffer(clip.pcm, "<i2")
    assert (sound.max(), sound.min()) == (32_767, -32_767)


# --- from the command line ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [16_000, 22_050])
def test_reads_an_article_at_its_own_rate(tmp_path: Path, rate: int) -> None:
    model = tiny.piper(tmp_path, rate)
    article = tmp_path / "article.txt"
    article.write_text("标题\n\n我们登上长(cháng)城(chéng)。\n\n风很大。\n", encoding="utf-8")
    there = {"LANGDU_CACHE_DIR": str(tmp_path / "cache")}
    langdu("read", "--voice", f"piper:{model}", "--output", str(tmp_path / "out"), str(article), environment=there)
    manifest = json.loads(next((tmp_path / "out").rglob("manifest.json")).read_text(encoding="utf-8"))
    made = sorted((tmp_path / "out").rglob("*.mp3"))
    assert len(made) == 4
    for path in made:
        info = soundfile.info(path)
        assert info.samplerate == rate
    total = max(soundfile.info(path).duration for path in made)
    assert total == pytest.approx(manifest["paragraphs"][-1]["end"], abs=0.1)


def test_another_model_in_the_same_file_is_heard(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("风很大。\n", encoding="utf-8")
    there = {"LANGDU_CACHE_DIR": str(tmp_path / "cache")}
    rates = []
    for rate in (16_000, 22_050):
        model = tiny.piper(tmp_path, rate)
        langdu("read", "--voice", f"piper:{model}", "--output", str(tmp_path / "out"), str(article), environment=there)
        rates.append(soundfile.info(next((tmp_path / "out").rglob("*.mp3"))).samplerate)
    assert rates == [16_000, 22_050]


def test_a_rate_that_mp3_does_not_have(tmp_path: Path) -> None:
    model = tiny.piper(tmp_path, 20_000)
    article = tmp_path / "article.txt"
    article.write_text("风很大。\n", encoding="utf-8")
    there = {"LANGDU_CACHE_DIR": str(tmp_path / "cache")}
    command = ["read", "--voice", f"piper:{model}", "--output", str(tmp_path / "out"), str(article)]
    assert (
        "20,000 samples a second, and an MP3 cannot have that rate: choose other formats"
        in langdu(*command, ok=(3,), environment=there).stderr
    )


def test_what_is_known_of_a_voice_is_listed(tmp_path: Path) -> None:
    model = tiny.piper(tmp_path)
    row = json.loads(langdu("voices", "info", f"piper:{model}", "--json").stdout)
    assert (row["obeys_pinyin"], row["exact_timings"], row["offline"]) == ("exactly", False, True)
