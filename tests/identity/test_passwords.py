import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from identity.passwords import LONGEST, THREADS, Hasher, Weak, breached, require_strong

QUICK = Hasher(memory=8, passes=1)


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("ninechars", "A password has at least 10 characters."),
        ("é" * 4 + "abcde", "A password has at least 10 characters."),
        ("ab12" * 51, "A password has at most 200 characters."),
        ("1234567890", "This password is known from data breaches, or too easy to guess."),
        ("QwertyUiop", "This password is known from data breaches, or too easy to guess."),
        ("abababababab", "This password is known from data breaches, or too easy to guess."),
        ("ann@blog.test", "A password must not be made of the name or the address."),
        ("annsmithannsmith", "A password must not be made of the name or the address."),
    ],
)
def test_weak_passwords_are_refused(password: str, message: str) -> None:
    with pytest.raises(Weak, match=re.escape(message)):
        require_strong(password, ["ann@blog.test", "AnnSmith", ""])


@pytest.mark.parametrize(
    "password", ["correct horse", "ten chars!", "密码是一个很长的句子", "ab12" * 50]
)
def test_others_are_taken(password: str) -> None:
    require_strong(password, ["ann@blog.test", "AnnSmith", ""])


def test_the_list_of_known_passwords_is_there() -> None:
    assert len(breached()) > 300
    assert {"1234567890", "qwertyuiop"} <= breached()
    assert not any(re.search(r'[",]', each) for each in breached())


async def test_a_hash_is_argon2id_with_what_owasp_asks_for() -> None:
    hashed = await Hasher().hash("correct horse")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashed != await Hasher().hash("correct horse")


async def test_a_password_is_verified_however_it_was_typed() -> None:
    hashed = await QUICK.hash("cafe\u0301 au lait")
    assert await QUICK.verify(hashed, "caf\u00e9 au lait")
    assert not await QUICK.verify(hashed, "cafe au lait")
    assert not await QUICK.verify("no hash", "café au lait")
    assert not await QUICK.verify(None, "nobody's")


async def test_no_password_is_cut_off_where_it_is_long() -> None:
    hashed = await QUICK.hash("x" * LONGEST)
    assert not await QUICK.verify(hashed, "x" * LONGEST + "y")


async def test_a_hash_of_other_parameters_is_outdated() -> None:
    hashed = await QUICK.hash("correct horse")
    assert not QUICK.is_outdated(hashed)
    assert Hasher().is_outdated(hashed)


async def test_hashing_never_takes_more_threads_than_it_may() -> None:
    hasher = Hasher(memory=8, passes=1)
    await asyncio.gather(*(hasher.hash("correct horse") for _ in range(20)))
    threads = hasher._threads
    assert isinstance(threads, ThreadPoolExecutor)
    assert len(threads._threads) == THREADS
