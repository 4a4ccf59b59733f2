from psycopg.conninfo import conninfo_to_dict

from bench.data import LENGTHS, dsn, texts
from db.embedded import Cluster


def test_the_texts_are_the_same_each_time() -> None:
    assert {kind: texts(kind, 3) for kind in LENGTHS} == {kind: texts(kind, 3) for kind in LENGTHS}


def test_libpq_reads_a_path_with_a_space_and_a_plus() -> None:
    connection = conninfo_to_dict(dsn(Cluster("/a clone/c++").application_url))
    assert connection == {"user": "masthead_app", "dbname": "masthead", "host": "/a clone/c++"}
