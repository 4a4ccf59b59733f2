"""The embedded server against the real thing: real processes, kill -9 and all."""

import fcntl
import multiprocessing
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from db.embedded import Cluster, running
from db.errors import ConfigurationError
from tests.waiting import eventually

USER_PROCESS = """
import sys
from pathlib import Path
from db.embedded import running
with running(Path(sys.argv[1]), durable=sys.argv[2] == "durable") as cluster:
    print(cluster.socket_directory, flush=True)
    sys.stdin.read()
"""


@contextmanager
def user_process(data_dir: Path, durability: str = "quick") -> Iterator[tuple[int, Cluster]]:
    """Another process inside `running`, until the block's end or its own."""
    with subprocess.Popen(
        [sys.executable, "-c", USER_PROCESS, str(data_dir), durability],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process.pid, Cluster(next(iter(process.stdout or ())).rstrip("\n"))


def connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def value(url: str, statement: str) -> object:
    with connect(url) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row and row[0]


def answers(url: str) -> bool:
    try:
        return value(url, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def server_lives(data_dir: Path) -> bool:
    with (data_dir / "postgres" / "server.lock").open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres/cluster/postmaster.pid").read_text().splitlines()[0])


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_fresh_server_has_the_two_roles_and_the_settled_locale(tmp_path: Path) -> None:
    roles = (
        "SELECT array_agg(rolname || ' ' || concat_ws(' ', rolcanlogin, rolsuper, rolbypassrls,"
        " rolcreatedb, rolcreaterole) ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'masthead%'"
    )
    locale = (
        "SELECT concat_ws(' ', pg_encoding_to_char(encoding), datlocprovider, datlocale,"
        " pg_get_userbyid(datdba)) FROM pg_database WHERE datname = current_database()"
    )
    with running(tmp_path, durable=False) as cluster:
        assert value(cluster.owner_url, "SELECT current_user::text") == "masthead_owner"
        assert value(cluster.application_url, "SELECT current_user::text") == "masthead_app"
        assert value(cluster.superuser_url, roles) == [
            "masthead_app t f f f f",
            "masthead_owner t f f f f",
        ]
        assert value(cluster.application_url, locale) == "UTF8 b C.UTF-8 masthead_owner"
        assert value(cluster.application_url, "SHOW timezone") == "UTC"
        assert value(cluster.application_url, "SHOW data_checksums") == "on"


def test_it_is_private(tmp_path: Path) -> None:
    with running(tmp_path, durable=False) as cluster:
        folder = Path(cluster.socket_directory)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
        assert value(cluster.superuser_url, "SHOW listen_addresses") == ""
        assert value(cluster.superuser_url, "SELECT count(*) FROM pg_hba_file_rules") == 1
        assert value(cluster.superuser_url, "SELECT auth_method FROM pg_hba_file_rules") == "peer"


def test_the_application_role_cannot_make_anything_in_the_database(tmp_path: Path) -> None:
    with (
        running(tmp_path, durable=False) as cluster,
        connect(cluster.application_url) as connection,
    ):
        for statement in ("CREATE TABLE t ()", "CREATE SCHEMA s", "CREATE TEMPORARY TABLE t ()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_what_is_committed_is_there_in_the_next_run_and_nothing_lives_in_between(
    tmp_path: Path,
) -> None:
    with running(tmp_path, durable=False) as cluster, connect(cluster.owner_url) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS n")
    assert not server_lives(tmp_path)
    with running(tmp_path, durable=False) as cluster:
        assert value(cluster.owner_url, "SELECT n FROM t") == 7


def test_durable_unless_told_otherwise(tmp_path: Path) -> None:
    with running(tmp_path) as cluster:
        assert value(cluster.superuser_url, "SHOW fsync") == "on"
        assert value(cluster.superuser_url, "SHOW synchronous_commit") == "on"
        assert value(cluster.superuser_url, "SHOW full_page_writes") == "on"


def test_the_server_stays_until_its_last_user_has_gone(tmp_path: Path) -> None:
    with user_process(tmp_path) as (_, theirs):
        with running(tmp_path, durable=False) as ours:
            assert ours == theirs
            pid = postmaster(tmp_path)
        assert postmaster(tmp_path) == pid
        assert value(theirs.owner_url, "SELECT 1") == 1
    assert not server_lives(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_user_takes_the_server_along(tmp_path: Path, number: signal.Signals) -> None:
    with user_process(tmp_path) as (pid, _):
        os.kill(pid, number)
    eventually(lambda: not server_lives(tmp_path))
    assert not (tmp_path / "postgres/cluster/postmaster.pid").exists()


def test_after_kill_of_everything_the_committed_is_there(tmp_path: Path) -> None:
    with (
        user_process(tmp_path, "durable") as (user, cluster),
        connect(cluster.owner_url) as connection,
    ):
        connection.execute("CREATE TABLE t AS SELECT 7 AS n")
        server = postmaster(tmp_path)
        for pid in (parent_of(server), user, server):
            os.kill(pid, signal.SIGKILL)
    # Every process id in what is left behind may now be somebody else's: here it is our own.
    stale = tmp_path / "postgres/cluster/postmaster.pid"
    stale.write_text(stale.read_text().replace(str(server), str(os.getpid()), 1))
    with running(tmp_path, durable=False) as cluster:
        assert value(cluster.owner_url, "SELECT n FROM t") == 7


def test_a_server_that_is_killed_comes_back(tmp_path: Path) -> None:
    with running(tmp_path) as cluster:
        with connect(cluster.owner_url) as connection:
            connection.execute("CREATE TABLE t AS SELECT 7 AS n")
        killed = postmaster(tmp_path)
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: answers(cluster.owner_url) and postmaster(tmp_path) != killed)
        assert value(cluster.owner_url, "SELECT n FROM t") == 7
    assert not server_lives(tmp_path)


def test_a_server_without_a_keeper_is_adopted_and_stopped(tmp_path: Path) -> None:
    with user_process(tmp_path) as (user, _):
        pid = postmaster(tmp_path)
        os.kill(parent_of(pid), signal.SIGKILL)
        os.kill(user, signal.SIGKILL)
    with running(tmp_path, durable=False) as cluster:
        assert postmaster(tmp_path) == pid
        assert value(cluster.owner_url, "SELECT 1") == 1
    assert not server_lives(tmp_path)


def _use(data_dir: Path, rounds: int) -> None:
    for _ in range(rounds):
        with running(data_dir, durable=False) as cluster:
            assert value(cluster.application_url, "SELECT 1") == 1


def test_many_come_and_go_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_use, args=(tmp_path, 5)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert not server_lives(tmp_path)


def test_a_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    unfinished = tmp_path / "postgres" / "cluster.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    os.chown(unfinished.parent, *_server_ids(tmp_path))
    os.chown(unfinished, *_server_ids(tmp_path))
    with running(tmp_path, durable=False) as cluster:
        assert value(cluster.owner_url, "SELECT 1") == 1
    assert not unfinished.exists()


def _server_ids(tmp_path: Path) -> tuple[int, int]:
    """The user and group that a server runs as here: not root."""
    other = tmp_path / "other"
    with running(other, durable=False):
        home = (other / "postgres").stat()
    return home.st_uid, home.st_gid


@pytest.mark.parametrize("name", ["a space, a comma and 100 %", "deep/" * 30])
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    with running(tmp_path / name, durable=False) as cluster:
        folder = Path(cluster.socket_directory)
        assert folder.resolve() == tmp_path / name / "postgres" / "cluster"
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
        assert value(cluster.application_url, "SELECT 1") == 1


def made_cluster(data_dir: Path) -> Path:
    with running(data_dir, durable=False):
        return data_dir / "postgres" / "cluster"


def test_a_cluster_of_another_major_version_is_refused(tmp_path: Path) -> None:
    cluster = made_cluster(tmp_path)
    (cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(ConfigurationError) as refused, running(tmp_path):
        pass
    assert str(refused.value) == (
        f"{cluster} was made by PostgreSQL 16, and this is 18: "
        "dump it there and restore it here, or choose another data directory"
    )


def test_a_folder_that_is_no_cluster_is_refused(tmp_path: Path) -> None:
    cluster = made_cluster(tmp_path)
    (cluster / "PG_VERSION").unlink()
    with pytest.raises(ConfigurationError) as refused, running(tmp_path):
        pass
    assert str(refused.value) == f"{cluster} is not a PostgreSQL cluster"


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(ConfigurationError) as refused, running(tmp_path / "data"):
        pass
    assert str(refused.value) == f"data directory {tmp_path / 'data'}: Not a directory"


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    cluster = made_cluster(tmp_path)
    (cluster / "global" / "pg_control").unlink()
    with pytest.raises(ConfigurationError) as refused, running(tmp_path):
        pass
    assert str(refused.value).startswith("PostgreSQL does not start: ")
    assert "pg_control" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not server_lives(tmp_path)


def test_a_server_that_complains_in_another_encoding_says_why(tmp_path: Path) -> None:
    with (made_cluster(tmp_path) / "postgresql.conf").open("ab") as settings:
        settings.write("caf\u00e9 = 1\n".encode("latin-1"))
    with pytest.raises(ConfigurationError) as refused, running(tmp_path):
        pass
    assert str(refused.value).endswith('postgresql.conf" contains errors')
