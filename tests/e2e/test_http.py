"""What only a real server shows: its own parsing of HTTP, beneath ours."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from urllib.parse import urlsplit

import httpx

from tests.postgres import Clone, Server

QUERY = {"query": "{__typename}"}
ANSWER = {"data": {"__typename": "Query"}}
JSON = {"Content-Type": "application/json"}


def endless() -> Iterator[bytes]:
    """Far more than any limit, should anybody read it all."""
    for _ in range(1_000):
        yield b" " * 10_000


def test_a_chunked_body_is_read(server: str) -> None:
    body = iter([b'{"query"', b':"{__typename}"}'])
    assert httpx.post(f"{server}/graphql", content=body, headers=JSON).json() == ANSWER


def test_a_chunked_body_past_the_limit_is_refused(server: str) -> None:
    response = httpx.post(f"{server}/graphql", content=endless(), headers=JSON)
    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"] == {"code": "PAYLOAD_TOO_LARGE"}


def test_a_connection_outlives_a_refusal(server: str) -> None:
    with httpx.Client(base_url=server) as client:
        assert client.post("/graphql", content=b" " * 1_100_000, headers=JSON).status_code == 413
        assert client.post("/graphql", json=QUERY).json() == ANSWER


def test_head_has_the_headers_of_get_and_no_body(server: str) -> None:
    params = {"query": "{__typename}"}
    get = httpx.get(f"{server}/graphql", params=params)
    head = httpx.head(f"{server}/graphql", params=params)
    assert get.json() == ANSWER
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "Content-Length", "Vary"):
        assert head.headers[name] == get.headers[name]


def test_the_request_id_comes_back(server: str) -> None:
    response = httpx.post(f"{server}/graphql", json=QUERY, headers={"X-Request-ID": "e2e-1"})
    assert response.headers["X-Request-ID"] == "e2e-1"


def test_the_server_is_alive_and_ready(server: str) -> None:
    live, ready = (httpx.get(f"{server}/health/{name}") for name in ("live", "ready"))
    assert (live.status_code, live.json()) == (200, {"status": "ok", "checks": {}})
    assert (ready.status_code, ready.json()) == (
        200,
        {"status": "ok", "checks": {"database": "ok", "migrations": "ok"}},
    )


def test_a_database_that_goes_away_is_503(
    postgres: Server, serve: Callable[[Clone], AbstractContextManager[str]]
) -> None:
    title = {"query": '{publication(host: "sample.masthead.test") {title}}'}
    with (
        ExitStack() as database,
        serve(database.enter_context(postgres.clone())) as server,
        httpx.Client(base_url=server) as client,
    ):
        assert client.post("/graphql", json=title).json().keys() == {"data"}
        database.close()
        answer = client.post("/graphql", json=title)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert [error["extensions"] for error in answer.json()["errors"]] == [
            {"code": "SERVICE_UNAVAILABLE"}
        ]
        assert client.get("/health/ready").status_code == 503
        assert client.get("/health/live").status_code == 200


async def test_pipelined_requests_are_answered_in_order(server: str) -> None:
    address = urlsplit(server)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    for number, close in ((1, "keep-alive"), (2, "close")):
        body = json.dumps({"query": f"{{answer{number}: __typename}}"})
        writer.write(
            f"POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: {close}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
    received = (await reader.read()).decode()
    writer.close()
    assert received.count("HTTP/1.1 200 OK") == 2
    assert 0 < received.index('"answer1"') < received.index('"answer2"')
