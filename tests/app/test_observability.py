import asyncio
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from app import observability
from app.observability import FACTS, RequestLog, configure, note, request_id_of

FRESH = re.compile(r"[0-9a-f]{32}")


Output = pytest.CaptureFixture[str]


@pytest.fixture
def output(capsys: Output) -> Iterator[Output]:
    """What a process would write to standard error; its logging is as before afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield capsys
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(output: Output) -> list[dict[str, Any]]:
    """Every line but those of the client, which logs its requests too."""
    written = [json.loads(line) for line in output.readouterr().err.splitlines()]
    return [line for line in written if line["logger"] != "httpx"]


async def requests(output: Output, count: int) -> list[dict[str, Any]]:
    """The lines of so many requests, once they are written."""
    written: list[dict[str, Any]] = []
    async with asyncio.timeout(5):
        while len(written) < count:
            await asyncio.sleep(0)
            written += lines(output)
    return written


async def endpoint(request: Request) -> Response:
    note(operation_name="Feed")
    if "fail" in request.query_params:
        raise ValueError("boom")
    return Response("ä" * 10, 201, {"X-Seen": request.state.request_id})


def client() -> httpx.AsyncClient:
    app = Starlette(routes=[Route("/seen", endpoint)], middleware=[Middleware(RequestLog)])
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://masthead.test")


@pytest.mark.parametrize("given_id", ["abc-1", "A:b/c.d_e=@+9", "x" * 128])
async def test_a_sane_request_id_is_kept(given_id: str) -> None:
    async with client() as http:
        response = await http.get("/seen", headers={"X-Request-ID": given_id})
    assert response.headers["X-Request-ID"] == response.headers["X-Seen"] == given_id


@pytest.mark.parametrize("given_id", ["", "a b", "x" * 129, 'a"b', "a{b}", "ä", "a;b"])
async def test_another_request_id_is_replaced(given_id: str) -> None:
    async with client() as http:
        response = await http.get("/seen", headers=[(b"X-Request-ID", given_id.encode())])
    assert FRESH.fullmatch(response.headers["X-Request-ID"])
    assert response.headers["X-Request-ID"] == response.headers["X-Seen"]


@given(st.text(max_size=300))
def test_no_request_id_can_forge_a_line(given_id: str) -> None:
    raw = [(b"x-request-id", given_id.encode("utf-8", "surrogatepass"))]
    assert re.fullmatch(r"[!-~]{1,128}", request_id_of({"headers": raw}))


async def test_one_line_a_request(output: Output) -> None:
    configure("info", "json")
    async with client() as http:
        await http.get("/seen?secret=1", headers={"X-Request-ID": "abc-1"})
    [line] = await requests(output, 1)
    assert line.pop("duration_ms") >= 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.pop("timestamp"))
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "app.observability",
        "request_id": "abc-1",
        "method": "GET",
        "path": "/seen",
        "status": 201,
        "bytes": 20,
        "operation_name": "Feed",
    }


async def test_a_failed_request_is_logged_as_500(output: Output) -> None:
    configure("info", "json")
    async with client() as http:
        await http.get("/seen?fail=1")
    [line] = await requests(output, 1)
    assert (line["status"], line["bytes"]) == (500, 0)


async def test_nothing_of_a_request_reaches_the_next(output: Output) -> None:
    configure("info", "json")
    async with client() as http:
        await http.get("/seen")
        await http.get("/nope")
    seen, nope = await requests(output, 2)
    assert seen["operation_name"] == "Feed"
    assert "operation_name" not in nope
    assert seen["request_id"] != nope["request_id"]


def test_libraries_log_in_the_same_format(output: Output) -> None:
    configure("info", "json")
    FACTS.set({"request_id": "abc-1"})
    logging.getLogger("uvicorn.error").info("Started %s", "server")
    [line] = lines(output)
    assert line.pop("timestamp")
    assert line == {
        "event": "Started server",
        "level": "info",
        "logger": "uvicorn.error",
        "request_id": "abc-1",
    }


def test_a_traceback_shows_no_variables(output: Output) -> None:
    for log_format in ("json", "console"):
        configure("info", log_format)
        secret = "hunter" + "2"
        try:
            raise ValueError(len(secret))
        except ValueError:
            structlog.get_logger("a").exception("failed")
    written = output.readouterr().err
    assert written.count("ValueError: 7") == 2
    assert "hunter2" not in written


@pytest.mark.parametrize("log_format", ["json", "console"])
async def test_a_log_that_nobody_takes_costs_no_request(
    output: Output, monkeypatch: pytest.MonkeyPatch, log_format: str
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with suppress(BrokenPipeError), os.fdopen(writer, "w") as closed:
        monkeypatch.setattr(sys, "stderr", closed)
        configure("info", log_format)
        async with client() as http:
            assert (await http.get("/seen")).status_code == 201
            assert (await http.get("/seen")).status_code == 201


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_level_hides_what_is_below(output: Output, log_format: str) -> None:
    configure("warning", log_format)
    structlog.get_logger("a").info("quiet")
    structlog.get_logger("a").warning("loud", number=1)
    written = output.readouterr().err
    assert "quiet" not in written
    assert "loud" in written


async def test_lines_are_written_before_the_server_ends(
    output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observability, "DELAY", 60)
    configure("info", "json")

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await Response("")(scope, receive, send)

    async def ignore(message: Message) -> None:
        """Nobody reads it."""

    app = RequestLog(answer)
    scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    await app(scope, lambda: asyncio.sleep(0, {}), ignore)
    assert lines(output) == []
    await app({"type": "lifespan"}, lambda: asyncio.sleep(0, {}), ignore)
    assert [line["path"] for line in lines(output)] == ["/"]
