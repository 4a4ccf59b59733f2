"""Members: roles, handing a publication over, privacy, leaving."""

import asyncio

import pytest
from sqlalchemy import text

from tests.members.blog import Blog
from tests.members.test_managing import (
    CHANGE_ROLE,
    CHANGE_VISIBILITY,
    REMOVE,
    TOGGLE_EDITS,
    TOGGLE_LINKS,
)
from tests.signing import PASSWORD, client_of, code_of, person

OWNER = "query($id: ObjectId!) { publication(id: $id) { author { username } } }"
DELETE = "mutation($password: String) { deleteAccount(input: { password: $password }) { dueAt } }"
MEMBERS = """query($id: ObjectId!) { publication(id: $id) {
    members(page: 1, pageSize: 9) { nodes { role user { username } } } } }"""


async def owner_of(blog: Blog) -> str:
    body = await blog.says("public", OWNER, id=blog.id)
    return str(body["data"]["publication"]["author"]["username"])


async def test_a_role_is_changed_both_ways_and_counts_at_once(blog: Blog) -> None:
    for role in ("EDITOR", "EDITOR", "CONTRIBUTOR"):
        given = {"publicationId": blog.id, "username": "CON", "role": role}
        member = (await blog.does("olive", CHANGE_ROLE, **given))["member"]
        assert (member["role"], member["user"]) == (role, {"username": "con"})
        assert (await blog.roles())["con"] == role
    assert await blog.actions() == ["member.role_change"] * 2


@pytest.mark.parametrize("who", ["olive", "ada"])
async def test_a_publication_is_handed_over(blog: Blog, who: str) -> None:
    await blog.says("ed", TOGGLE_LINKS, input=blog.id)
    given = {"publicationId": blog.id, "username": "ed", "role": "OWNER"}
    assert (await blog.does(who, CHANGE_ROLE, **given))["member"]["role"] == "OWNER"
    assert await blog.roles() == {"olive": "EDITOR", "ed": "OWNER", "con": "CONTRIBUTOR"}
    assert await owner_of(blog) == "ed"
    assert await blog.actions() == ["publication.hand_over", "member.role_change"]
    # Both are known as what they are now, with no delay.
    assert code_of(await blog.says("olive", TOGGLE_LINKS, input=blog.id)) == "FORBIDDEN"
    assert "errors" not in await blog.says("ed", TOGGLE_LINKS, input=blog.id)


async def test_a_publication_is_handed_over_to_one_at_a_time(blog: Blog) -> None:
    await blog.says("olive", OWNER, id=blog.id)

    async def hand_over(username: str) -> bool:
        given = {"publicationId": blog.id, "username": username, "role": "OWNER"}
        body = await blog.client.graphql(CHANGE_ROLE, {"input": given})
        return "errors" not in body

    done = await asyncio.gather(*(hand_over(name) for name in ("ed", "con") * 5))
    assert done.count(True) == 1
    roles = await blog.roles()
    [owner] = [name for name, role in roles.items() if role == "OWNER"]
    assert owner in {"ed", "con"}
    assert await owner_of(blog) == owner
    assert roles["olive"] == "EDITOR"


async def test_who_cannot_sign_in_owns_nothing(blog: Blog) -> None:
    await person(blog.database, "gone", deactivated=True)
    async with blog.database.write() as tx:
        await tx.execute(
            text(
                "insert into memberships (id, publication_id, user_id, role)"
                " select 'member_' || substr(id, 6), :pub, id, 'EDITOR' from users"
                " where username = 'gone'"
            ),
            {"pub": blog.id},
        )
        await tx.execute(text("delete from accounts where user_id = :id"), {"id": blog.ids["ed"]})
    before = await blog.state()
    for name in ("gone", "ed"):
        given = {"publicationId": blog.id, "username": name, "role": "OWNER"}
        assert code_of(await blog.says("olive", CHANGE_ROLE, input=given)) == "CONFLICT"
    assert await blog.state() == before


async def test_nobody_becomes_the_owner_who_is_just_leaving(blog: Blog) -> None:
    await blog.says("olive", OWNER, id=blog.id)
    given = {"publicationId": blog.id, "username": "ed", "role": "OWNER"}
    async with client_of(blog.database) as ed:
        await ed.sign_in("ed")
        deleting, handing = await asyncio.gather(
            ed.graphql(DELETE, {"password": PASSWORD}),
            blog.client.graphql(CHANGE_ROLE, {"input": given}),
        )
    assert sorted("errors" in body for body in (deleting, handing)) == [False, True]
    failed = deleting if "errors" in deleting else handing
    assert code_of(failed) == "CONFLICT"
    assert await owner_of(blog) == ("ed" if failed is deleting else "olive")


@pytest.mark.parametrize("who", ["olive", "ada"])
async def test_the_owner_stays_the_owner(blog: Blog, who: str) -> None:
    before = await blog.state()
    given = {"publicationId": blog.id, "username": "olive"}
    for role in ("EDITOR", "CONTRIBUTOR"):
        body = await blog.says(who, CHANGE_ROLE, input={**given, "role": role})
        assert code_of(body) == "CONFLICT"
    assert code_of(await blog.says(who, REMOVE, input=given)) == "CONFLICT"
    await blog.does(who, CHANGE_ROLE, **given, role="OWNER")
    assert await blog.state() == before
    assert await blog.actions() == []


@pytest.mark.parametrize("name", ["sam", "nobody"])
async def test_who_is_no_member_is_not_found(blog: Blog, name: str) -> None:
    given = {"publicationId": blog.id, "username": name}
    for query, more in (
        (CHANGE_ROLE, {"role": "OWNER"}),
        (CHANGE_VISIBILITY, {"privacyState": "PUBLIC"}),
        (REMOVE, {}),
    ):
        assert code_of(await blog.says("olive", query, input={**given, **more})) == "NOT_FOUND"


@pytest.mark.parametrize("who", ["olive", "ada", "con"])
async def test_a_member_is_taken_out_or_leaves(blog: Blog, who: str) -> None:
    await blog.says("con", MEMBERS, id=blog.id)
    given = {"publicationId": blog.id, "username": "con"}
    member = (await blog.does(who, REMOVE, **given))["member"]
    assert (member["role"], member["user"]) == ("CONTRIBUTOR", {"username": "con"})
    assert await blog.roles() == {"olive": "OWNER", "ed": "EDITOR"}
    assert await blog.actions() == ["member.remove"]
    assert code_of(await blog.says(who, REMOVE, input=given)) == "NOT_FOUND"


async def test_who_has_left_may_do_nothing_there_at_once(blog: Blog) -> None:
    given = {"publicationId": blog.id, "username": "ed", "privacyState": "PRIVATE"}
    await blog.does("ed", CHANGE_VISIBILITY, **given)
    await blog.does("olive", REMOVE, publicationId=blog.id, username="ed")
    assert code_of(await blog.says("ed", CHANGE_VISIBILITY, input=given)) == "NOT_FOUND"


@pytest.mark.parametrize("who", ["olive", "ada", "ed"])
async def test_a_private_member_is_known_to_members_only(blog: Blog, who: str) -> None:
    given = {"publicationId": blog.id, "username": "ed", "privacyState": "PRIVATE"}
    member = (await blog.does(who, CHANGE_VISIBILITY, **given))["member"]
    assert (member["privacyState"], member["role"]) == ("PRIVATE", "EDITOR")

    async def known(viewer: str) -> set[str]:
        body = await blog.says(viewer, MEMBERS, id=blog.id)
        nodes = body["data"]["publication"]["members"]["nodes"]
        return {each["user"]["username"] for each in nodes}

    assert await known("public") == {"olive", "con"}
    assert await known("con") == {"olive", "con", "ed"}
    await blog.does(who, CHANGE_VISIBILITY, **{**given, "privacyState": "PUBLIC"})
    assert await known("public") == {"olive", "con", "ed"}
    assert await blog.actions() == ["member.visibility_change"] * 2


async def test_contributors_texts_are_opened_to_editors_and_closed(blog: Blog) -> None:
    for allowed in (True, False):
        payload = await blog.does("olive", TOGGLE_EDITS, publicationId=blog.id)
        assert payload == {"publication": {"id": blog.id, "allowContributorEdits": allowed}}
    assert await blog.actions() == ["publication.contributor_edits"] * 2
