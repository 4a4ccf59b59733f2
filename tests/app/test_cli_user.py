"""`masthead user`, against a real database."""

import asyncio
import io
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.cli import main
from db.database import Database
from db.models.account import Account
from db.models.audit import AuditEvent
from db.models.user import User
from tests.loaders import rows
from tests.postgres import Clone
from tests.signing import SIGN_IN, client_of, credentials

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def deployment(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", clone.url)
    monkeypatch.setenv("MIGRATION_DATABASE_URL", clone.owner_url)
    monkeypatch.setenv("MASTHEAD_SECRET_KEYS", "a secret of thirty-two characters")


def masthead(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["user", *arguments])
    return int(ended.value.code or 0)


def found(clone: Clone, *columns: Any) -> Sequence[tuple[Any, ...]]:
    async def run() -> Sequence[tuple[Any, ...]]:
        database = Database(clone.url)
        async with database.read() as connection:
            result = (await connection.execute(select(*columns))).all()
        await database.dispose()
        return [tuple(row) for row in result]

    return asyncio.run(run())


def signs_in(clone: Clone, password: str) -> bool:
    async def run() -> bool:
        database = Database(clone.url)
        async with client_of(database) as client:
            body = await client.graphql(SIGN_IN, {"input": credentials("ann", password)})
        await database.dispose()
        return body["data"] is not None

    return asyncio.run(run())


def create(*more: str) -> int:
    return masthead("create", "ann@masthead.test", "--username", "ann", *more)


def test_a_person_is_made_with_a_password_that_is_shown_once(
    clone: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    assert create("--name", "Ann A.", "--admin") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "ann can sign in with ann@masthead.test"
    assert second.startswith("Password: ")
    assert found(clone, User.username, User.name, User.role) == [("ann", "Ann A.", "SUPERUSER")]
    assert signs_in(clone, second.removeprefix("Password: "))
    actions = {action for (action,) in found(clone, AuditEvent.action)}
    assert actions == {"account.create", "account.role_change", "session.start"}


def test_a_password_may_come_from_standard_input(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert create("--password-stdin") == 0
    assert capsys.readouterr().out == "ann can sign in with ann@masthead.test\n"
    assert found(clone, User.name, User.role) == [("ann", "USER")]
    assert signs_in(clone, PASSWORD)


def test_an_imported_person_gets_the_account(clone: Clone) -> None:
    person = rows.user("author", email="Ann@masthead.test")

    async def fill() -> None:
        database = Database(clone.url)
        async with database.write() as tx:
            await tx.execute(insert(User).values(person))
        await database.dispose()

    asyncio.run(fill())
    assert create() == 0
    assert found(clone, User.username) == [("author",)]
    assert found(clone, Account.user_id) == [(person["id"],)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["create", "ann", "--username", "ann"], "masthead: This is not an e-mail address.\n"),
        (
            ["create", "b@masthead.test", "--username", "a b"],
            "masthead: A username has 1 to 40 letters a to z, digits, and between them dots, hyphens"
            " and underscores.\n",
        ),
        (
            ["create", "b@masthead.test", "--username", "ANN"],
            "masthead: This username is taken: choose another one.\n",
        ),
        (
            ["create", "ANN@masthead.test", "--username", "bob"],
            "masthead: There is an account with this address already: sign in.\n",
        ),
        (["promote", "bob"], "masthead: Nobody who can sign in has the username bob.\n"),
        (["disable", "bob"], "masthead: Nobody who can sign in has the username bob.\n"),
        (["reset-password", "bob"], "masthead: Nobody who can sign in has the username bob.\n"),
    ],
)
def test_what_cannot_be_is_one_line_and_changes_nothing(
    arguments: list[str], message: str, clone: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    create()
    before = found(clone, User.username, User.role), found(clone, AuditEvent.id)
    capsys.readouterr()
    assert masthead(*arguments) == 1
    assert capsys.readouterr().err == message
    assert (found(clone, User.username, User.role), found(clone, AuditEvent.id)) == before


def test_a_weak_password_is_refused(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert create("--password-stdin") == 1
    assert capsys.readouterr().err == "masthead: A password has at least 10 characters.\n"
    assert found(clone, User.id) == []


def test_people_are_promoted_and_demoted(clone: Clone) -> None:
    create()
    assert masthead("promote", "Ann") == 0
    assert found(clone, User.role) == [("SUPERUSER",)]
    assert masthead("promote", "ann", "--demote") == 0
    assert found(clone, User.role) == [("USER",)]


def test_who_is_disabled_cannot_sign_in_until_enabled(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    create("--password-stdin")
    assert masthead("disable", "ann") == 0
    assert not signs_in(clone, PASSWORD)
    assert masthead("disable", "ann", "--enable") == 0
    assert signs_in(clone, PASSWORD)


def test_a_password_is_reset(clone: Clone, capsys: pytest.CaptureFixture[str]) -> None:
    create()
    old = capsys.readouterr().out.splitlines()[1].removeprefix("Password: ")
    assert masthead("reset-password", "ann") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "ann has another password, and is signed out everywhere"
    assert not signs_in(clone, old)
    assert signs_in(clone, second.removeprefix("Password: "))
