"""langdu formats."""

from __future__ import annotations

from langdu.cli.shared.common import print_json
from langdu.cli.shared.options import AsJson


def formats(*, json: AsJson = False) -> None:
    """List the formats that read and brief can write.

    Example: [bold]langdu formats[/bold]
    """
    from langdu.export import FORMATS, ending

    if json:
        for name, described in FORMATS.items():
            print_json({"format": name, "about": described.about, "ending": ending(name)})
        return
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal

    table = Table("format", "what it is", "files", box=None, pad_edge=False)
    for name, described in FORMATS.items():
        table.add_row(name, described.about, f"*.{ending(name)}")
    terminal().print(table)
