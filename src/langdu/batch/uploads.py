"""A narration's folder at an address: its files, the manifest last, whose last line tells the next run what is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from langdu import files
from langdu.batch import addresses
from langdu.model import Severity
from langdu.output.folder import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from langdu.output.narration import Narration

# The manifest of the narration that is being replaced, as long as there is none.
_EARLIER: Final = f"{files.OWN_FOLDER}/earlier.json"
# The line `made` has a title, three hashes and three counts, in bytes.
_LAST_LINE: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """What the last line of a manifest says; `about` is what `langdu.pipeline.kept.refuse_other` needs."""

    stamp: str
    title: str
    seconds: float
    findings: Mapping[Severity, int]
    about: Mapping[str, Any]


def uploaded(folder: str) -> Uploaded | None:
    """The complete narration at an address; None if there is none. Raises: ExportError: it cannot be reached."""
    end = addresses.tail(addresses.join(folder, MANIFEST), _LAST_LINE)
    _, found, line = (end or b"").rpartition(b'\n "made": ')
    try:
        match files.from_json(line.removesuffix(b"\n}\n").decode()) if found else None:
            case {
                "stamp": str(stamp),
                "title": str(title),
                "sources": list(sources),
                "seconds": float(seconds),
                "findings": dict(counts),
            }:
                findings = {severity: int(counts.get(severity.value, 0)) for severity in Severity}
                about = {"title": title, "series": None, "sources": sources}
                return Uploaded(stamp=stamp, title=title, seconds=seconds, findings=findings, about=about)
    except (ValueError, TypeError):
        pass
    return None  # an incomplete manifest, or one that langdu did not write


def upload(narration: Narration, folder: str) -> None:
    """Copy a narration to an address. While files of two narrations are there, there is no manifest.

    Raises: ExportError: the address cannot be reached or written.
    """
    manifest, note = addresses.join(folder, MANIFEST), addresses.join(folder, _EARLIER)
    earlier = addresses.content(manifest)
    if earlier is not None:
        addresses.write(note, earlier)
        addresses.remove(manifest)
    else:  # a run was killed while it replaced a narration
        earlier = addresses.content(note)
    for name in narration.files:
        if name != MANIFEST:
            addresses.put(narration.folder / name, addresses.join(folder, name))
    addresses.put(narration.folder / MANIFEST, manifest)
    if earlier is not None:
        for name in set(_named(earlier)) - set(narration.files):
            addresses.remove(addresses.join(folder, name))
        addresses.remove(note)


def _named(manifest: bytes) -> Iterator[str]:
    """The files that a manifest names. Somebody else may have written it: no name leads out of the folder."""
    try:
        table = files.from_json(manifest.decode())
        names = [*table["files"].values(), *(row["file"] for row in table["paragraphs"])]
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    yield from (name for name in names if files.is_name(name))
