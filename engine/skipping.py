"""On which variables the shape of a document's operations depends."""

from graphql import DirectiveNode, VariableNode, Visitor, visit

from engine.documents import Document

DECIDING = ("skip", "include")


class _Deciding(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value in DECIDING:
            for argument in node.arguments or ():
                if isinstance(argument.value, VariableNode):
                    self.names[argument.value.name.value] = None


def deciding_variables(document: Document) -> tuple[str, ...]:
    """The variables by which @skip and @include decide, found once a document."""
    names = document.plans.get(DECIDING)
    if names is None:
        visitor = _Deciding()
        visit(document.ast, visitor)
        names = document.plans[DECIDING] = tuple(visitor.names)
    return names
