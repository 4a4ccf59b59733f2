"""People at identity providers: signing in by what a provider says, linking, unlinking."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from content import slugify
from db.errors import Conflict, DomainError, Invalid, NotFound, StepUpRequired
from db.ids import new_id
from db.models.account import Account, Identity
from db.models.factor import Passkey
from db.models.user import User
from db.viewer import Client, Viewer
from db.viewers import may_act, may_sign_in
from db.writes import audit
from db.writes.accounts.notices import notify
from db.writes.accounts.recovery import has_factor
from db.writes.accounts.sessions import prove_again
from db.writes.addresses import email_address
from db.writes.slugs import Slugs

# One at a time becomes known: a browser asks for several things at once. Any number, the same always.
ALONE: Final = select(func.pg_advisory_xact_lock(0x6D696465))
LONGEST: Final = 40
"""Characters of a username that is made up."""


class Refused(DomainError):
    """The provider's word does not let the person in; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an issuer has said about a person, and we have verified that it has.

    `email` is None unless the issuer has verified it. `tokens` are sealed; None keeps earlier ones.
    `strong` says whether the person has shown a second factor there.
    """

    provider: str
    issuer: str
    subject: str
    email: str | None = None
    username: str | None = None
    name: str | None = None
    tokens: str | None = None
    strong: bool = False


async def sign_in_with_identity(
    tx: AsyncConnection, client: Client, said: Assertion, *, sign_up_open: bool
) -> str:
    """The id of the person whose identity it is, or becomes by their verified address.

    Whom nobody knows gets an account where `sign_up_open`. Raises Refused.

    They may sign in, which keeps an account that is to be deleted; where no session is to begin, see
    `require_active`.
    """
    known = await _known(tx, said)
    if known is None:
        await tx.execute(ALONE)
        known = await _known(tx, said)
    if known is not None:
        await _require(tx, known.user_id, may_sign_in())
        await _renew(tx, known.id, said)
        return str(known.user_id)
    email = _verified_address(said)
    user_id: str | None = await tx.scalar(select(User.id).where(func.lower(User.email) == email))
    if user_id is None:
        user_id = await _create_person(tx, client, said, email, sign_up_open)
    await _require(tx, user_id, may_sign_in())
    if not said.strong:
        await _require_no_second_factor(tx, user_id)
    await tx.execute(insert(Account).values(user_id=user_id).on_conflict_do_nothing())
    await _link(tx, client, Viewer(user_id), said)
    return user_id


async def link_identity(
    tx: AsyncConnection, client: Client, viewer: Viewer, said: Assertion, *, proven: bool
) -> None:
    """Lets the viewer sign in with the identity, or, where they can, takes it as a step-up.

    Raises Conflict when it is somebody else's, StepUpRequired when it is new and the viewer has not
    `proven` lately who they are.
    """
    await tx.execute(ALONE)
    known = await _known(tx, said)
    if known is None and not proven:
        raise StepUpRequired("Prove again who you are, with stepUp, and try once more.")
    if known is None:
        await tx.execute(insert(Account).values(user_id=viewer.user_id).on_conflict_do_nothing())
        await _link(tx, client, viewer, said)
    elif known.user_id == viewer.user_id:
        await _renew(tx, known.id, said)
        # Who has a second factor steps up by that.
        if said.strong or not viewer.has_second_factor:
            await prove_again(tx, viewer, strong=said.strong)
    else:
        raise Conflict("This identity belongs to another person here.")


async def unlink_identity(
    tx: AsyncConnection, client: Client, viewer: Viewer, identity_id: str
) -> None:
    """Takes the identity from the viewer.

    Raises NotFound for one that is not theirs, Conflict when nothing else would let them in.
    """
    own = Identity.user_id == viewer.user_id
    # Two at once must not each count on the other's.
    await tx.execute(
        select(Account.user_id).where(Account.user_id == viewer.user_id).with_for_update()
    )
    row = (
        await tx.execute(select(Identity.provider).where(Identity.id == identity_id, own))
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such identity.")
    others = (
        exists().where(own, Identity.id != identity_id)
        | exists().where(Passkey.user_id == viewer.user_id)
        | exists().where(Account.user_id == viewer.user_id, Account.password_hash.is_not(None))
    )
    if not await tx.scalar(select(others)):
        raise Conflict("It is the only way to sign in: set a password before.")
    await tx.execute(delete(Identity).where(Identity.id == identity_id))
    await audit.record(tx, client, viewer, "identity.unlink", identity_id, provider=row.provider)
    await notify(tx, viewer.user_id, f"Signing in with {row.provider} was given up.")


async def _known(tx: AsyncConnection, said: Assertion) -> Any:
    found = await tx.execute(
        select(Identity.id, Identity.user_id)
        .where(Identity.issuer == said.issuer, Identity.subject == said.subject)
        .with_for_update()
    )
    return found.one_or_none()


async def require_active(tx: AsyncConnection, user_id: str) -> None:
    """Raises Refused for a person who may not act as things are."""
    await _require(tx, user_id, may_act())


async def _require(tx: AsyncConnection, user_id: str, able: ColumnElement[bool]) -> None:
    if not await tx.scalar(select(exists().where(User.id == user_id, able))):
        raise Refused("ACCOUNT_DISABLED", "This account is closed.")


async def _require_no_second_factor(tx: AsyncConnection, user_id: str) -> None:
    """Whoever reads somebody's mail must not get by what that person has put in front of it."""
    if await has_factor(tx, user_id):
        message = "This account has a second factor: sign in with it, then link the identity."
        raise Refused("SECOND_FACTOR_REQUIRED", message)


async def _renew(tx: AsyncConnection, identity_id: str, said: Assertion) -> None:
    values: dict[str, Any] = {"used_at": datetime.now(UTC)}
    if said.email is not None:
        values["email"] = said.email
    if said.tokens is not None:
        values["tokens"] = said.tokens
    await tx.execute(update(Identity).where(Identity.id == identity_id).values(values))


async def _link(tx: AsyncConnection, client: Client, viewer: Viewer, said: Assertion) -> None:
    identity_id = new_id("identity")
    await tx.execute(
        insert(Identity).values(
            id=identity_id,
            user_id=viewer.user_id,
            provider=said.provider,
            issuer=said.issuer,
            subject=said.subject,
            email=said.email,
            tokens=said.tokens,
        )
    )
    await audit.record(tx, client, viewer, "identity.link", identity_id, provider=said.provider)
    await notify(tx, viewer.user_id, f"Signing in with {said.provider} was made possible.")


def _verified_address(said: Assertion) -> str:
    try:
        return email_address(said.email or "").lower()
    except Invalid:
        message = "The provider does not vouch for an e-mail address."
        raise Refused("EMAIL_NOT_VERIFIED", message) from None


async def _create_person(
    tx: AsyncConnection, client: Client, said: Assertion, email: str, sign_up_open: bool
) -> str:
    if not sign_up_open:
        raise Refused("SIGN_UP_CLOSED", "Accounts are for those only who are invited.")
    username = await _free_username(tx, said.username or email)
    name = (said.name or "").strip()[:200] or username
    user_id: str | None = await tx.scalar(
        insert(User)
        .values(id=new_id("user"), username=username, name=name, email=email)
        .on_conflict_do_nothing()
        .returning(User.id)
    )
    if user_id is None:
        raise Refused("CONFLICT", "Somebody else has just taken the name or the address.")
    await audit.record(tx, client, Viewer(user_id), "account.create", user_id)
    return user_id


async def _free_username(tx: AsyncConnection, wish: str) -> str:
    """A username like the wish; of an address, what stands before the @, which is less private."""
    stem = slugify(wish.partition("@")[0])[:LONGEST].strip("-")
    column = func.lower(User.username)
    taken = await tx.scalars(select(column).where(column.startswith(stem, autoescape=True)))
    return Slugs(taken).claim(stem)
