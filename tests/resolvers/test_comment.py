"""Comments, replies and commenters of posts."""

from typing import Any

import pytest

from db.database import Database
from db.models import comment as comment_models
from db.models import post as post_models
from db.models import publication as publication_models
from db.models import user as user_models
from tests.conftest import Statements
from tests.contract.execution import execute, served
from tests.loaders import rows
from tests.loaders.rows import Row, day, numbered

POST = numbered("post", 1)


@pytest.fixture
async def thread(database: Database) -> Database:
    """Ann wrote the post; Bob, Cy and Bob commented, in this order, and Ann and Bob replied to Cy."""
    ann, bob, cy = (rows.user(name, id=numbered("user", n)) for n, name in enumerate("abc"))
    blog = rows.publication(ann)
    posts = [rows.post(blog, ann, "first", id=POST), rows.post(blog, ann, "second")]
    comments = [
        remark(rows.comment(posts[0], bob, "One"), 0, 3),
        remark(
            rows.comment(posts[0], cy, "Two", id=numbered("comment", 1), stamp="pingback"), 1, 3
        ),
        remark(rows.comment(posts[0], bob, "Three"), 2, 1),
    ]
    replies = [
        remark(rows.reply(comments[1], ann, "Four", id=numbered("reply", 1)), 3, 2),
        remark(rows.reply(comments[1], bob, "Five"), 4, 0),
    ]
    for each in comments:
        each.setdefault("stamp", None)
    await rows.add(
        database,
        (user_models.User, [ann, bob, cy]),
        (publication_models.Publication, [blog]),
        (post_models.Post, posts),
        (comment_models.Comment, comments),
        (comment_models.Comment, replies),
    )
    return database


def remark(row: Row, number: int, reactions: int) -> Row:
    return row | {"created_at": day(number), "reaction_count": reactions}


def texts(connection: dict[str, Any]) -> list[str]:
    return [node["content"]["text"] for node in connection["nodes"]]


async def comments(database: Database, arguments: str) -> dict[str, Any]:
    query = f"""query ($id: ID!) {{ post(id: $id) {{ comments{arguments} {{
        totalDocuments nodes {{ content {{ text }} }} pageInfo {{ hasNextPage endCursor }}
    }} }} }}"""
    data = await execute(database, query, id=POST)
    connection: dict[str, Any] = data["post"]["comments"]
    return connection


async def commenters(database: Database, arguments: str) -> dict[str, Any]:
    query = f"""query ($id: ID!) {{ post(id: $id) {{ commenters{arguments} {{
        totalDocuments nodes {{ username }} pageInfo {{ hasNextPage endCursor }}
    }} }} }}"""
    data = await execute(database, query, id=POST)
    connection: dict[str, Any] = data["post"]["commenters"]
    return connection


def names(connection: dict[str, Any]) -> list[str]:
    return [node["username"] for node in connection["nodes"]]


async def test_all_fields_of_comments_and_replies(thread: Database) -> None:
    data = await execute(
        thread,
        """query ($id: ID!) { comment: node(id: $id) { __typename ... on Comment {
            id stamp dateAdded totalReactions myTotalReactions author { username }
            content { markdown html text }
            replies(first: 1) { totalDocuments pageInfo { hasNextPage } edges { node {
                __typename id stamp dateAdded totalReactions myTotalReactions author { username }
                content { markdown html text }
            } } }
        } } }""",
        id=numbered("comment", 1),
    )
    assert data["comment"] == {
        "__typename": "Comment",
        "id": numbered("comment", 1),
        "stamp": "pingback",
        "dateAdded": "2026-01-02T12:00:00Z",
        "totalReactions": 3,
        "myTotalReactions": 0,
        "author": {"username": "c"},
        "content": {"markdown": "Two", "html": "<p>Two</p>\n", "text": "Two"},
        "replies": {
            "totalDocuments": 2,
            "pageInfo": {"hasNextPage": True},
            "edges": [
                {
                    "node": {
                        "__typename": "Reply",
                        "id": numbered("reply", 1),
                        "stamp": None,
                        "dateAdded": "2026-01-04T12:00:00Z",
                        "totalReactions": 2,
                        "myTotalReactions": 0,
                        "author": {"username": "a"},
                        "content": {"markdown": "Four", "html": "<p>Four</p>\n", "text": "Four"},
                    }
                }
            ],
        },
    }


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", ["Three", "Two", "One"]),
        ("(sortBy: null)", ["Three", "Two", "One"]),
        ("(sortBy: RECENT)", ["Three", "Two", "One"]),
        ("(sortBy: TOP)", ["Two", "One", "Three"]),
        ("(first: 1, sortBy: TOP)", ["Two"]),
        ("(last: 1, sortBy: TOP)", ["Three"]),
    ],
)
async def test_orders_of_comments(thread: Database, arguments: str, expected: list[str]) -> None:
    connection = await comments(thread, arguments)
    assert texts(connection) == expected
    assert connection["totalDocuments"] == 3


async def test_comments_go_on_after_a_cursor(thread: Database) -> None:
    connection = await comments(thread, "(first: 2, sortBy: TOP)")
    assert connection["pageInfo"]["hasNextPage"] is True
    cursor = connection["pageInfo"]["endCursor"]
    connection = await comments(thread, f'(first: 2, sortBy: TOP, after: "{cursor}")')
    assert texts(connection) == ["Three"]
    assert connection["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", ["b", "a", "c"]),
        ("(sortBy: RECENT)", ["b", "a", "c"]),
        ("(sortBy: POPULAR)", ["b", "c", "a"]),
        ("(last: 2, sortBy: POPULAR)", ["c", "a"]),
    ],
)
async def test_orders_of_commenters(thread: Database, arguments: str, expected: list[str]) -> None:
    connection = await commenters(thread, arguments)
    assert names(connection) == expected
    assert connection["totalDocuments"] == 3


async def test_commenters_go_on_after_a_cursor(thread: Database) -> None:
    connection = await commenters(thread, "(first: 1, sortBy: POPULAR)")
    cursor = connection["pageInfo"]["endCursor"]
    connection = await commenters(thread, f'(first: 5, sortBy: POPULAR, after: "{cursor}")')
    assert names(connection) == ["c", "a"]
    assert connection["pageInfo"]["hasNextPage"] is False


async def test_comments_of_a_removed_post_are_hidden(database: Database) -> None:
    ann = rows.user("ann")
    blog = rows.publication(ann)
    removed = rows.post(blog, ann, "removed", status="REMOVED")
    remark = rows.comment(removed, ann)
    await rows.add(
        database,
        (user_models.User, [ann]),
        (publication_models.Publication, [blog]),
        (post_models.Post, [removed]),
        (comment_models.Comment, [remark]),
    )
    data = await execute(database, "query ($id: ID!) { node(id: $id) { id } }", id=remark["id"])
    assert data == {"node": None}


async def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    thread: Database, statements: Statements
) -> None:
    query = """query ($size: Int!) { feed(first: 10) { nodes {
        comments(first: $size, sortBy: TOP) { totalDocuments nodes { author { name }
            replies(first: $size) { totalDocuments nodes { author { name } } } } }
        commenters(first: $size) { totalDocuments nodes { name } }
    } } }"""
    for size in (1, 10):
        with statements(thread) as log:
            await served(thread, query, size=size)
        # The feed; comments, their count, commenters, their count; replies, their count.
        assert len(log) == 7
