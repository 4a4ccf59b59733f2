"""`masthead keys rotate`, against a real database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, insert, select

from app.cli import main
from db.database import Database
from db.models.account import Identity
from db.models.audit import AuditEvent
from db.models.factor import Totp
from db.models.invitation import RoleInvitation
from db.models.key import SigningKey
from db.models.publication import Publication
from db.models.user import User
from db.signing_keys import NOTICE, make_signing_key
from identity.secrets import Keyring, Unreadable
from tests.loaders import rows
from tests.postgres import Clone

OLD, NEW = "an old secret of thirty-two letters", "a new secret of thirty-two letters"
T = TypeVar("T")


@pytest.fixture(autouse=True)
def deployment(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", clone.url)
    monkeypatch.setenv("MIGRATION_DATABASE_URL", clone.owner_url)
    monkeypatch.setenv("MASTHEAD_SECRET_KEYS", f"{NEW}, {OLD}")


def on_database(clone: Clone, work: Callable[[Any], Awaitable[T]]) -> T:
    """What the work finds or does in a transaction."""

    async def run() -> T:
        database = Database(clone.url)
        try:
            async with database.write() as tx:
                return await work(tx)
        finally:
            await database.dispose()

    return asyncio.run(run())


def rotate(*options: str) -> int | str | None:
    """The exit status."""
    with pytest.raises(SystemExit) as ended:
        main(["keys", "rotate", *options])
    return ended.value.code


async def fill(tx: Any) -> str:
    """One of everything that is sealed, with the old secret; the id of the signing key."""
    keyring = Keyring([OLD])
    user = rows.user("ann")
    publication = rows.publication(user)
    await tx.execute(insert(User).values(user))
    await tx.execute(insert(Publication).values(publication))
    await tx.execute(insert(Totp).values(user_id=user["id"], seed=keyring.seal("seed")))
    for number, tokens in ((1, keyring.seal("tokens")), (2, None)):
        await tx.execute(
            insert(Identity).values(
                id=rows.numbered("identity", number),
                user_id=user["id"],
                provider="test",
                issuer="https://id.test",
                subject=str(number),
                tokens=tokens,
            )
        )
    await tx.execute(
        insert(RoleInvitation).values(
            id=rows.numbered("invitelink", 1),
            publication_id=publication["id"],
            role="EDITOR",
            token=keyring.seal("token"),
            digest="any",
        )
    )
    return await make_signing_key(tx, keyring, "EdDSA")


async def sealed(tx: Any) -> dict[str, list[str]]:
    columns = {
        "seed": Totp.seed,
        "tokens": Identity.tokens,
        "token": RoleInvitation.token,
        "private": SigningKey.private,
    }
    return {
        name: [text for text in await tx.scalars(select(column)) if text is not None]
        for name, column in columns.items()
    }


async def signing_keys(tx: Any) -> dict[str, tuple[datetime, datetime | None]]:
    found = await tx.execute(select(SigningKey.id, SigningKey.active_from, SigningKey.retired_at))
    return {row.id: (row.active_from, row.retired_at) for row in found}


def test_everything_is_sealed_with_the_newest_secret(
    clone: Clone, capsys: pytest.CaptureFixture[str]
) -> None:
    former = on_database(clone, fill)
    assert rotate() in (None, 0)
    after, keyring = on_database(clone, sealed), Keyring([NEW])
    opened = {name: [keyring.open(text) for text in texts] for name, texts in after.items()}
    assert [opened[name] for name in ("seed", "tokens", "token")] == [
        ["seed"],
        ["tokens"],
        ["token"],
    ]
    assert [text.startswith("-----BEGIN PRIVATE KEY") for text in opened["private"]] == [True, True]
    keys = on_database(clone, signing_keys)
    [new] = keys.keys() - {former}
    soon = datetime.now(UTC) + NOTICE
    assert keys[former][1] == keys[new][0]
    assert timedelta(0) <= soon - keys[new][0] < timedelta(minutes=1)
    assert keys[new][1] is None
    assert capsys.readouterr().out.splitlines() == [
        "Sealed anew: 1 signing keys",
        "Sealed anew: 1 authenticator seeds",
        "Sealed anew: 1 tokens of identity providers",
        "Sealed anew: 1 invitation links",
        f"Signing key {new} replaces the others in 10 minutes",
    ]


def test_a_stolen_key_is_replaced_at_once(clone: Clone, capsys: pytest.CaptureFixture[str]) -> None:
    former = on_database(clone, fill)
    assert rotate("--now") in (None, 0)
    keys = on_database(clone, signing_keys)
    [(new, (active_from, retired_at))] = keys.items()
    assert new != former
    assert (active_from <= datetime.now(UTC), retired_at) == (True, None)
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"Signing key {new} has replaced all others",
        "Running servers refuse what those have signed within 60 seconds",
    ]


def test_it_stands_in_the_audit_log(clone: Clone) -> None:
    assert rotate() in (None, 0)
    [key_id] = on_database(clone, signing_keys)

    async def logged(tx: Any) -> Any:
        columns = (AuditEvent.action, AuditEvent.target_id, AuditEvent.details)
        return (await tx.execute(select(*columns))).all()

    assert on_database(clone, logged) == [("signing_key.rotate", key_id, {"at_once": False})]


def test_without_the_secret_that_sealed_it_nothing_is_changed(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_database(clone, fill)
    before = on_database(clone, sealed)
    monkeypatch.setenv("MASTHEAD_SECRET_KEYS", NEW)
    assert rotate("--now") == 1
    assert capsys.readouterr().err == (
        "masthead: nothing was changed: MASTHEAD_SECRET_KEYS lacks a secret that something is"
        " sealed with\n"
    )
    assert on_database(clone, sealed) == before

    async def logged(tx: Any) -> Any:
        return await tx.scalar(select(func.count()).select_from(AuditEvent))

    assert on_database(clone, logged) == 0
    with pytest.raises(Unreadable):
        Keyring([NEW]).open(before["seed"][0])
