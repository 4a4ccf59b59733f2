"""Menus."""

import pytest

from db.database import Database
from db.writes.imports import Count
from db.writes.records import NavigationRecord
from tests.db.writes.imports.conftest import Dump, Import, Query
from tests.db.writes.imports.streams import page, site

MENU = "select position, type, label, url from navigation_items order by position"


async def test_a_menu_made_here_stays(import_: Import, query: Query, database: Database) -> None:
    await import_(site(NavigationRecord("Home", url="/"), NavigationRecord("Blog", url="/blog")))
    async with database.write() as tx:
        await tx.exec_driver_sql("delete from navigation_items where position = 0")
    report = await import_(site(NavigationRecord("New", url="/new")))
    assert report.counts["navigation"] == Count(unchanged=1)
    assert await query(MENU) == [(1, "link", "Blog", "/blog")]


async def test_a_page_made_anew_is_in_the_menu_again(
    import_: Import, query: Query, database: Database
) -> None:
    source = site(
        page(), NavigationRecord("Home", url="/"), NavigationRecord("About", page_key="about")
    )
    await import_(source)
    async with database.write() as tx:
        await tx.exec_driver_sql("delete from static_pages")
    await import_(source)
    assert await query(MENU) == [(0, "link", "Home", "/"), (1, "page", "About", None)]


async def test_an_entry_for_an_unknown_page_is_refused(import_: Import, dump: Dump) -> None:
    with pytest.raises(LookupError, match="no page with the key 'x'"):
        await import_(site(NavigationRecord("X", page_key="x")))
    assert not any((await dump()).values())
