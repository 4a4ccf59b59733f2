"""What hostile requests take of the processor: run by hand, `python -m tests.engine.hostile.slowest`."""

import sys

from tests.engine.hostile.test_refusals import TIMED, seconds

RUNS = 9


def main() -> None:
    times = {name: min(seconds(case) for _ in range(RUNS)) * 1_000 for name, case in TIMED.items()}
    for name in sorted(times, key=lambda name: -times[name]):
        sys.stdout.write(f"{times[name]:6.1f} ms  {name}\n")


if __name__ == "__main__":
    main()
