"""English words in the phonemes that Kokoro knows."""

from __future__ import annotations

import gzip
import subprocess
import sys
import unicodedata
from importlib import resources

import pytest

from langdu.data import rows
from langdu.engines.kit.letters import name
from langdu.engines.kokoro.english import phonemes, phrase, pieces, spelled

# The letters and stress marks of misaki's English that are in the model's vocabulary.
KNOWN = set("AIOWYbdfhijklmnpstuvwzæðŋɑɔəɛɜɡɪɹɾʃʊʌʒʤʧʰˈˌθᵊᵻʔɐ ")


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("windows", "wˈɪndOz"),
        ("Windows", "wˈɪndOz"),
        ("WINDOWS", "wˈɪndOz"),
        ("Covid", "kʰˈOvˌɪd"),
        ("COVID", "kʰˈOvˌɪd"),
        ("app", "ˈæp"),
        ("APP", "ˈæp"),
        ("vs", "vˈɜɹsəs"),
        ("WiFi", "wˈIfˌI"),
        ("Wi-Fi", "wˈIfˌI"),
        ("Polish", "pʰˈOlɪʃ"),
        ("polish", "pʰˈɑlɪʃ"),
        ("Ronaldo", "ɹOnˈɑldO"),  # from the second dictionary
        ("café", "kʰæfˈA"),
        ("ｉＰｈｏｎｅ", "ˈIfˌOn"),
    ],
)
def test_a_word_is_said_whatever_its_case_and_width(word: str, wanted: str) -> None:
    assert phonemes(word) == wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("G", "ʤˈi"),
        ("w", "dˈʌbᵊlju"),
        ("AI", "ˌAˈI"),
        ("GDP", "ʤˌidˌipʰˈi"),
        ("US", "jˌuˈɛs"),  # not us
        ("LED", "ˌɛlˌidˈi"),
        ("GPUs", "ʤˌipʰˌijˈuz"),
        ("CPUs", "sˌipʰˌijˈuz"),
        ("xq", "ˌɛkskʰjˈu"),  # too short for a word
    ],
)
def test_an_abbreviation_is_said_by_the_names_of_its_letters(word: str, wanted: str) -> None:
    assert phonemes(word) == wanted


@pytest.mark.parametrize(("word", "wanted"), [("NASA", "nˈæsə"), ("SIM", "sˈɪm"), ("NATO", "nˈAɾO")])
def test_an_acronym_is_said_as_a_word(word: str, wanted: str) -> None:
    assert phonemes(word) == wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("iPhone", "ˈIfˌOn"),
        ("xPhone", "ˈɛksfˌOn"),
        ("ChatGPT", "ʧʰˌætʤˌipʰˌitʰˈi"),
        ("OpenAI", "ˌOpᵊnˌAˈI"),
        ("MacBook", "mˈækbˌʊk"),
        ("SpaceX", "spˌAsˈɛks"),
        ("BioNTech", "bˈIOˌɛntʰˌɛk"),
        ("McDonald", "məkdˈɑnəld"),
        ("smartglasses", "smˈɑɹtɡlˌæsᵻz"),
        ("TikTok", "tʰˈɪktʰˌɑk"),
        ("PhD", "pʰˌiˌAʧdˈi"),
    ],
)
def test_a_compound_is_said_by_its_parts(word: str, wanted: str) -> None:
    assert phonemes(word) == wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("don't", "dˈOnt"),
        ("don’t", "dˈOnt"),
        ("o'clock", "əkʰlˈɑk"),
        ("Tesla's", "tʰˈɛsləz"),
        ("McDonald's", "məkdˈɑnəldz"),
        ("bosses'", "bˈɔsᵻz"),
        ("iPhones", "ˈIfˌOnz"),
        ("livestreaming", "lˈIvstɹˌimɪŋ"),
        ("AI-powered", "ˌAˈI pʰˈWəɹd"),
        ("X-ray", "ˈɛksɹˌA"),
        ("-app-", "ˈæp"),
    ],
)
def test_apostrophes_hyphens_and_endings(word: str, wanted: str) -> None:
    assert phonemes(word) == wanted


@pytest.mark.parametrize("word", ["Zxqwvian", "Zxqwvian-phone", "", "'", "-", "--", "长", "15"])
def test_what_no_table_has_is_unknown(word: str) -> None:
    assert phonemes(word) is None


@pytest.mark.parametrize(
    "word", ["iPhone", "ChatGPT", "Wi-Fi", "AI-powered", "don't", "CEOs", "café", "BioNTech", "ＡＩ"]
)
def test_the_pieces_have_every_letter_once(word: str) -> None:
    assert "".join(piece.letters for piece in pieces(word)) == "".join(
        unicodedata.normalize("NFKD", c)[0] for c in word if name(c)
    )


def test_every_letter_has_a_name() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert len({phonemes(letter) for letter in alphabet}) == 26
    assert [piece.letters for piece in spelled(alphabet)] == list(alphabet)


def test_small_words_are_weak_before_others_only() -> None:
    said = ["".join(piece.phonemes for piece in word) for word in phrase(["to", "the", "app", "of", "a", "man"])]
    assert said == ["tə", "ði", "ˈæp", "ʌv", "ɐ", "mˈæn"]
    assert phrase(["the"])[0][0].phonemes == "ði"
    assert phrase(["A", "man"])[0][0].phonemes == "ˈA"  # a grade or a share: 计划 A


def test_an_unknown_word_of_a_phrase_is_spelled() -> None:
    assert len(phrase(["Zxqwvian"])[0]) == 8


def test_the_tables_have_only_phonemes_of_the_model() -> None:
    own = {said for _, said in rows("english/own.tsv")} - {"-"}
    packed = resources.files("langdu.data").joinpath("english", "words.txt.gz").read_bytes()
    lines = [line.split("\t") for line in gzip.decompress(packed).decode().splitlines()]
    assert {char for said in (*own, *(said for _, said in lines)) for char in said} <= KNOWN
    assert [word for word, _ in lines] == sorted({word for word, _ in lines})


def test_the_dictionary_is_read_when_a_word_is_said() -> None:
    code = "from langdu.engines.kokoro import english; print(english._dictionary.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "0\n"


@pytest.mark.parametrize(
    ("word", "wanted"), [("play", "pʰlˈA"), ("display", "dəsplˈA"), ("sport", "spˈɔɹt"), ("police", "pʰəlˈis")]
)
def test_what_english_aspirates_is_marked(word: str, wanted: str) -> None:
    assert phonemes(word) == wanted
