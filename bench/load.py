"""The load generator: a process of Node that sends requests over a few connections (peers/load.mjs)."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.processes import NODE, PEERS, Failed, end

DEFAULTS = {"connections": 8, "seconds": 60}


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load; `cpu_ms` is the generator's own CPU time a request.

    `statuses` counts the answers by HTTP status, `sizes` are the different lengths of their bodies.
    """

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    statuses: dict[str, int]
    sizes: list[int]

    @property
    def rps(self) -> float:
        return self.requests / self.seconds


class Generator:
    """Sends one load at a time; several generators may work at once."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, url: str, *bodies: str, **more: Any) -> Load:
        """Sends the bodies in turn; `more` is what else peers/load.mjs takes."""
        self.start(url, *bodies, **more)
        return self.finish()

    def start(self, url: str, *bodies: str, **more: Any) -> None:
        wanted = DEFAULTS | {"url": url, "bodies": bodies} | more
        assert self._process.stdin  # noqa: S101 - for mypy
        print(json.dumps(wanted), file=self._process.stdin, flush=True)

    def finish(self) -> Load:
        """Waits for the end of what was started."""
        assert self._process.stdout  # noqa: S101 - for mypy
        line = self._process.stdout.readline()
        if not line:
            raise Failed("a connection broke: see the lines above")
        return Load(**json.loads(line))


@contextmanager
def generating() -> Iterator[Generator]:
    """A generator, there for the time of the block."""
    command = [NODE, PEERS / "load.mjs"]
    with subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield Generator(process)
        finally:
            end(process)


def require_same(load: Load) -> Load:
    """The load, all of whose answers were successes of one size. Raises Failed otherwise."""
    if set(load.statuses) != {"200"} or len(load.sizes) != 1:
        raise Failed(f"answers by status: {load.statuses}, by size: {load.sizes[:10]}")
    return load
