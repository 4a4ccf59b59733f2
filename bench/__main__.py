"""`make bench`: measures everything, prints it, and writes bench/results.json and docs/performance.md."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import orjson

from app.cli.terminal import progress
from bench import checks, plots, report
from bench.answers import require_equal
from bench.checks import Check, Extent
from bench.data import filled
from bench.figures import Samples, results
from bench.processes import PROGRAMS, Failed, serving
from bench.queries import QUERIES
from bench.rounds import Plan, compare
from bench.signing import access_token
from db.embedded import Cluster

RESULTS = Path("bench/results.json")
PLOTS = Path("docs/performance")

THOROUGH = (Plan(5, 4, 5), Extent(200_000, 1200, starts=5, documents=1000, seconds=60))
QUICK = (Plan(2, 0.8, 1), Extent(20_000, 30, starts=1, documents=100, seconds=5))


def main(arguments: Sequence[str]) -> None:
    """Measures; `--quick` takes less time and gives rougher figures."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _unwind)
    plan, extent = QUICK if "--quick" in arguments else THOROUGH
    try:
        with filled() as cluster:
            samples = comparison(cluster, plan)
            found, failed = checks.gathered(properties(cluster, extent))
        publish(samples, found)
        if failed is not None:
            raise failed
    except Failed as failure:
        sys.exit(f"bench: {failure}")


def _unwind(number: int, _frame: object) -> None:
    """Leaves every block in order, so that no process is left behind."""
    sys.exit(128 + number)


def comparison(cluster: Cluster, plan: Plan) -> Samples:
    """All servers under all queries, after all have given the same answers."""
    with ExitStack() as stack:
        progress(f"starting {len(PROGRAMS)} servers")
        servers = [stack.enter_context(serving(program, cluster)) for program in PROGRAMS]
        for query in QUERIES:
            progress(f"comparing the answers: {query.name}")
            require_equal(servers, query)
        return compare(servers, QUERIES, plan, progress)


def properties(cluster: Cluster, extent: Extent) -> Iterator[Check]:
    """The checks of Masthead by itself, in a fresh process."""
    masthead = PROGRAMS[0]
    progress("checking: ready")
    yield checks.readiness(masthead, cluster, extent)
    progress("checking: hostile documents")
    yield checks.hostile_documents()
    with serving(masthead, cluster) as server:
        progress("checking: cold documents")
        yield checks.cold_documents(server, extent)
        progress("checking: neighbour")
        with serving(masthead, cluster) as other:
            yield checks.neighbour(server, other, extent)
        progress("checking: memory")
        yield checks.memory(server, extent)
        progress("checking: signed in")
        yield checks.signed_in(server, extent, access_token(server, cluster))


def publish(samples: Samples, found: list[Check]) -> None:
    queries = results(samples)
    found = [*found, checks.growth(queries)]
    facts = report.machine()
    tables = {}
    for query, by_server in samples.items():
        lines = report.rows(by_server, queries[query])
        report.show(query, report.COLUMNS, lines)
        tables[query] = report.markdown(report.COLUMNS, lines)
        servers = {name: queries[query][name] for name in by_server}
        plots.bars(query, servers, PLOTS / f"{query}.svg")
    lines = report.check_rows(found)
    report.show("checks", report.CHECKS, lines)
    tables["checks"] = report.markdown(report.CHECKS, lines)
    properties = {check.name: check.figures | {"met": check.met} for check in found}
    whole = {"machine": facts, "queries": queries, "checks": properties}
    RESULTS.write_bytes(orjson.dumps(whole, option=orjson.OPT_INDENT_2))
    pictures = {query: f"performance/{query}.svg" for query in samples}
    text = report.DOCUMENT.read_text()
    report.DOCUMENT.write_text(report.document(text, facts, tables, pictures))


if __name__ == "__main__":
    main(sys.argv[1:])
