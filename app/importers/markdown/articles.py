"""Posts and pages of a Markdown tree as records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.importers.markdown import entry
from app.importers.markdown.body import Addresses, Body, body, media
from app.importers.markdown.entry import Entry
from app.importers.markdown.tree import Tree
from db.writes.records import (
    MediaRecord,
    Note,
    PageRecord,
    Place,
    PostRecord,
    PostStatus,
    Record,
    RedirectRecord,
    UserRecord,
)

_UPDATED = ("updated", "lastmod", "last_modified_at", "modified", "datemodified", "extra.updated")
_COVER = (
    "cover",
    "cover.image",
    "image",
    "image.path",
    "images",
    "featured_image",
    "featuredimage",
    "feature_image",
    "header.image",
    "thumbnail",
    "extra.image",
    "extra.cover",
    "extra.cover_image",
    "extra.featured_image",
)
_COVER_ALT = ("cover.alt", "image.alt", "image_alt", "extra.image_alt", "extra.cover_alt")
_OG_IMAGE = ("og_image", "ogimage", "extra.og_image", "socialimage", "extra.social_image")
_DESCRIPTION = ("description", "extra.description")
_EXCERPT = ("excerpt", "summary")
_CANONICAL = (
    "canonical_url",
    "canonicalurl",
    "canonical",
    "extra.canonical_url",
    "extra.canonical",
)
_LANGUAGE = ("language", "lang", "locale")
_SERIES_INDEX = ("series_order", "series_weight", "series_index", "extra.series_order")
# Hints to the generator that change nothing in the content: math is found in the text itself.
_HINTS = ("layout", "type", "math", "mathjax", "katex", "extra.math", "extra.katex")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an entry is read against: `author` is the one of posts that name none."""

    tree: Tree
    addresses: Addresses
    author: UserRecord | None
    now: datetime


def records(around: Surroundings, item: Entry, text: str) -> Iterator[Record]:
    """The record of one entry with `text` as body, after the Notes on it."""
    content = body(around.tree, around.addresses, item, text)
    record = _post(around, item, content) if item.is_post else _page(around, item, content)
    for name in _HINTS:
        item.front.text(name)
    yield from (
        *entry.notes(item),
        *_notes(record, item, around.now),
        *item.front.unused(),
        *content.notes,
    )
    yield record


def redirect(item: Entry) -> RedirectRecord | None:
    """The rule of a file that only sends its readers elsewhere (Jekyll's and Zola's `redirect_to`)."""
    destination = item.front.text("redirect_to")
    return RedirectRecord(f"/{item.address}", destination) if destination else None


def _post(around: Surroundings, item: Entry, content: Body) -> PostRecord:
    front = item.front
    expired = _is_expired(item, around.now)
    cover, og_image, images = _images(around.tree, item, content.media)
    description = front.text(*_DESCRIPTION)
    return PostRecord(
        key=item.key,
        place=Place(str(item.path), 1),
        title=item.title,
        slug=item.slug,
        markdown=content.markdown,
        status=PostStatus.DRAFT if expired else _status(item, around.now),
        author_keys=_author_keys(item, around.author),
        published_at=item.date,
        updated_at=front.moment(*_UPDATED),
        private=expired,
        subtitle=front.text("subtitle", "extra.subtitle"),
        excerpt=front.text(*_EXCERPT) or description,
        tag_keys=tuple(tag.key for tag in item.tags),
        series_key=item.series.key if item.series else None,
        series_index=front.number(*_SERIES_INDEX),
        former_paths=item.former_paths,
        cover_image=cover,
        cover_alt=front.text(*_COVER_ALT),
        canonical_url=front.text(*_CANONICAL),
        seo_title=front.text("seo_title", "seotitle", "extra.seo_title"),
        seo_description=description,
        og_image=og_image,
        language=front.text(*_LANGUAGE),
        pinned=front.flag("pinned", "pin", "sticky") is True,
        featured=front.flag("featured", "extra.featured") is True,
        delisted=front.flag("unlisted", "hidden") is True,
        comments_disabled=front.flag("comments", "extra.comments") is False,
        table_of_contents=front.flag("toc", "showtoc", "extra.toc") is not False,
        media=images,
    )


def _page(around: Surroundings, item: Entry, content: Body) -> PageRecord:
    cover, og_image, images = _images(around.tree, item, content.media)
    return PageRecord(
        key=item.key,
        place=Place(str(item.path), 1),
        title=item.title,
        slug=item.slug,
        markdown=content.markdown,
        hidden=item.is_draft or _is_expired(item, around.now),
        former_paths=item.former_paths,
        seo_title=item.front.text("seo_title", "seotitle", "extra.seo_title"),
        seo_description=item.front.text(*_DESCRIPTION),
        og_image=og_image or cover,
        updated_at=item.front.moment(*_UPDATED),
        media=images,
    )


def _images(
    tree: Tree, item: Entry, shown: tuple[MediaRecord, ...]
) -> tuple[str | None, str | None, tuple[MediaRecord, ...]]:
    cover = next(iter(item.front.texts(*_COVER)), None)
    og_image = item.front.text(*_OG_IMAGE)
    named = (*media(tree, item, og_image), *media(tree, item, cover, item.front.text(*_COVER_ALT)))
    by_url = {record.url: record for record in (*named, *shown)}
    return cover, og_image, tuple(by_url.values())


def _author_keys(item: Entry, author: UserRecord | None) -> tuple[str, ...]:
    return tuple(user.key for user in item.authors) or ((author.key,) if author else ())


def _notes(record: PostRecord | PageRecord, item: Entry, now: datetime) -> Iterator[Note]:
    if _is_expired(item, now):
        kept = "as a private draft" if item.is_post else "hidden"
        place, reason = item.front.place("expirydate"), f"expired: it came in {kept}"
        yield Note(place, "front matter `expirydate`", reason, dropped=False)
    if isinstance(record, PostRecord) and not record.author_keys:
        yield Note(record.place, "author", "the post names no author", dropped=False)


def _status(item: Entry, now: datetime) -> PostStatus:
    if item.is_draft:
        return PostStatus.DRAFT
    return PostStatus.SCHEDULED if item.date and item.date > now else PostStatus.PUBLISHED


def _is_expired(item: Entry, now: datetime) -> bool:
    expiry = item.front.moment("expirydate")
    return expiry is not None and expiry <= now
