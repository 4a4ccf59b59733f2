"""Work that is done in a process of its own, whose libraries would else stay in our memory."""

import os
import subprocess
import sys


def run_module(module: str, *arguments: str, given: str) -> int:
    """Runs a module of ours, with `given` as its standard input; how it ended, as `subprocess` says.

    Wherever the current folder is, and out of reach of Control-C: that ends us, and `run` then it.
    """
    done = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-P", "-m", module, *arguments],
        input=given,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
        check=False,
    )
    return done.returncode
