"""The comparison: every server under every query, in interleaved rounds, one server at work at a time."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.figures import Sample, Samples
from bench.load import Load, send
from bench.processes import Server
from bench.queries import Query


@dataclass(frozen=True, slots=True)
class Plan:
    """How many rounds there are, and how many seconds each server is warmed up and measured a query."""

    rounds: int
    warm_up: float
    seconds: float


def compare(
    servers: Sequence[Server],
    queries: Sequence[Query],
    plan: Plan,
    tell: Callable[[str], None],
) -> Samples:
    """The samples of all rounds; a round takes the queries in turn, and for each the servers in turn.

    Each round begins with another server, so that none always follows the same one.

    Raises Failed when a server fails under load.
    """
    for query in queries:
        tell(f"warming up: {query.name}")
        for server in servers:
            measure(server, query, plan.warm_up)
    samples: dict[str, dict[str, list[Sample]]] = defaultdict(lambda: defaultdict(list))
    for number in range(plan.rounds):
        for query in queries:
            tell(f"round {number + 1} of {plan.rounds}: {query.name}")
            for server in rotated(servers, number):
                samples[query.name][server.name].append(measure(server, query, plan.seconds))
    return samples


def rotated(servers: Sequence[Server], by: int) -> list[Server]:
    start = by % len(servers)
    return [*servers[start:], *servers[:start]]


def measure(server: Server, query: Query, seconds: float) -> Sample:
    """One server under one query. Raises Failed when it fails under load."""
    load = Load(server.url, (query.body(server.program.queries),), seconds=seconds)
    server.forget_peak()
    cpu = server.cpu_seconds()
    done = send(load).require_same()
    return Sample(
        rps=done.rps,
        p50_ms=done.p50_ms,
        p99_ms=done.p99_ms,
        cpu_ms=(server.cpu_seconds() - cpu) / done.requests * 1000,
        rss_mb=server.memory("VmHWM"),
    )
