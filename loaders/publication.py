"""Publications: by id and by host, their members, navigation and rules for old addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from db.models import page as page_models
from db.models import publication as publication_models
from db.models import user as user_models
from db.viewer import Viewer
from db.visibility import is_member, membership_is_visible, page_is_visible
from loaders.base import RowBy, RowsBy, columns, contains, one_of
from loaders.cursors import Order
from loaders.keys import Keys
from loaders.pages import Listing
from loaders.timestamps import Timestamp

Publication = publication_models.Publication
Membership = publication_models.Membership

JOINED_FIRST = Order("member.joined", ("created_at", "id"), descending=False)


class PublicationRow:
    id: str
    host: str
    owner_id: str
    title: str
    display_title: str | None
    description_seo: str | None
    about_markdown: str | None
    about_html: str | None
    about_text: str | None
    imprint_markdown: str | None
    imprint_html: str | None
    imprint_text: str | None
    language: str | None
    favicon: str | None
    logo: str | None
    dark_mode_logo: str | None
    dark_mode_enabled: bool
    header_color: str | None
    og_image: str | None
    meta_tags: str | None
    layout: str
    footer_branding: bool
    subscription_modal: bool
    members_page: bool
    newsletter_page: bool
    newsletter_enabled: bool
    read_time_enabled: bool
    contributor_edits: bool
    role_invites_enabled: bool
    links: dict[str, Any]
    integrations: dict[str, Any]
    followers_count: int
    created_at: Timestamp
    updated_at: Timestamp


class MembershipRow:
    id: str
    publication_id: str
    user_id: str
    role: str
    privacy: str
    created_at: Timestamp


class NavigationItemRow:
    id: str
    type: str
    label: str
    url: str | None
    page_id: str | None
    series_id: str | None


class RedirectionRuleRow:
    id: str
    source: str
    destination: str
    type: str


class PublicationById(RowBy[PublicationRow]):
    row = PublicationRow
    table = Publication


class PublicationByHost(RowBy[PublicationRow]):
    """Keys are normalised hosts (`db.hosts.normalise_host`)."""

    row = PublicationRow
    table = Publication
    key = "host"


class MembershipById(RowBy[MembershipRow]):
    row = MembershipRow
    table = Membership

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (membership_is_visible(self.viewer),)


class RedirectionRuleById(RowBy[RedirectionRuleRow]):
    row = RedirectionRuleRow
    table = publication_models.RedirectionRule


class NavigationByPublication(RowsBy[NavigationItemRow]):
    """The menu, from its first entry, without those of pages that are hidden from the viewer."""

    row = NavigationItemRow

    def select(self, keys: Keys) -> Select[Any]:
        item, page = publication_models.NavigationItem, page_models.StaticPage
        known = select(page.id).where(page.id == item.page_id, page_is_visible(self.viewer))
        return (
            select(keys.place, *columns(NavigationItemRow, item))
            .where(or_(item.page_id.is_(None), known.scalar_subquery().is_not(None)))
            .where(keys.of(item.publication_id))
            .order_by(keys.position, item.position)
        )


class RedirectionRulesByPublication(RowsBy[RedirectionRuleRow]):
    """All rules, by their source."""

    row = RedirectionRuleRow

    def select(self, keys: Keys) -> Select[Any]:
        rule = publication_models.RedirectionRule
        return (
            select(keys.place, *columns(RedirectionRuleRow, rule))
            .where(keys.of(rule.publication_id))
            .order_by(keys.position, rule.source)
        )


@dataclass(frozen=True, slots=True)
class MembersByPublication(Listing[MembershipRow]):
    """Who belongs to a publication, longest first; `search` keeps names and usernames that contain it.

    `public_only` leaves out private members even for those who may know them.
    """

    row = MembershipRow

    search: str | None = None
    public_only: bool = False

    @property
    def order(self) -> Order:
        return JOINED_FIRST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        listing = (
            select(*columns(MembershipRow, Membership))
            .where(Membership.publication_id == parent)
            .where(membership_is_visible(viewer))
        )
        if self.public_only:
            listing = listing.where(Membership.privacy == "PUBLIC")
        if self.search is None:
            return listing
        user = user_models.User
        named = or_(
            contains(user.name.expression, self.search),
            contains(user.username.expression, self.search),
        )
        return listing.join(user, user.id == Membership.user_id).where(named)


class PublicationOfUserRow(PublicationRow):
    """A publication with the user's role in it (`member_role`)."""

    member_role: str


@dataclass(frozen=True, slots=True)
class PublicationsByUser(Listing[PublicationOfUserRow]):
    """The publications that a user belongs to openly, or that the viewer shares with them.

    They are ordered by when they were made, or last changed.
    """

    row = PublicationOfUserRow

    roles: tuple[str, ...] | None = None
    last_changed: bool = False
    descending: bool = True

    @property
    def order(self) -> Order:
        column = "updated_at" if self.last_changed else "created_at"
        return Order(f"publication.{column}.{self.descending}", (column, "id"), self.descending)

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        known = or_(Membership.privacy == "PUBLIC", is_member(Publication.id.expression, viewer))
        listing = (
            select(*columns(PublicationRow, Publication), Membership.role.label("member_role"))
            .join(Membership, Membership.publication_id == Publication.id)
            .where(Membership.user_id == parent, known)
        )
        if self.roles is None:
            return listing
        return listing.where(one_of(Membership.role, self.roles))
