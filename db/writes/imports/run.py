"""One import under way: what every kind of record needs to be written."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from db.writes.imports.existing import Existing
from db.writes.imports.ledger import Ledger
from db.writes.imports.report import Report
from db.writes.records import Place


@dataclass(frozen=True, slots=True)
class FormerPath:
    """An earlier address of a post, to be kept once all present ones are known."""

    post_id: str
    path: str
    place: Place


@dataclass(frozen=True, slots=True)
class TagName:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Run:
    """`now` is the time of the whole import; `language` what texts without one of their own are in.

    The last six are what one record leaves for a later one: tags by id, earlier addresses of posts,
    addresses of hidden pages, where each post, by key, stands in the source, the key of the comment
    that each comment's thread begins with, and rows of comments that others have replaced.
    """

    tx: AsyncConnection
    report: Report
    ledger: Ledger
    existing: Existing
    owner_id: str
    language: str | None
    now: datetime
    tags: dict[str, TagName] = field(default_factory=dict)
    former_paths: list[FormerPath] = field(default_factory=list)
    hidden_addresses: set[str] = field(default_factory=set)
    places: dict[str, Place] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)
    outdated_comments: list[str] = field(default_factory=list)

    @property
    def publication_id(self) -> str:
        return self.report.publication_id
