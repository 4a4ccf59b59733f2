"""The databases of test runs."""

import os
import subprocess
import sys

import psycopg
from sqlalchemy import make_url

from db.database import Database
from tests.postgres import PREFIX, Clone, Server
from tests.waiting import eventually

KILLED_RUN = """
import os, sys
from tests.postgres import Server
server = Server(sys.argv[1], sys.argv[2])
with server.clone():
    print(os.getpid(), flush=True)
    os._exit(9)
"""


def made_by(postgres: Server, run: str) -> set[str]:
    url = make_url(postgres.superuser_url).set(drivername="postgresql")
    query = (
        "select datname from pg_database where starts_with(datname, %(run)s)"
        " union select rolname from pg_roles where starts_with(rolname, %(run)s)"
    )
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        return {name for (name,) in connection.execute(query, {"run": PREFIX + run})}


def test_what_a_killed_run_left_goes_with_the_next_one(
    postgres: Server, testrun_uid: str, worker_id: str
) -> None:
    name = f"{testrun_uid[:4]}{worker_id}"
    killed, following = f"{name}k", f"{name}n"
    command = [sys.executable, "-c", KILLED_RUN, postgres.superuser_url, killed]
    assert subprocess.run(command, env=os.environ, check=False).returncode == 9
    assert len(made_by(postgres, killed)) == 4

    def swept() -> bool:  # the server notices the end of the connection by itself
        Server(postgres.superuser_url, following).close()
        return not made_by(postgres, killed)

    eventually(swept)
    assert made_by(postgres, following) == set()


async def test_clones_are_empty_and_apart(postgres: Server, database: Database) -> None:
    with postgres.clone() as other:
        assert isinstance(other, Clone)
        second = Database(other.url)
        async with second.write() as tx:
            await tx.exec_driver_sql(
                "insert into tags (id, slug, name) values ('tag_' || gen_random_uuid(), 'a', 'A')"
            )
        await second.dispose()
        async with database.read() as connection:
            assert (await connection.exec_driver_sql("select count(*) from tags")).scalar() == 0
