"""Threads of any depth become comments and replies."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.writes.imports import Count
from db.writes.imports.comments import top_of
from db.writes.records import Note, Place, PostStatus
from tests.db.writes.imports.conftest import Import, Query
from tests.db.writes.imports.streams import PAST, comment, post, site

THREADS = (
    "select c.content_text, p.content_text, c.id like 'comment_%', c.created_at from comments c"
    " left join comments p on p.id = c.parent_id order by c.created_at"
)
COUNTS = "select slug, comment_count, reply_count from posts order by slug"


async def test_replies_to_replies_answer_the_first_comment_in_order(
    import_: Import, query: Query
) -> None:
    later = [PAST + timedelta(minutes=minute) for minute in range(6)]
    report = await import_(
        site(
            post("one"),
            post("two"),
            comment("a", created_at=later[0]),
            comment("b", "a", created_at=later[1]),
            comment("c", "b", created_at=later[2]),
            comment("d", "c", created_at=later[3]),
            comment("e", created_at=later[4]),
            comment("f", post_key="two", created_at=later[5]),
        )
    )
    assert await query(THREADS) == [
        ("a", None, True, later[0]),
        ("b", "a", False, later[1]),
        ("c", "a", False, later[2]),
        ("d", "a", False, later[3]),
        ("e", None, True, later[4]),
        ("f", None, True, later[5]),
    ]
    assert await query(COUNTS) == [("one", 2, 3), ("two", 1, 0)]
    reason = "it answers a reply: it became a reply to the thread's first comment"
    assert report.notes == [
        Note(Place("one.md", 1), f"comment {key}", reason, dropped=False) for key in "cd"
    ]


async def test_comments_of_drafts_wait_for_the_post(import_: Import, query: Query) -> None:
    draft = await import_(site(post(status=PostStatus.DRAFT), comment("a"), comment("b", "a")))
    assert draft.notes == [
        Note(Place("one.md", 1), f"comment {key}", "its post is not public") for key in "ab"
    ]
    published = await import_(site(post(), comment("a"), comment("b", "a")))
    assert published.counts["comment"] == Count(created=2)
    assert await query(COUNTS) == [("one", 1, 1)]


async def test_a_comment_that_becomes_a_reply_takes_its_replies_along(
    import_: Import, query: Query
) -> None:
    await import_(site(post(), comment("a"), comment("b"), comment("c", "b"), comment("d", "c")))
    report = await import_(
        site(post(), comment("a"), comment("b", "a"), comment("c", "b"), comment("d", "c"))
    )
    assert report.counts["comment"] == Count(created=1, updated=2, unchanged=1)
    assert [row[:3] for row in await query(THREADS + ", c.content_text")] == [
        ("a", None, True),
        ("b", "a", False),
        ("c", "a", False),
        ("d", "a", False),
    ]
    assert await query(COUNTS) == [("one", 1, 3)]
    again = await import_(site(post(), comment("a"), comment("b"), comment("c", "b")))
    assert again.counts["comment"] == Count(created=1, updated=1, unchanged=1)
    assert [row[:3] for row in await query(THREADS + ", c.content_text")] == [
        ("a", None, True),
        ("b", None, True),
        ("c", "b", False),
        ("d", "a", False),
    ]


async def test_readers_replies_count_too(import_: Import, query: Query) -> None:
    source = site(post(), comment("a"))
    await import_(source)
    await import_(source, source="wordpress")
    assert await query(COUNTS) == [("one", 1, 0), ("one-2", 1, 0)]


def test_an_answer_to_nothing_is_refused() -> None:
    with pytest.raises(LookupError):
        top_of({}, comment("b", "a"))


@given(st.lists(st.integers(min_value=-1, max_value=30), max_size=30))
def test_a_thread_has_one_top_whatever_its_shape(choices: list[int]) -> None:
    """Each number names an earlier comment to answer, or none."""
    parents = [choice if 0 <= choice < index else None for index, choice in enumerate(choices)]
    threads: dict[str, str] = {}
    for index, parent in enumerate(parents):
        top = top_of(threads, comment(str(index), None if parent is None else str(parent)))
        assert parents[int(top)] is None
        assert (top == str(index)) == (parent is None)
        assert parent is None or threads[str(parent)] == top
