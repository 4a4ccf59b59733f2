from typing import Any

import pytest

from bench.answers import comparable, difference

POST = {"id": "post_1", "publishedAt": "2026-01-31T12:00:00Z", "tags": [{"name": "a"}]}


@pytest.mark.parametrize(
    "moment", ["2026-01-31T12:00:00.000000+00:00", "2026-01-31T13:00:00+01:00"]
)
def test_a_moment_may_be_written_in_any_form(moment: str) -> None:
    assert comparable(POST | {"publishedAt": moment}) == comparable(POST)


def test_another_moment_is_another_answer() -> None:
    other = POST | {"publishedAt": "2026-01-31T12:00:01Z"}
    assert difference(comparable(POST), comparable(other)) is not None


@pytest.mark.parametrize("name", ["cursor", "startCursor", "endCursor"])
def test_of_a_cursor_it_counts_only_that_there_is_one(name: str) -> None:
    assert comparable([{name: "abc"}, {name: None}]) == [{name: True}, {name: False}]


def test_the_order_of_fields_does_not_count() -> None:
    assert difference(POST, dict(reversed(POST.items()))) is None


@pytest.mark.parametrize(
    ("other", "place"),
    [
        (POST | {"id": "post_2"}, "data.id: post_1 and post_2"),
        (POST | {"tags": [{"name": None}]}, "data.tags[0].name: a and None"),
        (POST | {"tags": []}, "data.tags: [{'name': 'a'}] and []"),
        ({"id": "post_1"}, f"data: {POST} and {{'id': 'post_1'}}"),
    ],
)
def test_a_difference_is_named_by_its_place(other: Any, place: str) -> None:
    assert difference(POST, other) == place
