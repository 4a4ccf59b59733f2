"""Typed clients come out of schema.graphql, and they fit the server."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "schema.graphql"
CLIENTS = Path(__file__).parent / "clients"
OWN = CLIENTS / "operations"
CONTRACT = ROOT.parent / "shared" / "contract" / "operations"
CODEGEN = ROOT / ".cache" / "codegen" / "bin"
SAMPLE = "sample.masthead.test"

Run = Callable[..., str]

absent = pytest.mark.skipif(not CONTRACT.is_dir(), reason="../shared/contract is not here")
# Each by itself: two of them name their fragments alike.
themes = pytest.mark.parametrize(
    "theme", [pytest.param(name, marks=absent) for name in ("enterprise", "personal")]
)


@pytest.fixture(scope="session")
def codegen() -> Path:
    """The folder of ariadne-codegen and of the Python that has what its clients import.

    It lives apart because it needs another major version of graphql-core than the server.
    """
    if not (CODEGEN / "ariadne-codegen").exists():
        pytest.fail("ariadne-codegen is missing: `make setup` installs it")
    return CODEGEN


def typescript(operations: Path, output: Path, node: str, clients: Path, run: Run) -> None:
    """Generates into `output` and type-checks everything there."""
    (output / "node_modules").symlink_to(clients / "node_modules")
    run(node, clients / "generate.mjs", SCHEMA, operations, output)
    compiler = clients / "node_modules" / "typescript" / "bin" / "tsc"
    flags = ("--noEmit", "--strict", "--module", "esnext", "--moduleResolution", "bundler")
    run(node, compiler, *flags, *sorted(output.glob("*.ts")), cwd=output)


def python(operations: Path, output: Path, codegen: Path, run: Run) -> None:
    """Generates the package `generated_client` into `output`."""
    (output / "schema.graphql").symlink_to(SCHEMA)
    (output / "operations").symlink_to(operations)
    run(codegen / "ariadne-codegen", "--config", CLIENTS / "ariadne.toml", cwd=output)


def ask(server: str, operation: str, variables: dict[str, Any]) -> Any:
    """The data of one of our own operations, asked for without a generated client."""
    document = "".join(path.read_text() for path in sorted(OWN.glob("*.graphql")))
    body = {"query": document, "operationName": operation, "variables": variables}
    answer = httpx.post(f"{server}/graphql", json=body).raise_for_status().json()
    assert "errors" not in answer
    return answer["data"]


def operations_in(folder: Path) -> int:
    documents = (path.read_text() for path in folder.rglob("*.graphql"))
    return sum(len(re.findall(r"^(?:query|mutation) ", text, re.M)) for text in documents)


def test_typescript_is_as_strict_as_the_schema(
    tmp_path: Path, node: str, clients: Path, run: Run
) -> None:
    (tmp_path / "usage.ts").write_text((clients / "usage.ts").read_text())
    typescript(OWN, tmp_path, node, clients, run)


@themes
def test_typescript_for_a_theme(
    theme: str, tmp_path: Path, node: str, clients: Path, run: Run
) -> None:
    typescript(CONTRACT / theme, tmp_path, node, clients, run)
    generated = (tmp_path / "graphql.ts").read_text()
    assert generated.count("Document = ") == operations_in(CONTRACT / theme) > 0


@themes
def test_python_for_a_theme(theme: str, tmp_path: Path, codegen: Path, run: Run) -> None:
    python(CONTRACT / theme, tmp_path, codegen, run)
    run(codegen / "python", "-c", "import generated_client", cwd=tmp_path)


def test_the_python_client_reads_from_the_server(
    server: str, tmp_path: Path, codegen: Path, run: Run
) -> None:
    python(OWN, tmp_path, codegen, run)
    script = tmp_path / "feed.py"
    script.write_text((CLIENTS / "feed.py").read_text())
    read = json.loads(run(codegen / "python", script, f"{server}/graphql", SAMPLE))
    feed = ask(server, "Feed", {"host": SAMPLE, "first": 3})
    [first, *_] = feed["publication"]["posts"]["edges"]
    article = ask(server, "Article", {"host": SAMPLE, "slug": first["node"]["slug"]})
    assert read == {"feed": feed, "article": article}
