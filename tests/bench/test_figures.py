import pytest

from bench.figures import Sample, quartiles, ratios, results, summary


def sample(rps: float, memory: float = 100) -> Sample:
    return Sample(rps=rps, p50_ms=1000 / rps, p99_ms=2000 / rps, cpu_ms=500 / rps, rss_mb=memory)


def test_a_summary_has_the_medians_and_the_most_memory() -> None:
    rounds = [sample(100, 90), sample(500, 95), sample(200, 110)]
    assert summary(rounds) == {
        "rps": 200,
        "p50_ms": 5,
        "p99_ms": 10,
        "cpu_ms": 2.5,
        "rss_mb": 110,
    }


def test_quartiles_lie_between_the_rounds() -> None:
    assert quartiles([sample(rps) for rps in (50, 10, 30, 20, 40)]) == (20, 40)


def test_one_round_is_its_own_quartiles() -> None:
    assert quartiles([sample(7)]) == (7, 7)


def test_ratios_divide_by_stock_by_the_ceiling_and_by_the_best_of_node() -> None:
    servers = {
        name: summary([sample(rps)])
        for name, rps in {
            "masthead": 1200,
            "stock": 30,
            "ceiling": 1500,
            "yoga": 600,
            "mercurius": 800,
            "apollo": 400,
            "postgraphile": 300,
        }.items()
    }
    assert ratios(servers) == {"stock": 40, "ceiling": 0.8, "best_node": 1.5}


def test_a_server_that_was_not_measured_has_no_ratio() -> None:
    servers = {name: summary([sample(10)]) for name in ("masthead", "stock", "yoga")}
    assert ratios(servers) == {"stock": 1, "best_node": 1}


def test_results_have_the_figures_of_each_server_and_the_ratios() -> None:
    samples = {"feed": {"masthead": [sample(300), sample(100)], "stock": [sample(10)]}}
    figures = results(samples)
    assert figures.keys() == {"feed"}
    assert figures["feed"].keys() == {"masthead", "stock", "ratios"}
    assert figures["feed"]["masthead"].keys() == {"rps", "p50_ms", "p99_ms", "cpu_ms", "rss_mb"}
    assert figures["feed"]["masthead"]["rps"] == 200
    assert figures["feed"]["ratios"] == {"stock": pytest.approx(20)}
