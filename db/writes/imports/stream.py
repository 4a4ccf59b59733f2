"""The importer's stream, made fit for PostgreSQL and cut into chunks of one kind."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import chain, groupby, islice
from typing import Any

from db.writes.records import Note, PublicationRecord, Record, UserRecord

# What UTF-8 or PostgreSQL's text cannot hold: lone surrogates and U+0000.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")

Group = tuple[type[Any], Iterator[Any]]


def groups(records: Iterable[Record], notes: list[Note]) -> Iterator[Group]:
    """Runs of records of the same type, in order; notes go to `notes` as they come by."""
    return groupby(_content(records, notes), type)


def opening(
    remaining: Iterator[Group],
) -> tuple[PublicationRecord, list[UserRecord], Iterator[Group]]:
    """The publication, the users right after it, and what follows these.

    Raises ValueError when the stream does not begin with one publication.
    """
    kind, first = next(remaining, (None, iter(())))
    if kind is not PublicationRecord:
        raise ValueError("a stream of records begins with its publication")
    [site] = first
    following = next(remaining, None)
    if following is None:
        return site, [], remaining
    kind, records = following
    if kind is UserRecord:
        return site, list(records), remaining
    return site, [], chain([following], remaining)


def chunks(records: Iterator[Any], size: int) -> Iterator[list[Any]]:
    """Lists of `size` records, the last one shorter."""
    return iter(lambda: list(islice(records, size)), [])


def _content(records: Iterable[Record], notes: list[Note]) -> Iterator[Record]:
    for record in records:
        if isinstance(record, Note):
            notes.append(record)
        else:
            yield _storable(record)


def _storable(value: Any) -> Any:
    """The value with U+FFFD, the replacement character, in place of what cannot be stored."""
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, tuple):
        return tuple(map(_storable, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _storable(getattr(value, f.name)) for f in fields(value)})
    return value
