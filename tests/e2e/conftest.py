"""A real server process and the real clients that talk to it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.postgres import Clone, Server

ROOT = Path(__file__).parents[2]
CLIENTS = Path(__file__).parent / "clients"
MASTHEAD = Path(sys.executable).with_name("masthead")
# Seconds that a server or client may take on a busy machine before it counts as hung.
PATIENCE = 120

Run = Callable[..., str]
# The base address of a server, for the time of a block.
Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Runs `masthead serve` on a free port, over a database that it fills with the sample.

    It may be given other variables.
    """

    @contextmanager
    def serve(database: Clone, **variables: str) -> Iterator[str]:
        log = tmp_path_factory.mktemp("server") / "stderr.log"
        with log.open("w") as errors:
            process = subprocess.Popen(
                [MASTHEAD, "serve"],
                cwd=ROOT,
                env=os.environ | settings(database) | variables,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        with process:
            try:
                yield _announced(process, log)
            finally:
                process.terminate()
                process.wait(PATIENCE)

    return serve


@pytest.fixture(scope="session")
def server(postgres: Server, serve: Serve) -> Iterator[str]:
    """The base address of a server that tests share: they only read."""
    with postgres.clone() as database, serve(database) as address:
        yield address


def settings(database: Clone) -> dict[str, str]:
    return {
        "DATABASE_URL": database.url,
        "MIGRATION_DATABASE_URL": database.owner_url,
        "HOST": "127.0.0.1",
        "PORT": "0",
    }


def _announced(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout
    for line in process.stdout:
        if line.startswith("GraphQL"):
            return line.split()[1].removesuffix("/graphql")
    pytest.fail(f"masthead serve ended before it announced its address:\n{log.read_text()}")


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node: what `make test` installed, else the machine's."""
    found = shutil.which("node", path=f"{ROOT / '.cache' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.fail("Node is missing: `make setup` installs it")
    return found


@pytest.fixture(scope="session")
def clients() -> Path:
    """The folder of the Node clients, with their packages installed."""
    if not (CLIENTS / "node_modules").is_dir():
        pytest.fail("the packages of tests/e2e/clients are missing: `make setup` installs them")
    return CLIENTS


@pytest.fixture(scope="session")
def run() -> Run:
    """Runs a program and returns what it wrote; fails with all of its output when it fails."""

    def run(*command: str | Path, cwd: Path | None = None) -> str:
        done = subprocess.run(
            command, cwd=cwd, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        if done.returncode:
            pytest.fail(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    return run
