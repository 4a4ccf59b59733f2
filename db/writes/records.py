"""What an importer hands over: one neutral stream of records, whatever the source's format.

A stream belongs to one publication and is ordered so that each record names only keys that came before
it: `PublicationRecord` first, then users, tags, series, posts, pages, comments, redirects, navigation;
a `Note` may stand anywhere.

`key` is the record's identity in its source (a file's path, a WordPress post id, a Ghost uuid). It is
what makes a second run of the same import find the row it made the first time, so it must be stable
across exports of the same site, and unique among the records of its kind. References (`author_keys`,
`tag_keys`, ...) are keys of records of that kind.

Slugs are wishes: the writer makes them unique in the publication. All times are aware, in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the source something stands: a file, and a line in it when known (1-based)."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


class BrokenSource(Exception):
    """The source cannot be read at this place; nothing of it may be imported."""

    def __init__(self, place: Place, cause: str) -> None:
        super().__init__(f"{place}: {cause}")
        self.place = place
        self.cause = cause


class PostStatus(Enum):
    """PUBLISHED becomes a post, DRAFT and SCHEDULED become drafts (SCHEDULED with its date)."""

    PUBLISHED = "published"
    DRAFT = "draft"
    SCHEDULED = "scheduled"


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """The site as a whole. `url` is where it lived (scheme and host), used to recognise its own links."""

    title: str
    url: str | None = None
    tagline: str | None = None
    description: str | None = None
    about_markdown: str | None = None
    language: str | None = None
    favicon: str | None = None
    logo: str | None = None
    og_image: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UserRecord:
    """An author or a known commenter. `username` is a wish; `email` is never shown in public.

    `role` is the membership in the publication: OWNER, EDITOR, CONTRIBUTOR, or None for no membership.
    """

    key: str
    name: str
    username: str | None = None
    email: str | None = None
    tagline: str | None = None
    bio_markdown: str | None = None
    location: str | None = None
    profile_picture: str | None = None
    website: str | None = None
    role: str | None = "CONTRIBUTOR"


@dataclass(frozen=True, slots=True)
class TagRecord:
    key: str
    name: str
    slug: str
    description_markdown: str | None = None


@dataclass(frozen=True, slots=True)
class SeriesRecord:
    key: str
    name: str
    slug: str
    description_markdown: str | None = None
    cover_image: str | None = None


@dataclass(frozen=True, slots=True)
class MediaRecord:
    """A file or image that a post or page refers to.

    `url` as written in the Markdown; `file` its path below the import's folder when it lies there.
    """

    url: str
    file: str | None = None
    alt: str | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A post, draft or scheduled post. `markdown` is the whole body.

    `slug` is one path segment. `former_paths` are earlier addresses below the site's root without the
    leading slash ("2024/01/02/title", "releases/1.88.0"), the original permalink among them when it
    is not just `slug`. `private` marks what the source kept from the public (WordPress's private or
    password-protected posts); such a record is never PUBLISHED. `excerpt` is plain text; None lets
    the writer derive it.
    `series_index` orders the post in its series.
    """

    key: str
    place: Place
    title: str
    slug: str
    markdown: str
    status: PostStatus
    author_keys: tuple[str, ...]
    published_at: datetime | None = None
    updated_at: datetime | None = None
    private: bool = False
    subtitle: str | None = None
    excerpt: str | None = None
    tag_keys: tuple[str, ...] = ()
    series_key: str | None = None
    series_index: int | None = None
    former_paths: tuple[str, ...] = ()
    cover_image: str | None = None
    cover_alt: str | None = None
    canonical_url: str | None = None
    seo_title: str | None = None
    seo_description: str | None = None
    og_image: str | None = None
    language: str | None = None
    cuid: str | None = None
    pinned: bool = False
    featured: bool = False
    delisted: bool = False
    comments_disabled: bool = False
    table_of_contents: bool = True
    media: tuple[MediaRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A static page. `hidden` pages (drafts, private) are not public."""

    key: str
    place: Place
    title: str
    slug: str
    markdown: str
    hidden: bool = False
    former_paths: tuple[str, ...] = ()
    seo_title: str | None = None
    seo_description: str | None = None
    og_image: str | None = None
    updated_at: datetime | None = None
    media: tuple[MediaRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class CommentRecord:
    """A comment (`parent_key` None) or a reply at any depth.

    `author_key` names a UserRecord; visitors without an account are UserRecords with role None.
    """

    key: str
    post_key: str
    author_key: str
    markdown: str
    created_at: datetime
    parent_key: str | None = None


@dataclass(frozen=True, slots=True)
class RedirectRecord:
    """An old address that is not a post's or page's own: `source` a path, `destination` a URL."""

    source: str
    destination: str
    permanent: bool = True


@dataclass(frozen=True, slots=True)
class NavigationRecord:
    """One entry of the site's menu, in order: a link to a URL, or to a page by its key."""

    label: str
    url: str | None = None
    page_key: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """An element of the source that did not come in as it was, for the report.

    `element` names it in the source's own terms ("shortcode [gallery]", "front matter `weight`"),
    `dropped` is False when it came in changed, `reason` says why in one sentence.
    """

    place: Place
    element: str
    reason: str
    dropped: bool = True


Record = (
    PublicationRecord
    | UserRecord
    | TagRecord
    | SeriesRecord
    | PostRecord
    | PageRecord
    | CommentRecord
    | RedirectRecord
    | NavigationRecord
    | Note
)
