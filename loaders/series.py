"""Series: by id, by address, and those of a publication."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, any_, select

from db.database import Database
from db.models import series as series_models
from db.viewer import Viewer
from loaders.base import RowBy, RowsBy, batch_keys, columns
from loaders.cursors import Order
from loaders.pages import Listing

Series = series_models.Series

NEWEST = Order("newest", ("created_at", "id"))


class SeriesRow:
    id: str
    publication_id: str
    author_id: str
    slug: str
    name: str
    description_markdown: str | None
    description_html: str | None
    description_text: str | None
    cover_image: str | None
    cuid: str | None
    sort_order: str
    created_at: datetime


class SeriesById(RowBy[SeriesRow]):
    row = SeriesRow
    table = Series


class SeriesBySlug(RowsBy[SeriesRow]):
    """The publication's series with the slug given as parameter: a list of none or one."""

    def __init__(self, database: Database, viewer: Viewer | None, slug: str) -> None:
        super().__init__(database, viewer)
        self.slug = slug

    def statement(self) -> Select[Any]:
        return (
            select(Series.publication_id.label("batch_key"), *columns(SeriesRow, Series))
            .where(Series.publication_id == any_(batch_keys()))
            .where(Series.slug == self.slug)
        )


@dataclass(frozen=True, slots=True)
class SeriesByPublication(Listing[SeriesRow]):
    """The series of a publication, newest first."""

    @property
    def order(self) -> Order:
        return NEWEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        return select(*columns(SeriesRow, Series)).where(Series.publication_id == parent)
