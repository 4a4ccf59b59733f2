"""The example in the engine's README is true."""

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import mypy.api
import pytest

import engine
from tests.engine.parity.runs import agreed

README = Path(engine.__file__).with_name("README.md")
CODE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that the README's code makes."""
    (code,) = CODE.findall(README.read_text(encoding="utf-8"))
    module = ModuleType("readme_example")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(code, str(README), "exec"), module.__dict__)
    return module


def test_the_example_passes_the_strictest_checks(tmp_path: Path) -> None:
    (code,) = CODE.findall(README.read_text(encoding="utf-8"))
    (tmp_path / "example.py").write_text(code)
    report, complaints, status = mypy.api.run(["--strict", str(tmp_path / "example.py")])
    assert (status, complaints) == (0, ""), report


async def test_the_example_runs(example: Any) -> None:
    await example.both()


async def test_the_example_says_the_same_under_both_executors(example: Any) -> None:
    context = {"author_by_id": example.AuthorById()}
    result = await agreed(example.schema, example.query, context=lambda: context)
    assert result.data == {
        "posts": [
            {"title": "Notes", "comments": 2, "author": {"name": "Ada"}},
            {"title": "Bugs", "comments": 0, "author": {"name": "Grace"}},
            {"title": "Engines", "comments": 1, "author": {"name": "Ada"}},
        ]
    }


async def test_stock_execution_asks_author_by_author(example: Any) -> None:
    loader = example.AuthorById()
    await example.schema.execute(example.query, context_value={"author_by_id": loader})
    assert loader.asked == [((1,), None), ((2,), None), ((1,), None)]
