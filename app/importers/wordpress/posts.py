"""Posts and pages of a WordPress export as records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote

from app.importers import dates, html, links, slugs
from app.importers.wordpress import content, terms
from app.importers.wordpress.export import Element
from app.importers.wordpress.index import STATUSES, Attachment, Index
from content import url_slug
from db.writes.records import MediaRecord, Note, PageRecord, Place, PostRecord, PostStatus

_NO_DATE = "0000-00-00"
_SEO_TITLE = ("_yoast_wpseo_title", "rank_math_title", "_aioseo_title")
_SEO_DESCRIPTION = ("_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description")
_CANONICAL = ("_yoast_wpseo_canonical", "rank_math_canonical_url")
_OG_IMAGE = ("_yoast_wpseo_opengraph-image", "rank_math_facebook_image")
_READ_META = {*_SEO_TITLE, *_SEO_DESCRIPTION, *_CANONICAL, *_OG_IMAGE}


@dataclass(slots=True)
class Posts:
    """Turns items into records, and remembers which attachments they used."""

    index: Index
    now: datetime
    used: set[str] = field(default_factory=set)

    def read(self, item: Element) -> Iterator[PostRecord | PageRecord | Note]:
        """The record of a post or page, after the Notes on it; only a Note for what does not come in."""
        place = Place(self.index.file, item.line)
        status = STATUSES.get(item.get("wp:status"))
        if status is None:
            yield Note(place, _named(item), f"its status is `{item.get('wp:status')}`")
            return
        markdown, notes = content.to_markdown(
            item.get("content:encoded"), place, self._gallery(item)
        )
        yield from (*notes, *_title_notes(item, place), *_status_notes(item, place))
        yield from (*terms.notes(item, place), *_meta_notes(item, place))
        if item.get("wp:post_type") == "page":
            yield self._page(item, place, markdown)
        else:
            yield self._post(item, place, markdown, status)

    def unused(self) -> Iterator[Note]:
        """A Note for every attachment that no post or page shows."""
        for found in self.index.attachments.values():
            if found.id not in self.used:
                place = Place(self.index.file, found.line)
                yield Note(place, f"attachment `{found.url}`", "no post or page refers to it")

    def _post(self, item: Element, place: Place, markdown: str, status: PostStatus) -> PostRecord:
        meta = item.meta()
        cover = self.index.attachments.get(meta.get("_thumbnail_id", ""))
        slug, author, date = _slug(item), self.index.author(item.get("dc:creator")), published(item)
        if is_private(item) or (date is None and status is not PostStatus.DRAFT):
            status = PostStatus.DRAFT
        elif status is PostStatus.PUBLISHED and date and date > self.now:
            status = PostStatus.SCHEDULED
        return PostRecord(
            key=item.get("wp:post_id"),
            place=place,
            title=_title(item),
            slug=slug,
            markdown=markdown,
            status=status,
            author_keys=(author,) if author else (),
            published_at=date,
            updated_at=_moment(item.get("wp:post_modified_gmt")),
            private=is_private(item),
            excerpt=html.to_text(item.get("excerpt:encoded")) or None,
            tag_keys=tuple(terms.of(item)),
            former_paths=_former_paths(item, slug),
            cover_image=cover.url if cover else None,
            cover_alt=(cover.alt or None) if cover else None,
            canonical_url=_first(meta, _CANONICAL),
            seo_title=_first(meta, _SEO_TITLE),
            seo_description=_first(meta, _SEO_DESCRIPTION),
            og_image=_first(meta, _OG_IMAGE),
            pinned=item.get("wp:is_sticky") == "1",
            comments_disabled=item.get("wp:comment_status") == "closed",
            media=self._media(item, markdown, cover),
        )

    def _page(self, item: Element, place: Place, markdown: str) -> PageRecord:
        meta, slug = item.meta(), _slug(item)
        cover = self.index.attachments.get(meta.get("_thumbnail_id", ""))
        return PageRecord(
            key=item.get("wp:post_id"),
            place=place,
            title=_title(item),
            slug=slug,
            markdown=markdown,
            hidden=item.get("wp:status") != "publish" or is_private(item),
            former_paths=_former_paths(item, slug),
            seo_title=_first(meta, _SEO_TITLE),
            seo_description=_first(meta, _SEO_DESCRIPTION),
            og_image=_first(meta, _OG_IMAGE) or (cover.url if cover else None),
            updated_at=_moment(item.get("wp:post_modified_gmt")) or published(item),
            media=self._media(item, markdown, cover),
        )

    def _media(
        self, item: Element, markdown: str, cover: Attachment | None
    ) -> tuple[MediaRecord, ...]:
        media = links.images(markdown)
        linked = (self.index.attachment_at(link.destination) for link in links.links(markdown))
        attached = [*self.index.images_of(item.get("wp:post_id")), *([cover] if cover else [])]
        for found in attached:
            media.setdefault(found.url, MediaRecord(found.url, alt=found.alt or None))
        self.used.update(found.id for found in [*linked, *attached] if found)
        return tuple(media.values())

    def _gallery(self, item: Element) -> content.Gallery:
        def images(arguments: dict[str, str]) -> list[tuple[str, str]]:
            ids = [
                part.strip()
                for part in (arguments.get("ids") or arguments.get("include") or "").split(",")
            ]
            named = [self.index.attachments[key] for key in ids if key in self.index.attachments]
            found = named or self.index.images_of(arguments.get("id") or item.get("wp:post_id"))
            return [(attachment.url, attachment.alt) for attachment in found]

        return images


def published(item: Element) -> datetime | None:
    """When an item was or will be published; None when the export has no such date."""
    dated = (_moment(item.get(name)) for name in ("wp:post_date_gmt", "wp:post_date", "pubDate"))
    return next((date for date in dated if date), None)


def is_private(item: Element) -> bool:
    """Whether WordPress keeps it from the public by status or password."""
    return item.get("wp:status") == "private" or bool(item.get("wp:post_password"))


def _moment(written: str) -> datetime | None:
    try:
        return None if written.startswith(_NO_DATE) else dates.moment(written)
    except ValueError:
        return None


def _title(item: Element) -> str:
    return html.to_text(item.get("title")) or "Untitled"


def _slug(item: Element) -> str:
    name = unquote(item.get("wp:post_name"))
    return url_slug(name) if name else url_slug(_title(item).lower())


def _former_paths(item: Element, slug: str) -> tuple[str, ...]:
    link = slugs.address(item.get("link"))
    folder = link.rpartition("/")[0]
    old = [
        entry.get("wp:meta_value")
        for entry in item.all("wp:postmeta")
        if entry.get("wp:meta_key") == "_wp_old_slug"
    ]
    paths = [link, *(f"{folder}/{name}" for name in old), f"?p={item.get('wp:post_id')}"]
    return slugs.former_paths(slug, paths)


def _first(meta: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    # Plugins store templates such as "%%title%% %%sep%%" where no own text was given.
    return next((meta[name] for name in names if meta.get(name) and "%" not in meta[name]), None)


def _named(item: Element) -> str:
    return f"{item.get('wp:post_type')} `{_title(item)}`"


def _title_notes(item: Element, place: Place) -> Iterator[Note]:
    if not item.get("title"):
        yield Note(place, "title", "it has none: it came in as `Untitled`", dropped=False)
    elif html.has_tags(item.get("title")):
        yield Note(place, "title", "titles are plain text: its HTML was taken out", dropped=False)


def _status_notes(item: Element, place: Place) -> Iterator[Note]:
    if is_private(item):
        protected = "password" if item.get("wp:post_password") else "status `private`"
        yield Note(
            place, f"{_named(item)}, {protected}", "it is not shown to the public", dropped=False
        )
    elif published(item) is None and item.get("wp:status") != "draft":
        yield Note(place, f"{_named(item)}, date", "it has none", dropped=False)


def _meta_notes(item: Element, place: Place) -> Iterator[Note]:
    for key in item.meta():
        if not key.startswith("_") and key not in _READ_META:
            yield Note(place, f"custom field `{key}`", "posts have no custom fields")
