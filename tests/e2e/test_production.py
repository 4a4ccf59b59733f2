"""A server with the profile `production`, as a proxy's or an attacker's bytes reach it."""

import secrets
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from db.database import Database
from tests.e2e.conftest import Serve
from tests.postgres import Clone, Server
from tests.signing import SIGN_IN, credentials, person

HANDSHAKE = (
    "GET /graphql HTTP/1.1\r\n"
    "Host: blog.test\r\n"
    "Connection: Upgrade\r\n"
    "Upgrade: websocket\r\n"
    "Origin: https://evil.test\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: graphql-transport-ws\r\n"
    "\r\n"
)


@pytest.fixture(scope="module")
def clone(postgres: Server) -> Iterator[Clone]:
    with postgres.clone() as clone:
        yield clone


@pytest.fixture(scope="module")
def production(
    clone: Clone, serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a server whose secret stands in a file."""
    secret: Path = tmp_path_factory.mktemp("production") / "secret"
    secret.write_text(secrets.token_hex(32))
    settings = {
        "MASTHEAD_PROFILE": "production",
        "MASTHEAD_PUBLIC_URL": "https://blog.test",
        "MASTHEAD_SECRET_KEYS_FILE": str(secret),
        "MASTHEAD_CLIENT_TIMEOUT": "1",
    }
    with serve(clone, **settings) as address:
        yield address


def test_it_serves_and_shows_nothing_besides(production: str) -> None:
    with httpx.Client(base_url=production) as client:
        asked = client.post("/graphql", json={"query": "{ __typename }"})
        assert asked.json() == {"data": {"__typename": "Query"}}
        assert "Server" not in asked.headers
        assert asked.headers["Strict-Transport-Security"] == "max-age=63072000"
        refused = client.post("/graphql", json={"query": "{ __schema { description } }"})
        [error] = refused.json()["errors"]
        assert error["extensions"] == {"code": "INTROSPECTION_DISABLED"}
        assert client.get("/graphiql").status_code == 404


def answer_to(production: str, sent: str) -> bytes:
    """All that comes until the server closes the connection."""
    address = urlsplit(production)
    assert address.hostname is not None
    assert address.port is not None
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(sent.encode())
        return b"".join(iter(lambda: connection.recv(1024), b""))


def test_a_websocket_handshake_is_refused(production: str) -> None:
    assert answer_to(production, HANDSHAKE).startswith(b"HTTP/1.1 403 ")


def test_a_slow_head_is_cut_off(production: str) -> None:
    assert answer_to(production, HANDSHAKE[:-2]).startswith(b"HTTP/1.1 408 ")
    assert answer_to(production, "") == b""


async def test_a_client_cannot_say_where_it_is(production: str, clone: Clone) -> None:
    database = Database(clone.url)
    await person(database, "ann")
    await database.dispose()
    forged = {"X-Forwarded-For": "203.0.113.9"}
    async with httpx.AsyncClient(base_url=production, headers=forged) as client:
        given = {"query": SIGN_IN, "variables": {"input": credentials("ann")}}
        tokens = (await client.post("/graphql", json=given)).json()["data"]["signIn"]["tokens"]
        own = {"Authorization": f"Bearer {tokens['accessToken']}"}
        asked = {"query": "{ me { sessions { address } } }"}
        answer = await client.post("/graphql", json=asked, headers=own)
    assert answer.json() == {"data": {"me": {"sessions": [{"address": "127.0.0.1"}]}}}
