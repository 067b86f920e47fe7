"""Which hanzi a reading with mistakes belongs to: the alignment of syllables with hanzi that costs least.

Each difference from what dictionaries list has a cost, so that a misspelled annotation still finds its hanzi. Linear in
the hanzi that it passes.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from langdu import lexicon
from langdu.marks import is_hanzi
from langdu.parse.annotations.alignment.exact import ERHUA, HIDDEN, LONGEST, STOPS, Pair, has_reading, spellings
from langdu.parse.annotations.alignment.written import latin_letters
from langdu.pinyin import Letters, final, initial

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from langdu.model import Syllable

# What a difference costs, in units of one wrong tone. A missing syllable costs more than one wrong part of a syllable,
# and less than a syllable that has nothing in common with its hanzi: 升级版(shēngbǎn) lacks jí. But a whole syllable,
# however unlike, is a likelier slip than letters that are not a syllable: 长春(chángchōu).
_WRONG_TONE = 1.0
_NEAR = 1.0
_WRONG_INITIAL = 1.2
_WRONG_FINAL = 1.4
_SAME_START = 2.0
_UNLIKE = 2.6
_MISSING = 1.9
_EXTRA = 3.0
_SCRAP = 3.0
_SKIPPED = 1.3
_UNWRITTEN_ERHUA = 0.3
_FIGURE = 0.2
_UNKNOWN = 0.1
_BEAM = 12
_SLACK = 5.0
_REACH = 4
_SHORT = 64  # characters of a reading
# What may follow a name without being annotated with it: 阜阳市(fù yáng).
KINDS = frozenset("市县區区省镇鎮乡鄉村山河江湖岛島寺庙庵宫阁楼台路街族语語字词")


class Fit(NamedTuple):
    """An alignment: the base `chars[first:end]`, the syllables of each character, and the cost.

    `hanzi` is how many of the characters are hanzi, and `agreeing` how many of these are read exactly so.
    """

    first: int
    end: int
    syllables: tuple[tuple[Syllable, ...], ...]
    cost: float
    hanzi: int
    agreeing: int


class _Path(NamedTuple):
    """A partial alignment; `back` is the path that it continues."""

    cost: float
    agreeing: int
    syllables: tuple[Syllable, ...]
    back: _Path | None


@lru_cache(maxsize=65536)
def difference(char: str, written: Syllable) -> float:
    """How far a written syllable is from the nearest reading of a character; 0 if it is one of them.

    >>> from langdu.model import Syllable, Tone
    >>> difference("项", Syllable("xiang", Tone.FALLING)), difference("项", Syllable("xiang", Tone.RISING))
    (0.0, 1.0)
    >>> difference("花", Syllable("hua", Tone.HIGH, erhua=True))
    0.3
    """
    if not has_reading(char):
        return _UNKNOWN
    if any(s == written for s in spellings(char, erhua=written.erhua).syllables.values()):
        return _UNWRITTEN_ERHUA if written.erhua else 0.0
    return min((_distance(reading, written) for reading in lexicon.readings(char)), default=_UNLIKE)


def _distance(reading: Syllable, written: Syllable) -> float:
    tone = 0.0 if reading.tone is written.tone else _WRONG_TONE
    if reading.base == written.base:
        return tone
    head, other_head = initial(reading), initial(written)
    tail, other_tail = final(reading), final(written)
    near_tails = tail.removesuffix("g") == other_tail.removesuffix("g")
    if near_tails and _near_initials(head, other_head):
        return _NEAR + tone
    if tail == other_tail:
        return _WRONG_INITIAL + tone
    if head and head == other_head and tail[:1] == other_tail[:1]:
        return _WRONG_FINAL + tone
    # 等(diě), 外(wàn): a slip in the final keeps the first letter of the syllable, and the tone.
    return _UNLIKE if tone or reading.base[0] != written.base[0] or head != other_head else _SAME_START


def _near_initials(one: str, other: str) -> bool:
    """Whether two initials are the same, or confused in an accent: z and zh, c and ch, s and sh, l and n."""
    return one == other or (one[:1] == other[:1] and one[:1] in tuple("zcs")) or {one, other} == {"l", "n"}


def nearest(view: str, end: int, floor: int, written: str) -> tuple[Pair, ...] | None:
    """The last hanzi of `view[floor:end]` that `written` most probably annotates; None if it annotates none.

    Digits and Latin letters among the hanzi may be read in any way, or not at all. The search stops at punctuation,
    unless there are fewer hanzi up to it than syllables: 快来，下雪。(Kuài lái, xià xué.).
    """
    letters = Letters.read(latin_letters(written)) if len(written) <= LONGEST else None
    if letters is None:
        return None
    places = _places(view, end, floor, letters)
    chars = "".join(view[at] for at in places)
    best = _best_short(chars, written) if len(written) <= _SHORT else _best(chars, letters)
    if best is None:
        return None
    pairs: list[Pair] = []
    for at, syllables in zip(places[best.first : best.end], best.syllables, strict=True):
        if pairs and _is_erhua_of(pairs[-1], view[at], at, syllables):
            pairs[-1] = pairs[-1]._replace(end=at + 1)
        elif is_hanzi(view[at]):
            pairs.append(Pair(at, at + 1, syllables))
    return tuple(pairs)


def _is_erhua_of(before: Pair, char: str, at: int, syllables: Sequence[Syllable]) -> bool:
    """Whether a 儿 is the r of the syllable before it."""
    return char in ERHUA and before.end == at and not syllables and any(s.erhua for s in before.syllables[-1:])


# Whoever annotates a word wrongly may do so a thousand times, and an alignment takes milliseconds.
@lru_cache(maxsize=4096)
def _best_short(chars: str, written: str) -> Fit | None:
    letters = Letters.read(latin_letters(written))
    return _best(chars, letters) if letters else None


def _best(chars: str, letters: Letters) -> Fit | None:
    fits = (fit for fit in _fits(chars, letters) if _believable(fit, chars))
    return min(fits, key=lambda fit: (fit.cost, fit.end - fit.first), default=None)


def _places(view: str, end: int, floor: int, letters: Letters) -> list[int]:
    """The places of the characters that the letters may annotate, in the order of the text."""
    fewest = letters.fewest()
    places: list[int] = []
    for at in range(end - 1, floor - 1, -1):
        char = view[at]
        if char in STOPS or len(places) > len(letters.text) + _REACH:
            break
        if has_reading(char) or char.isalnum():
            places.append(at)
        elif len(places) >= fewest and char != HIDDEN:
            break
    return places[::-1]


def _believable(fit: Fit, chars: str) -> bool:
    """Whether an author may have meant an alignment.

    A single syllable may differ in one part and the tone; if it differs more, it stands for a character of its own:
    去（chī）饭. But any syllable beside a rare character is its reading.
    """
    if fit.hanzi == 1 and fit.end - fit.first == 1 and _is_rare(chars[fit.first]):
        return any(fit.syllables)
    if fit.hanzi == 1:
        return any(fit.syllables) and fit.cost <= _WRONG_FINAL + _WRONG_TONE
    return fit.agreeing > 0 and fit.agreeing * 2 >= fit.hanzi - 1


@cache
def _is_rare(char: str) -> bool:
    """Whether a hanzi is outside the first levels of GB 2312 and Big5, the 3,755 and 5,401 most frequent ones."""
    simplified, traditional = (char.encode(code, errors="ignore") for code in ("gb2312", "big5"))
    return is_hanzi(char) and not (b"\xb0" <= simplified[:1] <= b"\xd7" or b"\xa4" <= traditional[:1] <= b"\xc6")


def _fits(chars: str, letters: Letters) -> Iterator[Fit]:
    lattice = letters.lattice()
    size = len(letters.text)
    for end in range(len(chars), max(0, len(chars) - _REACH), -1):
        skipped = len(chars) - end
        paths = {size: _Path(_SKIPPED + 0.1 * skipped if skipped else 0.0, 0, (), None)}
        for at in range(end - 1, -1, -1):
            paths = _consume(chars[at], paths, letters, lattice)
            if (done := paths.pop(0, None)) is not None:
                syllables = _syllables(done)
                if not skipped or _may_leave_out(done, syllables, chars[end:]):
                    yield Fit(at, end, syllables, done.cost, sum(map(is_hanzi, chars[at:end])), done.agreeing)
            if not paths or end - at > size:
                break
            if skipped and all(path.agreeing < end - at for path in paths.values()):
                break  # only if all agree may the rest be left out


def _syllables(path: _Path) -> tuple[tuple[Syllable, ...], ...]:
    out = []
    while path.back is not None:
        out.append(path.syllables)
        path = path.back
    return tuple(out)


def _may_leave_out(path: _Path, syllables: Sequence[tuple[Syllable, ...]], rest: str) -> bool:
    """Whether an annotation may leave out the `rest` of its word: 蜷伏(quán), 乳臭未干(xiù), 阜阳市(fù yáng).

    But 升级版(shēngjí) more probably lacks bǎn.
    """
    return path.agreeing == len(syllables) and (path.agreeing == 1 or len(rest) > 1 or rest in KINDS)


_Lattice: TypeAlias = "Mapping[int, Sequence[tuple[int, Syllable]]]"
_Ways: TypeAlias = "Iterator[tuple[int, float, tuple[Syllable, ...]]]"


def _consume(char: str, paths: Mapping[int, _Path], letters: Letters, lattice: _Lattice) -> dict[int, _Path]:
    """Every way to use one character: for a syllable, for letters that are not a syllable, or for nothing."""
    new: dict[int, _Path] = {}

    def offer(rest: int, path: _Path) -> None:
        if rest not in new or path.cost < new[rest].cost:
            new[rest] = path

    ways = _ways_of_hanzi if is_hanzi(char) else _ways_of_figure
    for rest, path in paths.items():
        for start, far, syllables in ways(char, rest, letters, lattice):
            offer(start, _Path(path.cost + far, path.agreeing + (far < _FIGURE), syllables, path))
    for rest, path in list(new.items()):
        for start, extra in lattice[rest]:
            offer(start, path._replace(cost=path.cost + _EXTRA, syllables=(extra, *path.syllables)))
    limit = min((path.cost for path in new.values()), default=0.0) + _SLACK
    kept = sorted((item for item in new.items() if item[1].cost <= limit), key=lambda item: item[1].cost)
    return dict(kept[:_BEAM])


def _ways_of_hanzi(char: str, rest: int, letters: Letters, lattice: _Lattice) -> _Ways:
    for start, syllable in lattice[rest]:
        yield start, difference(char, syllable), (syllable,)
    starts = {start for start, _ in lattice[rest]}
    for start in range(max(0, rest - 6), rest):
        if start not in starts and letters.breaks.isdisjoint(range(start + 1, rest)):
            yield start, _SCRAP, ()
    # The r of nàr is the 儿 of 那儿.
    is_erhua = char in ERHUA and any(syllable.erhua for _, syllable in lattice[rest])
    yield rest, 0.0 if is_erhua else _MISSING, ()


def _ways_of_figure(char: str, rest: int, letters: Letters, lattice: _Lattice) -> _Ways:
    """The ways to read a digit (one syllable or two: the 2 of 20 is èr shí) or a letter, or to leave it out."""
    yield rest, _FIGURE, ()
    if rest and letters.text[rest - 1] == char.lower():
        yield rest - 1, _FIGURE, ()
    if char.isdigit():
        for start, _ in lattice[rest]:
            yield start, _FIGURE, ()
            for earlier, _ in lattice[start]:
                yield earlier, 2 * _FIGURE, ()
