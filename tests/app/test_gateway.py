"""What stands before everything: security headers, proxies, WebSockets, and what faults may show."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import strawberry
from starlette.applications import Starlette
from starlette.types import Message

from app.main import create_app
from app.settings import Settings
from db.database import Database
from db.viewer import Client

SCHEMA_QUERY = "{ __schema { queryType { name } } }"
PRODUCTION: dict[str, Any] = {"profile": "production", "public_url": "https://blog.test"}
PROXY = "192.0.2.1"
FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, count: int = 1) -> str:
        return "Hello"

    @strawberry.field
    def broken(self) -> int | None:
        raise ValueError("a secret")

    @strawberry.field
    def address(self, info: strawberry.Info) -> str | None:
        client: Client = info.context.exchange.client
        return client.address


def application(**settings: Any) -> Starlette:
    unreachable = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    return create_app(
        Settings.model_validate(settings), unreachable, schema=strawberry.Schema(Query)
    )


@asynccontextmanager
async def client_of(address: str = PROXY, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(**settings), client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://masthead.test") as client:
        yield client


async def ask(client: httpx.AsyncClient, query: str, **rest: Any) -> Any:
    accept = {"Accept": "application/graphql-response+json"}
    return await client.post("/graphql", json={"query": query}, headers=accept | rest)


# --- Headers


@pytest.mark.parametrize("path", ["/graphql?query={hello}", "/health/live", "/nothing"])
async def test_every_answer_says_what_browsers_must_not_do_with_it(path: str) -> None:
    async with client_of() as client:
        headers = (await client.get(path)).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_production_tells_browsers_to_come_by_https() -> None:
    async with client_of(**PRODUCTION) as client:
        response = await client.get("/health/live")
        assert response.headers["Strict-Transport-Security"] == "max-age=63072000"
    for settings in (
        PRODUCTION | {"public_url": "http://blog.test"},
        PRODUCTION | {"profile": "development"},
    ):
        async with client_of(**settings) as client:
            response = await client.get("/health/live")
            assert "Strict-Transport-Security" not in response.headers


# --- Profiles


async def test_production_shows_no_schema() -> None:
    async with client_of(**PRODUCTION) as client:
        for query in (
            SCHEMA_QUERY,
            '{ __type(name: "Query") { name } }',
            "{ hello ...F } fragment F on Query { mine: __schema { description } }",
        ):
            response = await ask(client, query)
            [error] = response.json().pop("errors")
            assert (response.status_code, error["extensions"]) == (
                400,
                {"code": "INTROSPECTION_DISABLED"},
            )
            assert "data" not in response.json()
        assert (await ask(client, "{ __typename }")).json() == {"data": {"__typename": "Query"}}
    for settings in ({}, PRODUCTION | {"introspection": True}):
        async with client_of(**settings) as client:
            shown = {"data": {"__schema": {"queryType": {"name": "Query"}}}}
            assert (await ask(client, SCHEMA_QUERY)).json() == shown


async def test_production_suggests_no_names() -> None:
    plain = "Cannot query field 'hallo' on type 'Query'."
    for settings, expected in (
        (PRODUCTION, plain),
        (PRODUCTION | {"suggestions": True}, f"{plain} Did you mean 'hello'?"),
        ({}, f"{plain} Did you mean 'hello'?"),
    ):
        async with client_of(**settings) as client:
            [error] = (await ask(client, "{ hallo }")).json()["errors"]
            assert error["message"] == expected


@pytest.mark.parametrize("path", ["/graphiql", "/graphql", "/"])
async def test_production_has_no_page(path: str) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8"}
    for settings, is_page in ((PRODUCTION, False), (PRODUCTION | {"graphiql": True}, True)):
        async with client_of(**settings) as client:
            response = await client.get(path, headers=browser, follow_redirects=True)
            assert response.headers["Content-Type"].startswith("text/html") is is_page
            assert (response.status_code == 200) is is_page


async def test_a_fault_shows_itself_to_developers_alone() -> None:
    shown = {"class": "ValueError", "message": "a secret"}
    for settings, expected in (
        ({}, shown),
        ({"error_details": False}, None),
        ({"host": "0.0.0.0"}, None),
        (PRODUCTION, None),
    ):
        async with client_of(**settings) as client:
            response = await ask(client, "{ broken }")
            [error] = response.json()["errors"]
            assert error["message"] == "Internal server error"
            assert error["extensions"].get("exception") == expected
            assert ("a secret" in response.text) is (expected is not None)


async def test_production_explains_nothing() -> None:
    async with client_of(**PRODUCTION) as client:
        response = await ask(client, "{ hello }", **{"X-Explain": "1"})
        assert response.json() == {"data": {"hello": "Hello"}}


# --- Proxies


async def address(client: httpx.AsyncClient, **headers: str) -> str:
    response = await ask(client, "{ address }", **headers)
    return str(response.json()["data"]["address"])


async def test_a_client_cannot_say_where_it_is() -> None:
    async with client_of() as client:
        assert await address(client, **FORWARDED) == PROXY
    async with client_of("127.0.0.1") as client:
        assert await address(client, **FORWARDED) == "127.0.0.1"


@pytest.mark.parametrize("trusted", ["192.0.2.1", "192.0.2.0/24, 10.0.0.0/8"])
async def test_a_trusted_proxy_can(trusted: str) -> None:
    async with client_of(trusted_proxies=trusted) as client:
        assert await address(client, **FORWARDED) == "203.0.113.9"
        assert await address(client) == PROXY
        claimed = {"X-Forwarded-For": "10.9.9.9, 198.51.100.1, 203.0.113.9"}
        assert await address(client, **claimed) == "203.0.113.9"
    async with client_of("198.51.100.7", trusted_proxies=trusted) as client:
        assert await address(client, **FORWARDED) == "198.51.100.7"


# --- WebSockets


@pytest.mark.parametrize("path", ["/graphql", "/graphiql", "/nothing"])
async def test_a_websocket_is_refused(path: str) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "websocket",
        "path": path,
        "query_string": b"",
        "headers": [(b"origin", b"https://evil.test"), (b"host", b"masthead.test")],
        "subprotocols": ["graphql-transport-ws", "graphql-ws"],
        "client": (PROXY, 4711),
    }
    await application(cors_origins="https://blog.test")(scope, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]
