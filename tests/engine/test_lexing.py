"""Our reading of documents beside graphql-core's."""

from pathlib import Path

import graphql
import pytest
from graphql import GraphQLSyntaxError, ast_to_dict
from hypothesis import given
from hypothesis import strategies as st

from engine.lexing import parse
from tests.engine.hostile import corpus, masthead

OPERATIONS = sorted(Path("tests/contract/operations").rglob("*.graphql"))
HOSTILE = corpus.REQUESTS | masthead.REQUESTS


def outcome(read: object, source: str) -> object:
    """The tree with its locations, or the error with its place."""
    try:
        tree = read(source)  # type: ignore[operator]
    except GraphQLSyntaxError as error:
        return error.message, error.locations
    return ast_to_dict(tree, locations=True)


def ours(source: str) -> object:
    return parse(source, 2_000)


def theirs(source: str) -> object:
    return graphql.parse(source, max_lexical_tokens=2_000, max_comments=2_000)


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_operations_are_read_alike(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert outcome(ours, source) == outcome(theirs, source)


@given(st.text('{}_aZ09é-."#:$@ \n', max_size=30))
def test_any_text_is_read_alike(text: str) -> None:
    source = f"{{ a{text} }}"
    assert outcome(ours, source) == outcome(theirs, source)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_read_alike(name: str) -> None:
    source = HOSTILE[name]().source
    if len(source) > 100_000:
        source = source[:100_000]
    assert outcome_without_tree(ours, source) == outcome_without_tree(theirs, source)


def outcome_without_tree(read: object, source: str) -> object:
    """Some nest too deeply to be shown."""
    try:
        read(source)  # type: ignore[operator]
    except GraphQLSyntaxError as error:
        return error.message, error.locations
    return None
