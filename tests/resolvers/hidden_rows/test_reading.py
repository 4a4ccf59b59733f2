"""Hidden rows are as good as absent: whatever is asked, the answer is that of before they were there.

So are the number and the texts of the statements, for an asker has a clock.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pytest

from db.database import Database
from db.ids import PREFIXES
from db.viewer import Viewer
from loaders import comment, draft, page, post, publication, series
from loaders.audit import NEWEST as NEWEST_EVENT
from loaders.cursors import Order, encode_cursor
from tests.conftest import Statements
from tests.loaders.rows import numbered
from tests.resolvers.hidden_rows.asking import Answer, asked
from tests.resolvers.hidden_rows.blog import (
    BLOG,
    CON,
    HIDDEN,
    INSIDERS,
    OLIVE,
    OTHER,
    OUTSIDERS,
    hidden,
    reveal,
    seen,
    store,
)
from tests.resolvers.hidden_rows.selections import (
    GRAPHQL,
    PLACES,
    arguments_that_name,
    asked_with,
    choices,
    everything_of,
    fields_of,
    object_types,
    to_be_read,
)

HIDDEN_IDS: Final = [numbered(prefix, HIDDEN) for prefix in sorted(PREFIXES)]


def cursors(order: Order, *values: str) -> list[str]:
    """The cursor of a hidden row with these values in the order's columns, and of both ends."""
    *_, id = values
    latest, earliest = ("2100-01-01T00:00:00Z", id), ("1900-01-01T00:00:00Z", id)
    return [encode_cursor(order, each) for each in (values, latest, earliest)]


TIME, CREATED = "2026-01-02T12:00:00Z", "2026-01-01T12:00:00Z"
NEWEST_POST = cursors(post.NEWEST, TIME, numbered("post", HIDDEN))
OLDEST_POST = cursors(post.OLDEST, TIME, numbered("post", HIDDEN))
NEWEST_DRAFT = cursors(draft.NEWEST, TIME, numbered("draft", HIDDEN))
NEWEST_COMMENT = cursors(comment.NEWEST, CREATED, numbered("comment", HIDDEN))
OLDEST_REPLY = cursors(comment.OLDEST, CREATED, numbered("reply", HIDDEN))
COMMENTER = cursors(comment.LAST_COMMENT, CREATED, CON["id"])
NEWEST_PAGE = cursors(page.NEWEST, CREATED, numbered("page", HIDDEN))
OF_MEMBER = cursors(publication.PublicationsByUser().order, CREATED, BLOG["id"])
SERIES_AT = cursors(series.NEWEST, CREATED, numbered("series", 0))
EVENT = cursors(NEWEST_EVENT, CREATED, numbered("audit", HIDDEN))

CURSORS: Final = {
    "Comment.replies": OLDEST_REPLY,
    "User.publications": OF_MEMBER,
    "MyUser.publications": OF_MEMBER,
    "MyUser.drafts": NEWEST_DRAFT,
    "Tag.posts": NEWEST_POST,
    "Post.comments": NEWEST_COMMENT,
    "Post.commenters": COMMENTER,
    "Post.likedBy": NEWEST_POST,
    "Publication.drafts": NEWEST_DRAFT,
    "Publication.scheduledDrafts": NEWEST_DRAFT,
    "Publication.submittedDrafts": NEWEST_DRAFT,
    "Publication.allDrafts": NEWEST_DRAFT,
    "Publication.allScheduledDrafts": NEWEST_DRAFT,
    "Publication.posts": NEWEST_POST,
    "Publication.seriesList": SERIES_AT,
    "Publication.staticPages": NEWEST_PAGE,
    "Series.posts": OLDEST_POST,
    "Query.searchPostsOfPublication": NEWEST_POST,
    "Query.feed": NEWEST_POST,
    "Query.auditEvents": EVENT,
}

PEOPLE = [OLIVE["id"], CON["id"]]
TAGS = [numbered("tag", 0)]

NAMES: Final[dict[str, Sequence[str]]] = {
    "User.posts(filter.publications)": [BLOG["id"]],
    "User.posts(filter.tagSlugs)": ["tag"],
    "User.posts(filter.tags)": TAGS,
    "MyUser.posts(filter.publications)": [BLOG["id"]],
    "MyUser.posts(filter.tagSlugs)": ["tag"],
    "MyUser.posts(filter.tags)": TAGS,
    "Post.likedBy(filter.userIds)": PEOPLE,
    "Publication.drafts(filter.search)": ["Draft"],
    "Publication.scheduledDrafts(filter.search)": ["Draft"],
    "Publication.submittedDrafts(filter.search)": ["Draft"],
    "Publication.allDrafts(filter.search)": ["Draft"],
    "Publication.allDrafts(filter.authorIds)": PEOPLE,
    "Publication.allDrafts(filter.tagIds)": TAGS,
    "Publication.allScheduledDrafts(filter.search)": ["Draft"],
    "Publication.allScheduledDrafts(filter.authorIds)": PEOPLE,
    "Publication.allScheduledDrafts(filter.tagIds)": TAGS,
    "Publication.post(slug)": ["word1"],
    "Publication.redirectedPost(slug)": ["former1", "/former1/"],
    "Publication.posts(filter.tagSlugs)": ["tag"],
    "Publication.posts(filter.tags)": TAGS,
    "Publication.postsViaPage(filter.tagSlugs)": ["tag"],
    "Publication.postsViaPage(filter.tags)": TAGS,
    "Publication.series(slug)": ["series"],
    "Publication.staticPage(slug)": ["page1"],
    "Publication.members(filter.search)": ["con", "olive"],
    "Query.publication(host)": ["blog.test"],
    "Query.publication(id)": [BLOG["id"]],
    "Query.searchPostsOfPublication(filter.publicationId)": [BLOG["id"], OTHER["id"]],
    "Query.searchPostsOfPublication(filter.query)": ["word1", "word", "All about word1"],
    "Query.searchPostsOfPublication(filter.authorIds)": PEOPLE,
    "Query.searchPostsOfPublication(filter.tagIds)": TAGS,
    "Query.post(id)": [numbered("post", HIDDEN)],
    "Query.feed(filter.tags)": TAGS,
    "Query.tag(slug)": ["tag"],
    "Query.user(username)": ["con", "olive"],
    "Query.draft(id)": [numbered("draft", HIDDEN)],
    "Query.scheduledPost(id)": [numbered("schedule", HIDDEN)],
    "Query.auditEvents(filter.actorId)": [CON["id"]],
    "Query.auditEvents(filter.targetId)": [numbered("post", HIDDEN)],
    "Query.auditEvents(filter.action)": ["x"],
    "Query.node(id)": HIDDEN_IDS,
    "Query.nodes(ids)": HIDDEN_IDS,
    **{
        f"{field}({argument})": places
        for field, places in CURSORS.items()
        for argument in ("after", "before")
    },
}
"""Values of each argument that may name a row, by which hidden ones are found where they are seen."""

READABLE: Final = [each for each in object_types() if each is not GRAPHQL.mutation_type]
EVERYTHING: Final = {name: everything_of(name, 3) for name in PLACES}
NO_WAY: Final = {
    # Publications, series, tags and people are everybody's; what they have is asked for elsewhere.
    "Publication.series(slug)",
    "Publication.seriesList(after)",
    "Publication.seriesList(before)",
    "Query.publication(host)",
    "Query.publication(id)",
    "Query.tag(slug)",
    "Query.user(username)",
    # Of a post that everybody sees, all comments and replies are seen.
    "Comment.replies(after)",
    "Comment.replies(before)",
    "Post.commenters(after)",
    "Post.commenters(before)",
    "Post.comments(after)",
    "Post.comments(before)",
    # Who likes what is not kept.
    "Post.likedBy(after)",
    "Post.likedBy(before)",
    "Post.likedBy(filter.userIds)",
}
"""Ways that lead from what everybody sees to nothing hidden."""

HARMLESS: Final = {f"RateLimit.{name}" for name in ("cost", "limit", "remaining", "resetAt")} | {
    "Query.rateLimit"
}
"""What says nothing of any row."""

LEADING: Final[dict[str, str]] = {
    **EVERYTHING,
    **{
        f"{coordinate} {value}": asked_with(coordinate, f'"{value}"')
        for coordinate, values in NAMES.items()
        for value in values
    },
}
"""Questions that lead to hidden rows, but for NO_WAY."""

QUESTIONS: Final = LEADING | {
    f"{each} {value}": asked_with(each, value) for each, value in choices(READABLE)
}


async def answers(
    database: Database,
    statements: Statements,
    viewer: Viewer | None,
    questions: Mapping[str, str] = QUESTIONS,
) -> dict[str, Answer]:
    return {
        name: await asked(database, statements, viewer, query) for name, query in questions.items()
    }


@pytest.mark.parametrize("viewer", OUTSIDERS.values(), ids=OUTSIDERS)
async def test_the_answer_is_that_of_before_the_hidden_rows_were_there(
    database: Database, statements: Statements, viewer: Viewer | None
) -> None:
    await store(database, seen())
    before = await answers(database, statements, viewer)
    await store(database, hidden())
    after = await answers(database, statements, viewer)
    different = [name for name in QUESTIONS if after[name] != before[name]]
    assert {name: after[name] for name in different} == {name: before[name] for name in different}


async def test_those_who_may_know_them_see_them_everywhere(
    database: Database, statements: Statements
) -> None:
    """Otherwise the test above would hold for an empty list, or a cursor of another one."""
    await store(database, seen())
    before = [await answers(database, statements, viewer, LEADING) for viewer in INSIDERS]
    await store(database, hidden())
    after = [await answers(database, statements, viewer, LEADING) for viewer in INSIDERS[1:]]
    await reveal(database)
    after.insert(0, await answers(database, statements, INSIDERS[0], LEADING))
    different = {
        name.partition(" ")[0]
        for name in LEADING
        if any(a[name].data != b[name].data for a, b in zip(after, before, strict=True))
    }
    assert (EVERYTHING.keys() | NAMES.keys()) - different == NO_WAY


def test_every_field_is_asked_for() -> None:
    assert set().union(*map(fields_of, QUESTIONS.values())) >= to_be_read() - HARMLESS


def test_every_argument_that_may_name_a_row_is_given_hidden_ones() -> None:
    assert arguments_that_name(READABLE) == set(NAMES)
