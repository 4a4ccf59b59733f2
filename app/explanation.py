"""What a request did: its levels with their fields and statements, and its cost."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from starlette.requests import Request

from app.headers import header
from app.settings import Settings
from db.errors import DomainError, Timeout
from db.reading import Call
from engine import Level, Resolution, Trace

# Values of the header X-Explain that do not ask for it; without the header it is the first.
REFUSALS: Final = ("", "0", "false")


@dataclass(frozen=True, slots=True)
class Executed:
    """A statement that was sent: its text, without the values of its parameters.

    Those with the same number `batch` went in one round trip. One that failed has an error's code
    instead of a time and rows.
    """

    sql: str
    batch: int
    ms: float | None
    rows: int | None
    error: str | None


class Explanation(Trace):
    """A trace that also has the statements of each level; `observe` is to be told of them."""

    def __init__(self) -> None:
        super().__init__()
        self._batches: list[tuple[Level, Sequence[Call]]] = []

    def observe(self, calls: Sequence[Call]) -> None:
        """An `Observer` (`db.reading`); what is sent belongs to the level at work."""
        self._batches.append((self.levels[-1], calls))

    def statements(self, level: Level) -> list[Executed]:
        """Those of one of the levels, in the order in which they were sent."""
        return [
            executed(call, number)
            for number, (each, calls) in enumerate(self._batches, start=1)
            for call in calls
            if each is level
        ]

    def report(self) -> dict[str, Any]:
        """`extensions.explain` as docs/http.md has it."""
        return {
            "cost": {"static": self.static_cost, "actual": self.actual_cost},
            "secondLook": self.replayed,
            "levels": [self._level(each) for each in self.levels],
        }

    def _level(self, level: Level) -> dict[str, Any]:
        return {
            "ms": milliseconds(level.seconds),
            "fields": [_field(each) for each in level.fields],
            "statements": [asdict(each) for each in self.statements(level)],
        }


def wanted(request: Request, settings: Settings) -> Explanation | None:
    """The explanation to be filled, when the request asks for one and may have it."""
    if settings.explains and header(request.scope, b"x-explain").lower() not in REFUSALS:
        return Explanation()
    return None


def executed(call: Call, batch: int) -> Executed:
    """How a call has ended; what has not, at the end of the request, has run out of time."""
    sql = call.statement.sql
    if not call.done() or call.cancelled():
        return Executed(sql, batch, None, None, Timeout.code)
    error = call.exception()
    if error is not None:
        code = error.code if isinstance(error, DomainError) else "INTERNAL_SERVER_ERROR"
        return Executed(sql, batch, None, None, code)
    return Executed(sql, batch, milliseconds(call.seconds or 0), len(call.result()), None)


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _field(resolution: Resolution) -> dict[str, Any]:
    return {
        "field": resolution.coordinate,
        "path": resolution.path,
        "parents": resolution.parents,
        "keys": resolution.keys,
        "rows": resolution.rows,
        "ms": milliseconds(resolution.seconds),
    }
