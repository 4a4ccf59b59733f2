-- Fills an empty database: the same rows each time, from numbers and from the texts that bench.data
-- has put into the temporary table texts(kind, number, text).

create function pg_temp.key(prefix text, number bigint) returns text
    language sql immutable
    return prefix || '_' || (
        lpad(to_hex(1577836800000 + number * 3600000), 12, '0') || substr(md5(prefix || number), 1, 20)
    )::uuid;

create function pg_temp.text_of(wanted text, number bigint) returns text
    language sql stable
    return (select text from texts t where t.kind = wanted and t.number = text_of.number % 500);

insert into users (id, username, name, tagline, bio_markdown, bio_html, bio_text, profile_picture,
                   social_links, followers_count)
select pg_temp.key('user', n), 'writer' || n,
       initcap(split_part(pg_temp.text_of('comment', n), ' ', 2)) || ' Writer ' || n,
       pg_temp.text_of('title', n + 7), bio, '<p>' || bio || '</p>', bio,
       'https://images.bench.test/' || n || '.png',
       jsonb_build_object('twitter', 'https://twitter.test/writer' || n), n % 1000
from generate_series(0, 4999) n, lateral (select pg_temp.text_of('brief', n + 11) bio) texts;

insert into publications (id, owner_id, host, title, display_title, description_seo, about_markdown,
                          about_html, about_text, favicon, logo, dark_mode_logo, og_image, meta_tags,
                          links, integrations, followers_count)
select pg_temp.key('pub', n), pg_temp.key('user', n), 'blog' || n || '.bench.test', 'Blog ' || n,
       'The blog number ' || n, about, about, '<p>' || about || '</p>', about,
       'https://images.bench.test/icon.png', 'https://images.bench.test/logo.png',
       'https://images.bench.test/dark.png', 'https://images.bench.test/open.png',
       '<meta name="verification" content="bench">',
       '{"twitter": "https://twitter.test/blog", "github": "https://github.test/blog"}',
       '{"umami_website_uuid": "f6ad4d1c", "plausible_analytics_enabled": true}', n * 10
from generate_series(0, 49) n, lateral (select pg_temp.text_of('brief', n + 13) about) texts;

insert into memberships (id, publication_id, user_id, role)
select pg_temp.key('member', n), pg_temp.key('pub', n % 50), pg_temp.key('user', n),
       case when n < 50 then 'OWNER' else 'CONTRIBUTOR' end
from generate_series(0, 4999) n;

insert into navigation_items (id, publication_id, position, type, label, url)
select pg_temp.key('nav', n), pg_temp.key('pub', n % 50), n / 50, 'link', 'Link ' || n / 50,
       'https://blog' || n % 50 || '.bench.test/link' || n / 50
from generate_series(0, 249) n;

insert into tags (id, slug, name)
select pg_temp.key('tag', n), 'tag-' || n, 'Tag ' || n from generate_series(0, 499) n;

insert into series (id, publication_id, author_id, slug, name)
select pg_temp.key('series', n), pg_temp.key('pub', n % 50), pg_temp.key('user', n),
       'series-' || n, 'Series ' || n
from generate_series(0, 999) n;

-- Every tenth post is part of a series; every thousandth is long and popular.
insert into posts (id, publication_id, author_id, series_id, slug, title, subtitle, brief,
                   content_markdown, content_html, content_text, table_of_contents, search_config,
                   read_time_minutes, cover_image, seo_title, comment_count, reply_count,
                   reaction_count, view_count, published_at)
select pg_temp.key('post', n), pg_temp.key('pub', n % 50), pg_temp.key('user', n * 31 % 5000),
       case when n % 10 = 0 then pg_temp.key('series', n % 1000) end,
       'post-' || n, title, subtitle, brief,
       E'## First\n\n' || one || E'\n\n## Second\n\n' || two,
       '<h2 id="first">First</h2><p>' || one || '</p><h2 id="second">Second</h2><p>' || two || '</p>',
       one || ' ' || two,
       '[{"slug": "first", "title": "First", "level": 2, "parent": null},
         {"slug": "second", "title": "Second", "level": 2, "parent": null}]',
       'simple', 1 + n % 9, 'https://images.bench.test/covers/' || md5(n::text) || '.jpg',
       left(title, 60), case when n % 1000 = 999 then 403 else 3 end,
       case when n < 30000 then 1 else 0 end, n * 7919 % 100, n * 4729 % 10000,
       timestamptz '2020-01-01Z' + n * interval '1 hour'
from generate_series(0, 49999) n,
     lateral (select pg_temp.text_of('title', n) title, pg_temp.text_of('title', n + 3) subtitle,
                     pg_temp.text_of('brief', n) brief, pg_temp.text_of('paragraph', n) one,
                     repeat(pg_temp.text_of('paragraph', n * 3 + 1) || E'\n\n',
                            case when n % 1000 = 999 then 12 else 1 end) two) texts;

insert into post_tags (post_id, tag_id, position)
select pg_temp.key('post', n), pg_temp.key('tag', (n * 7 + place * 97) % 500), place
from generate_series(0, 49999) n, lateral generate_series(0, 2 + n % 3) place;

insert into post_co_authors (post_id, user_id)
select pg_temp.key('post', n), pg_temp.key('user', (n * 31 + 1) % 5000)
from generate_series(0, 49999, 3) n;

-- Three comments on every post, four hundred more on each of the popular ones.
insert into comments (id, post_id, author_id, content_markdown, content_html, content_text,
                      reaction_count, created_at)
select pg_temp.key('comment', n),
       pg_temp.key('post', case when n < 150000 then n % 50000 else n % 50 * 1000 + 999 end),
       pg_temp.key('user', n * 37 % 5000), text, '<p>' || text || '</p>', text, n % 10,
       timestamptz '2020-01-01Z' + n % 50000 * interval '1 hour' + n / 50000 * interval '1 minute'
from generate_series(0, 169999) n, lateral (select pg_temp.text_of('comment', n) text) texts;

insert into comments (id, post_id, parent_id, author_id, content_markdown, content_html,
                      content_text, created_at)
select pg_temp.key('reply', n), pg_temp.key('post', n), pg_temp.key('comment', n),
       pg_temp.key('user', n * 41 % 5000), text, '<p>' || text || '</p>', text,
       timestamptz '2026-01-01Z' + n * interval '1 minute'
from generate_series(0, 29999) n, lateral (select pg_temp.text_of('comment', n + 5) text) texts;
