"""A first pass over a WordPress export: everything but the texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from app.importers import html, people, slugs, texts
from app.importers.wordpress import terms
from app.importers.wordpress.export import Element, elements
from db.writes.records import (
    BrokenSource,
    Note,
    Place,
    PostStatus,
    PublicationRecord,
    TagRecord,
    UserRecord,
)

STATUSES = {
    "publish": PostStatus.PUBLISHED,
    "future": PostStatus.SCHEDULED,
    "draft": PostStatus.DRAFT,
    "pending": PostStatus.DRAFT,
    "private": PostStatus.DRAFT,
}
_RESIZED = re.compile(r"-\d+x\d+(?=\.\w+$)")
_AUTHOR_NOISE = re.compile(r"[<>\s]+")


@dataclass(frozen=True, slots=True)
class Attachment:
    id: str
    url: str
    alt: str
    line: int


@dataclass(frozen=True, slots=True)
class Target:
    """What a menu entry or a comment may point to."""

    kind: str
    title: str
    link: str
    comes_in: bool
    is_public: bool


@dataclass(slots=True)
class Index:
    """The head of an export and what its items refer to each other by."""

    file: str
    fields: dict[str, str] = field(default_factory=dict)
    users: dict[str, UserRecord] = field(default_factory=dict)
    user_ids: dict[str, str] = field(default_factory=dict)
    tags: dict[str, TagRecord] = field(default_factory=dict)
    menus: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    attachment_urls: dict[str, str] = field(default_factory=dict)
    attached: dict[str, list[str]] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    has_comments: bool = False

    def publication(self) -> PublicationRecord:
        return PublicationRecord(
            title=html.to_text(self.fields.get("title", "")) or "Untitled",
            url=slugs.site(self.fields.get("link")),
            tagline=html.to_text(self.fields.get("description", "")) or None,
            language=self.fields.get("language") or None,
        )

    def images_of(self, parent: str) -> list[Attachment]:
        """The attachments that were uploaded to a post."""
        return [self.attachments[key] for key in self.attached.get(parent, ())]

    def attachment_at(self, url: str) -> Attachment | None:
        """The attachment of which `url` is the file or one of WordPress's resized copies ("-300x200")."""
        key = self.attachment_urls.get(url) or self.attachment_urls.get(_RESIZED.sub("", url))
        return self.attachments[key] if key else None

    def author(self, creator: str) -> str:
        """The key of the user whom `dc:creator` names, in spite of stray angle brackets."""
        clean = _AUTHOR_NOISE.sub("", creator)
        return creator if creator in self.users else clean


def index(source: Path) -> Index:
    """Reads the whole export once; raises BrokenSource, also when it is none."""
    found = Index(source.name)
    for element in elements(source):
        read = _READERS.get(element.name)
        if read:
            read(found, element)
        elif not element.children:
            found.fields.setdefault(element.name, element.text.strip())
    if not found.fields.get("wp:wxr_version", "").startswith("1."):
        raise BrokenSource(
            Place(source.name), "is not a WordPress export (WXR 1.x): it has no wp:wxr_version"
        )
    return found


def _author(found: Index, element: Element) -> None:
    login = element.get("wp:author_login")
    if not login:
        raise BrokenSource(Place(found.file, element.line), "an author has no wp:author_login")
    full_name = f"{element.get('wp:author_first_name')} {element.get('wp:author_last_name')}"
    name = html.to_text(element.get("wp:author_display_name")) or full_name.strip() or login
    # The login is half of a credential: the username is left to be made from the name.
    record = UserRecord(
        key=login,
        name=people.public_name(name),
        email=element.get("wp:author_email") or None,
    )
    found.users[login] = record
    found.user_ids[element.get("wp:author_id")] = login


def _term(found: Index, element: Element) -> None:
    if element.get("wp:term_taxonomy") == "nav_menu":
        found.menus[element.get("wp:term_slug")] = html.to_text(element.get("wp:term_name"))
    if record := terms.defined(element):
        found.tags.setdefault(record.key, record)
    if note := terms.hierarchy_note(element, Place(found.file, element.line)):
        found.notes.append(note)


def _item(found: Index, item: Element) -> None:
    key, kind = item.get("wp:post_id"), item.get("wp:post_type")
    if not key:
        raise BrokenSource(Place(found.file, item.line), "an item has no wp:post_id")
    if kind == "attachment":
        _attachment(found, key, item)
    elif kind in ("post", "page"):
        status = item.get("wp:status")
        found.targets[key] = Target(
            kind,
            html.to_text(item.get("title")),
            item.get("link"),
            comes_in=status in STATUSES,
            is_public=status == "publish" and not item.get("wp:post_password"),
        )
        _creator(found, item)
        for tag in terms.of(item).values():
            found.tags.setdefault(tag.key, tag)
        _visitors(found, item)


def _attachment(found: Index, key: str, item: Element) -> None:
    alt = texts.one_line(item.meta().get("_wp_attachment_image_alt", ""))
    url, parent = item.get("wp:attachment_url") or item.get("guid"), item.get("wp:post_parent")
    found.attachments[key] = Attachment(key, url, alt or html.to_text(item.get("title")), item.line)
    found.attachment_urls[url] = key
    found.attached.setdefault(parent, []).append(key)


def _creator(found: Index, item: Element) -> None:
    creator = item.get("dc:creator")
    key, place = found.author(creator), Place(found.file, item.line)
    if key and key not in found.users:
        found.users[key] = UserRecord(key=key, name=people.public_name(key))
        reason = "the export does not list this author: only the name came in"
        found.notes.append(Note(place, f"author `{creator}`", reason, dropped=False))
    elif key != creator:
        found.notes.append(Note(place, f"author `{creator}`", f"taken as `{key}`", dropped=False))


def _visitors(found: Index, item: Element) -> None:
    for comment in item.all("wp:comment"):
        found.has_comments = True
        if is_comment(comment):
            record = commenter(found, comment)
            found.users.setdefault(record.key, record)


def is_comment(comment: Element) -> bool:
    """Whether it is an approved comment by a person (no pingback, no trackback)."""
    return comment.get("wp:comment_approved") == "1" and comment.get("wp:comment_type") in (
        "",
        "comment",
    )


def commenter(found: Index, comment: Element) -> UserRecord:
    """A comment's author: a user who was signed in, else a visitor."""
    email = comment.get("wp:comment_author_email").lower()
    if key := _signed_in(found, comment.get("wp:comment_user_id"), email):
        return found.users[key]
    name = html.to_text(comment.get("wp:comment_author")) or "Anonymous"
    return UserRecord(
        key=f"visitor:{email or name.lower()}",
        name=people.public_name(name),
        email=email or None,
        website=comment.get("wp:comment_author_url") or None,
        role=None,
    )


def _signed_in(found: Index, user_id: str, email: str) -> str | None:
    # An address alone proves nothing: anybody may type the author's. Old exports have no ids of authors.
    if user_id in ("", "0"):
        return None
    by_email = (
        key
        for key, user in found.users.items()
        if email and user.email and user.email.lower() == email
    )
    return found.user_ids.get(user_id) or next(by_email, None)


_READERS = {
    "wp:author": _author,
    "wp:category": _term,
    "wp:tag": _term,
    "wp:term": _term,
    "item": _item,
}
