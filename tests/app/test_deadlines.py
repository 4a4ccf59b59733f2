"""The header by which a client takes less time than it might, against a field that never ends."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, ClassVar

import httpx
import pytest
import strawberry
from structlog.testing import capture_logs

from app.main import create_app
from app.settings import Settings
from db.database import Database

HEADER = "X-Request-Timeout"
MESSAGE = "The time for this request has run out."


class Calls:
    """How often the fields were resolved."""

    quick: ClassVar[int] = 0


@strawberry.type
class Query:
    @strawberry.field
    def quick(self) -> str:
        Calls.quick += 1
        return "done"

    @strawberry.field
    async def endless(self) -> str | None:
        await asyncio.Event().wait()
        return None

    @strawberry.field
    async def required(self) -> str:
        await asyncio.Event().wait()
        return ""


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to a server whose requests have a tenth of a second."""
    unreachable = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    settings = Settings(request_timeout=0.1, database_url=None)
    app = create_app(settings, unreachable, schema=strawberry.Schema(Query))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://masthead.test") as client:
        yield client


async def answer(client: httpx.AsyncClient, query: str, **headers: str) -> tuple[int, Any]:
    response = await client.post("/graphql", json={"query": query}, headers=headers)
    return response.status_code, response.json()


def timed_out(field: str, column: int) -> dict[str, Any]:
    return {
        "message": MESSAGE,
        "locations": [{"line": 1, "column": column}],
        "path": [field],
        "extensions": {"code": "TIMEOUT"},
    }


@pytest.mark.parametrize(
    "headers", [{}, {HEADER: ""}, {HEADER: "0.01"}, {HEADER: " .01 "}, {HEADER: "60."}]
)
async def test_what_is_finished_is_returned(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """At the server's own time, at the client's when it is less, and no later."""
    assert await answer(client, "{ quick endless }", **headers) == (
        200,
        {"data": {"quick": "done", "endless": None}, "errors": [timed_out("endless", 9)]},
    )


async def test_what_must_not_be_null_takes_the_rest_with_it(client: httpx.AsyncClient) -> None:
    assert await answer(client, "{ quick required }") == (
        200,
        {"data": None, "errors": [timed_out("required", 9)]},
    )


async def test_a_deadline_is_no_fault_of_the_server(client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        await answer(client, "{ endless }")
        async with asyncio.timeout(5):
            while not logs:
                await asyncio.sleep(0)
    assert [line["event"] for line in logs] == ["request"]


@pytest.mark.parametrize("value", ["0", "0.0", "-1", "1e3", "inf", "nan", "1s", "٣", "1,5", "."])
async def test_a_malformed_header_is_refused(client: httpx.AsyncClient, value: str) -> None:
    before = Calls.quick
    headers = {HEADER: value.encode()}
    response = await client.post("/graphql", json={"query": "{ quick }"}, headers=headers)  # type: ignore[arg-type]
    assert (response.status_code, response.json()) == (
        400,
        {
            "errors": [
                {
                    "message": f'The header "{HEADER}" must be seconds above 0, as in "2.5".',
                    "extensions": {"code": "BAD_REQUEST"},
                }
            ]
        },
    )
    assert Calls.quick == before
