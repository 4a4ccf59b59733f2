"""The contract's home page: the publication; its menu, the number of its posts, and the newest ones."""

from asyncio import gather
from collections.abc import Mapping
from typing import Any

from bench.servers.ceiling.publication import NAVIGATION, POST_COUNT, PUBLICATION, fragment
from bench.servers.ceiling.rows import Row, moment
from db.reading import Reads, Statement

POSTS = Statement("""
    select p.id, p.title, p.slug, p.brief, p.published_at, p.cover_image, u.name, u.profile_picture
    from (
        select * from posts where publication_id = $1::text and status = 'PUBLISHED'
        order by published_at desc, id desc limit $2::int
    ) p join users u on u.id = p.author_id
    order by p.published_at desc, p.id desc
""")


async def answer(reads: Reads, variables: Mapping[str, Any]) -> dict[str, Any]:
    [publication] = await reads.fetch(PUBLICATION, [variables["host"]])
    key, size = publication[0], variables["first"]
    navigation, [(count,)], rows = await gather(
        reads.fetch(NAVIGATION, [key]),
        reads.fetch(POST_COUNT, [key]),
        reads.fetch(POSTS, [key, str(size + 1)]),
    )
    posts = {
        "totalDocuments": count,
        "edges": [{"node": node(row, publication[3])} for row in rows[:size]],
        "pageInfo": {"endCursor": f"{rows[size - 1][4]} {key}", "hasNextPage": len(rows) > size},
    }
    return {"publication": fragment(publication, navigation) | {"posts": posts}}


def node(row: Row, host: str) -> dict[str, Any]:
    id, title, slug, brief, published_at, cover, name, picture = row
    return {
        "id": id,
        "title": title,
        "url": f"https://{host}/{slug}",
        "author": {"name": name, "profilePicture": picture},
        "coverImage": None if cover is None else {"url": cover},
        "publishedAt": moment(published_at),
        "slug": slug,
        "brief": brief,
    }
