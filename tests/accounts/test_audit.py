"""The audit log: administrators read it, and nobody changes it."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from db.database import Database
from db.models.audit import AuditEvent
from tests.signing import Client, client_of, code_of, person

CREATE = """mutation Create($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }"""

EVENTS = """query E($filter: AuditEventFilter) { auditEvents(first: 5, filter: $filter) {
    nodes { actorId action result address } } }"""


async def key_of(client: Client, scopes: list[str]) -> str:
    body = await client.graphql(CREATE, {"input": {"name": "log", "scopes": scopes}})
    return str(body["data"]["createApiKey"]["key"])


async def test_administrators_read_it(database: Database, client: Client) -> None:
    ann = await person(database, "ann")
    root = await person(database, "root", role="SUPERUSER")
    await client.sign_in("ann")
    assert code_of(await client.graphql(EVENTS)) == "FORBIDDEN"
    await client.sign_in("root")
    started = {"action": "session.start", "result": "SUCCESS", "address": "192.0.2.1"}
    body = await client.graphql(EVENTS)
    assert body["data"]["auditEvents"]["nodes"] == [
        {"actorId": root, **started},
        {"actorId": ann, **started},
    ]
    body = await client.graphql(EVENTS, {"filter": {"actorId": ann}})
    assert body["data"]["auditEvents"]["nodes"] == [{"actorId": ann, **started}]
    for filter in ({"action": "none"}, {"until": "2020-01-01T00:00:00Z"}):
        body = await client.graphql(EVENTS, {"filter": filter})
        assert body["data"]["auditEvents"]["nodes"] == []


async def test_it_is_not_public(client: Client) -> None:
    assert code_of(await client.graphql(EVENTS)) == "UNAUTHENTICATED"


async def test_a_key_needs_the_scope(database: Database, client: Client) -> None:
    await person(database, "root", role="SUPERUSER")
    await client.sign_in("root")
    weak, strong = [await key_of(client, scopes=[scope]) for scope in ("CONTENT_READ", "ADMIN")]
    assert code_of(await client.graphql(EVENTS, Authorization=weak)) == "FORBIDDEN"
    assert "errors" not in await client.graphql(EVENTS, Authorization=strong)


@pytest.mark.parametrize(
    "change", ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events"]
)
async def test_the_application_only_appends(
    database: Database, client: Client, change: str
) -> None:
    await person(database, "ann")
    await client.sign_in("ann")
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.write() as tx:
            await tx.execute(text(change))
    async with database.read() as connection:
        assert await connection.scalar(select(AuditEvent.action)) == "session.start"


WHOLE = """query E($first: Int!, $after: String, $filter: AuditEventFilter) {
    auditEvents(first: $first, after: $after, filter: $filter) {
        edges { cursor node { action targetId actor { username } details sessionId requestId } }
        pageInfo { hasNextPage } } }"""


async def test_it_comes_in_pages_with_who_did_what_to_what(
    database: Database, client: Client
) -> None:
    root = await person(database, "root", role="SUPERUSER")
    async with client_of(database) as other:
        await other.sign_in("root")
        await other.graphql("mutation { signOut { success } }")
    await client.sign_in("root")
    body = (await client.graphql(WHOLE, {"first": 2}))["data"]["auditEvents"]
    assert body["pageInfo"] == {"hasNextPage": True}
    [started, ended] = [edge["node"] for edge in body["edges"]]
    assert (started["action"], ended["action"]) == ("session.start", "session.end")
    assert ended["actor"] == {"username": "root"}
    assert started["details"] == {"method": "password"}
    assert ended["targetId"] == ended["sessionId"] != started["targetId"]
    after = body["edges"][1]["cursor"]
    rest = (await client.graphql(WHOLE, {"first": 2, "after": after}))["data"]["auditEvents"]
    assert [edge["node"]["action"] for edge in rest["edges"]] == ["session.start"]
    found = await client.graphql(
        WHOLE, {"first": 9, "filter": {"targetId": ended["targetId"], "actorId": root}}
    )
    assert len(found["data"]["auditEvents"]["edges"]) == 2
