"""Invitations to publications: for those alone who manage the members there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from db.models import invitation as models
from db.viewer import Viewer
from db.visibility import manages_members
from loaders.base import RowBy, columns
from loaders.cursors import Order
from loaders.keys import Keys
from loaders.pages import Listing
from loaders.timestamps import Timestamp

Invitation = models.Invitation
RoleInvitation = models.RoleInvitation


class InvitationRow:
    id: str
    email: str | None
    user_id: str | None
    role: str
    created_at: Timestamp
    expires_at: Timestamp


class RoleInvitationRow:
    id: str
    role: str
    token: str
    capacity: int | None
    used: int
    created_at: Timestamp
    expires_at: Timestamp | None


class InvitationById(RowBy[InvitationRow]):
    row = InvitationRow
    table = Invitation

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (manages_members(Invitation.publication_id.expression, self.viewer),)


class RoleInvitationById(RowBy[RoleInvitationRow]):
    row = RoleInvitationRow
    table = RoleInvitation

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (manages_members(RoleInvitation.publication_id.expression, self.viewer),)


@dataclass(frozen=True, slots=True)
class InvitationsByPublication(Listing[InvitationRow]):
    """Invitations that wait to be accepted, those that are over too, the newest first."""

    row = InvitationRow

    @property
    def order(self) -> Order:
        return Order("invitation.newest", ("created_at", "id"))

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        return (
            select(*columns(InvitationRow, Invitation))
            .where(Invitation.publication_id == parent)
            .where(manages_members(parent, viewer))
        )


@dataclass(frozen=True, slots=True)
class RoleInvitationsByPublication(Listing[RoleInvitationRow]):
    """Links by which several people can join, those that are used up or over too, the newest first."""

    row = RoleInvitationRow

    @property
    def order(self) -> Order:
        return Order("role_invitation.newest", ("created_at", "id"))

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        return (
            select(*columns(RoleInvitationRow, RoleInvitation))
            .where(RoleInvitation.publication_id == parent)
            .where(manages_members(parent, viewer))
        )
