"""`masthead doctor`: what is wrong with this deployment, and how to mend it."""

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from importlib.metadata import version

from app import graphiql, smtp
from app.cli.terminal import output
from app.deployment import Addresses, database_of, listen
from app.documents import trusted_documents
from app.mail.sending import FOLDER, UNSET
from app.profiles import exceptions_of, faults_of
from app.settings import Settings, load
from app.variables import unknown
from db import embedded, preflight
from db.errors import ConfigurationError
from engine import Engine
from resolvers.schema import schema


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw, and how to mend it when that is a fault."""

    subject: str
    state: str
    mend: str | None = None


def doctor() -> None:
    """Check settings, database, versions, migrations, mail, GraphiQL and port; exit status 1 on a fault."""
    faults = 0
    for finding in _findings():
        faults += finding.mend is not None
        word, style = ("ok", "green") if finding.mend is None else ("fault", "red")
        output.print(f"{word:6}", style=style, end="")
        output.print(f"{finding.subject}: {finding.state}")
        if finding.mend:
            output.print(f"      → {finding.mend}")
    sys.exit(1 if faults else 0)


def _findings() -> Iterator[Finding]:
    yield Finding("versions", f"Masthead {version('masthead')}, Python {platform.python_version()}")
    try:
        settings = load()
    except ConfigurationError as error:
        yield Finding("settings", str(error), "change the environment or .env; see .env.example")
        return
    names = unknown(Settings)
    if names:
        mistyped = f"there is no setting {', '.join(names)}"
        yield Finding("settings", mistyped, "correct or remove it; see .env.example")
    else:
        yield Finding("settings", "valid")
    yield from _profile(settings)
    yield from _database(settings)
    yield _mail(settings)
    yield _documents(settings)
    yield _page(settings)
    yield _port(settings)


def _profile(settings: Settings) -> Iterator[Finding]:
    for fault in faults_of(settings):
        yield Finding(
            "profile", fault, "`masthead serve` does not start so; see docs/deployment.md"
        )
    for exception in exceptions_of(settings):
        yield Finding("profile", f"{exception}, which production usually has not")
    if not faults_of(settings):
        yield Finding("profile", settings.profile)


def _database(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url and not embedded.exists(settings.data_dir):
        yield Finding("database", f"none yet in {settings.data_dir}; `masthead serve` makes it")
        return
    try:
        with database_of(settings) as addresses:
            yield _server(addresses)
            yield _application_role(addresses)
            yield _migrations(addresses)
    except ConfigurationError as error:
        yield Finding("database", str(error), "mend what it says, or set DATABASE_URL to another")


def _server(addresses: Addresses) -> Finding:
    server = preflight.inspect(addresses.owner)
    return Finding("database", f"PostgreSQL {server.version}, migrated by {server.role}")


def _application_role(addresses: Addresses) -> Finding:
    server = preflight.inspect(addresses.application)
    powers = ["SUPERUSER"] * server.superuser + ["BYPASSRLS"] * server.bypasses_rls
    if not powers:
        return Finding("application role", f"{server.role}, neither SUPERUSER nor BYPASSRLS")
    return Finding(
        "application role",
        f"{server.role} has {' and '.join(powers)}, so row-level security does not hold it",
        "name another role in DATABASE_URL, and keep this one in MIGRATION_DATABASE_URL",
    )


def _migrations(addresses: Addresses) -> Finding:
    status = preflight.status(addresses.owner)
    if status.unknown:
        newer = f"the database is at {status.current}, which this Masthead does not know"
        return Finding("migrations", newer, "run the newer Masthead that migrated it")
    if status.pending:
        return Finding("migrations", f"pending: {', '.join(status.pending)}", "masthead migrate")
    return Finding("migrations", f"up to date ({status.current})")


def _mail(settings: Settings) -> Finding:
    if settings.smtp_url is not None:
        server = smtp.server(settings.smtp_url)
        return Finding("mail", f"by {server.host} port {server.port}, from {settings.mail_from}")
    if settings.profile == "development":
        return Finding("mail", f"in files, in {settings.data_dir / FOLDER}")
    return Finding("mail", UNSET, "set it, and MASTHEAD_MAIL_FROM; see docs/accounts.md")


def _documents(settings: Settings) -> Finding:
    try:
        trusted = trusted_documents(Engine(schema, settings.limits), settings.documents)
    except ConfigurationError as error:
        return Finding("trusted documents", str(error), "mend what it says, or make them anew")
    only = ", and no others are accepted" if settings.documents_only else ""
    return Finding("trusted documents", f"{len(set(trusted.values()))}{only}")


def _page(settings: Settings) -> Finding:
    if not settings.shows_graphiql:
        return Finding("GraphiQL", "turned off")
    if not (graphiql.BUILD / "index.html").exists():
        return Finding("GraphiQL", "the page is not built", "make graphiql")
    return Finding("GraphiQL", "built")


def _port(settings: Settings) -> Finding:
    try:
        listen(settings.host, settings.port).close()
    except ConfigurationError as error:
        if _masthead_answers(settings):
            return Finding("port", f"{settings.port}, where a server of ours answers")
        return Finding("port", str(error), "stop what uses it, or set PORT to another")
    return Finding("port", f"{settings.port} is free")


def _masthead_answers(settings: Settings) -> bool:
    connection = HTTPConnection(settings.host, settings.port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
