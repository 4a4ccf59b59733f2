"""Former addresses of posts, and rules for those of pages."""

from hypothesis import given
from hypothesis import strategies as st

from db.writes.imports.former_slugs import former_slugs
from db.writes.imports.run import FormerPath
from db.writes.records import Note, Place, RedirectRecord
from tests.db.writes.imports.conftest import Import, Query
from tests.db.writes.imports.streams import page, post, site

FORMER = (
    "select f.slug, p.slug from former_slugs f join posts p on p.id = f.post_id order by f.slug"
)
PATHS = st.lists(
    st.tuples(
        st.sampled_from("pqr"), st.sampled_from(["a", "b", "/x/a", "x/a/", "y/a", "y/b", "/", ""])
    )
)
SLUGS = st.dictionaries(st.sampled_from(["a", "b", "x/a", "z"]), st.sampled_from("pqrs"))


async def test_paths_are_kept_whole_and_by_their_last_part(import_: Import, query: Query) -> None:
    report = await import_(
        site(
            post("one", former_paths=("/2024/one.html", "2024/one/", "one", "")),
            post("two", former_paths=("2025/one.html", "2024/one", "x/y")),
            post("three", former_paths=("one", "z/y")),
        )
    )
    assert await query(FORMER) == [
        ("2024/one", "one"),
        ("2024/one.html", "one"),
        ("2025/one.html", "two"),
        ("one.html", "one"),
        ("x/y", "two"),
        ("y", "two"),
        ("z/y", "three"),
    ]
    reason = "another post has it, or it is too long"
    assert report.notes == [
        Note(Place("two.md", 1), "former path `2024/one`", reason),
        Note(Place("three.md", 1), "former path `one`", reason),
    ]


async def test_a_slug_in_use_is_nobodys_former_slug(import_: Import, query: Query) -> None:
    await import_(site(post("one", former_paths=("old/two",))))
    assert await query(FORMER) == [("old/two", "one"), ("two", "one")]
    await import_(site(post("one", former_paths=("old/two",)), post("two", former_paths=("zwei",))))
    assert await query(FORMER) == [("old/two", "one"), ("zwei", "two")]


async def test_rules_for_old_paths(import_: Import, query: Query) -> None:
    report = await import_(
        site(
            page("about", former_paths=("about/", "über", "/info")),
            RedirectRecord("feed", "https://site.test/rss"),
            RedirectRecord("/info", "https://site.test/other"),
            RedirectRecord("empty", ""),
            RedirectRecord("x" * 3000, "https://site.test/"),
        )
    )
    assert await query("select source, destination, type from redirection_rules order by 1") == [
        ("/feed", "https://site.test/rss", "PERMANENT"),
        ("/info", "https://site.test/about", "PERMANENT"),
        ("/über", "https://site.test/about", "PERMANENT"),
    ]
    assert [(note.element, note.reason) for note in report.notes] == [
        ("redirect to `https://site.test/other`", "another rule leads elsewhere from there"),
        ("redirect to ``", "it leads nowhere"),
        ("redirect to `https://site.test/`", "the path is too long"),
    ]


@given(PATHS, SLUGS, SLUGS)
def test_no_address_has_two_owners(
    paths: list[tuple[str, str]], live: dict[str, str], held: dict[str, str]
) -> None:
    former = [FormerPath(post_id, path, Place("f.md")) for post_id, path in paths]
    kept, refused = former_slugs(former, live, held)
    assert not kept.keys() & (live.keys() | held.keys())
    owners = kept | held | live
    for each in former:
        path = each.path.strip("/")
        assert not path or (owners[path] == each.post_id) == (each not in refused)
    assert former_slugs(former, live, held | kept) == ({}, refused)
