"""Publications: a blog or magazine at one host, its members, navigation and rules for old addresses."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, counter, flag, id_has_prefix, identifier, now_column, one_of


class Publication(Base):
    """`host` is normalised: lower case, without port and without a leading `www.`.

    `links` maps a network's name to a URL, `integrations` an integration's setting to its value; both
    hold only what is set.
    """

    __tablename__ = "publications"

    id: Mapped[str] = identifier()
    host: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str]
    display_title: Mapped[str | None]
    description_seo: Mapped[str | None]
    about_markdown: Mapped[str | None]
    about_html: Mapped[str | None]
    about_text: Mapped[str | None]
    imprint_markdown: Mapped[str | None]
    imprint_html: Mapped[str | None]
    imprint_text: Mapped[str | None]
    language: Mapped[str | None]
    favicon: Mapped[str | None]
    logo: Mapped[str | None]
    dark_mode_logo: Mapped[str | None]
    dark_mode_enabled: Mapped[bool] = flag()
    header_color: Mapped[str | None]
    og_image: Mapped[str | None]
    meta_tags: Mapped[str | None]
    layout: Mapped[str] = mapped_column(server_default="stacked")
    footer_branding: Mapped[bool] = flag(default=True)
    subscription_modal: Mapped[bool] = flag(default=True)
    members_page: Mapped[bool] = flag()
    newsletter_page: Mapped[bool] = flag()
    newsletter_enabled: Mapped[bool] = flag(default=True)
    read_time_enabled: Mapped[bool] = flag(default=True)
    contributor_edits: Mapped[bool] = flag()
    role_invites_enabled: Mapped[bool] = flag(default=True)
    links: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    integrations: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    followers_count: Mapped[int] = counter()
    created_at: Mapped[datetime] = now_column()
    updated_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("pub"),
        one_of("layout", "grid", "magazine", "stacked"),
        CheckConstraint("title <> ''", name="title_present"),
        CheckConstraint(
            r"host = lower(host) and host !~ '[[:space:]/:]' and host !~ '^www\.' and host <> ''",
            name="host_normalised",
        ),
        CheckConstraint(
            "jsonb_typeof(links) = 'object' and jsonb_typeof(integrations) = 'object'",
            name="bags_are_objects",
        ),
        CheckConstraint("followers_count >= 0", name="counts_positive"),
    )


class Membership(Base):
    """A person's role in a publication. `privacy` says whether the public list of members has them."""

    __tablename__ = "memberships"

    id: Mapped[str] = identifier()
    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[str]
    privacy: Mapped[str] = mapped_column(server_default="PUBLIC")
    created_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("member"),
        one_of("role", "OWNER", "EDITOR", "CONTRIBUTOR"),
        one_of("privacy", "PUBLIC", "PRIVATE"),
        UniqueConstraint("publication_id", "user_id"),
        Index("ix_memberships_user_id", "user_id", "created_at", "id"),
        Index("ix_memberships_publication_order", "publication_id", "created_at", "id"),
        Index(
            "uq_memberships_owner",
            "publication_id",
            unique=True,
            postgresql_where=text("role = 'OWNER'"),
        ),
    )


class NavigationItem(Base):
    """One entry of a publication's menu, in the order of `position`; `type` says which target is set."""

    __tablename__ = "navigation_items"

    id: Mapped[str] = identifier()
    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    position: Mapped[int]
    type: Mapped[str]
    label: Mapped[str]
    url: Mapped[str | None]
    page_id: Mapped[str | None] = mapped_column(
        ForeignKey("static_pages.id", ondelete="CASCADE"), index=True
    )
    series_id: Mapped[str | None] = mapped_column(
        ForeignKey("series.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = (
        id_has_prefix("nav"),
        CheckConstraint(
            "case type when 'link' then url is not null and page_id is null and series_id is null"
            " when 'page' then page_id is not null and series_id is null"
            " when 'series' then series_id is not null and page_id is null"
            " else false end",
            name="target_matches_type",
        ),
        UniqueConstraint("publication_id", "position", deferrable=True, initially="DEFERRED"),
    )


class RedirectionRule(Base):
    """An old path of the site (`/old`, always with its leading slash) and where it leads."""

    __tablename__ = "redirection_rules"

    id: Mapped[str] = identifier()
    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    source: Mapped[str]
    destination: Mapped[str]
    type: Mapped[str] = mapped_column(server_default="PERMANENT")
    created_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("redirect"),
        one_of("type", "PERMANENT", "TEMPORARY"),
        CheckConstraint("source like '/%'", name="source_is_path"),
        CheckConstraint("destination <> ''", name="destination_present"),
        UniqueConstraint("publication_id", "source"),
    )


class NewsletterSubscriber(Base):
    """An address that asked for a publication's newsletter; PENDING until it has been confirmed."""

    __tablename__ = "newsletter_subscribers"

    id: Mapped[str] = identifier()
    publication_id: Mapped[str] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"))
    email: Mapped[str]
    status: Mapped[str] = mapped_column(server_default="PENDING")
    created_at: Mapped[datetime] = now_column()

    __table_args__ = (
        id_has_prefix("subscriber"),
        one_of("status", "PENDING", "CONFIRMED"),
        Index(
            "uq_newsletter_subscribers_email", "publication_id", text("lower(email)"), unique=True
        ),
    )
