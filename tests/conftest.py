"""What every test may ask for: databases on the run's PostgreSQL server (see tests.postgres)."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.importers import markdown, wordpress
from db.database import Database
from db.embedded import running
from db.writes.imports import import_publication
from db.writes.records import Record
from tests import memory
from tests.postgres import Clone, Server
from tests.recording import recorded

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"

Source = tuple[str, Callable[[Path, datetime], Iterator[Record]], Path]
SAMPLE: dict[str, Source] = {"sample.masthead.test": ("markdown", markdown.read, ROOT / "sample")}
RUST = CORPUS / "rust-blog" / "content"
WORDPRESS = CORPUS / "wordpress" / "themeunittestdata.wordpress.xml"
REAL: dict[str, Source] = {
    "blog.rust.test": ("markdown", markdown.read, RUST),
    "inside.rust.test": ("markdown", markdown.read, RUST / "inside-rust"),
    "wp.test": ("wordpress", wordpress.read, WORDPRESS),
}

# Where the workers find the folder in memory that the run has, if it has one.
FOLDER = "TEST_FOLDER"

Statements = Callable[[Database], AbstractContextManager[list[str]]]


def pytest_configure(config: pytest.Config) -> None:
    if _leads(config):
        made = memory.folder()
        os.environ[FOLDER] = "" if made is None else str(made)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _leads(config) and os.environ[FOLDER]:
        shutil.rmtree(os.environ[FOLDER])


def _leads(config: pytest.Config) -> bool:
    """Whether this process is the run's own, and none of its workers."""
    return not hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real content; without one, the test is skipped."""
    if not CORPUS.is_dir():
        pytest.skip("there is no ../shared/corpus, as in every fresh clone")
    return CORPUS


@pytest.fixture(scope="session")
def postgres(
    tmp_path_factory: pytest.TempPathFactory, testrun_uid: str, worker_id: str
) -> Iterator[Server]:
    """The server of all workers: the embedded one, or TEST_DATABASE_URL's (a superuser's URL)."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    with superuser(Path(os.environ[FOLDER] or shared)) as url:
        server = Server(url, testrun_uid[:8])
        try:
            yield server
        finally:
            server.close()


@contextmanager
def superuser(folder: Path) -> Iterator[str]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
    else:
        with running(folder, durable=False) as cluster:
            yield cluster.superuser_url


@pytest.fixture
def clone(postgres: Server) -> Iterator[Clone]:
    """A database of the test's own: migrated, empty, gone afterwards."""
    with postgres.clone() as clone:
        yield clone


@pytest.fixture
def database_url(clone: Clone) -> str:
    """The application role's URL of the test's own database."""
    return clone.url


@pytest.fixture
def owner_url(clone: Clone) -> str:
    """The owner's URL of the test's own database."""
    return clone.owner_url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The test's own database, open."""
    database = Database(database_url)
    yield database
    await database.dispose()


@pytest.fixture(scope="session")
def sample_database(postgres: Server) -> str:
    """The URL of a database with the sample publication, to be read only."""
    return postgres.filled("sample", filling(SAMPLE)).url


@pytest.fixture(scope="session")
def imported(postgres: Server, corpus: Path) -> str:
    """The URL of a database with the sample and the whole corpus, to be read only."""
    return postgres.filled("imported", filling(SAMPLE | REAL)).url


def filling(sources: dict[str, Source]) -> Callable[[Clone], None]:
    """Imports the sources, which are by host, into a database."""

    async def fill(url: str) -> None:
        database = Database(url)
        for host, (name, read, folder) in sources.items():
            async with database.write() as tx:
                await import_publication(tx, host, name, read(folder, datetime.now(UTC)))
        await database.dispose()

    return lambda clone: asyncio.run(fill(clone.url))


@pytest.fixture(scope="session")
def statements() -> Statements:
    """`with statements(database) as log:` collects the SQL that goes to it meanwhile."""

    @contextmanager
    def collected(database: Database) -> Iterator[list[str]]:
        log: list[str] = []

        def record(*call: Any) -> None:
            log.append(call[2])

        event.listen(database.engine.sync_engine, "before_cursor_execute", record)
        try:
            with recorded(lambda sql, _: log.append(sql)):
                yield log
        finally:
            event.remove(database.engine.sync_engine, "before_cursor_execute", record)

    return collected
