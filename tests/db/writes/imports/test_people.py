"""Who a record's user is."""

from db.database import Database
from db.writes.imports import Count
from db.writes.records import Note, Place, UserRecord
from tests.db.writes.imports.conftest import Import, Query
from tests.db.writes.imports.streams import SITE, post, site

USERS = "select username, name, email from users order by username"


async def test_a_name_alone_is_no_identity(import_: Import, query: Query) -> None:
    same = [SITE, UserRecord("kim", "Kim")]
    await import_(same, "a.test")
    await import_(same, "b.test")
    assert await query(USERS) == [("kim", "Kim", None), ("kim-2", "Kim", None)]


async def test_an_address_is_an_identity(import_: Import, query: Query) -> None:
    await import_([SITE, UserRecord("1", "Kim", email="kim@a.test", role="OWNER")], "a.test")
    other = UserRecord("x", "Kim Smith", email=" KIM@A.test ", role="EDITOR", bio_markdown="New")
    report = await import_([SITE, other], "b.test", "ghost")
    assert report.counts["user"] == Count(unchanged=1)
    assert await query(USERS) == [("kim", "Kim", "kim@a.test")]
    assert await query(
        "select host, role from memberships m join publications p on p.id = publication_id order by 1"
    ) == [("a.test", "OWNER"), ("b.test", "OWNER")]


async def test_two_records_of_one_address_are_one_user(import_: Import, query: Query) -> None:
    records = [UserRecord(key, f"Kim {key}", email="kim@a.test") for key in "12"]
    await import_([SITE, *records, post(author_keys=("1", "2"))])
    assert await query(USERS) == [("kim-1", "Kim 1", "kim@a.test")]
    assert await query("select * from post_co_authors") == []


async def test_an_address_that_another_has_is_left_out(import_: Import, query: Query) -> None:
    one, two = UserRecord("1", "One", email="one@a.test"), UserRecord("2", "Two")
    await import_([SITE, one, two])
    report = await import_([SITE, one, UserRecord("2", "Second", email="ONE@a.test")])
    assert report.notes == [Note(Place("2"), "e-mail of Second", "another user has it")]
    assert await query(USERS) == [("one", "One", "one@a.test"), ("two", "Second", None)]


async def test_usernames_are_unique_without_case_and_stay(import_: Import, query: Query) -> None:
    users = [UserRecord(key, "Kim", username=name) for key, name in (("1", "Kim"), ("2", "KIM-2"))]
    await import_([SITE, *users, UserRecord("3", "Kim"), UserRecord("4", "")])
    await import_([SITE, *users, UserRecord("3", "Kim Renamed"), UserRecord("4", "")])
    assert await query("select username, name from users order by username") == [
        ("kim", "Kim"),
        ("kim-2", "Kim"),
        ("kim-3", "Kim Renamed"),
        ("untitled", "untitled"),
    ]


async def test_roles_given_here_stay_until_the_record_changes(
    import_: Import, query: Query, database: Database
) -> None:
    roles = "select u.name, m.role from memberships m join users u on u.id = user_id order by 1"
    await import_(site())
    async with database.write() as tx:
        await tx.exec_driver_sql("update memberships set role = 'EDITOR' where role <> 'OWNER'")
    await import_(site())
    assert await query(roles) == [("Ada Lovelace", "OWNER"), ("Bob", "EDITOR")]
    await import_([SITE, UserRecord("ada", "Ada", role="CONTRIBUTOR"), UserRecord("bob", "Bobby")])
    assert await query(roles) == [("Ada", "OWNER"), ("Bobby", "CONTRIBUTOR")]


async def test_users_may_come_late(import_: Import, query: Query) -> None:
    await import_([*site(post()), UserRecord("late", "Late"), post("two", author_keys=("late",))])
    assert await query(
        "select slug, u.name, m.role from posts join users u on u.id = author_id"
        " join memberships m on m.user_id = u.id order by slug"
    ) == [("one", "Ada Lovelace", "OWNER"), ("two", "Late", "CONTRIBUTOR")]
