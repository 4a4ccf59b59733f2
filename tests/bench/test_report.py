from bench.figures import Sample, summary
from bench.report import BEGIN, COLUMNS, END, document, markdown, rows

FAST = Sample(rps=1000, p50_ms=7.51, p99_ms=12.34, cpu_ms=0.615, rss_mb=101.6)
SLOW = Sample(rps=25, p50_ms=300, p99_ms=400.06, cpu_ms=35, rss_mb=90)


def test_the_rows_begin_with_the_fastest_server() -> None:
    samples = {"stock": [SLOW], "masthead": [FAST]}
    figures = {name: summary(rounds) for name, rounds in samples.items()}
    assert rows(samples, figures) == [
        ("masthead", "1,000", "1,000–1,000", "1.00", "7.5", "12.3", "0.61", "102"),
        ("stock", "25", "25–25", "40.00", "300.0", "400.1", "35.00", "90"),
    ]


def test_a_row_has_a_cell_a_column() -> None:
    [row] = rows({"masthead": [FAST]}, {"masthead": summary([FAST])})
    assert len(row) == len(COLUMNS)


def test_a_table_in_markdown() -> None:
    assert markdown(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    text = f"Before\n\n{BEGIN}\nold\n{END}\n\nAfter\n"
    facts, tables, plots = {"cores": "2"}, {"feed": "| a |"}, {"feed": "feed.svg"}
    written = document(text, facts, tables, plots)
    assert written == (
        f"Before\n\n{BEGIN}\n\nMeasured: cores 2.\n\n### feed\n\n![feed](feed.svg)\n\n| a |\n\n"
        f"{END}\n\nAfter\n"
    )
    assert document(written, facts, tables, plots) == written
