"""Code made for one selection: a loop that turns objects and columns of values into dicts."""

from collections.abc import Callable, Sequence
from types import CodeType
from typing import TYPE_CHECKING, Any, Final

from engine.cache import Cache
from engine.leaves import coercer, completer, expression
from engine.records import Columns, annotations_of, row_of

if TYPE_CHECKING:
    from engine.units import Field, Selection

# Of sources with so many characters in all the code is kept.
CODE: Final[Cache[str, CodeType]] = Cache(500_000)

# The objects, and the values of each column: leaves as they were got, all else completed.
Assemble = Callable[[list[Any], list[list[Any]]], list[dict[str, Any]]]


def assembler(
    selection: "Selection", columns: Sequence["Field"], layout: Columns | None
) -> Assemble:
    """A function that makes the dict of each object; it raises where a value is not regular."""
    source = Source(layout)
    item = source.dictionary(selection)
    return source.compiled([f"c{each.index}" for each in columns], item)


class Source:
    """The source of an assembling function as it grows.

    Names that come with a request enter it as literals only.
    """

    def __init__(self, layout: Columns | None) -> None:
        self.layout = layout
        self.reads: list[str] = []
        self.names: dict[str, Any] = {}

    def dictionary(self, selection: "Selection") -> str:
        """The expression that makes the dict of the object `it`."""
        row = row_of(selection.type) if self.layout is not None else None
        annotations = {} if row is None else annotations_of(row)
        items = (
            f"{key!r}: {self.value(each, annotations)}" for key, each in selection.fields.items()
        )
        return f"{{{', '.join(items)}}}"

    def value(self, each: "Field", annotations: dict[str, Any]) -> str:
        """The expression of one field's completed value."""
        if each.name == "__typename":
            return repr(each.parent.name)
        if each.inlined is not None:
            below, unless = self.dictionary(each.inlined), each.unless
            return f"None if {self.read(unless)} is None else {below}" if unless else below
        if each.index >= 0:
            variable, annotation = f"c{each.index}", Any
        else:
            variable, annotation = self.variable(each), annotations.get(each.attribute or "", Any)
        return self.leaf(each, variable, annotation) if each.is_leaf else variable

    def variable(self, each: "Field") -> str:
        """A variable that is set to the attribute of the object."""
        variable = f"v{len(self.reads)}"
        self.reads.append(f"{variable} = {self.read(each.attribute or '')}")
        return variable

    def read(self, attribute: str) -> str:
        if self.layout is None:
            return f"it.{attribute}"
        return f"it[{self.layout.index(attribute)}]"

    def leaf(self, each: "Field", variable: str, annotation: Any) -> str:
        """The expression of a leaf's completed value."""
        number = len(self.names)
        complete, coerce = f"complete{number}", f"coerce{number}"
        source = expression(each.definition.type, variable, complete, coerce, annotation)
        if complete in source:
            self.names[complete] = completer(each.definition.type)
        if coerce in source:
            self.names[coerce] = coercer(each.named)
        return f"({source})"

    def compiled(self, columns: list[str], item: str) -> Assemble:
        rows = "zip(objects, *columns)" if columns else "objects"
        source = "\n".join(
            [
                "def assemble(objects, columns):",
                "    made = []",
                "    add = made.append",
                f"    for {', '.join(['it', *columns])} in {rows}:",
                *(f"        {read}" for read in self.reads),
                f"        add({item})",
                "    return made",
            ]
        )
        exec(_code(source), self.names)  # noqa: S102 - see the class
        # A function knows its names; it is not to know itself, or it takes a garbage collection.
        assemble: Assemble = self.names.pop("assemble")
        return assemble


def _code(source: str) -> CodeType:
    """To compile is the slow part, and many selections have the same source."""
    code = CODE.get(source)
    if code is None:
        code = compile(source, "<assemble>", "exec")
        CODE.put(source, code, len(source))
    return code
