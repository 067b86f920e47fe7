"""SRT → WebVTT with nothing but text: a podcast player may show the tags of others, and so pinyin among the hanzi."""

from __future__ import annotations

from html import escape


def webvtt(srt: str) -> str:
    r"""The cues of subtitles that langdu wrote.

    >>> webvtt("1\n00:00:01,500 --> 00:00:02,000\nA<B\n\n")
    'WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\nA&lt;B\n\n'
    """
    cues = srt.removesuffix("\n\n").split("\n\n")
    return "WEBVTT\n\n" + "".join(f"{_cue(each)}\n\n" for each in cues if each)


def _cue(cue: str) -> str:
    number, times, text = cue.split("\n", 2)
    return f"{number}\n{times.replace(',', '.')}\n{escape(text, quote=False)}"
