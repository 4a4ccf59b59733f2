"""Single properties of Masthead as shipped, each measured against the figure that it must reach."""

import json
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from statistics import median
from time import perf_counter

import httpx

from bench.figures import Figures
from bench.load import Load, Outcome, send
from bench.processes import Program, Server, serving
from bench.queries import QUERIES, Query
from db.embedded import Cluster
from tests.engine.hostile import corpus, masthead
from tests.engine.hostile.slowest import milliseconds

FEED = QUERIES[0]
# The name of the feed's operation: another one each time makes the document another one.
OPERATION = "Feed"

# Seconds from one request of a connection to its next: the neighbour's four, the attacker's one.
STEADY = 0.025
ATTACK = 0.2

# How often the public and somebody signed in take turns.
TURNS = 5


@dataclass(frozen=True, slots=True)
class Check:
    """`figures` as they stand in bench/results.json; `found` and `target` say the same in words."""

    name: str
    figures: Figures
    found: str
    target: str
    met: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """How long the checks take: `patience` bounds in seconds what counts by requests."""

    requests: int
    patience: float
    starts: int
    documents: int
    seconds: float


def gathered(checks: Iterable[Check]) -> tuple[list[Check], Exception | None]:
    """What the checks have found until one fails: that loses nothing of what was measured before."""
    found: list[Check] = []
    try:
        found.extend(checks)
    except Exception as failure:
        return found, failure
    return found, None


@cache
def hostile_bodies() -> tuple[str, ...]:
    """The hostile corpus as requests; some of it is nested deeper than Python writes by itself."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    try:
        requests = [make() for make in (corpus.REQUESTS | masthead.REQUESTS).values()]
        return tuple(
            json.dumps({"query": request.source, "variables": request.variables})
            for request in requests
        )
    finally:
        sys.setrecursionlimit(usual)


def readiness(program: Program, cluster: Cluster, extent: Extent) -> Check:
    """From the start of the process to the first `ready`, PostgreSQL being up."""
    starts = [_start(program, cluster) for _ in range(extent.starts)]
    seconds, cpu = (median(times) for times in zip(*starts, strict=True))
    figures = {"seconds": seconds, "cpu_seconds": cpu}
    found = f"{seconds:.2f} s, {cpu:.2f} s CPU"
    return Check("ready", figures, found, "at most 2 s", seconds <= 2)


def _start(program: Program, cluster: Cluster) -> tuple[float, float]:
    """Seconds, and seconds of CPU."""
    began = perf_counter()
    with serving(program, cluster) as server:
        httpx.get(f"{server.url}/health/ready", timeout=60).raise_for_status()
        return perf_counter() - began, server.cpu_seconds()


def memory(server: Server, extent: Extent) -> Check:
    """The resident memory after a tenth of the requests, and after all of them."""
    tenth = _feed(server, extent.requests // 10, extent.patience / 10)
    early = server.memory("VmRSS")
    rest = _feed(server, extent.requests - tenth.requests, extent.patience * 0.9)
    late = server.memory("VmRSS")
    figures = {
        "requests": tenth.requests + rest.requests,
        "early_mb": early,
        "late_mb": late,
        "growth": late / early - 1,
    }
    found = (
        f"{early:.0f} MB after {tenth.requests:,} requests,"
        f" {late:.0f} MB after {tenth.requests + rest.requests:,}"
    )
    met = late <= 1.05 * early and late <= 150
    return Check("memory", figures, found, "within 5 %, under 150 MB", met)


def _feed(server: Server, requests: int, seconds: float) -> Outcome:
    load = Load(server.url, (FEED.body(),), requests=requests, seconds=seconds)
    return send(load).require_same()


def cold_documents(server: Server, extent: Extent) -> Check:
    """What a document costs that was never seen before: the difference to one that was."""
    load = Load(
        server.url,
        (Query("one", "feed", {"first": 1}).body(),),
        connections=1,
        requests=extent.documents,
    )
    warm = _cpu_ms(server, load)
    cold = _cpu_ms(server, replace(load, unique=OPERATION))
    figures = {"cpu_ms": cold - warm, "warm_ms": warm, "cold_ms": cold}
    found = f"{cold - warm:.2f} ms CPU"
    return Check("cold_documents", figures, found, "at most 10 ms", cold - warm <= 10)


def _cpu_ms(server: Server, load: Load) -> float:
    """The server's CPU time a request, of a load like one that it has just answered."""
    send(load)
    before = server.cpu_seconds()
    done = send(load).require_same()
    return (server.cpu_seconds() - before) / done.requests * 1000


def signed_in(server: Server, extent: Extent, token: str) -> Check:
    """What the feed costs a viewer whom row-level security knows by name, beside the public."""
    public = Load(server.url, (FEED.body(),), seconds=extent.seconds / 4 / TURNS)
    known = replace(public, token=token)
    turns = [(_cpu_ms(server, public), _cpu_ms(server, known)) for _ in range(TURNS)]
    public_ms, known_ms = (median(times) for times in zip(*turns, strict=True))
    rise = known_ms / public_ms - 1
    figures = {"public_ms": public_ms, "signed_in_ms": known_ms, "rise": rise}
    found = f"{known_ms:.2f} ms CPU, {public_ms:.2f} ms for the public"
    return Check("signed_in", figures, found, "at most 15 % more", rise <= 0.15)


def growth(queries: Mapping[str, Mapping[str, Figures]]) -> Check:
    """What five times as many posts cost, from the figures of the comparison."""
    small, large = queries["feed"]["masthead"], queries["feed100"]["masthead"]
    cost = large["cpu_ms"] / small["cpu_ms"]
    figures = {"cpu": cost, "time": small["rps"] / large["rps"]}
    found = f"{cost:.1f} × the CPU, {figures['time']:.1f} × the time"
    met = max(figures.values()) <= 5
    return Check("feed100_to_feed20", figures, found, "at most 5 ×", met)


def hostile_documents() -> Check:
    """What the slowest document of the hostile corpus takes until it is refused."""
    (name, slowest), *_ = milliseconds().items()
    found = f"{slowest:.1f} ms CPU: {name}"
    return Check("hostile_documents", {"cpu_ms": slowest}, found, "at most 50 ms", slowest <= 50)


def neighbour(server: Server, other: Server, extent: Extent) -> Check:
    """What hostile documents do to the answers that another client waits for at the same time.

    Those that are sent to `other` show what the attacker's work does to the machine itself.
    """
    turns = [_beside(server, other, extent.seconds / TURNS) for _ in range(TURNS)]
    alone, attacked, elsewhere = (median(times) for times in zip(*turns, strict=True))
    rise = attacked / alone - 1
    figures = {
        "alone_p99_ms": alone,
        "attacked_p99_ms": attacked,
        "elsewhere_p99_ms": elsewhere,
        "rise": rise,
    }
    found = (
        f"p99 of {alone:.1f} ms alone, {attacked:.1f} ms beside {1 / ATTACK:.0f} attacks a second,"
        f" {elsewhere:.1f} ms when these go to another server"
    )
    return Check("neighbour", figures, found, "at most 20 % more", rise <= 0.2)


def _beside(server: Server, other: Server, seconds: float) -> tuple[float, float, float]:
    """The neighbour's p99: alone, beside attacks, and beside attacks of another server."""
    steady = Load(server.url, (FEED.body(),), connections=4, interval=STEADY, seconds=seconds)
    alone = send(steady).require_same().p99_ms
    return alone, _attacked(steady, server.url), _attacked(steady, other.url)


def _attacked(steady: Load, url: str) -> float:
    hostile = replace(steady, url=url, bodies=hostile_bodies(), connections=1, interval=ATTACK)
    # A process of its own, so that the attacker's work delays the neighbour only in the server.
    with ProcessPoolExecutor(1, get_context("spawn")) as attacker:
        attacking = attacker.submit(send, hostile)
        attacked = send(steady).require_same()
        attacking.result()
    return attacked.p99_ms
