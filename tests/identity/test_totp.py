"""Codes of authenticator apps: when they are right, and of which step."""

from datetime import UTC, datetime

import pytest

from identity.totp import address_of, new_seed, step_of

# The seed and the moments of RFC 6238, appendix B: the last six of its eight digits.
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")]


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert step_of(SEED, code, at(seconds)) == seconds // 30


@pytest.mark.parametrize(
    ("early", "step"), [(60, None), (59, 37_037_036), (-30, 37_037_036), (-31, None)]
)
def test_clocks_may_differ_by_one_step(early: int, step: int | None) -> None:
    assert step_of(SEED, "081804", at(1_111_111_109 - early)) == step


@pytest.mark.parametrize(
    "code", ["287083", "", "28708", "2870820", "abcdef", "287082" * 4, "２８７０８２", "\ud83d"]
)
def test_other_codes_are_wrong(code: str) -> None:
    assert step_of(SEED, code, at(59)) is None


def test_codes_may_have_spaces() -> None:
    assert step_of(SEED, " 287 082 ", at(59)) == 1


def test_seeds_are_random_and_long() -> None:
    seeds = {new_seed() for _ in range(100)}
    assert {len(seed) for seed in seeds} == {32}
    assert len(seeds) == 100


def test_the_address_is_what_apps_read() -> None:
    assert (
        address_of(SEED, "ann", "blog.test")
        == f"otpauth://totp/blog.test:ann?secret={SEED}&issuer=blog.test"
    )
