"""Validation as graphql-core does it, which leaves nothing to the garbage collector.

Its visitors know themselves, and all that they have seen. To collect the twenty thousand objects of a
large document would keep the event loop waiting, even when it was validated in a thread.
"""

from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    ValidationContext,
    visit,
)
from graphql.language.visitor import ParallelVisitor
from graphql.validation.validate import (
    FragmentNestingVisitor,
    ValidationAbortedError,
    query_document_keys_to_validate,
)

from engine.operations import fragments_of
from engine.rules import RULES

MAX_ERRORS: Final = 20


def validate(
    schema: GraphQLSchema, document: DocumentNode, hide_suggestions: bool
) -> list[GraphQLError]:
    """Why the document is not valid: up to MAX_ERRORS reasons, and that there would be more.

    The schema is known to be valid. Raises GraphQLError for what takes too long to validate.
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
    visitors: list[Any] = [*nesting, *(rule(context) for rule in RULES)]
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
