"""Nothing that a source hides can be read by the public, whatever list they ask for."""

from typing import Any

import orjson

from db.database import Database
from db.writes.records import NavigationRecord, PostStatus
from tests.contract.execution import execute
from tests.db.writes.imports.conftest import Import
from tests.db.writes.imports.streams import FUTURE, SERIES, TAG, page, post, site

SECRETS = ("secretdraft", "secretprivate", "secretdate", "secretpage")

EVERYTHING = """
query Everything($id: ObjectId!) {
  publication(host: "site.test") {
    posts(first: 20) { totalDocuments edges { node { ...Post } } }
    postsViaPage(page: 1, pageSize: 20) { totalDocuments nodes { ...Post } }
    pinnedPost { ...Post }
    drafts(first: 20) { ...Drafts }
    scheduledDrafts(first: 20) { ...Drafts }
    submittedDrafts(first: 20) { ...Drafts }
    allDrafts(first: 20) { ...Drafts }
    allScheduledDrafts(first: 20) { ...Drafts }
    staticPages(first: 20) { totalDocuments edges { node { ...Page } } }
    staticPage(slug: "secretpage") { ...Page }
    post(slug: "secretdraft") { ...Post }
    redirectedPost(slug: "old/secretdraft") { ...Post }
    redirectionRules { source destination }
    preferences { navbarItems { label url page { ...Page } } }
    series(slug: "basics") { ...Series }
    seriesList(first: 20) { edges { node { ...Series } } }
    members(page: 1, pageSize: 20) { nodes { user { ...User } } }
    publicMembers(page: 1, pageSize: 20) { nodes { user { ...User } } }
  }
  feed(first: 20) { edges { node { ...Post } } }
  found: searchPostsOfPublication(first: 20, filter: {publicationId: $id, query: "text"}) {
    edges { node { ...Post } }
  }
  user(username: "ada") { ...User }
  tag(slug: "sql") {
    postsCount
    posts(first: 20, filter: {}) { edges { node { ...Post } } }
  }
}
fragment Post on Post { title slug url brief content { markdown } }
fragment Drafts on DraftConnection {
  totalDocuments
  edges { node { title slug content { markdown } } }
}
fragment Page on StaticPage { title slug content { markdown } }
fragment Series on Series { name posts(first: 20) { totalDocuments edges { node { ...Post } } } }
fragment User on User { name posts(page: 1, pageSize: 20) { totalDocuments nodes { ...Post } } }
"""


async def test_the_public_reads_nothing_hidden(import_: Import, database: Database) -> None:
    linked: dict[str, Any] = {
        "tag_keys": (TAG.key,),
        "series_key": SERIES.key,
        "pinned": True,
        "featured": True,
    }
    report = await import_(
        site(
            post(former_paths=("old/one",), **linked),
            *(
                post(
                    secret,
                    status=PostStatus.DRAFT,
                    former_paths=(f"old/{secret}",),
                    **linked | more,
                )
                for secret, more in (("secretdraft", {}), ("secretprivate", {"private": True}))
            ),
            post("secretdate", **linked | {"status": PostStatus.SCHEDULED, "published_at": FUTURE}),
            page("secretpage", hidden=True, former_paths=("?p=7", "old/secretpage")),
            page("about", former_paths=("old/about",)),
            NavigationRecord("The secretpage", page_key="secretpage"),
            NavigationRecord("About", page_key="about"),
        )
    )
    data = await execute(database, EVERYTHING, id=report.publication_id)
    seen = orjson.dumps(data).decode()
    assert [secret for secret in SECRETS if secret in seen] == []
    assert [item["label"] for item in data["publication"]["preferences"]["navbarItems"]] == [
        "About"
    ]
    assert [rule["source"] for rule in data["publication"]["redirectionRules"]] == ["/old/about"]
    assert _slugs(data["publication"]["posts"]) == _slugs(data["feed"]) == ["one"]
    assert _slugs(data["found"]) == _slugs(data["tag"]["posts"]) == ["one"]
    assert data["tag"]["postsCount"] == data["user"]["posts"]["totalDocuments"] == 1


def _slugs(connection: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    return [edge["node"]["slug"] for edge in connection["edges"]]
