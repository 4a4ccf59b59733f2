"""Row-level security: PostgreSQL shows and changes what db.visibility allows, whatever is asked."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, inspect, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.database import Database
from db.ids import new_id
from db.models import (
    account,
    audit,
    comment,
    draft,
    factor,
    invitation,
    key,
    media,
    metadata,
    page,
    post,
    provenance,
    publication,
    series,
    session,
    tag,
    user,
)
from db.models.base import Base
from db.reading import Statement
from db.security import SYSTEM, Asker
from db.viewer import Viewer
from db.visibility import PREDICATES, row_is_visible
from tests.loaders import rows
from tests.loaders.rows import Row, day, numbered
from tests.postgres import Clone, Server

PEOPLE = ("owner", "editor", "contributor", "other", "stranger", "admin", "hidden")
USERS = {
    name: rows.user(name, id=numbered("user", n), role="SUPERUSER" if name == "admin" else "USER")
    for n, name in enumerate(PEOPLE)
}
OURS = rows.publication(USERS["owner"], "ours.test", id=numbered("pub", 0))
THEIRS = rows.publication(USERS["other"], "theirs.test", id=numbered("pub", 1))


def person(name: str, **more: Any) -> Viewer:
    return Viewer(USERS[name]["id"], **more)


VIEWERS: dict[str, Viewer | None] = {
    "public": None,
    "stranger": person("stranger"),
    "contributor": person("contributor"),
    "editor": person("editor"),
    "owner": person("owner"),
    "other's owner": person("other"),
    "admin": person("admin", is_admin=True),
    "key for ours": person("owner", publication_id=OURS["id"]),
    "key for another": person("owner", publication_id=THEIRS["id"]),
    "key for no content": person("owner", is_outsider=True),
    "admin's key for no content": person("admin", is_admin=True, is_outsider=True),
    "nobody": Viewer("user_of_no_row"),
    "empty": Viewer(""),
}

# Every row of these is everybody's. Posts' links hold ids and former addresses, and are found by way of
# a post that was seen; looking at the post for each of them again would cost the public.
EVERYBODYS = {
    "former_slugs",
    "navigation_items",
    "post_co_authors",
    "post_tags",
    "publications",
    "redirection_rules",
    "series",
    "tags",
    "users",
}

SOON = day(0) + timedelta(days=9000)


def content(blog: Row, owner: Row, n: int) -> list[tuple[type[Base], list[Row]]]:
    """All that a publication can have: what is seen has an even number, what is hidden an odd one."""
    seen = rows.post(blog, owner, "seen", id=numbered("post", 2 * n), status="PUBLISHED")
    removed = rows.post(blog, owner, "removed", id=numbered("post", 2 * n + 1), status="REMOVED")
    shared = rows.draft(blog, owner, id=numbered("draft", 2 * n), restricted=False)
    restricted = rows.draft(blog, owner, id=numbered("draft", 2 * n + 1), restricted=True)
    tagged = rows.tag(f"tag{n}", id=numbered("tag", n))
    pages = [
        rows.page(blog, "about", id=numbered("page", 2 * n), hidden=False),
        rows.page(blog, "secret", id=numbered("page", 2 * n + 1), hidden=True),
    ]
    posts, drafts, of = [seen, removed], [shared, restricted], {"publication_id": blog["id"]}
    comments = [
        rows.comment(each, USERS["stranger"], id=numbered("comment", 2 * n + k))
        for k, each in enumerate(posts)
    ]
    link = {"id": numbered("nav", n), "position": 0, "type": "link", "label": "x", "url": "/"}
    rule = {"id": numbered("redirect", n), "source": "/a", "destination": "/b"}
    reader = {"id": numbered("subscriber", n), "email": "reader@masthead.test"}
    reference = {"id": numbered("media", n), "post_id": seen["id"], "url": "/a.png"}
    source = {"source": "x", "kind": "post", "key": "1", "row_id": seen["id"], "digest": b"1" * 32}
    invite = {"email": "a@b.test", "role": "EDITOR", "digest": f"i{n}", "expires_at": SOON}
    by_link = {"role": "EDITOR", "token": "x", "digest": f"l{n}"}
    return [
        (post.Post, posts),
        (tag.Tag, [tagged]),
        (series.Series, [rows.series(blog, owner, "s", id=numbered("series", n))]),
        (page.StaticPage, pages),
        (draft.Draft, drafts),
        (comment.Comment, comments),
        (post.PostTag, [{"post_id": each["id"], "tag_id": tagged["id"]} for each in posts]),
        (post.PostCoAuthor, [{"post_id": p["id"], "user_id": owner["id"]} for p in posts]),
        (post.FormerSlug, [{"slug": p["slug"] + "-", "post_id": p["id"], **of} for p in posts]),
        (draft.DraftTag, [{"draft_id": d["id"], "slug": "t", "name": "T"} for d in drafts]),
        (draft.DraftCoAuthor, [{"draft_id": d["id"], "user_id": owner["id"]} for d in drafts]),
        (draft.Schedule, [rows.schedule(each) for each in drafts]),
        (publication.NavigationItem, [link | of]),
        (publication.RedirectionRule, [rule | of]),
        (publication.NewsletterSubscriber, [reader | of]),
        (media.MediaReference, [reference | of]),
        (provenance.Provenance, [source | of]),
        (invitation.Invitation, [{"id": new_id("invite"), **invite, **of}]),
        (invitation.RoleInvitation, [{"id": new_id("invitelink"), **by_link, **of}]),
    ]


def private(who: Row, n: int) -> list[tuple[type[Base], list[Row]]]:
    """Everything that a person can have."""
    of = {"user_id": who["id"]}
    signed_in = {"id": numbered("session", n), "method": "password", "expires_at": SOON}
    provider = {"id": numbered("identity", n), "provider": "x", "issuer": "x", "subject": str(n)}
    named = {"id": numbered("key", n), "name": "x", "public": f"p{n}", "digest": "x", "scopes": []}
    passkey = {
        "id": numbered("passkey", n),
        "credential_id": str(n),
        "public_key": "x",
        "name": "x",
    }
    token = {"purpose": "RESET_PASSWORD", "email": "x", "digest": f"e{n}", "expires_at": SOON}
    asked = {"purpose": "SECOND_FACTOR", "digest": f"c{n}", "expires_at": SOON}
    ours = {"publication_id": OURS["id"]}
    return [
        (account.Account, [of]),
        (account.EmailToken, [token | of]),
        (account.Identity, [provider | of]),
        (session.Session, [signed_in | of]),
        (session.RefreshToken, [{"digest": f"r{n}", "session_id": signed_in["id"], "salt": "x"}]),
        (key.ApiKey, [named | of | ours]),
        (factor.Totp, [{"seed": "x"} | of]),
        (factor.RecoveryCode, [{"digest": f"o{n}"} | of]),
        (factor.Passkey, [passkey | of]),
        (factor.Challenge, [asked | of]),
    ]


def members() -> list[Row]:
    roles = {"owner": "OWNER", "editor": "EDITOR", "contributor": "CONTRIBUTOR"}
    ours = [
        rows.membership(OURS, USERS[name], role, privacy="PUBLIC") for name, role in roles.items()
    ]
    hidden = rows.membership(OURS, USERS["hidden"], "CONTRIBUTOR", privacy="PRIVATE")
    return [*ours, hidden, rows.membership(THEIRS, USERS["other"], "OWNER", privacy="PRIVATE")]


SERVERS_OWN: list[tuple[type[Base], list[Row]]] = [
    (account.Lockout, [{"subject": "x", "failures": 1, "failed_at": SOON}]),
    (
        key.SigningKey,
        [{"id": "k", "algorithm": "EdDSA", "private": "x", "active_from": day(0)}],
    ),
    (audit.AuditEvent, [{"id": new_id("audit"), "action": "x", "result": "SUCCESS"}]),
]


async def store(url: str) -> None:
    database = Database(url)
    await rows.add(
        database,
        (user.User, list(USERS.values())),
        (publication.Publication, [OURS, THEIRS]),
        (publication.Membership, members()),
        *content(OURS, USERS["owner"], 0),
        *content(THEIRS, USERS["other"], 1),
        *[table for n, who in enumerate(USERS.values()) for table in private(who, n)],
        *SERVERS_OWN,
    )
    await database.dispose()


@pytest.fixture(scope="session")
def everything(postgres: Server) -> Clone:
    """A database with rows of every kind in every table, to be read only."""
    return postgres.filled("everything", lambda clone: asyncio.run(store(clone.url)))


@pytest.fixture
async def served(everything: Clone) -> AsyncIterator[Database]:
    database = Database(everything.url, pool_size=1, pool_timeout=30)
    yield database
    await database.dispose()


def keys_of(table: type[Base]) -> str:
    names = ", ".join(f"{column.name}::text" for column in inspect(table).primary_key)
    return f"select {names} from {table.__tablename__}"


async def found(database: Database, asker: Asker, sql: str) -> set[tuple[Any, ...]]:
    return set(await database.reads(asker=asker).fetch(Statement(sql), []))


async def ids(database: Database, viewer: str, table: str) -> set[str]:
    return {id for (id,) in await found(database, VIEWERS[viewer], f"select id from {table}")}


async def test_every_table_has_policies_and_a_predicate(owner: AsyncEngine) -> None:
    ours = {table.name for table in metadata.sorted_tables}
    assert {table.__tablename__ for table in PREDICATES} == ours
    async with owner.connect() as connection:
        secured = await connection.execute(
            text(
                "select distinct relname from pg_class join pg_policy on polrelid = pg_class.oid"
                " where relrowsecurity"
            )
        )
        assert set(secured.scalars()) == ours


async def test_the_data_has_rows_of_every_table(owner: AsyncEngine) -> None:
    async with owner.connect() as connection:
        for table in metadata.sorted_tables:
            assert await connection.scalar(select(func.count()).select_from(table)), table.name


@pytest.mark.parametrize("name", VIEWERS)
@pytest.mark.parametrize("table", PREDICATES, ids=lambda table: table.__tablename__)
async def test_raw_statements_find_what_the_predicate_allows(
    served: Database, owner: AsyncEngine, table: type[Base], name: str
) -> None:
    viewer = VIEWERS[name]
    assert await found(served, viewer, keys_of(table)) == await allowed(owner, table, viewer)


async def allowed(
    owner: AsyncEngine, table: type[Base], viewer: Viewer | None
) -> set[tuple[Any, ...]]:
    primary = [getattr(table, column.name) for column in inspect(table).primary_key]
    async with owner.connect() as connection:
        result = await connection.execute(select(*primary).where(row_is_visible(table, viewer)))
        return {tuple(row) for row in result}


@pytest.mark.parametrize("table", PREDICATES, ids=lambda table: table.__tablename__)
async def test_the_server_itself_finds_everything(
    served: Database, owner: AsyncEngine, table: type[Base]
) -> None:
    async with owner.connect() as connection:
        rows = await connection.execute(text(keys_of(table)))
        everything = {tuple(row) for row in rows}
    assert await found(served, SYSTEM, keys_of(table)) == everything
    async with served.read() as connection:
        assert {tuple(row) for row in await connection.execute(text(keys_of(table)))} == everything


async def test_what_is_everybodys_is_what_the_list_says(
    served: Database, owner: AsyncEngine
) -> None:
    open_tables = {
        table.__tablename__
        for table in PREDICATES
        if await found(served, None, keys_of(table)) == await found(served, SYSTEM, keys_of(table))
    }
    assert open_tables == EVERYBODYS


SEEN = {
    "posts": {"public": {0, 2}, "ours": {0, 1, 2}, "theirs": {0, 2, 3}},
    "drafts": {"public": {0, 2}, "ours": {0, 1, 2}, "theirs": {0, 2, 3}},
    "static_pages": {"public": {0, 2}, "ours": {0, 1, 2}, "theirs": {0, 2, 3}},
    "comments": {"public": {0, 2}, "ours": {0, 1, 2}, "theirs": {0, 2, 3}},
    "media_references": {"public": set[int](), "ours": {0}, "theirs": {1}},
}
PREFIX = {"posts": "post", "drafts": "draft", "static_pages": "page", "comments": "comment"}
GROUPS = {
    "public": ("public", "stranger", "key for another", "key for no content", "nobody", "empty"),
    "ours": ("contributor", "editor", "owner", "key for ours"),
    "theirs": ("other's owner",),
}


@pytest.mark.parametrize("table", SEEN)
@pytest.mark.parametrize(("group", "name"), [(g, n) for g, names in GROUPS.items() for n in names])
async def test_these_rows_are_seen(served: Database, table: str, group: str, name: str) -> None:
    prefix = PREFIX.get(table, "media")
    expected = {numbered(prefix, n) for n in SEEN[table][group]}
    assert await ids(served, name, table) == expected


async def test_an_admin_sees_what_members_see_and_nobodys_secrets(served: Database) -> None:
    assert await ids(served, "admin", "posts") == {numbered("post", n) for n in range(4)}
    assert len(await ids(served, "admin", "memberships")) == 5
    assert len(await ids(served, "admin", "audit_events")) == 1
    assert await ids(served, "admin", "sessions") == {numbered("session", 5)}
    assert await found(served, VIEWERS["admin"], "select digest from email_tokens") == set()


async def test_nobody_but_an_admin_reads_the_audit_log(served: Database) -> None:
    readers = {name for name in VIEWERS if await ids(served, name, "audit_events")}
    assert readers == {"admin", "admin's key for no content"}


# Nothing of one batch is left for the next on the same connection.

HIDDEN = "select count(*) from posts where status = 'REMOVED'"
SETTINGS = """select coalesce(string_agg(nullif(current_setting('masthead.' || name, true), ''), ','), '')
    from unnest('{viewer,admin,publication,readonly,system}'::text[]) name"""


async def is_public(database: Database) -> bool:
    return await found(database, None, SETTINGS) == {("",)} and await found(
        database, None, HIDDEN
    ) == {(0,)}


@pytest.mark.parametrize("asker", [SYSTEM, VIEWERS["owner"], VIEWERS["admin"]])
async def test_a_connection_forgets_who_asked(served: Database, asker: Asker) -> None:
    assert await found(served, asker, HIDDEN) != {(0,)}
    assert await is_public(served)


async def test_a_connection_forgets_who_asked_when_a_statement_fails(served: Database) -> None:
    reads = served.reads(asker=SYSTEM)
    broken = reads.fetch(Statement("select 1 / $1::int"), ["0"])
    after = reads.fetch(Statement(HIDDEN), [])
    results = await asyncio.gather(broken, after, return_exceptions=True)
    assert "division by zero" in str(results[0])
    # It was sent again, with the settings.
    assert results[1] == [(2,)]
    assert await is_public(served)


async def test_a_connection_forgets_who_asked_when_a_batch_is_cancelled(served: Database) -> None:
    assert await is_public(served)
    call = served.reads(asker=SYSTEM).fetch(Statement("select pg_sleep(60)"), [])
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    call.cancel()
    assert await is_public(served)


async def test_askers_at_the_same_time_see_their_own(served: Database) -> None:
    names = [*VIEWERS] * 5
    expected = {name: await ids(served, name, "posts") for name in VIEWERS}
    assert await asyncio.gather(*(ids(served, name, "posts") for name in names)) == [
        expected[name] for name in names
    ]


async def test_the_id_of_a_viewer_is_never_more_than_text(served: Database) -> None:
    sly = Viewer("', true), set_config('masthead.system', 'on")
    assert await found(served, sly, HIDDEN) == {(0,)}


# Writing.


async def writing(database: Database, asker: Asker, statement: Any) -> int:
    async with database.write(asker) as tx:
        return int((await tx.execute(statement)).rowcount)


@pytest.fixture
async def own_copy(database: Database, database_url: str) -> Database:
    """A database with everything, to be changed."""
    await store(database_url)
    return database


class Undone(Exception):
    """Ends a transaction whose changes are not to stay."""


async def deleted(database: Database, asker: Asker, table: type[Base]) -> set[tuple[Any, ...]]:
    """What the asker would delete of the table."""
    primary = [getattr(table, column.name) for column in inspect(table).primary_key]
    gone: set[tuple[Any, ...]] = set()
    try:
        async with database.write(asker) as tx:
            gone |= {tuple(row) for row in await tx.execute(delete(table).returning(*primary))}
            raise Undone
    except Undone:
        return gone


async def test_nobody_deletes_from_the_audit_log(own_copy: Database) -> None:
    for asker in (None, VIEWERS["admin"], SYSTEM):
        with pytest.raises(ProgrammingError, match="permission denied"):
            await deleted(own_copy, asker, audit.AuditEvent)


async def test_nobody_changes_other_people(own_copy: Database) -> None:
    rename = update(user.User).values(name="New")
    assert await writing(own_copy, None, rename) == 0
    assert await writing(own_copy, VIEWERS["admin"], rename) == 1
    assert await writing(own_copy, VIEWERS["stranger"], rename) == 1
    assert await writing(own_copy, SYSTEM, rename) == len(PEOPLE)


async def test_members_write_for_their_publication_only(own_copy: Database) -> None:
    editor, title = VIEWERS["editor"], update(post.Post).values(title="New")
    assert await writing(own_copy, editor, title) == 2
    async with own_copy.read() as connection:
        changed = await connection.scalars(select(post.Post.id).where(post.Post.title == "New"))
        assert set(changed) == {numbered("post", 0), numbered("post", 1)}
    with pytest.raises(ProgrammingError, match="row-level security"):
        new = insert(post.Post).values(rows.post(THEIRS, USERS["editor"], "intruder"))
        await writing(own_copy, editor, new)
    with pytest.raises(ProgrammingError, match="row-level security"):
        await writing(own_copy, editor, update(post.Post).values(publication_id=THEIRS["id"]))
    own = insert(post.Post).values(rows.post(OURS, USERS["editor"], "news"))
    await writing(own_copy, editor, own)
    assert len(await ids(own_copy, "editor", "posts")) == 4


async def test_the_public_adds_nothing(own_copy: Database) -> None:
    for table, values in (
        (user.User, rows.user("mallory")),
        (publication.Membership, rows.membership(OURS, USERS["stranger"], "EDITOR")),
        (audit.AuditEvent, {"id": new_id("audit"), "action": "x", "result": "SUCCESS"}),
        (comment.Comment, rows.comment({"id": numbered("post", 0)}, USERS["stranger"])),
    ):
        with pytest.raises(ProgrammingError, match="row-level security"):
            await writing(own_copy, None, insert(table).values(values))


async def test_nobody_writes_past_the_policies_by_the_view(own_copy: Database) -> None:
    for statement in ("delete from published_posts", "update published_posts set id = 'x'"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            await writing(own_copy, SYSTEM, text(statement))
    assert await found(own_copy, None, "select id from published_posts") == {
        (numbered("post", 0),),
        (numbered("post", 2),),
    }


async def test_a_transaction_forgets_who_wrote(own_copy: Database) -> None:
    async def removed(tx: AsyncConnection) -> int:
        return int((await tx.execute(text(HIDDEN))).scalar_one())

    async with own_copy.write(None) as tx:
        assert await removed(tx) == 0
    async with own_copy.write(VIEWERS["owner"]) as tx:
        assert await removed(tx) == 1
    async with own_copy.write() as tx:
        assert await removed(tx) == 2
