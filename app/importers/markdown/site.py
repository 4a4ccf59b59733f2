"""The publication itself: from the root's `_index.md` and the site generator's configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.importers import files, frontmatter, people, slugs, texts
from app.importers.frontmatter import FrontMatter
from app.importers.markdown.tree import SECTION, Tree
from db.writes.records import NavigationRecord, Note, PublicationRecord, UserRecord

_DESCRIPTION = ("description", "extra.description", "params.description")


@dataclass(frozen=True, slots=True)
class Site:
    """`permalink` is Jekyll's template of addresses, `author` the one of posts that name none."""

    publication: PublicationRecord
    author: UserRecord | None
    permalink: str | None
    navigation: tuple[NavigationRecord, ...]
    notes: tuple[Note, ...]


def read(tree: Tree) -> Site:
    """Reads what describes the whole site; raises BrokenSource."""
    section, about = _section(tree)
    config = _config(tree)
    return Site(
        publication=_publication(tree, section, config, about),
        author=_author(config),
        permalink=config.text("permalink") if tree.is_jekyll else None,
        navigation=tuple(_navigation(config)),
        notes=tuple(section.unused()),
    )


def _section(tree: Tree) -> tuple[FrontMatter, str | None]:
    path = tree.content / SECTION
    if path not in tree.files:
        return FrontMatter(str(path)), None
    text = files.read_text(tree.root, path)
    document = frontmatter.document(str(path), text)
    return document.front, text[document.body_start :].strip() or None


def _config(tree: Tree) -> FrontMatter:
    if tree.config is None:
        return FrontMatter("")
    form = {".toml": "toml", ".json": "json"}.get(tree.config.suffix, "yaml")
    return frontmatter.table(str(tree.config), files.read_text(tree.root, tree.config), form)


def _publication(
    tree: Tree, section: FrontMatter, config: FrontMatter, about: str | None
) -> PublicationRecord:
    url = config.text("base_url", "baseurl", "url")
    return PublicationRecord(
        title=section.text("title") or config.text("title", "name") or _folder_name(tree),
        url=slugs.site(url) or slugs.site(config.text("url")),
        tagline=section.text("subtitle") or config.text("tagline", "subtitle", "params.subtitle"),
        description=section.text(*_DESCRIPTION) or config.text(*_DESCRIPTION),
        about_markdown=about,
        language=config.text(
            "default_language", "languagecode", "defaultcontentlanguage", "lang", "locale"
        ),
        favicon=config.text("favicon", "params.favicon", "extra.favicon"),
        logo=config.text("logo", "params.logo", "extra.logo"),
    )


def _folder_name(tree: Tree) -> str:
    return texts.storable(tree.root.resolve().name) or "Untitled"


def _author(config: FrontMatter) -> UserRecord | None:
    table = {
        name.removeprefix("author."): value
        for name, value in config.values.items()
        if name.startswith("author.")
    }
    if table:
        return people.person(table)
    name = config.text("author", "params.author", "extra.author")
    return people.person(name)


def _navigation(config: FrontMatter) -> Iterator[NavigationRecord]:
    menu = [item for item in config.items("menu.main", "menus.main") if isinstance(item, dict)]
    for item in sorted(menu, key=_weight):
        label, url = item.get("name") or item.get("title"), item.get("url") or item.get("pageRef")
        if isinstance(label, str) and isinstance(url, str):
            yield NavigationRecord(texts.storable(label), url=texts.storable(url))


def _weight(item: dict[str, object]) -> int:
    weight = item.get("weight")
    return weight if isinstance(weight, int) else 0
