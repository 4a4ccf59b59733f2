"""Categories and tags of a WordPress export."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from app.importers import html
from app.importers.wordpress.export import Element
from content import url_slug
from db.writes.records import Note, Place, TagRecord

_DOMAINS = {"category": "category", "post_tag": "tag"}
_DEFINITIONS = {
    "wp:category": ("category", "wp:category_nicename", "wp:cat_name", "wp:category_description"),
    "wp:tag": ("tag", "wp:tag_slug", "wp:tag_name", "wp:tag_description"),
    "wp:term": ("", "wp:term_slug", "wp:term_name", "wp:term_description"),
}


def defined(element: Element) -> TagRecord | None:
    """The record of a `wp:category`, `wp:tag` or `wp:term`; None for menus and other taxonomies."""
    kind, slug, name, description = _DEFINITIONS[element.name]
    kind = kind or _DOMAINS.get(element.get("wp:term_taxonomy"), "")
    return (
        _record(kind, element.get(slug), element.get(name), element.get(description))
        if kind
        else None
    )


def of(item: Element) -> dict[str, TagRecord]:
    """The categories and tags of an item, by key."""
    found = (
        _record(_DOMAINS[domain], term.attributes.get("nicename", ""), term.text)
        for term in item.all("category")
        if (domain := term.attributes.get("domain", "category")) in _DOMAINS
    )
    return {record.key: record for record in found}


def notes(item: Element, place: Place) -> Iterator[Note]:
    """A Note for each term of an item that is neither a category nor a tag."""
    for term in item.all("category"):
        domain = term.attributes.get("domain", "category")
        if domain not in _DOMAINS and domain != "nav_menu":
            yield Note(place, f"{domain} `{term.text}`", "only categories and tags are kept")


def hierarchy_note(element: Element, place: Place) -> Note | None:
    """A Note on a category below another."""
    parent = element.get("wp:category_parent")
    reason = f"tags have no order: it no longer stands below `{parent}`"
    return (
        Note(place, f"category `{html.to_text(element.get('wp:cat_name'))}`", reason, dropped=False)
        if parent
        else None
    )


def _record(kind: str, nicename: str, name: str, description: str = "") -> TagRecord:
    slug = unquote(nicename) or url_slug(name.lower())
    return TagRecord(
        key=f"{kind}:{slug}",
        name=html.to_text(name) or slug,
        slug=url_slug(slug),
        description_markdown=html.to_text(description) or None,
    )
