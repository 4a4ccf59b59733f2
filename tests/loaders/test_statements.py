"""Compiled statements: one a shape, and the same rows as the statement has with its values in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.database import Database
from db.viewer import Viewer
from loaders import Loaders
from loaders.comment import CommentersByPost, CommentsByPost
from loaders.cursors import Cursor, decode_cursor, place
from loaders.draft import DraftsByPublication
from loaders.keys import MANY
from loaders.page import StaticPagesByPublication
from loaders.pages import CountOf, Listing, NumberedPageOf, Page, PageOf, Part, Window
from loaders.post import Feed, PostBySlug, PostsByAuthor, PostsByPublication, PostsFound, Tagged
from loaders.publication import MembersByPublication, PublicationsByUser
from loaders.statements import compiled, split
from loaders.tag import PopularPostsByTag
from tests.conftest import Statements
from tests.loaders.blog import SIZE
from tests.loaders.rows import day, numbered

# Loaders whose statements are executed by SQLAlchemy read nothing themselves.
NO_READS: Any = None

ASKED = [numbered("user", n) for n in (0, 1, 99)]
VIEWERS = st.sampled_from([None, *map(Viewer, ASKED)])
MOMENTS = st.none() | st.integers(-1, SIZE // 2).map(day)
FLAGS = st.booleans()
COUNTS = st.none() | st.integers(0, 3)


def some(*values: str) -> st.SearchStrategy[tuple[str, ...] | None]:
    """None, or a few of the values and of others."""
    items = st.sampled_from([*values, "other", 'a "quoted", \\ one', ""])
    return st.none() | st.lists(items, max_size=3).map(tuple)


TAGGED = st.builds(Tagged, some(numbered("tag", 0)), some("rust"))
USERS = some(*ASKED)

LISTINGS: st.SearchStrategy[Listing[Any]] = st.one_of(
    st.builds(CommentsByPost, FLAGS),
    st.builds(CommentersByPost, FLAGS),
    st.builds(DraftsByPublication, st.none() | st.sampled_from(["DRAFT 1", "%", "_", ""]), USERS),
    st.builds(DraftsByPublication, since=MOMENTS, until=MOMENTS, scheduled=st.none() | FLAGS),
    st.builds(DraftsByPublication, tag_ids=some("tag"), submitted=st.none() | FLAGS),
    st.builds(Feed, TAGGED, COUNTS, COUNTS, FLAGS),
    st.builds(MembersByPublication, st.none() | st.sampled_from(["USER1", "ser", "'"]), FLAGS),
    st.builds(PopularPostsByTag, st.none() | st.integers(0, 5000)),
    st.builds(PostsByAuthor, FLAGS, st.just(True), some(numbered("pub", 0)), TAGGED, FLAGS),
    st.builds(PostsByPublication, TAGGED, FLAGS, FLAGS),
    st.builds(
        PostsFound,
        st.none() | st.lists(st.sampled_from(["post", "abou", "5"]), min_size=1).map(tuple),
        USERS,
        TAGGED,
        MOMENTS,
        MOMENTS,
        FLAGS,
    ),
    st.builds(PublicationsByUser, some("OWNER", "EDITOR"), FLAGS, FLAGS),
    st.builds(StaticPagesByPublication),
)
PARENTS = ["", *(numbered(prefix, 0) for prefix in ("user", "pub", "post", "tag", "comment"))]
WINDOWS = st.builds(Window, st.integers(0, SIZE), FLAGS)

over_the_database = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@over_the_database
@given(viewer=VIEWERS, listing=LISTINGS, window=WINDOWS, data=st.data())
async def test_pages_are_those_of_the_plain_statement(
    blog_database: Database,
    viewer: Viewer | None,
    listing: Listing[Any],
    window: Window,
    data: st.DataObject,
) -> None:
    loaders = Loaders(blog_database, viewer)
    (whole, *_) = await loaders(PageOf, Part(listing, Window(100))).load_keys(
        [PARENTS[1], ""], None
    )
    cursors = [decode_cursor(row.cursor, "after") for row in whole.rows]
    ends = st.none() | st.sampled_from(cursors) if cursors else st.none()
    window = replace(window, after=data.draw(ends), before=data.draw(ends))
    pages = await loaders(PageOf, Part(listing, window)).load_keys(PARENTS, ("id",))
    plain = PageOf(NO_READS, viewer, Part(listing, with_values(window, listing)))
    assert [page.rows for page in pages] == await rows_of(blog_database, plain)


@over_the_database
@given(viewer=VIEWERS, listing=LISTINGS, number=st.integers(1, 4), size=st.integers(1, 5))
async def test_numbered_pages_are_those_of_the_plain_statement(
    blog_database: Database, viewer: Viewer | None, listing: Listing[Any], number: int, size: int
) -> None:
    loaders = Loaders(blog_database, viewer)
    pages = await loaders(NumberedPageOf, listing, number, size).load_keys(PARENTS, ("id",))
    plain = NumberedPageOf(NO_READS, viewer, listing, number, size)
    assert [page.rows for page in pages] == await rows_of(blog_database, plain)


@over_the_database
@given(viewer=VIEWERS, listing=LISTINGS)
async def test_counts_are_those_of_the_plain_statement(
    blog_database: Database, viewer: Viewer | None, listing: Listing[Any]
) -> None:
    counts = await Loaders(blog_database, viewer).count(listing).load_keys(PARENTS, None)
    plain = CountOf(NO_READS, viewer, listing)
    async with blog_database.read() as connection:
        result = await connection.execute(plain.statement((), MANY), {"keys": PARENTS})
    assert counts == [size for size, _ in result]


@over_the_database
@given(viewer=VIEWERS, listing=LISTINGS)
async def test_one_key_has_what_it_has_among_others(
    blog_database: Database, viewer: Viewer | None, listing: Listing[Any]
) -> None:
    several = Loaders(blog_database, viewer)(PageOf, Part(listing, Window(SIZE)))
    pages = await several.load_keys(PARENTS, ("id",))
    for key, page in zip(PARENTS, pages, strict=True):
        single = Loaders(blog_database, viewer)(PageOf, Part(listing, Window(SIZE)))
        [alone] = await single.load_keys([key], ("id",))
        assert ids(alone) == ids(page)


def ids(page: Page[Any]) -> Page[str]:
    """The page without the parent's position, which rows end with."""
    return page._replace(rows=[id for id, _ in page.rows])


async def rows_of(database: Database, loader: PageOf[Any] | NumberedPageOf[Any]) -> list[Any]:
    """The rows of each parent, by the loader's statement with its values where they belong."""
    async with database.read() as connection:
        statement = loader.statement(("id",), MANY)
        result = await connection.execute(statement, {"keys": PARENTS})
    found = loader.collect([tuple(row) for row in result], ("id",), PARENTS)
    return [found[key].rows if key in found else () for key in PARENTS]


def with_values(window: Window, listing: Listing[Any]) -> Window:
    """The window with moments in its cursors instead of their text."""

    def read(cursor: Cursor | None) -> Cursor | None:
        return cursor and Cursor(cursor.order, place(cursor, listing.order, listing.row, "after"))

    return replace(window, after=read(window.after), before=read(window.before))


@pytest.mark.parametrize(
    "make",
    [
        lambda value: PostsFound((value,), (value, value), Tagged((value,), (value,))),
        lambda value: DraftsByPublication(value, (value,), (value, value)),
        lambda value: MembersByPublication(search=value),
        lambda value: PublicationsByUser((value,)),
    ],
)
async def test_values_stand_beside_the_statement(
    blog_database: Database, statements: Statements, make: Callable[[str], Listing[Any]]
) -> None:
    with statements(blog_database) as log:
        for value in ("onevalue", "another"):
            loaders = Loaders(blog_database, Viewer(value))
            await loaders(PageOf, Part(make(value), Window(1))).load_keys([value], ("id",))
            await loaders(PostBySlug, value).load_keys([value], ("id",))
    assert log[:2] == log[2:]
    assert not any("onevalue" in sql for sql in log)


@given(st.text(), st.integers(), st.datetimes(), st.lists(st.text(), min_size=2))
def test_a_shape_has_types_in_place_of_values(
    text: str, number: int, moment: datetime, texts: list[str]
) -> None:
    values: list[str] = []
    shape = split(PostsFound(None, tuple(texts), Tagged((text,)), since=moment), values)
    found = (PostsFound, None, tuple, (Tagged, split((text,), []), None), datetime, None, False)
    assert shape == found
    assert values[1:] == [text, moment.isoformat()]
    assert split(number, values) is int
    assert values[-1] == str(number)


class Name(str):
    """A string of its own kind."""


@pytest.mark.parametrize("value", [1.5, Name("x"), {"a": "b"}, ["x"]])
def test_what_is_no_value_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="dataclass"):
        split(MembersByPublication(search=value), [])  # type: ignore[arg-type]


def test_a_shape_is_compiled_once() -> None:
    parts = [Part(Feed(Tagged((slug,))), Window(5)) for slug in "ab"]
    shapes = [PageOf.shape([], None, part) for part in parts]
    one, two = (compiled(shape, ("id",), False) for shape in shapes)
    assert one is two
