"""What the caches let go is gone at once: a garbage collection of plans would keep everybody waiting."""

import gc
import weakref
from pathlib import Path

import pytest
from graphql import DocumentNode

from engine import Engine
from engine.cache import Cache
from resolvers.schema import schema

VARIABLES = {
    "host": "a",
    "slug": "b",
    "postSlug": "b",
    "tagSlug": "b",
    "seriesSlug": "b",
    "first": 1,
    "pageSize": 1,
    "page": 1,
    "id": "c",
    "query": "d",
    "publicationId": "e",
    "ids": ["f"],
}
OPERATIONS = sorted(Path("bench/queries").glob("*.graphql"))


def planned(engine: Engine, source: str) -> weakref.ref[DocumentNode]:
    """Its tree, after it was priced and a plan was made."""
    document = engine.prepare(source)
    chosen = engine._chosen(document, VARIABLES, None)
    assert not isinstance(chosen, list)
    engine._make_plan((document,), chosen.operation, chosen.values)
    return weakref.ref(document.ast)


def forget(engine: Engine) -> None:
    caches: list[Cache[object, object]] = [
        engine._plans,  # type: ignore[list-item]
        engine._choices,  # type: ignore[list-item]
        engine._documents._good,  # type: ignore[list-item]
    ]
    for cache in caches:
        cache._entries.clear()


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_a_plan_leaves_nothing(path: Path) -> None:
    engine = Engine(schema)
    gc.collect()
    gc.disable()
    try:
        tree = planned(engine, path.read_text(encoding="utf-8"))
        assert tree() is not None
        forget(engine)
        assert tree() is None
    finally:
        gc.enable()
