"""Identifiers: `<prefix>_<UUID version 7>` (RFC 9562), the same string in PostgreSQL and in GraphQL.

The prefix names the type, so an id alone says what it is; version 7 sorts by creation time, which
keeps primary-key indexes compact. 74 random bits make an id unguessable.
"""

import uuid_utils

PREFIXES = frozenset(
    {
        "comment",
        "draft",
        "media",
        "member",
        "nav",
        "page",
        "post",
        "pub",
        "redirect",
        "reply",
        "schedule",
        "series",
        "subscriber",
        "tag",
        "user",
    }
)


def new_id(prefix: str) -> str:
    """A fresh id; `prefix` is one of PREFIXES (KeyError-free by construction: callers pass literals)."""
    return f"{prefix}_{uuid_utils.uuid7()}"


def prefix_of(identifier: str) -> str | None:
    """The known prefix of an id, or None when the string is no id of ours."""
    prefix = identifier.partition("_")[0]
    return prefix if prefix in PREFIXES else None
