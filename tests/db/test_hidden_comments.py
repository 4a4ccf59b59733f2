"""Comments know whether their post is hidden, whoever writes them and whatever happens at the same time."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from db import migrations
from db.database import Database
from db.models.comment import Comment
from db.models.post import Post
from db.models.publication import Publication
from db.models.user import User
from tests.loaders import rows
from tests.loaders.rows import Row

ADA = rows.user("ada")
BLOG = rows.publication(ADA)
PUBLIC = rows.post(BLOG, ADA, "public", status="PUBLISHED")
REMOVED = rows.post(BLOG, ADA, "removed", status="REMOVED")


@pytest.fixture
async def blog(database: Database) -> Database:
    await store(database)
    return database


async def store(database: Database) -> None:
    posts = [PUBLIC, REMOVED]
    await rows.add(database, (User, [ADA]), (Publication, [BLOG]), (Post, posts))


async def added(tx: AsyncConnection, *comments: Row) -> None:
    for comment in comments:
        await tx.execute(insert(Comment).values(comment))


async def hidden(database: Database) -> dict[str, bool]:
    async with database.read() as connection:
        found = await connection.execute(select(Comment.id, Comment.hidden))
        return {row.id: row.hidden for row in found}


def settled(post: Row, status: str) -> Any:
    return update(Post).where(Post.id == post["id"]).values(status=status)


async def test_a_new_comment_is_hidden_as_its_post_is(blog: Database) -> None:
    seen, unseen = rows.comment(PUBLIC, ADA), rows.comment(REMOVED, ADA)
    answers = rows.reply(seen, ADA), rows.reply(unseen, ADA)
    async with blog.write() as tx:
        await added(tx, seen, unseen, *answers)
    assert await hidden(blog) == {
        seen["id"]: False,
        unseen["id"]: True,
        answers[0]["id"]: False,
        answers[1]["id"]: True,
    }


async def test_comments_follow_their_post(blog: Database) -> None:
    first, second, elsewhere = (
        rows.comment(PUBLIC, ADA),
        rows.comment(PUBLIC, ADA),
        rows.comment(REMOVED, ADA),
    )
    answer = rows.reply(first, ADA)
    async with blog.write() as tx:
        await added(tx, first, second, elsewhere, answer)
    for status, is_hidden in (("REMOVED", True), ("REMOVED", True), ("PUBLISHED", False)):
        async with blog.write() as tx:
            await tx.execute(settled(PUBLIC, status))
        assert await hidden(blog) == {
            **{each["id"]: is_hidden for each in (first, second, answer)},
            elsewhere["id"]: True,
        }


async def test_nobody_says_otherwise(blog: Database) -> None:
    seen, unseen = rows.comment(PUBLIC, ADA, hidden=True), rows.comment(REMOVED, ADA, hidden=False)
    async with blog.write() as tx:
        await added(tx, seen, unseen)
    expected = {seen["id"]: False, unseen["id"]: True}
    assert await hidden(blog) == expected
    async with blog.write() as tx:
        await tx.execute(update(Comment).values(hidden=~Comment.hidden))
    assert await hidden(blog) == expected


async def test_a_comment_that_moves_is_as_hidden_as_its_new_post(blog: Database) -> None:
    comment = rows.comment(PUBLIC, ADA)
    async with blog.write() as tx:
        await added(tx, comment)
    for post, is_hidden in ((REMOVED, True), (PUBLIC, False)):
        async with blog.write() as tx:
            await tx.execute(update(Comment).values(post_id=post["id"]))
        assert await hidden(blog) == {comment["id"]: is_hidden}


async def test_a_comment_on_no_post_is_refused_as_ever(blog: Database) -> None:
    with pytest.raises(IntegrityError, match="fk_comments_post_id"):
        async with blog.write() as tx:
            await added(tx, rows.comment(rows.post(BLOG, ADA, "none"), ADA))


# What happens at the same time.


async def waits(database: Database, tx: AsyncConnection) -> None:
    """Returns when the transaction waits for another one."""
    driver: Any = (await tx.get_raw_connection()).driver_connection
    query = text("select cardinality(pg_blocking_pids(:pid)) > 0")

    async def is_blocked() -> bool:
        async with database.read() as connection:
            return bool(await connection.scalar(query, {"pid": driver.info.backend_pid}))

    async with asyncio.timeout(30):
        while not await is_blocked():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(("post", "status"), [(PUBLIC, "REMOVED"), (REMOVED, "PUBLISHED")])
async def test_a_comment_waits_for_a_change_of_the_status(
    blog: Database, post: Row, status: str
) -> None:
    comment = rows.comment(post, ADA)
    async with blog.write() as writer:
        async with blog.write() as editor:
            await editor.execute(settled(post, status))
            adding = asyncio.create_task(added(writer, comment))
            await waits(blog, writer)
        await adding
    assert await hidden(blog) == {comment["id"]: status == "REMOVED"}


@pytest.mark.parametrize(("post", "status"), [(PUBLIC, "REMOVED"), (REMOVED, "PUBLISHED")])
async def test_a_change_of_the_status_waits_for_a_comment(
    blog: Database, post: Row, status: str
) -> None:
    comment = rows.comment(post, ADA)
    async with blog.write() as editor:
        async with blog.write() as writer:
            await added(writer, comment)
            changing = asyncio.create_task(editor.execute(settled(post, status)))
            await waits(blog, editor)
        await changing
    assert await hidden(blog) == {comment["id"]: status == "REMOVED"}


async def test_two_who_comment_and_count_their_comments_do_not_block_each_other(
    blog: Database,
) -> None:
    count = (
        update(Post)
        .where(Post.id == PUBLIC["id"])
        .values(comment_count=Post.comment_count + 1)
        .returning(Post.comment_count)
    )
    comments = rows.comment(PUBLIC, ADA), rows.comment(PUBLIC, ADA)
    async with blog.write() as second:
        async with blog.write() as first:
            await added(first, comments[0])
            adding = asyncio.create_task(added(second, comments[1]))
            await waits(blog, second)
            assert (await first.execute(count)).scalar_one() == 1
        await adding
        assert (await second.execute(count)).scalar_one() == 2


# What was there before.


async def test_the_migration_finds_the_comments_that_are_hidden(
    database: Database, owner_url: str
) -> None:
    seen, unseen = rows.comment(PUBLIC, ADA), rows.comment(REMOVED, ADA)
    await asyncio.to_thread(migrations.downgrade, owner_url, "0005")
    await store(database)
    async with database.write() as tx:
        await added(tx, seen, unseen)
    await asyncio.to_thread(migrations.upgrade, owner_url)
    assert await hidden(database) == {seen["id"]: False, unseen["id"]: True}
