"""A row that a viewer may not know of is as good as absent, however it is asked for."""

from typing import Any

import pytest

from db.database import Database
from db.models import comment, draft, page, post, publication, user
from db.viewer import Viewer
from tests.conftest import Statements
from tests.contract.execution import execute
from tests.loaders import rows
from tests.loaders.rows import numbered

OWNER = Viewer(numbered("user", 0))
STRANGER = Viewer(numbered("user", 1))
PUB = numbered("pub", 0)
HIDDEN = 1
NEVER = 99

BY_ID = {
    "post": "query ($id: ID!) { post(id: $id) { id } }",
    "draft": "query ($id: ObjectId!) { draft(id: $id) { id } }",
}


@pytest.fixture
async def stored(database: Database) -> Database:
    people = [rows.user(f"u{n}", id=numbered("user", n)) for n in range(2)]
    blog = rows.publication(people[0], "blog.test", id=PUB)
    posts = [
        rows.post(blog, people[0], f"word{n}", id=numbered("post", n), status=status)
        for n, status in enumerate(["PUBLISHED", "REMOVED"])
    ]
    await rows.add(
        database,
        (user.User, people),
        (publication.Publication, [blog]),
        (publication.Membership, [rows.membership(blog, people[0], "OWNER", privacy="PRIVATE")]),
        (post.Post, posts),
        (comment.Comment, [rows.comment(posts[1], people[0], id=numbered("comment", 1))]),
        (draft.Draft, [rows.draft(blog, people[0], id=numbered("draft", 1), restricted=True)]),
        (page.StaticPage, [rows.page(blog, "x", id=numbered("page", 1), hidden=True)]),
    )
    return database


async def asked(
    database: Database, statements: Statements, query: str, viewer: Viewer | None, id: str
) -> tuple[Any, int]:
    """The data, and how many statements the answer took."""
    with statements(database) as log:
        data = await execute(database, query, viewer, id=id)
    return data, len(log)


@pytest.mark.parametrize("viewer", [None, STRANGER])
@pytest.mark.parametrize("kind", BY_ID)
async def test_a_hidden_row_is_answered_as_one_that_never_was(
    stored: Database, statements: Statements, kind: str, viewer: Viewer | None
) -> None:
    never = await asked(stored, statements, BY_ID[kind], viewer, numbered(kind, NEVER))
    hidden = await asked(stored, statements, BY_ID[kind], viewer, numbered(kind, HIDDEN))
    assert hidden == never
    assert hidden[0] == {kind: None}


@pytest.mark.parametrize("viewer", [None, STRANGER])
async def test_hidden_posts_are_neither_listed_nor_counted_nor_found(
    stored: Database, viewer: Viewer | None
) -> None:
    query = """{ publication(host: "blog.test") { posts(first: 5) { totalDocuments edges {
        node { id } } } hidden: post(slug: "word1") { id } staticPage(slug: "x") { id } }
        searchPostsOfPublication(first: 5, filter: {query: "word1", publicationId: "%s"}) {
        edges { node { id } } } }"""
    data = await execute(stored, query % PUB, viewer)
    shown = {"node": {"id": numbered("post", 0)}}
    blog = {"posts": {"totalDocuments": 1, "edges": [shown]}, "hidden": None, "staticPage": None}
    assert data == {"publication": blog, "searchPostsOfPublication": {"edges": []}}
