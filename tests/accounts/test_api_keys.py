"""API keys: what they may do, and when they end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from db.database import Database
from db.models import draft as draft_models
from db.models import publication as publication_models
from db.models.audit import AuditEvent
from db.models.key import ApiKey
from db.models.user import User
from tests.loaders import rows
from tests.recording import recorded
from tests.signing import Client, client_of, code_of, person

ME = "{ me { username } }"
CREATE = """mutation Create($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { id key } }"""
REVOKE = "mutation Revoke($id: ID!) { revokeApiKey(input: { id: $id }) { success } }"
KEYS = """{ me { apiKeys { id prefix name scopes publicationId createdAt expiresAt usedAt usedFrom } } }"""
ALL = ["PROFILE_READ", "CONTENT_READ"]


async def created(client: Client, **wanted: Any) -> dict[str, Any]:
    given = {"name": "build", "scopes": ALL, **wanted}
    return await client.graphql(CREATE, {"input": given})


async def key_of(client: Client, **wanted: Any) -> str:
    body = await created(client, **wanted)
    return str(body["data"]["createApiKey"]["key"])


async def asked(client: Client, key: str, query: str = ME) -> dict[str, Any]:
    return await client.graphql(query, Authorization=f"Bearer {key}")


async def count(database: Database, model: Any) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(model)) or 0)


async def publication_of(database: Database, owner: str, host: str, role: str = "OWNER") -> str:
    """The id of a new publication with one draft, where the person has the role."""
    user = {"id": owner}
    made = rows.publication(user, host)
    draft = rows.draft(made, user, title=f"Draft of {host}")
    async with database.write() as tx:
        await tx.execute(insert(publication_models.Publication).values(made))
        member = rows.membership(made, user, role)
        await tx.execute(insert(publication_models.Membership).values(member))
        await tx.execute(insert(draft_models.Draft).values(draft))
    return str(made["id"])


async def test_a_key_acts_for_its_person(database: Database, client: Client) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    key = await key_of(client)
    async with client_of(database, address="192.0.2.9") as program:
        assert await asked(program, key) == {"data": {"me": {"username": "ann"}}}
        assert await program.graphql(ME, Authorization=key) == {"data": {"me": {"username": "ann"}}}
    [listed] = (await client.graphql(KEYS))["data"]["me"]["apiKeys"]
    assert (listed["prefix"], listed["name"], listed["scopes"]) == (
        key[:15],
        "build",
        ["CONTENT_READ", "PROFILE_READ"],
    )
    assert listed["usedFrom"] == "192.0.2.9"
    assert listed["publicationId"] is None
    assert key[16:59] not in str(listed)


async def test_only_a_digest_of_the_secret_is_stored(database: Database, client: Client) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    key = await key_of(client)
    async with database.read() as connection:
        row = (await connection.execute(select(ApiKey))).mappings().one()
    assert key[16:59] not in str(dict(row))


async def test_a_key_lasts_ninety_days_unless_it_is_said(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    await created(client)
    async with database.read() as connection:
        left = await connection.scalar(select(ApiKey.expires_at - ApiKey.created_at))
    assert left is not None
    assert timedelta(days=90) - left < timedelta(minutes=1)


@pytest.mark.parametrize(
    "values",
    [
        {"revoked_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"expires_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"digest": "0" * 64},
    ],
)
async def test_a_key_that_has_ended_is_good_for_nothing(
    values: dict[str, Any], database: Database, client: Client
) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    key = await key_of(client)
    async with database.write() as tx:
        await tx.execute(update(ApiKey).values(values))
    response = await client.operation(ME, Authorization=f"Bearer {key}")
    assert (response.status_code, code_of(response.json())) == (401, "UNAUTHENTICATED")
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


async def test_a_key_ends_with_its_person(database: Database, client: Client) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    key = await key_of(client)
    async with database.write() as tx:
        await tx.execute(update(User).values(deactivated=True))
    assert code_of(await asked(client, key)) == "UNAUTHENTICATED"


async def test_a_mistyped_key_asks_nothing_of_the_database(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    key = await key_of(client)
    log: list[str] = []
    with recorded(lambda sql, _: log.append(sql)):
        assert code_of(await asked(client, key[:-1] + "x")) == "UNAUTHENTICATED"
    assert log == []


async def test_a_key_without_a_scope_cannot_do_what_takes_it(
    database: Database, client: Client
) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    key = await key_of(client, scopes=["CONTENT_READ"])
    body = await asked(client, key)
    assert body["errors"][0]["message"] == "This key lacks the scope PROFILE_READ."
    assert code_of(body) == "FORBIDDEN"


@pytest.mark.parametrize(
    "mutation",
    [
        'createApiKey(input: { name: "more", scopes: [ADMIN] }) { id }',
        'revokeApiKey(input: { id: "key_1" }) { success }',
        "signOut { success }",
        "signOutEverywhere { sessions }",
        'revokeSession(input: { id: "session_1" }) { success }',
        'changePassword(input: { currentPassword: "a", newPassword: "b" }) { success }',
    ],
)
async def test_a_key_can_do_nothing_to_the_account(
    mutation: str, database: Database, client: Client
) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    key = await key_of(client, scopes=["PROFILE_READ", "PROFILE_WRITE"])
    body = await asked(client, key, f"mutation {{ {mutation} }}")
    assert (code_of(body), body["errors"][0]["message"]) == (
        "FORBIDDEN",
        "An API key cannot do this: sign in.",
    )
    assert await count(database, ApiKey) == 1
    assert await client.graphql(ME) == {"data": {"me": {"username": "ann"}}}


DRAFTS = "{ me { drafts(first: 9) { nodes { title } } } }"


def titles(body: dict[str, Any]) -> list[str]:
    return sorted(node["title"] for node in body["data"]["me"]["drafts"]["nodes"])


async def test_a_key_sees_what_members_see_only_with_the_scope_for_it(
    database: Database, client: Client
) -> None:
    ann = await person(database, "ann")
    await publication_of(database, ann, "one.test")
    await client.sign_in("ann")
    assert titles(await client.graphql(DRAFTS)) == ["Draft of one.test"]
    assert titles(await asked(client, await key_of(client), DRAFTS)) == ["Draft of one.test"]
    outsider = await key_of(client, scopes=["PROFILE_READ"])
    assert titles(await asked(client, outsider, DRAFTS)) == []


async def test_a_key_for_a_publication_knows_of_no_other(
    database: Database, client: Client
) -> None:
    ann = await person(database, "ann")
    one = await publication_of(database, ann, "one.test")
    await publication_of(database, ann, "two.test")
    await client.sign_in("ann")
    key = await key_of(client, publicationId=one)
    assert titles(await client.graphql(DRAFTS)) == ["Draft of one.test", "Draft of two.test"]
    assert titles(await asked(client, key, DRAFTS)) == ["Draft of one.test"]


async def test_a_key_for_a_publication_ends_with_the_membership(
    database: Database, client: Client
) -> None:
    ann = await person(database, "ann")
    one = await publication_of(database, ann, "one.test")
    await client.sign_in("ann")
    key = await key_of(client, publicationId=one)
    async with database.write() as tx:
        await tx.execute(delete(publication_models.Membership))
    assert code_of(await asked(client, key)) == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("wanted", "code", "path"),
    [
        ({"name": " "}, "BAD_USER_INPUT", ["input", "name"]),
        ({"name": "x" * 101}, "BAD_USER_INPUT", ["input", "name"]),
        ({"scopes": []}, "BAD_USER_INPUT", ["input", "scopes"]),
        ({"expiresAt": "2026-01-01T00:00:00Z"}, "BAD_USER_INPUT", ["input", "expiresAt"]),
        ({"scopes": ["ADMIN"]}, "FORBIDDEN", None),
        ({"publicationId": rows.numbered("pub", 1)}, "NOT_FOUND", None),
        ({"scopes": ["EVERYTHING"]}, "BAD_USER_INPUT", None),
    ],
)
async def test_a_key_that_cannot_be_is_not_made(
    wanted: dict[str, Any],
    code: str,
    path: list[str] | None,
    database: Database,
    client: Client,
) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    body = await created(client, **wanted)
    assert code_of(body) == code
    if path:
        [fault] = body["errors"][0]["extensions"]["fields"]
        assert fault["path"] == path
    assert await count(database, ApiKey) == 0


async def test_making_a_key_takes_signing_in(database: Database, client: Client) -> None:
    assert code_of(await created(client)) == "UNAUTHENTICATED"
    assert await count(database, ApiKey) == 0


async def test_a_revoked_key_ends_at_once(database: Database, client: Client) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    body = (await created(client))["data"]["createApiKey"]
    assert await asked(client, body["key"]) == {"data": {"me": {"username": "ann"}}}
    revoked = await client.graphql(REVOKE, {"id": body["id"]})
    assert revoked == {"data": {"revokeApiKey": {"success": True}}}
    assert code_of(await asked(client, body["key"])) == "UNAUTHENTICATED"
    assert (await client.graphql(KEYS))["data"]["me"]["apiKeys"] == []
    assert code_of(await client.graphql(REVOKE, {"id": body["id"]})) == "NOT_FOUND"
    async with database.read() as connection:
        logged = await connection.execute(
            select(AuditEvent.action, AuditEvent.target_id, AuditEvent.details)
            .where(AuditEvent.action.startswith("api_key"))
            .order_by(AuditEvent.id)
        )
    assert [tuple(row) for row in logged] == [
        ("api_key.create", body["id"], {"scopes": ["CONTENT_READ", "PROFILE_READ"]}),
        ("api_key.revoke", body["id"], {}),
    ]


async def test_nobody_revokes_the_key_of_another(database: Database, client: Client) -> None:
    await person(database, "ann")
    await person(database, "bob")
    await client.sign_in("ann")
    body = (await created(client))["data"]["createApiKey"]
    async with client_of(database) as bob:
        await bob.sign_in("bob")
        assert code_of(await bob.graphql(REVOKE, {"id": body["id"]})) == "NOT_FOUND"
    assert await asked(client, body["key"]) == {"data": {"me": {"username": "ann"}}}


OF_PUBLICATION = """query($id: ObjectId!) { publication(id: $id) { apiKeys { name } } }"""


async def test_the_owner_sees_and_revokes_the_keys_of_members(
    database: Database, client: Client
) -> None:
    ann = await person(database, "ann")
    bob = await person(database, "bob")
    one = await publication_of(database, ann, "one.test")
    async with database.write() as tx:
        await tx.execute(
            insert(publication_models.Membership).values(
                rows.membership({"id": one}, {"id": bob}, "EDITOR")
            )
        )
    async with client_of(database) as editor:
        await editor.sign_in("bob")
        made = (await created(editor, publicationId=one, name="bob's"))["data"]["createApiKey"]
        body = await editor.graphql(OF_PUBLICATION, {"id": one})
        assert body == {"data": {"publication": {"apiKeys": []}}}
    await client.sign_in("ann")
    body = await client.graphql(OF_PUBLICATION, {"id": one})
    assert body == {"data": {"publication": {"apiKeys": [{"name": "bob's"}]}}}
    body = await client.graphql(REVOKE, {"id": made["id"]})
    assert body == {"data": {"revokeApiKey": {"success": True}}}
