"""What hostile requests take of the processor: run by hand, `python -m tests.engine.hostile.slowest`."""

import sys

from tests.engine.hostile.corpus import REQUESTS
from tests.engine.hostile.test_refusals import seconds

RUNS = 9


def main() -> None:
    times = {
        name: min(seconds(make()) for _ in range(RUNS)) * 1_000 for name, make in REQUESTS.items()
    }
    for name in sorted(times, key=lambda name: -times[name]):
        code = REQUESTS[name]().code or "answered"
        sys.stdout.write(f"{times[name]:6.1f} ms  {code:30}  {name}\n")


if __name__ == "__main__":
    main()
