"""Which variables a part of a document names."""

from graphql import DirectiveNode, DocumentNode, Node, VariableNode, Visitor, visit

DECIDING = ("skip", "include")


class _Names(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.found[node.name.value] = None


class _Deciding(_Names):
    """Variables in @skip and @include."""

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value in DECIDING:
            self.found |= dict.fromkeys(variables_in(node))

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        """All others do not count."""


def variables_in(node: Node) -> tuple[str, ...]:
    """The names of the variables in the node, in order."""
    names = _Names()
    visit(node, names)
    return tuple(names.found)


def deciding_variables(document: DocumentNode) -> tuple[str, ...]:
    """The variables on which it depends what is selected."""
    names = _Deciding()
    visit(document, names)
    return tuple(names.found)
