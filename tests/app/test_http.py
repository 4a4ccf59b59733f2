import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from traceback import walk_tb
from typing import Any, ClassVar

import httpx
import orjson
import pytest
import strawberry
from starlette.applications import Starlette
from starlette.types import Message, Scope
from structlog.testing import capture_logs

from app.main import create_app
from app.settings import Settings
from db.database import Database
from db.errors import NotFound, Unavailable
from engine.fields import Call, batched
from resolvers.schema import Schema

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
UTF8 = "; charset=utf-8"


class Clock:
    """Says how far a slow field got."""

    started: ClassVar[asyncio.Event]
    cancelled: ClassVar[bool]


def fails(parents: Sequence[object], call: Call) -> list[int]:
    raise ValueError("for all of them")


@strawberry.type
class Item:
    broken: int | None = batched(fails)


@strawberry.type
class Query:
    @strawberry.field
    def items(self, count: int) -> list[Item]:
        return [Item() for _ in range(count)]

    @strawberry.field
    def hello(self, name: str = "you") -> str:
        return f"Hello, {name}"

    @strawberry.field
    def long(self) -> str:
        return "press " * 1_000

    @strawberry.field
    def missing(self) -> int | None:
        raise NotFound("There is no such post.")

    @strawberry.field
    def away(self) -> int | None:
        raise Unavailable("The database cannot be reached: try again.")

    @strawberry.field
    def broken(self) -> int | None:
        raise ValueError("a secret")

    @strawberry.field
    def required(self) -> int:
        raise NotFound("There is no such post.")

    @strawberry.field
    def unprintable(self) -> strawberry.scalars.JSON:
        return strawberry.scalars.JSON({"a": object()})

    @strawberry.field
    async def slow(self) -> int:
        Clock.started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            Clock.cancelled = True
            raise
        return 0


@strawberry.type
class Mutation:
    @strawberry.mutation
    def publish(self) -> bool:
        return True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def hello(self) -> AsyncIterator[str]:
        yield "Hello"


SCHEMA = Schema(Query, Mutation, Subscription)


def application(**settings: Any) -> Starlette:
    unreachable = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    chosen = Settings.model_validate({"error_details": False, **settings})
    return create_app(chosen, unreachable, schema=SCHEMA._schema)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://masthead.test") as client:
        yield client


async def post(client: httpx.AsyncClient, query: str, accept: str = GRAPHQL, **rest: Any) -> Any:
    body = {"query": query, **rest}
    return await client.post("/graphql", json=body, headers={"Accept": accept})


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_a_result_comes_as_the_client_accepts_it(
    client: httpx.AsyncClient, accept: str
) -> None:
    response = await post(
        client, "query($n: String!){hello(name:$n)}", accept, variables={"n": "ä"}
    )
    assert response.status_code == 200
    assert response.headers["Content-Type"] == accept + UTF8
    assert "Accept" in response.headers["Vary"]
    assert response.content == '{"data":{"hello":"Hello, ä"}}'.encode()


async def test_a_query_may_come_by_get(client: httpx.AsyncClient) -> None:
    response = await client.get(
        "/graphql",
        params={
            "query": "query A{hello} query B($n: String!){hello(name:$n)}",
            "operationName": "B",
            "variables": json.dumps({"n": "ä&b"}),
        },
    )
    assert response.status_code == 200
    assert response.headers["Content-Type"] == JSON + UTF8
    assert response.json() == {"data": {"hello": "Hello, ä&b"}}


async def test_nothing_acceptable_is_406(client: httpx.AsyncClient) -> None:
    response = await post(client, "{hello}", "text/html, image/*")
    assert (response.status_code, codes(response)) == (406, ["NOT_ACCEPTABLE"])
    assert response.headers["Content-Type"] == JSON + UTF8


async def test_several_accept_headers_count_as_one(client: httpx.AsyncClient) -> None:
    headers = [("Accept", "image/png"), ("Accept", GRAPHQL)]
    response = await client.get("/graphql", params={"query": "{hello}"}, headers=headers)
    assert response.headers["Content-Type"] == GRAPHQL + UTF8


@pytest.mark.parametrize(
    ("request_body", "code", "location"),
    [
        ({"query": "{hello"}, "GRAPHQL_PARSE_FAILED", {"line": 1, "column": 7}),
        ({"query": ""}, "GRAPHQL_PARSE_FAILED", {"line": 1, "column": 1}),
        ({"query": "{helo}"}, "GRAPHQL_VALIDATION_FAILED", {"line": 1, "column": 2}),
        (
            {"query": "query($n: String!){hello(name:$n)}", "variables": {"n": 1}},
            "BAD_USER_INPUT",
            {"line": 1, "column": 7},
        ),
        ({"query": "query A{hello} query B{hello}"}, "OPERATION_RESOLUTION_FAILURE", None),
        ({"query": "{hello}", "operationName": "A"}, "OPERATION_RESOLUTION_FAILURE", None),
    ],
)
async def test_a_request_error_has_no_data_and_a_status_by_media_type(
    client: httpx.AsyncClient, request_body: Any, code: str, location: Any
) -> None:
    for media_type, status in ((GRAPHQL, 400), (JSON, 200)):
        response = await post(client, **request_body, accept=media_type)
        assert (response.status_code, codes(response)) == (status, [code])
        assert response.headers["Content-Type"] == media_type + UTF8
        assert "data" not in response.json()
        [error] = response.json()["errors"]
        assert error.get("locations") == ([location] if location else None)


async def test_a_refused_document_is_refused_again_from_the_cache(
    client: httpx.AsyncClient,
) -> None:
    first, second = [await post(client, "{hello nope}") for _ in range(2)]
    assert codes(first) == ["GRAPHQL_VALIDATION_FAILED"]
    assert first.json() == second.json()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{hello" * 5_000, "NESTING_LIMIT_EXCEEDED"),
        ("{" + "hello " * 5_000 + "}", "TOKEN_LIMIT_EXCEEDED"),
        ("#\n" * 2_001 + "{hello}", "COMMENT_LIMIT_EXCEEDED"),
    ],
)
async def test_an_oversized_document_is_refused(
    client: httpx.AsyncClient, query: str, code: str
) -> None:
    response = await post(client, query)
    assert (response.status_code, codes(response)) == (400, [code])


async def test_mutations_need_a_post(client: httpx.AsyncClient) -> None:
    params = {"query": "mutation{publish}"}
    response = await client.get("/graphql", params=params)
    assert (response.status_code, codes(response)) == (405, ["METHOD_NOT_ALLOWED"])
    assert response.headers["Allow"] == "POST"
    assert (await client.head("/graphql", params=params)).status_code == 405
    assert (await post(client, "mutation{publish}")).json() == {"data": {"publish": True}}


async def test_subscriptions_are_refused(client: httpx.AsyncClient) -> None:
    response = await post(client, "subscription{hello}")
    assert (response.status_code, codes(response)) == (400, ["BAD_REQUEST"])


async def test_options_names_the_methods(client: httpx.AsyncClient) -> None:
    response = await client.options("/graphql")
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
async def test_other_methods_are_refused(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql")
    assert (response.status_code, codes(response)) == (405, ["METHOD_NOT_ALLOWED"])
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


async def test_an_unknown_path_is_json(client: httpx.AsyncClient) -> None:
    response = await client.get("/nope", headers={"Accept": BROWSER})
    assert (response.status_code, codes(response)) == (404, ["NOT_FOUND"])
    assert response.headers["Content-Type"] == JSON + UTF8


async def test_a_browser_gets_the_page(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql", headers={"Accept": BROWSER})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html" + UTF8
    assert "Accept" in response.headers["Vary"].split(", ")


async def test_a_browser_that_sends_a_query_gets_its_result(client: httpx.AsyncClient) -> None:
    headers = {"Accept": BROWSER}
    response = await client.get("/graphql", params={"query": "{hello}"}, headers=headers)
    assert response.headers["Content-Type"] == JSON + UTF8
    assert response.json() == {"data": {"hello": "Hello, you"}}


async def test_the_root_leads_to_graphiql(client: httpx.AsyncClient) -> None:
    response = await client.get("/")
    assert (response.status_code, response.headers["Location"]) == (307, "graphiql")


async def test_without_graphiql_there_is_no_page() -> None:
    transport = httpx.ASGITransport(application(graphiql=False))
    async with httpx.AsyncClient(transport=transport, base_url="http://masthead.test") as client:
        page = await client.get("/graphql", headers={"Accept": BROWSER})
        assert (page.status_code, codes(page)) == (400, ["BAD_REQUEST"])
        assert (await client.get("/")).status_code == 404
        assert (await client.get("/graphiql")).status_code == 404


async def test_the_limit_of_a_body_is_a_setting() -> None:
    transport = httpx.ASGITransport(application(body_limit=100))
    async with httpx.AsyncClient(transport=transport, base_url="http://masthead.test") as client:
        assert (await post(client, "{hello}")).status_code == 200
        large = await post(client, "{hello}".ljust(100))
        assert (large.status_code, codes(large)) == (413, ["PAYLOAD_TOO_LARGE"])


@pytest.mark.parametrize("media_type", [JSON, GRAPHQL])
async def test_a_failed_field_leaves_the_rest(client: httpx.AsyncClient, media_type: str) -> None:
    response = await post(client, "{hello missing}", media_type)
    assert (response.status_code, codes(response)) == (200, ["NOT_FOUND"])
    assert response.json()["data"] == {"hello": "Hello, you", "missing": None}
    assert response.json()["errors"][0]["path"] == ["missing"]


@pytest.mark.parametrize("media_type", [JSON, GRAPHQL])
async def test_data_that_became_null_is_still_data(
    client: httpx.AsyncClient, media_type: str
) -> None:
    response = await post(client, "{hello required}", media_type)
    assert (response.status_code, codes(response)) == (200, ["NOT_FOUND"])
    assert response.json()["data"] is None


async def test_an_unexpected_exception_is_masked_and_logged_once(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as logs:
        response = await client.post(
            "/graphql", json={"query": "{hello broken}"}, headers={"X-Request-ID": "abc-1"}
        )
    assert response.json() == {
        "errors": [
            {
                "message": "Internal server error",
                "locations": [{"line": 1, "column": 8}],
                "path": ["broken"],
                "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "abc-1"},
            }
        ],
        "data": {"hello": "Hello, you", "broken": None},
    }
    [failure] = [line for line in logs if line["event"] == "field failed"]
    assert failure["field"] == ["broken"]
    assert failure["count"] == 1
    assert repr(failure["exc_info"]) == "ValueError('a secret')"
    assert caplog.records == []


async def test_what_fails_for_many_objects_is_logged_once(client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        for count in (1, 20):
            await post(client, f"{{items(count: {count}) {{broken}}}}")
    one, many = [line for line in logs if line["event"] == "field failed"]
    assert (one["count"], many["count"]) == (1, 20)
    assert many["field"] == ["items", 0, "broken"]
    frames = [len(list(walk_tb(each["exc_info"].__traceback__))) for each in (one, many)]
    assert frames[0] == frames[1]


async def test_a_fault_outside_of_execution_is_masked(client: httpx.AsyncClient) -> None:
    response = await post(client, "{unprintable}")
    assert response.status_code == 500
    assert response.json()["errors"] == [
        {
            "message": "Internal server error",
            "extensions": {
                "code": "INTERNAL_SERVER_ERROR",
                "requestId": response.headers["X-Request-ID"],
            },
        }
    ]


@pytest.mark.parametrize("media_type", [JSON, GRAPHQL])
async def test_a_database_away_is_503(client: httpx.AsyncClient, media_type: str) -> None:
    response = await post(client, "{away}", media_type)
    assert (response.status_code, codes(response)) == (503, ["SERVICE_UNAVAILABLE"])
    assert response.headers["Retry-After"] == "2"
    assert response.headers["Content-Type"] == media_type + UTF8
    assert "data" not in response.json()


async def test_what_was_answered_before_the_database_went_is_kept(
    client: httpx.AsyncClient,
) -> None:
    response = await post(client, "{hello away}")
    assert (response.status_code, codes(response)) == (200, ["SERVICE_UNAVAILABLE"])
    assert response.json()["data"] == {"hello": "Hello, you", "away": None}


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip"])
@pytest.mark.parametrize("media_type", [JSON, GRAPHQL])
async def test_a_large_response_is_compressed(
    client: httpx.AsyncClient, encoding: str, media_type: str
) -> None:
    headers = {"Accept": media_type, "Accept-Encoding": encoding}
    async with client.stream(
        "POST", "/graphql", json={"query": "{long}"}, headers=headers
    ) as response:
        raw = b"".join([chunk async for chunk in response.aiter_raw()])
    assert response.headers["Content-Encoding"] == encoding
    assert {"Accept", "Accept-Encoding"} <= set(response.headers["Vary"].split(", "))
    assert len(raw) < 500


async def test_every_response_has_the_default_headers(client: httpx.AsyncClient) -> None:
    for path in ("/graphql", "/health/live", "/nope"):
        headers = (await client.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


async def test_a_disconnect_cancels_the_work() -> None:
    Clock.started, Clock.cancelled = asyncio.Event(), False
    body = orjson.dumps({"query": "{slow}"})
    sent: list[Message] = []
    arriving = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        if message := next(arriving, None):
            return message
        await Clock.started.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    with capture_logs() as logs:
        await application()(scope, receive, send)
        async with asyncio.timeout(5):
            while not logs:
                await asyncio.sleep(0)
    assert Clock.cancelled
    assert [line["status"] for line in logs if line["event"] == "request"] == [499]
    assert sent[0]["status"] == 499
