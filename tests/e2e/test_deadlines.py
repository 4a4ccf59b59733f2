"""A request whose time is over while the database works: its answer, and what it leaves behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.e2e.conftest import Serve
from tests.postgres import Clone, Server
from tests.waiting import eventually

SERIES = """{
  publication(host: "sample.masthead.test") {
    title
    posts(first: 2) { nodes { series { name } } }
  }
}"""
SUBSCRIBE = """mutation ($publication: ObjectId!) {
  subscribeToNewsletter(input: {publicationId: $publication, email: "me@example.com"}) { status }
}"""
PUBLICATION = '{ publication(host: "sample.masthead.test") { id } }'
SUBSCRIBERS = "select count(*) from newsletter_subscribers"
# Enough for all that is not locked, on a busy machine as well.
TIME = {"X-Request-Timeout": "3"}

Connection = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def database(postgres: Server) -> Iterator[Clone]:
    with postgres.clone() as clone:
        yield clone


@pytest.fixture(scope="module")
def address(serve: Serve, database: Clone) -> Iterator[str]:
    with serve(database) as address:
        yield f"{address}/graphql"


@pytest.fixture
def owner(database: Clone) -> Iterator[Connection]:
    """A connection of the tables' owner."""
    url = make_url(database.owner_url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as owner:
        yield owner


@contextmanager
def locked(owner: Connection, table: str) -> Iterator[None]:
    """Nobody else can use the table."""
    with owner.transaction():
        owner.execute(
            sql.SQL("lock table {} in access exclusive mode").format(sql.Identifier(table))
        )
        yield
        assert_idle(owner)


def assert_idle(owner: Connection) -> None:
    """The server works on nothing for others, though the table is still locked."""

    def busy() -> int:
        query = """
            select count(*) from pg_stat_activity where datname = current_database()
            and backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle'
        """
        owner.execute("select pg_stat_clear_snapshot()")
        row = owner.execute(query).fetchone()
        return int(row[0]) if row else 0

    eventually(lambda: not busy())


def ask(address: str, query: str, **variables: Any) -> Any:
    body = {"query": query, "variables": variables}
    return httpx.post(address, json=body, headers=TIME, timeout=60).json()


def codes(answer: Any) -> list[tuple[list[str | int], str]]:
    return [(error["path"], error["extensions"]["code"]) for error in answer["errors"]]


def test_what_was_read_in_time_is_returned(address: str, owner: Connection) -> None:
    whole = ask(address, SERIES)
    with locked(owner, "series"):
        answer = ask(address, SERIES)
    nodes = [{"series": None}, {"series": None}]
    assert answer["data"] == {
        "publication": {"title": "The Masthead Journal", "posts": {"nodes": nodes}}
    }
    place = ["publication", "posts", "nodes"]
    assert codes(answer) == [
        ([*place, 0, "series"], "TIMEOUT"),
        ([*place, 1, "series"], "TIMEOUT"),
    ]
    assert ask(address, SERIES) == whole
    assert "errors" not in whole


def test_what_travelled_with_a_slow_statement_is_returned(address: str, owner: Connection) -> None:
    """Whichever of them the server was to answer first."""
    for fields in ("author { username } series { name }", "tags { slug } series { name }"):
        query = f"""{{ publication(host: "sample.masthead.test") {{
            posts(first: 2) {{ nodes {{ {fields} }} }} }} }}"""
        whole = ask(address, query)["data"]["publication"]["posts"]["nodes"]
        with locked(owner, "series"):
            answer = ask(address, query)
        nodes = answer["data"]["publication"]["posts"]["nodes"]
        assert nodes == [each | {"series": None} for each in whole]
        assert {code for _, code in codes(answer)} == {"TIMEOUT"}


def test_a_change_that_runs_out_of_time_changes_nothing(address: str, owner: Connection) -> None:
    publication = ask(address, PUBLICATION)["data"]["publication"]["id"]
    before = owner.execute(SUBSCRIBERS).fetchone()
    with locked(owner, "newsletter_subscribers"):
        answer = ask(address, SUBSCRIBE, publication=publication)
    assert answer["data"] is None
    assert codes(answer) == [(["subscribeToNewsletter"], "TIMEOUT")]
    assert owner.execute(SUBSCRIBERS).fetchone() == before
    assert ask(address, SUBSCRIBE, publication=publication)["data"]
