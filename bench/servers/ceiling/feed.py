"""The feed: posts with their authors; their tags, and first comments with theirs. Two round trips."""

from asyncio import gather
from collections.abc import Iterable, Mapping
from typing import Any

from bench.servers.ceiling.rows import Row, grouped, moment
from db.reading import Reads, Statement, array_literal

POSTS = Statement("""
    select p.id, slug, title, brief, published_at, read_time_minutes,
        u.id, u.name, u.username, u.profile_picture
    from posts p join users u on u.id = p.author_id
    where status = 'PUBLISHED' and not delisted
    order by published_at desc, p.id desc limit $1::int
""")
TAGS = Statement("""
    select p.post_id, t.id, t.name, t.slug from post_tags p join tags t on t.id = p.tag_id
    where p.post_id = any($1::text[]) order by p.post_id, p.position, p.tag_id
""")
COMMENTS = Statement("""
    select key, c.* from unnest($1::text[]) key,
    lateral (
        select c.id, content_text, c.created_at, u.id, u.name, u.username
        from comments c join users u on u.id = c.author_id
        where post_id = key and parent_id is null
        order by c.created_at desc, c.id desc limit 3
    ) c
""")


async def answer(reads: Reads, variables: Mapping[str, Any]) -> dict[str, Any]:
    posts = await reads.fetch(POSTS, [str(variables["first"])])
    ids = [row[0] for row in posts]
    keys = array_literal(ids)
    tags, comments = await gather(reads.fetch(TAGS, [keys]), reads.fetch(COMMENTS, [keys]))
    tagged, commented = grouped(tags, ids), grouped(comments, ids)
    return {
        "feed": {"edges": [{"node": node(row, tagged[row[0]], commented[row[0]])} for row in posts]}
    }


def node(post: Row, tags: Iterable[Row], comments: Iterable[Row]) -> dict[str, Any]:
    id, slug, title, brief, published_at, minutes, author_id, name, username, picture = post
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
        "comments": {"edges": [{"node": comment(row)} for row in comments]},
    }


def comment(row: Row) -> dict[str, Any]:
    _, id, text, created_at, author_id, name, username = row
    return {
        "id": id,
        "content": {"text": text},
        "dateAdded": moment(created_at),
        "author": {"id": author_id, "name": name, "username": username},
    }
