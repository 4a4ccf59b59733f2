"""`masthead permissions`: who may do what, computed from the schema's permission classes."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from app.cli.terminal import progress
from resolvers.matrix import matrix


def permissions(
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    check: Path | None = None,
) -> None:
    """Print the matrix of roles and actions, write it to a file, or check that a file has it.

    Parameters
    ----------
    output
        Write to this file instead.
    check
        Compare with this file; exit status 1 when it has drifted.
    """
    made = matrix()
    if check is not None:
        if not check.exists() or check.read_text(encoding="utf-8") != made:
            progress(f"{check} has drifted: run `masthead permissions --output {check}`")
            sys.exit(1)
    elif output is not None:
        output.write_text(made, encoding="utf-8")
    else:
        sys.stdout.write(made)
