"""Comments: threads of any depth, flattened to the two levels that posts have."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from db.ids import Prefix, prefix_of
from db.models.comment import Comment
from db.models.post import Post
from db.writes.imports.ledger import digest_of
from db.writes.imports.rendering import RENDERER, rendered
from db.writes.imports.run import Run
from db.writes.imports.statements import Row, among, upsert
from db.writes.records import CommentRecord


async def write_comments(run: Run, records: Sequence[CommentRecord]) -> None:
    rows = [row for record in records if (row := _row(run, record))]
    await upsert(run.tx, Comment, rows)


def _row(run: Run, record: CommentRecord) -> Row | None:
    """The row to write, or None when it is there as it should be or cannot be kept."""
    top = top_of(run.threads, record)
    post_id = run.ledger.id_of("post", record.post_key)
    if prefix_of(post_id) != "post":
        _note(run, record, "its post is not public", dropped=True)
        return None
    if record.parent_key not in (None, top):
        _note(run, record, "it answers a reply: it became a reply to the thread's first comment")
    parent_id = None if top == record.key else run.ledger.id_of("comment", top)
    author_id = run.ledger.id_of("user", record.author_key)
    prefix: Prefix = "comment" if parent_id is None else "reply"
    digest = digest_of(record, post_id, parent_id, author_id, RENDERER)
    current = _current(run, record, prefix)
    settled = run.ledger.settle("comment", record.key, digest, current, prefix)
    if not settled.written:
        return None
    return {
        "id": settled.row_id,
        "post_id": post_id,
        "parent_id": parent_id,
        "author_id": author_id,
        "created_at": record.created_at,
        "updated_at": record.created_at,
    } | rendered("content", record.markdown, run.places[record.post_key])


def top_of(threads: dict[str, str], record: CommentRecord) -> str:
    """The key of the comment that the record's thread begins with; `threads` keeps it for answers.

    Raises LookupError when the record answers one that did not come before it.
    """
    threads[record.key] = top = threads[record.parent_key] if record.parent_key else record.key
    return top


def _current(run: Run, record: CommentRecord, prefix: Prefix) -> str | None:
    """The row that the record became, unless it is of the other level: then that one is to go."""
    row_id = run.ledger.row_in(run.existing.comments, "comment", record.key)
    if row_id is None or prefix_of(row_id) == prefix:
        return row_id
    run.outdated_comments.append(row_id)
    return None


def _note(run: Run, record: CommentRecord, reason: str, *, dropped: bool = False) -> None:
    note = run.report.dropped if dropped else run.report.changed
    note(run.places[record.post_key], f"comment {record.key}", reason)


async def finish_comments(run: Run) -> None:
    """Removes comments that changed their level, and counts each post's comments and replies."""
    if run.outdated_comments:
        await run.tx.execute(delete(Comment).where(among(Comment.id, run.outdated_comments)))
    is_reply = Comment.parent_id.is_not(None)
    counts = (
        select(
            Post.id,
            func.count(Comment.id).filter(~is_reply).label("comments"),
            func.count(Comment.id).filter(is_reply).label("replies"),
        )
        .outerjoin(Comment, Comment.post_id == Post.id)
        .where(Post.publication_id == run.publication_id)
        .group_by(Post.id)
        .subquery()
    )
    await run.tx.execute(
        update(Post)
        .where(Post.id == counts.c.id)
        .where((Post.comment_count != counts.c.comments) | (Post.reply_count != counts.c.replies))
        .values(comment_count=counts.c.comments, reply_count=counts.c.replies)
    )
