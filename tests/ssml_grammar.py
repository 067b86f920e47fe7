"""What the vendors publish of their SSML, written down once more: elements, what may be in them, values, lengths.

Sources: "SSML document structure and events", "Pronunciation with SSML" and "SSML phonetic alphabets" (Azure AI Speech,
2025); "Supported SSML tags", "Quotas" and "Chinese (Mandarin) (cmn-CN)" (Amazon Polly); "SSML" and "Quotas" (Google
Cloud Text-to-Speech); W3C SSML 1.0 for what Google and Polly do not restrict.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_XML = "{http://www.w3.org/XML/1998/namespace}"
_SPOKEN = {"break", "phoneme", "prosody", "sub"}
# Which of the elements that langdu writes may be in which.
_INSIDE = {
    "azure": {
        "speak": {"voice"},
        "voice": {*_SPOKEN, "p", "s"},
        "p": {*_SPOKEN, "s"},
        "s": _SPOKEN,
        "prosody": {*_SPOKEN, "p", "s"},
        "phoneme": set(),
        "break": set(),
        "sub": set(),
    },
    "google": {
        "speak": {*_SPOKEN, "p", "s", "mark"},
        "p": {*_SPOKEN, "s", "mark"},
        "s": {*_SPOKEN, "mark"},
        "prosody": {*_SPOKEN, "p", "s", "mark"},
        "phoneme": set(),
        "break": set(),
        "mark": set(),
        "sub": set(),
    },
}
_INSIDE["polly"] = _INSIDE["google"]
_TIME = re.compile(r"\d+ms")
_VALUES = {
    ("azure", "speak"): {"version": re.compile(r"1\.0"), f"{_XML}lang": re.compile("zh-CN")},
    ("azure", "voice"): {"name": re.compile(r"zh-CN-[\w:-]+")},
    ("azure", "prosody"): {"rate": re.compile(r"[+-]\d+%")},
    ("azure", "phoneme"): {
        "alphabet": re.compile("sapi"),
        "ph": re.compile(r"[a-z]+( r)? [1-5]( - [a-z]+( r)? [1-5])*"),
    },
    ("google", "prosody"): {"rate": re.compile(r"\d+%")},
    ("google", "phoneme"): {"alphabet": re.compile("pinyin"), "ph": re.compile(r"[a-zü]+[1-5]( [a-zü]+[1-5])*")},
    ("polly", "prosody"): {"rate": re.compile(r"\d+%")},
    ("polly", "phoneme"): {
        "alphabet": re.compile("x-amazon-pinyin"),
        "ph": re.compile(r"[a-z]+[0-4](-[a-z]+[0-4])*"),
    },
    **{(vendor, "sub"): {"alias": re.compile(r"[一-鿿]+")} for vendor in ("azure", "google", "polly")},
    **{(vendor, "break"): {"time": _TIME} for vendor in ("azure", "google", "polly")},
    **{(vendor, "mark"): {"name": re.compile(r"m\d+")} for vendor in ("google", "polly")},
}
_LONGEST_BREAK_MS = {"azure": 20_000, "google": 10_000, "polly": 10_000}
# The syllables of Azure's own tables: initial and final, or whole.
_AZURE = re.compile(
    "(b|p|m|f|d|t|n|l|g|k|h|j|q|x|zh|ch|sh|r|z|c|s|y|w)"
    "(a|o|e|i|u|v|ai|ei|ui|ao|ou|iu|ie|ue|er|an|en|in|un|ang|eng|ing|ong|ia|ian|iang|iao|iong|ua|uai|uan|uang|uo)"
    "|zhi|chi|shi|ri|zi|ci|si|yi|wu|yu|ye|yue|yuan|yin|yun|ying|a|o|e|ai|ei|ao|ou|an|en|ang|er"
)


def violations(document: str, vendor: str) -> list[str]:
    """What in a document is against the vendor's published rules; [] if nothing is.

    Raises: ParseError: it is not well-formed.
    """
    root = fromstring(document)
    if root.tag.rpartition("}")[2] != "speak":
        return [f"begins with {root.tag}"]
    wrong = list(_length(document, root, vendor))
    if vendor == "azure" and not root.tag.startswith("{http://www.w3.org/2001/10/synthesis}"):
        wrong.append("no namespace")
    return wrong + _of(root, vendor)


def _length(document: str, root: Element, vendor: str) -> list[str]:
    said = len("".join(root.itertext()))
    sizes = {
        "azure": [(len(document.encode()), 65_536)],
        "google": [(len(document.encode()), 5_000)],
        "polly": [(len(document), 6_000), (said, 3_000)],
    }
    return [f"{size} is over {most}" for size, most in sizes[vendor] if size > most]


def _of(element: Element, vendor: str) -> list[str]:
    tag = element.tag.rpartition("}")[2]
    allowed = _VALUES.get((vendor, tag), {})
    wrong = [f"<{tag}> has {name}" for name in element.attrib if name not in allowed]
    wrong += [f"<{tag}> lacks {name}" for name in allowed if name not in element.attrib]
    wrong += [
        f"<{tag} {name}={element.attrib[name]!r}>"
        for name, value in allowed.items()
        if name in element.attrib and not value.fullmatch(element.attrib[name])
    ]
    if tag == "break" and int(element.attrib["time"].removesuffix("ms")) > _LONGEST_BREAK_MS[vendor]:
        wrong.append(f"a break of {element.attrib['time']}")
    if vendor == "azure" and tag == "phoneme":
        syllables = re.findall("[a-z]{2,}|[aeo]", element.attrib["ph"])
        wrong += [f"Azure knows no {syllable}" for syllable in syllables if not _AZURE.fullmatch(syllable)]
    for child in element:
        name = child.tag.rpartition("}")[2]
        wrong += [f"<{name}> in <{tag}>"] if name not in _INSIDE[vendor][tag] else []
        wrong += _of(child, vendor)
    return wrong
