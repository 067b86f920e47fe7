"""A byte-level fuzzer over every file type: `python tests/fuzz_parse.py 100000` reads so many spoilt files.

Whatever the bytes, the parser gives an article or an InputError, within a second.
"""

from __future__ import annotations

import random
import sys
import time
import zipfile
from io import BytesIO

from archives import docx, epub
from langdu.errors import InputError
from langdu.parse import parse_article
from langdu.parse.formats import extract

TEXT = (
    "江上的冬天\n江上的冬天\n江上(jiāngshàng)结了冰[bīng]，孩子们（háizi men）滑来滑去。(2024) “六”应读lù，不读liù。\n"
    "<ruby>雪<rt>xuě</rt></ruby>又下了，{汉字|hàn|zì}，\\xpinyin{长}{chang2}，驻(助)，漢(ㄏㄢˋ)。\n"
    "| 春 | chūn |\n|---|---|\n\n相关推荐\n# 题\n- **好** [地图](http://example.org/)\n```\ncode\n```\n"
)
SEEDS: dict[str, bytes] = {
    "a.txt": TEXT.encode(),
    "b.txt": TEXT.encode("gb18030"),
    "c.txt": TEXT.encode("utf-16"),
    "a.md": f"---\ntitle: 冬\n---\n{TEXT}".encode(),
    "a.html": f"<!DOCTYPE html><html><head><title>冬</title></head><body><p>{TEXT}</p></body></html>".encode(),
    "a.json": '{"title": "冬", "content": "江上(jiāngshàng)", "words": [{"h": "雪", "pinyin": "xu\\u011b"}]}'.encode(),
    "a.srt": f"1\n00:00:01,000 --> 00:00:02,000\n{TEXT}\n".encode(),
    "a.vtt": f"WEBVTT\n\n00:01.000 --> 00:02.000\n{TEXT}\n".encode(),
    "a.epub": epub({"a.xhtml": f"<p>{TEXT.replace('&', '')}</p>"}),
    "a.docx": docx(
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>xuě</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>雪</w:t></w:r></w:rubyBase>"
        f"</w:ruby></w:r><w:r><w:t>{TEXT.replace('<', '').replace('&', '')}</w:t></w:r></w:p>"
    ),
}
PIECES = [
    *"()（）<>{}|\n\0\ud800，\ufff9\ufffa", "<ruby>", "<rt>", "</ruby>", "&#x6f22;", "[" * 50, "長", "cháng", "chang2",
    "ㄏㄢˋ", "读作", "不读", "音同“", "\\u01d0", "%C7%90", "字" * 30, "-->", "```",
]  # fmt: skip
SLOW = 1.0


def spoilt(rng: random.Random, data: bytes, *, whole_characters: bool = False) -> bytes:
    """The data with a few bytes, or characters, changed, cut, repeated or put in."""
    # Latin-1 is bytes as characters.
    code = "utf-8" if whole_characters else "latin-1"
    out = data.decode(code, errors="replace")
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(out) + 1)
        length = rng.randint(1, 60)
        match rng.randrange(5):
            case 0:
                out = out[:at] + chr(rng.randrange(256)) + out[at + 1 :]
            case 1:
                out = out[:at] + out[at + length // 2 :]
            case 2:
                out = out[:at] + out[max(0, at - length) : at] * rng.randint(1, 4) + out[at:]
            case 3:
                piece = rng.choice(PIECES).encode("utf-8", "surrogatepass").decode(code, errors="replace")
                out = out[:at] + piece * rng.choice([1, 1, 1, 20]) + out[at:]
            case _:
                other = rng.choice(list(SEEDS.values())).decode(code, errors="replace")
                start = rng.randrange(len(other))
                out = out[:at] + other[start : start + length] + out[at:]
    return out.encode(code, "surrogatepass")


def respoilt(rng: random.Random, data: bytes) -> bytes:
    """An archive whose parts are spoilt, so that what reads them is tried and not only the ZIP."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for path in old.namelist():
            content = old.read(path)
            spoil = rng.random() < 0.4
            new.writestr(path, spoilt(rng, content, whole_characters=rng.random() < 0.7) if spoil else content)
    return buffer.getvalue()


def fuzz(count: int, seed: int) -> list[str]:
    """Read so many spoilt files; a line for each that crashed the parser, or took too long."""
    rng = random.Random(seed)  # noqa: S311  # no secret
    faults: list[str] = []
    for i in range(count):
        name = rng.choice(list(SEEDS))
        is_archive = name.endswith(("epub", "docx"))
        spoil = respoilt if is_archive and rng.random() < 0.7 else spoilt
        characters = spoil is spoilt and not is_archive and name not in ("b.txt", "c.txt") and rng.random() < 0.7
        data = spoilt(rng, SEEDS[name], whole_characters=True) if characters else spoil(rng, SEEDS[name])
        start = time.process_time()
        try:
            parse_article(extract(data, name, is_page=False))
        except InputError:
            pass
        except Exception as error:  # noqa: BLE001  # every other exception is what is looked for
            faults.append(f"{seed}/{i} {name}: {type(error).__name__}: {error} {data!r:.2000}")
        if (took := time.process_time() - start) > SLOW:
            faults.append(f"{seed}/{i} {name}: {took:.1f} s {data!r:.2000}")
    return faults


if __name__ == "__main__":
    found = fuzz(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print("\n".join(found) or "no crash, no hang")  # noqa: T201  # a task that a person runs
    sys.exit(bool(found))
