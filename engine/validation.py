"""Validation as graphql-core does it, which leaves nothing to the garbage collector.

Its visitors know themselves, and all that they have seen. To collect the twenty thousand objects of a
large document would keep the event loop waiting, even when it was validated in a thread.
"""

from collections.abc import Callable
from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    ValidationContext,
    Visitor,
    visit,
)
from graphql.language.visitor import ParallelVisitor
from graphql.validation.validate import (
    FragmentNestingVisitor,
    ValidationAbortedError,
    query_document_keys_to_validate,
)

from engine.lexing import nothing
from engine.operations import fragments_of
from engine.rules import RULES

MAX_ERRORS: Final = 20


class Courteous(Visitor):
    """Gives way to others at each node."""

    def __init__(self, give_way: Callable[[], None]) -> None:
        super().__init__()
        self._give_way = give_way

    def enter(self, *_: Any) -> None:
        """Changes nothing."""
        self._give_way()


def validate(
    schema: GraphQLSchema,
    document: DocumentNode,
    hide_suggestions: bool,
    give_way: Callable[[], None] = nothing,
) -> list[GraphQLError]:
    """Why the document is not valid: up to MAX_ERRORS reasons, and that there would be more.

    It calls `give_way` at each node. The schema is known to be valid. Raises GraphQLError for what
    takes too long to validate.
    """
    found: list[GraphQLError] = []

    def report(error: GraphQLError) -> None:
        if len(found) >= MAX_ERRORS:
            raise ValidationAbortedError(
                "Too many validation errors, error limit reached. Validation aborted."
            )
        found.append(error)

    types = TypeInfo(schema)
    context = ValidationContext(schema, document, types, report, hide_suggestions)
    fragments = fragments_of(document)
    nesting = [FragmentNestingVisitor(fragments)] if fragments else []
    visitors: list[Any] = [Courteous(give_way), *nesting, *(rule(context) for rule in RULES)]
    together = ParallelVisitor(visitors)
    whole = TypeInfoVisitor(types, together)
    try:
        visit(document, whole, query_document_keys_to_validate)
    except ValidationAbortedError as error:
        found.append(error)
    except RecursionError:
        found.append(ValidationAbortedError("Validation aborted."))
    finally:
        for each in (*visitors, together, whole, context):
            each.__dict__.clear()
    return found
