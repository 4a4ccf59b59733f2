"""What a deployment stands on: its database (the operator's, or else the embedded one), port, secrets."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.settings import Settings
from db.authority import Authority
from db.database import Database
from db.embedded import running
from db.errors import ConfigurationError
from db.signing_keys import SigningKeys
from identity.passwords import Hasher
from identity.secrets import Keyring

SECRET: Final = "secret"  # noqa: S105 - a file's name


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


def authority_of(settings: Settings, database: Database) -> Authority:
    """Who says, in this deployment, who somebody is. Raises ConfigurationError as `secret_keys` does."""
    keyring = Keyring(secret_keys(settings))
    return Authority(
        keyring=keyring,
        hasher=Hasher(),
        signing_keys=SigningKeys(database, keyring, settings.token_algorithm),
        public_url=settings.origin,
        audience=settings.token_audience,
        sign_up_open=settings.sign_up == "open",
        passkey_origins=settings.passkey_origins,
    )


def secret_keys(settings: Settings) -> list[str]:
    """The settings' secrets; without any, in development, one that is made once and kept in a file.

    Raises ConfigurationError when there is none, or the file cannot be had.
    """
    if settings.secret_keys:
        return [secret.get_secret_value() for secret in settings.secret_keys]
    if settings.profile == "production":
        raise ConfigurationError("MASTHEAD_SECRET_KEYS must be set in production")
    file = settings.data_dir / SECRET
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _write_secret(file)
        return file.read_text().split()
    except OSError as error:
        raise ConfigurationError(f"cannot keep a secret in {file}: {error.strerror}") from error


def _write_secret(file: Path) -> None:
    """Whole or not at all, for nobody else to read; another server's, made meanwhile, stays."""
    draft = file.with_name(f"{SECRET}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        out.write(secrets.token_urlsafe(48) + "\n")
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket; 0 takes a free port. Raises ConfigurationError when it cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        # create_server adds the address in parentheses.
        reason = str(error.strerror).partition(" (")[0]
        raise ConfigurationError(f"cannot listen on {host} port {port}: {reason}") from error
