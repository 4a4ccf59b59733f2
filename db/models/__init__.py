"""The tables, one module a noun."""

from sqlalchemy.orm import configure_mappers

from db.models import (
    account,
    audit,
    base,
    comment,
    draft,
    factor,
    invitation,
    key,
    media,
    page,
    post,
    provenance,
    publication,
    series,
    session,
    tag,
    user,
)

metadata = base.Base.metadata

# Here rather than by the first statement, which would take ten milliseconds longer.
configure_mappers()

__all__ = [
    "account",
    "audit",
    "comment",
    "draft",
    "factor",
    "invitation",
    "key",
    "media",
    "metadata",
    "page",
    "post",
    "provenance",
    "publication",
    "series",
    "session",
    "tag",
    "user",
]
