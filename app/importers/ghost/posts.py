"""Posts and pages of a Ghost export as records."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.importers import html, links, slugs
from app.importers.ghost import cards, lexical, mobiledoc
from app.importers.ghost.export import Data, Meta, Post
from content import url_slug
from db.writes.records import (
    BrokenSource,
    MediaRecord,
    Note,
    PageRecord,
    Place,
    PostRecord,
    PostStatus,
)

_STATUSES = {
    "published": PostStatus.PUBLISHED,
    "scheduled": PostStatus.SCHEDULED,
    "sent": PostStatus.DRAFT,
}
_CODE = ("codeinjection_head", "codeinjection_foot", "custom_template")


@dataclass(frozen=True, slots=True)
class Relations:
    """Keys of the users and tags of each post, in order, and its `posts_meta`."""

    authors: dict[str, tuple[str, ...]]
    tags: dict[str, tuple[str, ...]]
    meta: dict[str, Meta]
    permalink: str | None


def relations(data: Data, tag_keys: set[str]) -> Relations:
    """What the tables between posts and the others say; tags that are not in `tag_keys` are left out."""
    authors: dict[str, tuple[str, ...]] = {
        post.id: (post.author_id,) for post in data.posts if post.author_id
    }
    users = {user.id for user in data.users}
    ordered = sorted(data.posts_authors, key=lambda row: row.sort_order)
    authors |= _grouped((row.post_id, row.author_id) for row in ordered)
    tags = sorted(data.posts_tags, key=lambda row: row.sort_order)
    return Relations(
        authors={
            post: tuple(key for key in keys if key in users) for post, keys in authors.items()
        },
        tags=_grouped((row.post_id, row.tag_id) for row in tags if row.tag_id in tag_keys),
        meta={row.post_id: row for row in data.posts_meta},
        permalink=data.setting("permalinks"),
    )


def is_page(post: Post) -> bool:
    return post.type == "page" or (post.type is None and post.page)


def records(
    file: str, post: Post, found: Relations, now: datetime
) -> Iterator[PostRecord | PageRecord | Note]:
    """The record of a post or page, after the Notes on it."""
    place, meta = Place(file), found.meta.get(post.id, post)
    markdown, notes = _body(post, place)
    yield from (
        Note(place, f"{_named(post)}: {note.element}", note.reason, note.dropped) for note in notes
    )
    yield from _notes(post, meta, found, place)
    if is_page(post):
        yield _page(post, meta, place, markdown)
    else:
        yield _post(post, meta, found, place, markdown, _status(post, meta, now))


def _post(
    post: Post, meta: Meta, found: Relations, place: Place, markdown: str, status: PostStatus
) -> PostRecord:
    slug, cover = _slug(post), post.feature_image or post.image
    return PostRecord(
        key=post.uuid or post.id,
        place=place,
        title=html.to_text(post.title or "") or "Untitled",
        slug=slug,
        markdown=markdown,
        status=status,
        author_keys=found.authors.get(post.id, ()),
        published_at=post.published_at,
        updated_at=post.updated_at,
        private=is_private(post, meta),
        excerpt=post.custom_excerpt,
        tag_keys=found.tags.get(post.id, ()),
        former_paths=_former_paths(post, slug, found.permalink),
        cover_image=cover,
        cover_alt=meta.feature_image_alt,
        canonical_url=post.canonical_url,
        seo_title=meta.meta_title,
        seo_description=meta.meta_description,
        og_image=meta.og_image or meta.twitter_image,
        language=post.locale,
        featured=post.featured,
        media=_media(markdown, cover, meta),
    )


def _page(post: Post, meta: Meta, place: Place, markdown: str) -> PageRecord:
    cover = post.feature_image or post.image
    return PageRecord(
        key=post.uuid or post.id,
        place=place,
        title=html.to_text(post.title or "") or "Untitled",
        slug=_slug(post),
        markdown=markdown,
        hidden=post.status != "published" or is_private(post, meta),
        seo_title=meta.meta_title,
        seo_description=meta.meta_description,
        og_image=meta.og_image or meta.twitter_image or cover,
        updated_at=post.updated_at,
        media=_media(markdown, cover, meta),
    )


def is_private(post: Post, meta: Meta) -> bool:
    """Whether only members, or the readers of one e-mail, could see it."""
    return (post.visibility or "public") != "public" or post.status == "sent" or meta.email_only


def _status(post: Post, meta: Meta, now: datetime) -> PostStatus:
    status = _STATUSES.get(post.status or "", PostStatus.DRAFT)
    if is_private(post, meta) or (post.published_at is None and status is PostStatus.SCHEDULED):
        return PostStatus.DRAFT
    if status is PostStatus.PUBLISHED and post.published_at and post.published_at > now:
        return PostStatus.SCHEDULED
    return status


def _slug(post: Post) -> str:
    return url_slug(post.slug or (post.title or "").lower())


def _former_paths(post: Post, slug: str, permalink: str | None) -> tuple[str, ...]:
    # Before 2.0 a setting could put the date into addresses: "/:year/:month/:day/:slug/".
    if not permalink or not post.published_at:
        return slugs.former_paths(slug, [post.slug or ""])
    names = {"slug": slug, "id": post.id, "year": "%Y", "month": "%m", "day": "%d"}
    for name, value in names.items():
        filled = post.published_at.strftime(value) if value.startswith("%") else value
        permalink = permalink.replace(f":{name}", filled)
    return slugs.former_paths(slug, [permalink, post.slug or ""])


def _body(post: Post, place: Place) -> tuple[str, list[Note]]:
    if post.lexical:
        return _converted(post, place, "lexical", post.lexical, lexical.parts)
    if post.mobiledoc:
        return _converted(post, place, "mobiledoc", post.mobiledoc, mobiledoc.parts)
    if post.markdown:
        return post.markdown, []
    return html.to_markdown(post.html or "", place)


def _converted(
    post: Post, place: Place, form: str, document: str, parts: Callable[[str], Iterable[cards.Part]]
) -> tuple[str, list[Note]]:
    try:
        return cards.joined(parts(document), place)
    except (ValueError, RecursionError) as error:
        if post.html:
            markdown, notes = html.to_markdown(post.html, place)
            reason = "it cannot be read: the text came in from the post's HTML"
            return markdown, [Note(place, form, reason, dropped=False), *notes]
        cause = str(error).partition("\n")[0]
        raise BrokenSource(place, f"{_named(post)}: {form} cannot be read: {cause}") from error


def _media(markdown: str, cover: str | None, meta: Meta) -> tuple[MediaRecord, ...]:
    media = links.images(markdown)
    for url, alt in ((cover, meta.feature_image_alt), (meta.og_image, None)):
        if url:
            media.setdefault(url, MediaRecord(url, alt=alt))
    return tuple(media.values())


def _notes(post: Post, meta: Meta, found: Relations, place: Place) -> Iterator[Note]:
    name = _named(post)
    for field in _CODE:
        if getattr(post, field):
            yield Note(
                place, f"{name}: `{field}`", "posts run no code and choose no template of their own"
            )
    for field in ("og_title", "og_description", "twitter_title", "twitter_description"):
        if getattr(meta, field):
            yield Note(
                place, f"{name}: `{field}`", "what is shared takes the SEO title and description"
            )
    if meta.feature_image_caption:
        yield Note(place, f"{name}: `feature_image_caption`", "covers have no caption")
    if is_private(post, meta):
        audience = post.visibility if post.status != "sent" else "sent by e-mail"
        reason = "it is not shown to the public"
        yield Note(
            place, f"{name}: visibility `{audience or 'e-mail only'}`", reason, dropped=False
        )
    if is_page(post) and found.tags.get(post.id):
        yield Note(place, f"{name}: tags", "pages have no tags")
    if not is_page(post) and not found.authors.get(post.id):
        yield Note(place, f"{name}: author", "the export names none", dropped=False)


def _named(post: Post) -> str:
    kind = "page" if is_page(post) else "post"
    return f"{kind} {json.dumps(post.slug or post.title or post.id, ensure_ascii=False)}"


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, dict[str, None]] = {}
    for key, value in pairs:
        groups.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in groups.items()}
