"""How large a request may be, and the one walk over a document that measures it.

The walk is iterative, and each fragment is measured once however often it is spread: a document
costs what it is long, whatever it would expand to.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    Node,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Source,
)

INTROSPECTION: Final = frozenset({"__schema", "__type"})
LARGEST_REPORTED: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may have at most; None switches a limit off. Raises ValueError for negative ones.

    Each operation of a document must keep the limits, executed or not. What a fragment has counts
    again at each spread, as if it were written out there.
    """

    document_length: int | None = 100_000
    """Characters of the document."""
    tokens: int | None = 2_000
    """Lexical tokens of the document; comments are counted apart, up to the same number."""
    definitions: int | None = 100
    """Operations and fragments of the document, used or not."""
    depth: int | None = 15
    """Fields below one another; what stands below `__schema` and `__type` does not count."""
    aliases: int | None = 30
    directives: int | None = 50
    """Directives on the operation, its variables, its selections and the fragments it spreads."""
    root_fields: int | None = 20
    """Fields of the operation's own selection set, repeated ones included."""
    cost: int | None = 50_000
    """What the operation may cost at most: see `engine.cost`."""
    variable_values: int | None = 10_000
    """Items of lists and fields of objects in the variables."""

    def __post_init__(self) -> None:
        for field in fields(self):
            limit = getattr(self, field.name)
            if limit is not None and limit < 0:
                raise ValueError(f"The limit of {field.name} must be 0 or more, not {limit}.")


class Size(NamedTuple):
    """What an operation or a fragment has."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0


CODES: Final = ("DEPTH", "ALIAS", "DIRECTIVE", "ROOT_FIELD")
"""What the limits of a size are called in codes, in the order of its fields."""


def refusal(
    what: str,
    actual: int,
    limit: int,
    nodes: Node | None = None,
    source: Source | None = None,
    positions: Collection[int] | None = None,
) -> GraphQLError:
    """The error for more of something than the limit allows, such as ALIAS_LIMIT_EXCEEDED.

    `extensions` has the code, the `limit`, and what there is as `actual`: where counting stops at
    the limit (tokens, comments, comparisons, variable values), that is one more than the limit, and
    in no case more than GraphQL's largest Int.
    """
    actual = min(actual, LARGEST_REPORTED)
    name = what.lower().replace("_", " ")
    extensions = {"code": f"{what}_LIMIT_EXCEEDED", "limit": limit, "actual": actual}
    message = f"The {name} limit is exceeded: {limit} allowed, {actual} found."
    return GraphQLError(message, nodes, source, positions, extensions=extensions)


def check_sizes(document: DocumentNode, limits: Limits) -> tuple[GraphQLError, ...]:
    """Refuses too many definitions, or the first operation that is too large: with one error for each
    limit that it exceeds, at the selection at which it does. A cycle of fragments is left to validation.
    """
    definitions = document.definitions
    if limits.definitions is not None and len(definitions) > limits.definitions:
        place = definitions[limits.definitions]
        return (refusal("DEFINITION", len(definitions), limits.definitions, place),)
    sizes: dict[str, Size] = {}
    try:
        for fragment in fragments_in_order(document):
            *_, (_, sizes[fragment.name.value]) = growth(fragment, sizes)
    except CycleError:
        return ()
    refusals = (exceeded(each, sizes, limits) for each in operations_of(document))
    return next((errors for errors in refusals if errors), ())


def exceeded(
    operation: OperationDefinitionNode, fragments: Mapping[str, Size], limits: Limits
) -> tuple[GraphQLError, ...]:
    steps = list(growth(operation, fragments))
    allowed = [getattr(limits, field) for field in Size._fields]
    return tuple(
        refusal(code, total, limit, next(node for node, size in steps if size[i] > limit))
        for i, (code, total, limit) in enumerate(zip(CODES, steps[-1][1], allowed, strict=True))
        if limit is not None and total > limit
    )


def growth(
    definition: OperationDefinitionNode | FragmentDefinitionNode, fragments: Mapping[str, Size]
) -> Iterator[tuple[Node, Size]]:
    """The size of a definition as it grows, selection by selection in document order."""
    holders = (definition, *(definition.variable_definitions or ()))
    directives = sum(len(each.directives or ()) for each in holders)
    depth = aliases = root_fields = 0
    yield definition, Size(0, 0, directives, 0)
    for node, level in selections(definition.selection_set):
        part = size_of(node, fragments)
        depth = max(depth, level and level - 1 + part.depth)
        aliases += part.aliases
        directives += part.directives
        root_fields += part.root_fields if level == 1 else 0
        yield node, Size(depth, aliases, directives, root_fields)


def size_of(node: SelectionNode, fragments: Mapping[str, Size]) -> Size:
    """What one selection adds, without the selections below it."""
    directives = len(node.directives or ())
    if isinstance(node, FieldNode):
        return Size(1, int(node.alias is not None), directives, 1)
    if isinstance(node, FragmentSpreadNode):
        size = fragments.get(node.name.value, Size())
        return size._replace(directives=size.directives + directives)
    return Size(directives=directives)


def selections(root: SelectionSetNode) -> Iterator[tuple[SelectionNode, int]]:
    """All selections under `root`, in document order, each with its level: 1 at the top, one more
    below a field, 0 inside introspection.
    """
    stack = [(node, 1) for node in reversed(root.selections)]
    while stack:
        node, level = stack.pop()
        yield node, level
        below = getattr(node, "selection_set", None)
        if below:
            inner = level_below(node, level)
            stack.extend((each, inner) for each in reversed(below.selections))


def level_below(node: SelectionNode, level: int) -> int:
    if not isinstance(node, FieldNode) or level == 0:
        return level
    return 0 if node.name.value in INTROSPECTION else level + 1


def fragments_in_order(document: DocumentNode) -> Iterator[FragmentDefinitionNode]:
    """The fragments, each after those that it spreads; raises CycleError."""
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    graph = {name: set(spreads(each)) for name, each in fragments.items()}
    for name in TopologicalSorter(graph).static_order():
        if name in fragments:
            yield fragments[name]


def spreads(fragment: FragmentDefinitionNode) -> Iterator[str]:
    for node, _ in selections(fragment.selection_set):
        if isinstance(node, FragmentSpreadNode):
            yield node.name.value


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]


def check_variables(variables: Mapping[str, Any], limits: Limits) -> GraphQLError | None:
    """Refuses raw variables with more values than coercion could read in little time."""
    if limits.variable_values is None:
        return None
    count = 0
    stack: list[Any] = [variables]
    while stack:
        container = stack.pop()
        count += len(container)
        if count > limits.variable_values:
            return refusal("VARIABLE_VALUE", limits.variable_values + 1, limits.variable_values)
        inner = container.values() if isinstance(container, Mapping) else container
        stack.extend(each for each in inner if isinstance(each, (dict, list)))
    return None
