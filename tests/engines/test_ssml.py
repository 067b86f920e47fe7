"""SSML: what stands in a document, and that its vendor takes it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from engines.spoken import utterance
from langdu import lexicon, pinyin
from langdu.engines.clouds.documents import documents
from langdu.engines.clouds.ssml import request, units, unknown
from langdu.engines.clouds.vendors import vendors
from langdu.errors import ConfigError
from langdu.model import Break, Origin, Pauses, Reading, Syllable, Tone, Utterance
from langdu.pipeline import text
from langdu.pipeline.ssml import ssml
from langdu.settings import Settings
from programs import langdu
from ssml_grammar import violations

if TYPE_CHECKING:
    from pathlib import Path

VENDORS = ("azure", "google", "polly")
every_vendor = pytest.mark.parametrize("vendor", VENDORS)


def asked(said: Utterance, vendor: str, tempo: float = 1, *, marks: bool = False) -> str:
    found = vendors()[vendor]
    return request(said, found, found.voice, tempo, marks=marks)


def phones(document: str) -> list[tuple[str, str]]:
    """The text and the `ph` of each phoneme element."""
    return re.findall(r'<phoneme alphabet="[^"]+" ph="([^"]+)">([^<]+)</phoneme>', document)


# --- spelling -------------------------------------------------------------------------------------------------------

SPELLED = {
    "a neutral tone": ("孩子", "hai2 zi5", "hai 2 - zi 5", "hai2 zi5", "hai2-zi0"),
    "ü": ("女", "nü3", "nv 3", "nü3", None),
    "üe": ("略", "lüe4", "lue 4", "lüe4", None),
    "ü after j, q, x, y": ("鱼去", "yu2 qu4", "yu 2 - qu 4", "yu2 qu4", "yu2-qu4"),
    "erhua": ("会儿", "huir4 -", "hui r 4", None, "huir4"),
    "er": ("二", "er4", "er 4", "er4", "er4"),
    "no initial": ("爱", "ai4", "ai 4", "ai4", "ai4"),
    "ê": ("诶", "ê4", None, None, None),
    "a nasal": ("嗯", "ng2", None, None, None),
    "a syllable of dialects": ("覅", "fiao4", None, None, None),
    "no tone of its own": ("一会", "yi2 hui4", "yi 2 - hui 4", "yi2 hui4", "yi2-hui4"),
}


@pytest.mark.parametrize(("written", "syllables", "azure", "google", "polly"), SPELLED.values(), ids=SPELLED)
def test_each_vendor_s_own_spelling(
    written: str, syllables: str, azure: str | None, google: str | None, polly: str | None
) -> None:
    said = utterance(written, syllables)
    for vendor, ph in zip(VENDORS, (azure, google, polly), strict=True):
        document = asked(said, vendor)
        assert phones(document) == ([(ph, written)] if ph else [])
        assert violations(document, vendor) == []
        assert "".join(fromstring(document).itertext()) == written
        substituted = "<sub" in document
        assert bool(list(unknown(said, vendors()[vendor]))) == (ph is None and not substituted)


@every_vendor
def test_no_vendor_gets_a_phone_that_it_does_not_know(vendor: str) -> None:
    known = vendors()[vendor]
    for base in pinyin.bases():
        for tone in Tone:
            for erhua in (False, True):
                syllable = Syllable(base, tone, erhua)
                said = Utterance("字" + "儿" * erhua, (Reading(syllable, syllable, Origin.LEXICON), *[None] * erhua))
                document = asked(said, vendor)
                assert violations(document, vendor) == []
                assert bool(phones(document)) == (known.ph(syllable) is not None)
    assert len(known.spellings) > 400


def test_which_syllables_are_called_known() -> None:
    """Those that a character of the first level of GB 2312 (rows 16 to 55) has, but for interjections."""
    level = range(0xB0, 0xD8)
    common = "".join(bytes((row, cell)).decode("gb2312", "ignore") for row in level for cell in range(0xA1, 0xFF))
    assert len(common) == 3_755
    read = {syllable.base for char in common for syllable in lexicon.readings(char)}
    assert read - {"hng"} == vendors()["google"].spellings.keys()


def test_what_polly_cannot_be_told_is_said_by_a_homophone() -> None:
    for syllable, char in vendors()["polly"].homophones.items():
        assert lexicon.default_reading(char) == syllable
        assert vendors()["polly"].ph(syllable) is None
    document = asked(utterance("效率", "xiao4 lü4"), "polly")
    assert document.endswith('ph="xiao4">效</phoneme><sub alias="律">率</sub></speak>')
    assert not {"lü", "nü", "lüe", "nüe"} & vendors()["polly"].unknown


@every_vendor
def test_a_word_with_a_strange_syllable_keeps_the_others(vendor: str) -> None:
    document = asked(utterance("他诶好", "ta1 ê4 hao3"), vendor)
    assert [text for _, text in phones(document)] == ["他", "好"]
    assert "</phoneme>诶<phoneme" in document


# --- elements -------------------------------------------------------------------------------------------------------


def test_a_prosodic_word_is_one_element() -> None:
    said = replace(utterance("他们在长大", "ta1 men5 zai4 zhang3 da4"), breaks=((2, Break.WORD), (3, Break.PHRASE)))
    assert [text for _, text in phones(asked(said, "google"))] == ["他们", "在", "长大"]


def test_letters_and_english_are_text() -> None:
    document = asked(utterance("AI助手 don't 2B", "zhu4 shou3"), "google", marks=True)
    assert '<mark name="m0"/>AI<mark name="m2"/><phoneme alphabet="pinyin" ph="zhu4 shou3">助手</phoneme>' in document
    assert '<mark name="m5"/>don\'t ' in document


@every_vendor
def test_a_faster_voice(vendor: str) -> None:
    document = asked(utterance("好", "hao3"), vendor, 1.5)
    assert f'<prosody rate="{"+50%" if vendor == "azure" else "150%"}">' in document
    assert violations(document, vendor) == []


def test_azure_speaks_no_slower_than_half_its_pace() -> None:
    assert '<prosody rate="-50%">' in asked(utterance("好", "hao3"), "azure", 0.46)


@every_vendor
def test_what_xml_does_not_allow(vendor: str) -> None:
    odd = "<a>&\"'\x00\x1f\ud800\ufffe\n]]>好"
    document = asked(utterance(odd, "hao3"), vendor, marks=vendor != "azure")
    assert violations(document, vendor) == []
    assert "".join(fromstring(document).itertext()) == "<a>&\"'     ]]>好"
    assert "\n" not in document


@every_vendor
def test_a_voice_s_name_cannot_break_out(vendor: str) -> None:
    found = vendors()[vendor]
    document = request(utterance("好", "hao3"), found, 'x"><break/>', 1, marks=False)
    assert len(list(fromstring(document).iter("{http://www.w3.org/2001/10/synthesis}break"))) == 0


texts = st.lists(
    st.tuples(st.sampled_from([*"好女诶会长A我·，。<&\x07\n 3", "\U00020000"]), st.integers(0, 3)), max_size=30
)


@given(texts, st.sampled_from(VENDORS), st.booleans())
def test_nothing_is_lost_and_all_is_well_formed(
    characters: list[tuple[str, int]],
    vendor: str,
    marks: bool,  # noqa: FBT001 - hypothesis fills it
) -> None:
    bases = {"好": "hao3", "女": "nü3", "诶": "ê4", "会": "hui4", "长": "zhang3", "我": "wo3"}
    written = "".join(char for char, _ in characters)
    syllables = [pinyin.parse_syllable(bases[char]) if char in bases else None for char in written]
    readings = tuple(Reading(s, s, Origin.LEXICON) if s else None for s in syllables)
    breaks = tuple((i, Break.WORD) for i, (_, n) in enumerate(characters) if n == 0 and i)
    said = Utterance(written, readings, breaks=breaks)
    assert "".join(written[unit.start : unit.end] for unit in units(said, vendors()[vendor])) == written
    document = asked(said, vendor, marks=marks and vendor != "azure")
    assert violations(document, vendor) == []
    assert "".join(fromstring(document).itertext()) == re.sub("[\x07\n]", " ", written)


# --- documents ------------------------------------------------------------------------------------------------------


@every_vendor
def test_every_annotated_word_of_the_sample_is_in_a_phoneme_element(vendor: str, sample: Path) -> None:
    article = text.parse(str(sample))
    made = ssml(article, Settings(), vendor)
    assert [violation for each in made.documents for violation in violations(each, vendor)] == []
    inside = "".join(f"{phone_text}|" for each in made.documents for _, phone_text in phones(each))
    for paragraph in article.spoken_order():
        for span, _ in paragraph.annotated():
            # A word may stand in several elements, side by side.
            assert re.search(r"\|?".join(span.of(paragraph.text)), inside), span.of(paragraph.text)
    assert made.unknown == {}


@every_vendor
@pytest.mark.parametrize("rate", [0.5, 1.0, 2.0])
def test_a_long_article_is_several_documents_cut_at_sentences(vendor: str, rate: float) -> None:
    sentence = replace(utterance("他“长大”了，好。", "ta1 zhang3 da4 le5 hao3"), pause_after_ms=450)
    paragraph = [sentence] * 9 + [replace(sentence, pause_after_ms=900)]
    made = list(documents([paragraph] * 80, vendors()[vendor], "zh-CN-XiaoxiaoNeural", rate))
    assert [violation for each in made for violation in violations(each, vendor)] == []
    assert "".join("".join(fromstring(each).itertext()) for each in made) == sentence.text * 800
    assert all("".join(fromstring(each).itertext()).endswith("。") for each in made)
    assert 1 < len(made) < {"azure": 12, "google": 60, "polly": 60}[vendor]
    syllables = max(sum(len(ph.split("-" if vendor != "google" else " ")) for ph, _ in phones(each)) for each in made)
    assert syllables * 0.2 / rate < 600


@every_vendor
def test_a_sentence_that_is_longer_than_a_document(vendor: str) -> None:
    endless = replace(
        utterance("★" * 9_000 + "好" * 3_000, "hao3 " * 3_000),
        breaks=tuple((i, Break.WORD) for i in range(9_002, 12_000, 2)),
    )
    made = list(documents([[endless]], vendors()[vendor], "zh-CN-XiaoxiaoNeural"))
    assert [violation for each in made for violation in violations(each, vendor)] == []
    assert "".join("".join(fromstring(each).itertext()) for each in made) == endless.text


def test_paragraphs_sentences_and_pauses() -> None:
    first = replace(utterance("好，", "hao3"), pause_after_ms=180)  # cut by langdu, not the end of a sentence
    second = replace(utterance("好！”", "hao3"), pause_after_ms=450)
    third = replace(utterance("好", "hao3"), pause_after_ms=60_000)
    (made,) = documents([[first, second, third], [second]], vendors()["polly"], "Zhiyu")
    bare = re.sub("<phoneme[^>]*>|</phoneme>", "", made)
    assert bare == (
        '<speak><p><s>好，好！”</s><break time="450ms"/><s>好</s></p><break time="10000ms"/>'
        '<p><s>好！”</s></p><break time="450ms"/></speak>'
    )


def test_an_article_of_nothing_is_no_document() -> None:
    assert list(documents([], vendors()["azure"], "x")) == []


def test_the_title_is_slower_and_pauses_are_the_user_s(sample: Path) -> None:
    made = ssml(text.parse(str(sample)), Settings(rate=1.5, pauses=Pauses(title=2_000)), "google")
    assert made.documents[0].startswith('<speak><p><s><prosody rate="138%">')
    assert '</p><break time="2000ms"/><p><s><prosody rate="150%">' in made.documents[0]


def test_a_voice_is_named_only_where_documents_name_one(sample: Path) -> None:
    article = text.parse(str(sample))
    assert '<voice name="zh-CN-YunxiNeural">' in ssml(article, Settings(), "azure", "zh-CN-YunxiNeural").documents[0]
    with pytest.raises(ConfigError, match="is not a voice for Mandarin"):
        ssml(article, Settings(), "azure", "en-US-AvaNeural")
    with pytest.raises(ConfigError, match="the documents of polly name no voice"):
        ssml(article, Settings(), "polly", "Zhiyu")


# --- the command ----------------------------------------------------------------------------------------------------


@every_vendor
def test_the_command_prints_a_document_a_line(vendor: str, sample: Path) -> None:
    plain = langdu("ssml", str(sample), "--for", vendor)
    printed = plain.stdout.splitlines()
    rows = [json.loads(line) for line in langdu("ssml", str(sample), "--for", vendor, "--json").stdout.splitlines()]
    assert [row["ssml"] for row in rows] == printed
    assert [(row["vendor"], row["document"], row["of"]) for row in rows] == [
        (vendor, i, len(printed)) for i in range(1, len(printed) + 1)
    ]
    assert [violation for each in printed for violation in violations(each, vendor)] == []
    assert plain.stderr == ""


def test_the_command_lists_what_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("他说(shuō)诶(ê̌)，再玩儿(wánr)，再玩儿。", encoding="utf-8")
    done = langdu("ssml", "a.txt", "--for", "google", cwd=tmp_path)
    assert "google cannot be given the readings 诶 ê̌, 玩 wánr ×2" in done.stderr
    assert "诶，" in done.stdout


def test_files_are_numbered_and_none_is_replaced_unasked(tmp_path: Path, sample: Path) -> None:
    out = tmp_path / "new" / "article.ssml"
    langdu("ssml", str(sample), "--for", "polly", "-o", str(out))
    files = sorted(path.name for path in out.parent.iterdir())
    assert files == ["article-001.ssml", "article-002.ssml"]
    made = (out.parent / files[1]).read_text(encoding="utf-8")
    (out.parent / files[0]).unlink()
    (out.parent / files[1]).write_text("mine", encoding="utf-8")
    refused = langdu("ssml", str(sample), "--for", "polly", "-o", str(out), ok=(3,))
    assert "article-002.ssml is there already" in refused.stderr
    assert [path.read_text(encoding="utf-8") for path in out.parent.iterdir()] == ["mine"]
    langdu("ssml", str(sample), "--for", "polly", "-o", str(out), "--force")
    assert (out.parent / files[1]).read_text(encoding="utf-8") == made


def test_one_document_has_the_name_that_was_asked_for(tmp_path: Path, sample: Path) -> None:
    langdu("ssml", str(sample), "--for", "azure", "-o", "article.ssml", cwd=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["article.ssml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "x.ssml", "--json"), "two ways to write"),
        (("--force",), "there is no -o"),
        (("--rate", "9"), "choose from 0.5 to 2"),
        (("--voice", "zh-CN-YunxiNeural"), "name no voice"),
    ],
)
def test_options_that_make_no_sense(sample: Path, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = langdu("ssml", str(sample), "--for", "google", *arguments, ok=(2,), cwd=tmp_path)
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("vendor", "document", "fault"),
    [
        ("polly", '<speak><phoneme alphabet="sapi" ph="hao3">好</phoneme></speak>', "alphabet"),
        ("polly", '<speak><phoneme alphabet="x-amazon-pinyin" ph="lü3">旅</phoneme></speak>', "ph="),
        ("google", "<speak><s><p>好</p></s></speak>", "<p> in <s>"),
        ("google", "<speak>" + "好" * 1_700 + "</speak>", "over 5000"),
        ("azure", "<speak>好</speak>", "no namespace"),
        ("azure", '<speak xmlns="http://www.w3.org/2001/10/synthesis"><p>好</p></speak>', "<p> in <speak>"),
    ],
)
def test_the_grammar_of_these_tests_finds_faults(vendor: str, document: str, fault: str) -> None:
    assert any(fault in violation for violation in violations(document, vendor))
