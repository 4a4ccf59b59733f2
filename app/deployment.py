"""What a deployment stands on: its database (the operator's, or else the embedded one) and its port."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.settings import Settings
from db.embedded import running
from db.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Addresses:
    """SQLAlchemy URLs: `owner` migrates, `application` serves; they may be the same."""

    owner: str
    application: str


@contextmanager
def database_of(settings: Settings) -> Iterator[Addresses]:
    """Where the settings' database is, up for as long as the block runs.

    Raises ConfigurationError when the embedded one does not start; the operator's is not tried here.
    """
    if settings.database_url:
        owner = settings.migration_database_url or settings.database_url
        yield Addresses(owner, settings.database_url)
    else:
        with running(settings.data_dir) as cluster:
            yield Addresses(cluster.owner_url, cluster.application_url)


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket; 0 takes a free port. Raises ConfigurationError when it cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        # create_server adds the address in parentheses.
        reason = str(error.strerror).partition(" (")[0]
        raise ConfigurationError(f"cannot listen on {host} port {port}: {reason}") from error
