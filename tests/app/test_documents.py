"""Trusted documents: where they come from, and what is wrong with them."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import strawberry

from app.documents import trusted_documents
from db.errors import ConfigurationError
from engine import Engine, Limits


@strawberry.type
class Query:
    hello: str = "Hello"


FEED = "query Feed { hello }"
HOME = "query Home { hello again: hello }\n"
ENGINE = Engine(strawberry.Schema(Query), Limits(tokens=2))


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def written(folder: Path, content: Any) -> Path:
    file = folder / "documents.json"
    file.write_text(json.dumps(content))
    return file


def manifest(*operations: Any, **changes: Any) -> dict[str, Any]:
    known = {"format": "apollo-persisted-query-manifest", "version": 1}
    return known | {"operations": list(operations)} | changes


def ids_of(path: Path) -> list[str]:
    trusted = trusted_documents(ENGINE, path)
    assert all(document.errors == () and document.is_vouched for document in trusted.values())
    return sorted(trusted)


def refusal(path: Path) -> str:
    with pytest.raises(ConfigurationError) as refused:
        trusted_documents(ENGINE, path)
    return str(refused.value).replace(str(path), "PATH")


def test_without_a_path_none_are_trusted() -> None:
    assert trusted_documents(ENGINE, None) == {}


def test_they_come_from_a_manifest_of_apollo_s(tmp_path: Path) -> None:
    operations = [
        {"id": digest(FEED), "name": "Feed", "type": "query", "body": FEED},
        {"id": "home-1", "name": "Home", "type": "query", "body": HOME},
    ]
    path = written(tmp_path, manifest(*operations))
    assert ids_of(path) == sorted([digest(FEED), digest(HOME), "home-1"])


def test_they_come_from_a_map_of_relay_s(tmp_path: Path) -> None:
    path = written(tmp_path, {"0123abcd": FEED, f"sha256:{digest(HOME)}": HOME})
    assert ids_of(path) == sorted(["0123abcd", digest(FEED), digest(HOME)])


def test_they_come_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "Feed.graphql").write_text(FEED)
    (tmp_path / "pages" / "Home.graphql").write_text(HOME)
    (tmp_path / "README.md").write_text("not a document")
    assert ids_of(tmp_path) == sorted(["Feed", "Home", digest(FEED), digest(HOME)])


def test_one_text_is_prepared_once(tmp_path: Path) -> None:
    trusted = trusted_documents(ENGINE, written(tmp_path, {"a": FEED, "b": FEED}))
    assert trusted["a"] is trusted["b"] is trusted[digest(FEED)]


def test_every_one_that_is_not_valid_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, {"a": "{ missing }", "b": FEED, "c": "{\n hello", "d": "{ hallo }"})
    assert refusal(path) == (
        "MASTHEAD_DOCUMENTS: "
        "a: Cannot query field 'missing' on type 'Query'. (line 1, column 3); "
        "c: Syntax Error: Expected Name, found <EOF>. (line 2, column 7); "
        "d: Cannot query field 'hallo' on type 'Query'. Did you mean 'hello'? (line 1, column 3)"
    )


def test_one_id_has_one_text(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "Feed.graphql").write_text(FEED)
    (tmp_path / "pages" / "Feed.graphql").write_text(HOME)
    assert refusal(tmp_path) == "MASTHEAD_DOCUMENTS: there are two documents with the id Feed"


def test_no_id_is_the_digest_of_another_s_text(tmp_path: Path) -> None:
    path = written(tmp_path, {"feed": FEED, digest(FEED): HOME})
    fault = f"MASTHEAD_DOCUMENTS: there are two documents with the id {digest(FEED)}"
    assert refusal(path) == fault


@pytest.mark.parametrize(
    "content",
    [
        [],
        "text",
        manifest(version=2),
        manifest(format="other"),
        manifest("text"),
        manifest({"id": "a"}),
        {"a": 1},
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: Any) -> None:
    assert refusal(written(tmp_path, content)) == (
        "MASTHEAD_DOCUMENTS: PATH is neither a manifest of Apollo's, version 1, nor a map from ids to texts"
    )


@pytest.mark.parametrize("content", [{}, manifest()])
def test_none_at_all_is_refused(tmp_path: Path, content: Any) -> None:
    fault = "MASTHEAD_DOCUMENTS: there are no documents in PATH"
    assert refusal(written(tmp_path, content)) == fault
    (tmp_path / "empty").mkdir()
    assert refusal(tmp_path / "empty") == fault


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "missing.json") == (
        "MASTHEAD_DOCUMENTS cannot be read: PATH: No such file or directory"
    )
    file = tmp_path / "broken.json"
    file.write_text("{")
    assert refusal(file).startswith("MASTHEAD_DOCUMENTS cannot be read: PATH: ")
    (tmp_path / "Feed.graphql").write_bytes(b"\xff")
    assert refusal(tmp_path).startswith("MASTHEAD_DOCUMENTS cannot be read: PATH: ")
