"""The database of every measurement: 50,000 posts, 200,000 comments, 5,000 users, always the same."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psycopg
from sqlalchemy import make_url

from db.embedded import Cluster, running
from db.migrations import upgrade
from db.revisions import status

FOLDER = Path(".cache/bench/data")
FILL = Path(__file__).with_name("data.sql")

WORDS = Path(__file__).with_name("words.txt")
# How many words the texts of each kind have, at least and at most.
LENGTHS = {"title": (4, 8), "brief": (12, 20), "comment": (4, 9), "paragraph": (50, 90)}


@contextmanager
def filled() -> Iterator[Cluster]:
    """A running server with the whole data; kept between runs, made again when its definition changes."""
    with running(FOLDER) as cluster:
        definition = _definition()
        if _filled_by(cluster) != definition:
            _fill(cluster, definition)
        yield cluster


def texts(kind: str, count: int = 500) -> list[str]:
    """Sentences of a length that is usual for the kind; the same ones each time."""
    random = Random(kind)  # noqa: S311 - sample texts
    words = WORDS.read_text().split()
    shortest, longest = LENGTHS[kind]
    return [
        " ".join(random.choices(words, k=random.randint(shortest, longest))).capitalize()
        for _ in range(count)
    ]


def dsn(url: str) -> str:
    """A SQLAlchemy URL as libpq and Node's drivers take it, to whom a plus is no space."""
    rendered = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return rendered.replace("+", "%20")


def _definition() -> str:
    parts = [FILL, WORDS, Path(__file__)]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def _filled_by(cluster: Cluster) -> str | None:
    """The definition of what is there; None when that is nothing, or of another schema."""
    if not status(cluster.owner_url).up_to_date:
        return None
    with psycopg.connect(dsn(cluster.owner_url)) as connection:
        (comment,) = connection.execute(
            "select obj_description('public'::regnamespace, 'pg_namespace')"
        ).fetchone() or (None,)
    return str(comment)


def _fill(cluster: Cluster, definition: str) -> None:
    with psycopg.connect(dsn(cluster.superuser_url), autocommit=True) as connection:
        connection.execute("drop database masthead with (force)")
        connection.execute("create database masthead owner masthead_owner")
    upgrade(cluster.owner_url, "masthead_app")
    with psycopg.connect(dsn(cluster.owner_url), autocommit=True) as connection:
        with connection.transaction():
            _copy_texts(connection)
            connection.execute(FILL.read_bytes())
            connection.execute(f"comment on schema public is '{definition}'".encode())
        connection.execute("vacuum analyze")


def _copy_texts(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute("create temporary table texts (kind text, number bigint, text text)")
    with connection.cursor().copy("copy texts from stdin") as copy:
        for kind in LENGTHS:
            for row in enumerate(texts(kind)):
                copy.write_row((kind, *row))
    connection.execute("create index on texts (kind, number) include (text)")
    connection.execute("analyze texts")
