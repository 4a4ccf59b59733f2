"""Code made for one selection: a loop that turns objects and columns of values into dicts."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, get_type_hints

from graphql import GraphQLObjectType

from engine.leaves import completer, expression
from engine.records import Columns

if TYPE_CHECKING:
    from engine.plan import Field

# The objects, and the values of each column: leaves as they were got, all else completed.
Assemble = Callable[..., list[dict[str, Any]]]


def assembler(
    type_: GraphQLObjectType, fields: Sequence["Field"], layout: Columns | None, row: type | None
) -> Assemble:
    """A function that makes the dict of each object; it raises where a value is not regular."""
    names: dict[str, Any] = {}
    annotations = get_type_hints(row) if row is not None and layout is not None else {}
    reads: list[str] = []
    items: list[str] = []
    for number, each in enumerate(fields):
        variable = f"v{number}"
        if each.name == "__typename":
            items.append(f"{each.key!r}: {type_.name!r}")
            continue
        annotation: Any = Any
        if each.index < 0:
            reads.append(f"{variable} = {_read(each.attribute or '', layout)}")
            annotation = annotations.get(each.attribute or "", Any)
        value = variable
        if each.is_leaf:
            complete = f"complete{number}"
            names[complete] = completer(each.definition.type)
            value = expression(each.definition.type, variable, complete, annotation)
        items.append(f"{each.key!r}: {value}")
    columns = [f"v{number}" for number, each in enumerate(fields) if each.index >= 0]
    return _compile(columns, reads, items, names)


def _read(attribute: str, layout: Columns | None) -> str:
    if layout is None:
        return f"it.{attribute}"
    return f"it[{layout.index(attribute)}]"


def _compile(
    columns: list[str], reads: list[str], items: list[str], names: dict[str, Any]
) -> Assemble:
    """Names and keys enter the source as literals only (`repr`)."""
    source = "\n".join(
        [
            "def assemble(objects, columns):",
            "    made = []",
            f"    for {', '.join(['it', *columns])} in {_rows(columns)}:",
            *(f"        {read}" for read in reads),
            f"        made.append({{{', '.join(items)}}})",
            "    return made",
        ]
    )
    exec(compile(source, "<assemble>", "exec"), names)  # noqa: S102 - the source is ours
    assemble: Assemble = names["assemble"]
    return assemble


def _rows(columns: list[str]) -> str:
    return "zip(objects, *columns)" if columns else "objects"
