"""Who may manage the members of a publication: everything else is denied, and changes nothing."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.members.blog import NO_MANAGERS, PUBLIC, Blog
from tests.signing import code_of

INVITE = """mutation($input: InviteUsersToPublicationInput!) { inviteUsersToPublication(input: $input)
    { success successfulInviteCount failedInvites { email username errorMessage } } }"""
REINVITE = """mutation($input: ReinviteUserToPublicationInput!) {
    reinviteUserToPublication(input: $input) { success } }"""
REVOKE = """mutation($input: RevokeUserInviteToPublicationInput!) {
    revokeUserInviteToPublication(input: $input) { success } }"""
LINK = (
    "invite { id capacity usedCapacity isUnlimitedCapacity expiryDate inviteLink role createdAt }"
)
CREATE_LINK = f"""mutation($input: CreateRoleBasedInviteForPublicationInput!) {{
    createRoleBasedInviteForPublication(input: $input) {{ {LINK} }} }}"""
UPDATE_LINK = f"""mutation($input: UpdateRoleBasedInviteInput!) {{
    updateRoleBasedInvite(input: $input) {{ {LINK} }} }}"""
DELETE_LINK = f"""mutation($input: DeleteRoleBasedInviteInput!) {{
    deleteRoleBasedInvite(input: $input) {{ {LINK} }} }}"""
TOGGLE_LINKS = """mutation($input: ID!) { toggleRoleBasedInviteLinks(publicationId: $input)
    { areRoleBasedInviteLinksActive } }"""
TOGGLE_EDITS = """mutation($input: ToggleAllowContributorEditsInput!) {
    toggleAllowContributorEdits(input: $input) { publication { id allowContributorEdits } } }"""
MEMBER = "member { id role privacyState user { username } }"
CHANGE_ROLE = f"""mutation($input: ChangePublicationMemberRoleInput!) {{
    changePublicationMemberRole(input: $input) {{ {MEMBER} }} }}"""
CHANGE_VISIBILITY = f"""mutation($input: ChangePublicationMemberVisibilityInput!) {{
    changePublicationMemberVisibility(input: $input) {{ {MEMBER} }} }}"""
REMOVE = f"""mutation($input: RemovePublicationMemberInput!) {{
    removePublicationMember(input: $input) {{ {MEMBER} }} }}"""

# What each mutation is asked for; IDS stands for the invitation, LINK for the link that there are.
MUTATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "invite": (INVITE, {"users": [{"email": "new@else.test", "role": "EDITOR"}]}),
    "reinvite": (REINVITE, {"inviteId": "INVITATION"}),
    "revoke": (REVOKE, {"inviteId": "INVITATION"}),
    "create_link": (CREATE_LINK, {"role": "EDITOR", "capacity": 3}),
    "update_link": (UPDATE_LINK, {"inviteId": "LINK", "capacity": 9}),
    "delete_link": (DELETE_LINK, {"inviteId": "LINK"}),
    "toggle_links": (TOGGLE_LINKS, {}),
    "toggle_edits": (TOGGLE_EDITS, {}),
    "change_role": (CHANGE_ROLE, {"username": "con", "role": "EDITOR"}),
    "hand_over": (CHANGE_ROLE, {"username": "ed", "role": "OWNER"}),
    "hide": (CHANGE_VISIBILITY, {"username": "con", "privacyState": "PRIVATE"}),
    "remove": (REMOVE, {"username": "con"}),
}
OWN = {"hide", "remove"}
"""What contributor con may do, for it is about con."""


@pytest.fixture
async def ids(blog: Blog) -> dict[str, str]:
    """An invitation of two minutes ago, and a link."""
    await blog.does(
        "olive", INVITE, publicationId=blog.id, users=[{"username": "sam", "role": "EDITOR"}]
    )
    made = await blog.does(
        "olive", CREATE_LINK, publicationId=blog.id, role="CONTRIBUTOR", capacity=5
    )
    async with blog.database.write() as tx:
        earlier = (
            "update invitations set expires_at = expires_at - interval '2 minutes' returning id"
        )
        invitation = str((await tx.execute(text(earlier))).scalar_one())
    return {"INVITATION": invitation, "LINK": made["invite"]["id"]}


async def asked(
    blog: Blog, who: str, name: str, ids: dict[str, str], publication_id: str
) -> dict[str, Any]:
    query, given = MUTATIONS[name]
    if name == "toggle_links":
        return await blog.says(who, query, input=publication_id)
    filled = {key: ids.get(str(value), value) for key, value in given.items()}
    return await blog.says(who, query, input={**filled, "publicationId": publication_id})


@pytest.mark.parametrize("who", NO_MANAGERS)
async def test_who_does_not_manage_changes_nothing(
    blog: Blog, ids: dict[str, str], who: str
) -> None:
    before = await blog.state()
    for name in MUTATIONS:
        if who == "con" and name in OWN:
            continue
        body = await asked(blog, who, name, ids, blog.id)
        assert (name, code_of(body), body["data"]) == (name, NO_MANAGERS[who], None)
    assert await blog.state() == before


@pytest.mark.parametrize("name", MUTATIONS)
@pytest.mark.parametrize("who", ["olive", "ada"])
async def test_who_manages_may_do_everything(
    blog: Blog, ids: dict[str, str], who: str, name: str
) -> None:
    before = await blog.state()
    body = await asked(blog, who, name, ids, blog.id)
    assert "errors" not in body, body
    assert await blog.state() != before


@pytest.mark.parametrize("who", ["con", "sam", "olive", "ada"])
async def test_an_unknown_publication_is_not_found(
    blog: Blog, ids: dict[str, str], who: str
) -> None:
    before = await blog.state()
    for name in MUTATIONS:
        body = await asked(blog, who, name, ids, "pub_0190a000-0000-7000-8000-00000000ffff")
        assert (name, code_of(body)) == (name, "NOT_FOUND")
    assert await blog.state() == before


async def test_a_manager_reaches_nothing_of_another_publication(
    blog: Blog, ids: dict[str, str]
) -> None:
    before = await blog.state()
    for name in ("reinvite", "revoke", "update_link", "delete_link", "change_role", "remove"):
        body = await asked(blog, "otto", name, ids, blog.other)
        assert (name, code_of(body)) == (name, "NOT_FOUND")
    assert await blog.state() == before


async def test_a_role_that_was_lost_meanwhile_is_good_for_nothing(
    blog: Blog, ids: dict[str, str]
) -> None:
    assert (await asked(blog, "olive", "toggle_edits", ids, blog.id)).get("errors") is None
    async with blog.database.write() as tx:
        await tx.execute(text("update memberships set role = 'EDITOR' where role = 'OWNER'"))
    before = await blog.state()
    # The server remembers her role for some seconds, the transaction does not.
    assert code_of(await asked(blog, "olive", "invite", ids, blog.id)) == "FORBIDDEN"
    assert await blog.state() == before


@pytest.mark.parametrize("who", [PUBLIC, "sam", "con", "ed", "otto"])
async def test_invitations_are_shown_to_nobody_else(
    blog: Blog, ids: dict[str, str], who: str
) -> None:
    query = """query($id: ObjectId!, $ids: [ID!]!) {
        publication(id: $id) { invites { areRoleBasedInviteLinksActive
            pendingInvites(page: 1, pageSize: 9) { totalDocuments nodes { id } } } }
        nodes(ids: $ids) { id } }"""
    body = await blog.says(who, query, id=blog.id, ids=list(ids.values()))
    assert body == {"data": {"publication": {"invites": None}, "nodes": [None, None]}}
