"""Bodies that do not arrive: over sockets, as a slow client sends them."""

import asyncio
from typing import cast

import uvicorn
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.http.budgets import Budgets
from app.http.documents import DocumentStore
from app.http.endpoint import Endpoint
from app.settings import Settings
from db.database import Database
from engine import Engine

HEAD = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    await Response(status_code=404)(scope, receive, send)


async def answer_to(sent: bytes, seconds: float = 0.2) -> bytes:
    """All that the server says until it closes the connection; a body has so many seconds."""
    settings = Settings.model_construct(request_timeout=seconds, body_limit=100)
    # Neither is reached before the body is there.
    app = Endpoint(
        _nothing,
        settings,
        cast(Database, None),
        cast(Engine, None),
        cast(DocumentStore, None),
        cast(Budgets, None),
    )
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()
        server.should_exit = True
        await serving


def test_a_body_that_does_not_arrive_is_cut_off() -> None:
    for body in (b"Content-Length: 9\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"):
        answer = asyncio.run(answer_to(HEAD + body))
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b'"code":"REQUEST_TIMEOUT"' in answer


def test_a_client_may_give_its_body_less_time() -> None:
    waiting = b"X-Request-Timeout: .2\r\nContent-Length: 9\r\n\r\n{"
    answer = asyncio.run(answer_to(HEAD + waiting, 3600))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"REQUEST_TIMEOUT"' in answer
    # It can have no more than there is, and what is no time is refused before the body is there.
    answer = asyncio.run(answer_to(HEAD + waiting.replace(b".2", b"60")))
    assert answer.startswith(b"HTTP/1.1 408 ")
    refused = waiting.replace(b".2", b"soon\r\nConnection: close")
    answer = asyncio.run(answer_to(HEAD + refused, 3600))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"code":"BAD_REQUEST"' in answer


def test_a_chunked_body_past_the_limit_is_refused_before_it_ends() -> None:
    body = b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + b" " * 101 + b"\r\n"
    answer = asyncio.run(answer_to(HEAD + body))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"PAYLOAD_TOO_LARGE"' in answer
