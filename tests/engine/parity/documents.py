"""Random operations: hypothesis-graphql selects fields and arguments; what it cannot do is added here.

Selections are moved into inline fragments and spreads, with and without type conditions; fields are
repeated and renamed; `@skip` and `@include` stand at fields, inline fragments and spreads; literals
become variables. All of it follows from one random number. A tenth of what comes out is not valid, and is
left out.
"""

from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    parse_type,
    parse_value,
    print_ast,
    value_from_ast_untyped,
)
from hypothesis import strategies as st
from hypothesis_graphql import queries
from hypothesis_graphql.nodes import Boolean, Int, String

from tests.engine.parity.oracle import checked

SCALARS = {
    "Even": st.integers(-4, 4).map(Int),
    "Date": st.sampled_from(["2026-01-02", "yesterday"]).map(String),
    "DateTime": st.sampled_from(["2026-01-02T03:04:05Z", "now"]).map(String),
    "JSON": st.booleans().map(Boolean),
}


class Sample(NamedTuple):
    """An operation and its variables."""

    source: str
    variables: dict[str, Any]


def samples(
    schema: GraphQLSchema, without: Sequence[str] = (), **scalars: Any
) -> st.SearchStrategy[Sample]:
    """Valid operations of a schema, `without` some fields of its root.

    They have the values of these scalars, by name, where the schema has them.
    """
    values = {name: each for name, each in (SCALARS | scalars).items() if name in schema.type_map}
    assert schema.query_type is not None
    fields = [name for name in schema.query_type.fields if name not in without]
    documents = queries(
        schema, fields=fields, custom_scalars=values, print_ast=lambda document: document
    )
    made = st.builds(rewritten, st.just(schema), documents, st.integers(0, 2**32))
    return made.filter(lambda sample: isinstance(checked(schema, sample.source), DocumentNode))


def rewritten(schema: GraphQLSchema, document: DocumentNode, seed: int) -> Sample:
    """The operation of a document in another form, which follows from the seed."""
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    root = schema.get_root_type(operation.operation)
    assert root is not None
    return Rewriting(schema, Random(seed)).sample(operation, root)


class Rewriting:
    """One operation on its way to another form: the fragments and the variables that it got so far."""

    def __init__(self, schema: GraphQLSchema, random: Random) -> None:
        self.schema = schema
        self.random = random
        self.fragments: list[FragmentDefinitionNode] = []
        self.declared: list[VariableDefinitionNode] = []
        self.values: dict[str, Any] = {}

    def sample(self, operation: OperationDefinitionNode, root: GraphQLObjectType) -> Sample:
        selections = self.selected(operation.selection_set, root)
        changed = OperationDefinitionNode(
            operation=operation.operation,
            name=NameNode(value="Sample"),
            variable_definitions=tuple(self.declared),
            directives=(),
            selection_set=selections,
        )
        document = DocumentNode(definitions=(changed, *self.fragments))
        return Sample(print_ast(document), self.values)

    def often(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def selected(self, selections: SelectionSetNode, parent: GraphQLNamedType) -> SelectionSetNode:
        """Selections in another form."""
        changed: list[Any] = []
        for node in selections.selections:
            if isinstance(node, InlineFragmentNode):
                changed.append(self.inline(node, parent))
            elif isinstance(node, FieldNode):
                changed.extend(self.fields(node, parent))
        if self.often(40):
            start = self.random.randrange(len(changed))
            stop = self.random.randint(start + 1, len(changed))
            changed[start:stop] = self.wrapped(changed[start:stop], parent)
        return SelectionSetNode(selections=tuple(changed))

    def inline(self, node: InlineFragmentNode, parent: GraphQLNamedType) -> InlineFragmentNode:
        condition = node.type_condition
        type_ = parent if condition is None else self.schema.type_map[condition.name.value]
        return InlineFragmentNode(
            type_condition=condition,
            directives=self.conditions(),
            selection_set=self.selected(node.selection_set, type_),
        )

    def fields(self, node: FieldNode, parent: GraphQLNamedType) -> list[FieldNode]:
        """The field, once or more often, under its name or others."""
        field = fields_of(parent).get(node.name.value)
        alias = node.alias
        arguments = node.arguments
        if field is not None:
            arguments = tuple(self.argument(each, field) for each in node.arguments or ())
        if self.often(15):
            alias = NameNode(value=f"{node.name.value}{self.random.randrange(1000)}")
        count = 2 if self.often(15) else 1
        return [self.field(node, alias, arguments, field) for _ in range(count)]

    def field(
        self, node: FieldNode, alias: Any, arguments: Any, field: GraphQLField | None
    ) -> FieldNode:
        below = node.selection_set
        if below is not None and field is not None:
            below = self.selected(below, get_named_type(field.type))
        return FieldNode(
            name=node.name,
            alias=alias,
            arguments=arguments,
            directives=self.conditions(),
            selection_set=below,
        )

    def argument(self, node: ArgumentNode, field: GraphQLField) -> ArgumentNode:
        """The argument, whose value may have become a variable."""
        if not self.often(40):
            return node
        type_ = str(field.args[node.name.value].type)
        return ArgumentNode(name=node.name, value=self.variable(type_, node.value))

    def variable(self, type_: str, value: ValueNode) -> VariableNode:
        """A variable of this value, or with it for a default."""
        name = f"v{len(self.declared)}"
        default: Any = None
        if self.often(30) and not type_.endswith("!"):
            default = value
        else:
            self.values[name] = value_from_ast_untyped(value)
        node = VariableNode(name=NameNode(value=name))
        self.declared.append(
            VariableDefinitionNode(
                variable=node, type=parse_type(type_), default_value=default, directives=()
            )
        )
        return node

    def conditions(self) -> tuple[DirectiveNode, ...]:
        """None mostly, or one or both of @skip and @include."""
        names = [name for name in ("skip", "include") if self.often(8)]
        return tuple(self.condition(name) for name in names)

    def condition(self, name: str) -> DirectiveNode:
        literal = parse_value("true" if self.often(50) else "false")
        value = self.variable("Boolean!", literal) if self.often(60) else literal
        argument = ArgumentNode(name=NameNode(value="if"), value=value)
        return DirectiveNode(name=NameNode(value=name), arguments=(argument,))

    def wrapped(self, nodes: list[Any], parent: GraphQLNamedType) -> list[Any]:
        """The selections in a fragment, or beside one that has them too."""
        condition = self.condition_type(nodes, parent)
        selections = SelectionSetNode(selections=tuple(nodes))
        if self.often(50):
            type_ = None if self.often(30) else named(condition)
            fragment: Any = InlineFragmentNode(
                type_condition=type_ if condition is parent else named(condition),
                directives=self.conditions(),
                selection_set=selections,
            )
        else:
            fragment = self.spread(condition, selections)
        beside = [*nodes, fragment] if self.often(50) else [fragment, *nodes]
        return [fragment] if condition is parent and self.often(70) else beside

    def spread(
        self, condition: GraphQLNamedType, selections: SelectionSetNode
    ) -> FragmentSpreadNode:
        name = NameNode(value=f"F{len(self.fragments)}")
        self.fragments.append(
            FragmentDefinitionNode(
                name=name,
                type_condition=named(condition),
                directives=(),
                selection_set=selections,
            )
        )
        return FragmentSpreadNode(name=name, directives=self.conditions())

    def condition_type(self, nodes: list[Any], parent: GraphQLNamedType) -> GraphQLNamedType:
        """The parent's own type, or another on which the fields stand as well."""
        types: list[Any] = [parent]
        if is_abstract_type(parent):
            types += self.schema.get_possible_types(parent)
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            types += parent.interfaces
        names = {node.name.value for node in nodes if isinstance(node, FieldNode)}
        simple = all(isinstance(node, FieldNode) for node in nodes)
        fitting = [type_ for type_ in types[1:] if simple and names <= {*fields_of(type_)}]
        chosen: GraphQLNamedType = self.random.choice([parent, *fitting])
        return chosen


def named(type_: GraphQLNamedType) -> NamedTypeNode:
    return NamedTypeNode(name=NameNode(value=type_.name))


def fields_of(type_: GraphQLNamedType) -> dict[str, GraphQLField]:
    """A type's fields; a union has none."""
    fields: dict[str, GraphQLField] = getattr(type_, "fields", {})
    return fields
