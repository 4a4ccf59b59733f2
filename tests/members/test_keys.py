"""What keys that act for people may not do, and both executors at the lists of invitations."""

from typing import Any

import pytest

from db.viewer import Client, Viewer
from engine import Engine
from resolvers.context import Exchange, make_context
from resolvers.schema import schema
from tests.members.blog import Blog
from tests.members.test_managing import CREATE_LINK, INVITE, MUTATIONS, TOGGLE_LINKS
from tests.signing import authority_on

ENGINE = Engine(schema)
INVITES = """query($id: ObjectId!) { publication(id: $id) { invites {
    areRoleBasedInviteLinksActive
    pendingInvites(page: 1, pageSize: 9) { totalDocuments pageInfo { hasNextPage }
        nodes { __typename id email role createdAt expiresAt user { username } } }
    roleBasedInvites(page: 1, pageSize: 9) { totalDocuments pageInfo { hasNextPage }
        nodes { __typename id role capacity usedCapacity isUnlimitedCapacity expiryDate createdAt
            inviteLink } } } } }"""
ALONE = {
    "acceptInviteToPublication": '(input: { inviteToken: "x" }) { success }',
    "acceptRoleBasedInvite": '(input: { inviteToken: "x" }) { success }',
    "deleteAccount": '(input: { password: "x" }) { dueAt }',
    "exportMyData": " { data }",
}


async def run(blog: Blog, viewer: Viewer, query: str, **variables: Any) -> Any:
    """The result, the same by stock Strawberry and by the engine where nothing is changed."""

    def context() -> Any:
        return make_context(
            blog.database, viewer, Exchange(Client("test")), authority_on(blog.database)
        )

    result = await ENGINE.execute(query, variables, context=context())
    if query.startswith("query"):
        stock = await schema.execute(query, variables, context_value=context())
        assert (stock.data, stock.errors) == (result.data, result.errors or None)
    return result


@pytest.fixture
async def filled(blog: Blog) -> Blog:
    users = [{"username": "sam", "role": "EDITOR"}, {"email": "a@b.test", "role": "CONTRIBUTOR"}]
    await blog.does("olive", INVITE, publicationId=blog.id, users=users)
    await blog.does("olive", CREATE_LINK, publicationId=blog.id, role="EDITOR", capacity=3)
    return blog


async def test_an_owner_sees_all_of_it_and_a_key_no_link(filled: Blog) -> None:
    roles = {filled.id: "OWNER"}
    person, key = (
        Viewer(filled.ids["olive"], roles=roles, key_id=key_id) for key_id in (None, "key_1")
    )
    seen = (await run(filled, person, INVITES, id=filled.id)).data["publication"]["invites"]
    assert seen["areRoleBasedInviteLinksActive"] is True
    assert {
        (each["email"], (each["user"] or {}).get("username"), each["role"])
        for each in seen["pendingInvites"]["nodes"]
    } == {("a@b.test", None, "CONTRIBUTOR"), (None, "sam", "EDITOR")}
    [link] = seen["roleBasedInvites"]["nodes"]
    assert link["inviteLink"].startswith("http://masthead.test/invitations/join?token=")
    body = await run(filled, key, INVITES, id=filled.id)
    link["inviteLink"] = None
    assert body.data["publication"]["invites"] == seen


async def test_a_key_for_another_publication_manages_nothing_here(filled: Blog) -> None:
    for is_admin in (False, True):
        viewer = Viewer(
            filled.ids["olive"],
            is_admin=is_admin,
            publication_id=filled.other,
            roles={filled.id: "OWNER"},
            key_id="key_1",
        )
        result = await run(filled, viewer, INVITES, id=filled.id)
        assert result.data == {"publication": {"invites": None}}
        before = await filled.state()
        for query, given in MUTATIONS.values():
            base = {**given, "publicationId": filled.id}
            input = filled.id if query == TOGGLE_LINKS else base
            [error] = (await run(filled, viewer, query, input=input)).errors
            assert error.original_error.code in {"FORBIDDEN", "NOT_FOUND"}
        assert await filled.state() == before


@pytest.mark.parametrize("mutation", ALONE)
async def test_what_people_do_in_person_a_key_does_not(filled: Blog, mutation: str) -> None:
    viewer = Viewer(filled.ids["sam"], key_id="key_1")
    [error] = (await run(filled, viewer, f"mutation {{ {mutation}{ALONE[mutation]} }}")).errors
    assert error.original_error.code == "FORBIDDEN"
