"""The static cost of an operation, compiled: see `engine.cost` for what it means.

All that depends on no variable is added up once. What is left are *factors*, numbers that follow from
the variables (the length of a list, the weight of an input), and *steps*: each a constant and a sum
of products of a factor with an earlier step. Each fragment is compiled once for each set of sized
fields it stands under, so the program is linear in the document however it would expand.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate, chain
from math import ceil
from typing import Any, Final, NamedTuple, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    InlineFragmentNode,
    ListValueNode,
    Node,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    value_from_ast_untyped,
)

from engine.weights import FieldWeights, Weights

Variables = Mapping[str, Any]
Factor = Callable[[Variables], float]

MOST: Final = 1e15
"""Where amounts stop growing: far above any limit, and still exact."""


class Amount(NamedTuple):
    """A constant, and the sum of the products of `parts`: indexes of a factor and of a step."""

    constant: float = 0.0
    parts: tuple[tuple[int, int], ...] = ()


class Selected(NamedTuple):
    """What a selection set costs for one parent: `once`, and for each item of its sized fields."""

    once: Amount
    sized: Amount


NOTHING: Final = Amount()
ONE: Final = 0
"""The factor, and the step, that are 1."""


class Price(NamedTuple):
    """The compiled cost of one operation."""

    base: float
    roots: tuple[tuple[SelectionNode, int], ...]
    factors: tuple[Factor, ...]
    steps: tuple[Amount, ...]

    def total(self, variables: Variables) -> int:
        """Rounded up; at most some 1e18."""
        amounts = self._amounts(variables)
        return ceil(self.base + sum(amounts[step] for _, step in self.roots))

    def place(self, variables: Variables, limit: int) -> Node:
        """The root selection with which the cost goes over a limit that it exceeds."""
        amounts = self._amounts(variables)
        costs = accumulate((amounts[step] for _, step in self.roots), initial=self.base)
        over = sum(1 for cost in costs if cost <= limit)
        return self.roots[max(over, 1) - 1][0]

    def _amounts(self, variables: Variables) -> list[float]:
        factors = [factor(variables) for factor in self.factors]
        amounts: list[float] = []
        for constant, parts in self.steps:
            amount = constant
            for factor, step in parts:
                amount += factors[factor] * amounts[step]
            amounts.append(min(amount, MOST))
        return amounts


def price(document: DocumentNode, operation: OperationDefinitionNode, weights: Weights) -> Price:
    """Compiles the cost of an operation of a valid document."""
    return Compiler(document, weights).price(operation)


class Compiler:
    """Compiles one operation; its recursion is bounded by what validation admits."""

    def __init__(self, document: DocumentNode, weights: Weights) -> None:
        self._weights = weights
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._compiled: dict[tuple[str, frozenset[str]], Selected] = {}
        self._factors = [constantly(1.0)]
        self._steps: list[Amount] = [Amount(1.0)]

    def price(self, operation: OperationDefinitionNode) -> Price:
        root = self._weights.root(operation.operation)
        roots = tuple(
            (node, self._step(self._selection(node, root, frozenset()).once))
            for node in operation.selection_set.selections
        )
        base = self._weights.item(root)
        return Price(base, roots, tuple(self._factors), tuple(self._steps))

    def _selections(
        self, selected: SelectionSetNode, parent: GraphQLNamedType, sized: frozenset[str]
    ) -> Selected:
        parts = [self._selection(node, parent, sized) for node in selected.selections]
        return Selected(total([each.once for each in parts]), total([each.sized for each in parts]))

    def _selection(
        self, node: SelectionNode, parent: GraphQLNamedType, sized: frozenset[str]
    ) -> Selected:
        if isinstance(node, FieldNode):
            return self._field(node, parent, sized)
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value, sized)
        inline = cast("InlineFragmentNode", node)
        condition = inline.type_condition
        type_ = self._weights.named(condition.name.value) if condition else parent
        return self._selections(inline.selection_set, type_, sized)

    def _fragment(self, name: str, sized: frozenset[str]) -> Selected:
        key = name, sized
        if key not in self._compiled:
            fragment = self._fragments[name]
            type_ = self._weights.named(fragment.type_condition.name.value)
            once, items = self._selections(fragment.selection_set, type_, sized)
            self._compiled[key] = Selected(self._shared(once), self._shared(items))
        return self._compiled[key]

    def _field(self, node: FieldNode, parent: GraphQLNamedType, sized: frozenset[str]) -> Selected:
        weights = self._weights.field(parent, node.name.value)
        own = self._own(node, weights)
        size = self._size(node, weights)
        content = Amount(weights.item)
        if node.selection_set:
            below = self._selections(node.selection_set, weights.type, weights.sized_fields)
            content = total((content, below.once, self._times(size, below.sized)))
        if node.name.value in sized:
            return Selected(own, content)
        if weights.is_list and not weights.sized_fields:
            content = self._times(size, content)
        return Selected(total((own, content)), NOTHING)

    def _own(self, node: FieldNode, weights: FieldWeights) -> Amount:
        """Of the field with its arguments, for one resolution."""
        named = ((weights.arguments[each.name.value], each.value) for each in node.arguments or ())
        given = [each for each in named if self._weights.is_weighty(each[0])]
        if not given:
            return Amount(max(0.0, weights.own))

        price_of = self._weights.input

        def own(variables: Variables) -> float:
            values = ((argument, value_of(value, variables)) for argument, value in given)
            inputs = [price_of(*each) for each in values if each[1] is not Undefined]
            return max(0.0, weights.own + sum(inputs))

        return self._times(folded(own, [value for _, value in given]), Amount(1.0))

    def _size(self, node: FieldNode, weights: FieldWeights) -> float | Factor:
        """Of the field's list, or of its sized fields."""
        if not weights.slicing_arguments:
            return weights.assumed_size
        given = {each.name.value: each.value for each in node.arguments or ()}
        slicing = [(given.get(name), default) for name, default in weights.slicing_arguments]

        def size(variables: Variables) -> float:
            values = [value_of(node, variables, default) for node, default in slicing]
            lengths = [length(value) for value in values if isinstance(value, (int, list))]
            return max(lengths, default=weights.assumed_size)

        return folded(size, [value for value, _ in slicing if value])

    def _times(self, factor: float | Factor, amount: Amount) -> Amount:
        if isinstance(factor, float) and not amount.parts:
            return Amount(min(MOST, factor * amount.constant))
        self._factors.append(constantly(factor) if isinstance(factor, float) else factor)
        return Amount(0.0, ((len(self._factors) - 1, self._step(amount)),))

    def _shared(self, amount: Amount) -> Amount:
        """The same amount in at most one part, to be used in many places."""
        return Amount(0.0, ((ONE, self._step(amount)),)) if len(amount.parts) > 1 else amount

    def _step(self, amount: Amount) -> int:
        self._steps.append(amount)
        return len(self._steps) - 1


def total(amounts: Sequence[Amount]) -> Amount:
    constants, parts = zip(*amounts, strict=True) if amounts else ((), ())
    return Amount(min(MOST, sum(constants)), tuple(chain.from_iterable(parts)))


def constantly(value: float) -> Factor:
    return lambda _: value


def folded(factor: Factor, sources: Iterable[ValueNode]) -> float | Factor:
    """The factor as a constant, where no source depends on a variable."""
    return factor if any(map(mentions_variable, sources)) else factor({})


def mentions_variable(node: ValueNode) -> bool:
    if isinstance(node, ListValueNode):
        return any(map(mentions_variable, node.values))
    if isinstance(node, ObjectValueNode):
        return any(mentions_variable(field.value) for field in node.fields)
    return isinstance(node, VariableNode)


def value_of(node: ValueNode | None, variables: Variables, default: Any = Undefined) -> Any:
    """The value of an argument; its default where it, or its variable, is not given."""
    if node is None:
        return default
    if isinstance(node, VariableNode):
        return variables.get(node.name.value, default)
    return value_from_ast_untyped(node, dict(variables))


def length(value: int | list[Any]) -> float:
    """How many items a slicing argument asks for."""
    return float(len(value) if isinstance(value, list) else min(max(value, 0), MOST))
