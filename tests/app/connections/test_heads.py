"""Heads that do not arrive, and heads without an end."""

import asyncio
from collections.abc import Callable

import pytest

from app.http.connections import LONGEST_HEAD
from tests.app.connections.peers import CLOSE, GET, STEP, STEPS, Server, statuses
from tests.waiting import until

# --- Slow heads


@pytest.mark.parametrize("begun", [b"G", b"GET / HTTP/1.1\r\nHost: a\r\nX", b"GET / HTTP/1.1\r\n"])
async def test_a_head_that_does_not_end_is_cut_off(begun: bytes, server: Server) -> None:
    answer = await server.answer_to(begun)
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert answer.endswith(b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    assert server.application.began == []


async def test_a_head_that_comes_byte_by_byte_is_cut_off(server: Server) -> None:
    letters = GET[:-4] + b"a" * STEPS
    answer = await server.answer_to(*[bytes([each]) for each in letters])
    assert statuses(answer) == [408]


async def test_who_sends_nothing_is_cut_off_without_a_word(server: Server) -> None:
    assert await server.answer_to(b"") == b""
    # Between requests, the ends of lines are no beginning.
    assert await server.answer_to(*[b"\r\n"] * STEPS) == b""


async def test_every_head_of_a_connection_has_its_time(server: Server) -> None:
    peer = await server.connect()
    with peer.end:
        for _ in range(STEPS // 4):
            await peer.send(GET[:20])
            await asyncio.sleep(STEP * 2)
            await peer.send(GET[20:])
            assert statuses(await peer.until(b"/hello")) == [200]
        await peer.send(GET[:20])
        assert statuses(await peer.rest()) == [408]


async def test_a_body_that_goes_on_after_its_answer_is_cut_off(server: Server) -> None:
    post = b"POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 999\r\n\r\n"
    answer = await server.answer_to(post, *[b"a"] * STEPS)
    assert statuses(answer) == [200]
    assert server.application.ended == ["/hello"]


async def test_work_takes_the_time_that_it_takes(server: Server) -> None:
    peer = await server.connect()
    with peer.end:
        # The next head has begun as well; its time has not.
        await peer.send(GET.replace(b"/hello", b"/work") + GET[:20])
        assert statuses(await peer.until(b"/work")) == [200]
        await peer.send(GET[20:])
        assert statuses(await peer.until(b"/hello")) == [200]


async def test_requests_may_follow_at_once(server: Server) -> None:
    first = GET.replace(b"/hello", b"/work")
    last = CLOSE.replace(b"/hello", b"/bye")
    answer = await server.answer_to(first + GET + last)
    assert statuses(answer) == [200, 200, 200]
    assert server.application.ended == ["/work", "/hello", "/bye"]


async def test_nobody_is_looked_at_any_more_who_has_gone(server: Server) -> None:
    peer = await server.connect()
    with peer.end:
        await peer.send(GET)
        await peer.until(b"/hello")
        [connection] = server.connections
    await until(lambda: not server.connections)
    assert connection._timer.cancelled()


async def test_a_websocket_is_refused(server: Server) -> None:
    handshake = (
        b"GET /graphql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert statuses(await server.answer_to(handshake)) == [403]
    assert statuses(await server.answer_to(handshake[:50], handshake[50:])) == [403]


# --- Long heads


# Headers of so many bytes.
LONG: dict[str, Callable[[int], bytes]] = {
    "a value": lambda length: b"Host: a\r\nX: " + b"a" * (length - 7),
    "a name": lambda length: b"Host: a\r\n" + b"x" * (length - 7) + b": a",
    "many": lambda length: b"Host: a\r\n" + b"\r\n".join([b"x: 1"] * (length // 6)),
}


@pytest.mark.parametrize("kind", LONG)
@pytest.mark.parametrize("parts", [1, 3])
async def test_a_head_has_so_many_bytes_and_no_more(kind: str, parts: int, server: Server) -> None:
    for surplus, status in ((-64, 200), (64, 431)):
        lines = LONG[kind](LONGEST_HEAD + surplus)
        request = b"GET /hello HTTP/1.1\r\nConnection: close\r\n" + lines + b"\r\n\r\n"
        size = len(request) // parts + 1
        pieces = [request[place : place + size] for place in range(0, len(request), size)]
        assert statuses(await server.answer_to(*pieces)) == [status]
    assert server.application.began == ["/hello"]


async def test_an_address_counts(server: Server) -> None:
    for length in (LONGEST_HEAD, 2 * LONGEST_HEAD):
        request = b"GET /" + b"a" * length + b" HTTP/1.1\r\nHost: a\r\n\r\n"
        assert statuses(await server.answer_to(request)) == [431]
    assert server.application.began == []


async def test_a_head_without_an_end_is_not_read_on(server: Server) -> None:
    answer = await server.answer_to(GET[:-2] + b"X: ", *[b"a" * 16_384] * STEPS)
    assert statuses(answer) == [431]
    assert server.application.began == []


async def test_what_is_no_request_is_refused_once(server: Server) -> None:
    assert statuses(await server.answer_to(b"\0" * 2 * LONGEST_HEAD)) == [400]


@pytest.mark.parametrize("path", [b"/hello", b"/work"])
async def test_trailers_without_an_end_are_not_read_on(path: bytes, server: Server) -> None:
    """Neither after the answer nor before it, which then is not given."""
    post = b"POST %s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" % path
    answer = await server.answer_to(post, *[b"X: " + b"a" * 16_384 + b"\r\n"] * STEPS)
    assert statuses(answer) == ([200, 431] if path == b"/hello" else [])


async def test_short_heads_may_share_a_packet_with_others(server: Server) -> None:
    """Each packet ends in the midst of a head, and all of them have more than one head may have."""
    sent = GET * 9_999 + CLOSE
    pieces = [sent[place : place + 20_000] for place in range(0, len(sent), 20_000)]
    assert statuses(await server.answer_to(*pieces)) == [200] * 10_000


async def test_a_long_head_may_begin_behind_another(server: Server) -> None:
    long = GET[:-2] + b"X: " + b"a" * LONGEST_HEAD + b"\r\n\r\n"
    for size in (len(GET) + 1, 40_000, len(GET) + LONGEST_HEAD):
        sent = GET + long
        pieces = [sent[place : place + size] for place in range(0, len(sent), size)]
        assert statuses(await server.answer_to(*pieces[:2], b"".join(pieces[2:]))) == [200, 431]


async def test_a_body_is_no_head(server: Server) -> None:
    """Bodies, and the heads behind them, that share their packets."""
    post = b"POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + b"a" * 100_000
    size = len(post) - 20
    sent = post * 6 + CLOSE
    pieces = [sent[place : place + size] for place in range(0, len(sent), size)]
    assert statuses(await server.answer_to(*pieces)) == [200] * 7
