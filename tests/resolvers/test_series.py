"""Series and their posts."""

import pytest

from db.database import Database
from db.models import post as post_models
from db.models import publication as publication_models
from db.models import series as series_models
from db.models import user as user_models
from tests.conftest import Statements
from tests.contract.execution import execute, served
from tests.loaders import rows
from tests.loaders.rows import day, numbered

FIELDS = """id slug name cuid createdAt sortOrder coverImage
    description { markdown html text } author { username }
    posts(first: 2) { totalDocuments nodes { slug } pageInfo { hasNextPage } }"""


@pytest.fixture
async def serial(database: Database) -> Database:
    """Two series of three posts each, one in each order; the second post of each is removed."""
    ann = rows.user("ann")
    blog = rows.publication(ann)
    rising = rows.series(blog, ann, "rising", id=numbered("series", 1), created_at=day(1))
    falling = rows.series(blog, ann, "falling", created_at=day(2)) | {
        "sort_order": "dsc",
        "cuid": "c1",
        "cover_image": "https://a.test/x.png",
        **rows.text("description", "Backwards"),
    }
    posts = [
        rows.post(
            blog,
            ann,
            f"{series['slug']}-{n}",
            series_id=series["id"],
            published_at=day(n),
            status="REMOVED" if n == 1 else "PUBLISHED",
        )
        for series in (rising, falling)
        for n in range(4)
    ]
    await rows.add(
        database,
        (user_models.User, [ann]),
        (publication_models.Publication, [blog]),
        (series_models.Series, [rising]),
        (series_models.Series, [falling]),
        (post_models.Post, posts),
    )
    return database


async def test_all_fields(serial: Database) -> None:
    data = await execute(
        serial,
        f"""{{ publication(host: "blog.test") {{
            rising: series(slug: "rising") {{ {FIELDS} }}
            falling: series(slug: "falling") {{ {FIELDS} }}
            none: series(slug: "Rising") {{ id }}
        }} }}""",
    )
    rising, falling = data["publication"]["rising"], data["publication"]["falling"]
    assert data["publication"]["none"] is None
    assert rising == {
        "id": numbered("series", 1),
        "slug": "rising",
        "name": "Rising",
        "cuid": None,
        "createdAt": "2026-01-02T12:00:00Z",
        "sortOrder": "asc",
        "coverImage": None,
        "description": None,
        "author": {"username": "ann"},
        "posts": {
            "totalDocuments": 3,
            "nodes": [{"slug": "rising-0"}, {"slug": "rising-2"}],
            "pageInfo": {"hasNextPage": True},
        },
    }
    assert falling["sortOrder"] == "dsc"
    assert falling["cuid"] == "c1"
    assert falling["coverImage"] == "https://a.test/x.png"
    assert falling["description"] == {
        "markdown": "Backwards",
        "html": "<p>Backwards</p>\n",
        "text": "Backwards",
    }
    assert falling["posts"]["nodes"] == [{"slug": "falling-3"}, {"slug": "falling-2"}]


async def test_a_publication_lists_its_series_newest_first(serial: Database) -> None:
    data = await execute(
        serial,
        """{ publication(host: "blog.test") { seriesList(first: 5) {
            totalDocuments nodes { slug } edges { node { slug } } } } }""",
    )
    assert data["publication"]["seriesList"] == {
        "totalDocuments": 2,
        "nodes": [{"slug": "falling"}, {"slug": "rising"}],
        "edges": [{"node": {"slug": "falling"}}, {"node": {"slug": "rising"}}],
    }


async def test_each_of_several_series_has_its_own_order(serial: Database) -> None:
    data = await execute(
        serial,
        """{ publication(host: "blog.test") { seriesList {
            nodes { posts(last: 2) { totalDocuments nodes { slug } } } } } }""",
    )
    assert data["publication"]["seriesList"]["nodes"] == [
        {"posts": {"totalDocuments": 3, "nodes": [{"slug": "falling-2"}, {"slug": "falling-0"}]}},
        {"posts": {"totalDocuments": 3, "nodes": [{"slug": "rising-2"}, {"slug": "rising-3"}]}},
    ]


async def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    serial: Database, statements: Statements
) -> None:
    query = """query ($size: Int!) { feed(first: $size) { nodes { series {
        author { name } posts(first: $size) { totalDocuments nodes { title } }
    } } } }"""
    for size in (2, 10):
        with statements(serial) as log:
            await served(serial, query, size=size)
        # The feed, its series, their authors; posts and their count for each of the two orders.
        assert len(log) == 7
