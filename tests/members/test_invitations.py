"""Invitations by mail: who gets one, who can accept it, and what is left of it."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import Statements
from tests.members.blog import PUBLIC, Blog
from tests.members.test_managing import INVITE, REINVITE, REVOKE
from tests.signing import ORIGIN, code_of, person

ACCEPT = """mutation($input: AcceptInviteToPublicationInput!) {
    acceptInviteToPublication(input: $input) { success } }"""
PENDING = """query($id: ObjectId!, $size: Int! = 9) { publication(id: $id) { invites {
    pendingInvites(page: 1, pageSize: $size) { totalDocuments pageInfo { hasNextPage }
        nodes { id email role user { username } } } } } }"""


async def invite(blog: Blog, *users: dict[str, str], who: str = "olive") -> dict[str, Any]:
    return await blog.does(who, INVITE, publicationId=blog.id, users=list(users))


async def accept(blog: Blog, who: str, token: str) -> dict[str, Any]:
    return await blog.says(who, ACCEPT, input={"inviteToken": token})


async def pending(blog: Blog, who: str = "olive") -> list[dict[str, Any]]:
    body = await blog.says(who, PENDING, id=blog.id)
    nodes: list[dict[str, Any]] = body["data"]["publication"]["invites"]["pendingInvites"]["nodes"]
    return nodes


async def end_invitations(blog: Blog) -> None:
    async with blog.database.write() as tx:
        await tx.execute(text("update invitations set expires_at = now() - interval '1 second'"))


async def test_an_address_is_invited_and_its_owner_accepts(blog: Blog) -> None:
    assert await invite(blog, {"email": "Sam@masthead.test", "role": "EDITOR"}) == {
        "success": True,
        "successfulInviteCount": 1,
        "failedInvites": [],
    }
    [mail] = await blog.mails()
    token = await blog.token()
    assert mail == {
        "to": "Sam@masthead.test",
        "template": "invitation",
        "facts": {
            "publication": "blog.test",
            "inviter": "Olive",
            "role": "EDITOR",
            "link": f"{ORIGIN}/invitations/accept?token={token}",
        },
    }
    [invitation] = await pending(blog)
    assert (invitation["email"], invitation["role"]) == ("Sam@masthead.test", "EDITOR")
    # Whether the address is somebody's is not told, not even to who knows it.
    assert invitation["user"] is None
    assert await accept(blog, "sam", token) == {
        "data": {"acceptInviteToPublication": {"success": True}}
    }
    assert (await blog.roles())["sam"] == "EDITOR"
    assert await pending(blog) == []
    assert await blog.actions() == ["invitation.create", "invitation.accept"]
    # It was for one use.
    assert code_of(await accept(blog, "sam", token)) == "NOT_FOUND"
    assert (await blog.roles())["sam"] == "EDITOR"


async def test_a_username_is_invited_without_telling_the_address(blog: Blog) -> None:
    await invite(blog, {"username": "SAM", "role": "CONTRIBUTOR"})
    assert (await blog.mails())[0]["to"] == "sam@masthead.test"
    [invitation] = await pending(blog)
    assert (invitation["email"], invitation["user"]) == (None, {"username": "sam"})
    await accept(blog, "sam", await blog.token())
    assert (await blog.roles())["sam"] == "CONTRIBUTOR"


async def test_what_is_stored_of_a_link_opens_nothing(blog: Blog) -> None:
    await invite(blog, {"username": "sam", "role": "EDITOR"})
    async with blog.database.read() as connection:
        digest = await connection.scalar(text("select digest from invitations"))
    assert code_of(await accept(blog, "sam", str(digest))) == "NOT_FOUND"


@pytest.mark.parametrize("user", [{"email": "sam@masthead.test"}, {"username": "sam"}])
async def test_a_link_that_got_elsewhere_is_good_for_nothing(
    blog: Blog, user: dict[str, str]
) -> None:
    await invite(blog, {**user, "role": "EDITOR"})
    token, before = await blog.token(), await blog.state()
    for who, code in {PUBLIC: "UNAUTHENTICATED", "otto": "NOT_FOUND", "con": "NOT_FOUND"}.items():
        assert code_of(await accept(blog, who, token)) == code
    assert code_of(await accept(blog, "sam", token + "x")) == "NOT_FOUND"
    assert await blog.state() == before


async def test_an_invitation_is_over_after_its_time(blog: Blog) -> None:
    await invite(blog, {"username": "sam", "role": "EDITOR"})
    await end_invitations(blog)
    assert code_of(await accept(blog, "sam", await blog.token())) == "NOT_FOUND"
    assert "sam" not in await blog.roles()


async def test_one_that_is_over_may_follow_and_no_other(blog: Blog) -> None:
    sam, new = {"username": "sam"}, {"email": "new@else.test"}
    await invite(blog, {**sam, "role": "EDITOR"}, {**new, "role": "EDITOR"})
    again = await invite(
        blog, {**sam, "role": "CONTRIBUTOR"}, {"email": "NEW@else.test", "role": "EDITOR"}
    )
    message = "This person has been invited already."
    assert again == {
        "success": False,
        "successfulInviteCount": 0,
        "failedInvites": [
            {"email": None, "username": "sam", "errorMessage": message},
            {"email": "NEW@else.test", "username": None, "errorMessage": message},
        ],
    }
    first = await blog.token()
    await end_invitations(blog)
    assert (await invite(blog, {**sam, "role": "CONTRIBUTOR"}))["success"] is True
    assert len(await pending(blog)) == 2
    assert await blog.token() != first
    await accept(blog, "sam", await blog.token())
    assert (await blog.roles())["sam"] == "CONTRIBUTOR"


async def test_some_are_invited_and_others_not(blog: Blog) -> None:
    await person(blog.database, "gone", deactivated=True)
    given = [
        {"email": "new@else.test"},
        {"email": "new@else.test"},
        {"email": "no address"},
        {"username": "con"},
        {"username": "nobody"},
        {"username": "gone"},
        {"email": "a@b.test", "username": "sam"},
        {},
    ]
    payload = await invite(blog, *[{**each, "role": "EDITOR"} for each in given])
    nobody = "There is nobody with this username who can be invited."
    either = "Give either an e-mail address or a username."
    assert payload["successfulInviteCount"] == 1
    assert [each["errorMessage"] for each in payload["failedInvites"]] == [
        "This person has been invited already.",
        "This is not an e-mail address.",
        "This person belongs to the publication already.",
        nobody,
        nobody,
        either,
        either,
    ]
    assert [mail["to"] for mail in await blog.mails()] == ["new@else.test"]


@pytest.mark.parametrize("count", [0, 51])
async def test_nobody_and_too_many_are_refused(blog: Blog, count: int) -> None:
    users = [{"email": f"{n}@else.test", "role": "EDITOR"} for n in range(count)]
    body = await blog.says("olive", INVITE, input={"publicationId": blog.id, "users": users})
    assert body["errors"][0]["extensions"] == {
        "code": "BAD_USER_INPUT",
        "fields": [{"path": ["input", "users"], "message": "Invite 1 to 50 people at a time."}],
    }
    assert await blog.mails() == []


async def test_nobody_is_invited_to_be_an_owner(blog: Blog) -> None:
    users = [{"username": "sam", "role": "OWNER"}]
    body = await blog.says("olive", INVITE, input={"publicationId": blog.id, "users": users})
    assert code_of(body) == "BAD_USER_INPUT"
    assert await blog.mails() == []


@pytest.mark.parametrize(
    ("who", "invited", "role"),
    [("con", "EDITOR", "EDITOR"), ("ed", "CONTRIBUTOR", "EDITOR"), ("olive", "EDITOR", "OWNER")],
)
async def test_accepting_never_lowers_a_role(blog: Blog, who: str, invited: str, role: str) -> None:
    await invite(blog, {"email": f"{who}@masthead.test", "role": invited})
    body = await accept(blog, who, await blog.token())
    assert body == {"data": {"acceptInviteToPublication": {"success": True}}}
    assert (await blog.roles())[who] == role


async def test_many_acceptances_at_once_make_one_member(blog: Blog) -> None:
    await invite(blog, {"username": "sam", "role": "EDITOR"})
    token = await blog.token()
    await blog.says("sam", "{ me { id } }")
    bodies = await asyncio.gather(*(accept(blog, "sam", token) for _ in range(20)))
    assert [("errors" in body) for body in bodies].count(False) == 1
    assert (await blog.roles())["sam"] == "EDITOR"


async def test_a_second_mail_makes_the_first_link_void(blog: Blog) -> None:
    await invite(blog, {"username": "sam", "role": "EDITOR"})
    [invitation] = await pending(blog)
    given = {"publicationId": blog.id, "inviteId": invitation["id"]}
    first = await blog.token()
    body = await blog.says("olive", REINVITE, input=given)
    assert code_of(body) == "RATE_LIMITED"
    assert 0 < body["errors"][0]["extensions"]["retryAfter"] <= 60
    await end_invitations(blog)
    assert await blog.does("olive", REINVITE, **given) == {"success": True}
    assert await blog.token() != first
    assert code_of(await accept(blog, "sam", first)) == "NOT_FOUND"
    await accept(blog, "sam", await blog.token())
    assert (await blog.roles())["sam"] == "EDITOR"


async def test_an_invitation_that_was_taken_back_is_void(blog: Blog) -> None:
    await invite(blog, {"username": "sam", "role": "EDITOR"})
    [invitation] = await pending(blog)
    given = {"publicationId": blog.id, "inviteId": invitation["id"]}
    assert await blog.does("olive", REVOKE, **given) == {"success": True}
    assert code_of(await blog.says("olive", REVOKE, input=given)) == "NOT_FOUND"
    assert code_of(await accept(blog, "sam", await blog.token())) == "NOT_FOUND"
    assert "sam" not in await blog.roles()
    assert await blog.actions() == ["invitation.create", "invitation.revoke"]


async def test_a_long_list_costs_as_many_statements_as_a_short_one(
    blog: Blog, statements: Statements
) -> None:
    for size in (1, 12):
        names = [f"guest{size}{n}" for n in range(size)]
        for name in names:
            await person(blog.database, name, password=None)
        await invite(blog, *[{"username": name, "role": "EDITOR"} for name in names])
        await blog.says("ada", PENDING, id=blog.id)
        with statements(blog.database) as log:
            body = await blog.says("ada", PENDING, id=blog.id, size=12)
        found = body["data"]["publication"]["invites"]["pendingInvites"]
        # The publication, the page and its size, the people.
        assert (len(found["nodes"]), len(log)) == (size, 4)
        await end_invitations(blog)
        async with blog.database.write() as tx:
            await tx.execute(text("delete from invitations"))
