"""A wide, flat list of posts: one round trip."""

from collections.abc import Mapping
from typing import Any

from bench.servers.ceiling.rows import Row, moment
from db.reading import Reads, Statement

POSTS = Statement("""
    select id, slug, title, subtitle, brief, canonical_url, cuid, published_at, edited_at,
           featured_at, read_time_minutes, reaction_count, reply_count, comment_count, view_count,
           language, has_latex
    from posts where status = 'PUBLISHED' and not delisted
    order by published_at desc, id desc limit 100
""")


async def answer(reads: Reads, _variables: Mapping[str, Any]) -> dict[str, Any]:
    return {"feed": {"nodes": [node(row) for row in await reads.fetch(POSTS, [])]}}


def node(row: Row) -> dict[str, Any]:
    id, slug, title, subtitle, brief, canonical_url, cuid, published_at, edited_at, *rest = row
    featured_at, minutes, reactions, replies, comments, views, language, has_latex = rest
    return {
        "id": id,
        "slug": slug,
        "title": title,
        "subtitle": subtitle,
        "brief": brief,
        "canonicalUrl": canonical_url,
        "cuid": cuid,
        "publishedAt": moment(published_at),
        "updatedAt": moment(edited_at),
        "featured": featured_at is not None,
        "featuredAt": moment(featured_at),
        "readTimeInMinutes": minutes,
        "reactionCount": reactions,
        "replyCount": replies,
        "responseCount": comments + replies,
        "views": views,
        "language": language,
        "hasLatexInPost": has_latex,
    }
