"""What an asker can tell: the answer, its errors, and the statements that it takes."""

from typing import Any, NamedTuple, get_type_hints

from db.database import Database
from db.viewer import Client, Viewer
from engine import Engine, Limits
from resolvers.context import Exchange, make_context
from resolvers.errors import present
from resolvers.schema import schema
from tests.conftest import Statements
from tests.signing import authority_on

# The questions are longer than anybody's may be.
ENGINE = Engine(schema, Limits(**dict.fromkeys(get_type_hints(Limits))))


class Answer(NamedTuple):
    """`statements` are their texts, in order."""

    data: Any
    errors: list[Any]
    statements: list[str]


async def asked(
    database: Database,
    statements: Statements,
    viewer: Viewer | None,
    text: str,
    variables: dict[str, Any] | None = None,
    address: str | None = None,
) -> Answer:
    """What the operation tells the viewer at this network address."""
    client = Client("test", address)
    context = make_context(database, viewer, Exchange(client), authority_on(database))
    with statements(database) as log:
        result = await ENGINE.execute(text, variables or {}, context=context)
    return Answer(result.data, [present(each, "test") for each in result.errors or ()], log)
