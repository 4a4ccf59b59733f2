"""Publications: how they are found, and the lists of features that a deployment does not have."""

import pytest

from db.database import Database
from db.models import publication as publication_models
from db.models import user as user_models
from tests.conftest import Statements
from tests.contract.execution import execute, served
from tests.loaders import rows
from tests.loaders.rows import numbered

BLOG = numbered("pub", 1)


@pytest.fixture
async def blog(database: Database) -> Database:
    ann = rows.user("ann")
    blog = rows.publication(ann, id=BLOG)
    await rows.add(database, (user_models.User, [ann]), (publication_models.Publication, [blog]))
    return database


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ('host: "blog.test"', True),
        ('host: "WWW.Blog.test:443"', True),
        ('host: "other.test"', False),
        ('host: "no host"', False),
        (f'id: "{BLOG}"', True),
        (f'id: "{BLOG}", host: "Blog.test"', True),
        (f'id: "{BLOG}", host: "other.test"', False),
        (f'id: "{BLOG}", host: "no host"', False),
        (f'id: "{numbered("pub", 2)}", host: "blog.test"', False),
    ],
)
async def test_a_publication_is_found_by_host_or_id(
    blog: Database, arguments: str, found: bool
) -> None:
    data = await execute(blog, f"{{ publication({arguments}) {{ id }} }}")
    assert data == {"publication": {"id": BLOG} if found else None}


async def test_lists_without_a_feature_are_empty(blog: Database, statements: Statements) -> None:
    cursors = "totalDocuments pageInfo { hasNextPage endCursor } edges { cursor } nodes { id }"
    query = f"""{{ publication(host: "blog.test") {{
        invites {{ pendingInvites(page: 1, pageSize: 5) {{ totalDocuments }} }}
        drafts(first: 3) {{ {cursors} }} }} }}"""
    with statements(blog) as log:
        data = await served(blog, query)
    assert data["publication"] == {
        "invites": None,
        "drafts": {
            "totalDocuments": 0,
            "pageInfo": {"hasNextPage": False, "endCursor": None},
            "edges": [],
            "nodes": [],
        },
    }
    assert len(log) == 1
