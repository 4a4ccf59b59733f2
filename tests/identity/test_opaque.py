import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.opaque import digest, new_key, new_token, parse_key, successor


def test_a_key_is_read_as_it_is_written() -> None:
    key = new_key()
    assert parse_key(str(key)) == key
    assert len({str(new_key()) for _ in range(100)}) == 100


@given(st.integers(0, 72), st.characters())
def test_a_mistyped_key_is_none(place: int, character: str) -> None:
    text = str(new_key())
    wrong = text[:place] + character + text[place + 1 :]
    assert wrong == text or parse_key(wrong) is None


@pytest.mark.parametrize("text", ["", "mh_", "Bearer x", "mh_0123456789ab_short_00000000"])
def test_what_is_no_key_is_none(text: str) -> None:
    assert parse_key(text) is None


def test_a_token_has_one_successor_for_each_salt_and_key() -> None:
    token = new_token()
    following = successor(token, "salt", b"key")
    assert len(following) == len(token) == 43
    assert following == successor(token, "salt", b"key")
    assert len({following, successor(token, "s", b"key"), successor(token, "salt", b"k")}) == 3


def test_a_digest_is_sha_256() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
