"""`make bench` runs where only what it needs is installed."""

import subprocess
import sys

DEVELOPMENT = ("hypothesis", "mypy", "pytest")


def test_it_imports_nothing_that_only_developers_have() -> None:
    program = f"import bench.checks, sys; print([n for n in {DEVELOPMENT} if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
