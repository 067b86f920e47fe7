"""Pages to read along, of tracks that no voice spoke; their sound is noise, in which every place can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from langdu.export.page import write
from langdu.export.programme import Programme
from langdu.export.spool import Spool
from langdu.model import Rundown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from langdu.model import Finding, Track


def noise(samples: int) -> NDArray[np.float64]:
    """The sound of a programme: noise, full scale 1, every time the same."""
    return np.random.default_rng(8).normal(0, 0.1, samples).clip(-1, 1)


def spooled(
    folder: Path, tracks: Sequence[Track], *, title: str = "长春", findings: Sequence[Finding] = ()
) -> Programme:
    """What a page is written from."""
    sound = (noise(tracks[-1].end) * 32_767).astype("<i2")
    with Spool(folder, tracks[0].sample_rate, sound=True) as spool:
        for track in tracks:
            spool.add(track, sound[track.start : track.end].tobytes())
    rundown = Rundown(title=title, sections=())
    return Programme(rundown=rundown, voice="baker", spooled=spool.spooled(), findings=tuple(findings))


def page(folder: Path, tracks: Sequence[Track], *, title: str = "长春", findings: Sequence[Finding] = ()) -> Path:
    """The page of these tracks."""
    write(folder / "page.html", spooled(folder, tracks, title=title, findings=findings))
    return folder / "page.html"
