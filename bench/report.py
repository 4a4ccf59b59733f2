"""The figures in words: tables for the terminal and for docs/performance.md."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from subprocess import check_output

from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.cli.terminal import output
from bench.checks import Check
from bench.figures import Figures, Sample, quartiles
from bench.processes import NODE

DOCUMENT = Path("docs/performance.md")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
COLUMNS = ("server", "requests/s", "quartiles", "÷", "p50 ms", "p99 ms", "CPU ms", "MB")
CHECKS = ("check", "found", "target", "met")

Row = Sequence[str]


def machine() -> dict[str, str]:
    """Where and when the figures were measured."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Node": check_output([NODE, "--version"], text=True).strip().removeprefix("v"),  # noqa: S603
        "strawberry-graphql": version("strawberry-graphql"),
        "graphql-core": version("graphql-core"),
        "psycopg": version("psycopg"),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "?")


def rows(samples: Mapping[str, Sequence[Sample]], figures: Mapping[str, Figures]) -> list[Row]:
    """One row a server, the fastest first; `÷` is how many times as fast Masthead is."""
    own = figures["masthead"]["rps"]
    ordered = sorted(samples, key=lambda name: -figures[name]["rps"])
    return [
        (name, *_numbers(own / figures[name]["rps"], figures[name], quartiles(samples[name])))
        for name in ordered
    ]


def _numbers(ratio: float, server: Figures, around: tuple[float, float]) -> Row:
    return (
        f"{server['rps']:,.0f}",
        f"{around[0]:,.0f}–{around[1]:,.0f}",
        f"{ratio:.2f}",
        f"{server['p50_ms']:.1f}",
        f"{server['p99_ms']:.1f}",
        f"{server['cpu_ms']:.2f}",
        f"{server['rss_mb']:.0f}",
    )


def check_rows(checks: Iterable[Check]) -> list[Row]:
    return [
        (check.name.replace("_", " "), check.found, check.target, "yes" if check.met else "no")
        for check in checks
    ]


def show(title: str, columns: Row, lines: Iterable[Row]) -> None:
    """Prints a table."""
    table = Table(
        *columns, title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for line in lines:
        table.add_row(*line)
    output.print(table)


def markdown(columns: Row, lines: Iterable[Row]) -> str:
    ruled = [columns, ["---"] * len(columns), *lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in ruled)


def document(
    text: str, facts: Mapping[str, str], tables: Mapping[str, str], plots: Mapping[str, str]
) -> str:
    """`text` with what stands between its two marks replaced by the tables, each below its plot."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    described = ", ".join(f"{name} {value}" for name, value in facts.items())
    parts = [f"Measured: {described}."]
    for title, table in tables.items():
        plot = [f"![{title}]({plots[title]})"] if title in plots else []
        parts += [f"### {title}", *plot, table]
    return before + BEGIN + "\n\n" + "\n\n".join(parts) + "\n\n" + END + after
