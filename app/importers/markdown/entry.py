"""What a Markdown file is: post or page, address, date, authors, tags, by its front matter and path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from app.importers import dates, people, slugs, texts
from app.importers.frontmatter import Document, FrontMatter
from app.importers.markdown.tree import Tree
from content import url_slug
from db.writes.records import BrokenSource, Note, Place, SeriesRecord, TagRecord, UserRecord

_DATE = ("publishdate", "date", "pubdate", "datepublished", "extra.date")
_AUTHORS = (
    "authors",
    "author",
    "taxonomies.authors",
    "extra.authors",
    "extra.author",
    "params.author",
)
_TAGS = ("tags", "tag", "taxonomies.tags", "categories", "category", "taxonomies.categories")
_SERIES = ("series", "taxonomies.series", "extra.series", "params.series")
_ALIASES = ("aliases", "alias", "redirect_from")
_POST_FOLDERS = {"_posts", "_drafts", "posts", "post", "blog", "articles", "news"}
_HEADING = re.compile(r"\s*#[ \t]+(.+?)[ \t#]*(?:\n|$)")
_JEKYLL_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "weekdate": "/:categories/:year/W:week/:short_day/:title.html",
    "none": "/:categories/:title.html",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the tree, without its body: `key` is its path below the content's folder.

    `address` is the path that it had on the old site; `body_start` counts characters.
    """

    path: PurePosixPath
    key: str
    front: FrontMatter
    body_start: int
    body_line: int
    title: str
    slug: str
    address: str
    former_paths: tuple[str, ...]
    date: datetime | None
    is_post: bool
    is_draft: bool
    authors: tuple[UserRecord, ...]
    tags: tuple[TagRecord, ...]
    series: SeriesRecord | None


def entry(
    tree: Tree, path: PurePosixPath, document: Document, text: str, permalink: str | None
) -> Entry:
    """Reads the head of one file; `permalink` is the site's template (Jekyll). Raises BrokenSource."""
    front, key = document.front, path.relative_to(tree.content)
    title, start = _title(front, key, text, document.body_start)
    date = _date(front, key)
    is_post = _is_post(front, date, (tree.root.name, *key.parts[:-1]))
    name = dates.without_date(_name(key))
    template = (permalink or "date") if is_post and tree.is_jekyll else None
    address = _address(front, key, name, date, template)
    slug = url_slug(front.text("slug") or "") if front.text("slug") else slugs.last_segment(address)
    return Entry(
        path=path,
        key=str(key),
        front=front,
        body_start=start,
        body_line=1 + text.count("\n", 0, start),
        title=title,
        slug=slug,
        address=address,
        former_paths=slugs.former_paths(
            slug, [address, *_undated(front, key), *front.texts(*_ALIASES)]
        ),
        date=date,
        is_post=is_post,
        is_draft=_is_draft(front, key, date, is_post=is_post),
        authors=_authors(front),
        tags=_tags(front, is_jekyll=tree.is_jekyll),
        series=_series(front),
    )


def is_empty(document: Document, text: str) -> bool:
    """Whether a file only names a template, as Zola's and Hugo's list pages do."""
    return not text[document.body_start :].strip() and "title" not in document.front.values


def notes(item: Entry) -> list[Note]:
    """What reading the head of an entry changed."""
    place = Place(str(item.path), 1)
    if item.date is None and item.is_post and not _is_named_draft(item.front, item.path):
        return [Note(place, "post without a date", "it came in as a draft", dropped=False)]
    if not item.is_post and item.front.text("layout", "type") != "page":
        return [Note(place, "file without a date", "it came in as a static page", dropped=False)]
    return []


def _title(front: FrontMatter, key: PurePosixPath, text: str, start: int) -> tuple[str, int]:
    if title := front.text("title"):
        return texts.one_line(title), start
    if heading := _HEADING.match(text, start):
        return texts.one_line(heading[1]), heading.end()
    words = re.sub(r"[-_]+", " ", dates.without_date(_name(key))).strip()
    return texts.storable(words[:1].upper() + words[1:]) or "Untitled", start


def _date(front: FrontMatter, key: PurePosixPath) -> datetime | None:
    published = None if front.is_true_or_false("published") else front.moment("published")
    written = front.text("path") or ""
    return front.moment(*_DATE) or published or dates.in_path(str(key)) or dates.in_path(written)


def _is_post(front: FrontMatter, date: datetime | None, folders: tuple[str, ...]) -> bool:
    if front.text("layout", "type") == "page":
        return False
    return date is not None or bool(_POST_FOLDERS & set(folders)) or front.flag("draft") is True


def _is_draft(
    front: FrontMatter, key: PurePosixPath, date: datetime | None, *, is_post: bool
) -> bool:
    return _is_named_draft(front, key) or (is_post and date is None)


def _is_named_draft(front: FrontMatter, path: PurePosixPath) -> bool:
    unpublished = front.is_true_or_false("published") and front.flag("published") is False
    return front.flag("draft") is True or unpublished or "_drafts" in path.parts


def _name(key: PurePosixPath) -> str:
    # A page bundle (`title/index.md`) is named by its folder; "@2" tells apart Zola files of one slug.
    is_bundle = key.stem == "index" and key.parent.name
    return re.sub(r"@\d+$", "", key.parent.name if is_bundle else key.stem)


def _folder(key: PurePosixPath) -> PurePosixPath:
    return key.parent.parent if key.stem == "index" else key.parent


def _address(
    front: FrontMatter, key: PurePosixPath, name: str, date: datetime | None, permalink: str | None
) -> str:
    written = front.text("path", "url", "permalink")
    slug = front.text("slug") or name
    if written and ":" not in written.removeprefix("https:").removeprefix("http:"):
        return slugs.address(written)
    template = written or (permalink and _JEKYLL_STYLES.get(permalink, permalink))
    if template and date:
        # Jekyll takes the day from the file's name, in which no time zone can move it.
        day = dates.in_path(str(key)) or date
        return slugs.address(_filled(template, _categories(front, key), slug, day))
    folders = [part for part in _folder(key).parts if part not in ("_posts", "_drafts")]
    return slugs.address("/".join([*folders, slug]))


def _categories(front: FrontMatter, key: PurePosixPath) -> str:
    # Jekyll counts the folders above `_posts` among them.
    folders = key.parts[: key.parts.index("_posts")] if "_posts" in key.parts else ()
    fields = ("categories", "category")
    names = [name for field in fields for name in _names(front, field, is_jekyll=True)]
    return "/".join(dict.fromkeys(url_slug(name.lower()) for name in (*folders, *names)))


def _filled(template: str, categories: str, slug: str, date: datetime) -> str:
    # The placeholders of Jekyll's "Permalinks" page.
    values = {
        "categories": categories,
        "short_month": f"{date:%b}",
        "short_year": f"{date:%y}",
        "short_day": f"{date:%a}",
        "long_day": f"{date:%A}",
        "i_month": str(date.month),
        "i_day": str(date.day),
        "y_day": f"{date:%j}",
        "output_ext": ".html",
        "month": f"{date:%m}",
        "title": slug,
        "slug": slug,
        "week": f"{date:%V}",
        "year": f"{date:%Y}",
        "day": f"{date:%d}",
    }
    filled = re.sub(r":([a-z_]+)", lambda found: values.get(found[1], found[0]), template)
    return re.sub(r"/{2,}", "/", filled)


def _undated(front: FrontMatter, key: PurePosixPath) -> list[str]:
    # Hugo keeps the date of a file name in the address, Zola takes it out: both lead to the post.
    if front.text("path", "url", "permalink", "slug") or {"_posts", "_drafts"} & set(key.parts):
        return []
    return [str(_folder(key) / _name(key))]


def _authors(front: FrontMatter) -> tuple[UserRecord, ...]:
    tables = {name: value for name, value in front.values.items() if name.startswith("author.")}
    values = front.items(*_AUTHORS)
    if tables:
        front.used.update(tables)
        values.append({name.removeprefix("author."): value for name, value in tables.items()})
    try:
        found = [author for value in values if (author := people.person(value))]
    except ValueError as error:
        raise BrokenSource(front.place("author"), f"front matter `author`: {error}") from error
    return tuple({author.key: author for author in found}.values())


def _tags(front: FrontMatter, *, is_jekyll: bool) -> tuple[TagRecord, ...]:
    names = [name for field in _TAGS for name in _names(front, field, is_jekyll=is_jekyll)]
    return tuple({tag.key: tag for tag in map(_tag, names)}.values())


def _names(front: FrontMatter, field: str, *, is_jekyll: bool) -> list[str]:
    found = front.texts(field)
    # Jekyll: "tags can be a YAML list or a space-separated string"; `category` is one name.
    words = is_jekyll and isinstance(front.values.get(field), str) and field != "category"
    return found[0].split() if found and words else [texts.one_line(name) for name in found]


def _tag(name: str) -> TagRecord:
    slug = url_slug(name.lower())
    return TagRecord(key=name.lower() if slug == "untitled" else slug, name=name, slug=slug)


def _series(front: FrontMatter) -> SeriesRecord | None:
    names = front.texts(*_SERIES)
    return (
        SeriesRecord(key=names[0], name=names[0], slug=url_slug(names[0].lower()))
        if names
        else None
    )
