"""docs/security.md promises nothing that no test holds."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
HEADINGS = ("| item |", "| --- |")
ITEMS = [
    line for line in PAGE.splitlines() if line.startswith("|") and not line.startswith(HEADINGS)
]


@cache
def functions_in(file: str) -> set[str]:
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, functions)}


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.split("|")[1].strip())
def test_every_item_names_tests_that_exist(item: str) -> None:
    _, _, _, tests, _ = item.split("|")
    named = NAMED.findall(tests)
    assert named
    assert ", ".join(f"`{file}::{name}`" for file, name in named) == tests.strip()
    assert [name for file, name in named if name not in functions_in(file)] == []


def test_all_items_are_looked_at() -> None:
    assert len(ITEMS) >= 38
    assert len(NAMED.findall(PAGE)) == sum(len(NAMED.findall(item)) for item in ITEMS)


def test_a_test_that_is_gone_would_be_noticed() -> None:
    assert "test_all_items_are_looked_at" in functions_in("tests/test_security_page.py")
    assert "test_that_is_gone" not in functions_in("tests/test_security_page.py")
    assert functions_in("tests/no_such_file.py") == set()
