"""Static pages."""

from typing import Any

import pytest

from db.database import Database
from db.models import page as page_models
from db.models import publication as publication_models
from db.models import user as user_models
from db.viewer import Viewer
from tests.conftest import Statements
from tests.contract.execution import execute, served
from tests.loaders import rows
from tests.loaders.rows import day, numbered

OWNER = Viewer(numbered("user", 1))

LIST = """query ($size: Int!) { publication(host: "blog.test") { staticPages(first: $size) {
    totalDocuments nodes { slug hidden content { text } } } } }"""


@pytest.fixture
async def paged(database: Database) -> Database:
    """Three pages, the newest of them hidden."""
    ann = rows.user("ann", id=OWNER.user_id)
    blog = rows.publication(ann)
    pages = [
        rows.page(blog, slug, id=numbered("page", n), created_at=day(n), hidden=slug == "plans")
        for n, slug in enumerate(("about", "uses", "plans"))
    ]
    pages[0] |= {"seo_title": "Us", "seo_description": "Who", "og_image": "https://a.test/o.png"}
    await rows.add(
        database,
        (user_models.User, [ann]),
        (publication_models.Publication, [blog]),
        (publication_models.Membership, [rows.membership(blog, ann, "OWNER")]),
        (page_models.StaticPage, pages[:1]),
        (page_models.StaticPage, pages[1:]),
    )
    return database


async def test_all_fields(paged: Database) -> None:
    data = await execute(
        paged,
        """{ publication(host: "blog.test") {
            about: staticPage(slug: "about") { id slug title hidden content { markdown html text }
                seo { title description } ogMetaData { image } }
            none: staticPage(slug: "nowhere") { id }
        } }""",
    )
    assert data["publication"] == {
        "about": {
            "id": numbered("page", 0),
            "slug": "about",
            "title": "About",
            "hidden": False,
            "content": {
                "markdown": "About about",
                "html": "<p>About about</p>\n",
                "text": "About about",
            },
            "seo": {"title": "Us", "description": "Who"},
            "ogMetaData": {"image": "https://a.test/o.png"},
        },
        "none": None,
    }


async def listed(database: Database, viewer: Viewer | None) -> tuple[int, list[str]]:
    data = await execute(database, LIST, viewer, size=10)
    pages: dict[str, Any] = data["publication"]["staticPages"]
    return pages["totalDocuments"], [node["slug"] for node in pages["nodes"]]


async def test_hidden_pages_are_for_members(paged: Database) -> None:
    assert await listed(paged, None) == (2, ["uses", "about"])
    assert await listed(paged, OWNER) == (3, ["plans", "uses", "about"])


@pytest.mark.parametrize("viewer", [None, Viewer(numbered("user", 9))])
async def test_hidden_pages_are_absent_for_others(paged: Database, viewer: Viewer | None) -> None:
    query = """query ($id: ID!) { node(id: $id) { id }
        publication(host: "blog.test") { staticPage(slug: "plans") { id } } }"""
    data = await execute(paged, query, viewer, id=numbered("page", 2))
    assert data == {"node": None, "publication": {"staticPage": None}}


async def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    paged: Database, statements: Statements
) -> None:
    for size in (1, 10):
        with statements(paged) as log:
            await served(paged, LIST, size=size)
        assert len(log) == 4  # the publication, its pages, their count and their texts
