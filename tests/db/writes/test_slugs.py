"""Unique slugs."""

from hypothesis import given
from hypothesis import strategies as st

from db.writes.slugs import LENGTH, Slugs, segment

WISHES = st.lists(st.sampled_from(["a", "a-2", "a-3", "b", "a-2-2", "B"]), max_size=30)


def test_neighbours_get_numbers() -> None:
    slugs = Slugs(["a"])
    assert [slugs.claim(wish) for wish in ("a", "a", "b", "a-2")] == ["a-2", "a-3", "b", "a-2-2"]


def test_a_slug_stays_while_its_number_is_needed() -> None:
    assert Slugs(["a", "a-2", "a-3"]).claim("a", current="a-3") == "a-3"
    assert Slugs(["a-3"]).claim("a", current="a-3") == "a"
    assert Slugs(["a", "b"]).claim("a", current="b") == "a-2"


def test_a_slug_that_fell_free_is_not_given_away() -> None:
    slugs = Slugs(["old"])
    assert slugs.claim("new", current="old") == "new"
    assert slugs.claim("old") == "old-2"


@given(WISHES, WISHES)
def test_slugs_are_unique_and_stable(taken: list[str], wishes: list[str]) -> None:
    slugs = Slugs(taken)
    claimed = [slugs.claim(wish) for wish in wishes]
    assert len({*taken, *claimed}) == len({*taken}) + len(claimed)
    assert all(
        slug == wish or slug.startswith(f"{wish}-")
        for slug, wish in zip(claimed, wishes, strict=True)
    )
    again = Slugs([*taken, *claimed])
    assert [again.claim(*pair) for pair in zip(wishes, claimed, strict=True)] == claimed


@given(st.text())
def test_a_segment_fits_the_tables(wish: str) -> None:
    made = segment(wish, "post")
    assert made
    assert len(made) <= LENGTH
    assert not any(character.isspace() or character == "/" for character in made)
    assert segment(made, "post") == made
