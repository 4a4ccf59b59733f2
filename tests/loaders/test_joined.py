"""What is read together with a row: in its own statement, and only where it is wanted."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import true

from db.database import Database
from db.visibility import row_is_visible
from loaders import Loaders
from loaders.base import Joined
from loaders.comment import CommentById, CommentsByPost, RepliesByComment
from loaders.pages import NumberedPageOf, PageOf, Part, Window
from loaders.post import Feed, PostById, PostsByPublication, PostsFound
from loaders.user import AUTHOR
from tests.conftest import Statements
from tests.loaders.blog import Blog

Load = Callable[[Loaders, Blog, tuple[str, ...]], Any]


def page(listing: Any, key: Callable[[Blog], str]) -> Load:
    return lambda loaders, blog, columns: loaders(PageOf, Part(listing, Window(3))).load_keys(
        [key(blog)], columns
    )


WAYS: dict[str, Load] = {
    "the feed": page(Feed(), lambda _: ""),
    "a publication's posts": page(PostsByPublication(), lambda blog: blog.publication["id"]),
    "a search": page(PostsFound(words=("post",)), lambda blog: blog.publication["id"]),
    "comments": page(CommentsByPost(), lambda blog: blog.posts[0]["id"]),
    "replies": page(RepliesByComment(), lambda blog: blog.comments[0]["id"]),
    "a numbered page": lambda loaders, blog, columns: loaders(
        NumberedPageOf, PostsByPublication(), 1, 3
    ).load_keys([blog.publication["id"]], columns),
    "a post": lambda loaders, blog, columns: loaders(PostById).load_keys(
        [blog.posts[0]["id"]], columns
    ),
    "a comment": lambda loaders, blog, columns: loaders(CommentById).load_keys(
        [blog.comments[0]["id"]], columns
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_an_author_comes_with_what_they_wrote(
    way: Load, blog_database: Database, blog: Blog, statements: Statements
) -> None:
    with statements(blog_database) as log:
        [found] = await way(Loaders(blog_database, None), blog, ("author_id", "author_username"))
    rows = [found] if isinstance(found, tuple) and isinstance(found[0], str) else found.rows
    usernames = {user["id"]: user["username"] for user in blog.users}
    assert rows
    assert [row[1] for row in rows] == [usernames[row[0]] for row in rows]
    assert len(log) == 1


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_nobody_else_is_read(
    way: Load, blog_database: Database, blog: Blog, statements: Statements
) -> None:
    with statements(blog_database) as log:
        await way(Loaders(blog_database, None), blog, ("author_id",))
    [statement] = log
    assert "users" not in statement


@pytest.mark.parametrize("joined", [AUTHOR])
def test_what_is_joined_is_everybodys(joined: Joined) -> None:
    assert row_is_visible(joined.table, None).compare(true())
