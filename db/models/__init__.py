"""The tables, one module a noun."""

from sqlalchemy.orm import configure_mappers

from db.models import (
    base,
    comment,
    draft,
    media,
    page,
    post,
    provenance,
    publication,
    series,
    tag,
    user,
)

metadata = base.Base.metadata

# Here rather than by the first statement, which would take ten milliseconds longer.
configure_mappers()

__all__ = [
    "comment",
    "draft",
    "media",
    "metadata",
    "page",
    "post",
    "provenance",
    "publication",
    "series",
    "tag",
    "user",
]
