"""`masthead schema`: the GraphQL schema in SDL, for codegen tools and for the gate against drift."""

import sys
from difflib import unified_diff
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from app.cli.terminal import progress
from resolvers.schema import schema as graphql_schema


def schema(
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    check: Path | None = None,
) -> None:
    """Print the schema, write it to a file, or check that a file has it.

    Parameters
    ----------
    output
        Write to this file instead.
    check
        Compare with this file; exit status 1 and the difference when it has drifted.
    """
    sdl = f"{graphql_schema.as_str()}\n"
    if check is not None:
        _compare(check, sdl)
    elif output is not None:
        output.write_text(sdl, encoding="utf-8")
    else:
        sys.stdout.write(sdl)


def _compare(file: Path, sdl: str) -> None:
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    if kept == sdl:
        return
    drift = unified_diff(kept.splitlines(), sdl.splitlines(), str(file), "the code", lineterm="")
    for line in drift:
        progress(line)
    progress(f"{file} has drifted from the code: run `make schema`")
    sys.exit(1)
