"""`masthead explain`: what a query does on the database, as a tree in the terminal."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import orjson
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, OperationType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from app.cli.terminal import output
from app.deployment import database_of
from app.explanation import Executed, Explanation
from app.settings import Settings, load
from db import embedded, preflight
from db.database import Database
from db.errors import ConfigurationError, Invalid
from db.viewer import Client
from engine import Document, Engine, Resolution
from engine.operations import choose
from resolvers.context import Exchange, make_context
from resolvers.schema import schema

# In a wider terminal numbers would stand too far from what they are about.
WIDTH: Final = 120
# Each with its width.
NUMBERS: Final = {"parents": 8, "keys": 6, "rows": 7, "ms": 9}


@dataclass(frozen=True, slots=True)
class Query:
    """What is to be explained."""

    document: Document
    operation: OperationDefinitionNode
    variables: dict[str, Any]

    @property
    def name(self) -> str | None:
        return self.operation.name.value if self.operation.name else None


def explain(
    file: Path, *, variables: str = "{}", operation: str | None = None, sql: bool = False
) -> None:
    """Run a query on the database of the settings, and draw what it did; exit status 1 if it failed.

    It runs twice, and the second run is drawn: by then connections and statements are prepared.

    Parameters
    ----------
    file
        A GraphQL document.
    variables
        The variables: JSON, or the path of a file with it.
    operation
        The name of the query, where the document has more than one operation.
    sql
        Draw the whole text of statements.
    """
    settings = load()
    engine = Engine(schema, settings.limits, tracer=attrgetter("trace"))
    query = _query(engine.prepare(_read(file)), operation, _variables(variables))
    if not settings.database_url and not embedded.exists(settings.data_dir):
        raise ConfigurationError(f"there is no database yet in {settings.data_dir}")
    with database_of(settings) as addresses:
        if preflight.status(addresses.owner).pending:
            raise ConfigurationError("the database is not migrated: run `masthead migrate`")
        explanation, result = asyncio.run(_run(engine, settings, addresses.application, query))
    if not explanation.levels:
        raise _invalid(result.errors)
    tree = _tree(query, explanation, result, settings.max_cost, sql)
    output.print(tree, soft_wrap=False, width=min(output.width, WIDTH))
    sys.exit(1 if result.errors else 0)


# --- What is to be explained


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Invalid(f"{file}: it is not valid UTF-8") from None


def _variables(given: str) -> dict[str, Any]:
    text = given if given.lstrip().startswith(("{", "[")) else _read(Path(given))
    try:
        values = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"the variables are not valid JSON: {error}") from None
    if not isinstance(values, dict):
        raise Invalid("the variables must be a JSON object")
    return values


def _query(document: Document, operation: str | None, variables: dict[str, Any]) -> Query:
    if document.errors:
        raise _invalid(document.errors)
    chosen = choose(document.ast, operation)
    if isinstance(chosen, GraphQLError):
        raise Invalid(chosen.message)
    if chosen.operation is not OperationType.QUERY:
        raise Invalid(f"only queries are explained, and this is a {chosen.operation.value}")
    return Query(document, chosen, variables)


def _invalid(errors: Sequence[GraphQLError] | None) -> Invalid:
    return Invalid("; ".join(_described(error) for error in errors or ()))


def _described(error: GraphQLError) -> str:
    """With its first place: the path of the field that failed, or else where it is in the document."""
    if error.path:
        return f"{'.'.join(map(str, error.path))}: {error.message}"
    places = [f" (line {each.line}, column {each.column})" for each in error.locations or ()]
    return error.message + "".join(places[:1])


# --- What it does


async def _run(
    engine: Engine, settings: Settings, url: str, query: Query
) -> tuple[Explanation, ExecutionResult]:
    database = Database(url, statement_timeout=settings.request_timeout)
    try:
        await _execute(engine, settings, database, query)
        return await _execute(engine, settings, database, query)
    finally:
        await database.dispose()


async def _execute(
    engine: Engine, settings: Settings, database: Database, query: Query
) -> tuple[Explanation, ExecutionResult]:
    deadline = asyncio.get_running_loop().time() + settings.request_timeout
    explanation = Explanation()
    exchange = Exchange(Client("explain"), explanation)
    context = make_context(
        database, None, exchange, deadline=deadline, observer=explanation.observe
    )
    result = await engine.execute(
        query.document, query.variables, query.name, context, deadline=deadline
    )
    return explanation, result


# --- How it looks


def _tree(
    query: Query, explanation: Explanation, result: ExecutionResult, most: int, sql: bool
) -> Tree:
    tree = Tree(_row(Text(f"query {query.name or ''}", style="bold"), *NUMBERS, style="dim"))
    for number, level in enumerate(explanation.levels, start=1):
        branch = tree.add(
            _row(Text(f"level {number}", style="bold"), "", "", "", _ms(level.seconds))
        )
        for resolution in level.fields:
            branch.add(_field(resolution))
        for statement in explanation.statements(level):
            branch.add(_statement(statement, sql))
    for error in result.errors or ():
        tree.add(Text(f"failed: {_described(error)}", style="red"))
    tree.add(
        f"actual cost {explanation.actual_cost:,}, static cost {explanation.static_cost:,},"
        f" limit {most:,}"
    )
    return tree


def _field(field: Resolution) -> Table:
    *above, own = field.path
    label = Text.assemble(("".join(f"{each}." for each in above), "dim"), (own, "cyan"))
    keys = "" if field.keys is None else f"{field.keys:,}"
    return _row(label, f"{field.parents:,}", keys, f"{field.rows:,}", _ms(field.seconds))


def _statement(statement: Executed, whole: bool) -> Table:
    """In one line with as much of its text as there is room for, or `whole`."""
    text = " ".join(statement.sql.split())
    failure = "" if statement.error is None else f"{statement.error} "
    label = Text.assemble((f"batch {statement.batch} ", "dim"), (failure, "red"), (text, "yellow"))
    label.no_wrap, label.overflow = not whole, "fold" if whole else "ellipsis"
    rows = "" if statement.rows is None else f"{statement.rows:,}"
    time = "" if statement.ms is None else f"{statement.ms:,.1f}"
    return _row(label, "", "", rows, time)


def _row(label: Text, *numbers: str, style: str = "") -> Table:
    """The label, and the numbers in columns that are the same in the whole tree."""
    row = Table.grid(expand=True)
    row.add_column(ratio=1, overflow="fold")
    for width in NUMBERS.values():
        row.add_column(justify="right", width=width, style=style)
    row.add_row(label, *numbers)
    return row


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f}"
