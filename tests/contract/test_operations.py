"""Every operation of the contract on real, imported blogs, against what their sources say."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from db.database import Database
from tests.contract.execution import execute, run
from tests.contract.operations import operation
from tests.contract.rust_blog import Written, written_posts

RUST = "blog.rust.test"
WORDPRESS = "wp.test"
SAMPLE = "sample.masthead.test"

themes = pytest.mark.parametrize("theme", ["enterprise", "personal"])


@pytest.fixture
async def database(imported: str) -> AsyncIterator[Database]:
    database = Database(imported)
    yield database
    await database.dispose()


@pytest.fixture(scope="module")
def written(corpus: Path) -> list[Written]:
    return written_posts(corpus / "rust-blog/content")


async def publication_id(database: Database, host: str) -> str:
    query = "query ($host: String!) { publication(host: $host) { id } }"
    found: str = (await execute(database, query, host=host))["publication"]["id"]
    return found


def nodes(connection: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in connection["edges"]]


def expected_date(post: Written) -> str:
    return f"{post.date}T00:00:00Z"


@themes
async def test_publication_by_host(database: Database, theme: str, written: list[Written]) -> None:
    data = await run(database, operation(theme, "PublicationByHost"), host="WWW.Blog.Rust.Test:80")
    publication = data["publication"]
    assert publication["title"] == "Rust Blog"
    assert publication["url"] == "https://blog.rust.test"
    assert publication["descriptionSEO"] == (
        "Empowering everyone to build reliable and efficient software."
    )
    assert publication["isTeam"] is True
    assert publication["posts"] == {"totalDocuments": len(written)}
    assert publication["integrations"]["gaTrackingID"] is None


@themes
async def test_an_unknown_host_is_null(database: Database, theme: str) -> None:
    operations = operation(theme, "PublicationByHost")
    assert await run(database, operations, host="nobody.test") == {"publication": None}
    assert await run(database, operations, host="no host at all") == {"publication": None}


@themes
async def test_posts_by_publication_are_all_posts_newest_first(
    database: Database, theme: str, written: list[Written]
) -> None:
    first = operation(theme, "PostsByPublication")
    more = operation(theme, "MorePostsByPublication")
    connection = (await run(database, first, host=RUST, first=50))["publication"]["posts"]
    assert connection["totalDocuments"] == len(written)
    posts = nodes(connection)
    while connection["pageInfo"]["hasNextPage"]:
        after = connection["pageInfo"]["endCursor"]
        data = await run(database, more, host=RUST, first=50, after=after)
        connection = data["publication"]["posts"]
        posts += nodes(connection)
    assert [post["publishedAt"] for post in posts] == [expected_date(post) for post in written]
    assert len({post["id"] for post in posts}) == len(written)
    assert {post["title"] for post in posts} == {post.title for post in written}
    assert all(post["url"] == f"https://{RUST}/{post['slug']}" for post in posts)
    assert all(post["brief"] for post in posts)


@themes
async def test_slug_posts_by_publication(
    database: Database, theme: str, written: list[Written]
) -> None:
    data = await run(database, operation(theme, "SlugPostsByPublication"), host=RUST, first=100)
    slugs = {post["slug"] for post in nodes(data["publication"]["posts"])}
    counted = Counter(post.slug for post in written)
    newest = {post.slug for post in written[:90] if counted[post.slug] == 1}
    assert newest <= slugs


@themes
async def test_single_post_by_publication(
    database: Database, theme: str, written: list[Written]
) -> None:
    source = next(post for post in written if post.slug == "Rust-1.88.0")
    data = await run(
        database, operation(theme, "SinglePostByPublication"), host=RUST, slug="Rust-1.88.0"
    )
    post = data["publication"]["post"]
    assert post["title"] == "Announcing Rust 1.88.0"
    assert post["publishedAt"] == "2025-06-26T00:00:00Z"
    assert post["author"]["name"] == "The Rust Release Team"
    assert post["content"]["markdown"].strip() == source.markdown.strip()
    assert '<h2 id="what-s-in-1-88-0-stable">' in post["content"]["html"]
    assert post["readTimeInMinutes"] >= 1
    assert post["hasLatexInPost"] is False
    assert post["comments"] == {"totalDocuments": 0, "edges": []}
    assert post["preferences"] == {"disableComments": False}
    items = post["features"]["tableOfContents"]["items"]
    assert [(item["level"], item["title"]) for item in items] == [
        (2, "What's in 1.88.0 stable"),
        (3, "Let chains"),
        (3, "Naked functions"),
        (3, "Boolean configuration"),
        (3, "Cargo automatic cache cleaning"),
        (3, "Stabilized APIs"),
        (3, "Other changes"),
        (2, "Contributors to 1.88.0"),
    ]
    assert {item["parentId"] for item in items if item["level"] == 3} == {items[0]["id"]}
    assert all(f'id="{item["slug"]}"' in post["content"]["html"] for item in items)


@themes
async def test_single_post_with_comments(database: Database, theme: str) -> None:
    data = await run(
        database,
        operation(theme, "SinglePostByPublication"),
        host=WORDPRESS,
        slug="template-comments",
    )
    post = data["publication"]["post"]
    assert post["title"] == "Template: Comments"
    assert post["responseCount"] == 19
    assert post["comments"]["totalDocuments"] == 10
    assert len(post["comments"]["edges"]) == 10
    assert [tag["slug"] for tag in post["tags"]]
    assert all(comment["author"]["name"] for comment in nodes(post["comments"]))


@themes
async def test_rss_feed(database: Database, theme: str) -> None:
    data = await run(database, operation(theme, "RSSFeed"), host=RUST, first=20)
    posts = nodes(data["publication"]["posts"])
    assert len(posts) == 20
    assert all(post["content"]["html"].startswith("<") for post in posts)
    assert all(post["author"]["username"] for post in posts)


@themes
async def test_tag_posts_by_publication(database: Database, theme: str) -> None:
    found = operation(theme, "TagPostsByPublication")
    data = await run(database, found, host=WORDPRESS, tagSlug="no-such-tag", first=50)
    assert data["publication"]["posts"] == {"totalDocuments": 0, "edges": []}
    data = await run(database, found, host=WORDPRESS, tagSlug="comments-2", first=50)
    titles = {post["title"] for post in nodes(data["publication"]["posts"])}
    assert "Template: Comments" in titles
    assert data["publication"]["posts"]["totalDocuments"] == len(titles)


@themes
async def test_page_by_publication(database: Database, theme: str) -> None:
    page_query = operation(theme, "PageByPublication")
    data = await run(database, page_query, host=WORDPRESS, slug="about")
    page = data["publication"]["staticPage"]
    assert (page["title"], page["slug"]) == ("About The Tests", "about")
    assert "WordPress" in page["content"]["markdown"]
    data = await run(database, page_query, host=WORDPRESS, slug="no-such-page")
    assert data["publication"]["staticPage"] is None


@themes
async def test_sitemap(database: Database, theme: str, written: list[Written]) -> None:
    data = await run(
        database, operation(theme, "Sitemap"), host=RUST, postsCount=100, staticPagesCount=50
    )
    posts = data["publication"]["posts"]
    seen = nodes(posts)
    while posts["pageInfo"]["hasNextPage"]:
        data = await run(
            database,
            operation(theme, "MoreSitemapPosts"),
            host=RUST,
            postsCount=100,
            postsAfter=posts["pageInfo"]["endCursor"],
        )
        posts = data["publication"]["posts"]
        seen += nodes(posts)
    assert len({post["url"] for post in seen}) == len(written)
    assert all(post["publishedAt"].endswith("Z") for post in seen)


async def test_sitemap_pages(database: Database) -> None:
    data = await run(
        database,
        operation("enterprise", "Sitemap"),
        host=WORDPRESS,
        postsCount=1,
        staticPagesCount=100,
    )
    pages = {page["slug"] for page in nodes(data["publication"]["staticPages"])}
    assert {"about", "page-markup-and-formatting"} <= pages


async def test_search_finds_words_and_their_beginnings(database: Database) -> None:
    search = operation("enterprise", "SearchPostsOfPublication")
    rust = await publication_id(database, RUST)

    async def found(query: str, first: int = 100) -> list[str]:
        chosen = {"publicationId": rust, "query": query}
        data = await run(database, search, first=first, filter=chosen)
        return [post["title"] for post in nodes(data["searchPostsOfPublication"])]

    titles = await found("generic associated types")
    assert "Generic associated types to be stable in Rust 1.65" in titles
    assert await found("gen assoc typ stabil") != []
    assert set(await found("GENERIC ASSOCIATED TYPES")) == set(titles)
    assert await found("xyzzyplugh") == []
    assert await found("!!! & | ( ' \\") == []
    assert len(await found("rust", first=5)) == 5


async def test_series_posts_by_publication(database: Database) -> None:
    series = '{ publication(host: "sample.masthead.test") { seriesList { nodes { slug name } } } }'
    one = (await execute(database, series))["publication"]["seriesList"]["nodes"][0]
    data = await run(
        database,
        operation("enterprise", "SeriesPostsByPublication"),
        host=SAMPLE,
        seriesSlug=one["slug"],
        first=10,
    )
    found = data["publication"]["series"]
    assert found["name"] == one["name"]
    assert len(nodes(found["posts"])) >= 2


DRAFTS = "select id, title, restricted from drafts order by title"


@themes
async def test_draft_by_id(database: Database, theme: str) -> None:
    """A preview page knows the id from the link that an editor shared: here, from the database."""
    drafts = {row["title"]: row for row in await stored(database, DRAFTS)}
    preview = operation(theme, "DraftById")
    shared = await run(database, preview, id=drafts["Draft"]["id"])
    assert shared["draft"]["title"] == "Draft"
    assert shared["draft"]["author"]["name"] == "Theme Buster"
    assert "draft" in shared["draft"]["content"]["markdown"].lower()
    protected = next(row for title, row in drafts.items() if "Password Protected" in title)
    assert protected["restricted"] is True
    assert await run(database, preview, id=protected["id"]) == {"draft": None}


async def stored(database: Database, statement: str) -> list[dict[str, Any]]:
    async with database.read() as connection:
        result = await connection.exec_driver_sql(statement)
        return [dict(row) for row in result.mappings()]
