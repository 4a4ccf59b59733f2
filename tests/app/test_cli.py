"""The command, in this process, against a real database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import cli, main
from app.cli.schema import schema
from db import preflight
from db.errors import ConfigurationError
from resolvers.schema import schema as graphql_schema

SDL = f"{graphql_schema.as_str()}\n"


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """A small source of our own."""
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "first.md").write_text("+++\ntitle = 'First'\ndate = 2020-01-01\n+++\nHello\n")
    (folder / "second.md").write_text(
        "+++\ntitle = 'Second'\ndate = 2020-01-02\nodd = 1\n+++\nBye\n"
    )
    return folder


def masthead(*arguments: str) -> int | str | None:
    """The exit status of `masthead ARGUMENTS`."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    cli(["--help"], result_action="return_value")
    shown = capsys.readouterr().out
    for command in ("serve", "worker", "migrate", "schema", "import", "explain", "doctor"):
        assert f"│ {command} " in shown


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    schema()
    assert capsys.readouterr().out == SDL


def test_the_schema_is_written_and_found_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"
    schema(output=file)
    assert file.read_text() == SDL
    schema(check=file)


def test_a_schema_that_has_drifted_is_shown_with_the_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "schema.graphql"
    file.write_text(SDL.replace("type Query", "type Inquiry", 1))
    with pytest.raises(SystemExit) as ended:
        schema(check=file)
    shown = capsys.readouterr().err.splitlines()
    assert ended.value.code == 1
    assert [line for line in shown if line.startswith(("-type", "+type"))] == [
        next(line for line in shown if line.startswith("-type Inquiry")),
        next(line for line in shown if line.startswith("+type Query")),
    ]
    assert shown[-1] == f"{file} has drifted from the code: run `make schema`"


def test_a_schema_is_read_as_utf_8_in_every_locale(tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"
    file.write_text(f"{SDL}# caf\u00e9\n", encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "schema", "--check", file],
        env=os.environ | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 1
    assert checked.stderr.endswith(f"{file} has drifted from the code: run `make schema`\n")


def test_an_import_reports_what_came_in_and_what_did_not(
    posts: Path,
    tmp_path: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    file = tmp_path / "report.json"
    arguments = ["import", "markdown", str(posts), "--host", "my.test", "--report", str(file)]
    assert masthead(*arguments, "--title", "Mine") in (0, None)
    report = json.loads(file.read_text())
    assert report["host"] == "my.test"
    assert report["counts"]["post"] == {"created": 2, "updated": 0, "unchanged": 0}
    assert ("second.md", "front matter `odd`", True) in {
        (note["place"]["file"], note["element"], note["dropped"]) for note in report["notes"]
    }
    shown = capsys.readouterr().out
    assert "│ post        │ 2       │ 0       │ 0         │" in shown
    assert "dropped second.md:4 front matter `odd`: " in shown

    assert masthead(*arguments) in (0, None)
    assert json.loads(file.read_text())["counts"]["post"] == {
        "created": 0,
        "updated": 0,
        "unchanged": 2,
    }


def test_a_broken_source_names_the_place_and_imports_nothing(
    posts: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    (posts / "broken.md").write_text("+++\ntitle = 'Broken\n+++\n")
    assert masthead("import", "markdown", str(posts), "--host", "my.test") == 1
    shown = capsys.readouterr().err.splitlines()[-1]
    assert shown == 'masthead: broken.md:3: broken TOML: Expected "\'"'
    assert not preflight.has_publication(database_url)


@pytest.mark.parametrize("former", [None, "of the last time"])
def test_an_import_that_fails_leaves_the_report_as_it_was(
    former: str | None,
    posts: Path,
    tmp_path: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    (posts / "broken.md").write_text("+++\ntitle = 'Broken\n+++\n")
    file = tmp_path / "report.json"
    if former is not None:
        file.write_text(former)
    arguments = ["import", "markdown", str(posts), "--host", "my.test", "--report", str(file)]
    assert masthead(*arguments) == 1
    assert (file.read_text() if file.exists() else None) == former


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere", "--host", "my.test"], "nowhere does not exist"),
        ([".", "--host", "my test"], "'my test' is not a host name."),
        (
            [".", "--host", "my.test", "--report", "/no/where"],
            "/no/where: No such file or directory",
        ),
    ],
)
def test_a_wrong_argument_of_an_import_is_one_line(
    arguments: list[str],
    complaint: str,
    posts: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(posts)
    assert masthead("import", "markdown", *arguments) == 1
    assert capsys.readouterr().err.strip() == f"masthead: {complaint}"


def test_the_two_roles_of_a_database_are_told_apart(database_url: str, owner_url: str) -> None:
    application, owner = preflight.inspect(database_url), preflight.inspect(owner_url)
    assert application.role != owner.role
    assert (application.superuser, application.bypasses_rls) == (False, False)
    assert application.major == owner.major >= preflight.OLDEST_MAJOR


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        (
            "postgresql+psycopg://blog:secret@127.0.0.1:1/blog?application_name=secret",
            "cannot connect to postgresql+psycopg://blog:***@127.0.0.1:1/blog: connection to server at"
            ' "127.0.0.1", port 1 failed: Connection refused',
        ),
        (
            "postgresql+psycopg://blog:secret@127.0.0.1:http/blog",
            "the database's URL cannot be read: it must be"
            " postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE, special characters as %40 for @",
        ),
        (
            "postgresql+psycopg://blog:secret@127.0.0.1/blog?nonsense=secret",
            "cannot connect to postgresql+psycopg://blog:***@127.0.0.1/blog:"
            ' invalid connection option "nonsense"',
        ),
    ],
)
def test_a_database_that_cannot_be_reached_is_one_line_without_secrets(
    url: str, complaint: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        preflight.inspect(url)
    assert str(refused.value) == complaint


@pytest.mark.parametrize(
    ("settings", "finding"),
    [
        ({}, "ok    mail: in files, in {folder}/mail\n"),
        (
            {
                "MASTHEAD_SMTP_URL": "smtps://user:secret@mail.example",
                "MASTHEAD_MAIL_FROM": "The Blog <blog@masthead.test>",
            },
            "ok    mail: by mail.example port 465, from The Blog <blog@masthead.test>\n",
        ),
        (
            {"MASTHEAD_PROFILE": "production"},
            "fault mail: MASTHEAD_SMTP_URL is not set: no mail can be sent\n"
            "      → set it, and MASTHEAD_MAIL_FROM; see docs/accounts.md\n",
        ),
    ],
)
def test_the_doctor_says_where_mail_goes(
    settings: dict[str, str],
    finding: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MASTHEAD_DATA_DIR", str(tmp_path))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    masthead("doctor")
    shown = capsys.readouterr().out
    assert finding.format(folder=tmp_path) in shown
    assert "secret" not in shown


@pytest.fixture
def production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Almost all that production needs, and nothing of this machine's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("MASTHEAD_PROFILE", "production")
    monkeypatch.setenv("MASTHEAD_PUBLIC_URL", "https://blog.test")
    monkeypatch.setenv("MASTHEAD_CORS_ORIGINS", "*")


@pytest.mark.usefixtures("production")
def test_production_does_not_start_with_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert masthead("serve") == 1
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (
        "",
        "masthead: MASTHEAD_SECRET_KEYS must be set in production; "
        "MASTHEAD_CORS_ORIGINS must name its origins in production, not *\n",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("production")
def test_the_doctor_shows_what_production_does_not_start_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "documents.json").write_text('{"a": "{ missing }"}')
    monkeypatch.setenv("MASTHEAD_DOCUMENTS", "documents.json")
    monkeypatch.setenv("MASTHEAD_GRAPHIQL", "true")
    assert masthead("doctor") == 1
    shown = capsys.readouterr().out.splitlines()
    assert [line for line in shown if " profile: " in line] == [
        "fault profile: MASTHEAD_SECRET_KEYS must be set in production",
        "fault profile: MASTHEAD_CORS_ORIGINS must name its origins in production, not *",
        "ok    profile: MASTHEAD_GRAPHIQL is on, which production usually has not",
    ]
    assert (
        "fault trusted documents: MASTHEAD_DOCUMENTS: "
        "a: Cannot query field 'missing' on type 'Query'. (line 1, column 3)"
    ) in shown
