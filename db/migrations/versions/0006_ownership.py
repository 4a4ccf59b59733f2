"""Who writes which rows, as db.ownership says; and comments that know whether their post is hidden"""

from collections.abc import Iterator, Sequence

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Those that read tables do so as the owner, whom no policy binds: the policies of a table cannot ask
# another one whose policies ask it.
FUNCTIONS = {
    "masthead_publication() returns text": """\
language sql stable parallel safe
as $$ select nullif(current_setting('masthead.publication', true), '') $$""",
    # Null for those who only read.
    "masthead_writer() returns text": """\
language sql stable parallel safe
as $$ select public.masthead_viewer()
    where current_setting('masthead.readonly', true) is distinct from 'on' $$""",
    "masthead_writing_admin() returns boolean": """\
language sql stable parallel safe
as $$ select public.masthead_admin() and public.masthead_writer() is not null $$""",
    "masthead_publications_as(roles text[]) returns text[]": """\
language sql stable parallel safe security definer set search_path = pg_catalog
as $$ select coalesce(array_agg(p.id), '{}') from public.publications p
    where p.id = coalesce(public.masthead_publication(), p.id)
    and (public.masthead_writing_admin() or exists (
        select from public.memberships m
        where m.publication_id = p.id and m.user_id = public.masthead_writer()
        and m.role = any (roles))) $$""",
    "masthead_co_authored() returns text[]": """\
language sql stable parallel safe security definer set search_path = pg_catalog
as $$ select coalesce(array_agg(c.draft_id), '{}') from public.draft_co_authors c
    where c.user_id = public.masthead_writer() $$""",
}

SYSTEM = "(select masthead_system())"
ADMIN = "(select masthead_writing_admin())"
WRITER = "(select masthead_writer())"
NOBODY = "false"


def one_of(roles: str, column: str = "publication_id") -> str:
    """Whoever has one of the roles in the publication, and administrators."""
    return f"{column} = any ((select masthead_publications_as('{{{roles}}}'))::text[])"


def parent(table: str, key: str, condition: str) -> str:
    """Under the policies of the parent's own table. `exists` might be answered by a scan of all parents."""
    return f"{key} = (select {table}.id from {table} where {table}.id = {key} and {condition})"


EDITED = one_of("OWNER,EDITOR")
JOINED = one_of("OWNER,EDITOR,CONTRIBUTOR")
MANAGED = one_of("OWNER")
MANAGED_ITSELF = one_of("OWNER", "id")
EDITS_ANY = "cardinality((select masthead_publications_as('{OWNER,EDITOR}'))::text[]) > 0"
SELF = f"(id = {WRITER} and (role <> 'SUPERUSER' or {ADMIN}))"

OWN = f"author_id = {WRITER}"
OWN_DRAFT = f"({EDITED} or ({JOINED} and {OWN}))"
CO_AUTHORED = "id = any ((select masthead_co_authored())::text[])"
DRAFT = f"({EDITED} or ({JOINED} and ({OWN} or {CO_AUTHORED})))"
EDITS_ALLOWED = "(select p.contributor_edits from publications p where p.id = publication_id)"
POST = f"({EDITED} or ({JOINED} and {OWN} and status = 'PUBLISHED' and {EDITS_ALLOWED}))"

OF_DRAFT = parent("drafts", "draft_id", DRAFT)
OF_POST = parent("posts", "post_id", POST)
OF_EDITED_DRAFT = parent("drafts", "draft_id", EDITED)
OF_EDITED_POST = parent("posts", "post_id", EDITED)

WITHIN = "posts.publication_id = coalesce((select masthead_publication()), posts.publication_id)"
OWN_COMMENT = f"({OWN} and {parent('posts', 'post_id', WITHIN)})"
NEW_COMMENT = f"({OWN} and {parent('posts', 'post_id', f'{WITHIN} and not posts.comments_disabled')})"

SAME = "publication_id = media_references.publication_id"
MEDIA_OF_DRAFT = parent("drafts", "draft_id", f"drafts.{SAME} and {DRAFT}")
MEDIA_OF_POST = parent("posts", "post_id", f"posts.{SAME} and {POST}")
MEDIA = f"({EDITED} or {MEDIA_OF_DRAFT} or {MEDIA_OF_POST})"

# For each table who inserts, updates and deletes besides the server itself. What is not here is the
# server's own to write since 0005.
RULES: dict[str, tuple[str, str, str]] = {
    "users": (NOBODY, SELF, NOBODY),
    "publications": (ADMIN, MANAGED_ITSELF, MANAGED_ITSELF),
    "memberships": (MANAGED, MANAGED, MANAGED),
    "invitations": (MANAGED, MANAGED, MANAGED),
    "role_invitations": (MANAGED, MANAGED, MANAGED),
    "tags": (f"({EDITS_ANY} or {ADMIN})", ADMIN, ADMIN),
    "series": (EDITED, EDITED, EDITED),
    "static_pages": (EDITED, EDITED, EDITED),
    "navigation_items": (EDITED, EDITED, EDITED),
    "redirection_rules": (EDITED, EDITED, EDITED),
    "posts": (EDITED, POST, EDITED),
    "post_tags": (OF_POST, OF_POST, OF_POST),
    "post_co_authors": (OF_POST, OF_POST, OF_POST),
    "former_slugs": (OF_POST, OF_POST, OF_POST),
    "drafts": (OWN_DRAFT, DRAFT, OWN_DRAFT),
    "draft_tags": (OF_DRAFT, OF_DRAFT, OF_DRAFT),
    "draft_co_authors": (OF_DRAFT, OF_DRAFT, OF_DRAFT),
    "schedules": (OF_EDITED_DRAFT, OF_EDITED_DRAFT, OF_EDITED_DRAFT),
    "media_references": (MEDIA, MEDIA, MEDIA),
    "comments": (NEW_COMMENT, OWN_COMMENT, f"({OWN_COMMENT} or {OF_EDITED_POST})"),
    "accounts": (NOBODY, NOBODY, NOBODY),
    "identities": (NOBODY, NOBODY, NOBODY),
    "sessions": (NOBODY, NOBODY, NOBODY),
    "api_keys": (NOBODY, NOBODY, NOBODY),
    "totps": (NOBODY, NOBODY, NOBODY),
    "recovery_codes": (NOBODY, NOBODY, NOBODY),
    "passkeys": (NOBODY, NOBODY, NOBODY),
}

# `belonging` of 0005 is for all commands; from here on it is for select.
MEMBERS = "publication_id = any ((select masthead_publications())::text[])"
MEMBERS_ITSELF = "id = any ((select masthead_publications())::text[])"
OWNER = "user_id = (select masthead_viewer())"
BELONGING: dict[str, str] = {
    "users": "id = (select masthead_viewer())",
    "publications": MEMBERS_ITSELF,
    "series": MEMBERS,
    "navigation_items": MEMBERS,
    "redirection_rules": MEMBERS,
    "former_slugs": MEMBERS,
    "posts": MEMBERS,
    "static_pages": MEMBERS,
    "memberships": MEMBERS,
    "drafts": MEMBERS,
    "media_references": MEMBERS,
    "invitations": MEMBERS,
    "role_invitations": MEMBERS,
    "accounts": OWNER,
    "identities": OWNER,
    "sessions": OWNER,
    "api_keys": OWNER,
    "totps": OWNER,
    "recovery_codes": OWNER,
    "passkeys": OWNER,
}

# As the owner: a lock is for those who may write the post. This one makes a change of the status wait,
# and waits for it; a shared one would let two writers of comments block each other when both go on to
# count them in the post.
HIDE_COMMENT = """\
create function masthead_hide_comment() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
    new.hidden := coalesce(
        (select p.status <> 'PUBLISHED' from public.posts p where p.id = new.post_id for no key update),
        true);
    return new;
end $$"""
HIDE_COMMENTS = """\
create function masthead_hide_comments() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
    update public.comments set hidden = new.status <> 'PUBLISHED' where post_id = new.id;
    return null;
end $$"""
TRIGGERS = """\
create trigger hidden_with_its_post before insert or update of post_id, hidden on comments
    for each row execute function masthead_hide_comment();
create trigger hides_its_comments after update of status on posts
    for each row when (old.status is distinct from new.status)
    execute function masthead_hide_comments()"""
BACKFILL = """\
update comments set hidden = true from posts where posts.id = post_id and posts.status <> 'PUBLISHED'"""
# What becomes of the public's reading of comments; the rest asks for the post, as ever.
SEEN_POST = "post_id = (select posts.id from posts where posts.id = post_id)"

# When a draft is to be published is its publication's own, though whoever has its id may read it.
SEEN_DRAFT = "draft_id = (select drafts.id from drafts where drafts.id = draft_id)"
LISTED_DRAFT = parent("drafts", "draft_id", f"drafts.{MEMBERS}")

# A viewer who is limited to one publication owns no other.
OWNED = """\
create or replace function masthead_owned() returns text[]
language sql stable parallel safe security definer set search_path = pg_catalog
as $$ select coalesce(array_agg(m.publication_id), '{{}}') from public.memberships m
    where m.user_id = public.masthead_viewer() and m.role = 'OWNER'{} $$"""
WITHIN_ONE = " and m.publication_id = coalesce(public.masthead_publication(), m.publication_id)"


def upgrade() -> None:
    for signature, body in FUNCTIONS.items():
        op.execute(f"create function {signature} {body}")
    for table, rules in RULES.items():
        for statement in policies(table, *rules):
            op.execute(statement)
    op.execute("alter table comments add column hidden boolean not null default false")
    for statement in (HIDE_COMMENT, HIDE_COMMENTS, *TRIGGERS.split(";\n"), BACKFILL):
        op.execute(statement)
    op.execute("alter policy reading on comments using (not hidden)")
    op.execute(f"alter policy belonging on comments using ({SYSTEM} or {SEEN_POST})")
    op.execute("drop policy reading on schedules")
    op.execute(f"alter policy belonging on schedules using ({SYSTEM} or {LISTED_DRAFT})")
    op.execute(OWNED.format(WITHIN_ONE))


def policies(table: str, inserts: str, updates: str, deletes: str) -> Iterator[str]:
    yield f"drop policy belonging on {table}"
    yield f"create policy belonging on {table} for select using ({belongs(table)})"
    yield f"create policy creating on {table} for insert with check ({SYSTEM} or {inserts})"
    yield f"create policy changing on {table} for update using ({SYSTEM} or {updates})"
    yield f"create policy removing on {table} for delete using ({SYSTEM} or {deletes})"


def belongs(table: str) -> str:
    return f"{SYSTEM} or {BELONGING[table]}" if table in BELONGING else SYSTEM


def downgrade() -> None:
    op.execute(OWNED.format(""))
    op.execute(f"create policy reading on schedules for select using ({SEEN_DRAFT})")
    op.execute(f"alter policy reading on comments using ({SEEN_POST})")
    op.execute("drop trigger hides_its_comments on posts")
    op.execute("drop trigger hidden_with_its_post on comments")
    op.execute("drop function masthead_hide_comments")
    op.execute("drop function masthead_hide_comment")
    for table in RULES:
        for policy in ("belonging", "creating", "changing", "removing"):
            op.execute(f"drop policy {policy} on {table}")
        op.execute(f"create policy belonging on {table} using ({belongs(table)})")
    op.execute("alter table comments drop column hidden")
    for signature in reversed(list(FUNCTIONS)):
        op.execute(f"drop function {signature.partition('(')[0]}")
