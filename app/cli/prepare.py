"""What `masthead serve` has done in a process of its own, whose libraries the server need not keep."""

import json
import sys

from app.cli.importing import import_sample
from app.cli.terminal import progress
from app.deployment import Addresses
from db import preflight, preparation


def prepare() -> None:
    """Migrate the database of the addresses on standard input; give one that is empty the sample."""
    addresses = Addresses(**json.load(sys.stdin))
    for revision in preparation.prepare(addresses.owner, addresses.application):
        progress(f"Migrated the database: {revision}")
    if not preflight.has_publication(addresses.application):
        progress("Importing the sample publication")
        import_sample(addresses.application)
