"""The contract's page of one post: the publication and the post; then all that belongs to them."""

from asyncio import gather
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.servers.ceiling.publication import NAVIGATION, POST_COUNT, PUBLICATION, fragment
from bench.servers.ceiling.rows import Row, moment
from db.reading import Reads, Statement

POST = Statement("""
    select p.id, p.slug, p.brief, p.title, p.subtitle, p.published_at, p.edited_at,
           p.read_time_minutes, p.reaction_count, p.comment_count, p.reply_count, p.has_latex,
           p.series_id, p.seo_title, p.seo_description, p.cover_image, p.content_markdown,
           p.content_html, p.og_image, p.table_of_contents_enabled, p.table_of_contents,
           p.comments_disabled, u.id, u.name, u.username, u.profile_picture, u.social_links,
           u.bio_html
    from posts p join publications b on b.id = p.publication_id join users u on u.id = p.author_id
    where b.host = $1::text and p.slug = $2::text and p.status = 'PUBLISHED'
""")
CO_AUTHORS = Statement("""
    select u.username, u.id, u.name, u.bio_html, u.profile_picture
    from post_co_authors c join users u on u.id = c.user_id
    where c.post_id = $1::text order by c.position, c.user_id
""")
TAGS = Statement("""
    select t.id, t.name, t.slug from post_tags p join tags t on t.id = p.tag_id
    where p.post_id = $1::text order by p.position, p.tag_id
""")
COMMENTS = Statement("""
    select c.id, c.reaction_count, c.content_markdown, u.name, u.username, u.profile_picture
    from (
        select * from comments where post_id = $1::text and parent_id is null
        order by created_at desc, id desc limit 25
    ) c join users u on u.id = c.author_id
    order by c.created_at desc, c.id desc
""")
COMMENT_COUNT = Statement("""
    select count(*) from comments where post_id = $1::text and parent_id is null
""")


async def answer(reads: Reads, variables: Mapping[str, Any]) -> dict[str, Any]:
    [publication], [post] = await gather(
        reads.fetch(PUBLICATION, [variables["host"]]),
        reads.fetch(POST, [variables["host"], variables["slug"]]),
    )
    navigation, [(count,)], *parts = await gather(
        reads.fetch(NAVIGATION, [publication[0]]),
        reads.fetch(POST_COUNT, [publication[0]]),
        reads.fetch(CO_AUTHORS, [post[0]]),
        reads.fetch(TAGS, [post[0]]),
        reads.fetch(COMMENT_COUNT, [post[0]]),
        reads.fetch(COMMENTS, [post[0]]),
    )
    page = {"posts": {"totalDocuments": count}, "post": full(post, publication, parts)}
    return {"publication": fragment(publication, navigation) | page}


def full(post: Row, publication: Row, parts: Sequence[Sequence[Row]]) -> dict[str, Any]:
    id, slug, brief, title, subtitle, published_at, edited_at, minutes, *rest = post
    reactions, comment_count, reply_count, has_latex, series_id, *rest = rest
    seo_title, seo_description, cover, markdown, html, og_image, *rest = rest
    toc_enabled, headings, comments_disabled, *author = rest
    co_authors, tags, [(total,)], comments = parts
    return {
        "id": id,
        "slug": slug,
        "url": f"https://{publication[3]}/{slug}",
        "brief": brief,
        "title": title,
        "subtitle": subtitle,
        "publishedAt": moment(published_at),
        "updatedAt": moment(edited_at),
        "readTimeInMinutes": minutes,
        "reactionCount": reactions,
        "responseCount": comment_count + reply_count,
        "hasLatexInPost": has_latex,
        "publication": owner(publication),
        "series": None if series_id is None else {"id": series_id},
        "seo": {"title": seo_title, "description": seo_description},
        "coverImage": None if cover is None else {"url": cover},
        "author": writer(author),
        "coAuthors": [co_author(row) for row in co_authors],
        "content": {"markdown": markdown, "html": html},
        "ogMetaData": {"image": og_image},
        "tags": [{"id": id, "name": name, "slug": slug} for id, name, slug in tags],
        "features": {
            "tableOfContents": {"isEnabled": toc_enabled, "items": contents(id, headings)}
        },
        "preferences": {"disableComments": comments_disabled},
        "comments": {"totalDocuments": total, "edges": [edge(row) for row in comments]},
    }


def owner(publication: Row) -> dict[str, Any]:
    return {
        "id": publication[0],
        "isTeam": True,
        "favicon": publication[5],
        "title": publication[1],
        "about": rendered(publication[13]),
    }


def rendered(html: str | None) -> dict[str, Any] | None:
    return None if html is None else {"html": html}


def writer(row: Sequence[Any]) -> dict[str, Any]:
    id, name, username, picture, links, bio = row
    return {
        "id": id,
        "name": name,
        "username": username,
        "profilePicture": picture,
        "socialMediaLinks": {"twitter": links.get("twitter")},
        "bio": rendered(bio),
    }


def co_author(row: Row) -> dict[str, Any]:
    username, id, name, bio, picture = row
    return {
        "username": username,
        "id": id,
        "name": name,
        "bio": rendered(bio),
        "profilePicture": picture,
    }


def contents(owner: str, headings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    listed = list(headings)
    ids = [f"{owner}:{heading['slug']}" for heading in listed]
    return [
        {
            "id": id,
            "level": heading["level"],
            "parentId": None if heading["parent"] is None else ids[heading["parent"]],
            "slug": heading["slug"],
            "title": heading["title"],
        }
        for id, heading in zip(ids, listed, strict=True)
    ]


def edge(row: Row) -> dict[str, Any]:
    id, reactions, markdown, name, username, picture = row
    return {
        "node": {
            "id": id,
            "totalReactions": reactions,
            "content": {"markdown": markdown},
            "author": {"name": name, "username": username, "profilePicture": picture},
        }
    }
