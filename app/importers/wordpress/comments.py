"""Comments of a WordPress export as records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.importers import dates
from app.importers.wordpress import content
from app.importers.wordpress.export import Element
from app.importers.wordpress.index import Index, commenter, is_comment
from db.writes.records import BrokenSource, CommentRecord, Note, Place

_UNAPPROVED = {"0": "it is not approved", "spam": "it is spam", "trash": "it is in the trash"}


def of(index: Index, item: Element) -> Iterator[CommentRecord | Note]:
    """The comments of one item, parents before replies, and a Note for each that stays out."""
    seen: set[str] = set()
    target = index.targets.get(item.get("wp:post_id"))
    for comment in sorted(item.all("wp:comment"), key=_number):
        place = Place(index.file, comment.line)
        cause = _cause(comment, is_post=target is not None and target.kind == "post")
        if target is not None and not target.is_public:
            cause = cause or "its post is not public"
        if cause:
            yield Note(
                place,
                f"{comment.get('wp:comment_type') or 'comment'} {comment.get('wp:comment_id')}",
                cause,
            )
            continue
        yield from _comment(index, item, comment, seen)
        seen.add(comment.get("wp:comment_id"))


def _comment(
    index: Index, item: Element, comment: Element, seen: set[str]
) -> Iterator[CommentRecord | Note]:
    place, key = Place(index.file, comment.line), comment.get("wp:comment_id")
    parent = comment.get("wp:comment_parent")
    markdown, notes = content.comment_to_markdown(comment.get("wp:comment_content"), place)
    yield from notes
    if parent not in ("", "0", *seen):
        reason = "what it replied to did not come in: it stands at the top"
        yield Note(place, f"comment {key}", reason, dropped=False)
    yield CommentRecord(
        key=key,
        post_key=item.get("wp:post_id"),
        author_key=commenter(index, comment).key,
        markdown=markdown,
        created_at=_date(comment, place),
        parent_key=parent if parent in seen else None,
    )


def _cause(comment: Element, *, is_post: bool) -> str | None:
    if not is_comment(comment):
        approved = comment.get("wp:comment_approved")
        return _UNAPPROVED.get(approved, "only comments by people come in")
    return None if is_post else "only posts have comments"


def _number(comment: Element) -> int:
    number = comment.get("wp:comment_id")
    return int(number) if number.isascii() and number.isdigit() else 0


def _date(comment: Element, place: Place) -> datetime:
    for name in ("wp:comment_date_gmt", "wp:comment_date"):
        try:
            date = dates.moment(comment.get(name))
        except ValueError:
            continue
        if date:
            return date
    raise BrokenSource(place, f"comment {comment.get('wp:comment_id')} has no date")
