"""Values of the library → the objects of docs/room-api.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from langdu.parse.article.kept import kept_lines
from langdu.pinyin import number, spell, zhuyin
from langdu.pipeline.editing.manuscript import finding_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.check.report import LocatedFinding
    from langdu.model import Article, Reading, Syllable
    from langdu.pipeline.editing.manuscript import Manuscript
    from langdu.pipeline.editing.readings import ReadingPlace, ReadParagraph, ReadWord
    from langdu.pipeline.editing.shelf import Shelf, Shelved
    from langdu.pipeline.reciting import SpokenPiece


def article_row(manuscript: Manuscript) -> dict[str, Any]:
    """An Article."""
    article, shelved = manuscript.article, manuscript.shelved
    return {
        "id": shelved.id,
        "title": shelved.title,
        "language": article.language,
        "version": manuscript.version,
        "characters": sum(len(paragraph.text) for paragraph in article.spoken_order()),
        "file": str(manuscript.path),
        "author": article.author,
        "date": article.date,
        "origin": article.origin,
        "undo": manuscript.can_undo,
        "redo": manuscript.can_redo,
        "place": _place(shelved),
        "paragraphs": [{"index": p.index, "title": p.is_title, "text": p.text} for p in article.spoken_order()],
        "left_out": list(_left_out(article)),
        "kept": list(_kept(article)),
    }


def _place(shelved: Shelved) -> dict[str, int] | None:
    return None if shelved.paragraph is None else {"paragraph": shelved.paragraph, "at": shelved.at}


def _left_out(article: Article) -> Iterator[dict[str, Any]]:
    lines = [(_line(article, p.source_offset(0)), p.index) for p in article.spoken_order() if p.text]
    for part in article.dropped:
        if part.reason != "front-matter":
            after = max((index for line, index in lines if line <= part.line), default=None)
            can_keep = part.reason != "not-understood"
            yield {"line": part.line, "text": part.text, "reason": part.reason, "after": after, "can_keep": can_keep}


def _kept(article: Article) -> Iterator[dict[str, Any]]:
    kept = kept_lines(article.source.text)
    for p in article.paragraphs if kept else ():
        if p.text and (line := _line(article, p.source_offset(0))) in kept:
            yield {"line": line, "text": p.text, "paragraph": p.index}


def _line(article: Article, offset: int) -> int:
    return article.source.text.count("\n", 0, offset) + 1


def paragraph_row(read: ReadParagraph) -> dict[str, Any]:
    """A Paragraph."""
    paragraph = read.paragraph
    return {
        "index": paragraph.index,
        "title": paragraph.is_title,
        "text": paragraph.text,
        "sound": read.sound,
        "words": [_word(word) for word in read.words],
    }


def _word(word: ReadWord) -> dict[str, Any]:
    row: dict[str, Any] = {"at": word.span.start, "text": word.text, "sentence": word.sentence, "chars": None}
    if word.readings:
        row["chars"] = [_char(char, reading) for char, reading in zip(word.text, word.readings, strict=True)]
    elif word.spoken:
        row |= {"spoken": word.spoken, "reads": " ".join(map(spell, word.said))}
    return row


def _char(char: str, reading: Reading | None) -> dict[str, Any]:
    if reading is None:
        return {"text": char, "syllable": None}
    return {
        "text": char,
        **syllable_row(reading.citation),
        "heard": int(reading.surface.tone),
        "source": reading.origin.value,
        "sure": round(reading.confidence, 3),
    }


def syllable_row(syllable: Syllable) -> dict[str, Any]:
    """A syllable in all its spellings."""
    return {
        "syllable": number(syllable),
        "pinyin": spell(syllable),
        "zhuyin": zhuyin.spell(syllable),
        "tone": int(syllable.tone),
    }


def place_row(index: int, at: int, place: ReadingPlace, version: int) -> dict[str, Any]:
    """A Place."""
    present = place.present.citation
    return {
        "paragraph": index,
        "at": at,
        "char": place.text[at - place.word.start],
        "word": place.text,
        "word_at": place.word.start,
        "version": version,
        "present": number(present),
        "source": place.present.origin.value,
        "reason": place.reason,
        "why": place.why,
        "sure": round(place.present.confidence, 3),
        "everywhere": len(place.same),
        "readings": [
            {**syllable_row(each.syllable), "sure": each.sure, "present": each.syllable == present}
            for each in place.candidates
        ],
    }


def finding_row(finding: LocatedFinding) -> dict[str, Any]:
    """A Finding."""
    of = finding.finding
    return {
        "id": finding_id(finding),
        "rule": of.rule,
        "severity": of.severity.value,
        "message": of.message,
        "wording": {"text": of.wording.text, "values": dict(of.wording.values)} if of.wording else None,
        "paragraph": of.paragraph,
        "start": of.span.start,
        "end": of.span.end,
        "text": of.text,
        "written": of.written,
        "suggestion": of.suggestion,
        "can_accept": of.suggestion is not None and finding.annotation is not None,
        "line": finding.line,
        "column": finding.column,
    }


def piece_row(article_id: str, index: int, sound: str, piece: SpokenPiece) -> dict[str, Any]:
    """A Piece."""
    rate = piece.sample_rate
    return {
        "paragraph": index,
        "sound": sound,
        "piece": piece.number,
        "pieces": piece.pieces,
        "start": piece.span.start,
        "end": piece.span.end,
        "url": f"/api/articles/{quote(article_id)}/sound/{sound_name(sound, piece.number)}",
        "seconds": round(len(piece.pcm) / 2 / rate, 4),
        "words": [
            [span.start, span.end, round(start / rate, 4), round(end / rate, 4)] for span, start, end in piece.words
        ],
    }


def sound_name(sound: str, number_of_piece: int) -> str:
    """The name of a piece's file."""
    return f"{sound}-{number_of_piece}.wav"


def shelf_row(shelf: Shelf) -> dict[str, Any]:
    """The shelf and what stands on it."""
    return {
        "folder": str(shelf.folder),
        "damaged": [str(shelf.folder / name) for name in shelf.damaged()],
        "articles": [
            {
                "id": each.id,
                "title": each.title,
                "opened": each.opened,
                "used": each.used,
                "characters": each.characters,
                "place": _place(each),
                "progress": each.progress,
                "corrections": each.corrections,
                "file": str(shelf.path(each)),
            }
            for each in shelf.articles()
        ],
    }
