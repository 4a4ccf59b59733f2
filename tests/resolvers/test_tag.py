"""Tags and their posts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.database import Database
from db.models import post as post_models
from db.models import publication as publication_models
from db.models import tag as tag_models
from db.models import user as user_models
from tests.conftest import Statements
from tests.contract.execution import execute, served
from tests.loaders import rows
from tests.loaders.rows import day, numbered


@pytest.fixture
async def tagged(database: Database) -> Database:
    """Posts of two publications with the tag `rust`; one is delisted, one removed."""
    ann = rows.user("ann")
    blogs = [rows.publication(ann, "a.test"), rows.publication(ann, "b.test")]
    now = datetime.now(UTC)
    posts = [
        rows.post(blogs[0], ann, "old", published_at=day(-900), reaction_count=9),
        rows.post(blogs[1], ann, "older", published_at=day(-901), reaction_count=9),
        rows.post(blogs[0], ann, "fresh", published_at=now - timedelta(days=2), reaction_count=1),
        rows.post(blogs[1], ann, "liked", published_at=now - timedelta(days=3), reaction_count=5),
    ]
    hidden = [
        rows.post(blogs[0], ann, "delisted", delisted=True, status="PUBLISHED"),
        rows.post(blogs[0], ann, "removed", delisted=False, status="REMOVED"),
    ]
    rust = rows.tag(
        "rust",
        id=numbered("tag", 1),
        name="Rust",
        tagline="Fast",
        logo="https://a.test/rust.png",
        followers_count=7,
        **rows.text("info", "A language"),
    )
    await rows.add(
        database,
        (user_models.User, [ann]),
        (publication_models.Publication, blogs),
        (post_models.Post, posts),
        (post_models.Post, hidden),
        (tag_models.Tag, [rust]),
        (tag_models.Tag, [rows.tag("bare")]),
        (
            post_models.PostTag,
            [{"post_id": post["id"], "tag_id": rust["id"]} for post in posts + hidden],
        ),
    )
    return database


async def test_all_fields(tagged: Database) -> None:
    data = await execute(
        tagged,
        """{ tag(slug: "rust") { id slug name tagline logo followersCount postsCount
            info { markdown html text } } }""",
    )
    assert data["tag"] == {
        "id": numbered("tag", 1),
        "slug": "rust",
        "name": "Rust",
        "tagline": "Fast",
        "logo": "https://a.test/rust.png",
        "followersCount": 7,
        "postsCount": 4,
        "info": {"markdown": "A language", "html": "<p>A language</p>\n", "text": "A language"},
    }


async def test_a_tag_without_more_than_a_name(tagged: Database) -> None:
    data = await execute(tagged, '{ tag(slug: "bare") { tagline logo info { text } postsCount } }')
    assert data["tag"] == {"tagline": None, "logo": None, "info": None, "postsCount": 0}


async def test_there_is_no_such_tag(tagged: Database) -> None:
    assert await execute(tagged, '{ tag(slug: "Rust") { id } }') == {"tag": None}


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ("{}", ["fresh", "liked", "old", "older"]),
        ("{sortBy: recent}", ["fresh", "liked", "old", "older"]),
        ("{sortBy: popular}", ["old", "older", "liked", "fresh"]),
        ("{sortBy: trending}", ["liked", "fresh"]),
    ],
)
async def test_orders_of_posts(tagged: Database, filter: str, expected: list[str]) -> None:
    assert await slugs(tagged, f"filter: {filter}") == expected
    first = await page(tagged, f"filter: {filter}, first: 1")
    after = first["pageInfo"]["endCursor"]
    assert await slugs(tagged, f'filter: {filter}, after: "{after}"') == expected[1:]


async def page(database: Database, arguments: str) -> dict[str, Any]:
    data = await execute(
        database,
        f"""{{ tag(slug: "rust") {{ posts({arguments}) {{
            nodes {{ slug }} pageInfo {{ endCursor }} }} }} }}""",
    )
    connection: dict[str, Any] = data["tag"]["posts"]
    return connection


async def slugs(database: Database, arguments: str) -> list[str]:
    return [node["slug"] for node in (await page(database, arguments))["nodes"]]


async def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    tagged: Database, statements: Statements
) -> None:
    query = """query ($size: Int!) { feed(first: $size) { nodes { tags {
        name postsCount posts(first: $size, filter: {sortBy: popular}) { nodes { title } }
    } } } }"""
    for size in (1, 10):
        with statements(tagged) as log:
            await served(tagged, query, size=size)
        assert len(log) == 4  # the feed, its tags, their counts and posts
