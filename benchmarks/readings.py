"""Compare the readings of langdu, pypinyin and g2pM on the same labelled sentences: accuracy, speed and memory.

Run: pip install g2pM jieba pypinyin-dict && python benchmarks/readings.py FILE.tsv…

A line of FILE.tsv has a sentence, the index of a polyphone in it, and its reading (chang2), separated by tabs. Each
candidate runs in its own process. "load" is the time to import it and read one word.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

MEASURE = """
import json, resource, sys, time
start = time.perf_counter()
{load}
read(["长春"])
load = time.perf_counter() - start
rows = [line.split("\\t") for line in sys.stdin.read().splitlines()]
sentences = [sentence for sentence, _, _ in rows]
start = time.perf_counter()
found = read(sentences)
speed = sum(map(len, sentences)) / (time.perf_counter() - start)
right = sum(said[int(at)] == reading for said, (_, at, reading) in zip(found, rows))
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([load, memory, speed, right / len(rows)]))
"""

LANGDU = """
from langdu.pinyin import number
from langdu.pronounce import readings_in_context
def read(sentences):
    return [[c and number(c.syllable) for c in found] for found in readings_in_context(sentences)]
"""
DICTIONARIES = """
from langdu.pinyin import number
from langdu.pronounce import dictionary_readings
def read(sentences):
    return [[c and number(c.syllable) for c in dictionary_readings(sentence)] for sentence in sentences]
"""
PYPINYIN = """
from pypinyin import Style, pinyin
def one(words):
    found = pinyin(words, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True, errors=list)
    return [way[0] for way in found]
def read(sentences):
    return [one(sentence) for sentence in sentences]
"""
JIEBA_LARGE = (
    PYPINYIN
    + """
import logging
import jieba
from pypinyin_dict.phrase_pinyin_data import large_pinyin
jieba.setLogLevel(logging.WARNING)
large_pinyin.load()
def read(sentences):
    return [one(jieba.lcut(sentence)) for sentence in sentences]
"""
)
G2PM = """
from g2pM import G2pM
tagger = G2pM()
def read(sentences):
    return [[said.replace("u:", "ü") for said in tagger(sentence, char_split=True)] for sentence in sentences]
"""
CANDIDATES = {
    "langdu": LANGDU,
    "langdu, dictionaries alone": DICTIONARIES,
    "pypinyin": PYPINYIN,
    "pypinyin + jieba + large": JIEBA_LARGE,
    "g2pM": G2PM,
}


def main() -> None:
    """Measure every installed candidate on every file and print a line for each."""
    for file in map(Path, sys.argv[1:]):
        print(file.name)
        for name, load in CANDIDATES.items():
            code = MEASURE.format(load=load)
            text = file.read_text(encoding="utf-8")
            done = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"  {name}: not measured ({done.stderr.strip().splitlines()[-1]})")
                continue
            seconds, memory, speed, right = json.loads(done.stdout)
            cost = f"load {1000 * seconds:,.0f} ms, memory {memory:.0f} MB, {speed:,.0f} characters/s"
            print(f"  {name}: {right:.4f} right, {cost}")


if __name__ == "__main__":
    main()
