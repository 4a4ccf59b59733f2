"""Addresses that posts had, kept so that links to them still lead there."""

from collections import ChainMap
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, exists, insert, select

from db.models.post import FormerSlug, Post
from db.writes.imports.run import FormerPath, Run
from db.writes.imports.statements import INDEXABLE


async def write_former_slugs(run: Run) -> None:
    """Keeps the former paths of new and changed posts, once all present slugs are known."""
    if not run.former_paths:
        return
    await _forget_present_slugs(run)
    live = await run.tx.execute(
        select(Post.slug, Post.id).where(Post.publication_id == run.publication_id)
    )
    held = await run.tx.execute(
        select(FormerSlug.slug, FormerSlug.post_id).where(
            FormerSlug.publication_id == run.publication_id
        )
    )
    kept, refused = former_slugs(run.former_paths, dict(live.all()), dict(held.all()))
    for former in refused:
        run.report.dropped(
            former.place,
            f"former path `{former.path[:INDEXABLE]}`",
            "another post has it, or it is too long",
        )
    if kept:
        await run.tx.execute(
            insert(FormerSlug),
            [
                {"publication_id": run.publication_id, "slug": slug, "post_id": post_id}
                for slug, post_id in kept.items()
            ],
        )


def former_slugs(
    paths: Sequence[FormerPath], live: Mapping[str, str], held: Mapping[str, str]
) -> tuple[dict[str, str], list[FormerPath]]:
    """The new former slugs, each with its post, and the paths that cannot be kept.

    `live` and `held` are the present and the former slugs with their posts. A path is kept whole and,
    where nobody else has it, by its last segment, which is what a frontend looks a post up by.
    """
    kept: dict[str, str] = {}
    owners = ChainMap(kept, dict(live), dict(held))
    refused = []
    for former in paths:
        path = former.path.strip("/")
        fits = len(path.encode()) <= INDEXABLE
        if path and (not fits or owners.setdefault(path, former.post_id) != former.post_id):
            refused.append(former)
    for former in paths:
        path = former.path.strip("/")
        segment = path.rpartition("/")[2]
        if segment and owners.get(path) == former.post_id:
            owners.setdefault(segment, former.post_id)
    return kept, refused


async def _forget_present_slugs(run: Run) -> None:
    """A slug that a post has now is nobody's former one."""
    taken = exists().where(
        Post.publication_id == FormerSlug.publication_id, Post.slug == FormerSlug.slug
    )
    await run.tx.execute(
        delete(FormerSlug).where(FormerSlug.publication_id == run.publication_id, taken)
    )
