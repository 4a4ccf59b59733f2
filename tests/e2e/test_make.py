"""What make says on a machine that lacks something, with a PATH of our own making."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("cat", "find", "mkdir", "rm", "sh", "touch")


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for PATH with little in it, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The parts of the tree that setting up reads, in a path with a space."""
    tree = tmp_path / "a tree"
    shutil.copytree(ROOT / "setup", tree / "setup")
    shutil.copy(ROOT / "Makefile", tree)
    (tree / "graphiql").mkdir()
    (tree / "graphiql" / "index.html").touch()
    return tree


def python(
    tools: Path, name: str, version: str, *, has_venv: bool = True, time: int = 1000
) -> None:
    """A Python that claims to be of this version and this slow, as far as it is asked."""
    usable = version.startswith(("3.11.", "3.12.", "3.13.", "3.14."))
    script = f"""#!/bin/sh
case "$*" in
    --version) echo 'Python {version}' ;;
    *) echo {time}; exit {3 if not usable else 0 if has_venv else 4} ;;
esac
"""
    (tools / name).write_text(script)
    (tools / name).chmod(0o755)


def sh(
    tree: Path, tools: Path, *command: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", *command],
        cwd=tree,
        env={"PATH": str(tools), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_help_names_every_target_that_a_person_calls() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets
    assert [line.split()[0] for line in shown.stdout.splitlines()] == targets[1].split()


def test_python3_is_taken_when_it_will_do(tree: Path, tools: Path) -> None:
    python(tools, "python3", "3.12.1")
    python(tools, "python3.11", "3.11.9", time=950)
    assert sh(tree, tools, "setup/python.sh").stdout == f"{tools}/python3\n"


def test_another_python_is_taken_when_it_is_clearly_faster(tree: Path, tools: Path) -> None:
    python(tools, "python3", "3.12.1")
    python(tools, "python3.13", "3.13.2", time=600)
    python(tools, "python3.11", "3.11.9", time=590)
    assert sh(tree, tools, "setup/python.sh").stdout == f"{tools}/python3.13\n"


def test_a_python_that_is_named_is_taken(tree: Path, tools: Path) -> None:
    python(tools, "python3", "3.12.1")
    python(tools, "python3.11", "3.11.9", time=2000)
    done = sh(tree, tools, "setup/python.sh", PYTHON="python3.11")
    assert done.stdout == f"{tools}/python3.11\n"
    done = sh(tree, tools, "setup/python.sh", PYTHON="python9")
    complaint = "Masthead needs Python 3.11 to 3.14, and python9 is missing\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", complaint)


def test_another_python_is_taken_when_python3_is_too_old_or_lacks_pip(
    tree: Path, tools: Path
) -> None:
    python(tools, "python3", "3.9.2")
    python(tools, "python3.13", "3.13.0", has_venv=False)
    python(tools, "python3.11", "3.11.9")
    assert sh(tree, tools, "setup/python.sh").stdout == f"{tools}/python3.11\n"


@pytest.mark.parametrize(
    ("version", "complaint"),
    [
        ("3.10.12", "Masthead needs Python 3.11 to 3.14, and python3 is Python 3.10.12"),
        (
            "3.11.2",
            "{tools}/python3 has no venv module with pip: install it"
            " (Debian, Ubuntu: apt-get install python3-venv)",
        ),
        (None, "Masthead needs Python 3.11 to 3.14, and python3 is missing"),
    ],
)
def test_a_python_that_will_not_do_is_one_line(
    tree: Path, tools: Path, version: str | None, complaint: str
) -> None:
    if version:
        python(tools, "python3", version, has_venv=False)
    done = sh(tree, tools, "setup/venv.sh", "runtime")
    wanted = complaint.format(tools=tools)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{wanted}\n")
    assert not (tree / ".venv").exists()


def test_a_page_that_cannot_be_built_is_tried_again_only_on_demand(tree: Path, tools: Path) -> None:
    (tree / "setup" / "npm.sh").write_text("echo trying; exit 1\n")
    first, second, again = (
        sh(tree, tools, "setup/graphiql.sh", *arguments) for arguments in ([], [], ["again"])
    )
    assert (first.returncode, first.stdout) == (1, "trying\n")
    assert "'make graphiql' tries again" in first.stderr
    assert (second.returncode, second.stdout) == (
        0,
        "The GraphiQL page is not built: 'make graphiql' tries again\n",
    )
    assert (again.returncode, again.stdout) == (1, "trying\n")


def test_a_page_is_built_once(tree: Path, tools: Path) -> None:
    (tree / "setup" / "npm.sh").write_text(
        "echo building; mkdir -p graphiql/dist; touch graphiql/dist/index.html\n"
    )
    assert sh(tree, tools, "setup/graphiql.sh").stdout == "building\n"
    assert sh(tree, tools, "setup/graphiql.sh").stdout == ""
