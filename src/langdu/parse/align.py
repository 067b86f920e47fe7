"""Which hanzi a written pinyin belongs to: one alignment of syllables with the readings of the hanzi before it.

`exact` follows the readings of the hanzi backward through the letters and settles nearly every annotation;
`nearest` allows mistakes, each at a cost, so that a misspelled annotation still finds its hanzi.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from langdu import lexicon
from langdu.model import Span, Syllable, Tone
from langdu.pinyin import SEPARATORS, Letters, final, initial, number, spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Letters that stand for others, and everything that may stand between syllables.
_PLAIN = str.maketrans(dict(zip("ăĕĭŏŭâêîôûɑɡıv", "ǎěǐǒǔǎěǐǒǔagiü", strict=True)) | dict.fromkeys(SEPARATORS, ""))
_SEPARATED = "".join(SEPARATORS)
_ERHUA = frozenset("儿兒")


class Pair(NamedTuple):
    """A syllable and the hanzi that it reads: `start:end` in the text. It is two hanzi long for an erhua."""

    start: int
    end: int
    syllable: Syllable


def plain(written: str) -> str:
    """Written pinyin in lower case, composed, without separators, look-alike letters replaced.

    >>> plain("Nĭ hǎo"), plain("nv3'er2"), plain("lu:4")
    ('nǐhǎo', 'nü3er2', 'lü4')
    """
    return unicodedata.normalize("NFKC", written).lower().replace("u:", "ü").translate(_PLAIN)


class _Spellings(NamedTuple):
    """How the readings of one character may be written, and the lengths of those spellings, longest first."""

    lengths: tuple[int, ...]
    syllables: Mapping[str, Syllable]


_NONE = _Spellings((), {})


@cache
def _spellings(char: str, *, erhua: bool = False) -> _Spellings:
    """With a mark, with a digit, without either (neutral), and with the tone it has after sandhi."""
    found: dict[str, Syllable] = {}
    readings = [Syllable(r.base, r.tone, erhua) for r in lexicon.readings(char) if r.base != "r"]
    for said in readings + [s for r in readings for s in _as_spoken(char, r)]:
        written = [spell(said), number(said)]
        if said.tone is Tone.NEUTRAL:
            written += [written[1][:-1] + "0"]
        for form in written:
            found.setdefault(form.replace("ê", "ě"), said)
    return _Spellings(tuple(sorted({len(form) for form in found}, reverse=True)), found) if found else _NONE


def _as_spoken(char: str, reading: Syllable) -> Iterator[Syllable]:
    """Tones that are as right as the dictionary's: neutral, and those of written sandhi (yíqì, bú shì, Ní yǒu)."""
    yield Syllable(reading.base, Tone.NEUTRAL, reading.erhua)
    if reading.tone is Tone.LOW or char in "一不":
        yield Syllable(reading.base, Tone.RISING, reading.erhua)
    if char == "一":
        yield Syllable(reading.base, Tone.FALLING, reading.erhua)


# --- exact ----------------------------------------------------------------------------------------------------------


class _Step(NamedTuple):
    """A partial reading: how many letters are left, the pairs found, and where the 儿 is whose r has been read."""

    rest: int
    pairs: tuple[Pair, ...]
    erhua_at: int | None


def exact(text: str, end: int, floor: int, letters: str) -> tuple[Pair, ...] | None:
    """The last hanzi of `text[floor:end]` whose readings spell all of `letters` (as `plain` gives them).

    What has no reading (punctuation, quotes, blanks) is passed over. Linear in the hanzi passed.
    """
    steps = [_Step(len(letters), (), None)]
    at = end
    while steps:
        at -= 1
        if at < floor:
            return None
        char = text[at]
        if not _spellings(char).lengths:
            if _blocks(char):
                return None
            continue
        steps = [new for step in steps for new in _read(step, char, at, letters)]
        for step in steps:
            if step.rest == 0:
                return step.pairs
    return None


def _blocks(char: str) -> bool:
    """A line's end, a letter or a digit: no annotation reaches across."""
    return char == "\n" or char.isalnum()


def _read(step: _Step, char: str, at: int, letters: str) -> Iterator[_Step]:
    rest, pairs, erhua_at = step
    end = at + 1 if erhua_at is None else erhua_at + 1
    if erhua_at is not None and erhua_at != at + 1:
        return
    lengths, syllables = _spellings(char, erhua=erhua_at is not None)
    for length in lengths:
        if length <= rest and (syllable := syllables.get(letters[rest - length : rest])) is not None:
            yield _Step(rest - length, (Pair(at, end, syllable), *pairs), None)
    if char in _ERHUA and erhua_at is None and letters[:rest].rstrip("012345").endswith("r"):
        yield _Step(rest, pairs, at)


# --- nearest --------------------------------------------------------------------------------------------------------

# What a difference costs, in units of one wrong tone. A missing syllable costs more than one wrong part of a
# syllable and less than a syllable that has nothing in common with the hanzi: 升级版(shēngbǎn) lacks jí.
_WRONG_TONE = 1.0
_NEAR = 1.0
_WRONG_INITIAL = 1.2
_WRONG_FINAL = 1.4
_UNLIKE = 4.0
_MISSING = 1.9
_EXTRA = 3.0
_SCRAP = 2.2
_SKIPPED = 1.3
_UNWRITTEN_ERHUA = 0.3
_BEAM = 12
_SLACK = 5.0
_REACH = 4


class Fit(NamedTuple):
    """The nearest alignment: the base `chars[first:end]`, its syllables, what it cost, how many agree exactly."""

    first: int
    end: int
    syllables: tuple[Syllable, ...]
    cost: float
    agreeing: int


class _Path(NamedTuple):
    cost: float
    syllables: tuple[Syllable, ...]
    agreeing: int


@lru_cache(maxsize=65536)
def difference(char: str, written: Syllable) -> float:
    """How far a written syllable is from the nearest reading of a character; 0 if it is one of them.

    >>> difference("项", Syllable("xiang", Tone.FALLING)), difference("项", Syllable("xiang", Tone.RISING))
    (0.0, 1.0)
    """
    if any(s == written for s in _spellings(char, erhua=written.erhua).syllables.values()):
        return _UNWRITTEN_ERHUA if written.erhua else 0.0
    return min((_distance(reading, written) for reading in lexicon.readings(char)), default=_UNLIKE)


def _distance(reading: Syllable, written: Syllable) -> float:
    tone = 0.0 if reading.tone is written.tone else _WRONG_TONE
    if reading.base == written.base:
        return tone
    heads, tails = (initial(reading), initial(written)), (final(reading), final(written))
    near_heads, near_tails = _near_initials(*heads), _near_finals(*tails)
    if near_heads and near_tails:
        return _NEAR + tone
    if tails[0] == tails[1]:
        return _WRONG_INITIAL + tone
    if heads[0] == heads[1] != "" and near_tails is False and tails[0][0] == tails[1][0]:
        return _WRONG_FINAL + tone
    return _UNLIKE


def _near_initials(one: str, other: str) -> bool:
    return one[:1] == other[:1] if one and other and one[0] in "zcs" else one == other or {one, other} <= {"l", "n"}


def _near_finals(one: str, other: str) -> bool:
    return one == other or one.removesuffix("g") == other.removesuffix("g")


def nearest(chars: str, written: str) -> Fit | None:
    """The hanzi at the end of `chars` that `written` most probably means; None if it reads none of them.

    `chars` are hanzi only. Linear in the hanzi looked at: at most `_BEAM` partial alignments are kept.
    """
    letters = Letters.read(written)
    if letters is None or not chars:
        return None
    found = list(_fits(chars, letters))
    best = min(found, key=lambda fit: (fit.cost, fit.end - fit.first), default=None)
    return best if best is not None and _believable(best) else None


def _believable(fit: Fit) -> bool:
    """A syllable alone may differ in one part and the tone; what differs more stands for a character: 去（chī）饭."""
    if fit.end - fit.first == 1:
        return bool(fit.syllables) and fit.cost <= _WRONG_FINAL + _WRONG_TONE
    return fit.agreeing > 0 and fit.agreeing * 2 >= fit.end - fit.first - 1


def _fits(chars: str, letters: Letters) -> Iterator[Fit]:
    lattice = letters.lattice()
    size = len(letters.text)
    for end in range(len(chars), max(0, len(chars) - _REACH), -1):
        skipped = len(chars) - end
        paths = {size: _Path(_SKIPPED + 0.1 * skipped if skipped else 0.0, (), 0)}
        for at in range(end - 1, -1, -1):
            paths = _consume(chars[at], paths, letters, lattice)
            if (done := paths.pop(0, None)) is not None and (not skipped or _whole(done, skipped)):
                yield Fit(at, end, done.syllables, done.cost, done.agreeing)
            if not paths or end - at > size:
                break


def _whole(path: _Path, skipped: int) -> bool:
    """Whether the path may leave hanzi after its base: 蜷伏(quán), 乳臭未干(xiù); 升级版(shēngjí) rather lacks bǎn."""
    return path.agreeing == len(path.syllables) and (path.agreeing == 1 or skipped > 1)


def _consume(
    char: str, paths: dict[int, _Path], letters: Letters, lattice: dict[int, list[tuple[int, Syllable]]]
) -> dict[int, _Path]:
    """Every way to spend one hanzi: on a syllable, on letters that are no syllable, or on nothing."""
    new: dict[int, _Path] = {}

    def offer(rest: int, path: _Path) -> None:
        if rest not in new or path.cost < new[rest].cost:
            new[rest] = path

    for rest, (cost, syllables, agreeing) in paths.items():
        for start, syllable in lattice[rest]:
            far = difference(char, syllable)
            offer(start, _Path(cost + far, (syllable, *syllables), agreeing + (far < _UNWRITTEN_ERHUA)))
        starts = {start for start, _ in lattice[rest]}
        for start in range(max(0, rest - 6), rest):
            if start not in starts and not any(start < b < rest for b in letters.breaks):
                offer(start, _Path(cost + _SCRAP, syllables, agreeing))
        offer(rest, _Path(cost + _MISSING, syllables, agreeing))
    for rest, (cost, syllables, agreeing) in list(new.items()):
        for start, syllable in lattice[rest] if rest else ():
            offer(start, _Path(cost + _EXTRA, (syllable, *syllables), agreeing))
    limit = min(path.cost for path in new.values()) + _SLACK
    kept = sorted((item for item in new.items() if item[1].cost <= limit), key=lambda item: item[1].cost)
    return dict(kept[:_BEAM])


# --- where each syllable is written ---------------------------------------------------------------------------------


def parts(written: str, pairs: Sequence[Pair]) -> list[Span]:
    """For each pair the part of `written` that spells its syllable, with its tone digit.

    >>> pairs = exact("你好世界", 4, 0, plain("Nǐ hǎo, shi4jie"))
    >>> [span.of("Nǐ hǎo, shi4jie") for span in parts("Nǐ hǎo, shi4jie", pairs)]
    ['Nǐ', 'hǎo', 'shi4', 'jie']
    """
    letters = [i for i, char in enumerate(written) if unicodedata.normalize("NFKD", char)[0].isalpha()]
    letters.append(len(written))
    ends = list(accumulate(len(pair.syllable.base) + pair.syllable.erhua for pair in pairs))
    spans = [Span(letters[start], letters[end]) for start, end in pairwise([0, *ends])]
    return [Span(span.start, span.start + len(span.of(written).rstrip(_SEPARATED))) for span in spans]
