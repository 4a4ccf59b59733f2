"""Importing the same source again, unchanged and changed."""

import asyncio
from dataclasses import replace
from typing import Any

from db.database import Database
from db.writes.imports import Count, MissingRecord, import_publication
from db.writes.records import (
    MediaRecord,
    NavigationRecord,
    Note,
    Place,
    PostStatus,
    RedirectRecord,
    TagRecord,
    UserRecord,
)
from tests.conftest import Statements
from tests.db.writes.imports import streams
from tests.db.writes.imports.conftest import Dump, Import, Query
from tests.db.writes.imports.streams import FUTURE, comment, page, post, site, whole_site

SLUGS = "select slug, title from posts order by title"


async def test_a_second_run_writes_nothing(import_: Import, dump: Dump) -> None:
    first = await import_(whole_site())
    before = await dump()
    second = await import_(whole_site())
    assert await dump() == before
    assert second.counts == {
        kind: Count(unchanged=count.created) for kind, count in first.counts.items()
    }
    assert (second.publication_id, second.notes, second.drafts, second.missing) == (
        first.publication_id,
        first.notes,
        first.drafts,
        [],
    )


async def test_a_line_that_moved_is_no_change(import_: Import, dump: Dump) -> None:
    await import_(site(post()))
    before = await dump()
    await import_(site(replace(post(), place=Place("moved.md", 99))))
    assert await dump() == before


async def test_two_runs_at_once_make_one_publication(database: Database, dump: Dump) -> None:
    async def run() -> dict[str, Count]:
        async with database.write() as tx:
            return (await import_publication(tx, "site.test", "markdown", whole_site())).counts

    counts = await asyncio.gather(run(), run())
    assert sorted(count["post"].created for count in counts) == [0, 1]
    assert {table: len(rows) for table, rows in (await dump()).items() if rows} == {
        "comments": 3,
        "draft_co_authors": 1,
        "draft_tags": 1,
        "drafts": 2,
        "former_slugs": 2,
        "import_provenance": 16,
        "media_references": 3,
        "memberships": 2,
        "navigation_items": 2,
        "post_co_authors": 1,
        "post_tags": 1,
        "posts": 1,
        "publications": 1,
        "redirection_rules": 2,
        "schedules": 1,
        "series": 1,
        "static_pages": 1,
        "tags": 1,
        "users": 3,
    }


async def test_a_changed_post_is_updated_and_nothing_else(import_: Import, query: Query) -> None:
    tag = TagRecord("tags/new", "New", "new")
    kept = "select id, created_at from posts order by id"
    await import_(site(post(tag_keys=("tags/sql",), author_keys=("ada", "bob")), post("two")))
    before = await query(kept)
    changed = post(
        title="Changed",
        markdown="New text",
        tag_keys=("tags/new",),
        author_keys=("bob",),
        media=(MediaRecord("b.png"),),
    )
    report = await import_(site(tag, changed, post("two")))
    assert report.counts["post"] == Count(updated=1, unchanged=1)
    assert await query(kept) == before
    assert await query(
        "select p.title, content_text, u.name, t.slug, url from posts p"
        " join users u on u.id = author_id left join post_tags on post_id = p.id"
        " left join tags t on t.id = tag_id left join media_references m on m.post_id = p.id"
        " order by p.title"
    ) == [
        ("Changed", "New text", "Bob", "new", "b.png"),
        ("two", "Head\nText of two.", "Ada Lovelace", None, None),
    ]
    assert await query("select * from post_co_authors") == []


async def test_every_kind_can_change(import_: Import, query: Query) -> None:
    await import_(whole_site())
    changed: list[Any] = [
        replace(streams.SITE, title="New site"),
        replace(streams.ADA, name="New Ada", username="other"),
        replace(streams.BOB, role="EDITOR"),
        streams.EVE,
        replace(streams.TAG, name="New tag"),
        replace(streams.SERIES, name="New series", slug="new"),
        post("one"),
        page(slug="new", former_paths=("old/about.html",)),
        comment("c1", markdown="new"),
        RedirectRecord("feed", "https://site.test/new.xml"),
        NavigationRecord("New", url="/new"),
    ]
    report = await import_(changed)
    assert {kind: count.updated for kind, count in report.counts.items()} == {
        "user": 2,
        "publication": 1,
        "tag": 1,
        "series": 1,
        "post": 1,
        "page": 1,
        "redirect": 2,
        "comment": 1,
        "navigation": 1,
    }
    assert await query(
        "select p.title, u.name, u.username, m.role, t.name, s.name, s.slug, a.slug, c.content_text"
        " from publications p join users u on u.id = owner_id, memberships m, tags t, series s,"
        " static_pages a, comments c where m.role <> 'OWNER' and c.parent_id is null"
    ) == [("New site", "New Ada", "ada", "EDITOR", "New tag", "New series", "new", "new", "new")]
    assert await query("select source, destination, type from redirection_rules order by 1") == [
        ("/feed", "https://site.test/new.xml", "PERMANENT"),
        ("/old/about.html", "https://site.test/new", "PERMANENT"),
    ]
    assert await query("select position, label, url from navigation_items") == [(0, "New", "/new")]


async def test_a_new_slug_leaves_the_old_one_behind(import_: Import, query: Query) -> None:
    former = "select slug from former_slugs order by slug"
    for slug in ("one", "uno", "eins"):
        await import_(site(post("one", slug=slug)))
    assert await query(SLUGS) == [("eins", "one")]
    assert await query(former) == [("one",), ("uno",)]
    await import_(site(post("one", slug="uno")))
    assert await query(SLUGS) == [("uno", "one")]
    assert await query(former) == [("eins",), ("one",)]


async def test_slugs_in_conflict_stay_what_they_became(import_: Import, query: Query) -> None:
    first = await import_(site(post("one", slug="same"), post("two", slug="same")))
    assert first.notes == [
        Note(Place("two.md", 1), "slug `same`", "another one has it: it became `same-2`", False)
    ]
    second = await import_(
        site(
            post("three", slug="same"),
            post("two", slug="same", markdown="new"),
            post("one", slug="same"),
        )
    )
    assert second.counts["post"] == Count(created=1, updated=1, unchanged=1)
    assert await query(SLUGS) == [("same", "one"), ("same-3", "three"), ("same-2", "two")]
    assert await query("select * from former_slugs") == []


async def test_posts_may_swap_slugs_without_loss(import_: Import, query: Query) -> None:
    await import_(site(post("one", slug="a"), post("two", slug="b")))
    await import_(site(post("one", slug="b"), post("two", slug="a")))
    assert await query(SLUGS) == [("b-2", "one"), ("a-2", "two")]
    assert await query("select slug from former_slugs order by 1") == [("a",), ("b",)]


async def test_what_is_gone_from_the_source_is_reported_and_stays(
    import_: Import, dump: Dump
) -> None:
    await import_(whole_site())
    before = await dump()
    report = await import_(site())
    assert report.missing == [
        MissingRecord("comment", "c1"),
        MissingRecord("comment", "c2"),
        MissingRecord("comment", "c3"),
        MissingRecord("navigation", "menu"),
        MissingRecord("page", "about"),
        MissingRecord("post", "one"),
        MissingRecord("post", "three"),
        MissingRecord("post", "two"),
        MissingRecord("redirect", "/feed"),
        MissingRecord("redirect", "/old/about.html"),
    ]
    assert await dump() == before


async def test_deleted_rows_are_made_anew(
    import_: Import, query: Query, database: Database
) -> None:
    await import_(whole_site())
    async with database.write() as tx:
        for table in ("posts", "drafts", "static_pages", "redirection_rules", "tags", "series"):
            await tx.exec_driver_sql(f"delete from {table}")
        await tx.exec_driver_sql("delete from users where name = 'Eve'")
    report = await import_(whole_site())
    assert report.counts == {
        "user": Count(created=1, unchanged=2),
        "publication": Count(unchanged=1),
        "tag": Count(created=1),
        "series": Count(created=1),
        "post": Count(created=1),
        "draft": Count(created=2),
        "page": Count(created=1),
        "redirect": Count(created=2),
        "comment": Count(created=3),
        "navigation": Count(updated=1),
    }
    assert await query(
        "select p.slug, t.slug, s.slug, comment_count, reply_count from posts p"
        " join post_tags on post_id = p.id join tags t on t.id = tag_id"
        " join series s on s.id = series_id"
    ) == [("one", "sql", "basics", 1, 2)]
    assert await query("select slug from former_slugs order by 1") == [
        ("2024/01/02/one.html",),
        ("one.html",),
    ]


async def test_a_deleted_tag_comes_back_to_unchanged_posts(
    import_: Import, query: Query, database: Database
) -> None:
    source = site(post(tag_keys=("tags/sql",)))
    await import_(source)
    async with database.write() as tx:
        await tx.exec_driver_sql("delete from tags")
    await import_(source)
    assert await query("select slug from post_tags join tags on id = tag_id") == [("sql",)]


async def test_edits_stay_until_the_source_changes(
    import_: Import, query: Query, database: Database
) -> None:
    await import_(site(post()))
    async with database.write() as tx:
        await tx.exec_driver_sql("update posts set title = 'Edited'")
    await import_(site(post()))
    assert await query("select title from posts") == [("Edited",)]
    await import_(site(post(markdown="new")))
    assert await query("select title, content_text from posts") == [("one", "new")]


async def test_a_published_draft_becomes_a_post(import_: Import, query: Query) -> None:
    planned = post(status=PostStatus.SCHEDULED, published_at=FUTURE, tag_keys=("tags/sql",))
    await import_(site(planned))
    report = await import_(site(post(tag_keys=("tags/sql",)), comment("c1")))
    assert report.counts["post"] == Count(created=1)
    assert report.drafts == []
    assert await query("select slug, status, comment_count from posts") == [("one", "PUBLISHED", 1)]
    for table in ("drafts", "schedules", "draft_tags"):
        assert await query(f"select * from {table}") == []


async def test_a_withdrawn_post_keeps_what_readers_added(import_: Import, query: Query) -> None:
    states = (
        "select p.id, p.status, comment_count, d.title from posts p"
        " left join drafts d on d.published_post_id = p.id"
    )
    await import_(site(post(), comment("c1")))
    [[post_id]] = await query("select id from posts")
    withdrawn = await import_(site(post(status=PostStatus.DRAFT), comment("c1")))
    assert await query(states) == [(post_id, "REMOVED", 1, "one")]
    assert withdrawn.counts["draft"] == Count(created=1)
    assert [(note.element, note.reason) for note in withdrawn.notes] == [
        ("comment c1", "its post is not public")
    ]
    again = await import_(site(post(markdown="new"), comment("c1")))
    assert again.counts["post"] == Count(updated=1)
    assert again.counts["comment"] == Count(unchanged=1)
    assert await query(states) == [(post_id, "PUBLISHED", 1, None)]


async def test_a_draft_published_here_is_the_post_when_the_source_publishes_it(
    import_: Import, query: Query, database: Database
) -> None:
    await import_(site(post("one"), post("two", status=PostStatus.DRAFT)))
    async with database.write() as tx:
        await tx.exec_driver_sql(
            "update drafts set published_post_id = (select id from posts where slug = 'one')"
        )
    [[post_id]] = await query("select id from posts")
    report = await import_(site(post("two")))
    assert report.counts["post"] == Count(updated=1)
    assert await query("select id, slug, title from posts") == [(post_id, "two", "two")]
    assert await query("select count(*) from drafts") == [(0,)]


async def test_a_post_taken_down_here_stays_down(
    import_: Import, query: Query, database: Database
) -> None:
    await import_(site(post()))
    async with database.write() as tx:
        await tx.exec_driver_sql("update posts set status = 'REMOVED'")
    await import_(site(post(markdown="new")))
    assert await query("select status, content_text from posts") == [("REMOVED", "new")]


async def test_what_others_made_is_recognised_and_not_changed(
    import_: Import, query: Query
) -> None:
    await import_([streams.SITE, streams.ADA, streams.TAG, RedirectRecord("a", "https://a.test/")])
    other = [
        replace(streams.SITE, title="Other"),
        UserRecord("1", "A. L.", email="ADA@example.org", role="OWNER"),
        UserRecord("2", "Ada Lovelace"),
        replace(streams.TAG, name="Other"),
        RedirectRecord("a", "https://b.test/"),
    ]
    for report in [
        await import_(other, source="wordpress"),
        await import_(other, source="wordpress"),
    ]:
        assert report.counts["tag"] == Count(unchanged=1)
        assert report.counts["publication"] == Count(unchanged=1)
    assert await query(
        "select p.title, t.name, destination from publications p, tags t, redirection_rules"
    ) == [("The Site", "SQL", "https://a.test/")]
    assert await query("select username, name, role from users order by 1") == [
        ("ada", "Ada Lovelace", "USER"),
        ("ada-lovelace", "Ada Lovelace", "USER"),
    ]
    changed = [replace(streams.SITE, title="New"), replace(streams.TAG, name="New")]
    await import_(changed, source="wordpress")
    assert await query("select p.title, t.name from publications p, tags t") == [
        ("The Site", "SQL")
    ]


async def test_statements_do_not_grow_with_the_posts(
    database: Database, statements: Statements
) -> None:
    counts = []
    for size in (1, 10, 50):
        host = f"{size}.test"
        people = UserRecord("writer", "Writer")
        posts = [post(f"{host}-{n}", author_keys=("writer",)) for n in range(size)]
        with statements(database) as log:
            async with database.write() as tx:
                await import_publication(tx, host, "markdown", [streams.SITE, people, *posts])
        counts.append(len(log))
    assert counts == [22, 22, 22]
