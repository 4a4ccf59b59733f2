"""Documents by their ids: trusted ones, automatic persisted queries, and what caches may keep of them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
import strawberry

from app.http import documents
from app.main import create_app
from app.settings import Settings
from db.database import Database
from db.errors import NotFound

HELLO = "query Hello { hello }"
BYE = "query Bye { bye: hello }"
SAVE = "mutation Save { save }"
FAIL = "query Fail { hello missing }"
GRAPHQL = "application/graphql-response+json"


@strawberry.type
class Query:
    @strawberry.field
    def hello(self) -> str:
        return "Hello"

    @strawberry.field
    def missing(self) -> int | None:
        raise NotFound("There is no such post.")


@strawberry.type
class Mutation:
    @strawberry.mutation
    def save(self) -> bool:
        return True


SCHEMA = strawberry.Schema(Query, Mutation)


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def persisted(text: str, **changes: Any) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest(text)} | changes}


@asynccontextmanager
async def client_of(**settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    unreachable = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    app = create_app(Settings.model_validate(settings), unreachable, schema=SCHEMA)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://masthead.test") as client:
        yield client


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of() as client:
        yield client


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    file = tmp_path / "documents.json"
    file.write_text(json.dumps({"hello": HELLO, "save": SAVE, "fail": FAIL}))
    return file


async def post(client: httpx.AsyncClient, accept: str = GRAPHQL, **body: Any) -> httpx.Response:
    return await client.post("/graphql", json=body, headers={"Accept": accept})


async def get(client: httpx.AsyncClient, *, headers: Any = None, **given: Any) -> httpx.Response:
    params = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
    }
    return await client.get("/graphql", params=params, headers=headers)


def refused(response: httpx.Response) -> tuple[int, str, str]:
    [error] = response.json()["errors"]
    assert response.headers["Cache-Control"] == "no-store" or response.request.method == "POST"
    assert "data" not in response.json()
    return response.status_code, error["extensions"]["code"], error["message"]


NOT_FOUND = (200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
NOT_SUPPORTED = (200, "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
ONLY = (400, "PERSISTED_QUERY_ONLY", "Only trusted documents are accepted here.")
MISMATCH = (400, "PERSISTED_QUERY_MISMATCH", "provided sha does not match query")


async def test_a_trusted_document_comes_by_its_id(manifest: Path) -> None:
    async with client_of(documents=manifest) as client:
        for id_ in ("hello", digest(HELLO), f"sha256:{digest(HELLO)}"):
            for response in (await post(client, documentId=id_), await get(client, documentId=id_)):
                assert response.status_code == 200
                assert response.json() == {"data": {"hello": "Hello"}}
        response = await post(client, extensions=persisted(HELLO))
        assert response.json() == {"data": {"hello": "Hello"}}
        assert refused(await post(client, documentId="other")) == NOT_FOUND
        assert refused(await post(client, documentId="")) == NOT_FOUND
        assert refused(await post(client, documentId=f"sha256:{digest(BYE)}")) == NOT_FOUND


async def test_others_are_accepted_as_well_unless_it_is_said(manifest: Path) -> None:
    async with client_of(documents=manifest) as client:
        assert (await post(client, query=BYE)).json() == {"data": {"bye": "Hello"}}


async def test_nothing_else_is_accepted_where_that_is_said(manifest: Path) -> None:
    async with client_of(documents=manifest, documents_only=True) as client:
        assert (await post(client, documentId="hello")).json() == {"data": {"hello": "Hello"}}
        assert (await post(client, documentId="save")).json() == {"data": {"save": True}}
        assert refused(await post(client, query=BYE)) == ONLY
        assert refused(await get(client, query=BYE)) == ONLY
        assert refused(await post(client, query=HELLO)) == ONLY
        assert refused(await post(client, extensions=persisted(BYE))) == NOT_SUPPORTED
        assert refused(await post(client, query=BYE, extensions=persisted(BYE))) == ONLY
        assert refused(await post(client, query=BYE, extensions=persisted(HELLO))) == MISMATCH
        known = await post(client, query=HELLO, extensions=persisted(HELLO))
        assert known.json() == {"data": {"hello": "Hello"}}
        assert refused(await post(client, extensions=persisted(BYE))) == NOT_SUPPORTED
        assert refused(await post(client, documentId="bye")) == NOT_FOUND


@pytest.mark.parametrize("accept", [GRAPHQL, "application/json"])
async def test_a_text_is_remembered_by_its_digest(client: httpx.AsyncClient, accept: str) -> None:
    assert refused(await post(client, accept, extensions=persisted(HELLO))) == NOT_FOUND
    sent = await post(client, accept, query=HELLO, extensions=persisted(HELLO))
    again = await post(client, accept, extensions=persisted(HELLO))
    by_url = await get(client, extensions=persisted(HELLO))
    assert sent.json() == again.json() == by_url.json() == {"data": {"hello": "Hello"}}


async def test_a_text_without_a_digest_is_not_remembered(client: httpx.AsyncClient) -> None:
    assert (await post(client, query=HELLO)).status_code == 200
    assert refused(await post(client, extensions=persisted(HELLO))) == NOT_FOUND


async def test_a_digest_is_that_of_its_text(client: httpx.AsyncClient) -> None:
    assert refused(await post(client, query=BYE, extensions=persisted(HELLO))) == MISMATCH
    assert refused(await post(client, extensions=persisted(HELLO))) == NOT_FOUND
    assert refused(await post(client, extensions=persisted(BYE))) == NOT_FOUND


async def test_what_is_not_valid_is_not_remembered(client: httpx.AsyncClient) -> None:
    for text in ("{ hallo }", "{ hello"):
        sent = await post(client, query=text, extensions=persisted(text))
        assert sent.status_code == 400
        assert refused(await post(client, extensions=persisted(text))) == NOT_FOUND


async def test_so_many_characters_are_remembered(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "REMEMBERED", 100)
    async with client_of() as small:
        for number in range(6):
            text = f"{{ a{number}: hello }}".ljust(20)
            await post(small, query=text, extensions=persisted(text))
        first, last = "{ a0: hello }".ljust(20), "{ a5: hello }".ljust(20)
        assert refused(await post(small, extensions=persisted(first))) == NOT_FOUND
        assert (await post(small, extensions=persisted(last))).json() == {"data": {"a5": "Hello"}}


@pytest.mark.parametrize(
    "extension",
    [1, "hash", {}, {"version": 1}, {"version": 1, "sha256Hash": 1}, {"sha256Hash": digest(HELLO)}],
)
async def test_a_malformed_extension_is_refused(client: httpx.AsyncClient, extension: Any) -> None:
    assert refused(await post(client, query=HELLO, extensions={"persistedQuery": extension})) == (
        400,
        "BAD_REQUEST",
        'The extension "persistedQuery" must be {"version": 1, "sha256Hash": "…"}.',
    )


async def test_another_version_is_refused(client: httpx.AsyncClient) -> None:
    response = await post(client, extensions=persisted(HELLO, version=2))
    assert refused(response) == (
        400,
        "BAD_REQUEST",
        "Only version 1 of persisted queries is supported.",
    )


@pytest.mark.parametrize("other", [{"query": HELLO}, {"extensions": persisted(HELLO)}])
async def test_two_ways_to_name_a_document_are_one_too_many(
    manifest: Path, other: dict[str, Any]
) -> None:
    async with client_of(documents=manifest) as client:
        assert refused(await post(client, documentId="hello", **other)) == (
            400,
            "BAD_REQUEST",
            "Besides a documentId there must be no other document.",
        )


async def test_a_mutation_by_its_id_needs_a_post(manifest: Path) -> None:
    async with client_of(documents=manifest) as client:
        status, code, _ = refused(await get(client, documentId="save"))
        assert (status, code) == (405, "METHOD_NOT_ALLOWED")


async def test_a_browser_that_asks_by_id_gets_no_page(manifest: Path) -> None:
    async with client_of(documents=manifest) as client:
        response = await get(client, documentId="hello", headers={"Accept": "text/html,*/*;q=0.8"})
        assert response.json() == {"data": {"hello": "Hello"}}


# --- What caches may keep


async def test_a_public_answer_by_id_may_be_kept(manifest: Path) -> None:
    async with client_of(documents=manifest, cors_origins="https://blog.test") as client:
        await post(client, query=BYE, extensions=persisted(BYE))
        for given in ({"documentId": "hello"}, {"extensions": persisted(BYE)}):
            response = await get(client, **given)
            assert response.headers["Cache-Control"] == "public, max-age=60"
            assert response.headers["Vary"].split(", ") == [
                "Accept",
                "Authorization",
                "Cookie",
                "Origin",
            ]


async def test_how_long_is_a_setting(manifest: Path) -> None:
    for seconds, expected in ((5, "public, max-age=5"), (0, "no-store")):
        async with client_of(documents=manifest, cache_seconds=seconds) as client:
            response = await get(client, documentId="hello")
            assert response.headers["Cache-Control"] == expected


async def test_no_other_answer_is_kept(manifest: Path) -> None:
    async with client_of(documents=manifest) as client:
        for response in (
            await get(client, documentId="fail"),
            await get(client, query=HELLO),
            await get(client, query="{ hallo }"),
            await get(client, documentId="other"),
            await get(client, documentId="hello", headers={"X-Explain": "1"}),
            await client.get("/nothing"),
        ):
            assert response.headers["Cache-Control"] == "no-store"
        assert "Cache-Control" not in (await post(client, documentId="hello")).headers
