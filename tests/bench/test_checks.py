import json
from collections.abc import Iterator

import pytest

from bench.checks import Check, gathered, growth, hostile_bodies
from bench.figures import Figures
from bench.processes import Failed
from tests.engine.hostile import masthead
from tests.engine.hostile.corpus import REQUESTS


def figures(rps: float, cpu_ms: float) -> dict[str, Figures]:
    return {"masthead": {"rps": rps, "cpu_ms": cpu_ms}}


@pytest.mark.parametrize(
    ("rps", "cpu_ms", "met"), [(300, 2, True), (200, 2.5, True), (199, 2, False), (300, 3, False)]
)
def test_five_times_the_posts_may_cost_five_times_as_much(
    rps: float, cpu_ms: float, met: bool
) -> None:
    check = growth({"feed": figures(1000, 0.5), "feed100": figures(rps, cpu_ms)})
    assert check.figures == {"cpu": cpu_ms / 0.5, "time": 1000 / rps}
    assert check.met is met


def test_every_request_of_the_hostile_corpus_can_be_sent() -> None:
    bodies = hostile_bodies()
    assert len(bodies) == len(REQUESTS | masthead.REQUESTS)
    assert json.loads(bodies[0])["query"] == next(iter(REQUESTS.values()))().source


def test_a_check_that_fails_loses_nothing_of_those_before() -> None:
    first = Check("first", {}, "found", "target", met=True)
    failure = Failed("no answer")

    def checks() -> Iterator[Check]:
        yield first
        raise failure

    assert gathered(checks()) == ([first], failure)
    assert gathered([first]) == ([first], None)
