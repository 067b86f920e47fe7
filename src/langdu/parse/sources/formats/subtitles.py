"""SubRip and WebVTT → text: what the cues say, without numbers and times."""

from __future__ import annotations

import re

from langdu.marks import decoded
from langdu.model import Source

_TIME = r"(?:\d+:)?\d\d?:\d\d[,.]\d{1,3}"
_TIMES = re.compile(rf"^[ \t]*{_TIME}[ \t]+-->[ \t]+{_TIME}")
# Times, voices and classes in a cue, <00:01.000>, <v 小明>, <c.yellow>; positions, drawings, {\an8}.
_INSIDE = re.compile(r"<\d[\d:.]*>|</?(?:v|c|lang|font|b|i|u|s)\b[^<>]*>|\{\\[^{}]*\}")


def read(text: str, name: str) -> Source:
    """The text of the cues, line by line. Lines that a cue repeats from the one before are dropped."""
    lines: list[str] = []
    for block in re.split(r"\n[ \t]*\n", text.strip("\n")):
        cue = block.split("\n")
        start = next((i for i, line in enumerate(cue) if _TIMES.match(line)), None)
        if start is None:
            continue  # the WEBVTT head, NOTE, STYLE and REGION blocks
        shown = [clean for line in cue[start + 1 :] if (clean := decoded(_INSIDE.sub("", line)).strip())]
        lines += shown if shown != lines[-len(shown) :] else []
    return Source(name, "".join(f"{line}\n" for line in lines))
