"""A service that answers with what is no HTTP or no sound, or never ends: an error in one line, in time."""

from __future__ import annotations

import gzip
import re

import pytest

from langdu.engines.gtts.service import GoogleTranslate, GttsPatience
from langdu.errors import EngineError
from raw_server import answer, chunked, saying, server, without_end

PATIENCE = GttsPatience(connect=1, between_bytes=1, answer=1, attempts=1)
START = b'[["wrb.fr","jQ1olc","'

ANSWERS = {
    "a chunk of minus five": saying(chunked(b"-5\r\n" + b"x" * 99 + b"\r\n0\r\n\r\n")),
    "a chunk of no number": saying(chunked(b"zz\r\n")),
    "101 headers": saying(answer(*(b"X-%d: x" % i for i in range(101)))),
    "no HTTP": saying(b"\x1b]0;gotcha\x07\x1b[2J\r\n\r\n"),
    "a reason that clears the screen": saying(answer(status=b"404 \x1b]0;gotcha\x07\x1b[2J" + b"x" * 9_000)),
    "a wait until the end of the world": saying(answer(b"Retry-After: " + b"9" * 5_000, status=b"429 Wait")),
    "a gzip bomb": saying(answer(b"Content-Encoding: gzip", body=gzip.compress(bytes(50_000_000), 1))),
    "no gzip": saying(answer(b"Content-Encoding: gzip", body=b"none")),
    "JSON that nests": saying(answer(body=START + b"[" * 100_000 + b'"]')),
    "a text with commands": saying(answer(body=b"\x1b]0;gotcha\x07")),
    "endless headers": without_end(b"HTTP/1.1 200 OK\r\n", b"X: x\r\n"),
    "endless continuing": without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "an endless chunk": without_end(chunked(b"-1\r\n"), b" " * 65_536),
    "an endless trailer": without_end(chunked(b"0\r\n"), b"X: y\r\n"),
    "an endless sound": without_end(answer(), b" " * 65_536),
}


@pytest.mark.parametrize("speak", ANSWERS.values(), ids=ANSWERS)
def test_what_a_service_may_answer(speak: object) -> None:
    with server(speak) as address, pytest.raises(EngineError) as caught:  # type: ignore[arg-type]
        GoogleTranslate(address, "the service", PATIENCE).sound("长春", "zh-CN", 2)
    said = str(caught.value)
    assert not re.search("[\x00-\x1f\x7f-\x9f]", said)
    assert len(said) < 400
