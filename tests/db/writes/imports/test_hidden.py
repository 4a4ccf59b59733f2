"""What a source hides is hidden here."""

from db.writes.imports import Count
from db.writes.records import Note, Place, RedirectRecord
from tests.db.writes.imports.conftest import Dump, Import, Query
from tests.db.writes.imports.streams import page, site

RULES = "select source, destination from redirection_rules order by source"


async def test_a_hidden_page_has_no_rules(import_: Import, query: Query) -> None:
    plan = page("plan", hidden=True, former_paths=("?p=7",))
    report = await import_(site(plan))
    assert "redirect" not in report.counts
    assert await query(RULES) == []


async def test_rules_go_and_come_back_with_their_page(import_: Import, query: Query) -> None:
    public = page("plan", former_paths=("?p=7", "old/plan"))
    other = page("about", former_paths=("old/about",))
    await import_(site(public, other))
    about = ("/old/about", "https://site.test/about")
    rules = [("/?p=7", "https://site.test/plan"), about, ("/old/plan", "https://site.test/plan")]
    assert await query(RULES) == rules
    await import_(site(page("plan", hidden=True, former_paths=("?p=7",)), other))
    assert await query(RULES) == [about]
    report = await import_(site(public, other))
    assert report.counts["redirect"] == Count(created=2, unchanged=1)
    assert await query(RULES) == rules


async def test_rules_to_the_former_slug_of_a_page_now_hidden_go(
    import_: Import, query: Query
) -> None:
    await import_(site(page("plan", former_paths=("?p=7",))))
    await import_(site(page("plan", slug="new", hidden=True)))
    assert await query(RULES) == []


async def test_a_rule_made_here_stays(import_: Import, query: Query) -> None:
    await import_(site(page("plan", former_paths=("?p=7",))))
    await import_(site(page("plan", former_paths=("?p=7",))), source="wordpress")
    hidden = site(page("plan", hidden=True))
    await import_(hidden, source="wordpress")
    assert await query(RULES) == [("/?p=7", "https://site.test/plan")]
    await import_(hidden)
    assert await query(RULES) == []


async def test_no_rule_of_the_source_leads_to_a_hidden_page(
    import_: Import, query: Query, dump: Dump
) -> None:
    source = site(page("plan", hidden=True), RedirectRecord("go", "https://site.test/plan/"))
    report = await import_(source)
    assert report.notes == [
        Note(Place("/go"), "redirect to `https://site.test/plan/`", "the page there is not public")
    ]
    assert await query(RULES) == []
    before = await dump()
    await import_(source)
    assert await dump() == before
