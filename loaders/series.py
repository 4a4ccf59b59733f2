"""Series: by id, by address, and those of a publication."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from db.models import series as series_models
from db.viewer import Viewer
from loaders.base import RowBy, RowBySlug, columns
from loaders.cursors import Order
from loaders.pages import Listing
from loaders.timestamps import Timestamp

Series = series_models.Series

NEWEST = Order("series.newest", ("created_at", "id"))


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
    created_at: Timestamp


class SeriesById(RowBy[SeriesRow]):
    row = SeriesRow
    table = Series


class SeriesBySlug(RowBySlug[SeriesRow]):
    row = SeriesRow
    table = Series


@dataclass(frozen=True, slots=True)
class SeriesByPublication(Listing[SeriesRow]):
    """The series of a publication, newest first."""

    row = SeriesRow

    @property
    def order(self) -> Order:
        return NEWEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        return select(*columns(SeriesRow, Series)).where(Series.publication_id == parent)
