"""Deleting an account: closed at once, back by signing in, gone in the end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from db.database import Database
from db.ids import new_id
from db.models import metadata
from db.models.account import Account, Identity
from db.models.comment import Comment
from db.models.draft import Draft
from db.models.key import ApiKey
from db.models.post import Post, PostCoAuthor
from db.models.publication import Membership, Publication
from db.models.session import Session
from db.models.user import User
from db.writes.accounts.deletion import GRACE, OWN, delete_due_accounts
from tests.accounts.proving import (
    TOKENS,
    attempt,
    demanded,
    do,
    enable_totp,
    register,
    rewind,
    take_on,
)
from tests.authenticators import SoftPasskey, code_at
from tests.loaders import rows
from tests.signing import PASSWORD, SIGN_IN, Client, code_of, credentials, person

DELETE = """mutation($input: DeleteAccountInput!) { deleteAccount(input: $input) { dueAt } }"""
ME = "{ me { username } }"


class Ann:
    """A person with something of everything, in a publication of bob's and in one of her own."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def fill(self) -> None:
        self.id = await person(
            self.database, "ann", tagline="Hi", location="Bern", social_links={"github": "x"},
            profile_picture="https://img.test/a.png", available_for="Talks", role="MODERATOR",
            **rows.text("bio", "About me"),
        )  # fmt: skip
        self.bob = await person(self.database, "bob")
        me, bob = {"id": self.id}, {"id": self.bob}
        own, blog = rows.publication(me, "own.test"), rows.publication(bob, "blog.test")
        self.own, self.blog = own["id"], blog["id"]
        posts = [rows.post(blog, me, "mine"), rows.post(blog, bob, "his")]
        key = {
            "id": new_id("key"), "user_id": self.id, "name": "k", "public": "p", "digest": "d",
            "scopes": [],
        }  # fmt: skip
        identity = {
            "id": new_id("identity"), "user_id": self.id, "provider": "google", "issuer": "i",
            "subject": "s",
        }  # fmt: skip
        await rows.add(
            self.database,
            (Publication, [own, blog]),
            (
                Membership,
                [
                    rows.membership(own, me, "OWNER"),
                    rows.membership(blog, bob, "OWNER"),
                    rows.membership(blog, me, "EDITOR"),
                ],
            ),
            (Post, posts),
            (PostCoAuthor, [{"post_id": posts[1]["id"], "user_id": self.id}]),
            (Draft, [rows.draft(blog, me)]),
            (Comment, [rows.comment(posts[1], me)]),
            (ApiKey, [key]),
            (Identity, [identity]),
        )

    async def value(self, query: str) -> Any:
        async with self.database.read() as connection:
            return await connection.scalar(text(query), {"id": self.id})

    async def state(self) -> Any:
        async with self.database.read() as connection:
            return [
                sorted(map(repr, await connection.execute(select(*table.__table__.c))))
                for table in (User, Account, Session, ApiKey, Post, Draft, Membership)
            ]

    async def delete_due(self, days: float = 14.01) -> list[str]:
        async with self.database.write() as tx:
            now = datetime.now(UTC) + timedelta(days=days)
            return list(await delete_due_accounts(tx, now))


@pytest.fixture
async def ann(database: Database) -> Ann:
    ann = Ann(database)
    await ann.fill()
    return ann


async def close(client: Client, posts: str = "KEEP") -> datetime:
    given = {"password": PASSWORD, "whatHappensToPosts": posts}
    body = await client.graphql(DELETE, {"input": given})
    assert "errors" not in body, body
    return datetime.fromisoformat(body["data"]["deleteAccount"]["dueAt"])


async def actions(database: Database) -> list[str]:
    async with database.read() as connection:
        found = await connection.execute(text("select action from audit_events order by at, id"))
        return list(found.scalars())


async def test_it_is_closed_at_once(ann: Ann, client: Client, database: Database) -> None:
    tokens = await client.sign_in("ann")
    due_at = await close(client)
    assert timedelta(0) <= datetime.now(UTC) + GRACE - due_at < timedelta(minutes=1)
    assert code_of(await client.graphql(ME)) == "UNAUTHENTICATED"
    refresh = """mutation($t: String!) {
        refreshSession(input: { refreshToken: $t }) { tokens { accessToken } } }"""
    body = await client.graphql(refresh, {"t": tokens["refreshToken"]}, Authorization="")
    assert code_of(body) == "UNAUTHENTICATED"
    assert await ann.value("select revoked_at is not null from api_keys") is True
    body = await client.graphql('{ user(username: "ann") { deactivated } }', Authorization="")
    assert body == {"data": {"user": {"deactivated": True}}}
    assert await actions(database) == ["session.start", "account.close", "session.end_all"]


async def test_signing_in_brings_it_back_whole(
    ann: Ann, client: Client, database: Database
) -> None:
    await client.sign_in("ann")
    await close(client, "REMOVE")
    wrong = {"input": credentials("ann", "wrong password")}
    assert code_of(await client.graphql(SIGN_IN, wrong, Authorization="")) == "UNAUTHENTICATED"
    assert await ann.value("select deactivated from users where id = :id") is True
    client.headers.pop("Authorization")
    await client.sign_in("ann")
    assert await client.graphql(ME) == {"data": {"me": {"username": "ann"}}}
    assert await ann.delete_due() == []
    stored = (
        "select deletion_due_at is null and not deletion_removes_posts from accounts"
        " where user_id = :id"
    )
    assert await ann.value(stored) is True
    assert "account.restore" in await actions(database)
    assert await ann.value("select status from posts where slug = 'mine'") == "PUBLISHED"
    # Keys stay revoked: whoever had one has it still.
    assert await ann.value("select revoked_at is not null from api_keys") is True


@pytest.mark.parametrize("due", [True, False])
@pytest.mark.parametrize("way", ["app", "recovery code", "passkey", "passkey alone"])
async def test_a_second_factor_is_no_hindrance(
    way: str, due: bool, ann: Ann, client: Client, database: Database
) -> None:
    key = SoftPasskey()
    await client.sign_in("ann")
    seed, codes = await enable_totp(client)
    await register(client, key)
    await rewind(database)
    await close(client)
    del client.headers["Authorization"]
    if way == "passkey alone":
        asked = await do(client, "startPasskeySignIn", "token options")
        given = {"token": asked["token"], "credential": key.get(asked["options"])}
        mutation = "finishPasskeySignIn"
    else:
        asked = await demanded(client, "ann")
        answers: dict[str, dict[str, Any]] = {
            "app": {"totpCode": code_at(seed)},
            "recovery code": {"recoveryCode": codes[0]},
            "passkey": {"passkey": key.get(asked["passkeyOptions"])},
        }
        given = {"token": asked["token"], **answers[way]}
        mutation = "completeSignIn"
    if due:
        async with database.write() as tx:
            over = update(Account).where(Account.user_id == ann.id)
            await tx.execute(over.values(deletion_due_at=datetime.now(UTC)))
        body = await attempt(client, mutation, TOKENS, **given)
        assert code_of(body) == "UNAUTHENTICATED"
        assert await ann.value("select deactivated from users where id = :id") is True
    else:
        take_on(client, await do(client, mutation, TOKENS, **given))
        assert await client.graphql(ME) == {"data": {"me": {"username": "ann"}}}
        assert await ann.delete_due() == []


async def test_nothing_brings_it_back_after_its_time(ann: Ann, client: Client) -> None:
    await client.sign_in("ann")
    await close(client)
    async with ann.database.write() as tx:
        over = update(Account).where(Account.user_id == ann.id)
        await tx.execute(over.values(deletion_due_at=datetime.now(UTC)))
    body = await client.graphql(SIGN_IN, {"input": credentials("ann")}, Authorization="")
    assert code_of(body) == "UNAUTHENTICATED"
    assert await ann.delete_due(0) == [ann.id]
    body = await client.graphql(SIGN_IN, {"input": credentials("ann")}, Authorization="")
    assert code_of(body) == "UNAUTHENTICATED"


@pytest.mark.parametrize("posts", ["KEEP", "REMOVE"])
async def test_all_of_it_is_gone_in_the_end(
    ann: Ann, client: Client, database: Database, posts: str
) -> None:
    await client.sign_in("ann")
    await close(client, posts)
    assert await ann.delete_due(13.9) == []
    assert await ann.delete_due() == [ann.id]
    assert await ann.delete_due() == []
    async with database.read() as connection:
        user = (
            (await connection.execute(select(*User.__table__.c).where(User.id == ann.id)))
            .mappings()
            .one()
        )
        for table in OWN:
            assert (
                await connection.execute(select(table.user_id).where(table.user_id == ann.id))
            ).all() == []
    left = {name: value for name, value in user.items() if value not in (None, 0, {})}
    assert left == {
        "id": ann.id,
        "username": left["username"],
        "name": "Deleted user",
        "role": "USER",
        "deactivated": True,
        "created_at": user["created_at"],
        "updated_at": user["updated_at"],
    }
    assert left["username"].startswith("deleted-")
    is_kept = posts == "KEEP"
    assert await ann.value("select status from posts where slug = 'mine'") == (
        "PUBLISHED" if is_kept else "REMOVED"
    )
    assert await ann.value("select status from posts where slug = 'his'") == "PUBLISHED"
    assert await ann.value("select count(*) from drafts") == int(is_kept)
    assert await ann.value("select count(*) from post_co_authors") == int(is_kept)
    assert await ann.value("select count(*) from comments where author_id = :id") == 1
    held = "select string_agg(role || privacy, ',') from memberships where user_id = :id"
    assert await ann.value(held) == "OWNERPRIVATE"
    assert (await actions(database))[-1] == "account.delete"
    # Her address and her name are free again.
    assert await person(database, "ann") != ann.id


def test_every_table_that_knows_people_is_thought_of() -> None:
    """A new table's rows are deleted with the account, or stand here with the reason why not."""
    kept = {
        "memberships": "left by `_leave`",
        "post_co_authors": "go with the posts",
        "draft_co_authors": "go with the posts",
    }
    known = {each.__tablename__ for each in OWN} | kept.keys()
    tables = {
        name for name, table in metadata.tables.items()
        if "user_id" in table.c and not name.startswith("procrastinate_")
    }  # fmt: skip
    assert tables == known


@pytest.mark.parametrize("given", [{}, {"password": None}, {"password": "wrong password"}])
async def test_it_needs_the_password(ann: Ann, client: Client, given: dict[str, Any]) -> None:
    await client.sign_in("ann")
    before = await ann.state()
    body = await client.graphql(DELETE, {"input": given})
    assert code_of(body) == "BAD_USER_INPUT"
    [fault] = body["errors"][0]["extensions"]["fields"]
    assert fault["path"] == ["input", "password"]
    assert await ann.state() == before
    assert await client.graphql(ME) == {"data": {"me": {"username": "ann"}}}


@pytest.mark.parametrize("minutes", [9, 11])
async def test_without_a_password_it_needs_a_fresh_session(
    ann: Ann, client: Client, minutes: int
) -> None:
    await client.sign_in("ann")
    async with ann.database.write() as tx:
        proven_at = datetime.now(UTC) - timedelta(minutes=minutes)
        await tx.execute(update(Account).values(password_hash=None))
        await tx.execute(update(Session).values(proven_at=proven_at))
    before = await ann.state()
    body = await client.graphql(DELETE, {"input": {}})
    if minutes > 10:
        assert code_of(body) == "FORBIDDEN"
        assert await ann.state() == before
    else:
        assert "errors" not in body


async def test_the_owner_of_a_team_hands_over_first(ann: Ann, client: Client) -> None:
    await client.sign_in("bob")
    before = await ann.state()
    body = await client.graphql(DELETE, {"input": {"password": PASSWORD}})
    assert code_of(body) == "CONFLICT"
    assert "blog.test" in body["errors"][0]["message"]
    assert await ann.state() == before


async def test_the_public_deletes_nothing(ann: Ann, client: Client) -> None:
    before = await ann.state()
    body = await client.graphql(DELETE, {"input": {"password": PASSWORD}})
    assert code_of(body) == "UNAUTHENTICATED"
    assert await ann.state() == before


async def test_many_are_deleted_some_at_a_time(ann: Ann) -> None:
    for n in range(25):
        await person(ann.database, f"guest{n}", password=None)
    async with ann.database.write() as tx:
        await tx.execute(update(Account).values(deletion_due_at=datetime.now(UTC)))
    # What one worker has, no other takes or waits for.
    async with ann.database.write() as one, ann.database.write() as two:
        now = datetime.now(UTC) + timedelta(seconds=1)
        first = await delete_due_accounts(one, now)
        second = await delete_due_accounts(two, now)
    assert (len(first), len(second)) == (20, 7)
    assert set(first).isdisjoint(second)
    assert await ann.delete_due() == []
