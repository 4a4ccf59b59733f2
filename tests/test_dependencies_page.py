"""docs/dependencies.md says of each package that the project asks for, once, what it is for."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ASKED_FOR = {"run": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}
HEADINGS = {"run": "To run", "dev": "To develop", "bench": "To measure"}


def named(heading: str) -> list[str]:
    """The packages of the page's section."""
    page = (ROOT / "docs" / "dependencies.md").read_text()
    section = page.partition(f"## {heading} ")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (.+?) \|", section, re.MULTILINE)
    packages = chain.from_iterable(cell.split(", ") for cell in cells)
    return sorted(each for each in packages if each not in {"package", "---", "types-*"})


@pytest.mark.parametrize("part", HEADINGS)
def test_the_page_names_what_the_project_asks_for(part: str) -> None:
    asked_for = {re.split(r"[\[<>=~ ;]", each)[0] for each in ASKED_FOR[part]}
    assert named(HEADINGS[part]) == sorted(
        each for each in asked_for if not each.startswith("types-")
    )
