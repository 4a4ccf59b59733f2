"""What an execution did: its levels, and for each field how many objects it was resolved for.

Without a tracer nothing of this is noted, and nothing is paid for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.instances import Instance
    from engine.units import Field


@dataclass(slots=True)
class Resolution:
    """A field, resolved for all objects that were met at one place of the operation.

    Only what is resolved for all objects at once is noted, not what is read of rows and objects while
    the response is made. Times are in seconds.
    """

    coordinate: str
    """Such as `Query.posts`."""
    path: tuple[str, ...]
    """Its response path, without indexes of lists."""
    parents: int
    began: float
    """On the clock of `time.perf_counter`."""
    keys: int | None = None
    """The different keys that a relation loaded; None for other fields."""
    rows: int = 0
    """The values it got, those in lists counted one by one; nulls and failures are none."""
    seconds: float = 0.0
    """From when it began until all its values were there."""


@dataclass(slots=True)
class Level:
    """What was resolved until the next wait."""

    began: float = field(default_factory=perf_counter)
    seconds: float = 0.0
    """Until all that it waited for was there."""
    fields: list[Resolution] = field(default_factory=list)


class Trace:
    """The record of one execution, filled by the engine while it runs.

    The last of `levels` is the one at work. `static_cost` is what the operation might have cost,
    `actual_cost` what it did (see `engine.cost`). `replayed` tells that the values had to be looked at
    again, to find errors. A subclass may do something with it at the `end`.
    """

    def __init__(self) -> None:
        self.levels: list[Level] = []
        self.static_cost = 0
        self.actual_cost = 0
        self.replayed = False
        self._resolutions: dict[tuple[Instance, Field], Resolution] = {}

    def end(self) -> None:
        """Called when the record is complete."""

    def level(self) -> None:
        """A level begins, which ends the one before."""
        self._stop()
        self.levels.append(Level())

    def close(self) -> None:
        """Nothing more is resolved."""
        self._stop()
        if len(self.levels) > 1 and not self.levels[-1].fields:
            self.levels.pop()

    def _stop(self) -> None:
        for level in self.levels[-1:]:
            level.seconds = perf_counter() - level.began

    def start(self, instance: "Instance", field: "Field") -> None:
        """The field is about to be resolved for the objects of the instance."""
        made = Resolution(
            field.coordinate, instance.keys(field), len(instance.objects), perf_counter()
        )
        self._resolutions[instance, field] = made
        self.levels[-1].fields.append(made)

    def load(self, instance: "Instance", field: "Field", keys: Sequence[Any]) -> None:
        """The field asks for the values of these keys."""
        self._resolutions[instance, field].keys = len(set(keys) - {None})

    def arrive(self, instance: "Instance", field: "Field", values: Sequence[Any]) -> None:
        """The field has these values; what is in them may take waiting, and arrive once more."""
        resolution = self._resolutions.get((instance, field))
        if resolution is not None:  # It is for what the deadline kept from being started.
            resolution.rows = count(values, field.shape.depth)
            resolution.seconds = perf_counter() - resolution.began


Tracer = Callable[[Any], Trace | None]
"""Given an execution's context, the Trace to fill; None when it is not to be traced."""


def count(values: Sequence[Any], lists: int) -> int:
    """How many values there are in lists of this depth, without nulls and failures."""
    present = [each for each in values if each is not None and not isinstance(each, Exception)]
    if lists == 0:
        return len(present)
    return sum(count(each, lists - 1) for each in present if isinstance(each, (list, tuple)))
