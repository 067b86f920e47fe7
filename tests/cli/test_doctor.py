"""langdu doctor: a page for a bug report, which shows what is wrong and no secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from programs import installed, langdu

if TYPE_CHECKING:
    from pathlib import Path


def test_the_page_says_what_is_there(tmp_path: Path) -> None:
    shown = installed("doctor", cwd=tmp_path).stdout
    for part in ("  version ", "  Python ", "  ffmpeg ", "  baker ", "  silence ", "  cache ", "  voice ", "numpy "):
        assert part in shown
    assert "who wins" in shown


def test_json_has_the_same_sections(tmp_path: Path) -> None:
    report = json.loads(langdu("doctor", "--json", cwd=tmp_path).stdout)
    assert list(report) == [
        "to mend", "langdu", "programs", "folders", "voices", "settings", "environment", "extras", "packages",
    ]  # fmt: skip
    assert report["voices"]["silence"] == "ready"
    assert report["settings"]["rate"] == "1.0 (default)"


def test_it_says_which_setting_wins(tmp_path: Path) -> None:
    (tmp_path / "langdu.toml").write_text('rate = 1.2\ncache_dir = "mine"\n', encoding="utf-8")
    environment = {"LANGDU_CACHE_DIR": str(tmp_path / "kept")}
    table = json.loads(langdu("doctor", "--json", cwd=tmp_path, environment=environment).stdout)["settings"]
    assert table["rate"] == "1.2 (langdu.toml)"
    assert table["cache_dir"].endswith("kept (LANGDU_CACHE_DIR)")
    assert table["loudness"] == "-18.0 (default)"


def test_mistakes_in_settings_and_tables_are_listed_and_end_nothing(tmp_path: Path) -> None:
    (tmp_path / "langdu.toml").write_text("rate = 9\n", encoding="utf-8")
    config = tmp_path / "langdu"
    config.mkdir()
    (config / "lexicon.tsv").write_text("六安\n", encoding="utf-8")
    environment = {"XDG_CONFIG_HOME": str(tmp_path), "LANGDU_CACHE_DIR": str(tmp_path / "none")}
    report = json.loads(langdu("doctor", "--json", cwd=tmp_path, environment=environment).stdout)
    assert report["to mend"]["settings"] == "langdu.toml, line 1: rate = 9: choose from 0.5 to 2"
    assert "lexicon.tsv:1: write a word" in report["to mend"]["own readings"]
    assert report["voices"]["baker"] == "not installed: langdu voices install baker"


def test_an_ffmpeg_that_does_not_start_is_listed(tmp_path: Path) -> None:
    environment = {"IMAGEIO_FFMPEG_EXE": str(tmp_path / "nothing")}
    report = json.loads(langdu("doctor", "--json", cwd=tmp_path, environment=environment).stdout)
    assert report["programs"]["ffmpeg"] == "missing"
    assert "does not start: No such file or directory; reinstall" in report["to mend"]["ffmpeg"]


def test_no_secret_is_shown(tmp_path: Path) -> None:
    secrets = {
        "AZURE_SPEECH_KEY": "s3cret",
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "AWS_SESSION_TOKEN": "s3cret",
        "LANGDU_GTTS_URL": "https://example.org/tts?key=s3cret",
        "HTTPS_PROXY": "http://ann:s3cret@proxy.example:8080",
        "PIP_INDEX_URL": "https://ann:s3cret@example.org/simple",
        "HOME": str(tmp_path),
        "USERPROFILE": str(tmp_path),
    }
    shown = langdu("doctor", cwd=tmp_path, environment=secrets).stdout
    assert "s3cret" not in shown
    assert "AZURE_SPEECH_KEY         set" in shown
    assert "http://…@proxy.example:8080" in shown
    assert "this folder              ~" in shown
