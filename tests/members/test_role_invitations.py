"""Links by which several people join: how many, until when, and as what."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from db.models.account import Account
from db.models.user import User
from db.viewer import Client as Sender
from db.viewer import Viewer
from db.writes.members.role_invitations import accept_role_based_invite
from identity.secrets import Keyring
from tests.conftest import Statements
from tests.loaders import rows
from tests.members.blog import PUBLIC, Blog
from tests.members.test_managing import CREATE_LINK, DELETE_LINK, TOGGLE_LINKS, UPDATE_LINK
from tests.signing import ORIGIN, authority_on, client_of, code_of

ACCEPT = """mutation($input: AcceptRoleBasedInviteInput!) {
    acceptRoleBasedInvite(input: $input) { success } }"""
LINKS = """query($id: ObjectId!) { publication(id: $id) { invites { areRoleBasedInviteLinksActive
    roleBasedInvites(page: 1, pageSize: 9) { totalDocuments nodes {
        id capacity usedCapacity isUnlimitedCapacity expiryDate inviteLink role } } } } }"""
GOOD = "A-token_of_thirty-two_characters"
ACCEPTED = {"data": {"acceptRoleBasedInvite": {"success": True}}}


async def make(blog: Blog, **given: Any) -> dict[str, Any]:
    given = {"publicationId": blog.id, "role": "CONTRIBUTOR", **given}
    made: dict[str, Any] = (await blog.does("olive", CREATE_LINK, **given))["invite"]
    return made


def token_of(link: dict[str, Any]) -> str:
    return str(link["inviteLink"].partition("?token=")[2])


async def accept(blog: Blog, who: str, link: dict[str, Any]) -> dict[str, Any]:
    return await blog.says(who, ACCEPT, input={"inviteToken": token_of(link)})


async def used(blog: Blog) -> int:
    async with blog.database.read() as connection:
        return int(await connection.scalar(text("select used from role_invitations")) or 0)


async def test_a_link_is_made_shown_and_used(blog: Blog) -> None:
    link = await make(blog, capacity=2, role="EDITOR")
    assert link == {
        "id": link["id"],
        "capacity": 2,
        "usedCapacity": 0,
        "isUnlimitedCapacity": False,
        "expiryDate": None,
        "inviteLink": f"{ORIGIN}/invitations/join?token={token_of(link)}",
        "role": "EDITOR",
        "createdAt": link["createdAt"],
    }
    assert await accept(blog, "sam", link) == ACCEPTED
    assert (await blog.roles())["sam"] == "EDITOR"
    # Again, nothing changes.
    assert await accept(blog, "sam", link) == ACCEPTED
    assert await used(blog) == 1
    shown = (await blog.says("olive", LINKS, id=blog.id))["data"]["publication"]["invites"]
    del link["createdAt"]
    assert shown == {
        "areRoleBasedInviteLinksActive": True,
        "roleBasedInvites": {"totalDocuments": 1, "nodes": [{**link, "usedCapacity": 1}]},
    }
    assert await blog.actions() == ["invitation_link.create", "invitation_link.accept"]


async def test_the_public_cannot_use_a_link(blog: Blog) -> None:
    link = await make(blog, enableUnlimitedCapacity=True)
    assert code_of(await accept(blog, PUBLIC, link)) == "UNAUTHENTICATED"
    assert await used(blog) == 0


async def test_the_token_is_not_stored(blog: Blog) -> None:
    link = await make(blog, capacity=1)
    async with blog.database.read() as connection:
        row = (await connection.execute(text("select * from role_invitations"))).mappings().one()
    assert token_of(link) not in str(dict(row))
    for stolen in (row["digest"], row["token"]):
        body = await blog.says("sam", ACCEPT, input={"inviteToken": stolen})
        assert code_of(body) == "NOT_FOUND"


async def test_a_deployment_with_another_secret_shows_no_link(blog: Blog) -> None:
    await make(blog, capacity=1)
    other = authority_on(blog.database, keyring=Keyring(["x" * 32]))
    async with client_of(blog.database, other) as client:
        await client.sign_in("olive")
        body = await client.graphql(LINKS, {"id": blog.id})
    [link] = body["data"]["publication"]["invites"]["roleBasedInvites"]["nodes"]
    assert link["inviteLink"] is None


async def test_fifty_at_once_fill_a_link_for_ten(blog: Blog) -> None:
    link = await make(blog, capacity=10)
    users = [rows.user(f"guest{n}") for n in range(50)]
    async with blog.database.write() as tx:
        await tx.execute(insert(User), users)
        await tx.execute(insert(Account), [{"user_id": each["id"]} for each in users])

    async def join(user_id: str) -> str:
        try:
            async with blog.database.write() as tx:
                viewer = Viewer(user_id)
                await accept_role_based_invite(tx, Sender("test"), viewer, token_of(link))
        except Exception as error:
            return type(error).__name__
        return "joined"

    # Each twice, as with a double click.
    waves = [join(each["id"]) for each in users for _ in range(2)]
    gate = asyncio.Semaphore(10)

    async def limited(work: Any) -> str:
        async with gate:
            return str(await work)

    done = await asyncio.gather(*map(limited, waves))
    assert set(done) == {"joined", "Conflict"}
    assert done.count("joined") == 20
    assert await used(blog) == 10
    assert len(await blog.roles()) == 3 + 10


async def test_who_finds_it_full_is_told_and_stays_out(blog: Blog) -> None:
    link = await make(blog, capacity=1)
    await accept(blog, "sam", link)
    assert code_of(await accept(blog, "otto", link)) == "CONFLICT"
    assert "otto" not in await blog.roles()
    # Who has a higher role already is not in the way, nor turned away.
    assert await accept(blog, "ed", link) == ACCEPTED
    assert (await blog.roles())["ed"] == "EDITOR"


async def test_a_contributor_becomes_an_editor_and_nobody_less(blog: Blog) -> None:
    link = await make(blog, enableUnlimitedCapacity=True, role="EDITOR")
    for who in ("con", "ed", "olive"):
        assert await accept(blog, who, link) == ACCEPTED
    assert await blog.roles() == {"con": "EDITOR", "ed": "EDITOR", "olive": "OWNER"}
    assert await used(blog) == 1


async def test_a_link_is_over_after_its_time(blog: Blog) -> None:
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    link = await make(blog, capacity=5, expiryDate=until)
    async with blog.database.write() as tx:
        await tx.execute(text("update role_invitations set expires_at = now()"))
    assert code_of(await accept(blog, "sam", link)) == "NOT_FOUND"
    # It may be changed none the less, and used again.
    given = {"publicationId": blog.id, "inviteId": link["id"]}
    changed = await blog.does("olive", UPDATE_LINK, **given, role="EDITOR")
    assert changed["invite"]["role"] == "EDITOR"
    assert code_of(await accept(blog, "sam", link)) == "NOT_FOUND"
    await blog.does("olive", UPDATE_LINK, **given, expiryDate=None)
    assert await accept(blog, "sam", link) == ACCEPTED


async def test_links_can_be_turned_off_and_on(blog: Blog) -> None:
    link = await make(blog, capacity=5)
    for active in (False, True):
        body = await blog.says("olive", TOGGLE_LINKS, input=blog.id)
        payload = body["data"]["toggleRoleBasedInviteLinks"]
        assert payload == {"areRoleBasedInviteLinksActive": active}
        shown = (await blog.says("olive", LINKS, id=blog.id))["data"]["publication"]["invites"]
        assert shown["areRoleBasedInviteLinksActive"] is active
        body = await accept(blog, "sam", link)
        assert body == ACCEPTED if active else code_of(body) == "NOT_FOUND"
    assert (await blog.roles())["sam"] == "CONTRIBUTOR"


async def test_a_deleted_link_is_void_and_who_joined_stays(blog: Blog) -> None:
    link = await make(blog, capacity=5)
    await accept(blog, "sam", link)
    given = {"publicationId": blog.id, "inviteId": link["id"]}
    assert (await blog.does("olive", DELETE_LINK, **given))["invite"]["usedCapacity"] == 1
    assert code_of(await blog.says("olive", DELETE_LINK, input=given)) == "NOT_FOUND"
    assert code_of(await accept(blog, "otto", link)) == "NOT_FOUND"
    assert (await blog.roles())["sam"] == "CONTRIBUTOR"


async def test_a_client_may_bring_a_token_that_is_long_enough(blog: Blog) -> None:
    link = await make(blog, capacity=5, inviteToken=GOOD)
    assert token_of(link) == GOOD
    given = {"publicationId": blog.id, "role": "EDITOR", "capacity": 1}
    body = await blog.says("olive", CREATE_LINK, input={**given, "inviteToken": GOOD})
    assert code_of(body) == "CONFLICT"
    for bad in ("", "short", GOOD + "/", "a" * 129):
        body = await blog.says("olive", CREATE_LINK, input={**given, "inviteToken": bad})
        assert body["errors"][0]["extensions"]["fields"][0]["path"] == ["input", "inviteToken"]


YESTERDAY = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({}, ["capacity"]),
        ({"capacity": 0}, ["capacity"]),
        ({"capacity": -1}, ["capacity"]),
        ({"capacity": 100_001}, ["capacity"]),
        ({"capacity": 1, "enableUnlimitedCapacity": True}, ["capacity"]),
        ({"enableUnlimitedCapacity": False}, ["capacity"]),
        ({"capacity": 1, "expiryDate": YESTERDAY}, ["expiryDate"]),
        ({"expiryDate": YESTERDAY}, ["capacity", "expiryDate"]),
    ],
)
async def test_each_fault_of_a_link_is_named(
    blog: Blog, given: dict[str, Any], paths: list[str]
) -> None:
    given = {"publicationId": blog.id, "role": "EDITOR", **given}
    body = await blog.says("olive", CREATE_LINK, input=given)
    assert code_of(body) == "BAD_USER_INPUT"
    fields = body["errors"][0]["extensions"]["fields"]
    assert [each["path"] for each in fields] == [["input", path] for path in paths]
    assert await used(blog) == 0


@pytest.mark.parametrize(
    ("change", "capacity"),
    [
        ({}, 2),
        ({"capacity": 1}, 1),
        ({"capacity": 7, "enableUnlimitedCapacity": False}, 7),
        ({"enableUnlimitedCapacity": False}, 2),
        ({"enableUnlimitedCapacity": True}, None),
        ({"role": "EDITOR"}, 2),
    ],
)
async def test_only_what_is_given_is_changed(
    blog: Blog, change: dict[str, Any], capacity: int | None
) -> None:
    link = await make(blog, capacity=2)
    await accept(blog, "sam", link)
    given = {"publicationId": blog.id, "inviteId": link["id"], **change}
    changed = (await blog.does("olive", UPDATE_LINK, **given))["invite"]
    assert changed == {
        **link,
        "usedCapacity": 1,
        "capacity": capacity,
        "isUnlimitedCapacity": capacity is None,
        "role": change.get("role", "CONTRIBUTOR"),
    }


async def test_a_capacity_is_no_less_than_what_is_used(blog: Blog) -> None:
    link = await make(blog, capacity=2)
    for who in ("sam", "otto"):
        await accept(blog, who, link)
    given = {"publicationId": blog.id, "inviteId": link["id"], "capacity": 1}
    body = await blog.says("olive", UPDATE_LINK, input=given)
    assert body["errors"][0]["extensions"]["fields"] == [
        {"path": ["input", "capacity"], "message": "For how many people is it? For 2 to 100000."}
    ]


async def test_the_list_costs_three_statements(blog: Blog, statements: Statements) -> None:
    for size in (1, 2, 3):
        await make(blog, capacity=size)
        await blog.says("ada", LINKS, id=blog.id)
        with statements(blog.database) as log:
            await blog.says("ada", LINKS, id=blog.id)
        assert len(log) == 3
