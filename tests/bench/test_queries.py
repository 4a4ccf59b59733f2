from pathlib import Path

import pytest
from graphql import build_schema, parse, print_ast, validate

from bench.processes import PEERS, ROOT
from bench.queries import FOLDER, QUERIES
from tests.contract.operations import operation

DOCUMENTS = sorted({query.source for query in QUERIES})


@pytest.mark.parametrize(
    ("name", "source"), [("PostsByPublication", "home"), ("SinglePostByPublication", "post")]
)
def test_the_pages_are_those_of_the_contract(name: str, source: str) -> None:
    document = parse((FOLDER / f"{source}.graphql").read_text())
    assert definitions(print_ast(document)) == definitions(operation("enterprise", name).text)


def definitions(text: str) -> set[str]:
    return set(map(print_ast, parse(text).definitions))


@pytest.mark.parametrize("source", DOCUMENTS)
@pytest.mark.parametrize("folder", [ROOT, PEERS], ids=["masthead", "peers"])
def test_a_query_is_valid_for_masthead_and_for_its_peers(folder: Path, source: str) -> None:
    types = build_schema((folder / "schema.graphql").read_text())
    assert validate(types, parse((FOLDER / f"{source}.graphql").read_text())) == []
