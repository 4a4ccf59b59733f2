"""Masthead's own schema on the sample publication: what frontends send, and random operations."""

import os
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from graphql import GraphQLSchema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql.nodes import Int, String

from db.database import Database
from db.viewer import Client
from resolvers.context import Context, Exchange, make_context
from resolvers.schema import schema
from tests.contract.execution import execute
from tests.contract.operations import OPERATIONS, Operation
from tests.engine.parity.documents import samples
from tests.engine.parity.runs import agreed

ID = re.compile(r"[a-z]+_[0-9a-f-]{36}")
HOST = "sample.masthead.test"
EXAMPLES = int(os.environ.get("PARITY_EXAMPLES", "300")) // 5
CORE: GraphQLSchema = schema._schema

SURVEY = """query Survey($host: String!) { publication(host: $host) {
    id
    posts(first: 50) {
        pageInfo { endCursor }
        edges { cursor node {
            id slug author { id username } series { id slug } tags { id slug }
            comments(first: 3) { edges { cursor node { id } } }
        } }
    }
    staticPages(first: 10) { edges { node { id slug } } }
} }"""


@pytest.fixture
async def database(sample_database: str) -> AsyncIterator[Database]:
    database = Database(sample_database)
    yield database
    await database.dispose()


def words(value: Any) -> Iterator[str]:
    """All texts in an answer: ids, slugs, names and cursors."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from words(item)
    elif isinstance(value, str):
        yield value


def one_of(texts: list[str]) -> st.SearchStrategy[Any]:
    """One of the texts, drawn by its place: ids differ from run to run."""
    return st.integers(0, len(texts) - 1).map(lambda place: String(texts[place]))


def context_of(database: Database) -> Context:
    return make_context(database, None, Exchange(Client("test")))


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
async def test_what_frontends_send(database: Database, operation: Operation) -> None:
    survey = await execute(database, SURVEY, host=HOST)
    post = survey["publication"]["posts"]["edges"][0]["node"]
    variables: dict[str, Any] = {
        "id": post["id"],
        "slug": post["slug"],
        "host": HOST,
        "first": 3,
        "after": survey["publication"]["posts"]["edges"][1]["cursor"],
        "filter": {"query": "a", "publicationId": survey["publication"]["id"]},
        "seriesSlug": post["series"]["slug"] if post["series"] else "none",
        "postsCount": 4,
        "staticPagesCount": 5,
        "tagSlug": post["tags"][0]["slug"] if post["tags"] else "none",
        "input": {"publicationId": survey["publication"]["id"], "email": "not an address"},
    }
    used = {name: value for name, value in variables.items() if f"${name}:" in operation.text}
    await agreed(schema, operation.text, used, context=lambda: context_of(database))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize="PARITY_EXAMPLES" not in os.environ,
)
@given(st.data())
async def test_random_operations(database: Database, data: st.DataObject) -> None:
    found = list(dict.fromkeys(words(await execute(database, SURVEY, host=HOST))))
    ids = one_of([word for word in found if ID.match(word)])
    texts = st.just(String(HOST)) | one_of([word for word in found if not ID.match(word)])
    numbers = st.integers(0, 5).map(Int)
    sample = data.draw(samples(CORE, String=texts, ID=ids, ObjectId=ids, Int=numbers))
    await agreed(schema, sample.source, sample.variables, context=lambda: context_of(database))
