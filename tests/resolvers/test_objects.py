"""Any object by its id: `node` and `nodes`."""

import pytest

from db.database import Database
from db.models import publication as publication_models
from db.models import tag as tag_models
from db.models import user as user_models
from tests.conftest import Statements
from tests.contract.execution import execute, served
from tests.loaders import rows

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on User { name } } }"
UNKNOWN = "tag_0190a000-0000-7000-8000-00000000ffff"


@pytest.fixture
async def ids(database: Database) -> list[str]:
    """Of two people, a publication and a tag."""
    ann, bob, tag = rows.user("ann"), rows.user("bob"), rows.tag("rust")
    blog = rows.publication(ann, "a.test")
    await rows.add(
        database,
        (user_models.User, [ann, bob]),
        (publication_models.Publication, [blog]),
        (tag_models.Tag, [tag]),
    )
    return [each["id"] for each in (ann, bob, blog, tag)]


async def test_nodes_in_order_from_a_statement_for_each_kind(
    database: Database, ids: list[str], statements: Statements
) -> None:
    ann, bob, blog, tag = ids
    with statements(database) as log:
        data = await served(database, NODES, ids=[bob, UNKNOWN, tag, ann, "nonsense", blog, bob])
    assert data["nodes"] == [
        {"__typename": "User", "id": bob, "name": "Bob"},
        None,
        {"__typename": "Tag", "id": tag},
        {"__typename": "User", "id": ann, "name": "Ann"},
        None,
        {"__typename": "Publication", "id": blog},
        {"__typename": "User", "id": bob, "name": "Bob"},
    ]
    assert len(log) == 3


async def test_no_nodes(database: Database, statements: Statements) -> None:
    with statements(database) as log:
        assert await served(database, NODES, ids=[]) == {"nodes": []}
    assert log == []


@pytest.mark.parametrize("index", range(4))
async def test_a_node(
    database: Database, ids: list[str], index: int, statements: Statements
) -> None:
    with statements(database) as log:
        data = await served(database, "query ($id: ID!) { node(id: $id) { id } }", id=ids[index])
    assert data == {"node": {"id": ids[index]}}
    assert len(log) == 1


@pytest.mark.parametrize("unknown", [UNKNOWN, "nonsense", "", "x_1"])
async def test_no_node(database: Database, unknown: str) -> None:
    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert await execute(database, query, id=unknown) == {"node": None}
