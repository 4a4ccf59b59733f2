"""Ids: their form, their order, and that none tells of another."""

import time
from itertools import pairwise

from db.ids import new_id, prefix_of, uuid7


def test_an_id_names_its_type_and_is_a_uuid_of_version_7() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000
    assert new_id("post").startswith("post_")


def test_ids_of_one_millisecond_share_only_the_time() -> None:
    made = [uuid7().int & ((1 << 62) - 1) for _ in range(2_000)]
    near = [abs(a - b) < 1 << 40 for a, b in pairwise(made)]
    assert not any(near)
    assert len(set(made)) == len(made)


def test_the_prefix_of_a_string() -> None:
    assert prefix_of(new_id("draft")) == "draft"
    assert prefix_of("draft") == "draft"
    assert prefix_of("nonsense_1") is None
    assert prefix_of("") is None
