"""Passwords: what is one, and how it is kept (argon2id)."""

import asyncio
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# NIST SP 800-63B, section 3.1.1.2, takes 15 characters for a password alone, 8 with a second factor;
# 10 and a list of known ones is between them. The most keeps hashing cheap.
SHORTEST: Final = 10
LONGEST: Final = 200

# OWASP's Password Storage Cheat Sheet: argon2id with 19 MiB, two passes and one lane at least.
MEMORY: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1
THREADS: Final = 2

T = TypeVar("T")


class Weak(Exception):
    """The password may not be used; the message says why."""


def require_strong(password: str, personal: Iterable[str] = ()) -> None:
    """Raises Weak for a password that is too short or long, known from breaches, or made of `personal`.

    Nothing else is asked of it (NIST SP 800-63B, section 3.1.1.2: no rules of composition).
    """
    normal = normalised(password)
    if len(normal) < SHORTEST:
        raise Weak(f"A password has at least {SHORTEST} characters.")
    if len(normal) > LONGEST:
        raise Weak(f"A password has at most {LONGEST} characters.")
    lower = normal.lower()
    if lower in breached() or len(set(lower)) < 4:
        raise Weak("This password is known from data breaches, or too easy to guess.")
    if any(part and lower in {part.lower(), part.lower() * 2} for part in personal):
        raise Weak("A password must not be made of the name or the address.")


@cache
def breached() -> frozenset[str]:
    """Those passwords of zxcvbn's list, which were found in breaches, that are long enough for one.

    Its source is read and not imported: that would keep all its lists in memory, 17 MB.
    """
    package = find_spec("zxcvbn")
    assert package is not None and package.submodule_search_locations  # noqa: S101 - it is installed
    lists = Path(package.submodule_search_locations[0], "frequency_lists.py").read_text()
    passwords = lists.partition('"passwords": "')[2].partition('"')[0]
    return frozenset(each for each in passwords.split(",") if len(each) >= SHORTEST)


def normalised(password: str) -> str:
    """One form for what is typed alike on different keyboards (NFKC, as NIST SP 800-63B has it)."""
    return unicodedata.normalize("NFKC", password)


class Hasher:
    """Hashes and verifies in THREADS threads of its own: more would only take memory, 19 MiB each."""

    def __init__(
        self, memory: int = MEMORY, passes: int = PASSES, lanes: int = LANES, threads: int = THREADS
    ) -> None:
        self._argon2 = PasswordHasher(passes, memory, lanes)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        # Verified where there is no account, which then takes as long as where there is one.
        self._nobodys = self._argon2.hash("nobody's")

    async def hash(self, password: str) -> str:
        """The hash to be stored, with its salt and parameters."""
        return await self._aside(lambda: self._argon2.hash(normalised(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is the stored one; without one, False after just as long."""
        found = await self._aside(lambda: self._matches(stored or self._nobodys, password))
        return found and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self._argon2.check_needs_rehash(stored)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._argon2.verify(stored, normalised(password)[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False

    async def _aside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)
