import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.secrets import Keyring, Unreadable, derived

OLD, NEW = "an old secret that is long enough!", "a new secret that is long enough!!"


@given(st.text())
def test_what_is_sealed_can_be_opened(text: str) -> None:
    assert Keyring([NEW]).open(Keyring([NEW]).seal(text)) == text


def test_sealing_the_same_again_looks_different() -> None:
    ring = Keyring([NEW])
    assert ring.seal("seed") != ring.seal("seed")


def test_secrets_are_replaced_without_losing_anything() -> None:
    sealed = Keyring([OLD]).seal("seed")
    both = Keyring([NEW, OLD])
    assert both.open(sealed) == "seed"
    resealed = both.reseal(sealed)
    assert Keyring([NEW]).open(resealed) == "seed"
    with pytest.raises(Unreadable):
        Keyring([OLD]).open(resealed)


@pytest.mark.parametrize("change", [lambda s: s[:-4] + "AAA=", lambda s: s[4:], lambda _: ""])
def test_what_was_changed_is_not_opened(change: object) -> None:
    assert callable(change)
    sealed = change(Keyring([NEW]).seal("seed"))
    for read in (Keyring([NEW]).open, Keyring([NEW]).reseal):
        with pytest.raises(Unreadable):
            read(sealed)


def test_each_purpose_and_each_secret_has_a_key_of_its_own() -> None:
    ring = Keyring([NEW, OLD])
    assert ring.derivations("a") == [derived(NEW, "a"), derived(OLD, "a")]
    keys = {*ring.derivations("a"), *ring.derivations("b")}
    assert (len(keys), {len(key) for key in keys}) == (4, {32})
