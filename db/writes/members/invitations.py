"""Invitations to a publication, by mail: to an address, or to a person known by username."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.authority import Authority
from db.errors import Conflict, DomainError, FieldError, Invalid, NotFound, RateLimited
from db.ids import new_id
from db.mail import send_mail
from db.models.account import Account
from db.models.invitation import Invitation
from db.models.publication import Membership
from db.models.user import User
from db.viewer import Client, Viewer
from db.writes import audit
from db.writes.addresses import email_address
from db.writes.members.managing import admit, managed
from identity import opaque

LIFETIME: Final = timedelta(days=7)
PAUSE: Final = timedelta(minutes=1)
"""How long after a mail the next one may follow."""
MOST: Final = 50
"""How many are invited at a time."""


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who is to be invited: either an address or a username is given."""

    email: str | None
    username: str | None
    role: str


class Failed(NamedTuple):
    invitee: Invitee
    message: str


class Addressed(NamedTuple):
    """Where an invitation goes: `invited` says by which column its row knows whom it is for."""

    invited: Mapping[str, str]
    email: str


class Sender(NamedTuple):
    """Who invites to what, as the mail says it."""

    viewer: Viewer
    name: str
    publication: Any


async def invite_users_to_publication(
    tx: AsyncConnection,
    authority: Authority,
    client: Client,
    viewer: Viewer,
    publication_id: str,
    invitees: Sequence[Invitee],
) -> list[Failed]:
    """Mails an invitation to each, and says to whom it did not, and why.

    Raises Invalid for nobody or too many, NotFound and Forbidden as `managed` does.
    """
    if not 1 <= len(invitees) <= MOST:
        message = f"Invite 1 to {MOST} people at a time."
        raise Invalid(message, [FieldError(("input", "users"), message)])
    sender = await _sender(tx, viewer, await managed(tx, viewer, publication_id))
    people = await _people(tx, publication_id, invitees)
    failed = []
    for invitee in invitees:
        try:
            addressed = _addressed(invitee, people)
            await _invite(tx, authority, client, sender, addressed, invitee.role)
        except DomainError as error:
            failed.append(Failed(invitee, str(error)))
    return failed


async def reinvite_user_to_publication(
    tx: AsyncConnection,
    authority: Authority,
    client: Client,
    viewer: Viewer,
    publication_id: str,
    invitation_id: str,
) -> None:
    """Mails the invitation again, with a new link that is good for LIFETIME; the old one is void.

    Raises NotFound for no such invitation, RateLimited within PAUSE of the last mail.
    """
    sender = await _sender(tx, viewer, await managed(tx, viewer, publication_id))
    found = await tx.execute(
        select(Invitation.role, Invitation.expires_at, _address_of_invited().label("email"))
        .where(Invitation.id == invitation_id, Invitation.publication_id == publication_id)
        .with_for_update(of=Invitation)
    )
    row = found.one_or_none()
    if row is None or row.email is None:
        raise NotFound("There is no such invitation.")
    left = row.expires_at - LIFETIME + PAUSE - datetime.now(UTC)
    if left > timedelta(0):
        raise RateLimited("It has just been sent: wait a moment.", left.seconds + 1)
    token = opaque.new_token()
    await tx.execute(
        update(Invitation).where(Invitation.id == invitation_id).values(_good_from_now(token))
    )
    await _send(tx, authority, sender, row.email, row.role, token)
    await audit.record(tx, client, viewer, "invitation.renew", invitation_id)


async def revoke_user_invite_to_publication(
    tx: AsyncConnection, client: Client, viewer: Viewer, publication_id: str, invitation_id: str
) -> None:
    """Takes the invitation back. Raises NotFound for no such one."""
    await managed(tx, viewer, publication_id)
    done = await tx.execute(
        delete(Invitation).where(
            Invitation.id == invitation_id, Invitation.publication_id == publication_id
        )
    )
    if done.rowcount == 0:
        raise NotFound("There is no such invitation.")
    await audit.record(
        tx, client, viewer, "invitation.revoke", invitation_id, publication=publication_id
    )


async def accept_invite_to_publication(
    tx: AsyncConnection, client: Client, viewer: Viewer, token: str
) -> None:
    """Makes the viewer a member, or raises their role; that uses up the invitation.

    Raises NotFound for no such invitation, one that is over, and one for somebody else: who was
    invited is told to nobody, also not to those who got hold of the link.
    """
    found = await tx.execute(
        select(Invitation.id, Invitation.publication_id, Invitation.role)
        .join(User, User.id == viewer.user_id)
        .where(Invitation.digest == opaque.digest(token))
        .where(Invitation.expires_at > datetime.now(UTC))
        .where(
            or_(
                Invitation.user_id == User.id,
                func.lower(Invitation.email) == func.lower(User.email),
            )
        )
        .with_for_update(of=Invitation)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound("There is no such invitation for you; it may be over.")
    await tx.execute(delete(Invitation).where(Invitation.id == row.id))
    await admit(tx, row.publication_id, viewer.user_id, row.role)
    facts: dict[str, Any] = {"publication": row.publication_id, "role": row.role}
    await audit.record(tx, client, viewer, "invitation.accept", row.id, **facts)


async def _sender(tx: AsyncConnection, viewer: Viewer, publication: Any) -> Sender:
    name: str | None = await tx.scalar(select(User.name).where(User.id == viewer.user_id))
    return Sender(viewer, name or "", publication)


async def _people(
    tx: AsyncConnection, publication_id: str, invitees: Sequence[Invitee]
) -> Mapping[str, Any]:
    """Who can sign in, of the usernames, in lower case: their address and what they are already."""
    names = [each.username.lower() for each in invitees if each.username]
    username = func.lower(User.username)
    found = await tx.execute(
        select(username.label("username"), User.id, User.email, Membership.role)
        .join(Account, Account.user_id == User.id)
        .outerjoin(
            Membership,
            (Membership.user_id == User.id) & (Membership.publication_id == publication_id),
        )
        .where(username.in_(names), User.email.is_not(None))
        .where(~User.deactivated, Account.disabled_at.is_(None))
    )
    return {row.username: row for row in found}


def _addressed(invitee: Invitee, people: Mapping[str, Any]) -> Addressed:
    """Raises a DomainError for who cannot be invited.

    Whether an address belongs to somebody here, a member even, makes no difference: it is not told.
    """
    if (invitee.email is None) == (invitee.username is None):
        raise Invalid("Give either an e-mail address or a username.")
    if invitee.email is not None:
        email = email_address(invitee.email)
        return Addressed({"email": email}, email)
    person = people.get((invitee.username or "").lower())
    if person is None:
        raise NotFound("There is nobody with this username who can be invited.")
    if person.role is not None:
        raise Conflict("This person belongs to the publication already.")
    return Addressed({"user_id": person.id}, person.email)


async def _invite(
    tx: AsyncConnection,
    authority: Authority,
    client: Client,
    sender: Sender,
    addressed: Addressed,
    role: str,
) -> None:
    """Raises Conflict for who has an invitation that is not over."""
    token, publication_id = opaque.new_token(), sender.publication.id
    renewed = {**_good_from_now(token), "role": role, "invited_by": sender.viewer.user_id}
    place: list[Any] = (
        [Invitation.user_id, Invitation.publication_id]
        if "user_id" in addressed.invited
        else [Invitation.publication_id, text("lower(email)")]
    )
    invitation_id: str | None = await tx.scalar(
        insert(Invitation)
        .values(id=new_id("invite"), publication_id=publication_id, **addressed.invited, **renewed)
        .on_conflict_do_update(
            index_elements=place, set_=renewed, where=Invitation.expires_at <= datetime.now(UTC)
        )
        .returning(Invitation.id)
    )
    if invitation_id is None:
        raise Conflict("This person has been invited already.")
    await _send(tx, authority, sender, addressed.email, role, token)
    facts: dict[str, Any] = {"publication": publication_id, "role": role}
    await audit.record(tx, client, sender.viewer, "invitation.create", invitation_id, **facts)


def _address_of_invited() -> Any:
    own = select(User.email).where(User.id == Invitation.user_id).scalar_subquery()
    return func.coalesce(Invitation.email, own)


def _good_from_now(token: str) -> dict[str, Any]:
    return {"digest": opaque.digest(token), "expires_at": datetime.now(UTC) + LIFETIME}


async def _send(
    tx: AsyncConnection, authority: Authority, sender: Sender, to: str, role: str, token: str
) -> None:
    await send_mail(
        tx,
        to,
        "invitation",
        publication=sender.publication.title,
        inviter=sender.name,
        role=role,
        link=f"{authority.public_url}/invitations/accept?token={token}",
    )
