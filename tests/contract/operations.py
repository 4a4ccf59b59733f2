"""The operations that existing frontends send, each with the fragments of its theme."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graphql import (
    parse,
    print_ast,
    separate_operations,
)

FOLDER = Path(__file__).parent / "operations"


@dataclass(frozen=True)
class Operation:
    """One operation of a theme; `text` holds it and the fragments that it uses, nothing else."""

    theme: str
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.theme}-{self.name}"


def of_theme(theme: Path) -> Iterator[Operation]:
    shared = "".join(path.read_text() for path in sorted(theme.glob("fragments/*.graphql")))
    for folder in ("queries", "mutations"):
        for path in sorted(theme.glob(f"{folder}/*.graphql")):
            for name, document in separate_operations(parse(path.read_text() + shared)).items():
                yield Operation(theme.name, name, print_ast(document))


OPERATIONS = [operation for theme in sorted(FOLDER.iterdir()) for operation in of_theme(theme)]


def operation(theme: str, name: str) -> Operation:
    return next(each for each in OPERATIONS if (each.theme, each.name) == (theme, name))
