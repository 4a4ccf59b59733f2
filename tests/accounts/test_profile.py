"""The viewer's profile: what changes, what stays, what is refused."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from db.database import Database
from db.models.audit import AuditEvent
from db.models.user import User
from tests.signing import Client, client_of, code_of, person

UPDATE = """mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { user {
    name username tagline location availableFor profilePicture bio { markdown html text }
    socialMediaLinks { github website twitter } email } } }"""
EMPTY = {
    "name": "Ann",
    "username": "ann",
    "tagline": None,
    "location": None,
    "availableFor": None,
    "profilePicture": None,
    "bio": None,
    "socialMediaLinks": {"github": None, "website": None, "twitter": None},
    "email": "ann@masthead.test",
}
FULL = {
    "name": "Ann O'Nym",
    "username": "Ann.2",
    "tagline": "Writes",
    "location": "Bern",
    "availableFor": "Talks",
    "profilePicture": "https://img.test/a.png",
    "bio": "Hello *there*<script>alert(1)</script>",
    "socialMediaLinks": {"github": "https://github.com/ann", "website": "http://ann.test"},
}


@pytest.fixture
async def ann(database: Database, client: Client) -> Client:
    await person(database, "ann")
    await client.sign_in("ann")
    return client


async def update(client: Client, **changes: Any) -> dict[str, Any]:
    body = await client.graphql(UPDATE, {"input": changes})
    assert "errors" not in body, body
    user: dict[str, Any] = body["data"]["updateProfile"]["user"]
    return user


async def row(database: Database) -> dict[str, Any]:
    async with database.read() as connection:
        found = await connection.execute(select(*User.__table__.c).order_by(User.id))
        return dict(found.mappings().first() or {})


async def test_a_whole_profile(ann: Client, database: Database) -> None:
    user = await update(ann, **FULL)
    assert user == {
        **FULL,
        "bio": user["bio"],
        "socialMediaLinks": {**FULL["socialMediaLinks"], "twitter": None},  # type: ignore[dict-item]
        "email": "ann@masthead.test",
    }
    assert user["bio"]["markdown"] == FULL["bio"]
    assert user["bio"]["text"] == "Hello there"
    assert "<script" not in user["bio"]["html"]
    async with database.read() as connection:
        details: Any = await connection.scalar(
            select(AuditEvent.details).where(AuditEvent.action == "profile.update")
        )
    assert set(details["fields"]) == {
        "name", "username", "tagline", "location", "available_for", "profile_picture", "bio",
        "social_links",
    }  # fmt: skip


async def test_only_what_is_given_changes(ann: Client) -> None:
    full = await update(ann, **FULL)
    assert await update(ann) == full
    assert await update(ann, tagline="Reads") == {**full, "tagline": "Reads"}
    links = {"github": None, "twitter": "https://x.com/ann"}
    assert (await update(ann, socialMediaLinks=links))["socialMediaLinks"] == {
        "github": None,
        "website": "http://ann.test",
        "twitter": "https://x.com/ann",
    }


@pytest.mark.parametrize("nothing", [None, "", "  "])
async def test_what_is_null_or_empty_is_cleared(ann: Client, nothing: str | None) -> None:
    await update(ann, **FULL)
    names = ("tagline", "location", "availableFor", "profilePicture", "bio")
    links = dict.fromkeys(("github", "website"), nothing)
    changed = await update(ann, **dict.fromkeys(names, nothing), socialMediaLinks=links)
    assert changed == {**EMPTY, "name": FULL["name"], "username": FULL["username"]}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["name"], None),
        (["name"], " "),
        (["name"], "a\u200bb\n"),
        (["name"], "x" * 101),
        (["username"], None),
        (["username"], ""),
        (["username"], "an n"),
        (["username"], "an/n"),
        (["username"], "an\u00a0n"),
        (["username"], "ann\u202e"),
        (["username"], "x" * 61),
        (["tagline"], "x" * 201),
        (["location"], "x" * 101),
        (["availableFor"], "x" * 501),
        (["bio"], "x" * 20_001),
        (["bio"], "> " * 300 + "deep"),
        (["profilePicture"], "javascript:alert(1)"),
        (["profilePicture"], "data:image/png;base64,AA"),
        (["profilePicture"], "/a.png"),
        (["profilePicture"], "https://"),
        (["profilePicture"], "https://[bad"),
        (["profilePicture"], "https://a.test/" + "x" * 2000),
        (["profilePicture"], "https://a.test/\nb"),
        (["socialMediaLinks", "github"], "ann"),
        (["socialMediaLinks", "website"], "javascript:alert(1)"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_changes(
    ann: Client, database: Database, path: list[str], value: str | None
) -> None:
    before = await row(database)
    given: Any = {path[-1]: value} if len(path) > 1 else value
    body = await ann.graphql(UPDATE, {"input": {path[0]: given, "location": "x" * 101}})
    assert code_of(body) == "BAD_USER_INPUT"
    faults = [each["path"] for each in body["errors"][0]["extensions"]["fields"]]
    assert ["input", *path] in faults
    assert ["input", "location"] in faults
    assert await row(database) == before


async def test_a_username_belongs_to_one_person(ann: Client, database: Database) -> None:
    await person(database, "Bob")
    before = await row(database)
    body = await ann.graphql(UPDATE, {"input": {"username": "bOB", "tagline": "Bob"}})
    assert body["errors"][0]["extensions"] == {
        "code": "CONFLICT",
        "fields": [{"path": ["input", "username"], "message": "Somebody else has this username."}],
    }
    assert await row(database) == before
    assert (await update(ann, username="ANN"))["username"] == "ANN"


async def test_two_do_not_get_one_username_at_once(database: Database) -> None:
    async with client_of(database) as one, client_of(database) as two:
        for client, name in ((one, "ann"), (two, "bob")):
            await person(database, name)
            await client.sign_in(name)
        bodies = await asyncio.gather(
            *(each.graphql(UPDATE, {"input": {"username": "star"}}) for each in (one, two))
        )
    assert sorted("errors" in body for body in bodies) == [False, True]
    assert code_of(next(body for body in bodies if "errors" in body)) == "CONFLICT"


async def test_the_public_has_no_profile(client: Client) -> None:
    assert code_of(await client.graphql(UPDATE, {"input": {"name": "X"}})) == "UNAUTHENTICATED"
