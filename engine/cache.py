"""A bounded cache: the least recently used entries leave first."""

from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class Cache(Generic[V]):
    """Values by text. All texts together have at most `capacity` characters, and each counts as
    at least a thousandth of that, so there are at most a thousand.
    """

    def __init__(self, capacity: int) -> None:
        self._entries: OrderedDict[str, V] = OrderedDict()
        self._capacity = capacity
        self._used = 0

    def get(self, text: str) -> V | None:
        value = self._entries.get(text)
        if value is not None:
            self._entries.move_to_end(text)
        return value

    def put(self, text: str, value: V) -> None:
        """Keeps the value of a text that has none yet; a text over the capacity is not kept."""
        if self._weight(text) > self._capacity:
            return
        self._entries[text] = value
        self._used += self._weight(text)
        while self._used > self._capacity:
            oldest, _ = self._entries.popitem(last=False)
            self._used -= self._weight(oldest)

    def _weight(self, text: str) -> int:
        return max(len(text), self._capacity // 1_000)
