"""What other pages, other names and other programs may try with a room, and that each is refused."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from langdu.room import connections
from langdu.room.events import STREAMS
from langdu.room.security import BODY_LIMIT, Door
from rooms import ARTICLE, Served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def raw(room: Served, request: str) -> str:
    """The answer to a request that no library would send."""
    with socket.create_connection(("127.0.0.1", room.port), 30) as connection:
        connection.sendall(request.encode())
        out = b""
        while got := connection.recv(65536):
            out += got
            if b"\r\n\r\n" in out:
                break
    return out.decode("utf-8", "replace")


def cookie(browser: httpx.Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


# --- hosts: names that are made to lead here ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:{port}", "localhost", "localhost:1", "127.0.0.1", "127.0.0.1.evil.example:{port}",
        "localhost.evil.example:{port}", "[::1]", "192.168.1.5:{port}", "0.0.0.0:{port}",
        "127.0.0.1:{port}@evil.example", "evil.example:{port}:{port}", "localhost:{port}.", "",
    ],
)  # fmt: skip
def test_another_host_is_refused(browser: httpx.Client, room: Served, host: str) -> None:
    name = host.format(port=room.port)
    answer = browser.get("/api/room", headers={"Host": name} if name else {"Host": ""})
    assert answer.status_code in {400, 421}, answer.text
    if answer.status_code == 421:
        assert f"http://localhost:{room.port}" in answer.text  # what to do


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
def test_its_own_names_are_accepted(browser: httpx.Client, room: Served, host: str) -> None:
    assert browser.get("/api/room", headers={"Host": f"{host}:{room.port}"}).status_code == 200


def test_no_host_and_two_hosts_are_refused(browser: httpx.Client, room: Served) -> None:
    with_cookie = f"Cookie: {cookie(browser)}\r\nConnection: close\r\n\r\n"
    own = f"Host: 127.0.0.1:{room.port}\r\n"
    assert " 421 " in raw(room, f"GET /api/room HTTP/1.0\r\n{with_cookie}").split("\r\n")[0]
    for request in (f"GET /api/room HTTP/1.1\r\n{with_cookie}", f"GET /api/room HTTP/1.1\r\n{own}{own}{with_cookie}"):
        assert raw(room, request).split()[1] in {"400", "421"}
    absolute = f"GET http://evil.example/api/room HTTP/1.1\r\nHost: evil.example\r\n{with_cookie}"
    assert raw(room, absolute).split()[1] == "421"


# --- who is let in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/page/room.js", "/api/room", "/api/shelf", "/api/articles/x/events", "/nothing"]
)
def test_a_stranger_gets_nothing(room: Served, path: str) -> None:
    with room.stranger(Origin=room.address) as stranger:
        answer = stranger.get(path)
        assert answer.status_code == 403
        assert "open the address" in answer.text
        assert stranger.get(path, headers={"Cookie": f"{room.door.cookie}=guessed"}).status_code == 403
        assert stranger.get("/", params={"token": "guessed"}).status_code == 403
        assert stranger.post("/api/articles", json={"text": ARTICLE}).status_code == 403


def test_a_token_opens_the_room_once(room: Served) -> None:
    token = room.door.invite()
    with room.stranger() as first, room.stranger() as second:
        answer = first.get("/", params={"token": token})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        kept = answer.headers["set-cookie"]
        assert all(word in kept for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
        assert "Domain" not in kept
        assert token not in kept
        assert first.get("/api/room").status_code == 200
        assert second.get("/", params={"token": token}).status_code == 403
        # Whoever is in already may open another address by mistake.
        assert first.get("/", params={"token": room.door.invite()}).status_code == 303


def test_a_link_from_elsewhere_lets_the_page_itself_go_on(room: Served) -> None:
    # A strict cookie is not sent along with a redirection that another site began.
    with room.stranger(**{"Sec-Fetch-Site": "cross-site"}) as browser:
        answer = browser.get("/", params={"token": room.door.invite()})
        assert answer.status_code == 200
        assert 'http-equiv="refresh"' in answer.text
        assert "set-cookie" in answer.headers


def test_the_cookies_of_two_rooms_differ() -> None:
    assert Door(8420).cookie != Door(8421).cookie  # cookies do not know ports


# --- other pages ----------------------------------------------------------------------------------------------------

WRITES = [
    ("POST", "/api/articles", {"text": ARTICLE}),
    ("POST", "/api/articles/x/correct", {"paragraph": 0, "at": 0, "syllable": "chong2", "scope": "always"}),
    ("POST", "/api/articles/x/keep", {"line": 1, "keep": True}),
    ("POST", "/api/articles/x/undo", {}),
    ("POST", "/api/articles/x/speak", {"from": 0}),
    ("POST", "/api/articles/x/exports", {"format": "mp3"}),
    ("PUT", "/api/articles/x/place", {"paragraph": 0, "at": 0}),
    ("DELETE", "/api/articles/x", {"confirm": "江上的冬天"}),
    ("POST", "/api/invitations", {}),
]


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", "https://127.0.0.1:{port}", "http://127.0.0.1:1", "http://127.0.0.1", None],
)
@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_another_origin_changes_nothing(  # noqa: PLR0917
    browser: httpx.Client, room: Served, method: str, path: str, body: dict[str, Any], origin: str | None
) -> None:
    request = browser.build_request(method, path, json=body)
    del request.headers["Origin"]
    if origin:
        request.headers["Origin"] = origin.format(port=room.port)
    assert browser.send(request).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_another_site_neither_reads_nor_writes(browser: httpx.Client, site: str) -> None:
    headers = {"Sec-Fetch-Site": site}
    for path in ("/", "/api/shelf", "/api/articles/x/hear/0/0", "/api/articles/x/sound/y.wav"):
        assert browser.get(path, headers=headers).status_code == 403
    assert browser.post("/api/articles", json={"text": ARTICLE}, headers=headers).status_code == 403
    assert browser.post("/api/articles", json={"text": ARTICLE}, headers={"Sec-Fetch-Site": "none"}).status_code == 403


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "text/json"]
)
def test_json_is_taken_as_json_only(browser: httpx.Client, kind: str) -> None:
    for path in ("/api/articles", "/api/invitations"):
        answer = browser.post(path, content=b'{"text": "\xe4\xbd\xa0"}', headers={"Content-Type": kind})
        assert answer.status_code == 415
    answer = browser.post("/api/articles?name=a.txt", content="你好", headers={"Content-Type": kind})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "body", [b"{", b"[1]", b"null", b"\xff", b'{"text": 1}', b'{"text": "a", "more": 1}', b"{}", b"[" * 100_000]
)
def test_other_json_is_refused(browser: httpx.Client, body: bytes) -> None:
    answer = browser.post("/api/articles", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]


# --- text that is code ----------------------------------------------------------------------------------------------


def test_an_answer_lets_nothing_run(browser: httpx.Client, article: dict[str, Any]) -> None:
    for path in ("/api/room", f"/api/articles/{article['id']}/text?style=ruby", "/nothing"):
        headers = browser.get(path).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers
    ruby = browser.get(f"/api/articles/{article['id']}/text?style=ruby").headers
    assert ruby["content-type"].startswith("text/plain")
    assert ruby["content-disposition"].startswith("attachment")


def test_a_script_in_a_text_is_text(browser: httpx.Client) -> None:
    evil = "<script>alert(1)</script>春天来了，<img src=x onerror=alert(1)>花开了。"
    answer = browser.post("/api/articles", json={"text": evil})
    assert answer.headers["content-type"] == "application/json"
    opened = answer.json()
    words = browser.get(f"/api/articles/{opened['id']}/paragraphs")
    assert words.headers["content-type"] == "application/json"
    assert browser.get(f"/api/articles/{opened['id']}/text").text == evil  # saved, never shown


# --- names that lead elsewhere --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["..", "../..", "%2e%2e", "..%2f..%2fetc", "%2fetc%2fpasswd", "..\\..", ".hidden", "a%00b", "C:%5C", "~"]
)
def test_an_article_is_no_path(browser: httpx.Client, room: Served, name: str) -> None:
    outside = room.shelf.parent / "shelf.json"
    outside.write_text("{}", encoding="utf-8")
    more = f"Host: 127.0.0.1:{room.port}\r\nOrigin: {room.address}\r\nCookie: {cookie(browser)}\r\n"
    one = f"/api/articles/{name}"
    for path in (one, f"{one}/text", f"/api/articles/x/sound/{name}", f"/page/{name}", f"/page/reading/{name}"):
        assert raw(room, f"GET {path} HTTP/1.1\r\n{more}\r\n").split()[1] in {"400", "404", "405"}
    body = '{"confirm": ""}'
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    assert raw(room, f"DELETE {one} HTTP/1.1\r\n{more}{kind}\r\n{body}").split()[1] in {"400", "404", "405"}
    assert outside.exists()


@pytest.mark.parametrize(
    "name", ["../../evil.txt", "/etc/cron.d/evil", "..\\..\\evil.txt", "CON.txt", "a/../../b.txt", "é" * 300]
)
def test_a_files_name_leads_nowhere(browser: httpx.Client, room: Served, name: str) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    answer = browser.post("/api/articles", params={"name": name}, content="春天来了。", headers=headers)
    assert answer.status_code == 201, answer.text
    folder = room.folder(answer.json())
    assert folder.parent == room.shelf
    assert {path.name for path in folder.iterdir()} == {"shelf.json", answer.json()["file"].rpartition("/")[2]}


def test_a_link_on_the_shelf_is_not_followed(browser: httpx.Client, room: Served, tmp_path: Path) -> None:
    (tmp_path / "shelf.json").write_text("{}", encoding="utf-8")
    (room.shelf / "linked").symlink_to(tmp_path)
    assert browser.get("/api/articles/linked").status_code == 404
    assert browser.request("DELETE", "/api/articles/linked", json={"confirm": ""}).status_code == 404
    assert (tmp_path / "shelf.json").exists()


def test_removing_needs_the_title(browser: httpx.Client, room: Served, article: dict[str, Any]) -> None:
    url, folder = f"/api/articles/{article['id']}", room.folder(article)
    mine = folder / "mine.txt"
    mine.write_text("notes", encoding="utf-8")
    assert browser.request("DELETE", url, json={"confirm": "another"}).status_code == 409
    assert browser.request("DELETE", url, json={"confirm": article["title"]}).status_code == 204
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


# --- too much -------------------------------------------------------------------------------------------------------


def endless() -> Iterator[bytes]:
    piece = "春天来了。".encode() * 4096
    for _ in range(BODY_LIMIT // len(piece) + 2):
        yield piece


def test_a_body_is_counted_while_it_comes(browser: httpx.Client) -> None:
    kinds = {"Content-Type": "application/octet-stream"}
    counted = browser.post("/api/articles?name=a.txt", content=endless(), headers=kinds)
    assert counted.status_code == 413


def test_a_lying_length_is_refused_at_once(browser: httpx.Client, room: Served) -> None:
    head = f"Host: 127.0.0.1:{room.port}\r\nOrigin: {room.address}\r\nCookie: {cookie(browser)}\r\n"
    request = f"POST /api/articles?name=a.txt HTTP/1.1\r\n{head}Content-Type: application/octet-stream\r\n"
    assert " 413 " in raw(room, f"{request}Content-Length: 1000000000\r\n\r\n").split("\r\n")[0]


def test_streams_are_counted(room: Served, article: dict[str, Any]) -> None:
    url = f"/api/articles/{article['id']}/events"
    with room.browser() as browser:
        limits = httpx.Limits(max_connections=None)
        with httpx.Client(base_url=room.address, cookies=browser.cookies, limits=limits, timeout=60) as many:
            streams = [many.send(many.build_request("GET", url), stream=True) for _ in range(STREAMS + 5)]
            assert [stream.status_code for stream in streams] == [200] * STREAMS + [503] * 5
            for stream in streams:
                stream.close()
        # A place that was given back can be taken again.
        assert any(_opens(browser, url) for _ in range(50))


def _opens(browser: httpx.Client, url: str) -> bool:
    with browser.stream("GET", url) as stream:
        return stream.status_code == 200


# --- connections that say nothing ------------------------------------------------------------------------------------


def connected(room: Served, says: str = "") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", room.port), 30)
    connection.sendall(says.encode())
    return connection


HALF = "GET / HTTP/1.1\r\nHost: x\r\n"


def ended(connection: socket.socket) -> bool:
    """Whether the room has closed a connection, with or without reading what it said."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_many_silent_connections_keep_nobody_out(room: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "WAITING", 4)
    with ExitStack() as open_ones:
        silent = [open_ones.enter_context(connected(room, HALF * (i % 2))) for i in range(9)]
        with room.browser() as browser:
            assert browser.get("/api/room").status_code == 200
        assert all(ended(each) for each in silent[:5])  # the oldest ones


@pytest.mark.parametrize("says", ["", HALF])
def test_a_request_that_does_not_come_is_not_waited_for(
    room: Served, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    with connected(room, says) as connection:
        assert ended(connection)


def test_a_body_that_trickles_on_after_its_answer_is_not_waited_for(
    room: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    own = f"Host: 127.0.0.1:{room.port}\r\nContent-Length: 9\r\n\r\na"
    with connected(room, f"POST /api/articles HTTP/1.1\r\n{own}") as connection:
        assert connection.recv(9) == b"HTTP/1.1 "
        connection.sendall(b"b")
        connection.settimeout(4)  # each byte would begin uvicorn's 5 seconds anew
        while connection.recv(4096):
            pass


# --- what a room that is open for long meets --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other", ['prefs={"a":"b"}', "flag", "t=a b", 'x="a', "a[b]=1", "é=é", ";;;", "langdu_room_PORT=old"]
)
def test_the_cookies_of_other_programs_change_nothing(browser: httpx.Client, room: Served, other: str) -> None:
    own, foreign = cookie(browser), other.replace("PORT", str(room.port)).encode()
    for cookies in (foreign + b"; " + own.encode(), own.encode() + b";" + foreign):
        with room.stranger() as again:
            assert again.get("/api/room", headers={b"Cookie": cookies}).status_code == 200
    with room.stranger() as stranger:
        assert stranger.get("/api/room", headers={b"Cookie": foreign}).status_code == 403


def test_a_token_of_other_letters_is_refused_as_any(room: Served) -> None:
    with room.stranger() as stranger:
        answer = stranger.get("/?token=%C3%A9%ED%A0%80")
        assert answer.status_code == 403
        assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("name", ["A" * 300, "A" * 5000, "春" * 100])
def test_a_name_that_is_too_long_for_a_file_is_no_article(browser: httpx.Client, room: Served, name: str) -> None:
    answer = browser.get(f"/api/articles/{name}")
    assert answer.status_code == 404
    assert len(answer.json()["error"]) < 200
    assert room.told == []


def test_a_browser_that_goes_while_it_sends_is_nothing_to_tell(browser: httpx.Client, room: Served) -> None:
    own = f"Host: 127.0.0.1:{room.port}\r\nOrigin: {room.address}\r\nCookie: {cookie(browser)}\r\n"
    kind = "Content-Type: application/octet-stream\r\nContent-Length: 1000\r\n\r\nhalf"
    with connected(room, f"POST /api/articles?name=a.txt HTTP/1.1\r\n{own}{kind}") as gone:
        gone.shutdown(socket.SHUT_WR)
        while gone.recv(4096):
            pass
    assert browser.get("/api/room").status_code == 200
    assert room.told == []
