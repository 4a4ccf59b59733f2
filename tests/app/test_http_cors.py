"""Which pages of other sites may read answers, from both sides."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from db.database import Database

BLOG, EVIL = "https://blog.test", "https://evil.test"
EXPOSED = "RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"
QUERY = {"query": "{ __typename }"}


@asynccontextmanager
async def client_of(*origins: str) -> AsyncIterator[httpx.AsyncClient]:
    unreachable = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    app = create_app(Settings(cors_origins=origins), unreachable)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://masthead.test") as client:
        yield client


def preflight(origin: str) -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,graphql-require-preflight",
    }


def allowances(response: httpx.Response) -> dict[str, str]:
    begin = "access-control-"
    return {
        name.removeprefix(begin): value
        for name, value in response.headers.items()
        if name.startswith(begin)
    }


async def test_a_named_origin_may_read_answers() -> None:
    async with client_of(BLOG, "https://app.test") as client:
        response = await client.post("/graphql", json=QUERY, headers={"Origin": BLOG})
    assert response.json() == {"data": {"__typename": "Query"}}
    assert allowances(response) == {
        "allow-origin": BLOG,
        "allow-credentials": "true",
        "expose-headers": EXPOSED,
    }


async def test_a_named_origin_may_read_refusals() -> None:
    async with client_of(BLOG) as client:
        response = await client.post("/graphql", content="{", headers={"Origin": BLOG})
    assert response.status_code == 415
    assert allowances(response)["allow-origin"] == BLOG


async def test_a_browser_is_told_before_what_a_named_origin_may_send() -> None:
    async with client_of(BLOG) as client:
        response = await client.options("/graphql", headers=preflight(BLOG))
    assert (response.status_code, response.content) == (204, b"")
    assert allowances(response) == {
        "allow-origin": BLOG,
        "allow-credentials": "true",
        "allow-methods": "GET, HEAD, OPTIONS, POST",
        "allow-headers": "content-type,graphql-require-preflight",
        "max-age": "7200",
    }
    assert response.headers["Vary"] == "Origin, Access-Control-Request-Headers"


@pytest.mark.parametrize(
    "origin", [EVIL, "null", "http://blog.test", f"{BLOG}:8443", f"{BLOG}.evil.test", "*", ""]
)
async def test_no_other_origin_is_allowed_anything(origin: str) -> None:
    async with client_of(BLOG) as client:
        before = await client.options("/graphql", headers=preflight(origin))
        response = await client.post("/graphql", json=QUERY, headers={"Origin": origin})
    assert allowances(before) == allowances(response) == {}


async def test_without_the_setting_no_origin_is_allowed_anything() -> None:
    async with client_of() as client:
        before = await client.options("/graphql", headers=preflight(BLOG))
        response = await client.post("/graphql", json=QUERY, headers={"Origin": BLOG})
    assert allowances(before) == allowances(response) == {}
    assert (before.status_code, before.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")


async def test_all_origins_may_read_what_needs_no_cookie() -> None:
    async with client_of("*") as client:
        before = await client.options("/graphql", headers=preflight(EVIL))
        response = await client.post("/graphql", json=QUERY, headers={"Origin": EVIL})
    assert allowances(response) == {"allow-origin": "*", "expose-headers": EXPOSED}
    assert allowances(before) == {
        "allow-origin": "*",
        "allow-methods": "GET, HEAD, OPTIONS, POST",
        "allow-headers": "content-type,graphql-require-preflight",
        "max-age": "7200",
    }


@pytest.mark.parametrize("headers", [{}, {"Origin": BLOG}, {"Origin": EVIL}])
async def test_caches_tell_origins_apart(headers: dict[str, str]) -> None:
    async with client_of(BLOG) as client:
        response = await client.get("/graphql", params=QUERY, headers=headers)
    assert response.headers.get_list("Vary", split_commas=True) == ["Accept", "Origin"]


async def test_an_options_request_that_is_no_preflight_is_answered() -> None:
    async with client_of(BLOG) as client:
        response = await client.options("/graphql", headers={"Origin": BLOG})
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
