"""How the time of rendering grows with hostile input: run by hand, `python -m tests.content.linearity`.

Prints the inputs whose time for twice the size is over 2.5 times, or over 20 microseconds a character.
"""

import contextlib
import sys
from time import process_time

from content import NestingTooDeep, render
from tests.content.hostile import INPUTS

SIZE = 200_000


def seconds(markdown: str) -> float:
    """Processor time for rendering `markdown`, the better of two runs."""
    return min(timed(markdown), timed(markdown))


def timed(markdown: str) -> float:
    start = process_time()
    with contextlib.suppress(NestingTooDeep):
        render(markdown)
    return process_time() - start


def main() -> None:
    for name, make in INPUTS.items():
        once, twice = seconds(make(SIZE)), seconds(make(2 * SIZE))
        if twice > 2.5 * once + 0.1 or twice > 20e-6 * 2 * SIZE:
            sys.stdout.write(f"{name:40} {once:8.3f} s {twice:8.3f} s\n")


if __name__ == "__main__":
    main()
