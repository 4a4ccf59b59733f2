"""Identifiers: `<prefix>_<UUID version 7>` (RFC 9562), the same string in PostgreSQL and in GraphQL.

The prefix names the type, so an id alone says what it is; version 7 sorts by creation time, which
keeps primary-key indexes compact. All 74 bits beside the time and the version are random, also among
ids of one millisecond: one id says nothing about another, so none can be guessed.
"""

import time
from secrets import randbits
from typing import Literal, get_args
from uuid import UUID

Prefix = Literal[
    "audit",
    "comment",
    "draft",
    "identity",
    "invite",
    "invitelink",
    "key",
    "media",
    "member",
    "nav",
    "page",
    "passkey",
    "post",
    "pub",
    "redirect",
    "reply",
    "schedule",
    "series",
    "session",
    "subscriber",
    "tag",
    "user",
]
PREFIXES: frozenset[str] = frozenset(get_args(Prefix))


def new_id(prefix: Prefix) -> str:
    """A fresh id."""
    return f"{prefix}_{uuid7()}"


def uuid7() -> UUID:
    """RFC 9562, section 5.7, with fresh random bits instead of the counters of section 6.2."""
    milliseconds = time.time_ns() // 1_000_000
    return UUID(int=milliseconds << 80 | 0x7 << 76 | randbits(12) << 64 | 0b10 << 62 | randbits(62))


def prefix_of(identifier: str) -> str | None:
    """The known prefix of an id, or None when the string is no id of ours."""
    prefix = identifier.partition("_")[0]
    return prefix if prefix in PREFIXES else None
