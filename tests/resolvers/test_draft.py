"""Drafts, their tags and schedules, and who may see them."""

from typing import Any

import pytest

from db.database import Database
from db.models import draft as draft_models
from db.models import post as post_models
from db.models import publication as publication_models
from db.models import series as series_models
from db.models import tag as tag_models
from db.models import user as user_models
from db.viewer import Viewer
from tests.conftest import Statements
from tests.contract.execution import execute, served
from tests.loaders import rows
from tests.loaders.rows import day, numbered

OWNER = Viewer(numbered("user", 1))
STRANGER = Viewer(numbered("user", 3))
FULL, BARE, SECRET = (numbered("draft", n) for n in (1, 2, 3))
SCHEDULE = numbered("schedule", 1)

DETAILS = {
    "slug": "full",
    "title": "Full",
    "subtitle": "Everything",
    **rows.text("content", "# One\n\n## Two"),
    "brief": "One Two",
    "table_of_contents": [
        {"slug": "one", "title": "One", "level": 1, "parent": None},
        {"slug": "two", "title": "Two", "level": 2, "parent": 0},
    ],
    "read_time_minutes": 4,
    "cover_image": "https://a.test/c.png",
    "cover_attribution": "CC0",
    "cover_photographer": "Bob",
    "cover_attribution_hidden": True,
    "cover_stuck_to_bottom": True,
    "canonical_url": "https://b.test/full",
    "seo_title": "S",
    "seo_description": "D",
    "og_image": "https://a.test/o.png",
    "delisted": True,
    "comments_disabled": True,
    "submitted_for_review": True,
    "updated_at": day(3),
}

FIELDS = """id slug title subtitle canonicalUrl updatedAt dateUpdated readTimeInMinutes
    isSubmittedForReview scheduledDate lastBackup { at status } lastFailedBackupAt
    lastSuccessfulBackupAt content { markdown html text } seo { title description }
    ogMetaData { image } coverImage { url attribution photographer isAttributionHidden }
    settings { disableComments isDelisted stickCoverToBottom }
    features { tableOfContents { isEnabled items { id level parentId slug title } } }
    publication { title } author { username } coAuthors { username } publishAs { username }
    series { slug } publishedPost { slug } tags { slug name }
    tagsV2 { __typename ... on Tag { id slug name } ... on DraftBaseTag { slug name } }"""


@pytest.fixture
async def drafted(database: Database) -> Database:
    """A draft with everything, one with nothing, and one for members only; the first is scheduled."""
    ann, bob, cy = (
        rows.user(name, id=numbered("user", n)) for n, name in enumerate(("ann", "bob", "cy"), 1)
    )
    blog = rows.publication(ann)
    series = rows.series(blog, ann, "parts")
    post = rows.post(blog, ann, "became")
    rust = rows.tag("rust", id=numbered("tag", 1))
    full = rows.draft(
        blog, ann, id=FULL, series_id=series["id"], published_post_id=post["id"], **DETAILS
    )
    await rows.add(
        database,
        (user_models.User, [ann, bob, cy]),
        (publication_models.Publication, [blog]),
        (publication_models.Membership, [rows.membership(blog, ann, "OWNER")]),
        (series_models.Series, [series]),
        (post_models.Post, [post]),
        (tag_models.Tag, [rust]),
        (draft_models.Draft, [full | {"slug": "full"}]),
        (draft_models.Draft, [rows.draft(blog, ann, id=BARE, updated_at=day(1))]),
        (
            draft_models.Draft,
            [rows.draft(blog, ann, id=SECRET, restricted=True, updated_at=day(2))],
        ),
        (
            draft_models.DraftTag,
            [
                draft_tag("new-one", "New One", None, 0),
                draft_tag("rust", "rust", rust["id"], 1),
            ],
        ),
        (draft_models.DraftCoAuthor, [{"draft_id": FULL, "user_id": bob["id"]}]),
        (
            draft_models.Schedule,
            [
                rows.schedule(
                    {"id": FULL}, id=SCHEDULE, publish_at=day(30), scheduled_by_id=cy["id"]
                )
            ],
        ),
    )
    return database


def draft_tag(slug: str, name: str, tag_id: str | None, position: int) -> rows.Row:
    return {"draft_id": FULL, "slug": slug, "name": name, "tag_id": tag_id, "position": position}


async def draft(database: Database, identifier: str, viewer: Viewer | None = None) -> Any:
    query = f"query ($id: ObjectId!) {{ draft(id: $id) {{ {FIELDS} }} }}"
    return (await execute(database, query, viewer, id=identifier))["draft"]


async def test_all_fields_of_a_full_draft(drafted: Database) -> None:
    assert await draft(drafted, FULL) == {
        "id": FULL,
        "slug": "full",
        "title": "Full",
        "subtitle": "Everything",
        "canonicalUrl": "https://b.test/full",
        "updatedAt": "2026-01-04T12:00:00Z",
        "dateUpdated": "2026-01-04T12:00:00Z",
        "readTimeInMinutes": 4,
        "isSubmittedForReview": True,
        "scheduledDate": None,
        "lastBackup": None,
        "lastFailedBackupAt": None,
        "lastSuccessfulBackupAt": None,
        "content": {
            "markdown": "# One\n\n## Two",
            "html": "<p># One\n\n## Two</p>\n",
            "text": "# One\n\n## Two",
        },
        "seo": {"title": "S", "description": "D"},
        "ogMetaData": {"image": "https://a.test/o.png"},
        "coverImage": {
            "url": "https://a.test/c.png",
            "attribution": "CC0",
            "photographer": "Bob",
            "isAttributionHidden": True,
        },
        "settings": {"disableComments": True, "isDelisted": True, "stickCoverToBottom": True},
        "features": {
            "tableOfContents": {
                "isEnabled": True,
                "items": [
                    {
                        "id": f"{FULL}:one",
                        "level": 1,
                        "parentId": None,
                        "slug": "one",
                        "title": "One",
                    },
                    {
                        "id": f"{FULL}:two",
                        "level": 2,
                        "parentId": f"{FULL}:one",
                        "slug": "two",
                        "title": "Two",
                    },
                ],
            }
        },
        "publication": {"title": "blog.test"},
        "author": {"username": "ann"},
        "coAuthors": [{"username": "bob"}],
        "publishAs": None,
        "series": {"slug": "parts"},
        "publishedPost": {"slug": "became"},
        "tags": [{"slug": "rust", "name": "Rust"}],
        "tagsV2": [
            {"__typename": "DraftBaseTag", "slug": "new-one", "name": "New One"},
            {"__typename": "Tag", "id": numbered("tag", 1), "slug": "rust", "name": "Rust"},
        ],
    }


async def test_all_fields_of_a_bare_draft(drafted: Database) -> None:
    assert await draft(drafted, BARE) == {
        "id": BARE,
        "slug": "",
        "title": None,
        "subtitle": None,
        "canonicalUrl": None,
        "updatedAt": "2026-01-02T12:00:00Z",
        "dateUpdated": "2026-01-02T12:00:00Z",
        "readTimeInMinutes": 1,
        "isSubmittedForReview": False,
        "scheduledDate": None,
        "lastBackup": None,
        "lastFailedBackupAt": None,
        "lastSuccessfulBackupAt": None,
        "content": None,
        "seo": {"title": None, "description": None},
        "ogMetaData": {"image": None},
        "coverImage": None,
        "settings": {"disableComments": False, "isDelisted": False, "stickCoverToBottom": False},
        "features": {"tableOfContents": {"isEnabled": True, "items": []}},
        "publication": {"title": "blog.test"},
        "author": {"username": "ann"},
        "coAuthors": [],
        "publishAs": None,
        "series": None,
        "publishedPost": None,
        "tags": [],
        "tagsV2": [],
    }


@pytest.mark.parametrize("viewer", [None, STRANGER])
async def test_a_restricted_draft_is_absent_for_others(
    drafted: Database, viewer: Viewer | None
) -> None:
    assert await draft(drafted, SECRET, viewer) is None
    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert await execute(drafted, query, viewer, id=SECRET) == {"node": None}


async def test_a_restricted_draft_is_there_for_members(drafted: Database) -> None:
    assert (await draft(drafted, SECRET, OWNER))["id"] == SECRET


async def drafts_of_viewer(database: Database, viewer: Viewer) -> Any:
    query = "{ me { drafts(first: 10) { totalDocuments nodes { id } } } }"
    return (await execute(database, query, viewer))["me"]["drafts"]


async def test_lists_have_unpublished_drafts_only(drafted: Database) -> None:
    assert await drafts_of_viewer(drafted, OWNER) == {
        "totalDocuments": 2,
        "nodes": [{"id": SECRET}, {"id": BARE}],
    }
    assert await drafts_of_viewer(drafted, STRANGER) == {"totalDocuments": 0, "nodes": []}


async def test_when_a_draft_is_published_is_for_members(drafted: Database) -> None:
    dates = [(await draft(drafted, FULL, each))["scheduledDate"] for each in (OWNER, STRANGER)]
    assert dates == ["2026-01-31T12:00:00Z", None]


async def scheduled(database: Database, viewer: Viewer | None) -> Any:
    query = """query ($id: ObjectId) { scheduledPost(id: $id) {
        id scheduledDate author { username } scheduledBy { username } publication { title }
        draft { title } } }"""
    return (await execute(database, query, viewer, id=SCHEDULE))["scheduledPost"]


async def test_a_scheduled_post_is_for_members(drafted: Database) -> None:
    assert await scheduled(drafted, OWNER) == {
        "id": SCHEDULE,
        "scheduledDate": "2026-01-31T12:00:00Z",
        "author": {"username": "ann"},
        "scheduledBy": {"username": "cy"},
        "publication": {"title": "blog.test"},
        "draft": {"title": "Full"},
    }
    assert await scheduled(drafted, STRANGER) is None
    assert await scheduled(drafted, None) is None


async def test_no_scheduled_post_without_an_id(drafted: Database) -> None:
    assert await execute(drafted, "{ scheduledPost { id } }", OWNER) == {"scheduledPost": None}


async def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    drafted: Database, statements: Statements
) -> None:
    query = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Draft {
        content { text } features { tableOfContents { items { slug } } } scheduledDate
        author { name } coAuthors { name } tags { name } tagsV2 { __typename }
        publication { title } series { name } publishedPost { title }
    } } }"""
    for ids in ([FULL], [FULL, BARE]):
        with statements(drafted) as log:
            await served(drafted, query, ids=ids)
        # Drafts; contents, schedules, authors, co-authors, tags, publications, series, posts.
        assert len(log) == 9
