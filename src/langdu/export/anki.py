"""Words → a deck for Anki: hanzi, pinyin in the colours of its tones, the sentence, and the sound of both.

A word with its reading identifies a note, so importing another deck with the same word updates it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from langdu import files
from langdu.errors import ExportError
from langdu.files import atomic, made_at
from langdu.model import CardTask
from langdu.pinyin import spell, spell_word

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from langdu.model import Syllable

# Identifies langdu's kind of note in everybody's collection, so it must never change.
_MODEL: Final = 1_604_231_791
_DATABASE: Final = "collection.anki2"
# The size of the database of a deck with a hundred thousand notes; their sounds are separate files.
_LARGEST: Final = 1 << 28
# New fields come last, so that a field keeps its place in the collections that have one of our decks.
_FIELDS: Final = (
    "Key", "Hanzi", "Pinyin", "Audio", "Sentence", "SentenceAudio", "Level", "Meaning", "AskHanzi", "AskSound",
)  # fmt: skip
# How many meanings a card has, at most.
_MEANINGS: Final = 6
_CSS: Final = """\
.card { font-family: "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; font-size: 1.2em;
  text-align: center; }
.hanzi { font-size: 3em; }
.pinyin { font-size: 1.5em; }
.meaning { font-size: 1.1em; }
.level { color: #777; font-size: 0.8em; }
.tone1 { color: #c62828; } .tone2 { color: #c75b00; } .tone3 { color: #2e7d32; } .tone4 { color: #1565c0; }
.tone5 { color: #616161; }
.nightMode .tone1 { color: #ff8a80; } .nightMode .tone2 { color: #ffb74d; } .nightMode .tone3 { color: #81c784; }
.nightMode .tone4 { color: #82b1ff; } .nightMode .tone5 { color: #bdbdbd; }
"""
_HANZI: Final = '<div class="hanzi" lang="zh-CN">{{Hanzi}}</div>'
_ANSWER: Final = """\
<div class="pinyin">{{Pinyin}}</div>
{{#Meaning}}<p class="meaning">{{Meaning}}</p>{{/Meaning}}
{{Audio}}
<p lang="zh-CN">{{Sentence}}</p>
{{SentenceAudio}}
{{#Level}}<p class="level">HSK {{Level}}</p>{{/Level}}
"""
# Each kind of card, with its front and its back. Anki makes no card whose front is empty.
_CARDS: Final = (
    ("Hanzi", f"{{{{#AskHanzi}}}}{_HANZI}{{{{/AskHanzi}}}}", f'{_HANZI}\n<hr id="answer">\n{_ANSWER}'),
    ("Sound", "{{#AskSound}}{{Audio}}{{/AskSound}}", f'{_HANZI}\n<hr id="answer">\n{_ANSWER}'),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One word with its reading; `at` is its offset in `sentence`. The sounds are MP3 files."""

    text: str
    syllables: tuple[Syllable, ...]
    sentence: str
    at: int
    level: str | None
    meanings: tuple[str, ...]
    sound: Path
    sentence_sound: Path


def write_deck(path: Path, name: str, cards: Iterable[Card], ask: CardTask = CardTask.BOTH) -> None:
    """Write an .apkg file, whole or not at all. Media files are named after the hash of their content.

    Anki takes a note only if it is newer than the one that it has. So the time of making is in it, and the same cards
    give the same bytes only if SOURCE_DATE_EPOCH says what time it is.

    Each note has a card that asks for its hanzi, one that asks for its sound, or both.

    Raises: ExportError: the file cannot be written, or the extra anki is not installed.
    """
    genanki = _library()
    model = genanki.Model(
        _MODEL,
        "langdu",
        fields=[{"name": field} for field in _FIELDS],
        templates=[{"name": name, "qfmt": front, "afmt": back} for name, front, back in _CARDS],
        css=_CSS,
    )
    deck = genanki.Deck(_identity(name), deck_name(name))
    media: dict[str, Path] = {}
    for card in cards:
        key = f"{card.text} {spell_word(card.syllables)}"
        sounds = {_media_name(sound): sound for sound in (card.sound, card.sentence_sound)}
        own, sentence = (f"[sound:{_media_name(sound)}]" for sound in (card.sound, card.sentence_sound))
        shown = [_field(key), _field(card.text), coloured(card.syllables)]
        meaning = _field("; ".join(card.meanings[:_MEANINGS]))
        asked = ["1" if ask in (one, CardTask.BOTH) else "" for one in (CardTask.HANZI, CardTask.SOUND)]
        fields = [*shown, own, _marked(card), sentence, card.level or "", meaning, *asked]
        deck.add_note(genanki.Note(model=model, fields=fields, guid=genanki.guid_for("langdu", key)))
        media |= sounds
    now = made_at()
    with atomic(path) as partial, TemporaryDirectory(prefix="langdu-") as folder:
        database = Path(folder) / _DATABASE
        with closing(sqlite3.connect(database)) as collection:
            genanki.Package(deck).write_to_db(collection.cursor(), now, itertools.count(int(now * 1000)))
            collection.commit()
        _pack(partial, database, media)


def _pack(path: Path, database: Path, media: dict[str, Path]) -> None:
    """Pack an .apkg file. genanki's own way would put the times of temporary files into it."""
    with zipfile.ZipFile(path, "w") as deck:
        deck.writestr(zipfile.ZipInfo(_DATABASE), database.read_bytes())
        deck.writestr(zipfile.ZipInfo("media"), json.dumps(dict(enumerate(media))))
        for number, sound in enumerate(media.values()):
            deck.writestr(zipfile.ZipInfo(str(number)), sound.read_bytes())


def check_deck(path: Path) -> None:
    """Make sure that a deck can be written to a path.

    Raises: ExportError: the extra anki is not installed, or the file exists and is not a deck of langdu's.
    """
    _library()
    if path.exists() and not _is_ours(path):
        raise ExportError(f"{path} is there already and langdu did not make it: move it away, or choose another name")


def _is_ours(path: Path) -> bool:
    """Whether a file is a deck that has our kind of note."""
    try:
        with (
            files.opened(path) as file,
            zipfile.ZipFile(file) as package,
            TemporaryDirectory(prefix="langdu-") as folder,
        ):
            if package.getinfo(_DATABASE).file_size > _LARGEST:
                return False
            database = package.extract(_DATABASE, folder)
            with closing(sqlite3.connect(database)) as collection:
                (models,) = collection.execute("SELECT models FROM col").fetchone()
        return str(_MODEL) in files.from_json(models)
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, sqlite3.Error):
        return False


def _library() -> ModuleType:
    """The package genanki. Raises: ExportError: the extra anki is not installed."""
    try:
        import genanki  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ExportError("a deck for Anki needs genanki; run: pip install 'langdu[anki]'") from error
    module: ModuleType = genanki
    return module


def deck_name(name: str) -> str:
    r"""A title as the name of a deck. In Anki, `::` would make a deck inside another; line breaks are not allowed.

    >>> deck_name("今日::要闻/国内\n")
    '今日：：要闻/国内'
    """
    return re.sub(r"\s+", " ", name.replace("::", "：：")).strip() or "langdu"


def coloured(syllables: Iterable[Syllable]) -> str:
    r"""Pinyin as HTML; the class of each syllable is its tone.

    >>> from langdu.pinyin import parse_syllable
    >>> coloured([parse_syllable("nv3"), parse_syllable("er2")])
    '<span class="tone3">nǚ</span>\'<span class="tone2">ér</span>'
    """
    out = ""
    for syllable in syllables:
        out += "'" if out and syllable.base[0] in "aoeê" else ""
        out += f'<span class="tone{int(syllable.tone)}">{spell(syllable)}</span>'
    return out


def _marked(card: Card) -> str:
    before, after = card.sentence[: card.at], card.sentence[card.at + len(card.text) :]
    return f"{_field(before)}<b>{_field(card.text)}</b>{_field(after)}"


def _field(text: str) -> str:
    """Text escaped for a field, where HTML and commands such as [sound:…] or [latex] have a meaning.

    >>> _field("<b>[sound:x.mp3]")
    '&lt;b&gt;&#91;sound:x.mp3]'
    """
    return escape(text, quote=False).replace("[", "&#91;")


def _identity(name: str) -> int:
    """A deck's number, computed from its name so that the next import has the same."""
    return (1 << 30) + int.from_bytes(hashlib.sha256(deck_name(name).encode()).digest()[:4], "big") % (1 << 30)


def _media_name(sound: Path) -> str:
    return f"langdu-{hashlib.sha256(sound.read_bytes()).hexdigest()[:20]}.mp3"
