"""SRT → plain WebVTT, without ruby: a podcast player that does not know the tags would show pinyin among the hanzi."""

from __future__ import annotations

from html import escape


def webvtt(srt: str) -> str:
    r"""SRT that langdu wrote, as WebVTT.

    >>> webvtt("1\n00:00:01,500 --> 00:00:02,000\nA<B\n\n")
    'WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\nA&lt;B\n\n'
    """
    cues = srt.removesuffix("\n\n").split("\n\n")
    return "WEBVTT\n\n" + "".join(f"{_cue(cue)}\n\n" for cue in cues if cue)


def _cue(cue: str) -> str:
    number, times, text = cue.split("\n", 2)
    return f"{number}\n{times.replace(',', '.')}\n{escape(text, quote=False)}"
