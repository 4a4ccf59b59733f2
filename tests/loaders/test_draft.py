"""Which drafts are listed, and for whom."""

import pytest

from db.database import Database
from db.models import draft as draft_models
from db.models import post as post_models
from db.models import publication as publication_models
from db.models import tag as tag_models
from db.models import user as user_models
from db.viewer import Viewer
from loaders import Loaders
from loaders.draft import DraftRow, DraftsByPublication
from loaders.pages import Listing, PageOf, Part, Window
from tests.loaders import rows
from tests.loaders.rows import day, numbered

ANN, BOB = (Viewer(numbered("user", n)) for n in (1, 2))
BLOG = numbered("pub", 1)
RUST = numbered("tag", 1)


@pytest.fixture
async def drafted(database: Database) -> Database:
    """Five drafts of Ann's publication; the fifth has become a post. Bob is no member."""
    ann, bob = (rows.user(f"user{n}", id=numbered("user", n)) for n in (1, 2))
    blog = rows.publication(ann, id=BLOG)
    post = rows.post(blog, ann, "became")
    titles = ("100% done", "1000 done", "Über_alles", None, "Became")
    drafts = [
        rows.draft(
            blog,
            bob if n == 2 else ann,
            id=numbered("draft", n),
            title=title,
            updated_at=day(n),
            submitted_for_review=n == 1,
            published_post_id=post["id"] if title == "Became" else None,
        )
        for n, title in enumerate(titles)
    ]
    await rows.add(
        database,
        (user_models.User, [ann, bob]),
        (publication_models.Publication, [blog]),
        (publication_models.Membership, [rows.membership(blog, ann, "OWNER")]),
        (post_models.Post, [post]),
        (tag_models.Tag, [rows.tag("rust", id=RUST)]),
        (draft_models.Draft, drafts),
        (
            draft_models.DraftTag,
            [{"draft_id": drafts[3]["id"], "slug": "rust", "name": "Rust", "tag_id": RUST}],
        ),
        (draft_models.Schedule, [rows.schedule(drafts[0])]),
    )
    return database


async def numbers(
    database: Database, listing: Listing[DraftRow], viewer: Viewer | None = ANN
) -> list[int]:
    loaders = Loaders(database, viewer)
    page = await loaders(PageOf, Part(listing, Window(10))).load(BLOG)
    assert await loaders.count(listing).load(BLOG) == len(page.rows)
    return [int(row.id[-1]) for row in page.rows]


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        (DraftsByPublication(), [3, 2, 1, 0]),
        (DraftsByPublication(search="100%"), [0]),
        (DraftsByPublication(search="DONE"), [1, 0]),
        (DraftsByPublication(search="r_a"), [2]),
        (DraftsByPublication(search="0_d"), []),
        (DraftsByPublication(author_ids=(BOB.user_id,)), [2]),
        (DraftsByPublication(author_ids=()), []),
        (DraftsByPublication(tag_ids=(RUST, "tag_unknown")), [3]),
        (DraftsByPublication(since=day(2)), [3, 2]),
        (DraftsByPublication(until=day(1)), [1, 0]),
        (DraftsByPublication(since=day(1), until=day(2)), [2, 1]),
        (DraftsByPublication(scheduled=True), [0]),
        (DraftsByPublication(scheduled=False), [3, 2, 1]),
        (DraftsByPublication(submitted=True), [1]),
        (DraftsByPublication(submitted=False), [3, 2, 0]),
    ],
)
async def test_filters(
    drafted: Database, listing: DraftsByPublication, expected: list[int]
) -> None:
    assert await numbers(drafted, listing) == expected


@pytest.mark.parametrize("viewer", [None, BOB])
async def test_only_members_find_drafts(drafted: Database, viewer: Viewer | None) -> None:
    assert await numbers(drafted, DraftsByPublication(), viewer) == []
