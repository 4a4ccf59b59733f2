"""What a request did: its levels with their fields and statements, and its cost."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from starlette.requests import Request

from app.headers import header
from app.settings import Settings
from db.reading import Statement
from engine import Level, Resolution, Trace

# Values of the header X-Explain that do not ask for it; without the header it is the first.
REFUSALS: Final = ("", "0", "false")


@dataclass(frozen=True, slots=True)
class Executed:
    """A statement that was answered: its text, without the values of its parameters."""

    sql: str
    ms: float
    rows: int


class Explanation(Trace):
    """A trace that also has the statements of each level; `observe` is to be told of them."""

    def __init__(self) -> None:
        super().__init__()
        self._statements: list[tuple[Level, Executed]] = []

    def observe(self, statement: Statement, seconds: float, rows: int) -> None:
        """An `Observer` (`db.reading`); what is answered belongs to the level at work."""
        executed = Executed(statement.sql, milliseconds(seconds), rows)
        self._statements.append((self.levels[-1], executed))

    def statements(self, level: Level) -> list[Executed]:
        """Those of one of the levels, in the order of their answers."""
        return [executed for each, executed in self._statements if each is level]

    def report(self) -> dict[str, Any]:
        """`extensions.explain` as docs/http.md has it."""
        return {
            "cost": {"static": self.static_cost, "actual": self.actual_cost},
            "replayed": self.replayed,
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
