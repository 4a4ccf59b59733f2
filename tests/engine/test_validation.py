"""Our validation beside graphql-core's, by the same rules; and what is left of it."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import graphql
import pytest
from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError

from engine.documents import Documents
from engine.lexing import parse
from engine.rules import RULES
from engine.validation import MAX_ERRORS, validate
from tests.engine.hostile import corpus, masthead

SCHEMAS = {"corpus": corpus, "masthead": masthead}
CASES = [(name, each) for name, module in SCHEMAS.items() for each in module.REQUESTS]


def tree_of(name: str, case: str) -> DocumentNode:
    try:
        return parse(SCHEMAS[name].REQUESTS[case]().source, 2_000)
    except GraphQLSyntaxError:
        pytest.skip("it is refused before it is validated")


def reasons(run: Callable[[DocumentNode], list[GraphQLError]], tree: DocumentNode) -> Any:
    try:
        return [(error.message, error.locations) for error in run(tree)]
    except GraphQLError as error:
        return error.message, error.locations


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize(("name", "case"), CASES)
def test_it_gives_the_same_reasons(name: str, case: str, hidden: bool) -> None:
    tree, schema = tree_of(name, case), SCHEMAS[name].SCHEMA
    ours = reasons(lambda tree: validate(schema, tree, hidden), tree)
    theirs = reasons(lambda tree: graphql.validate(schema, tree, RULES, MAX_ERRORS, hidden), tree)
    assert ours == theirs


@pytest.mark.parametrize("case", masthead.REQUESTS)
def test_nothing_of_a_document_is_left_to_the_garbage_collector(case: str) -> None:
    documents = Documents(masthead.SCHEMA)
    seen: list[weakref.ref[DocumentNode]] = []

    def noted(*given: Any) -> DocumentNode:
        tree = parse(*given)
        seen.append(weakref.ref(tree))
        return tree

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.documents.parse", noted)
        gc.disable()
        try:
            documents._prepare(masthead.REQUESTS[case]().source, documents._limits)
            assert [tree() for tree in seen] == [None]
        finally:
            gc.enable()
