"""Rows to read: each function makes the values of one, with what a test does not care about filled in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from db.database import Database
from db.ids import new_id
from db.models.base import Base

Row = dict[str, Any]


def numbered(prefix: str, number: int) -> str:
    """An id that is the same in every run."""
    return f"{prefix}_{UUID(int=number)}"


def day(number: int) -> datetime:
    """A moment that many days into 2026."""
    return datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=number)


def text(prefix: str, markdown: str) -> Row:
    """The three forms of a text of one paragraph."""
    return {
        f"{prefix}_markdown": markdown,
        f"{prefix}_html": f"<p>{markdown}</p>\n",
        f"{prefix}_text": markdown,
    }


def user(username: str, **more: Any) -> Row:
    return {"id": new_id("user"), "username": username, "name": username.title(), **more}


def publication(owner: Row, host: str = "blog.test", **more: Any) -> Row:
    return {"id": new_id("pub"), "owner_id": owner["id"], "host": host, "title": host, **more}


def membership(publication: Row, user: Row, role: str, **more: Any) -> Row:
    return {
        "id": new_id("member"),
        "publication_id": publication["id"],
        "user_id": user["id"],
        "role": role,
        **more,
    }


def series(publication: Row, author: Row, slug: str, **more: Any) -> Row:
    return {
        "id": new_id("series"),
        "publication_id": publication["id"],
        "author_id": author["id"],
        "slug": slug,
        "name": slug.title(),
        **more,
    }


def tag(slug: str, **more: Any) -> Row:
    return {"id": new_id("tag"), "slug": slug, "name": slug.title(), **more}


def page(publication: Row, slug: str, **more: Any) -> Row:
    return {
        "id": new_id("page"),
        "publication_id": publication["id"],
        "slug": slug,
        "title": slug.title(),
        **text("content", f"About {slug}"),
        **more,
    }


def post(publication: Row, author: Row, slug: str, **more: Any) -> Row:
    return {
        "id": new_id("post"),
        "publication_id": publication["id"],
        "author_id": author["id"],
        "slug": slug,
        "title": slug.title(),
        "brief": f"On {slug}",
        **text("content", f"All about {slug}"),
        "read_time_minutes": 1,
        "published_at": day(0),
        **more,
    }


def draft(publication: Row, author: Row, **more: Any) -> Row:
    return {
        "id": new_id("draft"),
        "publication_id": publication["id"],
        "author_id": author["id"],
        "slug": "",
        **more,
    }


def comment(post: Row, author: Row, markdown: str = "Yes", **more: Any) -> Row:
    return {
        "id": new_id("comment"),
        "post_id": post["id"],
        "author_id": author["id"],
        **text("content", markdown),
        **more,
    }


def reply(comment: Row, author: Row, markdown: str = "No", **more: Any) -> Row:
    return {
        "id": new_id("reply"),
        "post_id": comment["post_id"],
        "parent_id": comment["id"],
        "author_id": author["id"],
        **text("content", markdown),
        **more,
    }


def schedule(draft: Row, **more: Any) -> Row:
    return {"id": new_id("schedule"), "draft_id": draft["id"], "publish_at": day(0), **more}


async def add(database: Database, *tables: tuple[type[Base], list[Row]]) -> None:
    """Stores rows, table by table, in one transaction; the rows given together have the same keys."""
    async with database.write() as transaction:
        for table, rows in tables:
            await transaction.execute(insert(table), rows)
