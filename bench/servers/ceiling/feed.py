"""The feed: posts; their authors, tags and first comments; the comments' authors. Three round trips."""

from asyncio import gather
from collections.abc import Iterable, Mapping
from typing import Any

from bench.servers.ceiling.rows import Row, grouped, moment
from db.reading import Reads, Statement, array_literal

POSTS = Statement("""
    select id, slug, title, brief, published_at, read_time_minutes, author_id from posts
    where status = 'PUBLISHED' and not delisted
    order by published_at desc, id desc limit $1::int
""")
USERS = Statement("""
    select id, name, username, profile_picture from users where id = any($1::text[])
""")
TAGS = Statement("""
    select p.post_id, t.id, t.name, t.slug from post_tags p join tags t on t.id = p.tag_id
    where p.post_id = any($1::text[]) order by p.post_id, p.position, p.tag_id
""")
COMMENTS = Statement("""
    select key, c.id, c.content_text, c.created_at, c.author_id from unnest($1::text[]) key,
    lateral (
        select id, content_text, created_at, author_id from comments
        where post_id = key and parent_id is null
        order by created_at desc, id desc limit 3
    ) c
""")


async def answer(reads: Reads, variables: Mapping[str, Any]) -> dict[str, Any]:
    posts = await reads.fetch(POSTS, [str(variables["first"])])
    ids = [row[0] for row in posts]
    keys = array_literal(ids)
    users, tags, comments = await gather(
        reads.fetch(USERS, [array_literal(list({row[6] for row in posts}))]),
        reads.fetch(TAGS, [keys]),
        reads.fetch(COMMENTS, [keys]),
    )
    people = {row[0]: row for row in users}
    unknown = list({row[4] for row in comments} - people.keys())
    people |= {row[0]: row for row in await reads.fetch(USERS, [array_literal(unknown)])}
    tagged, commented = grouped(tags, ids), grouped(comments, ids)
    return {
        "feed": {
            "edges": [
                {"node": node(row, people, tagged[row[0]], commented[row[0]])} for row in posts
            ]
        }
    }


def node(
    post: Row, people: Mapping[str, Row], tags: Iterable[Row], comments: Iterable[Row]
) -> dict[str, Any]:
    id, slug, title, brief, published_at, minutes, author_id = post
    author_id, name, username, picture = people[author_id]
    return {
        "id": id,
        "slug": slug,
        "title": title,
        "brief": brief,
        "publishedAt": moment(published_at),
        "readTimeInMinutes": minutes,
        "author": {
            "id": author_id,
            "name": name,
            "username": username,
            "profilePicture": picture,
        },
        "tags": [{"id": id, "name": name, "slug": slug} for _, id, name, slug in tags],
        "comments": {"edges": [{"node": comment(row, people)} for row in comments]},
    }


def comment(row: Row, people: Mapping[str, Row]) -> dict[str, Any]:
    _, id, text, created_at, author_id = row
    author_id, name, username, _ = people[author_id]
    return {
        "id": id,
        "content": {"text": text},
        "dateAdded": moment(created_at),
        "author": {"id": author_id, "name": name, "username": username},
    }
