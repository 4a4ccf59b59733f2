"""What an operation costs, by IBM's cost specification: https://ibm.github.io/graphql-specs/cost-spec.html

The static cost is one number, the sum of the specification's two:

- the *type cost*: the weight of each object that the response may have, 1 by default;
- the *field cost*: the weight of each field as often as it may be resolved, and of its arguments:
  by default 1 where it returns or takes an object, 0 for leaves, and 10 for fields of the mutation
  type. A field with its arguments never costs less than 0.

It is an upper bound. A field in several fragments counts in each, also where they merge; what is
selected for several types counts for all of them; what `@skip` and `@include` leave out counts. An
abstract type weighs, and its fields cost, as much as the most expensive of its possible types.

Sizes of lists come from `ListSize`: the largest slicing argument that is given (or has a default);
else `assumed_size`; else 1. Three points are up to servers: `require_one_slicing_argument` is
announced, but refuses nothing here; a slicing argument that takes a list counts its items; and weights
on the arguments of directives are not read.

Introspection is priced with the real sizes of the schema's lists, half of the usual for each object: it is
answered from memory.
"""

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    name="cost",
    description="What a field, an argument or an object adds to the cost of an operation.",
    locations=[
        Location.ARGUMENT_DEFINITION,
        Location.ENUM,
        Location.FIELD_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
        Location.OBJECT,
        Location.SCALAR,
    ],
)
class Cost:
    """Section 7. `weight` is a number as text, and may be negative on arguments."""

    weight: str


@strawberry.schema_directive(
    name="listSize",
    description="How long a list may be, for the cost of an operation.",
    locations=[Location.FIELD_DEFINITION],
)
class ListSize:
    """Section 8. With `sized_fields` the size is that of these lists in the object returned."""

    assumed_size: int | None = strawberry.UNSET
    slicing_arguments: list[str] | None = strawberry.UNSET
    sized_fields: list[str] | None = strawberry.UNSET
    require_one_slicing_argument: bool | None = True
