"""A first import: every kind of record becomes its rows."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from db.database import Database
from db.errors import Invalid
from db.models import metadata
from db.writes.imports import Count, ImportedDraft, import_publication
from db.writes.records import (
    BrokenSource,
    MediaRecord,
    Note,
    Place,
    PostStatus,
    PublicationRecord,
    Record,
    UserRecord,
)
from tests.db.writes.imports import streams
from tests.db.writes.imports.conftest import Dump, Import, Query
from tests.db.writes.imports.streams import FUTURE, PAST, SITE, post, site, whole_site


async def test_the_report_counts_every_kind(import_: Import) -> None:
    report = await import_(whole_site(), "www.Site.test:80")
    assert report.host == "site.test"
    assert report.publication_id.startswith("pub_")
    assert report.counts == {
        "user": Count(created=3),
        "publication": Count(created=1),
        "tag": Count(created=1),
        "series": Count(created=1),
        "post": Count(created=1),
        "draft": Count(created=2),
        "page": Count(created=1),
        "redirect": Count(created=2),
        "comment": Count(created=3),
        "navigation": Count(created=1),
    }
    assert report.notes == [
        Note(Place("one.md", 3), "front matter `weight`", "no field holds it"),
        Note(
            Place("one.md", 1),
            "comment c3",
            "it answers a reply: it became a reply to the thread's first comment",
            dropped=False,
        ),
    ]
    assert report.missing == []


async def test_the_report_is_plain_data(import_: Import) -> None:
    report = await import_(site(post(status=PostStatus.DRAFT, private=True, title=" ")))
    [draft] = report.drafts
    assert asdict(report) == {
        "host": "site.test",
        "publication_id": report.publication_id,
        "counts": {
            kind: {"created": created, "updated": 0, "unchanged": 0}
            for kind, created in {
                "user": 3,
                "publication": 1,
                "tag": 1,
                "series": 1,
                "draft": 1,
            }.items()
        },
        "notes": [],
        "drafts": [{"title": None, "id": draft.id, "restricted": True}],
        "missing": [],
    }


async def test_every_column_of_a_post(import_: Import, query: Query) -> None:
    edited = datetime(2024, 5, 6, tzinfo=UTC)
    record = post(
        "one",
        title="Über *SQL*",
        slug="ueber-sql",
        markdown="# Eins\n\nText mit $$x$$.\n\n## Zwei\n",
        author_keys=("bob", "ada", "bob"),
        updated_at=edited,
        subtitle="Untertitel",
        excerpt="Kurz gesagt.",
        tag_keys=(streams.TAG.key, streams.TAG.key),
        series_key=streams.SERIES.key,
        series_index=7,
        cover_image="https://img.test/c.png",
        canonical_url="https://old.test/sql",
        seo_title="SEO",
        seo_description="Seo description",
        og_image="https://img.test/og.png",
        language="de-AT",
        cuid="ck1",
        pinned=True,
        featured=True,
        delisted=True,
        comments_disabled=True,
        table_of_contents=False,
    )
    report = await import_(site(record))
    [[row]] = await query("select to_jsonb(p) - 'search_document' from posts p")
    [[bob]] = await query("select id from users where name = 'Bob'")
    [[series]] = await query("select id from series")
    assert row.pop("id").startswith("post_")
    assert datetime.fromisoformat(row.pop("created_at")).tzinfo is not None
    assert row == {
        "publication_id": report.publication_id,
        "author_id": bob,
        "series_id": series,
        "series_position": 7,
        "status": "PUBLISHED",
        "slug": "ueber-sql",
        "title": "Über *SQL*",
        "subtitle": "Untertitel",
        "brief": "Kurz gesagt.",
        "content_markdown": "# Eins\n\nText mit $$x$$.\n\n## Zwei\n",
        "content_html": '<h1 id="section-eins">Eins</h1>\n<p>Text mit $$x$$.</p>\n'
        '<h2 id="section-zwei">Zwei</h2>\n',
        "content_text": "Eins\nText mit $$x$$.\nZwei",
        "table_of_contents": [
            {"slug": "section-eins", "title": "Eins", "level": 1, "parent": None},
            {"slug": "section-zwei", "title": "Zwei", "level": 2, "parent": 0},
        ],
        "table_of_contents_enabled": False,
        "read_time_minutes": 1,
        "has_latex": True,
        "language": "de-AT",
        "search_config": "german",
        "cover_image": "https://img.test/c.png",
        "cover_attribution": None,
        "cover_photographer": None,
        "cover_attribution_hidden": False,
        "cover_portrait": False,
        "cover_stuck_to_bottom": False,
        "canonical_url": "https://old.test/sql",
        "seo_title": "SEO",
        "seo_description": "Seo description",
        "og_image": "https://img.test/og.png",
        "cuid": "ck1",
        "delisted": True,
        "comments_disabled": True,
        "pinned_at": "2024-01-02T03:04:05+00:00",
        "featured_at": "2024-01-02T03:04:05+00:00",
        "comment_count": 0,
        "reply_count": 0,
        "reaction_count": 0,
        "view_count": 0,
        "published_at": "2024-01-02T03:04:05+00:00",
        "edited_at": "2024-05-06T00:00:00+00:00",
    }
    [[ada]] = await query("select id from users where name = 'Ada Lovelace'")
    assert await query("select user_id, position from post_co_authors") == [(ada, 0)]
    tagged = "select slug, position from post_tags join tags on id = tag_id"
    assert await query(tagged) == [("sql", 0)]


async def test_a_bare_post_gets_what_can_be_derived(import_: Import, query: Query) -> None:
    bare = post("one", author_keys=(), title=" ", markdown="Just *text*.")
    await import_(site(bare))
    assert await query(
        "select u.name, p.title, brief, pinned_at, featured_at, edited_at, search_config::text"
        " from posts p join users u on u.id = author_id"
    ) == [("Ada Lovelace", "one", "Just text.", None, None, None, "german")]


async def test_search_finds_words_in_the_posts_language(import_: Import, query: Query) -> None:
    await import_(site(post("one", markdown="Viele Häuser"), post("two", markdown="Viele Bäume")))
    found = "select slug from posts where search_document @@ to_tsquery('german', 'Haus')"
    assert await query(found) == [("one",)]


async def test_users_and_their_roles(import_: Import, query: Query) -> None:
    ada = UserRecord(
        "ada",
        "Ada",
        username="Ada L",
        email="Ada@Example.org",
        tagline="Countess",
        bio_markdown="*Bio*",
        location="London",
        profile_picture="https://img.test/ada.png",
        website="https://ada.test",
        role="OWNER",
    )
    second = UserRecord("two", "Two", role="OWNER")
    await import_([SITE, UserRecord("first", "First"), ada, second])
    assert await query(
        "select username, email, tagline, bio_markdown, bio_html, bio_text, location,"
        " profile_picture, social_links from users where name = 'Ada'"
    ) == [
        (
            "ada-l",
            "ada@example.org",
            "Countess",
            "*Bio*",
            "<p><em>Bio</em></p>\n",
            "Bio",
            "London",
            "https://img.test/ada.png",
            {"website": "https://ada.test"},
        )
    ]
    assert await query(
        "select name, m.role, o.id is not null from memberships m join users u on u.id = user_id"
        " left join publications o on o.owner_id = u.id order by name"
    ) == [("Ada", "OWNER", True), ("First", "CONTRIBUTOR", False), ("Two", "EDITOR", False)]


async def test_without_an_owner_the_first_author_is_the_owner(
    import_: Import, query: Query
) -> None:
    await import_([SITE, streams.EVE, streams.BOB, UserRecord("zoe", "Zoe")])
    owners = "select name, m.role from memberships m join users u on u.id = user_id order by name"
    assert await query(owners) == [("Bob", "OWNER"), ("Zoe", "CONTRIBUTOR")]


async def test_a_site_without_authors_belongs_to_its_team(import_: Import, query: Query) -> None:
    for _ in range(2):
        report = await import_([SITE, post(author_keys=())])
    assert await query(
        "select name, username, m.role from users u join memberships m on user_id = u.id"
    ) == [("The Site team", "the-site-team", "OWNER")]
    assert report.missing == []
    assert report.counts["user"] == Count(unchanged=1)


async def test_the_publication(import_: Import, query: Query) -> None:
    site = PublicationRecord(
        "The Site",
        tagline="Tagline",
        about_markdown="**About**",
        language="fr",
        favicon="/f.ico",
        logo="/l.svg",
        og_image="/og.png",
        created_at=PAST,
    )
    await import_([site])
    assert await query(
        "select host, title, description_seo, about_html, about_text, language, favicon, logo,"
        " og_image, created_at from publications"
    ) == [
        (
            "site.test",
            "The Site",
            "Tagline",
            "<p><strong>About</strong></p>\n",
            "About",
            "fr",
            "/f.ico",
            "/l.svg",
            "/og.png",
            PAST,
        )
    ]


async def test_drafts_and_schedules(import_: Import, query: Query) -> None:
    report = await import_(
        site(
            post(
                "idea",
                status=PostStatus.DRAFT,
                author_keys=("bob", "ada"),
                slug="",
                published_at=None,
            ),
            post("secret", status=PostStatus.DRAFT, private=True, tag_keys=(streams.TAG.key,)),
            post("soon", status=PostStatus.SCHEDULED, published_at=FUTURE),
            post("late", status=PostStatus.SCHEDULED, published_at=PAST),
        )
    )
    drafts = await query(
        "select d.title, slug, restricted, content_text, u.name, publish_at, d.id from drafts d"
        " join users u on u.id = author_id left join schedules s on s.draft_id = d.id"
        " order by d.title"
    )
    assert [draft[:6] for draft in drafts] == [
        ("idea", "draft", False, "Head\nText of idea.", "Bob", None),
        ("late", "late", False, "Head\nText of late.", "Ada Lovelace", None),
        ("secret", "secret", True, "Head\nText of secret.", "Ada Lovelace", None),
        ("soon", "soon", False, "Head\nText of soon.", "Ada Lovelace", FUTURE),
    ]
    ids = {draft[0]: draft[6] for draft in drafts}
    assert report.drafts == [
        ImportedDraft(title, ids[title], title == "secret")
        for title in ("idea", "secret", "soon", "late")
    ]
    assert report.notes == [
        Note(Place("late.md", 1), "schedule", "its time has passed: it came in as a draft", False)
    ]
    assert await query("select count(*) from posts") == [(0,)]
    assert await query(
        "select t.slug, t.name, d.title from draft_tags t join drafts d on d.id = draft_id"
        " where tag_id is not null"
    ) == [("sql", "SQL", "secret")]
    assert await query(
        "select u.name, d.title from draft_co_authors join drafts d on d.id = draft_id"
        " join users u on u.id = user_id"
    ) == [("Ada Lovelace", "idea")]


async def test_pages_series_media_and_navigation(import_: Import, query: Query) -> None:
    await import_(whole_site())
    assert await query(
        "select slug, title, content_html, content_text, hidden from static_pages"
    ) == [("about", "about", "<p>Text of about.</p>\n", "Text of about.", False)]
    assert await query(
        "select slug, s.name, description_html, u.name from series s join users u on u.id = author_id"
    ) == [("basics", "Basics", "<p><em>All</em> of it</p>\n", "Ada Lovelace")]
    assert await query(
        "select url, file, alt, content_type, left(coalesce(post_id, draft_id, page_id), 5) place"
        " from media_references order by place"
    ) == [("a.png", "one/a.png", "A", "image/png", place) for place in ("draft", "page_", "post_")]
    assert await query(
        "select position, type, label, url, slug from navigation_items"
        " left join static_pages p on p.id = page_id order by position"
    ) == [(0, "link", "Home", "/", None), (1, "page", "About", None, "about")]


async def test_a_post_without_any_date_is_noted(import_: Import, query: Query) -> None:
    report = await import_(site(post(published_at=None)))
    [[date]] = await query("select published_at from posts")
    assert report.notes == [
        Note(Place("one.md", 1), "date", f"it has none: it came in as {date.isoformat()}", False)
    ]


async def test_what_postgresql_cannot_store_is_replaced(import_: Import, query: Query) -> None:
    odd = post(title="a\0b\ud800", markdown="x\0y\udfff", media=(MediaRecord("\0.png"),))
    await import_(site(odd))
    assert await query("select title, content_text, url from posts, media_references") == [
        ("a\ufffdb\ufffd", "x\ufffdy\ufffd", "\ufffd.png")
    ]


async def test_overlong_addresses_are_dropped_and_noted(import_: Import, query: Query) -> None:
    long = "x" * 3000
    media = (MediaRecord(f"data:{long}"), MediaRecord("ok.png"))
    report = await import_(site(post(slug=long, former_paths=(f"old/{long}",), media=media)))
    assert await query("select length(slug), url from posts, media_references") == [(250, "ok.png")]
    assert [note.reason for note in report.notes] == [
        f"it is not one path segment: it became `{long[:250]}`",
        "its URL is too long",
        "another post has it, or it is too long",
    ]


@pytest.mark.parametrize("stop", range(len(whole_site())))
async def test_a_broken_source_leaves_nothing(import_: Import, dump: Dump, stop: int) -> None:
    fault = BrokenSource(Place("two.md", 7), "unclosed front matter")
    with pytest.raises(BrokenSource, match=r"two\.md:7: unclosed front matter"):
        await import_(streams.broken(whole_site()[: stop + 1], fault))
    assert await dump() == {table: [] for table in metadata.tables}


async def test_unrenderable_markdown_names_its_place(import_: Import, dump: Dump) -> None:
    with pytest.raises(BrokenSource, match=r"one\.md:1: .*200 deep"):
        await import_(site(post(markdown="> " * 1000 + "deep")))
    assert await dump() == {table: [] for table in metadata.tables}


async def test_progress_counts_what_has_been_done(database: Database) -> None:
    steps: list[tuple[str, int]] = []
    posts = [post(str(number)) for number in range(120)]
    async with database.write() as tx:
        await import_publication(
            tx, "site.test", "markdown", site(*posts), lambda *step: steps.append(step)
        )
    assert steps == [
        ("user", 3),
        ("tag", 1),
        ("series", 1),
        ("post", 50),
        ("post", 50),
        ("post", 20),
    ]


async def test_no_host_no_import(import_: Import, dump: Dump) -> None:
    with pytest.raises(Invalid, match="'no host' is not a host name"):
        await import_(whole_site(), "no host")
    assert await dump() == {table: [] for table in metadata.tables}


@pytest.mark.parametrize(
    ("records", "fault"),
    [
        (site(post(author_keys=("nobody",))), "no user with the key 'nobody'"),
        (site(post(), post()), "two records of the kind post have the key 'one'"),
    ],
)
async def test_an_importers_fault_is_refused(
    import_: Import, dump: Dump, records: list[Record], fault: str
) -> None:
    with pytest.raises(LookupError, match=fault):
        await import_(records)
    assert await dump() == {table: [] for table in metadata.tables}


async def test_a_stream_begins_with_its_publication(import_: Import) -> None:
    with pytest.raises(ValueError, match="begins with its publication"):
        await import_([streams.ADA, SITE])
