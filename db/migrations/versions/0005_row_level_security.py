"""Row-level security: what db.visibility allows, enforced below it"""

from collections.abc import Iterator, Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The settings that say who is asking are those of db.security. The functions that read them run once a
# statement, and only when a row is met that is not for everybody: `(select f())` is an InitPlan.
FUNCTIONS = {
    "masthead_viewer() returns text": """\
language sql stable parallel safe
as $$ select nullif(current_setting('masthead.viewer', true), '') $$""",
    "masthead_system() returns boolean": """\
language sql stable parallel safe
as $$ select coalesce(current_setting('masthead.system', true) = 'on', false) $$""",
    "masthead_admin() returns boolean": """\
language sql stable parallel safe
as $$ select coalesce(current_setting('masthead.admin', true) = 'on', false) $$""",
    # As the owner, for the policy of memberships needs it itself.
    "masthead_publications() returns text[]": """\
language sql stable parallel safe security definer set search_path = pg_catalog
as $$ select coalesce(array_agg(p.id), '{}') from public.publications p
    where p.id = coalesce(nullif(current_setting('masthead.publication', true), ''), p.id)
    and (public.masthead_admin() or exists (
        select from public.memberships m
        where m.publication_id = p.id and m.user_id = public.masthead_viewer())) $$""",
    "masthead_owned() returns text[]": """\
language sql stable parallel safe security definer set search_path = pg_catalog
as $$ select coalesce(array_agg(m.publication_id), '{}') from public.memberships m
    where m.user_id = public.masthead_viewer() and m.role = 'OWNER' $$""",
}

SYSTEM = "(select masthead_system())"
OWN = f"({SYSTEM} or user_id = (select masthead_viewer()))"
SELF = f"({SYSTEM} or id = (select masthead_viewer()))"
OWNED = "publication_id = any ((select masthead_owned())::text[])"


def members(column: str = "publication_id") -> str:
    """Whoever belongs to the publication, as `db.visibility.is_member` says."""
    return f"({SYSTEM} or {column} = any ((select masthead_publications())::text[]))"


# Under the policies of the parent's own table. `exists` might be answered by a scan of all parents.
OF_POST = "post_id = (select posts.id from posts where posts.id = post_id)"
OF_DRAFT = "draft_id = (select drafts.id from drafts where drafts.id = draft_id)"

# For each table who sees its rows besides those who may also write them, and who these are.
POLICIES: dict[str, tuple[str, str]] = {
    "users": ("true", SELF),
    "publications": ("true", members("id")),
    "tags": ("true", SYSTEM),
    "series": ("true", members()),
    "navigation_items": ("true", members()),
    "redirection_rules": ("true", members()),
    "post_tags": ("true", SYSTEM),
    "post_co_authors": ("true", SYSTEM),
    "former_slugs": ("true", members()),
    "posts": ("status = 'PUBLISHED'", members()),
    "static_pages": ("not hidden", members()),
    "memberships": ("privacy = 'PUBLIC'", members()),
    "drafts": ("not restricted", members()),
    "comments": (OF_POST, SYSTEM),
    "draft_tags": (OF_DRAFT, SYSTEM),
    "draft_co_authors": (OF_DRAFT, SYSTEM),
    "schedules": (OF_DRAFT, SYSTEM),
    "media_references": ("false", members()),
    "invitations": ("false", members()),
    "role_invitations": ("false", members()),
    "accounts": ("false", OWN),
    "identities": ("false", OWN),
    "sessions": ("false", OWN),
    "api_keys": (OWNED, OWN),
    "totps": ("false", OWN),
    "recovery_codes": ("false", OWN),
    "passkeys": ("false", OWN),
    "audit_events": ("(select masthead_admin())", SYSTEM),
    "newsletter_subscribers": ("false", SYSTEM),
    "import_provenance": ("false", SYSTEM),
    "email_tokens": ("false", SYSTEM),
    "lockouts": ("false", SYSTEM),
    "refresh_tokens": ("false", SYSTEM),
    "signing_keys": ("false", SYSTEM),
    "challenges": ("false", SYSTEM),
}

# Of the owner, so that no policy stands between a full-text search and its index: `@@` is not leakproof.
PUBLISHED = """\
create view published_posts as
    select id, publication_id, search_document from posts where status = 'PUBLISHED'"""


def upgrade() -> None:
    op.execute(PUBLISHED)
    for signature, body in FUNCTIONS.items():
        op.execute(f"create function {signature} {body}")
    for table, (readers, writers) in POLICIES.items():
        for statement in policies(table, readers, writers):
            op.execute(statement)


def policies(table: str, readers: str, writers: str) -> Iterator[str]:
    """PostgreSQL joins them by `or`, the last name first: `reading` is decided before `belonging` is asked."""
    yield f"alter table {table} enable row level security"
    if readers != "false":
        yield f"create policy reading on {table} for select using ({readers})"
    yield f"create policy belonging on {table} using ({writers})"


def downgrade() -> None:
    op.execute("drop view published_posts")
    for table, (readers, _) in POLICIES.items():
        op.execute(f"drop policy belonging on {table}")
        if readers != "false":
            op.execute(f"drop policy reading on {table}")
        op.execute(f"alter table {table} disable row level security")
    for signature in reversed(list(FUNCTIONS)):
        op.execute(f"drop function {signature.partition(' ')[0]}")
