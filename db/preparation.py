"""Making a database ready to be served: migrated, and open to the application role."""

from db.migrations import upgrade
from db.preflight import in_one_line, inspect


def prepare(owner_url: str, application_url: str) -> list[str]:
    """Inspects the database under both roles, migrates it and returns the revisions applied.

    Raises ConfigurationError as `preflight.inspect` and `migrations.upgrade` do.
    """
    inspect(owner_url)
    role = inspect(application_url).role
    with in_one_line("migrate", owner_url):
        return upgrade(owner_url, None if owner_url == application_url else role)
