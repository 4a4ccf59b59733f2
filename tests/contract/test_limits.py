"""What frontends send keeps the limits of requests; what would read without end does not."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, print_ast

from engine.documents import Document, Documents
from resolvers.schema import schema
from tests.contract.operations import OPERATIONS, Operation

PAGE = 50

FEED = """
query ($posts: Int, $comments: Int, $replies: Int) {
  feed(first: $posts) {
    edges {
      node {
        comments(first: $comments) {
          edges { node { replies(first: $replies) { nodes { id } } } }
        }
      }
    }
  }
}
"""


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents(schema._schema)


def operation_of(document: Document) -> OperationDefinitionNode:
    return next(
        each for each in document.ast.definitions if isinstance(each, OperationDefinitionNode)
    )


def sizes(operation: OperationDefinitionNode) -> dict[str, Any]:
    """The page's size for each variable that is a number."""
    definitions = operation.variable_definitions or ()
    numbers = [each for each in definitions if print_ast(each.type).startswith("Int")]
    return {each.variable.name.value: PAGE for each in numbers}


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_operations_of_frontends_keep_the_limits(
    documents: Documents, operation: Operation
) -> None:
    document = documents.prepare(operation.text)
    assert document.errors == ()
    selected = operation_of(document)
    assert document.check_cost(selected, sizes(selected)) is None


def test_introspection_keeps_the_limits(documents: Documents) -> None:
    document = documents.prepare(get_introspection_query())
    assert document.errors == ()
    assert document.check_cost(operation_of(document), {}) is None


def test_pages_in_pages_in_pages_cost_too_much(documents: Documents) -> None:
    document = documents.prepare(FEED)
    operation = operation_of(document)
    few = {"posts": 20, "comments": 10, "replies": 3}
    assert document.check_cost(operation, few) is None
    error = document.check_cost(operation, dict.fromkeys(few, 100))
    assert error
    assert error.extensions == {
        "code": "COST_LIMIT_EXCEEDED",
        "limit": 50_000,
        "actual": document.cost(operation, dict.fromkeys(few, 100)),
    }
    assert error.locations == [(3, 3)]
