"""A mutation answers for a hidden row as for one that never was, and changes nothing."""

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from sqlalchemy import update

from db.database import Database
from db.models.account import Account
from db.viewer import Viewer
from tests.conftest import Statements
from tests.dumping import dumped
from tests.loaders.rows import numbered
from tests.resolvers.hidden_rows.asking import asked
from tests.resolvers.hidden_rows.blog import (
    BLOG,
    HIDDEN,
    INVITED,
    LINK,
    NEVER,
    OTHER,
    OUTSIDERS,
    hidden,
    seen,
    store,
)
from tests.resolvers.hidden_rows.selections import GRAPHQL, arguments_that_name, selection
from tests.signing import HASHER, PASSWORD

EMAIL, NOBODYS = "con@masthead.test", "nobody@masthead.test"


@dataclass(frozen=True)
class Case:
    """The argument that names a hidden row, or one that never was, and the rest of the input.

    `code` is that of both answers' error; None where both succeed.
    """

    argument: str
    hidden: str
    never: str
    code: str | None
    rest: dict[str, Any] = field(default_factory=dict)

    def query(self) -> str:
        name, _, _ = self.argument.partition("(")
        kind = f"{name[0].upper()}{name[1:]}Input!"
        payload = selection(GRAPHQL.type_map[f"{name[0].upper()}{name[1:]}Payload"], 2)
        return f"mutation($input: {kind}) {{ {name}(input: $input) {{ {payload} }} }}"

    def input(self, value: str) -> dict[str, Any]:
        """The input with this value in the argument's place."""
        whole = {"input": deepcopy(self.rest)}
        *above, last = self.argument.rstrip(")").partition("(")[2].split(".")
        place: Any = whole
        for name in above:
            place = place[name]
            place = place[0] if isinstance(place, list) else place
        place[last] = value
        return whole


def by_id(argument: str, prefix: str, **rest: Any) -> Case:
    return Case(argument, numbered(prefix, HIDDEN), numbered(prefix, NEVER), "NOT_FOUND", rest)


OURS: Final = {"publicationId": OTHER["id"]}
THEIRS: Final = {"publicationId": BLOG["id"]}
INVITEE: Final = {**OURS, "users": [{"role": "EDITOR"}]}
OF_MEMBER: Final = {
    "changePublicationMemberRole(input.username)": {"role": "EDITOR"},
    "changePublicationMemberVisibility(input.username)": {"privacyState": "PUBLIC"},
    "removePublicationMember(input.username)": {},
}

CASES: Final = [
    by_id("revokeSession(input.id)", "session"),
    by_id("revokeApiKey(input.id)", "key"),
    by_id("renamePasskey(input.id)", "passkey", name="Mine"),
    by_id("removePasskey(input.id)", "passkey"),
    by_id("unlinkIdentity(input.id)", "identity"),
    by_id("reinviteUserToPublication(input.inviteId)", "invite", **OURS),
    by_id("revokeUserInviteToPublication(input.inviteId)", "invite", **OURS),
    by_id("updateRoleBasedInvite(input.inviteId)", "invitelink", role="EDITOR", **OURS),
    by_id("deleteRoleBasedInvite(input.inviteId)", "invitelink", **OURS),
    Case("acceptInviteToPublication(input.inviteToken)", INVITED, "nothing", "NOT_FOUND"),
    Case("acceptRoleBasedInvite(input.inviteToken)", LINK, "nothing", "NOT_FOUND"),
    # Members of our own publication, and of one that others own.
    *[Case(each, "con", "nobody", "NOT_FOUND", OURS | rest) for each, rest in OF_MEMBER.items()],
    *[Case(each, "con", "nobody", "FORBIDDEN", THEIRS | rest) for each, rest in OF_MEMBER.items()],
    # Whether an address has an account, an invitation or a subscription.
    Case("signIn(input.email)", EMAIL, NOBODYS, "UNAUTHENTICATED", {"password": "wrong"}),
    Case(
        "signUp(input.email)",
        EMAIL,
        NOBODYS,
        None,
        {"password": PASSWORD, "name": "New", "username": "new"},
    ),
    Case("requestPasswordReset(input.email)", EMAIL, NOBODYS, None),
    Case("changeEmail(input.email)", EMAIL, NOBODYS, None, {"password": PASSWORD}),
    Case("inviteUsersToPublication(input.users.email)", EMAIL, NOBODYS, None, INVITEE),
    Case(
        "inviteUsersToPublication(input.users.email)",
        "new@masthead.test",
        "never@masthead.test",
        None,
        INVITEE,
    ),
    Case("subscribeToNewsletter(input.email)", "reader@masthead.test", NOBODYS, None, THEIRS),
    Case("unsubscribeFromNewsletter(input.email)", "reader@masthead.test", NOBODYS, None, THEIRS),
]


@pytest.fixture
async def stored(database: Database) -> Database:
    await store(database, seen())
    await store(database, hidden())
    async with database.write() as tx:
        await tx.execute(update(Account).values(password_hash=await HASHER.hash(PASSWORD)))
    return database


def stranger() -> Viewer:
    """Somebody who owns another publication, and has just proven who they are."""
    viewer = OUTSIDERS["a stranger"]
    assert viewer is not None
    return replace(viewer, proven_at=datetime.now(UTC))


async def test_a_hidden_row_is_answered_as_one_that_never_was(
    stored: Database, statements: Statements
) -> None:
    for n, case in enumerate(CASES):
        before = await dumped(stored)
        never, found = [
            await asked(stored, statements, stranger(), case.query(), case.input(value), address)
            for value, address in (
                (case.never, f"192.0.2.{2 * n}"),
                (case.hidden, f"192.0.2.{2 * n + 1}"),
            )
        ]
        assert found == never, case
        assert found.statements, case
        codes = [error["extensions"]["code"] for error in found.errors]
        assert codes == ([case.code] if case.code else []), case
        if case.code:
            after = await dumped(stored)
            changed = {name for name in after if after[name] != before[name]}
            assert changed <= {"audit_events", "lockouts"}, case


EVERYBODYS: Final = {
    "createApiKey(input.publicationId)",
    "inviteUsersToPublication(input.publicationId)",
    "inviteUsersToPublication(input.users.username)",
    "reinviteUserToPublication(input.publicationId)",
    "revokeUserInviteToPublication(input.publicationId)",
    "createRoleBasedInviteForPublication(input.publicationId)",
    "updateRoleBasedInvite(input.publicationId)",
    "deleteRoleBasedInvite(input.publicationId)",
    "toggleRoleBasedInviteLinks(publicationId)",
    "changePublicationMemberRole(input.publicationId)",
    "changePublicationMemberVisibility(input.publicationId)",
    "removePublicationMember(input.publicationId)",
    "toggleAllowContributorEdits(input.publicationId)",
    "subscribeToNewsletter(input.publicationId)",
    "unsubscribeFromNewsletter(input.publicationId)",
    "updateProfile(input.username)",
    "signUp(input.username)",
    "verifyEmail(input.username)",
}
"""Names of publications and people, who are hidden from nobody."""

SECRETS: Final = {
    "signIn(input.password)",
    "refreshSession(input.refreshToken)",
    "resumeSignIn(input.token)",
    "completeSignIn(input.token)",
    "completeSignIn(input.totpCode)",
    "completeSignIn(input.recoveryCode)",
    "completeSignIn(input.passkey)",
    "stepUp(input.password)",
    "stepUp(input.totpCode)",
    "stepUp(input.recoveryCode)",
    "stepUp(input.passkey.token)",
    "stepUp(input.passkey.credential)",
    "confirmTotp(input.code)",
    "finishPasskeyRegistration(input.token)",
    "finishPasskeyRegistration(input.credential)",
    "finishPasskeySignIn(input.token)",
    "finishPasskeySignIn(input.credential)",
    "changePassword(input.currentPassword)",
    "deleteAccount(input.password)",
    "changeEmail(input.password)",
    "resetPassword(input.token)",
    "verifyEmail(input.token)",
    "verifyEmail(input.password)",
    # That another link has this token is told: who knows a token can join by it anyway.
    "createRoleBasedInviteForPublication(input.inviteToken)",
}
"""What proves that somebody may know: it cannot be guessed."""

OWN: Final = {
    "finishPasskeyRegistration(input.name)",
    "renamePasskey(input.name)",
    "changePassword(input.newPassword)",
    "resetPassword(input.newPassword)",
    "createApiKey(input.name)",
    "updateProfile(input.name)",
    "updateProfile(input.tagline)",
    "updateProfile(input.bio)",
    "updateProfile(input.location)",
    "updateProfile(input.availableFor)",
    "updateProfile(input.profilePicture)",
    *(
        f"updateProfile(input.socialMediaLinks.{network})"
        for network in GRAPHQL.type_map["SocialMediaLinksInput"].fields  # type: ignore[attr-defined]
    ),
    "exportMyData(input.after)",
    "signUp(input.password)",
    "signUp(input.name)",
}
"""What the viewer says of themselves, and a place in what is theirs."""


def test_every_argument_is_known() -> None:
    assert GRAPHQL.mutation_type is not None
    given = arguments_that_name([GRAPHQL.mutation_type])
    looked_at = {case.argument for case in CASES}
    assert {each.removeprefix("Mutation.") for each in given} == (
        looked_at | EVERYBODYS | SECRETS | OWN
    )
    assert not looked_at & (EVERYBODYS | SECRETS | OWN)
