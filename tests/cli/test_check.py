"""langdu check: its forms of output, corrected copies, rules that are chosen, findings that are accepted."""

from __future__ import annotations

import json
import re
import stat
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from langdu.check.rules import RULES
from langdu.cli.shared.findings import marked_line
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """标题

在长春(chángchùn)的A&B<C项目(xiàngmù)里。
他在长春(zhǎngchūn)的学校(xuéxiào)里行动(xíngdòng)(xíngdòng)。
"""


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "文 章.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def findings(*arguments: str | Path, ok: tuple[int, ...] = (0,), cwd: Path | None = None) -> list[dict[str, object]]:
    out = langdu("check", *map(str, arguments), "--format", "json", "--fail-on", "never", ok=ok, cwd=cwd).stdout
    return [json.loads(line) for line in out.splitlines()]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- forms ----------------------------------------------------------------------------------------------------------


def test_text_marks_the_place_under_the_line(article: Path) -> None:
    shown = langdu("check", str(article), ok=(1,)).stdout.splitlines()
    lines = [line for line in shown if not line.startswith("  if it is right: ")]
    assert lines[0].endswith(":3:2: error 长春(chángchùn) 春 is not read chùn but chūn → chángchūn [wrong-tone]")
    assert lines[1:3] == ["  在长春(chángchùn)的A&B<C项目(xiàngmù)里。", "    ^^^^^^^^^^^^^^^"]
    assert [line.rpartition(" [")[2] for line in lines[::3]] == ["wrong-tone]", "wrong-in-context]", "written-twice]"]


def test_a_long_line_is_cut_round_the_place(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{'前文' * 99}，在长春(chángchùn)里，{'后文' * 99}。\n", encoding="utf-8")
    _, line, marks = langdu("check", "a.txt", ok=(1,), cwd=tmp_path).stdout.splitlines()
    assert line.startswith("  …")
    assert line.endswith("…")
    before = line[: line.index("长春")]
    assert marks.index("^") == len(before) + sum("一" <= char <= "鿿" or char == "，" for char in before)


def test_sarif(article: Path) -> None:
    out = langdu("check", article.name, "--format", "sarif", "--fail-on", "never", cwd=article.parent).stdout
    log = json.loads(out)
    # The shape that the schema of SARIF 2.1.0 requires.
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.name for rule in RULES]
    assert run["columnKind"] == "unicodeCodePoints"
    assert [(r["ruleId"], r["level"]) for r in run["results"]] == [
        ("wrong-tone", "error"),
        ("wrong-in-context", "warning"),
        ("written-twice", "note"),
    ]
    lines = TEXT.split("\n")
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "%E6%96%87%20%E7%AB%A0.txt"
        region = place["region"]
        assert region["startLine"] == region["endLine"]
        marked = lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
        assert marked.startswith(("长春(", "行动("))
        assert marked.endswith(")")
    assert [len(r.get("fixes", [])) for r in run["results"]] == [1, 0, 0]
    (replacement,) = run["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"]
    region = replacement["deletedRegion"]
    assert lines[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1] == "chángchùn"
    assert replacement["insertedContent"] == {"text": "chángchūn"}


class _Page(HTMLParser):
    """Collects ids, links and tags, and whether every tag is closed."""

    VOID = ("meta", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_stands_alone(article: Path) -> None:
    html = langdu("check", str(article), "--format", "html", ok=(1,)).stdout
    page = _Page()
    page.feed(html)
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids) == 6
    assert {link[1:] for link in page.links} == set(page.ids)
    assert all(link.startswith("#") for link in page.links)  # nothing is fetched
    assert page.seen.count("ruby") == 5
    assert "A&amp;B&lt;C" in html
    assert "prefers-color-scheme: dark" in html


def test_several_files_in_one_log(article: Path, sample: Path) -> None:
    log = json.loads(langdu("check", str(article), str(sample), "--format", "sarif", ok=(1,)).stdout)
    assert len(log["runs"][0]["artifacts"]) == 2
    assert {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["runs"][0]["results"]} == {
        a["location"]["uri"] for a in log["runs"][0]["artifacts"]
    }


# --- corrected copies -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_fix_changes_what_is_certain_and_no_other_byte(tmp_path: Path, encoding: str, end: str) -> None:
    source = tmp_path / "a.txt"
    source.write_bytes(TEXT.replace("\n", end).encode(encoding))
    before = source.read_bytes()
    found = findings(source, "--fix")
    assert [f["rule"] for f in found] == ["wrong-tone", "wrong-in-context", "written-twice"]
    assert [f["corrected"] for f in found] == [True, False, False]
    assert source.read_bytes() == before
    fixed = tmp_path / "a.fixed.txt"
    assert fixed.read_bytes() == TEXT.replace("chángchùn", "chángchūn").replace("\n", end).encode(encoding)
    assert [f["rule"] for f in findings(fixed)] == ["wrong-in-context", "written-twice"]


@pytest.mark.parametrize("before", ["", "一。\n", "一。\r\n", "一。\r", "\n一。\n\r\n\r"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r"])
def test_the_last_word_of_a_file_is_fixed(tmp_path: Path, before: str, end: str) -> None:
    (tmp_path / "a.txt").write_bytes(f"{before}在长春(chángchùn){end}".encode())
    langdu("check", "a.txt", "--fix", "-o", "b.txt", cwd=tmp_path)
    assert (tmp_path / "b.txt").read_bytes() == f"{before}在长春(chángchūn){end}".encode()


def test_fix_keeps_references_as_they_are_written(tmp_path: Path) -> None:
    written = (
        "AT&amp;T在&#38271;&#26149;(cháng chūn)，&nbsp;项目(xi&aacute;ngm&ugrave;)&lt;3。\r\n在长春(chángchùn)&mdash;"
    )
    (tmp_path / "a.txt").write_bytes(written.encode())
    langdu("check", "a.txt", "--fix", "-o", "b.txt", cwd=tmp_path)
    mended = written.replace("xi&aacute;ngm&ugrave;", "xiàngmù").replace("chángchùn", "chángchūn")
    assert (tmp_path / "b.txt").read_bytes() == mended.encode()


def test_fix_in_place_keeps_permissions(article: Path) -> None:
    article.chmod(0o640)
    langdu("check", str(article), "--fix", "--in-place")
    assert article.read_text(encoding="utf-8") == TEXT.replace("chángchùn", "chángchūn")
    assert stat.S_IMODE(article.stat().st_mode) == 0o640
    assert names(article.parent) == [article.name]


def test_fix_keeps_capitals_blanks_and_digits(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("他在北京（Běi jìng），他在建设(jian3she4)。\n", encoding="utf-8")
    langdu("check", "a.txt", "--fix", "-o", "b.txt", cwd=tmp_path)
    assert (tmp_path / "b.txt").read_text(encoding="utf-8") == "他在北京（Běi jīng），他在建设(jian4she4)。\n"


def test_nothing_certain_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("在长春(zhǎngchūn)里。\n", encoding="utf-8")
    done = langdu("check", "a.txt", "--fix", cwd=tmp_path)
    assert "no copy is written" in done.stderr
    assert names(tmp_path) == ["a.txt"]


def test_only_plain_text_is_fixed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body><p>在长春(chángchùn)里。</p></body></html>", encoding="utf-8")
    done = langdu("check", "a.html", "--fix", ok=(2,), cwd=tmp_path)
    assert "not plain text" in done.stderr
    assert names(tmp_path) == ["a.html"]


def test_what_is_corrected_is_listed_apart_from_what_remains(article: Path) -> None:
    done = langdu("check", str(article), "--fix", "--fail-on", "warning", ok=(1,))
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{article}:3:2: corrected 长春(chángchùn) 春 is not read chùn but chūn → chángchūn")
    assert ": warning " in lines[1]
    assert "0 errors, 1 warning" in done.stderr


@pytest.mark.parametrize("form", ["html", "json", "sarif"])
def test_a_report_goes_to_standard_output_or_into_a_file(article: Path, form: str) -> None:
    printed = langdu("check", str(article), "--format", form, ok=(1,)).stdout
    report = article.with_name(f"report.{form}")
    said = langdu("check", str(article), "--format", form, "-o", str(report), ok=(1,))
    assert (said.stdout, report.read_text(encoding="utf-8")) == ("", printed)
    assert f"langdu: written: {report}" in said.stderr


# --- rules and baselines --------------------------------------------------------------------------------------------


def test_select_and_ignore(article: Path) -> None:
    assert [f["rule"] for f in findings(article, "--select", "wrong-tone, written-twice")] == [
        "wrong-tone",
        "written-twice",
    ]
    assert [f["rule"] for f in findings(article, "--ignore", "wrong-tone,written-twice")] == ["wrong-in-context"]


def test_a_baseline_accepts_what_is_there(article: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "accepted.tsv"
    langdu("check", str(article), "--baseline", str(baseline), "--write-baseline")
    assert langdu("check", str(article), "--baseline", str(baseline)).stdout == ""
    # Lines may move; what is new is reported, though it is the same mistake in another place.
    article.write_text(
        f"{TEXT.replace('标题', '标题' + chr(10) + chr(10) + '新的一段。')}住长春(chángchùn)。\n", "utf-8"
    )
    (left,) = findings(article, "--baseline", baseline)
    assert (left["rule"], left["line"]) == ("wrong-tone", 7)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--select", "wrong-tone,nonsense"), "there is no rule 'nonsense'; there are annotate-this, "),
        (("--write-baseline",), "--baseline FILE"),
        (("--baseline", "missing.tsv"), "missing.tsv cannot be read"),
        (("-o", "b.txt"), "--fix"),
        (("--in-place",), "--fix"),
        (("--format", "html", "-o", "SOURCE"), "is the article itself: name another file for the report"),
        (("--fix", "--in-place", "-o", "b.txt"), "contradict"),
        (("--fix", "-o", "SOURCE"), "--in-place"),
        (("--fix", "-o", "b.txt", "SOURCE"), "-o names one file"),
        (("--fix", "http://a.b/c"), "web pages"),
    ],
)
def test_bad_usage(article: Path, arguments: tuple[str, ...], says: str) -> None:
    named = [str(article) if a == "SOURCE" else a for a in arguments]
    done = langdu("check", str(article), *named, ok=(2, 3), cwd=article.parent)
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert names(article.parent) == [article.name]
    assert article.read_text(encoding="utf-8") == TEXT


def test_a_damaged_baseline_is_told_by_its_line(article: Path, tmp_path: Path) -> None:
    (tmp_path / "b.tsv").write_text("# head\nwrong-tone\t长春\n", encoding="utf-8")
    assert "b.tsv:2: not a line" in langdu("check", str(article), "--baseline", str(tmp_path / "b.tsv"), ok=(2,)).stderr


def test_several_processes_say_what_one_says(tmp_path: Path) -> None:
    texts = {"a.txt": "长(zhǎng)春很冷。\n", "b.txt": "他去银行(xíng)了。\n", "c.txt": "山\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = ("check", "a.txt", "-", "b.txt", "c.txt", "--format", "json", "--fail-on", "never")
    alone, together = (langdu(*command, *more, stdin=texts["a.txt"], cwd=tmp_path) for more in ((), ("--jobs", "2")))
    assert [json.loads(line)["file"] for line in alone.stdout.splitlines()] == ["a.txt", "standard input", "b.txt"]
    assert (together.stdout, together.stderr) == (alone.stdout, alone.stderr)
    assert "bad.txt" in langdu("check", "a.txt", "bad.txt", "--jobs", "2", ok=(2,), cwd=tmp_path).stderr


@pytest.mark.parametrize("more", [(), ("--jobs", "2")])
def test_an_article_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / "1.txt").write_text("天冷(léng)。\n", encoding="utf-8")
    (tmp_path / "2.txt").write_bytes(b"\x00\x01\x02\xff")
    (tmp_path / "3.txt").write_text("我们去北京(běijīng。天很冷。\n", encoding="utf-8")
    done = langdu("check", "1.txt", "2.txt", "nope.txt", "3.txt", "--format", "json", *more, cwd=tmp_path, ok=(2,))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["file"], row["rule"]) for row in found] == [("1.txt", "wrong-tone"), ("3.txt", "unclosed-bracket")]
    assert "2.txt is not text" in done.stderr
    assert "there is no file nope.txt" in done.stderr


def test_a_long_line_is_never_cut_inside_a_ruby_tag() -> None:
    for length in range(100, 190):
        tags = f"<ruby class='{'q' * length}'>行</ruby>" * 20
        line = f"a > b{tags}长{tags}"
        at = line.index("长")
        shown, _, _ = marked_line(line, at, at + 1, 20)
        assert re.fullmatch(r"…行+长行+…", shown)


def test_ruby_is_quoted_as_brackets(tmp_path: Path) -> None:
    body = "我在<ruby class='a'>长<rp>(</rp><rt>chǎng</rt><rp>)</rp></ruby><ruby>城<rt>chéng</rt></ruby>上。"
    (tmp_path / "a.md").write_text(f"# 题目\n\n{'我看了看天。' * 40}{body}{'<b>天</b>黑了。' * 40}\n", encoding="utf-8")
    printed = langdu("check", "a.md", ok=(1,), cwd=tmp_path).stdout.splitlines()
    assert printed[0].startswith("a.md:3:259: error 长(chǎng) ")
    assert "看天。我在长(chǎng)城(chéng)上。天黑" in printed[1].replace("<b>", "").replace("</b>", "")
    assert printed[2].strip() == "^" * len("长(chǎng)x")
