"""`masthead` as an operator meets it: a fresh copy of the tree, real processes, kill -9 and all."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
import psycopg
import pytest

from db.embedded import running
from db.migrations import MIGRATION_LOCK
from db.revisions import revisions
from tests.waiting import PATIENCE, eventually

ROOT = Path(__file__).parents[2]
NOT_COPIED = shutil.ignore_patterns(
    ".git",
    ".venv",
    ".data",
    ".cache",
    ".env",
    ".*_cache",
    ".hypothesis",
    "node_modules",
)
SAMPLE = 'query { publication(host: "sample.masthead.test") { id title } }'
MASTHEAD = [sys.executable, "-c", "from app.cli import main; main()"]
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
SETTINGS = {
    "DATABASE_URL": "",
    "MIGRATION_DATABASE_URL": "",
    "HOST": "127.0.0.1",
    "PORT": "0",
}
MIGRATED = [f"Migrated the database: {each}" for each in revisions()]


@dataclass(frozen=True, slots=True)
class Server:
    """A `masthead serve` under way."""

    process: "subprocess.Popen[str]"
    address: str

    def sample(self) -> dict[str, object]:
        response = httpx.post(f"{self.address}/graphql", json={"query": SAMPLE}, timeout=PATIENCE)
        assert response.status_code == 200
        data: dict[str, dict[str, object]] = response.json()["data"]
        return data["publication"]

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The tree as a fresh clone has it, in a path with a space, its data directory not yet made."""
    return Path(shutil.copytree(ROOT, tmp_path / "a fresh clone", ignore=NOT_COPIED))


@contextmanager
def serving(
    clone: Path, stderr: IO[str] | int = subprocess.DEVNULL, **settings: str
) -> Iterator[Server]:
    with subprocess.Popen(
        [*MASTHEAD, "serve"],
        cwd=clone,
        env=os.environ | SETTINGS | settings,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            first = next(iter(process.stdout or ()), "nothing")
            assert first.startswith("GraphQL ")
            yield Server(process, first.split()[1].removesuffix("/graphql"))
        finally:
            process.kill()


def masthead(clone: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*MASTHEAD, *arguments],
        cwd=clone,
        env=os.environ | SETTINGS | settings,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def server_processes(clone: Path) -> list[Path]:
    """The processes of the clone's PostgreSQL: each works in its cluster's folder."""
    cluster = clone / ".data" / "postgres" / "cluster"
    return [process for process in Path("/proc").glob("[0-9]*") if _folder(process) == cluster]


def _folder(process: Path) -> Path | None:
    try:
        return (process / "cwd").readlink()
    except OSError:
        return None


def _command(process: Path) -> list[str]:
    try:
        return (process / "cmdline").read_text().split("\0")
    except OSError:
        return []


def test_a_fresh_clone_serves_its_sample_and_keeps_it_through_a_kill(clone: Path) -> None:
    with serving(clone) as server:
        sample = server.sample()
        assert sample["title"]
        assert httpx.get(f"{server.address}/health/ready").status_code == 200
        assert server_processes(clone)
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
    eventually(lambda: not server_processes(clone))
    with serving(clone) as server:
        assert server.sample() == sample


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_is_clean_and_leaves_nothing_even_with_a_connection_open(
    clone: Path, number: signal.Signals
) -> None:
    with serving(clone) as server, httpx.Client(base_url=server.address) as client:
        assert client.get("/health/live").status_code == 200
        os.killpg(server.process.pid, number)
        assert server.process.wait(PATIENCE) == 0
        assert server_processes(clone) == []


def test_only_the_first_start_prepares_the_database(clone: Path) -> None:
    log = clone / "stderr"
    with log.open("w") as stderr, serving(clone, stderr):
        assert log.read_text().splitlines() == [*MIGRATED, "Importing the sample publication"]
    with log.open("w") as stderr, serving(clone, stderr):
        assert log.read_text() == ""


def test_a_first_start_minds_no_modules_of_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('another app')\n")
    with serving(tmp_path, PYTHONSAFEPATH="1", PYTHONPATH=str(ROOT)) as server:
        assert server.sample()["title"]


def test_a_sample_that_cannot_be_imported_is_one_line_more(clone: Path) -> None:
    (clone / "sample" / "content" / "broken.md").write_text("+++\ntitle = 'Broken\n+++\n")
    done = masthead(clone, "serve")
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (
        1,
        "",
        [
            *MIGRATED,
            "Importing the sample publication",
            'masthead: content/broken.md:3: broken TOML: Expected "\'"',
        ],
    )


@contextmanager
def held_up(clone: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A `masthead serve` whose preparation waits for another migration, and the preparation's id."""
    with (
        running(clone / ".data", durable=False) as cluster,
        psycopg.connect(cluster.owner_url.replace("+psycopg", ""), autocommit=True) as another,
    ):
        another.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        with subprocess.Popen(
            [*MASTHEAD, "serve"],
            cwd=clone,
            env=os.environ | SETTINGS,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                eventually(lambda: another.execute(WAITING).fetchone() == (1,))
                [preparation] = preparations(clone)
                yield process, preparation
            finally:
                process.kill()


def preparations(clone: Path) -> list[int]:
    return [
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if _folder(process) == clone and "prepare" in _command(process)
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_the_preparation_with_the_server(clone: Path, number: signal.Signals) -> None:
    with held_up(clone) as (process, _):
        os.killpg(process.pid, number)
        assert (process.wait(PATIENCE), process.communicate()[1]) == (0, "")
        assert preparations(clone) == []


def test_a_preparation_that_is_killed_ends_the_server(clone: Path) -> None:
    with held_up(clone) as (process, preparation):
        os.kill(preparation, signal.SIGKILL)
        _, stderr = process.communicate()
        assert stderr == "masthead: preparing the database was ended by signal 9\n"
        assert process.returncode == 1


def test_a_preparation_outlives_a_killed_server_only_until_it_is_done(clone: Path) -> None:
    with held_up(clone) as (process, _):
        process.kill()
        process.wait(PATIENCE)
    eventually(lambda: not preparations(clone))
    eventually(lambda: not server_processes(clone))


def test_two_servers_share_a_data_directory(clone: Path) -> None:
    with serving(clone) as first, serving(clone) as second:
        assert first.sample() == second.sample()
        first.end(signal.SIGKILL)
        assert second.sample()["title"]
        assert second.end(signal.SIGTERM) == 0
    eventually(lambda: not server_processes(clone))


def test_a_busy_port_shows_at_once(clone: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = masthead(clone, "serve", PORT=str(port))
    assert done.returncode == 1
    assert (
        done.stderr == f"masthead: cannot listen on 127.0.0.1 port {port}: Address already in use\n"
    )
    assert not (clone / ".data").exists()


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (
            {"PORT": "http"},
            "PORT must be a port, 0 to 65535 (0 takes a free one), not 'http'",
        ),
        (
            {"DATABASE_URL": "mysql://blog:secret@localhost/blog"},
            "DATABASE_URL must be postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE",
        ),
        (
            {"DATABASE_URL": "postgresql://blog:secret@127.0.0.1:1/blog"},
            "cannot connect to postgresql+psycopg://blog:***@127.0.0.1:1/blog: connection to server at"
            ' "127.0.0.1", port 1 failed: Connection refused',
        ),
        (
            {"MASTHEAD_DATA_DIR": "pyproject.toml"},
            "data directory pyproject.toml: Not a directory",
        ),
    ],
)
def test_a_wrong_setting_is_one_line(clone: Path, settings: dict[str, str], complaint: str) -> None:
    done = masthead(clone, "serve", **settings)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"masthead: {complaint}\n")


def test_a_database_that_is_not_there_is_one_line(clone: Path) -> None:
    with running(clone / ".data", durable=False) as cluster:
        url = cluster.superuser_url.replace("/postgres?", "/blog?")
        done = masthead(clone, "serve", DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.endswith('FATAL:  database "blog" does not exist\n')
    assert done.stderr.count("\n") == 1


def test_a_database_newer_than_the_code_is_one_line(clone: Path) -> None:
    masthead(clone, "migrate")
    with running(clone / ".data", durable=False) as cluster:
        with psycopg.connect(cluster.owner_url.replace("+psycopg", "")) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        done = masthead(clone, "serve")
    assert done.returncode == 1
    assert done.stderr.startswith("masthead: the database is at version 9999, ")
    assert done.stderr.count("\n") == 1


def test_every_command_works_beside_a_server_and_without_one(clone: Path) -> None:
    posts = clone / "my posts"
    posts.mkdir()
    (posts / "first.md").write_text("+++\ntitle = 'First'\ndate = 2020-01-01\n+++\nHello\n")
    with serving(clone) as server:
        done = masthead(clone, "import", "markdown", str(posts), "--host", "my.test")
        assert (done.returncode, done.stdout.splitlines()[0].strip()) == (0, "my.test"), done.stderr
        query = '{ publication(host: "my.test") { posts(first: 1) { nodes { title } } } }'
        answer = httpx.post(f"{server.address}/graphql", json={"query": query}).json()
        assert answer == {"data": {"publication": {"posts": {"nodes": [{"title": "First"}]}}}}
        assert masthead(clone, "migrate").stdout == "The database is up to date\n"
        assert "migrations: up to date" in masthead(clone, "doctor").stdout
    assert masthead(clone, "migrate").stdout == "The database is up to date\n"
    assert masthead(clone, "import", "markdown", str(posts), "--host", "my.test").returncode == 0


def test_the_doctor_changes_nothing_and_names_each_fault(clone: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = masthead(clone, "doctor", PORT=str(port), MASTHEAD_GRAPHQL="0")
    assert done.returncode == 1
    assert "fault settings: there is no setting MASTHEAD_GRAPHQL\n" in done.stdout
    assert "ok    database: none yet in .data; `masthead serve` makes it\n" in done.stdout
    assert (
        f"fault port: cannot listen on 127.0.0.1 port {port}: Address already in use\n"
        in done.stdout
    )
    assert not (clone / ".data").exists()


def test_the_doctor_minds_a_role_that_row_level_security_does_not_hold(clone: Path) -> None:
    with running(clone / ".data", durable=False) as cluster:
        done = masthead(clone, "doctor", DATABASE_URL=cluster.superuser_url)
    assert done.returncode == 1
    assert (
        "fault application role: postgres has SUPERUSER and BYPASSRLS,"
        " so row-level security does not hold it\n"
    ) in done.stdout
    assert "fault migrations: pending: 0001" in done.stdout
