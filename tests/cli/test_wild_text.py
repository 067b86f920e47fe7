"""What the commands say of text as people have it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path


def _file(folder: Path, text: str) -> str:
    path = folder / "a.txt"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_pinyin_over_all_words_is_read_again_as_it_was_meant(tmp_path: Path) -> None:
    source = _file(tmp_path, "他长(zhǎng)大了，一会儿去银行。")
    written = langdu("parse", source, "--annotate", "brackets", "--over", "all").stdout
    assert written == "他(tā)长(zhǎng)大(dà)了(le)，一会儿(yīhuìr)去(qù)银行(yínháng)。\n"
    before = json.loads(langdu("pinyin", source, "--json").stdout)
    after = json.loads(langdu("pinyin", _file(tmp_path, written), "--json").stdout)
    assert after["readings"] == before["readings"]


def test_a_sheet_without_tones(tmp_path: Path) -> None:
    source = _file(tmp_path, "他长(zhǎng)大了。")
    assert langdu("parse", source, "--annotate", "toneless").stdout == "他长(zhang)大了。\n"


def test_over_needs_a_style(tmp_path: Path) -> None:
    assert "add one of these" in langdu("parse", _file(tmp_path, "春"), "--over", "all", ok=(2,)).stderr


def test_pinyin_says_how_text_is_given() -> None:
    for command in ("pinyin", "normalize"):
        said = langdu(command, "长城", ok=(2,)).stderr
        assert f"echo '长城' | langdu {command} --lines" in said


def test_other_commands_say_how_text_is_given_too() -> None:
    for command in ("check", "parse", "read", "words"):
        said = langdu(command, "长城", ok=(2,)).stderr
        assert f"echo '长城' | langdu {command} -" in said


def test_check_says_how_many_annotations_it_saw(tmp_path: Path) -> None:
    done = langdu("check", _file(tmp_path, "长(cháng)城(chéng)很长。"), "--format", "json")
    assert done.stdout == ""
    assert "2 annotations" in done.stderr
    assert "1 annotation, " in langdu("check", _file(tmp_path, "长(cháng)城很长。")).stderr


def test_check_says_that_it_understood_none(tmp_path: Path) -> None:
    done = langdu("check", _file(tmp_path, "他说 wǒ hen hǎo 的时候。"))
    assert "no annotation was understood" in done.stderr
    assert "wǒ, hǎo" in done.stderr


def test_what_was_not_understood_is_a_finding_and_is_dropped(tmp_path: Path) -> None:
    source = _file(tmp_path, "他一生庸碌(rōng)。")
    (found,) = map(json.loads, langdu("check", source, "--format", "json", ok=(1,)).stdout.splitlines())
    assert (found["rule"], found["text"], found["written"], found["start"]) == ("not-understood", "碌", "rōng", 4)
    article = json.loads(langdu("parse", source, "--json").stdout)
    assert article["dropped"] == [{"line": 1, "text": "rōng", "reason": "not-understood"}]
