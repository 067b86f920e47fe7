"""langdu doctor: a page for a bug report, which shows what is wrong and no secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path


def test_the_page_says_what_is_there(tmp_path: Path) -> None:
    shown = langdu("doctor", cwd=tmp_path).stdout
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


def test_a_voice_that_needs_more_than_a_package_is_not_called_ready(tmp_path: Path) -> None:
    environment = {"LANGDU_CACHE_DIR": str(tmp_path)}
    voices = json.loads(langdu("doctor", "--json", cwd=tmp_path, environment=environment).stdout)["voices"]
    for voice, needed in (
        ("azure", "needs your key"), ("google", "needs your key"), ("polly", "needs your key"),
        ("gtts", "needs a network"), ("piper", "needs your own file"), ("sherpa", "needs your own folder"),
    ):  # fmt: skip
        assert voices[voice].startswith((needed, "not installed: "))


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


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("HTTPS_PROXY", "u:s3cret@proxy:3128", "…@proxy:3128"),
        ("http_proxy", "//u:s3cret@p:1", "…@p:1"),
        ("ALL_PROXY", "socks5h://u:s3cret#/x@p:1", "socks5h://…@p:1"),
        ("PIP_CERT", "https://u:s3 s3cret@h/", "https://…@h/"),
        ("PIP_FIND_LINKS", "https:// u:s3cret@h", "https://…@h"),
        ("PIP_EXTRA_INDEX_URL", "https://u:s3cret@h/s\nhttps://u:s3@s3cret@h/s", "https://…@h/s"),
        ("PIP_INDEX_URL", "https://h/simple;token=s3cret", "https://h/simple;…"),
        ("PIP_INDEX_URL", "https://h/simple?token=1\ns3cret", "https://h/simple?…"),
        ("PIP_FIND_LINKS", "https://h/a#s3cret", "https://h/a#…"),
        ("PIP_TRUSTED_HOST", "u:s3cret@h", "…@h"),
        ("LANGDU_PASS", "s3cret", "set"),
        ("AZURE_SPEECH_AUTH", "s3cret", "set"),
        ("LANGDU_apikey", "s3cret", "set"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "s3cret", "set"),
        ("PIP_INDEX_URL", "https://h/simple", "https://h/simple"),
    ],
)
def test_passwords_in_variables_are_masked(name: str, value: str, shown: str, tmp_path: Path) -> None:
    done = langdu("doctor", "--json", cwd=tmp_path, environment={"LANGDU_CACHE_DIR": str(tmp_path), name: value})
    assert "s3cret" not in done.stdout
    assert json.loads(done.stdout)["environment"][name] == shown


def test_no_secret_is_shown(tmp_path: Path) -> None:
    secrets = {
        "AZURE_SPEECH_KEY": "s3cret",
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "AWS_SESSION_TOKEN": "s3cret",
        "LANGDU_GTTS_URL": "https://example.org/tts?key=s3cret",
        "HTTPS_PROXY": "http://ann:s3cret@proxy.example:8080",
        "PIP_INDEX_URL": "https://ann:s3cret@example.org/simple",
        "LANGDU_CACHE_DIR": str(tmp_path / "none"),
        "HOME": str(tmp_path),
        "USERPROFILE": str(tmp_path),
    }
    shown = langdu("doctor", cwd=tmp_path, environment=secrets).stdout
    assert "s3cret" not in shown
    assert "AZURE_SPEECH_KEY         set" in shown
    assert "http://…@proxy.example:8080" in shown
    assert "this folder              ~" in shown
