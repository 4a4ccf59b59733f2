"""What is resolved beside a field, rather than for objects of its own: fewer instances, fewer columns.

The value of a field may be the object itself, as an edge's node is. Or it may be a mere stage, as a
connection is: only what is resolved for the values of the whole column is selected there. Such a field
opens its selection, whose columns follow when its own values have come.
"""

from typing import TYPE_CHECKING

from graphql import GraphQLObjectType

from engine.fields import Batched, Same
from engine.introspection import TYPENAME
from engine.records import Columns

if TYPE_CHECKING:
    from engine.units import Field


def is_inlinable(each: "Field", layout: Columns | None) -> bool:
    """Whether the field's value is the object itself, known to be of the field's type."""
    if not isinstance(each.declared, Same) or each.has_extensions or each.shape.depth > 0:
        return False
    if not isinstance(each.named, GraphQLObjectType):
        return False
    is_certain = layout is not None or each.declared.typed or each.named.is_type_of is None
    return is_certain and not (each.declared.unless is not None and each.shape.required[0])


def may_open(each: "Field") -> bool:
    """Whether the field has a value of a known type for every object, which is not null."""
    declared = each.declared
    is_whole = isinstance(declared, Batched) and not declared.rows and not declared.prefix
    is_stage = is_whole and declared.typed
    is_single = each.shape.depth == 0 and each.shape.required[0]
    is_known = isinstance(each.named, GraphQLObjectType)
    return is_stage and is_single and is_known and not each.has_extensions


def is_for_values(each: "Field") -> bool:
    """Whether a field can be resolved for the values of a column, without their being objects of a unit."""
    declared = each.declared
    is_batched = isinstance(declared, Batched) and declared.key is None
    return each.name == TYPENAME or (is_batched and not each.has_extensions)


def is_column(each: "Field", is_root: bool) -> bool:
    """Whether the field is got for all objects at once, rather than read while its dict is made."""
    is_read = each.is_leaf and each.attribute is not None and not is_root
    return each.name != TYPENAME and not is_read
