"""Plots of the requests per second, as SVG."""

from collections.abc import Mapping
from pathlib import Path

import pygal
from pygal.style import CleanStyle

from bench.figures import Figures

STYLE = CleanStyle(
    background="white", plot_background="white", colors=("#2f6f8f",), value_font_size=12
)


def bars(title: str, servers: Mapping[str, Figures], file: Path) -> None:
    """Writes one bar a server, the fastest on top."""
    chart = pygal.HorizontalBar(
        style=STYLE,
        title=f"{title}: requests per second",
        show_legend=False,
        print_values=True,
        value_formatter="{:,.0f}".format,
        height=300,
        width=800,
        # Neither scripts nor names that differ from run to run.
        js=(),
        no_prefix=True,
        disable_xml_declaration=True,
    )
    ordered = sorted(servers, key=lambda name: servers[name]["rps"])
    chart.x_labels = ordered
    chart.add("requests/s", [servers[name]["rps"] for name in ordered])
    file.parent.mkdir(parents=True, exist_ok=True)
    chart.render_to_file(str(file))
