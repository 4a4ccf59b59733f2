"""Accounts, sessions, keys, second factors, invitations and the audit log"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("actor_id", sa.Text(collation="C"), nullable=True),
        sa.Column("session_id", sa.Text(collation="C"), nullable=True),
        sa.Column("key_id", sa.Text(collation="C"), nullable=True),
        sa.Column("address", sa.Text(collation="C"), nullable=True),
        sa.Column("user_agent", sa.Text(collation="C"), nullable=True),
        sa.Column("request_id", sa.Text(collation="C"), nullable=True),
        sa.Column("action", sa.Text(collation="C"), nullable=False),
        sa.Column("target_id", sa.Text(collation="C"), nullable=True),
        sa.Column("result", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.CheckConstraint(
            "id ~ '^(audit)_[0-9a-f-]{36}$'", name=op.f("ck_audit_events_id_format")
        ),
        sa.CheckConstraint(
            "result in ('SUCCESS', 'FAILURE')", name=op.f("ck_audit_events_result_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_action", "audit_events", ["action", "at", "id"], unique=False)
    op.create_index(
        "ix_audit_events_actor_id", "audit_events", ["actor_id", "at", "id"], unique=False
    )
    op.create_index("ix_audit_events_newest", "audit_events", ["at", "id"], unique=False)
    op.create_index(
        "ix_audit_events_target_id", "audit_events", ["target_id", "at", "id"], unique=False
    )
    op.create_table(
        "lockouts",
        sa.Column("subject", sa.Text(collation="C"), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_lockouts")),
    )
    op.create_index(op.f("ix_lockouts_failed_at"), "lockouts", ["failed_at"], unique=False)
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("algorithm", sa.Text(collation="C"), nullable=False),
        sa.Column("private", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "algorithm in ('EdDSA', 'ES256', 'RS256', 'HS256')",
            name=op.f("ck_signing_keys_algorithm_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
    )
    op.create_table(
        "accounts",
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("password_hash", sa.Text(collation="C"), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unverified_email", sa.Text(collation="C"), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deletion_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_accounts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_accounts")),
    )
    op.create_index(
        op.f("ix_accounts_deletion_due_at"), "accounts", ["deletion_due_at"], unique=False
    )
    op.create_table(
        "challenges",
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("purpose", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=True),
        sa.Column(
            "details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose in ('SECOND_FACTOR', 'PASSKEY_REGISTRATION', 'PASSKEY_ASSERTION', 'OIDC')",
            name=op.f("ck_challenges_purpose_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_challenges_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_challenges")),
    )
    op.create_index(op.f("ix_challenges_expires_at"), "challenges", ["expires_at"], unique=False)
    op.create_index(op.f("ix_challenges_user_id"), "challenges", ["user_id"], unique=False)
    op.create_table(
        "email_tokens",
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("purpose", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=True),
        sa.Column("email", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(user_id is null) = (purpose = 'SIGN_UP')", name=op.f("ck_email_tokens_user_known")
        ),
        sa.CheckConstraint(
            "purpose in ('SIGN_UP', 'CHANGE_EMAIL', 'RESET_PASSWORD')",
            name=op.f("ck_email_tokens_purpose_known"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_email_tokens_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_email_tokens")),
    )
    op.create_index(
        op.f("ix_email_tokens_expires_at"), "email_tokens", ["expires_at"], unique=False
    )
    op.create_index(op.f("ix_email_tokens_user_id"), "email_tokens", ["user_id"], unique=False)
    op.create_table(
        "identities",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("provider", sa.Text(collation="C"), nullable=False),
        sa.Column("issuer", sa.Text(collation="C"), nullable=False),
        sa.Column("subject", sa.Text(collation="C"), nullable=False),
        sa.Column("email", sa.Text(collation="C"), nullable=True),
        sa.Column("tokens", sa.Text(collation="C"), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "id ~ '^(identity)_[0-9a-f-]{36}$'", name=op.f("ck_identities_id_format")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_identities_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
    )
    op.create_index(op.f("ix_identities_user_id"), "identities", ["user_id"], unique=False)
    op.create_index("uq_identities_subject", "identities", ["issuer", "subject"], unique=True)
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("credential_id", sa.Text(collation="C"), nullable=False),
        sa.Column("public_key", sa.Text(collation="C"), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("backed_up", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id ~ '^(passkey)_[0-9a-f-]{36}$'", name=op.f("ck_passkeys_id_format")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(
        "ix_passkeys_user_id", "passkeys", ["user_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "recovery_codes",
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_user_id"), "recovery_codes", ["user_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("method", sa.Text(collation="C"), nullable=False),
        sa.Column("strong", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "proven_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("cookie_digest", sa.Text(collation="C"), nullable=True),
        sa.Column("user_agent", sa.Text(collation="C"), nullable=True),
        sa.Column("address", sa.Text(collation="C"), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id ~ '^(session)_[0-9a-f-]{36}$'", name=op.f("ck_sessions_id_format")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_sessions_expires_later")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"], unique=False)
    op.create_index(
        "ix_sessions_user_id", "sessions", ["user_id", "created_at", "id"], unique=False
    )
    op.create_index(
        "uq_sessions_cookie_digest",
        "sessions",
        ["cookie_digest"],
        unique=True,
        postgresql_where=sa.text("cookie_digest is not null"),
    )
    op.create_table(
        "totps",
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("seed", sa.Text(collation="C"), nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_totps_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_totps")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("user_id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=True),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("public", sa.Text(collation="C"), nullable=False),
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text(collation="C")), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_from", sa.Text(collation="C"), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id ~ '^(key)_[0-9a-f-]{36}$'", name=op.f("ck_api_keys_id_format")),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_api_keys_publication_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("public", name=op.f("uq_api_keys_public")),
    )
    op.create_index(
        "ix_api_keys_publication_id",
        "api_keys",
        ["publication_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_api_keys_user_id", "api_keys", ["user_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("email", sa.Text(collation="C"), nullable=False),
        sa.Column("role", sa.Text(collation="C"), nullable=False),
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("invited_by", sa.Text(collation="C"), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "id ~ '^(invite)_[0-9a-f-]{36}$'", name=op.f("ck_invitations_id_format")
        ),
        sa.CheckConstraint(
            "role in ('EDITOR', 'CONTRIBUTOR')", name=op.f("ck_invitations_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"],
            ["users.id"],
            name=op.f("fk_invitations_invited_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_invitations_publication_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
    )
    op.create_index(op.f("ix_invitations_invited_by"), "invitations", ["invited_by"], unique=False)
    op.create_index(
        "ix_invitations_publication_order",
        "invitations",
        ["publication_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_invitations_email",
        "invitations",
        ["publication_id", sa.literal_column("lower(email)")],
        unique=True,
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("session_id", sa.Text(collation="C"), nullable=False),
        sa.Column("salt", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_refresh_tokens_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_refresh_tokens")),
    )
    op.create_index(
        op.f("ix_refresh_tokens_session_id"), "refresh_tokens", ["session_id"], unique=False
    )
    op.create_table(
        "role_invitations",
        sa.Column("id", sa.Text(collation="C"), nullable=False),
        sa.Column("publication_id", sa.Text(collation="C"), nullable=False),
        sa.Column("role", sa.Text(collation="C"), nullable=False),
        sa.Column("token", sa.Text(collation="C"), nullable=False),
        sa.Column("digest", sa.Text(collation="C"), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=True),
        sa.Column("used", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_by", sa.Text(collation="C"), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "id ~ '^(invitelink)_[0-9a-f-]{36}$'", name=op.f("ck_role_invitations_id_format")
        ),
        sa.CheckConstraint(
            "role in ('EDITOR', 'CONTRIBUTOR')", name=op.f("ck_role_invitations_role_known")
        ),
        sa.CheckConstraint(
            "capacity > 0 and used <= capacity", name=op.f("ck_role_invitations_capacity_kept")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["users.id"],
            name=op.f("fk_role_invitations_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_role_invitations_publication_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_role_invitations_digest")),
    )
    op.create_index(
        op.f("ix_role_invitations_created_by"), "role_invitations", ["created_by"], unique=False
    )
    op.create_index(
        "ix_role_invitations_publication_order",
        "role_invitations",
        ["publication_id", "created_at", "id"],
        unique=False,
    )
    op.add_column(
        "publications",
        sa.Column("role_invites_enabled", sa.Boolean(), server_default="true", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("publications", "role_invites_enabled")
    op.drop_index("ix_role_invitations_publication_order", table_name="role_invitations")
    op.drop_index(op.f("ix_role_invitations_created_by"), table_name="role_invitations")
    op.drop_table("role_invitations")
    op.drop_index(op.f("ix_refresh_tokens_session_id"), table_name="refresh_tokens")
    op.drop_table("refresh_tokens")
    op.drop_index("uq_invitations_email", table_name="invitations")
    op.drop_index("ix_invitations_publication_order", table_name="invitations")
    op.drop_index(op.f("ix_invitations_invited_by"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index("ix_api_keys_user_id", table_name="api_keys")
    op.drop_index("ix_api_keys_publication_id", table_name="api_keys")
    op.drop_table("api_keys")
    op.drop_table("totps")
    op.drop_index(
        "uq_sessions_cookie_digest",
        table_name="sessions",
        postgresql_where=sa.text("cookie_digest is not null"),
    )
    op.drop_index("ix_sessions_user_id", table_name="sessions")
    op.drop_index("ix_sessions_expires_at", table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_recovery_codes_user_id"), table_name="recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_index("ix_passkeys_user_id", table_name="passkeys")
    op.drop_table("passkeys")
    op.drop_index("uq_identities_subject", table_name="identities")
    op.drop_index(op.f("ix_identities_user_id"), table_name="identities")
    op.drop_table("identities")
    op.drop_index(op.f("ix_email_tokens_user_id"), table_name="email_tokens")
    op.drop_index(op.f("ix_email_tokens_expires_at"), table_name="email_tokens")
    op.drop_table("email_tokens")
    op.drop_index(op.f("ix_challenges_user_id"), table_name="challenges")
    op.drop_index(op.f("ix_challenges_expires_at"), table_name="challenges")
    op.drop_table("challenges")
    op.drop_index(op.f("ix_accounts_deletion_due_at"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_table("signing_keys")
    op.drop_index(op.f("ix_lockouts_failed_at"), table_name="lockouts")
    op.drop_table("lockouts")
    op.drop_index("ix_audit_events_target_id", table_name="audit_events")
    op.drop_index("ix_audit_events_newest", table_name="audit_events")
    op.drop_index("ix_audit_events_actor_id", table_name="audit_events")
    op.drop_index("ix_audit_events_action", table_name="audit_events")
    op.drop_table("audit_events")
