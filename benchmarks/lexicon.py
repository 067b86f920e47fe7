"""Compare the lexicon with pypinyin on the same text: speed and memory.

Run: python benchmarks/lexicon.py [TEXT FILE]   (default: the sample article, repeated)

Each candidate runs in its own process. "load" is the time to import it and read one word.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
CHARACTERS = 300_000

MEASURE = """
import json, resource, sys, time
start = time.perf_counter()
{load}
load = time.perf_counter() - start
lines = sys.stdin.read().splitlines()
size = sum(map(len, lines))
def speed(work):
    start = time.perf_counter()
    for line in lines:
        work(line)
    return size / (time.perf_counter() - start)
speeds = {{name: speed(work) for name, work in {work}.items()}}
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([load, memory, speeds]))
"""

LEXICON = """{
    "readings of characters": lambda line: [lexicon.readings(char) for char in line],
    "words": lexicon.split_words,
    "readings of words": lambda line: [lexicon.word_readings(word.of(line)) for word in lexicon.split_words(line)],
}"""
PYPINYIN = "{'readings of words': lambda line: lazy_pinyin(line, style=Style.TONE3)}"
LARGE = """
from pypinyin import lazy_pinyin, Style
from pypinyin_dict.phrase_pinyin_data import large_pinyin
large_pinyin.load()
lazy_pinyin("长春")
"""

CANDIDATES = {
    "langdu.lexicon": ("from langdu import lexicon; lexicon.word_readings('长春')", LEXICON),
    "pypinyin": ("from pypinyin import lazy_pinyin, Style; lazy_pinyin('长春')", PYPINYIN),
    "pypinyin + pypinyin-dict large": (LARGE, PYPINYIN),
}


def main() -> None:
    """Measure every installed candidate and print a line for each."""
    lines = Path(sys.argv[1] if len(sys.argv) > 1 else SAMPLE).read_text(encoding="utf-8").splitlines()
    text = "\n".join(lines * (1 + CHARACTERS // sum(map(len, lines))))
    for name, (load, work) in CANDIDATES.items():
        code = MEASURE.format(load=load, work=work)
        done = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{name}: not measured ({done.stderr.strip().splitlines()[-1]})")
            continue
        seconds, memory, speeds = json.loads(done.stdout)
        listed = ", ".join(f"{what} {speed:,.0f} characters/s" for what, speed in speeds.items())
        print(f"{name}: load {1000 * seconds:.0f} ms, memory {memory:.0f} MB, {listed}")


if __name__ == "__main__":
    main()
