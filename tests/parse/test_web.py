"""Web pages, from a server on loopback: what is fetched, and what is refused."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from langdu.errors import InputError
from langdu.parse.parser import parse_article
from langdu.parse.sources import web
from langdu.parse.sources.source import read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE = (
    "<html><head><title>江上的冬天</title></head><body><article><h1>江上的冬天</h1><p>江上(jiāngshàng)结了冰，"
    "孩子们在冰上滑来滑去，大人们在岸边煮上一锅热腾腾的鱼汤，一直到天黑。</p></article></body></html>"
)


@contextmanager
def server(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server that answers every request by `answer`; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
            """Silent."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def page(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, PAGE.encode("gb18030"), Content_Type="text/html; charset=GB2312")


def test_page_in_the_encoding_that_the_server_names() -> None:
    with server(page) as address:
        article = parse_article(read_source(f"{address}/江上?页=1"))
    assert article.title is not None
    assert article.title.text == "江上的冬天"
    assert [len(list(p.annotated())) for p in article.paragraphs] == [1]


def test_redirect_on_the_same_host() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/new":
            page(handler)
        else:
            send(handler, 302, Location="/new")

    with server(answer) as address:
        assert read_source(f"{address}/old").name == f"{address}/new"


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:{port}/",
        "http://127.0.0.2:{port}/",
        "http://[::1]:{port}/",
        "http://169.254.169.254/",
        "http://2130706433/",
    ],
)
def test_redirect_to_a_private_address(target: str) -> None:
    reached: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        reached.append(handler.headers["Host"])
        port = handler.headers["Host"].rpartition(":")[2]
        send(handler, 302, Location=target.format(port=port))

    with server(answer) as address, pytest.raises(InputError, match=r"private address|cannot be found"):
        read_source(address)
    assert len(reached) == 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/", "http://:80/", "http://a:b/"])
def test_redirect_to_no_web_page(target: str) -> None:
    with (
        server(lambda handler: send(handler, 302, Location=target)) as address,
        pytest.raises(InputError, match=r"not an http or https address|not a web address|invalid address"),
    ):
        read_source(address)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "file:///etc/passwd", "javascript://x", "http://", "http://a:99999/"]
)
def test_addresses_that_are_no_web_pages(url: str) -> None:
    with pytest.raises(InputError, match=r"not an http or https address|not a web address|invalid address"):
        read_source(url)


def test_redirects_without_end() -> None:
    with (
        server(lambda handler: send(handler, 301, Location="/")) as address,
        pytest.raises(InputError, match="redirects more than 5 times"),
    ):
        read_source(address)


def test_an_error_of_the_server() -> None:
    with server(lambda handler: send(handler, 404)) as address, pytest.raises(InputError, match="answers 404"):
        read_source(address)


def test_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_SIZE", 10_000)
    with (
        server(lambda handler: send(handler, 200, b"x" * 20_000)) as address,
        pytest.raises(InputError, match="is larger than"),
    ):
        read_source(address)


def test_a_page_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_SECONDS", 0.3)
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
        while not done.is_set():
            try:
                handler.wfile.write(b" ")
            except OSError:
                return
            time.sleep(0.02)

    with server(drip) as address:
        start = time.monotonic()
        with pytest.raises(InputError, match="takes longer"):
            read_source(address)
        done.set()
    assert time.monotonic() - start < 5


def test_a_page_that_is_cut_off() -> None:
    with (
        server(lambda handler: send(handler, 200, PAGE.encode()[:200], Content_Length="4000")) as address,
        pytest.raises(InputError, match="was cut off after 200 bytes"),
    ):
        read_source(address)


def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_SECONDS", 0.2)
    with (
        server(lambda _: time.sleep(0.6)) as address,
        pytest.raises(InputError, match="takes longer"),
    ):
        read_source(address)


def test_a_server_that_is_not_there() -> None:
    with server(page) as address:
        pass
    with pytest.raises(InputError, match="cannot be reached"):
        read_source(address)


def test_a_host_that_is_not_there() -> None:
    with pytest.raises(InputError, match="cannot be found"):
        read_source("http://nowhere.invalid/")
