"""The rules that documents are validated by: the specification's, some of them bounded, and Strawberry's.

Within the limit of tokens most are about linear. Two are quadratic, in fields of the same name and in
errors times the size of a literal: they would take up to a second. And those that suggest names compare
a wrong one with all that there are: in a schema of 150 types up to 9 ms each time.
"""

from contextlib import suppress
from functools import cached_property
from typing import Any, Final

from graphql import (
    ASTValidationRule,
    FieldsOnCorrectTypeRule,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLNamedType,
    KnownArgumentNamesRule,
    KnownTypeNamesRule,
    Node,
    NonNullTypeNode,
    ObjectValueNode,
    OverlappingFieldsCanBeMergedRule,
    ScalarLeafsRule,
    SelectionSetNode,
    ValidationContext,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    specified_rules,
)
from graphql.pyutils import RefMap
from graphql.validation.validate import ValidationAbortedError
from graphql.validation.validation_context import ASTValidationContext
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from engine.limits import operations_of, refusal

MAX_COMPARISONS: Final = 10_000
"""Some 10 ms. Frontends send what takes a dozen; 60 fragments that have the same field stay below it."""
MAX_VALUE_ERRORS: Final = 3
KEPT_BY_NODE: Final = (
    "_fragment_spreads",
    "_recursively_referenced_fragments",
    "_variable_usages",
    "_recursive_variable_usages",
)


class BoundedOverlap(OverlappingFieldsCanBeMergedRule):
    """Raises COMPARISON_LIMIT_EXCEEDED where the fields of one name are too many to compare."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = MAX_COMPARISONS

    def enter_selection_set(
        self, selection_set: SelectionSetNode, key: Any, parent: Any, *rest: Any
    ) -> None:
        try:
            super().enter_selection_set(selection_set, key, parent, *rest)
        except ValidationAbortedError:
            node = parent if isinstance(parent, Node) else selection_set
            raise refusal("COMPARISON", MAX_COMPARISONS + 1, MAX_COMPARISONS, node) from None


class BoundedValues(ValuesOfCorrectTypeRule):
    """Each error quotes the whole literal: a few are enough."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._reported = 0

    def report_error(self, error: GraphQLError) -> None:
        super().report_error(error)
        self._reported += 1
        if self._reported == MAX_VALUE_ERRORS:
            raise ValidationAbortedError("Too many invalid values. Validation aborted.")


class FirstSuggestion(ASTValidationRule):
    """Suggests names for its first error. Then no rule suggests any more in this document."""

    context: Any

    def report_error(self, error: GraphQLError) -> None:
        super().report_error(error)
        self.context._hide_suggestions = True


class Fields(FirstSuggestion, FieldsOnCorrectTypeRule):
    """Compares with the fields of one type."""


class Arguments(FirstSuggestion, KnownArgumentNamesRule):
    """Compares with the arguments of one field or directive."""


class Types(FirstSuggestion, KnownTypeNamesRule):
    """Compares with all types of the schema."""


class Leaves(ScalarLeafsRule):
    """Its suggestion names nothing but the client's own field; yet where none are wanted, none are made."""

    context: ValidationContext

    def report_error(self, error: GraphQLError) -> None:
        if self.context.hide_suggestions:
            error.message = error.message.partition(" Did you mean ")[0]
        super().report_error(error)


class Lookups(ASTValidationRule):
    """Not a rule. What the others look up about a node is kept by its identity: by default it is by
    the hash of the whole tree below it, made anew each time, a fifth of the work of validation.

    In a document without a "$" nobody goes through everything once more for variables, another fifth.
    """

    def __init__(self, context: ASTValidationContext) -> None:
        super().__init__(context)
        for name in KEPT_BY_NODE:
            setattr(context, name, RefMap())
        location = context.document.loc
        if location is not None and "$" not in location.source.body:
            setattr(context, "get_variable_usages", no_usages)  # noqa: B010 - it is a method


def no_usages(_node: Node) -> list[Any]:
    return []


class OneOf(OneOfInputValidationRule):
    """Strawberry's, which in fragments knows only the variables of the operation before them."""

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> None:
        self.variable_definitions = self._of_all_operations

    @cached_property
    def _of_all_operations(self) -> dict[str, VariableDefinitionNode]:
        """Of one name the nullable ones win: what an operation may leave out is refused."""
        operations = operations_of(self.context.document)
        variables = [each for one in operations for each in one.variable_definitions or ()]
        variables.sort(key=lambda each: not isinstance(each.type, NonNullTypeNode))
        return {each.variable.name.value: each for each in variables}

    def validate_one_of(self, node: ObjectValueNode, type: GraphQLNamedType) -> None:
        with suppress(KeyError):  # of a variable that is not defined: another rule says so
            super().validate_one_of(node, type)


BOUNDED: Final[dict[Any, type[ASTValidationRule]]] = {
    OverlappingFieldsCanBeMergedRule: BoundedOverlap,
    ValuesOfCorrectTypeRule: BoundedValues,
    FieldsOnCorrectTypeRule: Fields,
    KnownArgumentNamesRule: Arguments,
    KnownTypeNamesRule: Types,
    ScalarLeafsRule: Leaves,
}
RULES: Final[tuple[type[ASTValidationRule], ...]] = (
    Lookups,
    *(BOUNDED.get(rule, rule) for rule in specified_rules),
    MaybeNullValidationRule,
    OneOf,
)
