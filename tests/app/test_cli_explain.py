"""`masthead explain`, in this process, on the sample publication."""

import re
from pathlib import Path

import pytest
from rich.console import Console

from app.cli import main

VARIABLES = '{"host": "sample.masthead.test"}'
DOCUMENT = """
query Titles($host: String!) {
  publication(host: $host) { title posts(first: 4) { nodes { title tags { name } } } }
}
query Failing {
  publication(host: "sample.masthead.test") { posts(first: 1, after: "?") { nodes { id } } }
}
mutation Change { unsubscribeFromNewsletter(input: {publicationId: "x", email: "y"}) { status } }
"""
# Times are T.T, and of statements only the first word stands here.
DRAWN = """\
query Titles                                                           parents  keys   rows       ms
├── level 1                                                                                      T.T
│   ├── publication                                                          1            1      T.T
│   └── batch 1 SELECT                                                                    1      T.T
├── level 2                                                                                      T.T
│   ├── publication.posts                                                    1     1      1      T.T
│   ├── publication.posts.nodes                                              1            4      T.T
│   └── batch 2 SELECT                                                                    5      T.T
├── level 3                                                                                      T.T
│   ├── publication.posts.nodes.tags                                         4     4      9      T.T
│   └── batch 3 SELECT                                                                    9      T.T
└── actual cost 23, static cost 54, limit 50,000
"""


@pytest.fixture
def document(tmp_path: Path) -> str:
    """The path of DOCUMENT."""
    file = tmp_path / "document.graphql"
    file.write_text(DOCUMENT)
    return str(file)


@pytest.fixture(autouse=True)
def sample(sample_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample publication's database, and a terminal of 100 columns."""
    monkeypatch.setenv("DATABASE_URL", sample_database)
    set_columns(monkeypatch, 100)


def set_columns(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setattr("app.cli.explain.output", Console(soft_wrap=True, width=columns))


def explain(*arguments: str) -> int | str | None:
    """The exit status of `masthead explain ARGUMENTS`."""
    with pytest.raises(SystemExit) as ended:
        main(["explain", *arguments])
    return ended.value.code


def simplified(drawn: str) -> str:
    """What was drawn, as DRAWN has it."""
    lines = (line.rstrip() for line in drawn.splitlines(keepends=False) if "──" in line[:8])
    text = "\n".join([drawn.splitlines()[0].rstrip(), *lines]) + "\n"
    text = re.sub(r" +\d+\.\d$", lambda time: "T.T".rjust(len(time[0])), text, flags=re.M)
    return re.sub(r"SELECT .+?(?=  )", lambda sql: "SELECT".ljust(len(sql[0])), text)


def test_a_query_is_drawn_as_a_tree(document: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(document, "--operation", "Titles", "--variables", VARIABLES) == 0
    assert simplified(capsys.readouterr().out) == DRAWN


@pytest.mark.parametrize(("arguments", "whole"), [([], False), (["--sql"], True)])
def test_statements_are_whole_when_asked_for(
    arguments: list[str], whole: bool, document: str, capsys: pytest.CaptureFixture[str]
) -> None:
    explain(document, "--operation", "Titles", "--variables", VARIABLES, *arguments)
    drawn = capsys.readouterr().out
    assert ("…" not in drawn, "publications.host = $1" in drawn) == (whole, whole)


def test_variables_may_be_in_a_file(
    document: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "variables.json"
    file.write_text(VARIABLES)
    assert explain(document, "--operation", "Titles", "--variables", str(file)) == 0
    assert simplified(capsys.readouterr().out) == DRAWN


@pytest.mark.parametrize("columns", [60, 80, 120, 300])
def test_the_tree_is_no_wider_than_the_terminal(
    columns: int,
    document: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_columns(monkeypatch, columns)
    explain(document, "--operation", "Titles", "--variables", VARIABLES)
    widths = {len(line) for line in capsys.readouterr().out.splitlines()}
    assert max(widths) <= min(columns, 120)


def test_a_field_that_fails_is_drawn_and_is_a_failure(
    document: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(document, "--operation", "Failing") == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "├── failed: publication.posts: This cursor is not one that this list has given out.",
        "└── actual cost 4, static cost 7, limit 50,000",
    ]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "Must provide operation name if query contains multiple operations."),
        (["--operation", "No"], "Unknown operation named 'No'."),
        (["--operation", "Change"], "only queries are explained, and this is a mutation"),
        (
            ["--operation", "Titles"],
            "Variable '$host' has invalid value: Expected a value of non-null type 'String!' to be"
            " provided. (line 2, column 14)",
        ),
        (["--variables", "[1]"], "the variables must be a JSON object"),
        (
            ["--variables", "{1"],
            "the variables are not valid JSON: unexpected character, expected a string key:"
            " line 1 column 2 (char 1)",
        ),
        (["--variables", "nowhere"], "nowhere: No such file or directory"),
    ],
)
def test_wrong_arguments_are_one_line(
    arguments: list[str], complaint: str, document: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(document, *arguments) == 1
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"masthead: {complaint}\n")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{ nothing }", "Cannot query field 'nothing' on type 'Query'. (line 1, column 3)"),
        (b"{", "Syntax Error: Expected Name, found <EOF>. (line 1, column 2)"),
        (b"\xff", "document.graphql: it is not valid UTF-8"),
    ],
)
def test_a_wrong_document_is_one_line(
    content: bytes, complaint: str, document: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(document).write_bytes(content)
    assert explain(document) == 1
    shown = capsys.readouterr()
    assert (shown.out, shown.err.endswith(f"{complaint}\n")) == ("", True)


def test_no_database_is_made_to_explain_on(
    document: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("MASTHEAD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    assert explain(document, "--operation", "Failing") == 1
    complaint = f"there is no database yet in {tmp_path / 'data'}"
    assert capsys.readouterr().err == f"masthead: {complaint}\n"
    assert not (tmp_path / "data").exists()
