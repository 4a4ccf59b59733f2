"""Nobody changes what is not theirs: each mutation, at the objects of others, by each kind of viewer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from sqlalchemy import update
from strawberry.types import get_object_definition
from strawberry.utils.str_converters import to_camel_case

from db.database import Database
from db.ids import new_id
from db.models.account import Account
from db.models.key import ApiKey
from db.models.publication import Membership
from db.models.session import Session
from db.models.user import User
from db.viewer import Viewer
from identity import opaque
from resolvers.permissions import ApiScope, CanManageMembers, Permission
from resolvers.schema import Mutation
from tests.dumping import dumped
from tests.loaders import rows
from tests.loaders.rows import numbered
from tests.resolvers.hidden_rows.blog import (
    BLOG,
    HIDDEN,
    INVITED,
    LINK,
    OTHER,
    hidden,
    seen,
    store,
)
from tests.signing import HASHER, PASSWORD, Client, client_of, code_of

MORE: Final = {
    name: rows.user(name, email=f"{name}@masthead.test", role=role)
    for name, role in {"cat": "USER", "stan": "USER", "dan": "USER", "ada": "SUPERUSER"}.items()
}
"""Another contributor, somebody with no publication, somebody disabled, and an administrator."""

IDS: Final = {
    **{name: user["id"] for name, user in MORE.items()},
    **{name: numbered("user", n) for n, name in enumerate(("olive", "ed", "con", "sam"))},
}
EVERY: Final = frozenset(scope.name for scope in ApiScope)


@dataclass(frozen=True)
class Attacker:
    """A person, with their role in the publication; with `scopes`, a key that acts for them.

    With `elsewhere`, the key is for another publication.
    """

    username: str
    role: str | None = None
    scopes: frozenset[str] | None = None
    elsewhere: bool = False

    @property
    def manages(self) -> bool:
        """Whether all publications are theirs to manage."""
        return self.username == "ada" and self.scopes is None

    @property
    def viewer(self) -> Viewer:
        """As the permission classes see them."""
        return Viewer(
            IDS[self.username],
            is_admin=self.manages,
            publication_id=OTHER["id"] if self.elsewhere else None,
            roles={BLOG["id"]: self.role} if self.role else {},
            scopes=self.scopes,
            key_id="key" if self.scopes else None,
            session_id=None if self.scopes else "session",
            proven_at=datetime.now(UTC),
        )


def key_of(username: str, role: str, *scopes: str) -> Attacker:
    return Attacker(username, role, frozenset(scopes))


ATTACKERS: Final[Mapping[str, Attacker | None]] = {
    "the public": None,
    "a stranger": Attacker("stan"),
    "a contributor": Attacker("cat", "CONTRIBUTOR"),
    "an editor": Attacker("ed", "EDITOR"),
    "the owner of another publication": Attacker("sam"),
    "somebody disabled": Attacker("dan"),
    "an administrator": Attacker("ada"),
    **{
        f"the owner's key with {scope}": key_of("olive", "OWNER", scope)
        for scope in sorted(EVERY - {"MEMBERS_WRITE"})
    },
    "an editor's key with MEMBERS_WRITE": key_of("ed", "EDITOR", "MEMBERS_WRITE"),
    "an editor's key with everything": key_of("ed", "EDITOR", *EVERY),
    "the owner's key for another publication": Attacker("olive", None, EVERY, elsewhere=True),
    "an administrator's key for another publication": Attacker("ada", None, EVERY, elsewhere=True),
}

THEIRS: Final = {"publicationId": BLOG["id"]}
MEMBER: Final = {**THEIRS, "username": "con"}
INVITATION: Final = {**THEIRS, "inviteId": numbered("invite", HIDDEN)}
OF_LINK: Final = {**THEIRS, "inviteId": numbered("invitelink", HIDDEN)}
FORGED: Final = {"token": "x" * 43}
SIGNED: Final = {**FORGED, "credential": {}}

ATTACKS: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "revokeSession": ("NOT_FOUND", {"id": numbered("session", HIDDEN)}),
    "revokeApiKey": ("NOT_FOUND", {"id": numbered("key", HIDDEN)}),
    "renamePasskey": ("NOT_FOUND", {"id": numbered("passkey", HIDDEN), "name": "Mine"}),
    "removePasskey": ("NOT_FOUND", {"id": numbered("passkey", HIDDEN)}),
    "unlinkIdentity": ("NOT_FOUND", {"id": numbered("identity", HIDDEN)}),
    "createApiKey": ("FORBIDDEN", {**THEIRS, "name": "x", "scopes": ["ADMIN"]}),
    "updateProfile": ("CONFLICT", {"username": "CON"}),
    "inviteUsersToPublication": (
        "FORBIDDEN",
        {**THEIRS, "users": [{"username": "stan", "role": "EDITOR"}]},
    ),
    "reinviteUserToPublication": ("FORBIDDEN", INVITATION),
    "revokeUserInviteToPublication": ("FORBIDDEN", INVITATION),
    "acceptInviteToPublication": ("NOT_FOUND", {"inviteToken": INVITED}),
    "createRoleBasedInviteForPublication": (
        "FORBIDDEN",
        {**THEIRS, "role": "EDITOR", "capacity": 1},
    ),
    "updateRoleBasedInvite": ("FORBIDDEN", {**OF_LINK, "role": "CONTRIBUTOR"}),
    "deleteRoleBasedInvite": ("FORBIDDEN", OF_LINK),
    "acceptRoleBasedInvite": ("NOT_FOUND", {"inviteToken": LINK}),
    "toggleRoleBasedInviteLinks": ("FORBIDDEN", THEIRS),
    "changePublicationMemberRole": ("FORBIDDEN", {**MEMBER, "role": "EDITOR"}),
    "changePublicationMemberVisibility": ("FORBIDDEN", {**MEMBER, "privacyState": "PUBLIC"}),
    "removePublicationMember": ("FORBIDDEN", MEMBER),
    "toggleAllowContributorEdits": ("FORBIDDEN", THEIRS),
    # With what only the other has, or nobody.
    "refreshSession": ("UNAUTHENTICATED", {"refreshToken": "x" * 43}),
    "resumeSignIn": ("UNAUTHENTICATED", FORGED),
    "completeSignIn": ("UNAUTHENTICATED", {**FORGED, "totpCode": "000000"}),
    "finishPasskeySignIn": ("UNAUTHENTICATED", SIGNED),
    "finishPasskeyRegistration": ("BAD_USER_INPUT", {**SIGNED, "name": "Mine"}),
    "confirmTotp": ("NOT_FOUND", {"code": "000000"}),
    "stepUp": ("BAD_USER_INPUT", {"password": "wrong"}),
    "changePassword": (
        "BAD_USER_INPUT",
        {"currentPassword": "wrong", "newPassword": "another horse battery"},
    ),
    "changeEmail": ("BAD_USER_INPUT", {"email": "con@masthead.test", "password": "wrong"}),
    "deleteAccount": ("BAD_USER_INPUT", {"password": "wrong", "whatHappensToPosts": "KEEP"}),
    "resetPassword": ("BAD_USER_INPUT", {**FORGED, "newPassword": "another horse battery"}),
    "verifyEmail": ("BAD_USER_INPUT", FORGED),
}
"""The input by which each mutation is to reach what belongs to others, and what comes of it."""

THEIR_OWN: Final = {
    "con": ["renamePasskey", "removePasskey", "unlinkIdentity", "revokeApiKey", "revokeSession"],
    "olive": [
        name
        for name, (_, given) in ATTACKS.items()
        if "publicationId" in given and name != "createApiKey"
    ],
}
"""What those do by the same inputs whose objects they are."""

OWN: Final = {
    "disableTotp",
    "exportMyData",
    "regenerateRecoveryCodes",
    "setUpTotp",
    "signOut",
    "signOutEverywhere",
    "startPasskeyRegistration",
    "startPasskeySignIn",
    "startPasskeyStepUp",
}
"""These name nobody, and so reach nobody but the viewer."""

OPEN: Final = {
    "requestPasswordReset",
    "signIn",
    "signUp",
    "subscribeToNewsletter",
    "unsubscribeFromNewsletter",
}
"""These take an address, and are for everybody: tests of their own say what they tell and change."""

TYPE: Final = "{ __typename }"

FIELDS: Final = {
    to_camel_case(field.python_name): field
    for field in get_object_definition(Mutation, strict=True).fields
}


@pytest.fixture
async def stored(database: Database) -> Database:
    """Everything that somebody may want to have of others."""
    await store(database, seen() + hidden())
    member = {"role": "CONTRIBUTOR", "user_id": IDS["cat"], "publication_id": BLOG["id"]}
    elsewhere = {"user_id": IDS["ada"], "publication_id": OTHER["id"]}
    await rows.add(
        database,
        (User, list(MORE.values())),
        (Account, [{"user_id": each["id"]} for each in MORE.values()]),
        (Membership, [{"id": new_id("member"), **member, **more} for more in ({}, elsewhere)]),
    )
    async with database.write() as tx:
        await tx.execute(update(Account).values(password_hash=await HASHER.hash(PASSWORD)))
    return database


async def key_for(database: Database, attacker: Attacker) -> str:
    """A new key, whose use is not to be noted."""
    key = opaque.new_key()
    row = {
        "id": new_id("key"),
        "user_id": IDS[attacker.username],
        "publication_id": OTHER["id"] if attacker.elsewhere else None,
        "name": "x",
        "public": key.public,
        "digest": opaque.digest(key.secret),
        "scopes": sorted(attacker.scopes or ()),
        "used_at": datetime(2100, 1, 1, tzinfo=UTC),
    }
    await rows.add(database, (ApiKey, [row]))
    return str(key)


async def arm(database: Database, client: Client, attacker: Attacker | None) -> None:
    """Gives the client the attacker's credentials."""
    if attacker is None:
        return
    if attacker.scopes is None:
        await client.enter(database, IDS[attacker.username])
    else:
        client.headers["Authorization"] = f"Bearer {await key_for(database, attacker)}"
    if attacker.username == "dan":
        async with database.write() as tx:
            own = Account.user_id == IDS["dan"]
            await tx.execute(update(Account).where(own).values(disabled_at=datetime.now(UTC)))


def query_of(name: str) -> str:
    if name == "toggleRoleBasedInviteLinks":
        return f"mutation($publicationId: ID!) {{ {name}(publicationId: $publicationId) {TYPE} }}"
    return f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {TYPE} }}"


def expected(name: str, attacker: Attacker | None) -> str:
    """The code of the first permission that is denied, or else of the attack's failure."""
    code, given = ATTACKS[name]
    if attacker is not None and attacker.username == "dan":
        return "UNAUTHENTICATED"
    viewer = attacker.viewer if attacker else None
    for permission in FIELDS[name].permission_classes:
        assert issubclass(permission, Permission)
        if permission is not CanManageMembers and not permission().allows(viewer):
            return permission.error.code
    is_unknown = attacker is not None and attacker.elsewhere and "publicationId" in given
    return "NOT_FOUND" if is_unknown else code


def variables_of(name: str) -> dict[str, Any]:
    _, given = ATTACKS[name]
    return given if name == "toggleRoleBasedInviteLinks" else {"input": given}


async def attacked(client: Client, name: str) -> str:
    body = await client.graphql(query_of(name), variables_of(name))
    assert body.get("data") is None, (name, body)
    return code_of(body)


async def state(database: Database) -> dict[str, str]:
    """All that there is, but for what is noted of attempts."""
    tables = await dumped(database)
    return {name: tables[name] for name in tables.keys() - {"audit_events", "lockouts"}}


def attacks_of(attacker: Attacker | None) -> list[str]:
    may_manage = attacker is not None and attacker.manages
    return [name for name in ATTACKS if not (may_manage and name in THEIR_OWN["olive"])]


async def test_nobody_changes_what_belongs_to_others(stored: Database) -> None:
    for number, (who, attacker) in enumerate(ATTACKERS.items()):
        names = attacks_of(attacker)
        async with client_of(stored, address=f"192.0.2.{number}") as client:
            await arm(stored, client, attacker)
            before = await state(stored)
            codes = {(name, await attacked(client, name)) for name in names}
            assert (who, await state(stored)) == (who, before)
        assert (who, codes) == (who, {(name, expected(name, attacker)) for name in names})


async def test_what_names_nobody_changes_nothing_of_others(stored: Database) -> None:
    others = [IDS["con"], IDS["olive"], BLOG["id"]]
    async with client_of(stored) as client:
        before = [await dumped(stored, naming=each) for each in others]
        for name in sorted(OWN):
            await client.enter(stored, IDS["stan"])
            body = await client.graphql(f"mutation {{ {name} {TYPE} }}")
            assert "errors" not in body or code_of(body) in {"NOT_FOUND", "CONFLICT"}, (name, body)
        assert [await dumped(stored, naming=each) for each in others] == before


@pytest.mark.parametrize("who", ["con", "olive"])
async def test_those_whose_it_is_do_all_of_that(stored: Database, who: str) -> None:
    """Otherwise the attacks above might fail for being badly put."""
    async with client_of(stored) as client:
        await client.enter(stored, IDS[who])
        async with stored.write() as tx:
            await tx.execute(update(Session).values(strong=True))
        for name in THEIR_OWN[who]:
            before = await state(stored)
            body = await client.graphql(query_of(name), variables_of(name))
            assert "errors" not in body, (name, body)
            assert await state(stored) != before, name


def test_every_mutation_is_tried() -> None:
    assert FIELDS.keys() == ATTACKS.keys() | OWN | OPEN
    assert len(FIELDS) == len(ATTACKS) + len(OWN) + len(OPEN)


def test_what_is_said_to_name_nobody_has_no_input_that_could() -> None:
    named = {name for name in OWN if FIELDS[name].arguments}
    # Where the export goes on.
    assert named == {"exportMyData"}
