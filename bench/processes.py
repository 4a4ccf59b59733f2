"""The servers as processes: each started on a free port, watched through /proc, and ended."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.data import dsn
from bench.queries import FOLDER as QUERIES
from db.embedded import Cluster

ROOT = Path(__file__).parents[1]
PEERS = ROOT / "bench" / "peers"
NODE = ROOT / ".cache" / "bin" / "node"
LOGS = ROOT / ".cache" / "bench" / "logs"
PYTHON = Path(sys.executable)
UVICORN = (str(PYTHON), "-m", "uvicorn", "--log-level=error", "--no-access-log", "--port={port}")

# Seconds that a server may take to start or to end before it counts as hung.
PATIENCE = 60
TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """A server does not start, breaks down, or answers otherwise than it should."""


@dataclass(frozen=True, slots=True)
class Program:
    """How to start a server: `{port}` in the command is its port; `queries` is how it words them."""

    name: str
    command: tuple[str | Path, ...]
    queries: Path = QUERIES
    peer: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    program: Program
    url: str
    pid: int

    @property
    def name(self) -> str:
        return self.program.name

    def cpu_seconds(self) -> float:
        """User and system time so far, of all threads and of children that have ended."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()
        return sum(map(int, fields[11:15])) / TICKS

    def memory(self, field: str) -> float:
        """Megabytes: "VmRSS", resident now, or "VmHWM", the most since `forget_peak`."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        kilobytes = next(line.split()[1] for line in lines if line.startswith(f"{field}:"))
        return int(kilobytes) / 1024

    def forget_peak(self) -> None:
        """Begins a new peak (proc(5), clear_refs)."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")


def peer(name: str, queries: Path = QUERIES) -> Program:
    return Program(name, (NODE, PEERS / f"{name}.mjs"), queries, peer=True)


PROGRAMS = (
    Program("masthead", (PYTHON.with_name("masthead"), "serve")),
    Program("stock", (*UVICORN, "bench.servers.stock:app")),
    Program("ceiling", (*UVICORN, "bench.servers.ceiling:app")),
    peer("yoga"),
    peer("mercurius"),
    peer("apollo"),
    peer("postgraphile", PEERS / "postgraphile"),
)


@contextmanager
def serving(program: Program, cluster: Cluster) -> Iterator[Server]:
    """The server, up for as long as the block runs. Raises Failed when it does not come up."""
    port = free_port()
    command = [str(part).replace("{port}", str(port)) for part in program.command]
    # A folder without an `.env`.
    LOGS.mkdir(parents=True, exist_ok=True)
    with (
        (LOGS / f"{program.name}.log").open("w") as log,
        subprocess.Popen(  # noqa: S603 - our own commands
            command,
            cwd=LOGS,
            env=environment(cluster, port),
            stdout=log,
            stderr=log,
            # Control-C is for us, who then end it.
            start_new_session=True,
        ) as process,
    ):
        try:
            _await_port(process, port, log.name)
            yield Server(program, f"http://127.0.0.1:{port}", process.pid)
        finally:
            end(process)


def environment(cluster: Cluster, port: int) -> dict[str, str]:
    """Masthead takes its settings from it, the others what they need of the same."""
    return os.environ | {
        "DATABASE_URL": cluster.application_url,
        "MIGRATION_DATABASE_URL": cluster.owner_url,
        "PEER_DATABASE_URL": dsn(cluster.application_url),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "NODE_ENV": "production",
        # The same at each run, for the database keeps what is sealed with it.
        "MASTHEAD_SECRET_KEYS": "a-secret-for-measurements-of-no-value",
        # Counted, and never used up.
        "MASTHEAD_BUDGET_VIEWER": "1000000000",
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def end(process: "subprocess.Popen[Any]") -> None:
    """Asks the process to stop, and kills it when it does not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def _await_port(process: "subprocess.Popen[Any]", port: int, log: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Failed(f"a server does not come up:\n{Path(log).read_text()[-2000:]}")
        time.sleep(0.01)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
