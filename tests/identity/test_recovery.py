"""Recovery codes."""

import re

from identity.recovery import code_digest, new_codes


def test_there_are_ten_codes_of_120_bits() -> None:
    codes = new_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([a-z2-7]{4}-){5}[a-z2-7]{4}", code) for code in codes)


def test_a_code_is_the_same_however_it_is_typed() -> None:
    assert code_digest("abcd-efgh-2345") == code_digest(" ABCD efgh2345 ")
    assert code_digest("abcd-efgh-2345") != code_digest("abcd-efgh-2346")
