"""Static pages: by id, by address, and those of a publication."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from db.models import page as page_models
from db.viewer import Viewer
from db.visibility import page_is_visible
from loaders.base import RowBy, RowBySlug, columns
from loaders.cursors import Order
from loaders.keys import Keys
from loaders.pages import Listing
from loaders.timestamps import Timestamp

StaticPage = page_models.StaticPage

NEWEST = Order("page.newest", ("created_at", "id"))


class StaticPageRow:
    """A page without its content: menus name pages and do not show them."""

    id: str
    slug: str
    title: str
    hidden: bool
    seo_title: str | None
    seo_description: str | None
    og_image: str | None
    created_at: Timestamp


class StaticPageContentRow:
    id: str
    content_markdown: str
    content_html: str
    content_text: str


class StaticPageById(RowBy[StaticPageRow]):
    row = StaticPageRow
    table = StaticPage

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (page_is_visible(self.viewer),)


class StaticPageContentById(RowBy[StaticPageContentRow]):
    """Loaded for pages that the viewer has been shown already."""

    row = StaticPageContentRow
    table = StaticPage


class StaticPageBySlug(RowBySlug[StaticPageRow]):
    row = StaticPageRow
    table = StaticPage

    def visible(self, keys: Keys) -> Iterable[ColumnElement[bool]]:
        return (*super().visible(keys), page_is_visible(self.viewer))


@dataclass(frozen=True, slots=True)
class StaticPagesByPublication(Listing[StaticPageRow]):
    """The static pages of a publication, newest first."""

    row = StaticPageRow

    @property
    def order(self) -> Order:
        return NEWEST

    def select(self, parent: ColumnElement[str], viewer: Viewer | None) -> Select[Any]:
        return select(*columns(StaticPageRow, StaticPage)).where(
            StaticPage.publication_id == parent, page_is_visible(viewer)
        )
