"""The content model"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "tags",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("tagline", sa.Text(collation="C"), nullable=True),
        sa.Column("logo", sa.Text(collation="C"), nullable=True),
        sa.Column("info_markdown", sa.Text(collation="C"), nullable=True),
        sa.Column("info_html", sa.Text(collation="C"), nullable=True),
        sa.Column("info_text", sa.Text(collation="C"), nullable=True),
        sa.Column("followers_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("id ~ '^(tag)_[0-9a-f-]{36}$'", name=op.f("ck_tags_id_format")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_tags_name_present")),
        sa.CheckConstraint(
            "slug <> '' and slug !~ '[[:space:]/]'", name=op.f("ck_tags_slug_segment")
        ),
        sa.CheckConstraint("followers_count >= 0", name=op.f("ck_tags_counts_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("slug", name=op.f("uq_tags_slug")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("username", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("email", sa.Text(collation="C"), nullable=True),
        sa.Column("tagline", sa.Text(collation="C"), nullable=True),
        sa.Column("bio_markdown", sa.Text(collation="C"), nullable=True),
        sa.Column("bio_html", sa.Text(collation="C"), nullable=True),
        sa.Column("bio_text", sa.Text(collation="C"), nullable=True),
        sa.Column("location", sa.Text(collation="C"), nullable=True),
        sa.Column("available_for", sa.Text(collation="C"), nullable=True),
        sa.Column("profile_picture", sa.Text(collation="C"), nullable=True),
        sa.Column(
            "social_links",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("role", sa.Text(collation="C"), server_default="USER", nullable=False),
        sa.Column("deactivated", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("followers_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("followings_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("id ~ '^(user)_[0-9a-f-]{36}$'", name=op.f("ck_users_id_format")),
        sa.CheckConstraint(
            "jsonb_typeof(social_links) = 'object'", name=op.f("ck_users_social_links_object")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_users_name_present")),
        sa.CheckConstraint(
            "role in ('USER', 'MODERATOR', 'SUPERUSER')", name=op.f("ck_users_role_known")
        ),
        sa.CheckConstraint(
            "username <> '' and username !~ '[[:space:]/]'", name=op.f("ck_users_username_segment")
        ),
        sa.CheckConstraint(
            "(bio_markdown is null) = (bio_html is null) and (bio_markdown is null) = (bio_text is null)",
            name=op.f("ck_users_bio_rendered"),
        ),
        sa.CheckConstraint(
            "followers_count >= 0 and followings_count >= 0", name=op.f("ck_users_counts_positive")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_email", "users", [sa.literal_column("lower(email)")], unique=True)
    op.create_index(
        "uq_users_username", "users", [sa.literal_column("lower(username)")], unique=True
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("host", sa.Text(collation="C"), nullable=False),
        sa.Column("owner_id", sa.Text(collation="C"), nullable=False),
        sa.Column("title", sa.Text(collation="C"), nullable=False),
        sa.Column("display_title", sa.Text(collation="C"), nullable=True),
        sa.Column("description_seo", sa.Text(collation="C"), nullable=True),
        sa.Column("about_markdown", sa.Text(collation="C"), nullable=True),
        sa.Column("about_html", sa.Text(collation="C"), nullable=True),
        sa.Column("about_text", sa.Text(collation="C"), nullable=True),
        sa.Column("imprint_markdown", sa.Text(collation="C"), nullable=True),
        sa.Column("imprint_html", sa.Text(collation="C"), nullable=True),
        sa.Column("imprint_text", sa.Text(collation="C"), nullable=True),
        sa.Column("language", sa.Text(collation="C"), nullable=True),
        sa.Column("favicon", sa.Text(collation="C"), nullable=True),
        sa.Column("logo", sa.Text(collation="C"), nullable=True),
        sa.Column("dark_mode_logo", sa.Text(collation="C"), nullable=True),
        sa.Column("dark_mode_enabled", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("header_color", sa.Text(collation="C"), nullable=True),
        sa.Column("og_image", sa.Text(collation="C"), nullable=True),
        sa.Column("meta_tags", sa.Text(collation="C"), nullable=True),
        sa.Column("layout", sa.Text(collation="C"), server_default="stacked", nullable=False),
        sa.Column("footer_branding", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("subscription_modal", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("members_page", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("newsletter_page", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("newsletter_enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("read_time_enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("contributor_edits", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "links", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "integrations",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("followers_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "host = lower(host) and host !~ '[[:space:]/:]' and host !~ '^www\\.' and host <> ''",
            name=op.f("ck_publications_host_normalised"),
        ),
        sa.CheckConstraint("id ~ '^(pub)_[0-9a-f-]{36}$'", name=op.f("ck_publications_id_format")),
        sa.CheckConstraint(
            "jsonb_typeof(links) = 'object' and jsonb_typeof(integrations) = 'object'",
            name=op.f("ck_publications_bags_are_objects"),
        ),
        sa.CheckConstraint(
            "layout in ('grid', 'magazine', 'stacked')", name=op.f("ck_publications_layout_known")
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_publications_title_present")),
        sa.CheckConstraint("followers_count >= 0", name=op.f("ck_publications_counts_positive")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_publications_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("host", name=op.f("uq_publications_host")),
    )
    op.create_index(op.f("ix_publications_owner_id"), "publications", ["owner_id"], unique=False)
    op.create_table(
        "import_provenance",
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("row_id", sa.Text(collation="C"), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column(
            "imported_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "octet_length(digest) = 32", name=op.f("ck_import_provenance_digest_is_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_import_provenance_publication_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "publication_id", "source", "kind", "key", name=op.f("pk_import_provenance")
        ),
    )
    op.create_index(
        op.f("ix_import_provenance_row_id"), "import_provenance", ["row_id"], unique=False
    )
    op.create_table(
        "memberships",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("role", sa.Text(collation="C"), nullable=False),
        sa.Column("privacy", sa.Text(collation="C"), server_default="PUBLIC", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "id ~ '^(member)_[0-9a-f-]{36}$'", name=op.f("ck_memberships_id_format")
        ),
        sa.CheckConstraint(
            "privacy in ('PUBLIC', 'PRIVATE')", name=op.f("ck_memberships_privacy_known")
        ),
        sa.CheckConstraint(
            "role in ('OWNER', 'EDITOR', 'CONTRIBUTOR')", name=op.f("ck_memberships_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_memberships_publication_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_memberships_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint(
            "publication_id", "user_id", name=op.f("uq_memberships_publication_id_user_id")
        ),
    )
    op.create_index(
        "ix_memberships_publication_order",
        "memberships",
        ["publication_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_memberships_user_id", "memberships", ["user_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "uq_memberships_owner",
        "memberships",
        ["publication_id"],
        unique=True,
        postgresql_where=sa.text("role = 'OWNER'"),
    )
    op.create_table(
        "newsletter_subscribers",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("email", sa.Text(collation="C"), nullable=False),
        sa.Column("status", sa.Text(collation="C"), server_default="PENDING", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "id ~ '^(subscriber)_[0-9a-f-]{36}$'", name=op.f("ck_newsletter_subscribers_id_format")
        ),
        sa.CheckConstraint(
            "status in ('PENDING', 'CONFIRMED')",
            name=op.f("ck_newsletter_subscribers_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_newsletter_subscribers_publication_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsletter_subscribers")),
    )
    op.create_index(
        "uq_newsletter_subscribers_email",
        "newsletter_subscribers",
        ["publication_id", sa.literal_column("lower(email)")],
        unique=True,
    )
    op.create_table(
        "redirection_rules",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("destination", sa.Text(collation="C"), nullable=False),
        sa.Column("type", sa.Text(collation="C"), server_default="PERMANENT", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "destination <> ''", name=op.f("ck_redirection_rules_destination_present")
        ),
        sa.CheckConstraint(
            "id ~ '^(redirect)_[0-9a-f-]{36}$'", name=op.f("ck_redirection_rules_id_format")
        ),
        sa.CheckConstraint("source like '/%%'", name=op.f("ck_redirection_rules_source_is_path")),
        sa.CheckConstraint(
            "type in ('PERMANENT', 'TEMPORARY')", name=op.f("ck_redirection_rules_type_known")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_redirection_rules_publication_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redirection_rules")),
        sa.UniqueConstraint(
            "publication_id", "source", name=op.f("uq_redirection_rules_publication_id_source")
        ),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("author_id", sa.Text(collation="C"), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("description_markdown", sa.Text(collation="C"), nullable=True),
        sa.Column("description_html", sa.Text(collation="C"), nullable=True),
        sa.Column("description_text", sa.Text(collation="C"), nullable=True),
        sa.Column("cover_image", sa.Text(collation="C"), nullable=True),
        sa.Column("cuid", sa.Text(collation="C"), nullable=True),
        sa.Column("sort_order", sa.Text(collation="C"), server_default="asc", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("id ~ '^(series)_[0-9a-f-]{36}$'", name=op.f("ck_series_id_format")),
        sa.CheckConstraint(
            "slug <> '' and slug !~ '[[:space:]/]'", name=op.f("ck_series_slug_segment")
        ),
        sa.CheckConstraint("sort_order in ('asc', 'dsc')", name=op.f("ck_series_sort_order_known")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_series_author_id")),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_series_publication_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("publication_id", "id", name=op.f("uq_series_publication_id_id")),
        sa.UniqueConstraint("publication_id", "slug", name=op.f("uq_series_publication_id_slug")),
    )
    op.create_index(op.f("ix_series_author_id"), "series", ["author_id"], unique=False)
    op.create_index(
        "ix_series_publication_order",
        "series",
        ["publication_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "static_pages",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("title", sa.Text(collation="C"), nullable=False),
        sa.Column("content_markdown", sa.Text(collation="C"), nullable=False),
        sa.Column("content_html", sa.Text(collation="C"), nullable=False),
        sa.Column("content_text", sa.Text(collation="C"), nullable=False),
        sa.Column("hidden", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("seo_title", sa.Text(collation="C"), nullable=True),
        sa.Column("seo_description", sa.Text(collation="C"), nullable=True),
        sa.Column("og_image", sa.Text(collation="C"), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("id ~ '^(page)_[0-9a-f-]{36}$'", name=op.f("ck_static_pages_id_format")),
        sa.CheckConstraint(
            "slug <> '' and slug !~ '[[:space:]/]'", name=op.f("ck_static_pages_slug_segment")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_static_pages_publication_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_static_pages")),
        sa.UniqueConstraint(
            "publication_id", "slug", name=op.f("uq_static_pages_publication_id_slug")
        ),
    )
    op.create_index(
        "ix_static_pages_publication_order",
        "static_pages",
        ["publication_id", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "navigation_items",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(collation="C"), nullable=False),
        sa.Column("label", sa.Text(collation="C"), nullable=False),
        sa.Column("url", sa.Text(collation="C"), nullable=True),
        sa.Column("page_id", sa.Text(collation="C"), nullable=True),
        sa.Column("series_id", sa.Text(collation="C"), nullable=True),
        sa.CheckConstraint(
            "case type when 'link' then url is not null and page_id is null and series_id is null when 'page' then page_id is not null and series_id is null when 'series' then series_id is not null and page_id is null else false end",
            name=op.f("ck_navigation_items_target_matches_type"),
        ),
        sa.CheckConstraint(
            "id ~ '^(nav)_[0-9a-f-]{36}$'", name=op.f("ck_navigation_items_id_format")
        ),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["static_pages.id"],
            name=op.f("fk_navigation_items_page_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_navigation_items_publication_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
            name=op.f("fk_navigation_items_series_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_navigation_items")),
        sa.UniqueConstraint(
            "publication_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_navigation_items_publication_id_position"),
        ),
    )
    op.create_index(
        op.f("ix_navigation_items_page_id"), "navigation_items", ["page_id"], unique=False
    )
    op.create_index(
        op.f("ix_navigation_items_series_id"), "navigation_items", ["series_id"], unique=False
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("author_id", sa.Text(collation="C"), nullable=False),
        sa.Column("series_id", sa.Text(collation="C"), nullable=True),
        sa.Column("series_position", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(collation="C"), server_default="PUBLISHED", nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("title", sa.Text(collation="C"), nullable=False),
        sa.Column("subtitle", sa.Text(collation="C"), nullable=True),
        sa.Column("brief", sa.Text(collation="C"), nullable=False),
        sa.Column("content_markdown", sa.Text(collation="C"), nullable=False),
        sa.Column("content_html", sa.Text(collation="C"), nullable=False),
        sa.Column("content_text", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "table_of_contents",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("table_of_contents_enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("read_time_minutes", sa.BigInteger(), nullable=False),
        sa.Column("has_latex", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("language", sa.Text(collation="C"), nullable=True),
        sa.Column(
            "search_config", postgresql.REGCONFIG(), server_default="english", nullable=False
        ),
        sa.Column(
            "search_document",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector(search_config, title), 'A') || setweight(to_tsvector(search_config, coalesce(subtitle, '') || ' ' || brief), 'B') || setweight(to_tsvector(search_config, left(content_text, 250000)), 'C')",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("cover_image", sa.Text(collation="C"), nullable=True),
        sa.Column("cover_attribution", sa.Text(collation="C"), nullable=True),
        sa.Column("cover_photographer", sa.Text(collation="C"), nullable=True),
        sa.Column("cover_attribution_hidden", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("cover_portrait", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("cover_stuck_to_bottom", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("canonical_url", sa.Text(collation="C"), nullable=True),
        sa.Column("seo_title", sa.Text(collation="C"), nullable=True),
        sa.Column("seo_description", sa.Text(collation="C"), nullable=True),
        sa.Column("og_image", sa.Text(collation="C"), nullable=True),
        sa.Column("cuid", sa.Text(collation="C"), nullable=True),
        sa.Column("delisted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("comments_disabled", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("featured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reply_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reaction_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("view_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("id ~ '^(post)_[0-9a-f-]{36}$'", name=op.f("ck_posts_id_format")),
        sa.CheckConstraint(
            "jsonb_typeof(table_of_contents) = 'array'",
            name=op.f("ck_posts_table_of_contents_list"),
        ),
        sa.CheckConstraint(
            "slug <> '' and slug !~ '[[:space:]/]'", name=op.f("ck_posts_slug_segment")
        ),
        sa.CheckConstraint(
            "status in ('PUBLISHED', 'REMOVED')", name=op.f("ck_posts_status_known")
        ),
        sa.CheckConstraint("title <> ''", name=op.f("ck_posts_title_present")),
        sa.CheckConstraint(
            "comment_count >= 0 and reply_count >= 0 and reaction_count >= 0 and view_count >= 0",
            name=op.f("ck_posts_counts_positive"),
        ),
        sa.CheckConstraint("read_time_minutes >= 1", name=op.f("ck_posts_read_time_positive")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_posts_author_id")),
        sa.ForeignKeyConstraint(
            ["publication_id", "series_id"],
            ["series.publication_id", "series.id"],
            name=op.f("fk_posts_publication_id_series_id"),
            ondelete="SET NULL (series_id)",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_posts_publication_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("publication_id", "id", name=op.f("uq_posts_publication_id_id")),
        sa.UniqueConstraint("publication_id", "slug", name=op.f("uq_posts_publication_id_slug")),
    )
    op.create_index(
        "ix_posts_author_newest",
        "posts",
        ["author_id", sa.literal_column("published_at desc"), sa.literal_column("id desc")],
        unique=False,
        postgresql_where=sa.text("status = 'PUBLISHED'"),
    )
    op.create_index(
        "ix_posts_newest",
        "posts",
        [sa.literal_column("published_at desc"), sa.literal_column("id desc")],
        unique=False,
        postgresql_where=sa.text("status = 'PUBLISHED' and not delisted"),
    )
    op.create_index(
        "ix_posts_pinned",
        "posts",
        ["publication_id", sa.literal_column("pinned_at desc")],
        unique=False,
        postgresql_where=sa.text("pinned_at is not null and status = 'PUBLISHED'"),
    )
    op.create_index(
        "ix_posts_publication_newest",
        "posts",
        ["publication_id", sa.literal_column("published_at desc"), sa.literal_column("id desc")],
        unique=False,
        postgresql_where=sa.text("status = 'PUBLISHED'"),
    )
    op.create_index(
        "ix_posts_removed",
        "posts",
        ["publication_id"],
        unique=False,
        postgresql_where=sa.text("status = 'REMOVED'"),
    )
    op.create_index(
        "ix_posts_search", "posts", ["search_document"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_posts_series",
        "posts",
        ["series_id", "published_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'PUBLISHED'"),
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("post_id", sa.Text(collation="C"), nullable=False),
        sa.Column("parent_id", sa.Text(collation="C"), nullable=True),
        sa.Column("author_id", sa.Text(collation="C"), nullable=False),
        sa.Column("content_markdown", sa.Text(collation="C"), nullable=False),
        sa.Column("content_html", sa.Text(collation="C"), nullable=False),
        sa.Column("content_text", sa.Text(collation="C"), nullable=False),
        sa.Column("stamp", sa.Text(collation="C"), nullable=True),
        sa.Column("reaction_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(parent_id is null) = starts_with(id, 'comment_')",
            name=op.f("ck_comments_replies_have_parents"),
        ),
        sa.CheckConstraint(
            "id ~ '^(comment|reply)_[0-9a-f-]{36}$'", name=op.f("ck_comments_id_format")
        ),
        sa.CheckConstraint(
            "parent_id is null or starts_with(parent_id, 'comment_')",
            name=op.f("ck_comments_two_levels"),
        ),
        sa.CheckConstraint("reaction_count >= 0", name=op.f("ck_comments_counts_positive")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_comments_author_id")),
        sa.ForeignKeyConstraint(
            ["post_id", "parent_id"],
            ["comments.post_id", "comments.id"],
            name=op.f("fk_comments_post_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_comments_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("post_id", "id", name=op.f("uq_comments_post_id_id")),
    )
    op.create_index("ix_comments_author", "comments", ["author_id"], unique=False)
    op.create_index("ix_comments_post_author", "comments", ["post_id", "author_id"], unique=False)
    op.create_index(
        "ix_comments_post_newest",
        "comments",
        ["post_id", sa.literal_column("created_at desc"), sa.literal_column("id desc")],
        unique=False,
        postgresql_where=sa.text("parent_id is null"),
    )
    op.create_index(
        "ix_comments_post_top",
        "comments",
        [
            "post_id",
            sa.literal_column("reaction_count desc"),
            sa.literal_column("created_at desc"),
            sa.literal_column("id desc"),
        ],
        unique=False,
        postgresql_where=sa.text("parent_id is null"),
    )
    op.create_index(
        "ix_comments_replies", "comments", ["parent_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("author_id", sa.Text(collation="C"), nullable=False),
        sa.Column("series_id", sa.Text(collation="C"), nullable=True),
        sa.Column("published_post_id", sa.Text(collation="C"), nullable=True),
        sa.Column("restricted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("submitted_for_review", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("title", sa.Text(collation="C"), nullable=True),
        sa.Column("subtitle", sa.Text(collation="C"), nullable=True),
        sa.Column("brief", sa.Text(collation="C"), nullable=True),
        sa.Column("content_markdown", sa.Text(collation="C"), nullable=True),
        sa.Column("content_html", sa.Text(collation="C"), nullable=True),
        sa.Column("content_text", sa.Text(collation="C"), nullable=True),
        sa.Column(
            "table_of_contents",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="[]",
            nullable=False,
        ),
        sa.Column("table_of_contents_enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("read_time_minutes", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("language", sa.Text(collation="C"), nullable=True),
        sa.Column("cover_image", sa.Text(collation="C"), nullable=True),
        sa.Column("cover_attribution", sa.Text(collation="C"), nullable=True),
        sa.Column("cover_photographer", sa.Text(collation="C"), nullable=True),
        sa.Column("cover_attribution_hidden", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("cover_stuck_to_bottom", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("canonical_url", sa.Text(collation="C"), nullable=True),
        sa.Column("seo_title", sa.Text(collation="C"), nullable=True),
        sa.Column("seo_description", sa.Text(collation="C"), nullable=True),
        sa.Column("og_image", sa.Text(collation="C"), nullable=True),
        sa.Column("delisted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("comments_disabled", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("id ~ '^(draft)_[0-9a-f-]{36}$'", name=op.f("ck_drafts_id_format")),
        sa.CheckConstraint(
            "jsonb_typeof(table_of_contents) = 'array'",
            name=op.f("ck_drafts_table_of_contents_list"),
        ),
        sa.CheckConstraint("slug !~ '[[:space:]/]'", name=op.f("ck_drafts_slug_segment")),
        sa.CheckConstraint(
            "(content_markdown is null) = (content_html is null) and (content_markdown is null) = (content_text is null)",
            name=op.f("ck_drafts_content_rendered"),
        ),
        sa.CheckConstraint("read_time_minutes >= 1", name=op.f("ck_drafts_read_time_positive")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_drafts_author_id")),
        sa.ForeignKeyConstraint(
            ["publication_id", "series_id"],
            ["series.publication_id", "series.id"],
            name=op.f("fk_drafts_publication_id_series_id"),
            ondelete="SET NULL (series_id)",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_drafts_publication_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_post_id"],
            ["posts.id"],
            name=op.f("fk_drafts_published_post_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("published_post_id", name=op.f("uq_drafts_published_post_id")),
    )
    op.create_index(
        "ix_drafts_author_newest",
        "drafts",
        ["author_id", sa.literal_column("updated_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "ix_drafts_publication_newest",
        "drafts",
        ["publication_id", sa.literal_column("updated_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index("ix_drafts_series", "drafts", ["series_id"], unique=False)
    op.create_table(
        "former_slugs",
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("post_id", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "slug <> '' and slug not like '/%%'", name=op.f("ck_former_slugs_slug_relative")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id", "post_id"],
            ["posts.publication_id", "posts.id"],
            name=op.f("fk_former_slugs_publication_id_post_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("publication_id", "slug", name=op.f("pk_former_slugs")),
    )
    op.create_index(op.f("ix_former_slugs_post_id"), "former_slugs", ["post_id"], unique=False)
    op.create_table(
        "post_co_authors",
        sa.Column("post_id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_co_authors_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_post_co_authors_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "user_id", name=op.f("pk_post_co_authors")),
    )
    op.create_index(
        op.f("ix_post_co_authors_user_id"), "post_co_authors", ["user_id"], unique=False
    )
    op.create_table(
        "post_tags",
        sa.Column("post_id", sa.Text(collation="C"), nullable=False),
        sa.Column("tag_id", sa.Text(collation="C"), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_tags_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_post_tags_tag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "tag_id", name=op.f("pk_post_tags")),
    )
    op.create_index(op.f("ix_post_tags_tag_id"), "post_tags", ["tag_id"], unique=False)
    op.create_table(
        "draft_co_authors",
        sa.Column("draft_id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["drafts.id"],
            name=op.f("fk_draft_co_authors_draft_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_draft_co_authors_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft_id", "user_id", name=op.f("pk_draft_co_authors")),
    )
    op.create_index(
        op.f("ix_draft_co_authors_user_id"), "draft_co_authors", ["user_id"], unique=False
    )
    op.create_table(
        "draft_tags",
        sa.Column("draft_id", sa.Text(collation="C"), nullable=False),
        sa.Column("slug", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("tag_id", sa.Text(collation="C"), nullable=True),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_draft_tags_draft_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tags.id"], name=op.f("fk_draft_tags_tag_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("draft_id", "slug", name=op.f("pk_draft_tags")),
    )
    op.create_index(op.f("ix_draft_tags_tag_id"), "draft_tags", ["tag_id"], unique=False)
    op.create_table(
        "media_references",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("post_id", sa.Text(collation="C"), nullable=True),
        sa.Column("draft_id", sa.Text(collation="C"), nullable=True),
        sa.Column("page_id", sa.Text(collation="C"), nullable=True),
        sa.Column("url", sa.Text(collation="C"), nullable=False),
        sa.Column("file", sa.Text(collation="C"), nullable=True),
        sa.Column("alt", sa.Text(collation="C"), nullable=True),
        sa.Column("content_type", sa.Text(collation="C"), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "id ~ '^(media)_[0-9a-f-]{36}$'", name=op.f("ck_media_references_id_format")
        ),
        sa.CheckConstraint(
            "num_nonnulls(post_id, draft_id, page_id) = 1",
            name=op.f("ck_media_references_one_place"),
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["drafts.id"],
            name=op.f("fk_media_references_draft_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["static_pages.id"],
            name=op.f("fk_media_references_page_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_media_references_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_media_references_publication_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_references")),
    )
    op.create_index(
        op.f("ix_media_references_publication_id"),
        "media_references",
        ["publication_id"],
        unique=False,
    )
    op.create_index(
        "uq_media_references_draft", "media_references", ["draft_id", "url"], unique=True
    )
    op.create_index("uq_media_references_page", "media_references", ["page_id", "url"], unique=True)
    op.create_index("uq_media_references_post", "media_references", ["post_id", "url"], unique=True)
    op.create_table(
        "schedules",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("draft_id", sa.Text(collation="C"), nullable=False),
        sa.Column("scheduled_by_id", sa.Text(collation="C"), nullable=True),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "id ~ '^(schedule)_[0-9a-f-]{36}$'", name=op.f("ck_schedules_id_format")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_schedules_draft_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["scheduled_by_id"],
            ["users.id"],
            name=op.f("fk_schedules_scheduled_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_schedules_draft_id")),
    )
    op.create_index(op.f("ix_schedules_publish_at"), "schedules", ["publish_at"], unique=False)
    op.create_index(
        op.f("ix_schedules_scheduled_by_id"), "schedules", ["scheduled_by_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_schedules_scheduled_by_id"), table_name="schedules")
    op.drop_index(op.f("ix_schedules_publish_at"), table_name="schedules")
    op.drop_table("schedules")
    op.drop_index("uq_media_references_post", table_name="media_references")
    op.drop_index("uq_media_references_page", table_name="media_references")
    op.drop_index("uq_media_references_draft", table_name="media_references")
    op.drop_index(op.f("ix_media_references_publication_id"), table_name="media_references")
    op.drop_table("media_references")
    op.drop_index(op.f("ix_draft_tags_tag_id"), table_name="draft_tags")
    op.drop_table("draft_tags")
    op.drop_index(op.f("ix_draft_co_authors_user_id"), table_name="draft_co_authors")
    op.drop_table("draft_co_authors")
    op.drop_index(op.f("ix_post_tags_tag_id"), table_name="post_tags")
    op.drop_table("post_tags")
    op.drop_index(op.f("ix_post_co_authors_user_id"), table_name="post_co_authors")
    op.drop_table("post_co_authors")
    op.drop_index(op.f("ix_former_slugs_post_id"), table_name="former_slugs")
    op.drop_table("former_slugs")
    op.drop_index("ix_drafts_series", table_name="drafts")
    op.drop_index("ix_drafts_publication_newest", table_name="drafts")
    op.drop_index("ix_drafts_author_newest", table_name="drafts")
    op.drop_table("drafts")
    op.drop_index("ix_comments_replies", table_name="comments")
    op.drop_index(
        "ix_comments_post_top", table_name="comments", postgresql_where=sa.text("parent_id is null")
    )
    op.drop_index(
        "ix_comments_post_newest",
        table_name="comments",
        postgresql_where=sa.text("parent_id is null"),
    )
    op.drop_index("ix_comments_post_author", table_name="comments")
    op.drop_index("ix_comments_author", table_name="comments")
    op.drop_table("comments")
    op.drop_index(
        "ix_posts_series", table_name="posts", postgresql_where=sa.text("status = 'PUBLISHED'")
    )
    op.drop_index("ix_posts_search", table_name="posts", postgresql_using="gin")
    op.drop_index(
        "ix_posts_removed", table_name="posts", postgresql_where=sa.text("status = 'REMOVED'")
    )
    op.drop_index(
        "ix_posts_publication_newest",
        table_name="posts",
        postgresql_where=sa.text("status = 'PUBLISHED'"),
    )
    op.drop_index(
        "ix_posts_pinned",
        table_name="posts",
        postgresql_where=sa.text("pinned_at is not null and status = 'PUBLISHED'"),
    )
    op.drop_index(
        "ix_posts_newest",
        table_name="posts",
        postgresql_where=sa.text("status = 'PUBLISHED' and not delisted"),
    )
    op.drop_index(
        "ix_posts_author_newest",
        table_name="posts",
        postgresql_where=sa.text("status = 'PUBLISHED'"),
    )
    op.drop_table("posts")
    op.drop_index(op.f("ix_navigation_items_series_id"), table_name="navigation_items")
    op.drop_index(op.f("ix_navigation_items_page_id"), table_name="navigation_items")
    op.drop_table("navigation_items")
    op.drop_index("ix_static_pages_publication_order", table_name="static_pages")
    op.drop_table("static_pages")
    op.drop_index("ix_series_publication_order", table_name="series")
    op.drop_index(op.f("ix_series_author_id"), table_name="series")
    op.drop_table("series")
    op.drop_table("redirection_rules")
    op.drop_index("uq_newsletter_subscribers_email", table_name="newsletter_subscribers")
    op.drop_table("newsletter_subscribers")
    op.drop_index(
        "uq_memberships_owner", table_name="memberships", postgresql_where=sa.text("role = 'OWNER'")
    )
    op.drop_index("ix_memberships_user_id", table_name="memberships")
    op.drop_index("ix_memberships_publication_order", table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_import_provenance_row_id"), table_name="import_provenance")
    op.drop_table("import_provenance")
    op.drop_index(op.f("ix_publications_owner_id"), table_name="publications")
    op.drop_table("publications")
    op.drop_index("uq_users_username", table_name="users")
    op.drop_index("uq_users_email", table_name="users")
    op.drop_table("users")
    op.drop_table("tags")
