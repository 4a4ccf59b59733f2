"""The rules that documents are validated by: all of the specification's, two of them bounded.

Within the limit of tokens the others are about linear. These two are quadratic, in fields of the same
name and in errors times the size of a literal: they would take up to a second.
"""

from typing import Any, Final

from graphql import (
    GraphQLError,
    Node,
    OverlappingFieldsCanBeMergedRule,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    ValuesOfCorrectTypeRule,
    specified_rules,
)
from graphql.validation.validate import ValidationAbortedError

from engine.limits import refusal

MAX_COMPARISONS: Final = 5_000
"""Some 10 ms. What frontends send takes a dozen, and fields that fragments repeat two each."""
MAX_VALUE_ERRORS: Final = 3


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


BOUNDED: Final[dict[Any, type[ValidationRule]]] = {
    OverlappingFieldsCanBeMergedRule: BoundedOverlap,
    ValuesOfCorrectTypeRule: BoundedValues,
}
RULES: Final = tuple(BOUNDED.get(rule, rule) for rule in specified_rules)
