"""The rules in plain words, row by row: whoever is not named may not."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import ProgrammingError

from db.database import Database
from db.models import (
    comment,
    draft,
    media,
    page,
    post,
    publication,
    series,
    tag,
    user,
)
from db.models.base import Base
from db.ownership import Action
from tests.db.ownership.candidates import CANDIDATES, WRITERS
from tests.db.ownership.changes import allowed, changed, inserted, named, primary_of
from tests.db.ownership.people import MEMBERS, OPEN, PEOPLE, SPARE, VIEWERS
from tests.db.test_row_level_security import OURS, THEIRS
from tests.loaders.rows import numbered

EDITORS = {"owner", "editor", "admin", "key for ours"}
AUTHOR, GUEST, OPEN_AUTHOR, OTHER = 60, 70, 80, 100

MAY: dict[tuple[type[Base], Action], dict[str, set[str]]] = {
    (draft.Draft, "update"): {
        numbered("draft", AUTHOR): EDITORS | {"author", "helper"},
        numbered("draft", AUTHOR + 1): EDITORS | {"author"},
        numbered("draft", GUEST): EDITORS | {"helper"},
        numbered("draft", OPEN_AUTHOR): {"keeper", "admin", "author"},
        numbered("draft", OTHER): {"other's owner", "admin"},
    },
    (draft.Draft, "delete"): {
        numbered("draft", AUTHOR): EDITORS | {"author"},
        numbered("draft", GUEST): EDITORS,
        numbered("draft", OPEN_AUTHOR): {"keeper", "admin", "author"},
        numbered("draft", OTHER): {"other's owner", "admin"},
    },
    (draft.Schedule, "update"): {
        numbered("schedule", AUTHOR): EDITORS,
        numbered("schedule", OPEN_AUTHOR): {"keeper", "admin"},
    },
    (post.Post, "update"): {
        numbered("post", AUTHOR): EDITORS,
        numbered("post", AUTHOR + 1): EDITORS,
        numbered("post", GUEST): EDITORS,
        numbered("post", OPEN_AUTHOR): {"keeper", "admin", "author"},
        numbered("post", OPEN_AUTHOR + 1): {"keeper", "admin"},
        numbered("post", OTHER): {"other's owner", "admin"},
    },
    (post.Post, "delete"): {
        numbered("post", AUTHOR): EDITORS,
        numbered("post", OPEN_AUTHOR): {"keeper", "admin"},
    },
    (media.MediaReference, "delete"): {
        numbered("media", AUTHOR): EDITORS,
        numbered("media", AUTHOR + 2): EDITORS | {"author", "helper"},
        numbered("media", OPEN_AUTHOR): {"keeper", "admin", "author"},
        numbered("media", OPEN_AUTHOR + 1): {"keeper", "admin"},
        numbered("media", OPEN_AUTHOR + 2): {"keeper", "admin", "author"},
    },
    (comment.Comment, "update"): {
        numbered("comment", AUTHOR): {"author"},
        numbered("comment", AUTHOR + 1): {"author"},
        numbered("comment", GUEST): {"guest"},
        numbered("comment", GUEST + 1): set(),
        numbered("comment", OTHER): {"other's owner"},
        numbered("comment", 90): {"guest"},
    },
    (comment.Comment, "delete"): {
        numbered("comment", AUTHOR): EDITORS | {"author"},
        numbered("comment", GUEST): EDITORS | {"guest"},
        numbered("comment", GUEST + 1): EDITORS,
        numbered("comment", OPEN_AUTHOR): {"keeper", "admin", "author"},
        numbered("comment", OTHER): {"other's owner", "admin"},
    },
    (page.StaticPage, "update"): {numbered("page", 1): EDITORS},
    (series.Series, "delete"): {numbered("series", 0): EDITORS},
    (publication.NavigationItem, "delete"): {numbered("nav", 0): EDITORS},
    (publication.RedirectionRule, "update"): {numbered("redirect", 0): EDITORS},
    (publication.Publication, "update"): {
        OURS["id"]: {"owner", "admin", "key for ours"},
        OPEN["id"]: {"keeper", "admin"},
    },
    (publication.Publication, "delete"): {OURS["id"]: {"owner", "admin", "key for ours"}},
    (publication.Membership, "delete"): {MEMBERS[0]["id"]: {"owner", "admin", "key for ours"}},
    (tag.Tag, "update"): {SPARE["id"]: {"admin"}},
    (user.User, "update"): {PEOPLE["author"]["id"]: {"author"}},
}


@pytest.mark.parametrize(
    ("table", "action"), MAY, ids=lambda each: each if isinstance(each, str) else named(each)
)
async def test_these_may_and_nobody_else(
    served: Database, table: type[Base], action: Action
) -> None:
    first = primary_of(table)[0]
    every = delete(table) if action == "delete" else update(table).values({first: first})
    found: dict[str, set[str]] = {row: set() for row in MAY[table, action]}
    for name, viewer in VIEWERS.items():
        for (row,) in await changed(served, viewer, every.returning(first)):
            found.get(row, set()).add(name)
    assert found == MAY[table, action]


async def test_who_adds_what_is_written(served: Database) -> None:
    """By author and publication: contributors write drafts as themselves, and publish nothing."""
    by = {
        (row["id"],): (row["author_id"], row["publication_id"]) for row in CANDIDATES[draft.Draft]
    }
    by |= {(row["id"],): (row["author_id"], row["publication_id"]) for row in CANDIDATES[post.Post]}
    ours = {(PEOPLE[name]["id"], OURS["id"]) for name in WRITERS}

    async def added(name: str, table: type[Base]) -> set[tuple[str, str]]:
        return {by[key] for key in await inserted(served, VIEWERS[name], table)}

    author = PEOPLE["author"]["id"]
    assert await added("author", draft.Draft) == {(author, OURS["id"]), (author, OPEN["id"])}
    assert await added("author", post.Post) == set()
    for editor in ("owner", "editor", "key for ours"):
        assert await added(editor, draft.Draft) == ours
        assert await added(editor, post.Post) == ours
    for name in ("guest", "stranger", "helper"):
        assert await added(name, draft.Draft) == set()
        assert await added(name, post.Post) == set()


async def test_who_comments_where(served: Database) -> None:
    by = {(row["id"],): (row["author_id"], row["post_id"]) for row in CANDIDATES[comment.Comment]}
    published = {numbered("post", n) for n in (0, 2, 60, 70, 80)}
    for name, seen in {
        "stranger": published,
        "author": published | {numbered("post", n) for n in (1, 61, 81)},
        "owner": published | {numbered("post", n) for n in (1, 61)},
        "key for ours": {numbered("post", n) for n in (0, 1, 60, 61, 70)},
        "public": set(),
        "owner's key": set(),
    }.items():
        viewer = VIEWERS[name]
        found = {by[key] for key in await inserted(served, viewer, comment.Comment)}
        assert found == {(viewer.user_id if viewer else "", each) for each in seen}, name


# Whoever may write does not write what is then out of their reach.

ESCAPES = {
    "a draft to another publication": ("author", draft.Draft, {"publication_id": THEIRS["id"]}),
    "a draft to somebody else": (
        "author",
        draft.Draft,
        {"author_id": PEOPLE["stranger"]["id"]},
    ),
    "a post to another publication": ("editor", post.Post, {"publication_id": THEIRS["id"]}),
    "a comment to somebody else": (
        "stranger",
        comment.Comment,
        {"author_id": PEOPLE["owner"]["id"]},
    ),
    "a comment to a post that is hidden": (
        "stranger",
        comment.Comment,
        {"post_id": numbered("post", 3)},
    ),
    "themselves to an administrator": ("stranger", user.User, {"role": "SUPERUSER"}),
    "themselves to somebody else": ("stranger", user.User, {"id": numbered("user", 99)}),
    "their own post to a removed one": ("author", post.Post, {"status": "REMOVED"}),
    "their own post to somebody else": (
        "author",
        post.Post,
        {"author_id": PEOPLE["keeper"]["id"]},
    ),
    "a membership to another publication": (
        "keeper",
        publication.Membership,
        {"publication_id": THEIRS["id"]},
    ),
}


@pytest.mark.parametrize("escape", ESCAPES)
async def test_nobody_writes_out_of_their_own_reach(served: Database, escape: str) -> None:
    name, table, values = ESCAPES[escape]
    with pytest.raises(ProgrammingError, match="new row violates row-level security"):
        async with served.write(VIEWERS[name]) as tx:
            await tx.execute(update(table).values(values))


async def test_an_administrator_keeps_being_one(served: Database) -> None:
    rename = update(user.User).values(name="New").returning(user.User.id)
    assert await changed(served, VIEWERS["admin"], rename) == {(PEOPLE["admin"]["id"],)}


async def test_nobody_rewords_what_they_do_not_see(own_copy: Database) -> None:
    async with own_copy.write(VIEWERS["guest"]) as tx:
        assert (await tx.execute(text("update comments set stamp = 'x'"))).rowcount == 2
    async with own_copy.read() as connection:
        marked = await connection.scalars(
            select(comment.Comment.id).where(comment.Comment.stamp == "x")
        )
        assert set(marked) == {numbered("comment", GUEST), numbered("comment", 90)}


async def test_a_lock_is_for_those_who_may_write(served: Database) -> None:
    """`select ... for update` finds what one may update, of what one sees."""
    locked = select(draft.Draft.id).with_for_update()
    async with served.read() as connection:
        may = {
            name: await allowed(connection, draft.Draft, "update", viewer)
            for name, viewer in VIEWERS.items()
        }
    for name, viewer in VIEWERS.items():
        assert await changed(served, viewer, locked) == may[name], name
