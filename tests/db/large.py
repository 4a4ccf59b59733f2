"""A large database: fifty publications, fifty thousand posts, a hundred thousand comments."""

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

USERS, PUBLICATIONS, TAGS, SERIES = 5_000, 50, 500, 1_000
POSTS, COMMENTS, DRAFTS = 50_000, 100_000, 10_000


def key(prefix: str, number: int) -> str:
    """The id that the statements below make of a number."""
    return f"{prefix}_{number:036}"


IDENTIFIER = text("""\
create function pg_temp.key(prefix text, number bigint) returns text
    language sql immutable return prefix || '_' || lpad(number::text, 36, '0')
""")

FILL = [
    text(statement)
    for statement in f"""\
insert into users (id, username, name)
select pg_temp.key('user', n), 'User' || n, 'User ' || n from generate_series(0, {USERS - 1}) n;

insert into publications (id, owner_id, host, title)
select pg_temp.key('pub', n), pg_temp.key('user', n), 'blog' || n || '.test', 'Blog ' || n
from generate_series(0, {PUBLICATIONS - 1}) n;

insert into memberships (id, publication_id, user_id, role)
select pg_temp.key('member', n), pg_temp.key('pub', n % {PUBLICATIONS}), pg_temp.key('user', n),
       case when n < {PUBLICATIONS} then 'OWNER' else 'CONTRIBUTOR' end
from generate_series(0, {USERS - 1}) n;

insert into tags (id, slug, name)
select pg_temp.key('tag', n), 'tag-' || n, 'Tag ' || n from generate_series(0, {TAGS - 1}) n;

insert into series (id, publication_id, author_id, slug, name)
select pg_temp.key('series', n), pg_temp.key('pub', n % {PUBLICATIONS}), pg_temp.key('user', n),
       'series-' || n, 'Series ' || n
from generate_series(0, {SERIES - 1}) n;

insert into posts (id, publication_id, author_id, series_id, slug, title, brief, content_markdown,
                   content_html, content_text, read_time_minutes, reaction_count, published_at,
                   featured_at, pinned_at, status)
select pg_temp.key('post', n), pg_temp.key('pub', n % {PUBLICATIONS}),
       pg_temp.key('user', n % {USERS}), pg_temp.key('series', n % {SERIES}),
       'post-' || n, 'Post ' || n, 'On word' || n % 1000, 'word' || n, 'word' || n, 'word' || n, 1,
       n * 7919 % 100, timestamptz '2020-01-01Z' + n * interval '1 hour',
       case when n % 500 = 0 then timestamptz '2026-01-01Z' end,
       case when n % 5000 < {PUBLICATIONS} then timestamptz '2026-01-01Z' end,
       case when n % 100 = 99 then 'REMOVED' else 'PUBLISHED' end
from generate_series(0, {POSTS - 1}) n;

insert into post_tags (post_id, tag_id, position)
select pg_temp.key('post', n), pg_temp.key('tag', (n * (place + 1) + place) % {TAGS}), place
from generate_series(0, {POSTS - 1}) n, generate_series(0, 2) place
on conflict do nothing;

insert into post_co_authors (post_id, user_id)
select pg_temp.key('post', n), pg_temp.key('user', (n + 1) % {USERS})
from generate_series(0, {POSTS - 1}, 5) n;

insert into former_slugs (publication_id, slug, post_id)
select pg_temp.key('pub', n % {PUBLICATIONS}), 'former-' || n, pg_temp.key('post', n)
from generate_series(0, {POSTS - 1}, 2) n;

insert into comments (id, post_id, author_id, content_markdown, content_html, content_text,
                      reaction_count, created_at)
select pg_temp.key('comment', n), pg_temp.key('post', n % {POSTS}),
       pg_temp.key('user', n * 31 % {USERS}), 'Yes', 'Yes', 'Yes', n % 10,
       timestamptz '2020-01-01Z' + n * interval '1 minute'
from generate_series(0, {COMMENTS - COMMENTS // 4 - 1}) n;

insert into comments (id, post_id, parent_id, author_id, content_markdown, content_html,
                      content_text, created_at)
select pg_temp.key('reply', n), pg_temp.key('post', n % {POSTS}), pg_temp.key('comment', n),
       pg_temp.key('user', n * 37 % {USERS}), 'No', 'No', 'No',
       timestamptz '2020-01-01Z' + n * interval '1 minute'
from generate_series(0, {COMMENTS // 4 - 1}) n;

insert into drafts (id, publication_id, author_id, slug, title, submitted_for_review, updated_at)
select pg_temp.key('draft', n), pg_temp.key('pub', n % {PUBLICATIONS}),
       pg_temp.key('user', n % {USERS}), 'draft-' || n, 'Draft ' || n, n % 7 = 0,
       timestamptz '2026-01-01Z' + n * interval '1 minute'
from generate_series(0, {DRAFTS - 1}) n;

insert into draft_tags (draft_id, slug, name, tag_id)
select pg_temp.key('draft', n), 'tag-' || n % {TAGS}, 'Tag', pg_temp.key('tag', n % {TAGS})
from generate_series(0, {DRAFTS - 1}) n;

insert into draft_co_authors (draft_id, user_id)
select pg_temp.key('draft', n), pg_temp.key('user', (n + 1) % {USERS})
from generate_series(0, {DRAFTS - 1}) n;

insert into schedules (id, draft_id, publish_at)
select pg_temp.key('schedule', n), pg_temp.key('draft', n), timestamptz '2027-01-01Z'
from generate_series(0, {DRAFTS - 1}, 50) n;

insert into static_pages (id, publication_id, slug, title, content_markdown, content_html,
                          content_text)
select pg_temp.key('page', n), pg_temp.key('pub', n % {PUBLICATIONS}), 'page-' || n, 'Page ' || n,
       'Us', 'Us', 'Us'
from generate_series(0, 1999) n;

insert into navigation_items (id, publication_id, position, type, label, page_id)
select pg_temp.key('nav', n), pg_temp.key('pub', n % {PUBLICATIONS}), n, 'page', 'Us',
       pg_temp.key('page', n)
from generate_series(0, 1999) n;

insert into redirection_rules (id, publication_id, source, destination)
select pg_temp.key('redirect', n), pg_temp.key('pub', n % {PUBLICATIONS}), '/' || n, '/'
from generate_series(0, {DRAFTS - 1}) n;

insert into newsletter_subscribers (id, publication_id, email)
select pg_temp.key('subscriber', n), pg_temp.key('pub', n % {PUBLICATIONS}), n || '@a.test'
from generate_series(0, {DRAFTS - 1}) n;

analyze""".split(";\n")
]


def fill(owner_url: str) -> None:
    """Fills the empty database at `owner_url`."""
    with create_engine(owner_url, poolclass=NullPool).begin() as connection:
        for statement in [IDENTIFIER, *FILL]:
            connection.execute(statement)
