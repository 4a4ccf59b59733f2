"""Trees of Markdown files, as Zola, Hugo and Jekyll keep them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from app.importers import files, frontmatter, people
from app.importers.markdown import articles, site
from app.importers.markdown.body import addresses
from app.importers.markdown.entry import Entry, entry, is_empty
from app.importers.markdown.tree import SECTION, Tree, survey
from db.writes.records import (
    Note,
    Place,
    PublicationRecord,
    Record,
    SeriesRecord,
    TagRecord,
    UserRecord,
)


def read(source: Path, now: datetime) -> Iterator[Record]:
    """The publication that lies in the folder `source`; what is dated after `now` is scheduled.

    Raises BrokenSource. Heads are read in a first pass over the files, bodies one by one in a second.
    """
    tree = survey(source)
    described = site.read(tree)
    yield described.publication
    yield from (*tree.notes, *described.notes)
    heads = list(_heads(tree, described))
    yield from (head for head in heads if isinstance(head, Note))
    entries = sorted((head for head in heads if isinstance(head, Entry)), key=_age)
    yield from _people_and_topics(entries, described.author)
    around = articles.Surroundings(tree, addresses(entries), described.author, now)
    rules = {item.key: rule for item in entries if (rule := articles.redirect(item))}
    for item in sorted(entries, key=lambda item: not item.is_post):
        if item.key not in rules:
            text = files.read_text(tree.root, item.path)[item.body_start :]
            yield from articles.records(around, item, text)
    yield from rules.values()
    yield from described.navigation


def _heads(tree: Tree, described: site.Site) -> Iterator[Entry | Note]:
    for path in tree.pages:
        if path.name == SECTION:
            if path.parent != tree.content:
                yield Note(Place(str(path)), "section", "its pages came in, its title did not")
            continue
        text = files.read_text(tree.root, path)
        document = frontmatter.document(str(path), text)
        if is_empty(document, text):
            yield Note(Place(str(path)), "file", "it has neither a title nor text")
        elif path.stem.upper() == "README" and not document.front.values:
            yield Note(Place(str(path)), "file", "it describes the folder, not the site")
        else:
            yield entry(tree, path, document, text, described.permalink)


def _age(item: Entry) -> tuple[bool, str, str]:
    # The oldest first: it keeps its slug when a newer one asks for the same.
    return item.date is None, item.date.isoformat() if item.date else "", item.key


def _people_and_topics(
    entries: list[Entry], author: UserRecord | None
) -> Iterable[PublicationRecord | UserRecord | TagRecord | SeriesRecord]:
    yield from people.staff((user for item in entries for user in item.authors), author)
    yield from {tag.key: tag for item in entries for tag in item.tags}.values()
    yield from {item.series.key: item.series for item in entries if item.series}.values()
