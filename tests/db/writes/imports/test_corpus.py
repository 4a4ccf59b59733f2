"""The sample and the real blogs, as `imported` and `sample_database` hold them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from db.database import Database
from db.writes.imports import import_publication
from tests.conftest import REAL, SAMPLE

COUNTS = """
select host,
       (select count(*) from posts x where x.publication_id = p.id) posts,
       (select count(*) from drafts x where x.publication_id = p.id) drafts,
       (select count(*) from static_pages x where x.publication_id = p.id) pages,
       (select count(*) from series x where x.publication_id = p.id) series,
       (select count(*) from redirection_rules x where x.publication_id = p.id) redirects,
       (select count(*) from memberships x where x.publication_id = p.id) members,
       (select count(*) from navigation_items x where x.publication_id = p.id) menu,
       (select count(*) from comments join posts x on x.id = post_id
         where x.publication_id = p.id) comments
  from publications p
 order by host
"""


@pytest.fixture
async def corpus_database(imported: str) -> AsyncIterator[Database]:
    database = Database(imported)
    yield database
    await database.dispose()


@pytest.fixture
async def sample(sample_database: str) -> AsyncIterator[Database]:
    database = Database(sample_database)
    yield database
    await database.dispose()


async def query(database: Database, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(text(sql), values)]


async def test_the_sample_comes_in_whole(sample: Database) -> None:
    assert await query(sample, COUNTS) == [("sample.masthead.test", 9, 1, 1, 2, 1, 3, 2, 0)]


async def test_the_sample_shows_what_there_is(sample: Database) -> None:
    assert await query(sample, "select slug from posts where pinned_at is not null") == [
        ("hello-masthead",)
    ]
    assert await query(sample, "select slug from posts where has_latex order by slug") == [
        ("keyset-pagination",),
        ("writing-markdown",),
    ]
    assert await query(
        sample,
        "select p.slug, u.username from post_co_authors join posts p on p.id = post_id"
        " join users u on u.id = user_id order by 1",
    ) == [("keyset-pagination", "mira"), ("what-a-frontend-needs", "salma")]
    assert await query(
        sample,
        "select s.slug, series_position, p.slug from posts p join series s on s.id = series_id"
        " order by 1, 2",
    ) == [
        ("how-masthead-works", 1, "how-a-request-travels"),
        ("how-masthead-works", 2, "one-statement-for-all"),
        ("how-masthead-works", 3, "rendered-once"),
        ("the-written-word", 1, "writing-markdown"),
        ("the-written-word", 2, "old-addresses"),
    ]
    assert await query(sample, "select file from media_references order by 1") == [
        ("content/how-a-request-travels/floors.svg",),
        ("content/writing-markdown/margins.svg",),
        ("content/writing-markdown/pencil.png",),
    ]
    assert await query(
        sample,
        "select p.slug from former_slugs f join posts p on p.id = post_id where f.slug = 'cool-uris'",
    ) == [("old-addresses",)]


async def test_the_corpus_comes_in_whole(corpus_database: Database) -> None:
    assert await query(corpus_database, COUNTS) == [
        ("blog.rust.test", 258, 0, 0, 0, 0, 73, 0, 0),
        ("inside.rust.test", 290, 0, 0, 0, 0, 80, 0, 0),
        ("sample.masthead.test", 9, 1, 1, 2, 1, 3, 2, 0),
        ("wp.test", 55, 3, 21, 0, 34, 2, 18, 22),
    ]


async def test_one_post_of_the_corpus(corpus_database: Database) -> None:
    [post] = await query(
        corpus_database,
        "select p.title, u.name, published_at, read_time_minutes, has_latex, search_config::text,"
        " left(brief, 77), table_of_contents->0, table_of_contents->1->>'parent',"
        " array(select f.slug from former_slugs f where f.post_id = p.id order by 1)"
        " from posts p join users u on u.id = author_id where slug = 'Rust-1.88.0'",
    )
    assert post == (
        "Announcing Rust 1.88.0",
        "The Rust Release Team",
        datetime(2025, 6, 26, tzinfo=UTC),
        5,
        False,
        "english",
        "The Rust team is happy to announce a new version of Rust, 1.88.0. Rust is a p",
        {
            "slug": "what-s-in-1-88-0-stable",
            "level": 2,
            "title": "What's in 1.88.0 stable",
            "parent": None,
        },
        "0",
        ["1.88.0", "2025/06/26/Rust-1.88.0", "releases/1.88.0"],
    )


async def test_wordpress_keeps_its_secrets(corpus_database: Database) -> None:
    assert await query(
        corpus_database,
        "select d.title, restricted, publish_at from drafts d"
        " join publications p on p.id = publication_id left join schedules on draft_id = d.id"
        " where host = 'wp.test' order by 1",
    ) == [
        ("Draft", False, None),
        ("Scheduled", False, datetime(2030, 1, 1, 19, 0, 18, tzinfo=UTC)),
        ('Template: Password Protected (the password is "enter")', True, None),
    ]


async def test_wordpress_threads_are_counted(corpus_database: Database) -> None:
    assert await query(
        corpus_database,
        "select slug, comment_count, reply_count from posts where comment_count > 0 order by 1",
    ) == [
        ("edge-case-no-content", 1, 0),
        ("template-comments", 10, 9),
        ("template-pingbacks-an-trackbacks", 1, 0),
        ("theme-block-category", 1, 0),
    ]


async def test_every_address_leads_to_one_post(corpus_database: Database) -> None:
    assert (
        await query(
            corpus_database,
            "select f.slug from former_slugs f join posts p"
            " on p.publication_id = f.publication_id and p.slug = f.slug",
        )
        == []
    )


@pytest.mark.parametrize("host", [*REAL, *SAMPLE])
async def test_a_second_run_of_the_corpus_writes_nothing(
    corpus_database: Database, host: str
) -> None:
    """A transaction that has written nothing has no id."""
    name, read, folder = (REAL | SAMPLE)[host]
    async with corpus_database.write() as tx:
        records = read(folder, datetime.now(UTC))
        report = await import_publication(tx, host, name, records)
        written = text("select pg_current_xact_id_if_assigned()::text")
        assert await tx.scalar(written) is None
    assert report.missing == []
    assert {
        kind: (count.created, count.updated) for kind, count in report.counts.items()
    } == dict.fromkeys(report.counts, (0, 0))
