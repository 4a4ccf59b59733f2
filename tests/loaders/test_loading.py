"""Loading keys: what is read once is shared, whole or in part, and failures are not kept."""

import asyncio
from typing import Any

import pytest

from db.database import Database
from db.errors import Invalid, Timeout
from engine.records import columns_of
from loaders import Loaders
from loaders.comment import CommentsByPost
from loaders.cursors import decode_cursor
from loaders.pages import ROOT, NumberedPageOf, PageOf, Part, Window
from loaders.post import Feed, PostById, PostRow, PostsByAuthor, PostsByPublication
from loaders.publication import PublicationByHost, PublicationById, PublicationsByUser
from loaders.tag import TagRow, TagsByPost
from loaders.user import UserById, UserRow
from tests.conftest import Statements
from tests.loaders.blog import SIZE, Blog

NAMES = ("name", "username")


@pytest.fixture
def ids(blog: Blog) -> list[str]:
    return [user["id"] for user in blog.users]


async def test_values_come_in_the_order_of_the_keys(loaders: Loaders, ids: list[str]) -> None:
    keys = [ids[2], "user_unknown", ids[0], ids[2]]
    rows = await loaders(UserById).load_keys(keys, NAMES)
    assert [row and row[:2] for row in rows] == [
        ("User2", "user2"),
        None,
        ("User0", "user0"),
        ("User2", "user2"),
    ]


async def test_no_keys_are_no_statement(
    blog_database: Database, loaders: Loaders, statements: Statements
) -> None:
    with statements(blog_database) as log:
        assert await loaders(UserById).load_keys([], NAMES) == []
    assert log == []


async def test_whole_rows_have_all_attributes(loaders: Loaders, ids: list[str]) -> None:
    (row,) = await loaders(UserById).load_keys(ids[:1], None)
    assert (row and row.username, row and row.deactivated) == ("user0", False)
    assert {name for name in columns_of(UserRow) if hasattr(row, name)} == set(columns_of(UserRow))


async def test_what_load_has_read_is_not_read_again(
    blog_database: Database, loaders: Loaders, ids: list[str], statements: Statements
) -> None:
    with statements(blog_database) as log:
        loader = loaders(UserById)
        first, second = await asyncio.gather(loader.load(ids[0]), loader.load(ids[1]))
        rows = await loader.load_keys(ids[:2], NAMES)
        views = await loader.load_keys(ids[:2], None)
    assert [row and row[:2] for row in rows] == [("User0", "user0"), ("User1", "user1")]
    assert views == [first, second]
    assert len(log) == 1


async def test_what_load_keys_has_read_whole_is_not_read_again(
    blog_database: Database, loaders: Loaders, ids: list[str], statements: Statements
) -> None:
    with statements(blog_database) as log:
        loader = loaders(UserById)
        await loader.load_keys(ids[:2], None)
        row = await loader.load(ids[1])
    assert row and row.name == "User1"
    assert len(log) == 1


async def test_columns_that_were_not_read_are_read(
    blog_database: Database, loaders: Loaders, ids: list[str], statements: Statements
) -> None:
    with statements(blog_database) as log:
        loader = loaders(UserById)
        await loader.load_keys(ids[:2], ("name",))
        assert len(log) == 1
        rows = await loader.load_keys(ids[:2], NAMES)
        assert len(log) == 2
        await loader.load_keys(ids[:2], ("username",))
    assert [row and row[:2] for row in rows] == [("User0", "user0"), ("User1", "user1")]
    assert len(log) == 2


async def test_only_keys_that_were_not_read_are_read(
    blog_database: Database, loaders: Loaders, ids: list[str], statements: Statements
) -> None:
    with statements(blog_database) as log:
        loader = loaders(UserById)
        await loader.load_keys(ids[:3], NAMES)
        rows = await loader.load_keys(ids, ("username",))
        await loader.load_keys(ids, ("username",))
    assert [row and row[0] for row in rows] == [f"user{n}" for n in range(SIZE)]
    assert len(log) == 2


async def test_keys_in_flight_are_shared(
    blog_database: Database, loaders: Loaders, ids: list[str], statements: Statements
) -> None:
    with statements(blog_database) as log:
        loader = loaders(UserById)
        asked = [
            loader.load_keys(ids, NAMES),
            loader.load_keys(ids, NAMES),
            loader.load_keys(ids[1:3], ("username",)),
        ]
        whole, same, part = [await each for each in asked]
    assert whole == same
    assert [row and row[0] for row in part] == ["user1", "user2"]
    assert len(log) == 1


async def test_load_joins_keys_in_flight(
    blog_database: Database, loaders: Loaders, ids: list[str], statements: Statements
) -> None:
    with statements(blog_database) as log:
        loader = loaders(UserById)
        asked = loader.load_keys(ids, None)
        row = await loader.load(ids[4])
        assert await asked
    assert row and row.username == "user4"
    assert len(log) == 1


async def test_values_may_be_awaited_again(loaders: Loaders, ids: list[str]) -> None:
    asked = loaders(UserById).load_keys(ids, NAMES)
    assert await asked == await asked


async def test_a_failure_is_that_of_all_who_wait_and_is_not_kept(
    loaders: Loaders, ids: list[str]
) -> None:
    loader = loaders(UserById)
    asked = [loader.load_keys([ids[0], "\0"], NAMES), loader.load_keys(ids[:1], NAMES)]
    first, second = await asyncio.gather(*map(awaited, asked), return_exceptions=True)
    assert isinstance(first, Invalid)
    assert first is second
    (row,) = await loader.load_keys(ids[:1], NAMES)
    assert row and row[0] == "User0"


async def test_a_failure_of_load_is_not_kept(loaders: Loaders, ids: list[str]) -> None:
    loader = loaders(UserById)
    failed = await asyncio.gather(loader.load(ids[0]), loader.load("\0"), return_exceptions=True)
    assert [type(each) for each in failed] == [Invalid, Invalid]
    row = await loader.load(ids[0])
    assert row and row.name == "User0"


async def awaited(values: Any) -> Any:
    return await values


async def test_a_row_that_another_loader_has_read_is_not_read_again(
    blog_database: Database, loaders: Loaders, blog: Blog, statements: Statements
) -> None:
    identifier = blog.publication["id"]
    with statements(blog_database) as log:
        row = await loaders(PublicationByHost).load("blog0.test")
        loaders(PublicationById).prime(identifier, row)
        assert await loaders(PublicationById).load(identifier) == row
        (part,) = await loaders(PublicationById).load_keys([identifier], ("host", "title"))
    assert part and part[:2] == ("blog0.test", "blog0.test")
    assert len(log) == 1


async def test_nothing_is_read_after_the_deadline(blog_database: Database, ids: list[str]) -> None:
    late = Loaders(blog_database, None, asyncio.get_running_loop().time() - 1)
    with pytest.raises(Timeout):
        await late(UserById).load_keys(ids, NAMES)


async def test_only_the_columns_asked_for_are_read(loaders: Loaders, blog: Blog) -> None:
    post, comment = blog.posts[0], blog.comments[-1]
    columns = ("author_id", "id")
    by_id = await loaders(PostById).load_keys([post["id"]], columns)
    tags = await loaders(TagsByPost).load_keys([post["id"]], ("name", "slug"))
    pages = await loaders(PageOf, Part(CommentsByPost(), Window(1))).load_keys(
        [post["id"]], columns
    )
    numbered = await loaders(NumberedPageOf, PostsByAuthor(), 1, 1).load_keys(
        [blog.owner["id"]], ("slug",)
    )
    assert by_id == [(post["author_id"], post["id"], post["id"])]
    assert tags == [[("Rust", "rust", 1)]]
    assert pages[0].rows == [(comment["author_id"], comment["id"], 1)]
    assert numbered[0].rows == [("post-10", 1)]


async def test_lists_without_rows_are_there(loaders: Loaders) -> None:
    assert await loaders(TagsByPost).load_keys(["post_unknown"], ("name",)) == [()]
    (page,) = await loaders(PageOf, Part(CommentsByPost(), Window(1))).load_keys(
        ["post_unknown"], ("id",)
    )
    assert page == ((), False, False)


async def test_lists_are_shared_whole_and_in_part(
    blog_database: Database, loaders: Loaders, blog: Blog, statements: Statements
) -> None:
    keys = [post["id"] for post in blog.posts]
    with statements(blog_database) as log:
        whole = await loaders(TagsByPost).load(keys[0])
        parts = await loaders(TagsByPost).load_keys(keys[:1], ("slug",))
        page = await loaders(PageOf, Part(CommentsByPost(), Window(2))).load(keys[0])
        (part,) = await loaders(PageOf, Part(CommentsByPost(), Window(2))).load_keys(
            keys[:1], ("id",)
        )
    assert [[tag.slug for tag in whole]] == [[tag[0] for tag in tags] for tags in parts]
    assert [row.id for row in page.rows] == [row[0] for row in part.rows]
    assert set(columns_of(TagRow)) <= set(dir(whole[0]))
    assert len(log) == 2


async def test_rows_of_a_page_have_their_cursor_in_its_place(loaders: Loaders) -> None:
    pages = loaders(PageOf, Part(Feed(), Window(3)))
    columns = ("brief", "cursor", "id")
    (page,) = await pages.load_keys([ROOT], columns)
    (whole,) = await pages.load_keys([ROOT], None)
    assert [row[:3] for row in page.rows] == [(r.brief, r.cursor, r.id) for r in whole.rows]
    after = decode_cursor(page.rows[0][1], "after")
    (rest,) = await loaders(PageOf, Part(Feed(), Window(2, after=after))).load_keys([ROOT], columns)
    assert [row[:3] for row in rest.rows] == [row[:3] for row in page.rows[1:]]


async def test_a_cursor_is_read_with_whole_rows_only_when_it_is_asked_for(
    blog_database: Database, loaders: Loaders, statements: Statements
) -> None:
    with statements(blog_database) as log:
        pages = loaders(PageOf, Part(Feed(), Window(3)))
        (page,) = await pages.load_keys([ROOT], tuple(sorted(columns_of(PostRow))))
        (again,) = await pages.load_keys([ROOT], ("cursor", "id"))
    assert [row[1] for row in again.rows] == [
        row[sorted(columns_of(PostRow)).index("id")] for row in page.rows
    ]
    assert len(log) == 2


async def test_rows_of_lists_have_what_concerns_the_parent(loaders: Loaders, blog: Blog) -> None:
    owner, other = blog.owner["id"], blog.users[1]["id"]
    roles = await loaders(PageOf, Part(PublicationsByUser(), Window(1))).load_keys(
        [owner, other], ("member_role",)
    )
    written = await loaders(NumberedPageOf, PostsByAuthor(), 1, 1).load_keys([owner], ("authored",))
    assert [page.rows[0][0] for page in roles] == ["OWNER", "EDITOR"]
    assert written[0].rows[0][0] is True


async def test_loaders_with_other_parameters_share_nothing(loaders: Loaders, blog: Blog) -> None:
    parent = blog.publication["id"]
    one = await loaders(PageOf, Part(PostsByPublication(), Window(1))).load(parent)
    two = await loaders(PageOf, Part(PostsByPublication(), Window(2))).load(parent)
    assert (len(one.rows), len(two.rows)) == (1, 2)
