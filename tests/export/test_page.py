"""The page to read along, as it stands in the file: read back with lxml, its sound with ffmpeg."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from lxml import html

import langdu
from langdu.errors import ExportError
from langdu.export.page import write
from langdu.model import Finding, Origin, Reading, Severity, Span, Syllable, Timing, Tone
from pages import noise, page, spooled
from recorded import RATE, SYLLABLE, programme, track

HOSTILE = [
    "<script>alert(1)</script>长春",
    "&lt;&amp;\"'/\\:长\n春",
    "长" * 300,
    "📚长春",
    "مرحبا长春",
    "</title><img src=x onerror=alert(1)>长",
    "$script $title $$长",
    "--></style><!--长",
]


def read(path: Path) -> Any:  # noqa: ANN401 - lxml's elements have no types
    return html.fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def written(element: Any) -> str:  # noqa: ANN401
    """The text without pinyin, and without what findings say."""
    skip = ("rt", "rp")
    if element.tag in skip or "place" in element.get("class", "").split() or element.tag == "ul":
        return ""
    return (element.text or "") + "".join(written(child) + (child.tail or "") for child in element)


def finding(
    span: Span, severity: Severity = Severity.ERROR, *, paragraph: int = 0, message: str = "is wrong"
) -> Finding:
    return Finding(
        rule="wrong-tone",
        severity=severity,
        message=message,
        paragraph=paragraph,
        span=span,
        text="长春",
        written="zhǎngchūn",
        suggestion="chángchūn",
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_text(tmp_path: Path, text: str) -> None:
    root = read(page(tmp_path, programme([text, text]), title=text))
    (article,) = root.findall(".//article")
    title, paragraph = article
    # lxml gives line feeds as they are; both are the text, once and whole
    assert written(title) == written(paragraph) == text
    assert root.findtext(".//title") == " ".join(text.split())
    assert len(root.findall(".//script")) == len(root.findall(".//style")) == 1
    assert not root.findall(".//img")


def test_words_have_their_times_and_pinyin(tmp_path: Path) -> None:
    root = read(page(tmp_path, programme(["长春", "在长春25台A。"], SYLLABLE)))
    words = [
        (written(w), float(w.get("data-start")), float(w.get("data-end"))) for w in root.iterfind(".//*[@data-start]")
    ]
    assert words == [
        ("长春", 0, 0.4),
        ("在", 0.6, 0.8),
        ("长春", 0.8, 1.2),
        ("25", 1.2, 1.6),
        ("台", 1.6, 1.8),
        ("A。", 1.8, 2),
    ]
    assert [rt.text for rt in root.iterfind(".//p[@dir]//rt")] == ["chǎng"] * 4
    assert float(root.get_element_by_id("position").get("max")) == 2.2


def test_erhua_has_one_reading_over_two_characters(tmp_path: Path) -> None:
    made = track("玩儿")
    syllable = Syllable("wan", Tone.RISING, erhua=True)
    erhua = Reading(syllable, syllable, Origin.LEXICON)
    made = replace(made, timings=(Timing(text="玩", at=Span(0, 2), reading=erhua, start=0, end=2 * SYLLABLE),))
    (ruby,) = read(page(tmp_path, [made])).iterfind(".//ruby")
    assert (ruby.text, ruby.findtext("rt")) == ("玩儿", "wánr")
    assert ruby.getparent().get("class") == "word"  # no annotation, so not "annotated"


def test_the_contents_lead_to_paragraphs(tmp_path: Path) -> None:
    root = read(page(tmp_path, programme(["长春", "在长春<b>。", "春。"])))
    links = [(link.get("href"), link.text) for link in root.get_element_by_id("contents").iterfind(".//a")]
    assert links == [("#p-1", "长春"), ("#p0", "在长春<b>。"), ("#p1", "春。")]
    assert written(root.get_element_by_id("p1")) == "春。"


def test_a_single_chapter_has_no_contents(tmp_path: Path) -> None:
    assert read(page(tmp_path, programme(["长春"]))).find(".//*[@id='contents']") is None


def test_an_article_without_a_title_has_a_heading(tmp_path: Path) -> None:
    root = read(page(tmp_path, [track("长春。")], title="a <b>"))
    assert [h.text for h in root.iterfind(".//h1")] == ["a <b>"]


def test_findings_are_where_they_are(tmp_path: Path) -> None:
    tracks = programme(["长春", "在长春全面振兴。"])
    found = [
        finding(Span(1, 3)),
        finding(Span(2, 5), Severity.INFO, message="<i>"),
        finding(Span(0, 2), Severity.WARNING, paragraph=-1),
    ]
    root = read(page(tmp_path, tracks, findings=found))
    assert root.get_element_by_id("findings").get("checked") is None  # not shown unless asked for
    for number, severity in enumerate(("error", "info", "warning"), 1):
        place, row = root.get_element_by_id(f"place{number}"), root.get_element_by_id(f"finding{number}")
        assert place.get("href") == f"#finding{number}"
        assert row.find("a").get("href") == f"#place{number}"
        assert place.text_content().startswith(severity)
        assert severity in row.text_content()
        assert "Suggested: chángchūn." in row.text_content()
    assert "<i>" in root.get_element_by_id("finding2").text_content()
    marked = [(m.get("class"), written(m)) for m in root.iterfind(".//mark")]
    assert marked == [("warning", "长春"), ("error", "长春"), ("info", "全面")]
    before = root.get_element_by_id("place1").getprevious()
    assert written(before) == "长春"


def test_without_findings_nothing_is_said_of_them(tmp_path: Path) -> None:
    root = read(page(tmp_path, programme(["长", "春"])))
    assert root.find(".//*[@id='findings']") is None
    assert root.find(".//*[@class='findings']") is None


def test_the_policy_allows_this_script_and_style_only(tmp_path: Path) -> None:
    root = read(page(tmp_path, programme(["长", "春"])))
    (policy,) = (meta.get("content") for meta in root.iterfind(".//meta[@http-equiv]"))
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules.pop("media-src") == "data: blob:"
    for tag in ("script", "style"):
        digest = hashlib.sha256(root.findtext(f".//{tag}").encode()).digest()
        assert rules.pop(f"{tag}-src") == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert set(rules.values()) == {"'none'"}
    assert "default-src" in rules
    # Nothing names a place elsewhere, and nothing is styled or scripted by an attribute.
    for element in root.iter("*"):
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
        for name in ("src", "href"):
            assert re.match(r"#|data:audio/mp4;base64,|$", element.get(name, ""))


def test_the_sound_is_the_programme(tmp_path: Path) -> None:
    tracks = programme(["长春", "在长春全面振兴。"], 3_000)
    root = read(page(tmp_path, tracks))
    encoded = base64.b64decode(root.find(".//audio").get("src").split(",")[1], validate=True)
    (tmp_path / "a.m4a").write_bytes(encoded)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", tmp_path / "a.m4a", "-f", "s16le", "-ac", "1", "-"]
    decoded = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<i2") / 32_768
    wanted = noise(tracks[-1].end)
    assert abs(len(decoded) - len(wanted)) < 0.05 * RATE
    # Noise is hardest on the encoder, but no other shift would be alike at all.
    part = slice(RATE // 2, RATE)
    alike = [np.dot(np.roll(decoded, shift)[part], wanted[part]) for shift in range(-100, 101)]
    assert int(np.argmax(alike)) - 100 == 0


def test_nothing_to_say(tmp_path: Path) -> None:
    silent = replace(track("……"), end=0, timings=())
    with pytest.raises(ExportError, match="nothing to say"):
        page(tmp_path, [silent])
    assert not list(tmp_path.glob("*.html"))


def test_an_encoder_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/bin/false")
    with pytest.raises(ExportError, match=r"page\.html cannot be written: ffmpeg"):
        page(tmp_path, programme(["长", "春"]))
    assert not list(tmp_path.glob("*.html"))
    assert not list(tmp_path.glob(".langdu*"))


def test_memory_does_not_grow_with_the_programme(tmp_path: Path) -> None:
    peaks = []
    for count in (3, 60):
        made = spooled(tmp_path, programme(["在长春全面振兴新突破三年攻坚行动中。" * 5] * count))
        write(tmp_path / "a.html", made)  # loads what is loaded once
        tracemalloc.start()
        write(tmp_path / "a.html", made)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 500_000, peaks


@pytest.mark.parametrize("style", ["export/page/reading/reading.css", "room/page/room.css"])
def test_no_rule_looks_through_the_whole_text(style: str) -> None:
    """For `:root:has(…)` before an element a browser looks at 30,000 elements whenever a paragraph comes into sight."""
    rules = re.sub(
        r"/\*.*?\*/", "", (Path(langdu.__file__).parent / style).read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert re.search(r"\bheader:has\(", rules)
    assert [rule for rule in re.findall(r":root\S*:has\([^{]*\{[^}]*\}", rules) if "color-scheme" not in rule] == []
