"""langdu room."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from langdu.cli.shared.common import load_article, notice, write_out
from langdu.cli.shared.options import Lexicon, Rate, Voice, named_path


def room(
    source: Annotated[
        str | None,
        typer.Argument(metavar="SOURCE", help="An article to begin with: a file, a URL, or -.", show_default=False),
    ] = None,
    *,
    host: Annotated[
        str | None,
        typer.Option(
            "--host",
            metavar="ADDRESS",
            help="Let other devices in: 0.0.0.0, or one address of this machine.",
            show_default="this machine alone",
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="The port.", show_default="the first free from 8420")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    shelf: Annotated[
        Path | None,
        typer.Option(
            "--shelf",
            metavar="DIR",
            parser=named_path,
            help="The folder for articles, their corrections and your place in them.",
            show_default="langdu's own",
        ),
    ] = None,
    voice: Voice = None,
    rate: Rate = None,
    lexicon: Lexicon = None,
) -> None:
    """Open the reading room: a page in the browser where an article is read, corrected and heard. Ctrl-C closes it.

    Example: [bold]langdu room article.txt[/bold]
    """
    from langdu import settings
    from langdu.files import user_path
    from langdu.pipeline.editing.shelf import Shelf, default_folder
    from langdu.room.app import Furniture, Room
    from langdu.room.security import Door
    from langdu.room.serving import is_loopback, listener, name_of, server

    chosen = settings.load({"voice": voice, "rate": rate, "lexicon": lexicon})
    stand = Shelf(user_path(shelf) if shelf else default_folder())
    stand.refuse_unfit()
    for name in stand.damaged():
        notice(
            f"{stand.folder / name} is left out: its shelf.json is damaged. To have its text, open it as a new article"
        )
    first = stand.add(load_article(source, "room")).id if source else None
    opened = listener(host, port)
    with opened:
        elsewhere = not is_loopback(opened)
        door = Door(opened.getsockname()[1], host if elsewhere else None)

        def address() -> str:
            return f"http://{name_of(opened, host)}/?token={door.invite()}"

        furniture = Furniture(
            settings=chosen, shelf=stand, first=first, address=address, elsewhere=elsewhere, notice=notice
        )
        reading = Room(furniture, door)

        def ready() -> None:
            write_out(address())
            _flush()
            if not no_browser:
                _browse(address())
            notice(f"the room is open; Ctrl-C closes it. Articles are kept in {stand.folder}")

        server(reading, ready, reading.close).run(sockets=[opened])


def _flush() -> None:
    import sys

    sys.stdout.flush()


def _browse(address: str) -> None:
    """Open the browser; the address opens the room once, so that it is another one than what is printed."""
    import threading
    import webbrowser

    def browse() -> None:
        if not webbrowser.open(address):
            notice("no browser could be opened: open the address yourself")

    # Some browsers are waited for until they are closed.
    threading.Thread(target=browse, daemon=True).start()
