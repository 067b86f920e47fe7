"""Write `src/langdu/data/english/words.txt.gz`: English words and the phonemes that Kokoro-82M knows.

Run: pip download --no-deps --python-version 3.12 --only-binary=:all: misaki==0.9.4
     npm pack cmu-pronouncing-dictionary@3.0.0
     python tools/english_table.py misaki-0.9.4-py3-none-any.whl cmu-pronouncing-dictionary-3.0.0.tgz
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TARGET = Path(__file__).parents[1] / "src" / "langdu" / "data" / "english" / "words.txt.gz"
MISAKI = "90e2eeb169786c014c429e5058d2ea6bcd02d651f2a24450ba6c9ffc0f8da15a"
CMU = "ca16ac157e95277ffe1ca105a5ca2c833a15626024f15711c2a425da367b68ce"
# The lists of misaki; people have checked the first.
LISTS = ("us_gold.json", "us_silver.json")
# ARPABET → misaki's letters; two vowels are others without stress.
_PAIRS = (
    "AA ɑ,AE æ,AH ʌ,AO ɔ,AW W,AY I,EH ɛ,ER ɜɹ,EY A,IH ɪ,IY i,OW O,OY Y,UH ʊ,UW u,B b,CH ʧ,D d,DH ð,F f,G ɡ,HH h,JH ʤ,"
    "K k,L l,M m,N n,NG ŋ,P p,R ɹ,S s,SH ʃ,T t,TH θ,V v,W w,Y j,Z z,ZH ʒ"
)
LETTERS = {pair.split()[0]: pair.split()[1] for pair in _PAIRS.split(",")}
WEAK = {"AH": "ə", "ER": "əɹ"}
STRESS = {"0": "", "1": "ˈ", "2": "ˌ"}
_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*")
_CMU_LINE = re.compile(r"""  ['"]?([a-z][a-z'-]*)['"]?: ['"]([A-Z0-2 ]+)['"],?""")
# As misaki writes them: a weak ə between a consonant and a final l or n, an American t between vowels.
_SYLLABIC = re.compile("(?<=[tdszʃʒʧʤpbfvkɡm])ə(?=[ln](?![AIOWYiuæɑɔəɛɜɪʊʌˈˌ]))")
_FLAP = re.compile("(?<=[AIOWYiuæɑɔəɛɪɹʊʌ])t(?=[AIOWYiuæɑəɛɪʊʌ])")


def misaki(wheel: Path) -> Iterator[tuple[str, str]]:
    """Each word of misaki's lists and its phonemes, the better list first."""
    with ZipFile(wheel) as archive:
        for name in LISTS:
            for word, said in json.loads(archive.read(f"misaki/data/{name}")).items():
                # A word with several pronunciations has one for each part of speech.
                yield word, said["DEFAULT"] if isinstance(said, dict) else said


def cmu(tarball: Path) -> Iterator[tuple[str, str]]:
    """Each word of the CMU Pronouncing Dictionary and the first of its pronunciations."""
    with tarfile.open(tarball) as archive:
        source = archive.extractfile("package/index.js")
        for line in source.read().decode().splitlines() if source else ():
            match = _CMU_LINE.fullmatch(line)
            if match:
                yield match[1], phonemes(match[2].split())


def phonemes(arpabet: Sequence[str]) -> str:
    """ARPABET in misaki's letters.

    >>> phonemes("R OW0 N AA1 L D OW0".split()), phonemes("B AH1 T AH0 N".split()), phonemes("S IH1 T IY0".split())
    ('ɹOnˈɑldO', 'bˈʌtᵊn', 'sˈɪɾi')
    """
    said = "".join(_letter(symbol) for symbol in arpabet)
    return _FLAP.sub("ɾ", _SYLLABIC.sub("ᵊ", said))


def _letter(symbol: str) -> str:
    vowel, stress = symbol[:-1], symbol[-1]
    if stress not in STRESS:
        return LETTERS[symbol]
    return STRESS[stress] + (WEAK if stress == "0" else LETTERS).get(vowel, LETTERS[vowel])


def table(entries: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Word → phonemes, the first of each word. A capitalised word is left out if it is said as in lower case."""
    found: dict[str, str] = {}
    for word, said in entries:
        if said and _WORD.fullmatch(word):
            found.setdefault(word, said)
    for word in [word for word in found if word != word.lower() and word == word.lower().capitalize()]:
        if found.setdefault(word.lower(), found[word]) == found[word]:
            del found[word]
    return found


def checked(path: str, sha256: str) -> Path:
    """The path of a file that is the expected one."""
    if hashlib.sha256(Path(path).read_bytes()).hexdigest() != sha256:
        sys.exit(f"{path} is another file than the one this script was written for")
    return Path(path)


def main() -> None:
    """Read both sources and write the table."""
    wheel, tarball = checked(sys.argv[1], MISAKI), checked(sys.argv[2], CMU)
    words = table(entry for source in (misaki(wheel), cmu(tarball)) for entry in source)
    text = "".join(f"{word}\t{words[word]}\n" for word in sorted(words))
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{TARGET}: {len(words):,} words, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
