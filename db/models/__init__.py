"""The tables, one module a noun."""

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
