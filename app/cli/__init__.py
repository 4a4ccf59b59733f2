"""The `masthead` command: one file a subcommand, imported only when it runs."""

import gc
import sys
from collections.abc import Sequence
from importlib.metadata import version

from cyclopts import App

from app.cli.terminal import progress
from db.errors import ConfigurationError, DomainError
from db.writes.records import BrokenSource

cli = App(
    name="masthead",
    help="A self-hosted, headless publishing backend: GraphQL over PostgreSQL.",
    version=version("masthead"),
)
COMMANDS = {
    "serve": "Serve GraphQL on HOST and PORT, from DATABASE_URL or an embedded PostgreSQL.",
    "worker": "Do the jobs of a server that runs with MASTHEAD_WORKER=false, or share in them.",
    "migrate": "Bring the database to this version.",
    "schema": "Print the GraphQL schema, write it to a file, or check a file against it.",
    "permissions": "Print who may do what, write it to a file, or check a file against it.",
    "importing": "Import a site, or bring in what has changed in it since the last time.",
    "explain": "Run a query, and draw what it did: levels, fields, statements, cost.",
    "user": "Make, promote and shut out the people who can sign in.",
    "keys": "Replace the keys that sign, and the secret that seals.",
    "doctor": "Say what is wrong with this deployment, and how to mend it.",
}
for function, summary in COMMANDS.items():
    name = function.replace("importing", "import")
    cli.command(f"app.cli.{function}:{function}", name=name, help=summary)
# For `serve` alone, which tells it where the database is.
cli.command("app.cli.prepare:prepare", name="prepare", show=False)
# How many more objects than before there must be for a garbage collection, which comes seldom then:
# what is imported is there to stay, and requests leave no cycles behind.
YOUNG = 10_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command that `arguments` (or else the process's own) name.

    Exit status 1 and one line on standard error for what the operator can mend.
    """
    gc.set_threshold(YOUNG)
    try:
        cli(arguments)
    except (ConfigurationError, DomainError, BrokenSource) as error:
        progress(f"masthead: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
