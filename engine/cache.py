"""A bounded cache: the least recently used entries leave first."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Values that together weigh at most `capacity`; safe to share between threads.

    Each counts as at least a thousandth of that, so there are at most a thousand.
    """

    def __init__(self, capacity: int) -> None:
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._capacity = capacity
        self._used = 0
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: K, value: V, weight: int) -> None:
        """Keeps the value of the key; what weighs more than the capacity is not kept."""
        weight = max(weight, self._capacity // 1_000)
        if weight > self._capacity:
            return
        with self._lock:
            known = self._entries.pop(key, None)
            self._used += weight - (known[1] if known else 0)
            self._entries[key] = value, weight
            while self._used > self._capacity:
                _, (_, oldest) = self._entries.popitem(last=False)
                self._used -= oldest
