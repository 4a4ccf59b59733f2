"""`extensions.explain`, on the sample publication: exact numbers, and nothing for who may not see it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest

from app.main import create_app
from app.settings import Settings
from db.database import Database

QUERY = """query ($host: String!, $posts: Int!) {
  publication(host: $host) {
    title
    posts(first: $posts) {
      nodes { title author { name } series { name } tags { name } }
    }
  }
}"""
HOST = "sample.masthead.test"
VARIABLES = {"host": HOST, "posts": 4}
LEVELS = [
    [("Query.publication", ["publication"], 1, None, 1)],
    [
        ("Publication.posts", ["publication", "posts"], 1, 1, 1),
        ("PublicationPostConnection.nodes", ["publication", "posts", "nodes"], 1, None, 4),
    ],
    [
        ("Post.series", ["publication", "posts", "nodes", "series"], 4, 2, 3),
        ("Post.tags", ["publication", "posts", "nodes", "tags"], 4, 4, 9),
    ],
]
ROWS = [[1], [5], [2, 9]]


@pytest.fixture
async def database(sample_database: str) -> AsyncIterator[Database]:
    database = Database(sample_database)
    yield database
    await database.dispose()


async def post(
    database: Database, headers: dict[str, str], query: str = QUERY, **settings: Any
) -> tuple[int, Any]:
    app = create_app(Settings(**settings), database)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://masthead.test") as client:
        body = {"query": query, "variables": VARIABLES}
        response = await client.post("/graphql", json=body, headers=headers)
    return response.status_code, response.json()


@pytest.fixture
async def plain(database: Database) -> Any:
    """The response to who does not ask for an explanation."""
    return await post(database, {}, explain=True)


@pytest.fixture
async def explained(database: Database) -> Any:
    """`extensions.explain` of who does."""
    _, body = await post(database, {"X-Explain": "1"}, explain=True)
    return body["extensions"]["explain"]


async def test_the_response_is_the_same_besides(database: Database, plain: Any) -> None:
    status, body = await post(database, {"X-Explain": "1"}, explain=True)
    assert body.pop("extensions").keys() == {"explain"}
    assert (status, body) == plain


async def test_each_field_with_its_parents_keys_and_rows(explained: Any) -> None:
    names = ("field", "path", "parents", "keys", "rows")
    told = [
        [tuple(each[name] for name in names) for each in level["fields"]]
        for level in explained["levels"]
    ]
    assert told == LEVELS
    assert explained["secondLook"] is False


async def test_each_statement_at_the_level_it_went_out_at(explained: Any) -> None:
    statements = [level["statements"] for level in explained["levels"]]
    assert [sorted(each["rows"] for each in level) for level in statements] == ROWS
    assert [[each["batch"] for each in level] for level in statements] == [[1], [2], [3, 3]]
    texts = [each["sql"] for level in statements for each in level]
    assert [text.split()[0] for text in texts] == ["SELECT"] * 4
    assert not any(HOST in text for text in texts)
    assert "$1" in texts[0]


async def test_all_of_it_has_a_time(explained: Any) -> None:
    for level in explained["levels"]:
        assert level["ms"] >= 0
        assert all(each["ms"] >= 0 for each in (*level["fields"], *level["statements"]))


async def test_costs(explained: Any) -> None:
    """One each for the query, publication and posts as fields and as objects, and for nodes; for each
    post itself, its author as a field and an object, its series as both, which one has not, its field
    tags, and tags: 10 by the schema, 9 of all posts in truth.
    """
    assert explained["cost"] == {"static": 6 + 4 * (1 + 4 + 1 + 10), "actual": 6 + 4 * 5 + 3 + 9}


@pytest.mark.parametrize(
    ("headers", "settings"),
    [
        ({"X-Explain": "1"}, {"explain": False}),
        ({"X-Explain": "1"}, {"database_url": "postgresql://production/blog"}),
        ({"X-Explain": "0"}, {"explain": True}),
        ({"X-Explain": " False"}, {"explain": True}),
        ({"X-Explain": ""}, {"explain": True}),
        ({"X-Explain": "1"}, {"host": "0.0.0.0"}),
    ],
)
async def test_nothing_changes_for_who_may_not_see_it_or_does_not_ask(
    database: Database, plain: Any, headers: dict[str, str], settings: dict[str, Any]
) -> None:
    assert await post(database, headers, **settings) == plain


@pytest.mark.parametrize("value", ["1", "true", "yes"])
async def test_in_development_everybody_may_see_it(database: Database, value: str) -> None:
    _, body = await post(database, {"X-Explain": value})
    assert len(body["extensions"]["explain"]["levels"]) == 3


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($host: Int!) { node(id: $host) { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($host: Boolean!) { __typename @skip(if: $host) }", "BAD_USER_INPUT"),
    ],
)
async def test_what_was_not_executed_has_no_explanation(
    database: Database, query: str, code: str
) -> None:
    _, body = await post(database, {"X-Explain": "1"}, query, explain=True)
    assert body.keys() == {"errors"}
    assert {error["extensions"]["code"] for error in body["errors"]} == {code}


async def test_a_statement_that_ran_out_of_time_is_listed(
    database: Database, sample_database: str
) -> None:
    with psycopg.connect(sample_database.replace("+psycopg", "")) as locking:
        locking.execute("lock table publications in access exclusive mode")
        headers = {"X-Explain": "1", "X-Request-Timeout": "0.3"}
        _, body = await post(database, headers, explain=True)
    [statement] = body["extensions"]["explain"]["levels"][0]["statements"]
    assert statement["sql"].startswith("SELECT publications.")
    del statement["sql"]
    assert statement == {"batch": 1, "ms": None, "rows": None, "error": "TIMEOUT"}
    assert body["extensions"]["explain"]["secondLook"] is True


async def test_root_fields_are_read_in_one_round_trip(database: Database) -> None:
    query = """query ($host: String!) {
      publication(host: $host) { title }
      user(username: "nobody") { name }
      nodes(ids: ["tag_0190a000-0000-7000-8000-00000000ffff"]) { id }
    }"""
    _, body = await post(database, {"X-Explain": "1"}, query, explain=True)
    [level] = body["extensions"]["explain"]["levels"]
    assert [each["batch"] for each in level["statements"]] == [1, 1, 1]
