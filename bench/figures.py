"""From samples to figures: medians, quartiles, ratios, and the form of bench/results.json."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from statistics import median, quantiles

PEERS = ("yoga", "mercurius", "apollo", "postgraphile")


@dataclass(frozen=True, slots=True)
class Sample:
    """One server under one query for one round; CPU and memory are the server process's."""

    rps: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    rss_mb: float


# By query and server; a server without a query is one that cannot express it.
Samples = Mapping[str, Mapping[str, Sequence[Sample]]]
Figures = dict[str, float]


def summary(samples: Sequence[Sample]) -> Figures:
    """The median of each figure over the rounds; of the memory the most."""
    medians = {field.name: median(_column(samples, field.name)) for field in fields(Sample)}
    return medians | {"rss_mb": max(_column(samples, "rss_mb"))}


def quartiles(samples: Sequence[Sample]) -> tuple[float, float]:
    """The lower and the upper quartile of the requests per second."""
    values = _column(samples, "rps")
    if len(values) == 1:
        return values[0], values[0]
    lower, _, upper = quantiles(values, n=4, method="inclusive")
    return lower, upper


def ratios(servers: Mapping[str, Figures]) -> Figures:
    """Masthead's requests per second divided by those of the others, as far as they were measured."""
    best = max((servers[peer]["rps"] for peer in PEERS if peer in servers), default=None)
    others = {name: servers[name]["rps"] for name in ("stock", "ceiling") if name in servers}
    if best is not None:
        others["best_node"] = best
    return {name: servers["masthead"]["rps"] / rps for name, rps in others.items()}


def results(samples: Samples) -> dict[str, dict[str, Figures]]:
    """By query: the figures of each server, and `ratios`."""
    queries = {}
    for query, by_server in samples.items():
        servers = {name: summary(rounds) for name, rounds in by_server.items()}
        queries[query] = servers | {"ratios": ratios(servers)}
    return queries


def _column(samples: Iterable[Sample], name: str) -> list[float]:
    return [asdict(sample)[name] for sample in samples]
