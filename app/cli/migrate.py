"""`masthead migrate`: bring the database to this version, or say where it stands."""

from app.cli.terminal import output
from app.deployment import database_of
from app.settings import load
from db.preparation import prepare


def migrate() -> None:
    """Bring the database to this version, as the owner (MIGRATION_DATABASE_URL)."""
    with database_of(load()) as addresses:
        applied = prepare(addresses.owner, addresses.application)
    for revision in applied:
        output.print(f"Applied {revision}")
    if not applied:
        output.print("The database is up to date")
