"""GraphiQL in a real browser, on the running server with the sample publication."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

OPERATIONS = ["Welcome", "Feed", "Post", "Search", "TaggedPosts", "Series", "Site", "Node", "Me"]


def test_a_reader_uses_graphiql(
    server: str, node: str, clients: Path, run: Callable[..., str]
) -> None:
    report = json.loads(run(node, clients.parent / "browser" / "graphiql.mjs", server))

    assert report["page"] == report["endpoint"] == {"status": 200, "title": "Masthead GraphiQL"}
    assert report["hosts"] == [urlsplit(server).netloc]
    assert report["complaints"] == []

    assert_welcome(report["clicked"])
    assert_welcome(report["pressed"])
    assert report["pressed"]["result"] == report["clicked"]["result"]

    assert {"publication", "searchPostsOfPublication"} <= set(report["explorer"].split())
    assert_examples(report["examples"])
    assert report["token"]["authorization"] == "Bearer not-a-token"
    history = report["token"]["history"]
    assert list(dict.fromkeys(run["operationName"] for run in history)) == OPERATIONS
    assert "not-a-token" not in str(history)

    assert report["light"] == {"page": "rgb(255, 255, 255)", "text": "rgb(0, 0, 0)"}
    assert report["dark"] == {"page": "rgb(33, 42, 59)", "text": "rgb(212, 212, 212)"}


def assert_welcome(run: dict[str, Any]) -> None:
    """The first query shows posts of the sample publication, in the pane as in the answer.

    The pane holds only the lines that are in view, and how many those are varies by a line or so.
    """
    publication = run["result"]["data"]["publication"]
    assert run["result"].keys() == {"data"}
    assert publication["posts"]["totalDocuments"] >= 3
    assert len(publication["posts"]["edges"]) == 3
    assert f'"title": "{publication["title"]}"' in run["pane"]


def assert_examples(results: dict[str, Any]) -> None:
    """Every example finds something in the sample; who am I fails, as it says."""
    (error,) = results.pop("Who am I?")["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert [title for title, result in results.items() if "errors" in result] == []
    found = {title: result["data"] for title, result in results.items()}
    in_publication = {title: data.get("publication") for title, data in found.items()}
    assert in_publication["The feed of a publication"]["posts"]["edges"]
    assert in_publication["A post by its slug"]["post"]["content"]["html"]
    assert found["Search"]["searchPostsOfPublication"]["edges"]
    assert in_publication["Posts with a tag"]["posts"]["edges"]
    assert in_publication["A series"]["series"]["posts"]["edges"]
    assert in_publication["What a site's frame needs"]["title"]
    assert found["Anything by its id"]["post"]["__typename"] == "Post"
    assert found["Anything by its id"]["publication"]["__typename"] == "Publication"
