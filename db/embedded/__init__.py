"""The embedded PostgreSQL: a private server of our own, without TCP, in a folder of the data directory.

Any number of processes may use one data directory at once. Each has a keeper (`db.embedded.keeper`), a
small process in a session of its own that starts the server when it is the first and stops it when it
is the last, however the process that it belongs to ends.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from db.embedded.account import home_of, privileges
from db.errors import ConfigurationError

NO_ANSWER = (
    "the embedded PostgreSQL's keeper was ended before it could answer: "
    "see above, or set DATABASE_URL to use a PostgreSQL of your own"
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server's folder of the socket, and its addresses as SQLAlchemy URLs (psycopg).

    `owner_url` owns the database and runs migrations; `application_url` has neither SUPERUSER nor
    BYPASSRLS and serves requests; `superuser_url` is for backups and tests.
    """

    socket_directory: str

    @property
    def owner_url(self) -> str:
        return self._url("masthead_owner", "masthead")

    @property
    def application_url(self) -> str:
        return self._url("masthead_app", "masthead")

    @property
    def superuser_url(self) -> str:
        return self._url("postgres", "postgres")

    def _url(self, role: str, database: str) -> str:
        host = quote(self.socket_directory, safe="")
        return f"postgresql+psycopg://{role}@/{database}?host={host}"


def exists(data_dir: Path) -> bool:
    """Whether a server was made there before, or something stands in the way of looking."""
    try:
        (data_dir / "postgres" / "cluster").lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def running(data_dir: Path, *, durable: bool = True) -> Iterator[Cluster]:
    """A server over `data_dir`, created when there is none yet, up while the block runs.

    On leaving, the last process of all stops the server and has waited for its end. `durable=False`
    gives up crash safety for speed and counts only for the process that starts the server.

    Raises ConfigurationError: the data directory cannot be used, or the server does not start.
    """
    home = home_of(data_dir)
    with _keeper(home, durable) as keeper:
        yield Cluster(_answer(keeper))


@contextmanager
def _keeper(home: Path, durable: bool) -> Iterator["subprocess.Popen[str]"]:
    """The keeper leaves when its standard input ends: with this block, or with this process."""
    module = [sys.executable, "-B", "-m", "db.embedded.keeper", str(home)]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [*privileges(home), *module, *([] if durable else ["--not-durable"])],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as keeper:
        yield keeper


def _answer(keeper: "subprocess.Popen[str]") -> str:
    line = next(iter(keeper.stdout or ()), "")
    answer = json.loads(line) if line else {"error": NO_ANSWER}
    if "error" in answer:
        raise ConfigurationError(answer["error"])
    return str(answer["socket_directory"])
