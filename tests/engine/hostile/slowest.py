"""What hostile requests take of the processor: `python -m tests.engine.hostile.slowest` lists it."""

import sys
from operator import itemgetter

from tests.engine.hostile.cases import TIMED, seconds

RUNS = 3


def milliseconds() -> dict[str, float]:
    """By name, the slowest first."""
    times = {name: min(seconds(case) for _ in range(RUNS)) * 1_000 for name, case in TIMED.items()}
    return dict(sorted(times.items(), key=itemgetter(1), reverse=True))


def main() -> None:
    for name, time in milliseconds().items():
        sys.stdout.write(f"{time:6.1f} ms  {name}\n")


if __name__ == "__main__":
    main()
