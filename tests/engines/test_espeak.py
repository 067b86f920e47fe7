"""What only espeak-ng does."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("espeakng_loader", reason="needs the extra espeak")

from engines.spoken import samples, utterance
from langdu import engines, pinyin
from langdu.engines import create
from langdu.engines.espeak.phonemes import spelled
from langdu.engines.espeak.speech import cut_into_phrases
from langdu.engines.kit import espeakng
from langdu.engines.kit.espeakng import ENGLISH, MANDARIN, Manner
from langdu.engines.kit.letters import names
from langdu.errors import EngineUnavailable, SynthesisFailed
from langdu.model import Break, Syllable, Tone
from programs import installed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from langdu.model import Clip, Utterance

CMN = Manner(voice=MANDARIN)


def say(said: Utterance, rate: float = 1.0) -> Clip:
    made = create("espeak", None)
    return engines.say(made, said, made.voices()[0], rate)


# --- exactly as asked -----------------------------------------------------------------------------------------------

EVERY = [Syllable(*parts) for parts in product(sorted(pinyin.bases()), Tone, (False, True))]
"""Every syllable that langdu knows, 5 tones, with and without erhua."""


def test_no_syllable_is_taken_for_english_or_for_a_number() -> None:
    """`Library.phonemes` compares espeak-ng's own trace with what was written: English and digits are no phonemes."""
    letters = [syllable for name in names().values() for syllable in name]
    every = [*EVERY, *letters]
    assert len(EVERY) > 2 * 2_085
    for some in (every[i : i + 20] for i in range(0, len(every), 20)):
        sound = espeakng.library().phonemes(spelled(some), CMN)
        assert len(sound.words) == len(some)


def test_every_syllable_is_written_with_one_tone() -> None:
    for syllable in EVERY:
        (written,) = spelled([syllable])
        tones = [tone for tone in ("55", "35", "214", "21", "51", "11") if tone in written]
        assert tones in (["214", "21"], ["55"], ["35"], ["51"], ["11"])
        assert sum(char.isdigit() for char in written) == len(tones[0])


def test_different_syllables_are_written_differently() -> None:
    plain = [s for s in EVERY if s.tone is Tone.HIGH and not s.erhua]
    written = [spelled([syllable])[0] for syllable in plain]
    alike = {tuple(pinyin.number(s) for s, w in zip(plain, written, strict=True) if w == each) for each in written}
    assert {each for each in alike if len(each) > 1} == set()


def test_what_is_read_otherwise_is_refused() -> None:
    for wrong in ("jiong1", "'Q55", "'ni55 'ni55"):
        with pytest.raises(SynthesisFailed, match="espeak-ng says"):
            espeakng.library().phonemes([wrong], CMN)
    with pytest.raises(SynthesisFailed, match="made no sound"):
        espeakng.library().phonemes(["4"], CMN)


def test_what_is_no_syllable_is_refused() -> None:
    with pytest.raises(SynthesisFailed, match="no sound for xtr1"):
        spelled([Syllable("xtr", Tone.HIGH)])


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("ni3 hao3", ["'ni21", "'XAu214"]),  # third tones that nothing has risen stay low
        ("ni2 hao3", ["'ni35", "'XAu214"]),
        ("hao3 de5 ma5", ["'XAu214", "t@11", "mA11"]),
        ("jiong1 qiong2 xiong1 yong3", ["'tS;jong55", "'tS;hjong35", "'S;jong55", "'jong214"]),
        ("nü3 lüe4 ju2 jue2 yuan2", ["'ny21", "'lyE51", "'tS;y35", "'tS;yE35", "'jy&35n"]),
        ("zhi1 si4 er2 ri4", ["'ts.i.55", "'si[51", "'@r35", "'z.i.51"]),
        ("m2 hm5 hng5 ng4 n2 ê1", ["'m-35", "Xm-11", "XN-11", "'N-51", "'n-35", "'E55"]),
        ("wan2 wanr2 shir4 jinr1 kongr4", ["'wa35n", "'wA35r", "'s.@r51", "'tS;j@r55", "'khong51r"]),
        ("wo3 wei4 wen4 you3 yi1 wu3", ["'wo21", "'wei51", "'wu@51n", "'jiou21", "'ji55", "'wu214"]),
    ],
)
def test_how_syllables_are_written(said: str, written: list[str]) -> None:
    assert spelled([pinyin.parse_syllable(each) for each in said.split()]) == written


def pitch(clip: Clip, index: int) -> NDArray[np.float64]:
    """Hz through the middle half of one mark: where the sound is most like itself, 60 to 130 Hz being a man's."""
    mark, sound, rate = clip.marks[index], samples(clip), clip.sample_rate
    lags = np.arange(rate // 130, rate // 60)
    found = []
    for at in np.linspace(mark.start + (mark.end - mark.start) / 4, mark.end - (mark.end - mark.start) / 4, 9):
        window = sound[int(at) - 400 : int(at) + 400]
        likeness = [window @ sound[int(at) - 400 - lag : int(at) + 400 - lag] for lag in lags]
        found.append(rate / lags[int(np.argmax(likeness))])
    return np.array(found)


def test_its_own_sandhi_changes_no_tone() -> None:
    """Of two third tones it would make the first rise; only who gives a rising tone gets one."""
    low, risen = (pitch(say(utterance("你好", f"ni{tone} hao3")), 0) for tone in (3, 2))
    assert (risen[-1] > risen[0] + 4, low[-1] > low[0] + 4) == (True, False)
    assert low[-1] < risen[-1] - 8


def test_a_neutral_tone_is_as_high_as_the_tone_before_it_asks() -> None:
    heights = [float(np.median(pitch(say(utterance("妈吗", f"ma{tone} ma5")), 1))) for tone in (1, 2, 3, 4)]
    after_first, after_second, after_third, after_fourth = heights
    assert after_third > after_second > after_first > after_fourth


def test_a_neutral_tone_is_short() -> None:
    neutral, full = (say(utterance("妈妈好", f"ma1 ma{tone} hao3")).marks[1] for tone in (5, 1))
    assert neutral.end - neutral.start < 0.8 * (full.end - full.start)


# --- when -----------------------------------------------------------------------------------------------------------


def silence(marks: str, rate: float = 1.0) -> float:
    """Seconds of digital silence that `marks` between two words make."""
    clip = say(utterance(f"春天{marks}秋天", "chun1 tian1 qiu1 tian1"), rate)
    between = samples(clip)[clip.marks[1].end : clip.marks[2].start]
    assert not between.any()
    return len(between) / clip.sample_rate


@pytest.mark.parametrize(
    ("marks", "wanted"), [("", 0), ("、", 0.1), ("，", 0.18), (" ", 0.18), ("：", 0.3), ("。”", 0.45)]
)
def test_the_stronger_the_mark_the_longer_the_pause(marks: str, wanted: float) -> None:
    assert silence(marks) == pytest.approx(wanted, abs=0.001)
    assert silence(marks, 2.0) == pytest.approx(wanted / 2, abs=0.001)


def test_a_reader_breathes_where_a_phrase_ends() -> None:
    said = utterance("我们在长春", "wo3 men5 zai4 chang2 chun1")
    broken = replace(said, breaks=((2, Break.PHRASE), (3, Break.WORD)))
    assert [[index for index, _ in each.said] for each in cut_into_phrases(broken)] == [[0, 1], [2, 3, 4]]
    assert len(cut_into_phrases(said)) == 1


def test_marks_follow_each_other_and_cover_the_sound() -> None:
    clip = say(utterance("春天来了", "chun1 tian1 lai2 le5"))
    assert [b.start - a.end for a, b in zip(clip.marks, clip.marks[1:], strict=False)] == [0, 0, 0]
    outside = samples(clip).copy()
    outside[clip.marks[0].start : clip.marks[-1].end] = 0
    assert not outside.any()


def test_an_utterance_without_a_pause_is_one_phrase() -> None:
    """A third tone is said in full only where a phrase really ends."""
    said = utterance("广" * 40, "guang3 " * 40)
    assert len(cut_into_phrases(said)) == 1
    assert len(say(said).marks) == 40


@pytest.mark.parametrize("said", [utterance("Ｗ" * 40, ""), utterance("双" * 200, "shuangr3 " * 200)])
def test_many_syllables_are_not_too_many_for_it(said: Utterance) -> None:
    assert len(say(said).marks) == len(said.text)


def test_a_slower_pace_is_longer() -> None:
    said = utterance("春天来了。", "chun1 tian1 lai2 le5")
    assert 1.1 < len(say(replace(said, pace=0.8))) / len(say(said)) < 1.4


def test_what_was_said_before_changes_nothing() -> None:
    said, other = utterance("我用app看书", "wo3 yong4 kan4 shu1"), utterance("玩儿吧，Hello", "wanr2 - ba5")
    once = say(said)
    say(other, 1.3)
    assert say(said) == once


# --- English --------------------------------------------------------------------------------------------------------


def test_english_is_said_in_english() -> None:
    """By its own rules for English: as the library says the word by itself."""
    clip = say(utterance("看Washington吧", "kan4 ba5"))
    alone = espeakng.library().text("Washington", Manner(voice=ENGLISH))
    first, last = clip.marks[1], clip.marks[-2]
    assert last.end - first.start == len(alone)
    assert len(clip.marks) == 12


def test_abbreviations_are_said_by_the_names_of_their_letters() -> None:
    assert [each.english for each in cut_into_phrases(utterance("在CEO和A座", "zai4 he2 zuo4"))] == [None]


# --- faults ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def fresh() -> Iterator[None]:
    """The library is forgotten before the test and after it."""
    espeakng._loaded.cache_clear()  # noqa: SLF001 (one a process: nobody else may forget it)
    yield
    espeakng._loaded.cache_clear()  # noqa: SLF001


@pytest.mark.usefixtures("fresh")
def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    assert create("espeak", None).voices()[0].extra == "espeak"
    assert create("espeak", None).capabilities.variant == ""
    with pytest.raises(EngineUnavailable, match=r"pip install 'langdu\[espeak\]'"):
        say(utterance("春", "chun1"))


def test_the_command_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['espeakng_loader'] = None", encoding="utf-8")
    environment = {"PYTHONPATH": str(tmp_path), "COLUMNS": "200"}
    assert "Not installed: espeak" in installed("voices", environment=environment).stdout
    assert "pip install 'langdu[espeak]'" in installed("voices", "info", "espeak", environment=environment).stdout
    out = str(tmp_path / "a.wav")
    told = installed("say", "你好", "--voice", "espeak", "-o", out, ok=(3,), environment=environment)
    assert "pip install 'langdu[espeak]'" in told.stderr
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.parametrize("what", ["get_library_path", "get_data_path"])
def test_a_damaged_installation_is_told(what: str) -> None:
    code = (
        "import espeakng_loader; from langdu.engines.kit import espeakng\n"
        f"espeakng_loader.{what} = lambda: '/nowhere/at/all'\n"
        "espeakng.library()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "EngineUnavailable: espeak-ng cannot be loaded" in done.stderr
    assert "pip install --force-reinstall espeakng-loader" in done.stderr


def test_a_voice_that_cannot_be_read_is_told() -> None:
    with pytest.raises(EngineUnavailable, match=r"cannot load its voice: .*no-such-voice"):
        espeakng.library().text("春", Manner(voice=("lang/no-such-voice",)))
    assert espeakng.library().text("spring", Manner(voice=ENGLISH)).words == ((0, 0),)


def test_a_folder_with_a_long_name_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 15)
    folder.mkdir()
    monkeypatch.setattr(espeakng, "_TEMPORARY", folder)
    with pytest.raises(EngineUnavailable, match="set TMP to a folder with a short name"):
        espeakng.library().text("spring", Manner(voice=ENGLISH))
    assert list(folder.iterdir()) == []


def test_nothing_is_loaded_before_it_speaks() -> None:
    code = (
        "import sys; from langdu.engines import create; made = create('espeak', None)\n"
        "made.voices(), made.capabilities\n"
        "print([name for name in ('numpy', 'espeakng_loader') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
