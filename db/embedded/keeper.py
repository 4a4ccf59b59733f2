"""The process that keeps the embedded server up for one user process: `python -m db.embedded.keeper HOME`.

It answers with one line of JSON on standard output, `{"socket_directory": ...}` or `{"error": ...}`,
then waits for the end of its standard input, which comes with the user process's end, be that a kill -9;
a server that crashes meanwhile it starts again.
`start.lock` lets one keeper at a time start or stop the server; each holds `users.lock` shared, so
whoever gets it alone is the last.
"""

import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select

from db.embedded import server
from db.embedded.locks import Lock
from db.errors import ConfigurationError

# sockaddr_un.sun_path holds 108 bytes with the closing NUL (unix(7)).
SOCKET_PATH_LIMIT = 107
SECONDS_BETWEEN_LOOKS = 2.0


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stay)
    try:
        os.chdir(sys.argv[1])
        durable = "--not-durable" not in sys.argv
        # The user process may have gone before its server is up.
        with suppress(BrokenPipeError), _server(durable=durable), _socket_directory() as directory:
            _answer("socket_directory", directory)
            while not _user_process_gone():
                _revive(durable=durable)
    except ConfigurationError as error:
        _answer("error", str(error))
    except OSError as error:
        _answer("error", f"{Path(sys.argv[1], error.filename or '')}: {error.strerror}")


def _stay(number: int, frame: object) -> None:
    """A service manager signals the whole group; the server must outlive its user process."""


def _answer(key: str, value: str) -> None:
    os.write(sys.stdout.fileno(), json.dumps({key: value}).encode() + b"\n")


def _user_process_gone() -> bool:
    """Waits for the end of standard input, but not longer than a crashed server may stay down."""
    ended, _, _ = select([sys.stdin], [], [], SECONDS_BETWEEN_LOOKS)
    return bool(ended)


def _revive(*, durable: bool) -> None:
    """Starts a server that has crashed, as the machine does when it runs out of memory."""
    if not server.alive():
        with Lock("start.lock") as start:
            start.exclusive()
            server.ensure_running(durable=durable)


@contextmanager
def _server(*, durable: bool) -> Iterator[None]:
    with Lock("users.lock") as users:
        with Lock("start.lock") as start:
            start.exclusive()
            users.shared()
            server.ensure_running(durable=durable)
        try:
            yield
        finally:
            with Lock("start.lock") as start:
                start.exclusive()
                if users.try_exclusive():
                    server.stop()


@contextmanager
def _socket_directory() -> Iterator[str]:
    """The cluster's folder, or a private short name for it where its path does not fit an address.

    libpq takes a comma in `host` for the end of a name.
    """
    cluster = server.CLUSTER.absolute()
    if len(os.fsencode(cluster / server.SOCKET_NAME)) <= SOCKET_PATH_LIMIT and "," not in str(
        cluster
    ):
        yield str(cluster)
        return
    with (
        tempfile.TemporaryDirectory(prefix="masthead-") as folder,
        Lock(folder, os.O_RDONLY) as lock,
    ):
        lock.shared()  # so that systemd-tmpfiles does not clear it away by age
        link = Path(folder, "cluster")
        link.symlink_to(cluster)
        yield str(link)


if __name__ == "__main__":
    main()
