"""Which hanzi a written reading belongs to: one alignment of syllables with the readings of the hanzi.

`exact` follows the readings of the hanzi backward through the letters and settles nearly every annotation;
`nearest` allows mistakes, each at a cost, so that a misspelled annotation still finds its hanzi. Both are linear in
the hanzi they pass.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from langdu import lexicon
from langdu.marks import HANZI
from langdu.model import Syllable, Tone
from langdu.parse.annotations.alignment.written import latin
from langdu.pinyin import Letters, final, initial, number, spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Stands in a view of the text for hanzi that have their annotation: no other reaches across them.
WALL = "\0"
# Stands in a view of the text for what is not read: markup, and annotations found before.
HIDDEN = "\u200b"
_ERHUA = frozenset("儿兒")
# 崖 ㄧㄞˊ, as Taiwan had it: the dictionaries here do not list it, old textbooks write it.
_YA, _YAI = Syllable("ya", Tone.RISING), Syllable("yai", Tone.RISING)
_STOPS = frozenset("\n" + WALL)


# Nobody writes a reading of more letters without a break; mistakes in a longer one are not looked for.
_LONGEST = 2000


class Pair(NamedTuple):
    """A hanzi, `start:end` in the text, and its syllables: one, but for a mistake; an erhua's hanzi is two long."""

    start: int
    end: int
    syllables: tuple[Syllable, ...]


class _Spellings(NamedTuple):
    """How the readings of one character may be written, and the lengths of those spellings, longest first."""

    lengths: tuple[int, ...]
    syllables: Mapping[str, Syllable]


_NONE = _Spellings((), {})


@cache
def _spellings(char: str, *, erhua: bool = False) -> _Spellings:
    """With a mark, with a digit, without either (neutral), and with the tone it has after sandhi."""
    readings = [r for r in lexicon.readings(char) if r.base != "r"]
    if erhua:
        readings = [Syllable(r.base, r.tone, erhua=True) for r in readings]
    if _YA in readings:
        readings.append(_YAI)
    sandhi = char if char in "一不" else ""
    forms = [form for r in readings for form in _forms(r)]
    forms += [form for r in readings for form in _as_spoken(r, sandhi)]
    found = dict(reversed(forms))  # of two syllables that are written alike the first counts
    return _Spellings(tuple(sorted(set(map(len, found)), reverse=True)), found) if found else _NONE


@cache
def _forms(syllable: Syllable) -> tuple[tuple[str, Syllable], ...]:
    """The ways to write a syllable, in the letters of `written.plain`: nüè4 is typed nue4 too."""
    digits = number(syllable)
    forms = [spell(syllable).replace("ê", "ě"), digits.replace("ê", "ě")]
    if syllable.tone is Tone.NEUTRAL:
        forms.append(digits[:-1] + "0")
    if syllable.base in ("lüe", "nüe"):
        forms += [form.replace("ü", "u") for form in forms]
    return tuple((form, syllable) for form in forms)


@cache
def _as_spoken(reading: Syllable, sandhi: str) -> tuple[tuple[str, Syllable], ...]:
    """The same with tones that are as right as the dictionary's: neutral, and written sandhi (yíqì, bú shì, Ní yǒu)."""
    tones = [Tone.NEUTRAL]
    if reading.tone is Tone.LOW or sandhi:
        tones.append(Tone.RISING)
    if sandhi == "一":
        tones.append(Tone.FALLING)
    return tuple(form for tone in tones for form in _forms(Syllable(reading.base, tone, reading.erhua)))


# --- exact ----------------------------------------------------------------------------------------------------------


def exact(view: str, end: int, floor: int, letters: str) -> tuple[Pair, ...] | None:
    """The last hanzi of `view[floor:end]` whose readings spell all of `letters` (as `written.plain` gives them).

    What has no reading (punctuation, quotes, blanks, what is hidden) is passed over.
    """
    rest, at = len(letters), end
    found: list[Pair] = []
    while rest and at > floor:
        at -= 1
        char = view[at]
        lengths, syllables = _spellings(char)
        if not lengths:
            if _blocks(char):
                return None
            continue
        fitting = [n for n in lengths if n <= rest and letters[rest - n : rest] in syllables]
        if not fitting and char not in _ERHUA:
            return None
        if len(fitting) != 1 or char in _ERHUA:
            rest_of_it = _branching(view, at + 1, floor, letters[:rest])
            return rest_of_it + tuple(reversed(found)) if rest_of_it else None
        found.append(Pair(at, at + 1, (syllables[letters[rest - fitting[0] : rest]],)))
        rest -= fitting[0]
    return None if rest or not found else tuple(reversed(found))


def _branching(view: str, end: int, floor: int, letters: str) -> tuple[Pair, ...] | None:
    """As `exact`, from where more than one reading fits, or an r may belong to the hanzi before 儿.

    Of the partial readings that leave the same letters one is kept, so their number stays small.
    """
    steps: dict[tuple[int, int], _Chain | None] = {(len(letters), 0): None}
    at = end
    while steps and at > floor:
        at -= 1
        char = view[at]
        if not has_reading(char):
            if _blocks(char):
                return None
            continue
        new: dict[tuple[int, int], _Chain | None] = {}
        for (rest, erhua_at), chain in steps.items():
            for key, pair in _read(rest, erhua_at, char, at, letters):
                new.setdefault(key, _Chain(pair, chain) if pair else chain)
        steps = new
        if (0, 0) in steps:
            return tuple(_pairs(steps[0, 0]))
    return None


class _Chain(NamedTuple):
    """A pair, and those behind it: no way is written out before it is known to be whole."""

    pair: Pair
    behind: _Chain | None


def _pairs(chain: _Chain | None) -> Iterator[Pair]:
    while chain is not None:
        yield chain.pair
        chain = chain.behind


def _blocks(char: str) -> bool:
    """A line's end, a letter, a digit or a wall: no annotation reaches across."""
    return char in _STOPS or char.isalnum()


def _read(rest: int, erhua_at: int, char: str, at: int, letters: str) -> Iterator[tuple[tuple[int, int], Pair | None]]:
    """What one hanzi may take: ((letters left, where the 儿 stands whose r is taken or 0), its pair)."""
    if erhua_at and erhua_at != at + 1:
        return
    lengths, syllables = _spellings(char, erhua=erhua_at > 0)
    for length in lengths:
        if length <= rest and (syllable := syllables.get(letters[rest - length : rest])) is not None:
            yield (rest - length, 0), Pair(at, (erhua_at or at) + 1, (syllable,))
    if char in _ERHUA and not erhua_at and letters[max(0, rest - 3) : rest].rstrip("012345").endswith("r"):
        yield (rest, at), None


def exact_prefix(view: str, start: int, ceiling: int, letters: str) -> tuple[Pair, ...] | None:
    """The first hanzi from `start` on whose readings spell all of `letters`; the first of them stands at `start`.

    Its time grows with the square of the letters; of more than anybody writes it reads none.
    """
    if len(letters) > _LONGEST:
        return None
    at, count = start, 0
    while at < ceiling and count * 6 <= len(letters) + 6 and count <= len(letters):
        if not _spellings(view[at]).lengths:
            if _blocks(view[at]):
                return None
        else:
            count += 1
            if (pairs := exact(view, at + 1, start, letters)) and pairs[0].start == start:
                return pairs
        at += 1
    return None


def has_reading(char: str) -> bool:
    """Whether it is a hanzi that dictionaries know."""
    return bool(_spellings(char).lengths)


def is_hanzi(char: str) -> bool:
    """Whether it is a hanzi, known to dictionaries or not."""
    return HANZI.match(char) is not None


# --- nearest --------------------------------------------------------------------------------------------------------

# What a difference costs, in units of one wrong tone. A missing syllable costs more than one wrong part of a
# syllable and less than a syllable that has nothing in common with the hanzi: 升级版(shēngbǎn) lacks jí. But a whole
# syllable, however unlike, is likelier a slip in one hanzi's reading than scraps of letters are: 长春(chángchōu).
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
# What a name may have behind it that is not read with it: 阜阳市(fù yáng).
KINDS = frozenset("市县區区省镇鎮乡鄉村山河江湖岛島寺庙庵宫阁楼台路街族语語字词")


class Fit(NamedTuple):
    """The nearest alignment: the base `chars[first:end]`, the syllables of each, what it cost.

    `hanzi` of the characters are hanzi, and `agreeing` of these agree exactly.
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

    >>> difference("项", Syllable("xiang", Tone.FALLING)), difference("项", Syllable("xiang", Tone.RISING))
    (0.0, 1.0)
    """
    if not has_reading(char):
        return _UNKNOWN
    if any(s == written for s in _spellings(char, erhua=written.erhua).syllables.values()):
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
    # 等(diě), 外(wàn): a slip in the final keeps the letter that it begins with, and the tone.
    return _UNLIKE if tone or reading.base[0] != written.base[0] or head != other_head else _SAME_START


def _near_initials(one: str, other: str) -> bool:
    """The same, or what accents confuse: z and zh, c and ch, s and sh, l and n."""
    return one == other or (one[:1] == other[:1] and one[:1] in tuple("zcs")) or {one, other} == {"l", "n"}


def nearest(view: str, end: int, floor: int, written: str) -> tuple[Pair, ...] | None:
    """The last hanzi of `view[floor:end]` that `written` most probably reads; None if it reads none of them.

    Digits and Latin letters among the hanzi may be read in any way or not at all. Punctuation ends the hanzi looked
    at, unless there are more syllables than hanzi up to it: 快来，下雪。(Kuài lái, xià xué.).
    """
    letters = Letters.read(latin(written)) if len(written) <= _LONGEST else None
    if letters is None:
        return None
    places = _places(view, end, floor, letters)
    chars = "".join(view[at] for at in places)
    fits = (fit for fit in _fits(chars, letters) if _believable(fit, chars))
    best = min(fits, key=lambda fit: (fit.cost, fit.end - fit.first), default=None)
    if best is None:
        return None
    found = zip(places[best.first : best.end], best.syllables, strict=True)
    return tuple(Pair(at, at + 1, syllables) for at, syllables in found if is_hanzi(view[at]))


def _places(view: str, end: int, floor: int, letters: Letters) -> list[int]:
    """Where the characters are that the letters may read, in the order of the text."""
    fewest = letters.fewest()
    places: list[int] = []
    for at in range(end - 1, floor - 1, -1):
        char = view[at]
        if char in _STOPS or len(places) > len(letters.text) + _REACH:
            break
        if has_reading(char) or char.isalnum():
            places.append(at)
        elif len(places) >= fewest and char != HIDDEN:
            break
    return places[::-1]


def _believable(fit: Fit, chars: str) -> bool:
    """A syllable alone may differ in one part and the tone; what differs more stands for a character: 去（chī）饭.

    But nobody leaves out a character behind a rare one: beside that, any syllable is its reading.
    """
    if fit.hanzi == 1 and fit.end - fit.first == 1 and _is_rare(chars[fit.first]):
        return any(fit.syllables)
    if fit.hanzi == 1:
        return any(fit.syllables) and fit.cost <= _WRONG_FINAL + _WRONG_TONE
    return fit.agreeing > 0 and fit.agreeing * 2 >= fit.hanzi - 1


@cache
def _is_rare(char: str) -> bool:
    """Whether it is a hanzi outside the first levels of GB 2312 and Big5, the 3,755 and 5,401 most frequent."""
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
                if not skipped or _whole(done, syllables, chars[end:]):
                    yield Fit(at, end, syllables, done.cost, sum(map(is_hanzi, chars[at:end])), done.agreeing)
            if not paths or end - at > size:
                break


def _syllables(path: _Path) -> tuple[tuple[Syllable, ...], ...]:
    out = []
    while path.back is not None:
        out.append(path.syllables)
        path = path.back
    return tuple(out)


def _whole(path: _Path, syllables: Sequence[tuple[Syllable, ...]], rest: str) -> bool:
    """Whether the path may leave `rest` after its base: 蜷伏(quán), 乳臭未干(xiù), 阜阳市(fù yáng).

    But 升级版(shēngjí) rather lacks bǎn.
    """
    return path.agreeing == len(syllables) and (path.agreeing == 1 or len(rest) > 1 or rest in KINDS)


_Lattice: TypeAlias = "Mapping[int, Sequence[tuple[int, Syllable]]]"
_Ways: TypeAlias = "Iterator[tuple[int, float, tuple[Syllable, ...]]]"


def _consume(char: str, paths: Mapping[int, _Path], letters: Letters, lattice: _Lattice) -> dict[int, _Path]:
    """Every way to spend one character: on a syllable, on letters that are no syllable, or on nothing."""
    new: dict[int, _Path] = {}

    def offer(rest: int, path: _Path) -> None:
        if rest not in new or path.cost < new[rest].cost:
            new[rest] = path

    spend = _spend if is_hanzi(char) else _spend_figure
    for rest, path in paths.items():
        for start, far, syllables in spend(char, rest, letters, lattice):
            offer(start, _Path(path.cost + far, path.agreeing + (far < _FIGURE), syllables, path))
    for rest, path in list(new.items()):
        for start, extra in lattice[rest]:
            offer(start, path._replace(cost=path.cost + _EXTRA, syllables=(extra, *path.syllables)))
    limit = min((path.cost for path in new.values()), default=0.0) + _SLACK
    kept = sorted((item for item in new.items() if item[1].cost <= limit), key=lambda item: item[1].cost)
    return dict(kept[:_BEAM])


def _spend(char: str, rest: int, letters: Letters, lattice: _Lattice) -> _Ways:
    for start, syllable in lattice[rest]:
        yield start, difference(char, syllable), (syllable,)
    starts = {start for start, _ in lattice[rest]}
    for start in range(max(0, rest - 6), rest):
        if start not in starts and letters.breaks.isdisjoint(range(start + 1, rest)):
            yield start, _SCRAP, ()
    yield rest, _MISSING, ()


def _spend_figure(char: str, rest: int, letters: Letters, lattice: _Lattice) -> _Ways:
    """A digit may be one syllable or two (the 2 of 20 is èr shí), a Latin letter is itself; or they are left out."""
    yield rest, _FIGURE, ()
    if rest and letters.text[rest - 1] == char.lower():
        yield rest - 1, _FIGURE, ()
    if char.isdigit():
        for start, _ in lattice[rest]:
            yield start, _FIGURE, ()
            for earlier, _ in lattice[start]:
                yield earlier, 2 * _FIGURE, ()
