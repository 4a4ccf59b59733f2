"""Who asks, and what there is: all of tests.db.test_row_level_security, and what people wrote."""

from typing import Any

from db.database import Database
from db.models import (
    comment,
    draft,
    media,
    post,
    publication,
    tag,
    user,
)
from db.models.base import Base
from db.viewer import Viewer
from tests.db import test_row_level_security as security
from tests.db.test_row_level_security import OURS, THEIRS, USERS, person
from tests.loaders import rows
from tests.loaders.rows import Row, numbered

# Beside the people of the tests of what is seen: `author` and `helper` are contributors, `guest` is a
# member of nothing any more, who wrote for it once; `keeper` owns a publication that lets contributors
# change what they have published.
MORE = ("author", "helper", "guest", "keeper")
PEOPLE = USERS | {name: rows.user(name, id=numbered("user", 50 + n)) for n, name in enumerate(MORE)}
OPEN = rows.publication(
    PEOPLE["keeper"], "open.test", id=numbered("pub", 50), contributor_edits=True
)


def known(name: str, **more: Any) -> Viewer:
    return Viewer(PEOPLE[name]["id"], **more)


VIEWERS: dict[str, Viewer | None] = security.VIEWERS | {
    "author": known("author"),
    "helper": known("helper"),
    "guest": known("guest"),
    "keeper": known("keeper"),
    "owner's key": person("owner", key_id="key", scopes=frozenset({"CONTENT_READ"})),
    "author's key": known("author", key_id="key", scopes=frozenset({"CONTENT_READ"})),
    "admin's key": person("admin", key_id="key", is_admin=True, scopes=frozenset({"ADMIN"})),
}
READERS = [name for name, viewer in VIEWERS.items() if viewer is None or viewer.is_reader]


def written(blog: Row, name: str, n: int) -> list[tuple[type[Base], list[Row]]]:
    """Of a person's: a published and a removed post, a draft with all that one can have, a bare one."""
    author, helper = PEOPLE[name], {"user_id": PEOPLE["helper"]["id"]}
    posts = [
        rows.post(blog, author, f"{name}-seen", id=numbered("post", n), status="PUBLISHED"),
        rows.post(blog, author, f"{name}-gone", id=numbered("post", n + 1), status="REMOVED"),
    ]
    own = rows.draft(blog, author, id=numbered("draft", n))
    unscheduled = rows.draft(blog, author, id=numbered("draft", n + 1))
    tagged = {"tag_id": numbered("tag", 0)}
    of = {"publication_id": blog["id"]}
    return [
        (post.Post, posts),
        (draft.Draft, [own, unscheduled]),
        (post.PostTag, [{"post_id": each["id"], **tagged} for each in posts]),
        (post.FormerSlug, [{"slug": p["slug"] + "-", "post_id": p["id"], **of} for p in posts]),
        (draft.DraftTag, [{"draft_id": own["id"], "slug": "t", "name": "T"}]),
        (draft.DraftCoAuthor, [{"draft_id": own["id"], **helper}]),
        (draft.Schedule, [rows.schedule(own, id=numbered("schedule", n))]),
        (
            media.MediaReference,
            [
                {"id": numbered("media", n), "url": "/b", "post_id": posts[0]["id"], **of},
                {"id": numbered("media", n + 1), "url": "/b", "post_id": posts[1]["id"], **of},
            ],
        ),
        (
            media.MediaReference,
            [{"id": numbered("media", n + 2), "url": "/b", "draft_id": own["id"], **of}],
        ),
        (
            comment.Comment,
            [
                rows.comment(each, author, id=numbered("comment", n + k))
                for k, each in enumerate(posts)
            ],
        ),
    ]


CLOSED = rows.post(OURS, USERS["owner"], "closed", id=numbered("post", 90), comments_disabled=True)

SPARE = rows.tag("spare", id=numbered("tag", 50))

MEMBERS = [
    rows.membership(OURS, PEOPLE["author"], "CONTRIBUTOR"),
    rows.membership(OURS, PEOPLE["helper"], "CONTRIBUTOR"),
    rows.membership(OPEN, PEOPLE["keeper"], "OWNER"),
    rows.membership(OPEN, PEOPLE["author"], "CONTRIBUTOR"),
]


async def store(url: str) -> None:
    await security.store(url)
    database = Database(url)
    await rows.add(
        database,
        (user.User, [PEOPLE[name] for name in MORE]),
        (publication.Publication, [OPEN]),
        (publication.Membership, MEMBERS),
        *written(OURS, "author", 60),
        *written(OURS, "guest", 70),
        *written(OPEN, "author", 80),
        *written(THEIRS, "other", 100),
        (post.Post, [CLOSED]),
        (tag.Tag, [SPARE]),
        (comment.Comment, [rows.comment(CLOSED, PEOPLE["guest"], id=numbered("comment", 90))]),
    )
    await database.dispose()
