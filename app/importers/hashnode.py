"""Hashnode backups: a folder of Markdown files, or the JSON file of the dashboard's export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

import orjson

from app.importers import files, frontmatter, html, links, people, slugs, texts
from app.importers.frontmatter import FrontMatter
from content import url_slug
from db.writes.records import (
    BrokenSource,
    MediaRecord,
    Note,
    Place,
    PostRecord,
    PostStatus,
    PublicationRecord,
    Record,
    SeriesRecord,
    TagRecord,
    UserRecord,
)

_EMBED = re.compile(r"^([ \t]*)%\[\s*([^\]\s]+)\s*\]", re.MULTILINE)
_ALIGN = re.compile(r"(!\[[^\[\]]*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\s+align=\"[^\"]*\"\s*\)")
_MENTION = re.compile(r"@\[([^\[\]]+)\]\(@([\w-]+)\)")
_CALLOUT = re.compile(
    r"^(?P<indent>[ \t]*)<div data-node-type=\"callout\">\s*"
    r"<div data-node-type=\"callout-emoji\">(?P<emoji>[^<>]*)</div>\s*"
    r"<div data-node-type=\"callout-text\">(?P<text>(?:(?!</?div\b).)*)</div>\s*</div>",
    re.MULTILINE | re.DOTALL,
)
_OBJECT_ID = re.compile(r"[0-9a-f]{24}")
_DATE = ("datepublished", "dateadded", "publishedat")
_COVER = ("cover", "coverimage", "coverimage.url")
# The same text as HTML, and what only Hashnode's own database knows.
_TECHNICAL = (
    "_id",
    "id",
    "__v",
    "content",
    "contentmarkdown",
    "createdat",
    "views",
    "url",
    "domain",
)


@dataclass(frozen=True, slots=True)
class Article:
    """One article, whichever of the two forms it came in."""

    front: FrontMatter
    place: Place
    path: str
    body: str
    body_line: int


def read(source: Path, now: datetime) -> Iterator[Record]:
    """The publication in `source`, a folder or a JSON file; what is dated after `now` is scheduled.

    A backup names neither the publication nor, as Markdown, any author. Raises BrokenSource.
    """
    path = source.resolve()
    name = texts.storable(path.stem if path.is_file() else path.name) or "Untitled"
    yield PublicationRecord(title=name)
    found = list(_exported(source) if source.is_file() else _backed_up(source))
    yield from (entry for entry in found if isinstance(entry, Note))
    articles = [entry for entry in found if isinstance(entry, Article)]
    authors = people.staff(user for article in articles for user in _authors(article.front))
    if not authors:
        yield Note(Place(name), "authors", "the backup names none", dropped=False)
    yield from authors
    yield from {tag.key: tag for article in articles for tag in _tags(article.front)}.values()
    yield from {
        series.key: series for article in articles if (series := _series(article.front))
    }.values()
    for article in sorted(articles, key=_age):
        yield from _records(article, now)


def _backed_up(root: Path) -> Iterator[Article | Note]:
    for path in files.walk(files.folder(root)):
        if isinstance(path, Note):
            yield path
        elif path.name.upper() == "README.MD":
            yield Note(Place(str(path)), "file", "it describes the backup, not the blog")
        elif path.suffix.lower() == ".md":
            yield _article(root, path)


def _article(root: Path, path: PurePosixPath) -> Article:
    text = files.read_text(root, path)
    document = frontmatter.document(str(path), text)
    return Article(
        document.front,
        Place(str(path), 1),
        str(path),
        text[document.body_start :],
        document.body_line,
    )


def _exported(source: Path) -> Iterator[Article]:
    place = Place(source.name)
    try:
        content = orjson.loads(files.read_bytes(source.parent, PurePosixPath(source.name)))
    except orjson.JSONDecodeError as error:
        raise BrokenSource(Place(source.name, error.lineno), f"broken JSON: {error.msg}") from error
    posts = content.get("posts") if isinstance(content, dict) else content
    if not isinstance(posts, list) or not all(isinstance(post, dict) for post in posts):
        raise BrokenSource(place, 'is not a Hashnode export: it has no list of "posts"')
    for number, post in enumerate(posts):
        front = frontmatter.of(source.name, post)
        yield Article(front, place, f"posts/{number}", front.text("contentmarkdown") or "", 1)


def _records(article: Article, now: datetime) -> Iterator[PostRecord | Note]:
    front = article.front
    markdown, notes = _markdown(article)
    date, slug = front.moment(*_DATE), front.text("slug")
    title = texts.one_line(front.text("title") or "") or "Untitled"
    cover, og_image = front.text(*_COVER), front.text("ogimage", "ogimage.url")
    series = _series(front)
    post = PostRecord(
        key=front.text("cuid") or slug or article.path,
        place=article.place,
        title=title,
        slug=url_slug(slug or title.lower()),
        markdown=markdown,
        status=_status(front, date, now),
        author_keys=tuple(user.key for user in _authors(front)),
        published_at=date,
        updated_at=front.moment("dateupdated", "updatedat"),
        subtitle=front.text("subtitle"),
        excerpt=front.text("brief", "excerpt"),
        tag_keys=tuple(tag.key for tag in _tags(front)),
        series_key=series.key if series else None,
        former_paths=slugs.former_paths(url_slug(slug or title.lower()), [slug or ""]),
        cover_image=cover,
        canonical_url=front.text("canonical", "canonicalurl"),
        seo_title=front.text("seotitle", "seo.title"),
        seo_description=front.text("seodescription", "seo.description"),
        og_image=og_image,
        cuid=front.text("cuid"),
        pinned=front.flag("ispinned", "pinned") is True,
        delisted=front.flag("isdelisted", "delisted") is True,
        comments_disabled=front.flag("disablecomments") is True,
        table_of_contents=front.flag("enabletoc", "enabletableofcontents") is not False,
        media=_media(markdown, cover, og_image),
    )
    for name in _TECHNICAL:
        front.values.pop(name, None)
    yield from (*notes, *_lost(article, post), *front.unused())
    yield post


def _status(front: FrontMatter, date: datetime | None, now: datetime) -> PostStatus:
    unpublished = front.flag("ignorepost", "saveasdraft") is True or front.flag("isactive") is False
    if unpublished or date is None:
        return PostStatus.DRAFT
    return PostStatus.SCHEDULED if date > now else PostStatus.PUBLISHED


def _lost(article: Article, post: PostRecord) -> Iterator[Note]:
    if article.front.flag("isactive") is False:
        yield Note(
            article.place,
            f"post `{post.slug}`",
            "it is not active: it came in as a draft",
            dropped=False,
        )
    elif post.published_at is None:
        yield Note(
            article.place,
            f"post `{post.slug}`",
            "it has no date: it came in as a draft",
            dropped=False,
        )
    for tag in filter(_OBJECT_ID.fullmatch, article.front.texts("tags")):
        yield Note(article.place, f"tag `{tag}`", "the export has only its id, not its name")
    author = (
        article.front.text("author")
        if _OBJECT_ID.fullmatch(article.front.text("author") or "")
        else None
    )
    if author:
        yield Note(article.place, f"author `{author}`", "the export has only the id, not the name")


def _authors(front: FrontMatter) -> list[UserRecord]:
    # In JSON `author` is an id; a backup that was edited by hand may name one.
    name = front.text("author.name", "author")
    return [people.named(name)] if name and not _OBJECT_ID.fullmatch(name) else []


def _tags(front: FrontMatter) -> list[TagRecord]:
    names = [name.strip() for names in front.texts("tags") for name in names.split(",")]
    found = (_tag(name) for name in names if name and not _OBJECT_ID.fullmatch(name))
    return list({tag.key: tag for tag in found}.values())


def _tag(name: str) -> TagRecord:
    return TagRecord(key=name.lower(), name=name, slug=url_slug(name.lower()))


def _series(front: FrontMatter) -> SeriesRecord | None:
    slug = front.text("seriesslug", "series.slug", "series")
    name = front.text("series.name") or (slug or "").replace("-", " ").capitalize()
    return SeriesRecord(key=slug, name=name, slug=url_slug(slug.lower())) if slug else None


def _markdown(article: Article) -> tuple[str, list[Note]]:
    notes: list[Note] = []

    def changed(found: re.Match[str], element: str, reason: str) -> None:
        line = article.body_line + found.string.count("\n", 0, found.start())
        notes.append(Note(Place(article.place.file, line), element, reason, dropped=False))

    def callout(found: re.Match[str]) -> str:
        changed(found, "callout", "it came in as a quotation")
        text, lost = html.to_markdown(found["text"], article.place)
        notes.extend(lost)
        return "\n".join(
            f"{found['indent']}> {line}" for line in f"{found['emoji']} {text}".split("\n")
        )

    def embed(found: re.Match[str]) -> str:
        changed(found, f"embed `{found[2]}`", "it came in as a link")
        return f"{found[1]}<{found[2]}>"

    text = links.outside_code(article.body, _EMBED, embed)
    text = links.outside_code(text, _ALIGN, lambda found: f"{found[1]})")
    text = links.outside_code(
        text, _MENTION, lambda found: f"[@{found[1]}](https://hashnode.com/@{found[2]})"
    )
    text = links.outside_code(text, _CALLOUT, callout)
    return text.strip("\n"), notes


def _media(markdown: str, *more: str | None) -> tuple[MediaRecord, ...]:
    media = links.images(markdown)
    return tuple((media | {url: media.get(url, MediaRecord(url)) for url in more if url}).values())


def _age(article: Article) -> tuple[bool, str, str]:
    date = article.front.moment(*_DATE)
    return date is None, date.isoformat() if date else "", article.path
