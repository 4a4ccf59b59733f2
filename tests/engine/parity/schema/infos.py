"""What a resolver learns of its place in the operation."""

import asyncio
from typing import Any

import strawberry
from strawberry.types.nodes import FragmentSpread, InlineFragment, SelectedField

from tests.engine.parity.schema.world import Info, called


def drawn(selection: Any) -> Any:
    """A selection in a form that can be compared."""
    below = [drawn(each) for each in selection.selections]
    if isinstance(selection, SelectedField):
        return selection.alias, selection.name, selection.arguments, selection.directives, below
    if isinstance(selection, FragmentSpread):
        return "...", selection.name, selection.type_condition, selection.directives, below
    assert isinstance(selection, InlineFragment)
    return "... on", selection.type_condition, selection.directives, below


@strawberry.type
class Place:
    """Each of its fields says what `info` has, of the same name."""

    @strawberry.field
    def path(self, info: Info) -> list[str]:
        keys = []
        path: Any = info.path
        while path is not None:
            keys.append(f"{path.typename}:{path.key}")
            path = path.prev
        return keys

    @strawberry.field
    def field_name(self, info: Info) -> list[str]:
        return [info.field_name, info.python_name]

    @strawberry.field
    def return_type(self, info: Info) -> "list[Place | None] | None":
        info.context.log.append(repr(info.return_type))
        return [self, None]

    @strawberry.field
    async def selected_fields(self, info: Info) -> str:
        return repr([drawn(each) for each in info.selected_fields])

    @strawberry.field
    def variable_values(self, info: Info) -> str:
        return repr(sorted(info.variable_values.items()))

    @strawberry.field
    def operation(self, info: Info) -> str:
        name = info.operation.name
        return f"{info.operation.operation.value} {name and name.value}"

    @strawberry.field
    def raw(self, info: Info) -> str:
        raw = info._raw_info
        spreads = sorted(raw.fragments)
        return f"{raw.parent_type} {raw.return_type} {len(raw.field_nodes)} {spreads}"

    @strawberry.field
    def root(self, info: Info) -> str:
        return repr(info.root_value)

    @strawberry.field
    def context(self, info: Info) -> bool:
        return info.context.seed >= 0 and info.schema is not None

    @strawberry.field
    async def here(self, info: Info, label: str = "none") -> "Place":
        called(info)
        await asyncio.sleep(0)
        return self

    @strawberry.field
    def places(self, info: Info, count: int = 2) -> "list[list[Place]]":
        called(info)
        return [[self] * max(0, min(count, 2))]


@strawberry.type
class InfoQuery:
    @strawberry.field
    def place(self, info: Info, x: int | None = None) -> Place:
        info.context.log.append(repr([drawn(each) for each in info.selected_fields]))
        return Place()

    @strawberry.field
    def own_root(self, root: strawberry.Parent[Any]) -> str:
        return repr(root)
