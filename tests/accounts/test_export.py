"""Everything that is kept of a person, for themselves."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from db.database import Database
from db.ids import new_id
from db.models.account import Identity
from db.models.comment import Comment
from db.models.draft import Draft
from db.models.factor import Passkey, Totp
from db.models.invitation import Invitation
from db.models.key import ApiKey
from db.models.post import Post
from db.models.publication import Membership, NewsletterSubscriber, Publication
from db.viewer import Client as Sender
from db.viewer import Viewer
from db.writes import audit
from db.writes.accounts.export import SECTIONS
from tests.loaders import rows
from tests.loaders.rows import day
from tests.signing import Client, client_of, code_of, person

EXPORT = (
    """mutation($after: String) { exportMyData(input: { after: $after }) { data endCursor } }"""
)
SECRET = "never-to-be-shown"


async def export(client: Client, after: str | None = None) -> dict[str, Any]:
    body = await client.graphql(EXPORT, {"after": after})
    assert "errors" not in body, body
    payload: dict[str, Any] = body["data"]["exportMyData"]
    return payload


def records(data: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


async def fill(database: Database, username: str) -> str:
    """Something of everything, of a person; the titles have their name."""
    user_id = await person(database, username)
    me = {"id": user_id}
    blog = rows.publication(me, f"{username}.test")
    post = rows.post(blog, me, f"post-{username}")
    comment = rows.comment(post, me, f"comment-{username}")
    reply = rows.reply(comment, me, f"reply-{username}")
    key = {
        "id": new_id("key"), "user_id": user_id, "name": f"key-{username}",
        "public": username, "digest": SECRET, "scopes": ["posts:read"],
    }  # fmt: skip
    identity = {
        "id": new_id("identity"), "user_id": user_id, "provider": "google", "issuer": "i",
        "subject": username, "tokens": SECRET,
    }  # fmt: skip
    passkey = {
        "id": new_id("passkey"), "user_id": user_id, "name": f"passkey-{username}",
        "credential_id": username, "public_key": SECRET,
    }  # fmt: skip
    invitation = {
        "id": new_id("invite"), "publication_id": blog["id"], "role": "EDITOR",
        "email": f"{username}@masthead.test", "digest": f"{SECRET}-{username}",
        "expires_at": day(1),
    }  # fmt: skip
    subscriber = {
        "id": new_id("subscriber"), "publication_id": blog["id"],
        "email": f"{username}@Masthead.test",
    }  # fmt: skip
    await rows.add(
        database,
        (Publication, [blog]),
        (Membership, [rows.membership(blog, me, "OWNER")]),
        (Post, [post]),
        (Draft, [rows.draft(blog, me, title=f"draft-{username}")]),
        (Comment, [comment]),
        (Comment, [reply]),
        (ApiKey, [key]),
        (Identity, [identity]),
        (Passkey, [passkey]),
        (Totp, [{"user_id": user_id, "seed": SECRET}]),
        (Invitation, [invitation]),
        (NewsletterSubscriber, [subscriber]),
    )
    return user_id


async def test_it_has_everything_of_the_viewer_and_nothing_of_others(
    database: Database, client: Client
) -> None:
    ann, bob = await fill(database, "ann"), await fill(database, "bob")
    async with database.write() as tx:
        sender = Sender("r", "203.0.113.9", "Browser of Bob")
        await audit.record(tx, sender, Viewer(bob), "account.disable", ann)
        await audit.record(tx, sender, None, "password.verify", ann, "FAILURE")
        await audit.record(tx, sender, Viewer(bob), "key.create", bob)
    await client.enter(database, ann)
    part = await export(client)
    assert part["endCursor"] is None
    found = records(part["data"])
    assert [each["kind"] for each in found] == [
        "profile", "account", "identity", "authenticator", "passkey", "api_key", "session",
        "membership", "invitation", "subscription", "post", "draft", "comment", "comment",
        "audit_event", "audit_event", "audit_event", "audit_event_of_others",
    ]  # fmt: skip
    by_kind = {each["kind"]: each for each in found}
    assert set(by_kind) == set(SECTIONS)
    assert by_kind["profile"]["email"] == "ann@masthead.test"
    assert by_kind["post"]["content_markdown"] == "All about post-ann"
    assert by_kind["post"]["published_at"] == "2026-01-01T12:00:00Z"
    assert by_kind["api_key"]["scopes"] == ["posts:read"]
    assert by_kind["session"]["address"] == "192.0.2.1"
    assert by_kind["audit_event_of_others"]["action"] == "account.disable"
    actions = {each["action"] for each in found if each["kind"] == "audit_event"}
    assert actions == {"session.start", "data.export", "password.verify"}
    # The seed, digests and tokens; and where an administrator was.
    assert SECRET not in part["data"]
    assert "argon2" not in part["data"]
    assert "bob" not in part["data"].lower().replace("browser of bob", "")
    assert "address" not in by_kind["audit_event_of_others"]


async def test_a_large_one_comes_in_parts_and_whole(database: Database, client: Client) -> None:
    user_id = await person(database, "ann")
    blog = rows.publication({"id": user_id}, "ann.test")
    size = 40_000
    posts = [
        rows.post(blog, {"id": user_id}, f"post-{n}", content_markdown="x" * size)
        for n in range(60)
    ]
    await rows.add(database, (Publication, [blog]), (Post, posts))
    await client.sign_in("ann")
    parts = [await export(client)]
    while parts[-1]["endCursor"] is not None:
        parts.append(await export(client, parts[-1]["endCursor"]))
    assert len(parts) == 3
    assert all(len(part["data"]) <= 1_000_000 + 2 * size for part in parts)
    found = records("".join(part["data"] for part in parts))
    slugs = [each["slug"] for each in found if each["kind"] == "post"]
    assert sorted(slugs) == sorted(post["slug"] for post in posts)
    async with database.read() as connection:
        logged = "select count(*) from audit_events where action = 'data.export'"
        assert await connection.scalar(text(logged)) == 1


@pytest.mark.parametrize("after", ["", "nonsense", "nonsense:1", "user:1"])
async def test_a_made_up_place_is_refused(database: Database, client: Client, after: str) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    body = await client.graphql(EXPORT, {"after": after})
    assert code_of(body) == "BAD_USER_INPUT"


async def test_another_persons_place_gives_nothing_of_theirs(
    database: Database, client: Client
) -> None:
    await fill(database, "bob")
    await person(database, "ann")
    await client.sign_in("ann")
    part = await export(client, "post:post_00000000-0000-0000-0000-000000000000")
    assert {each["kind"] for each in records(part["data"])} == {"audit_event"}


async def test_the_public_has_no_data(database: Database) -> None:
    async with client_of(database) as client:
        assert code_of(await client.graphql(EXPORT)) == "UNAUTHENTICATED"
