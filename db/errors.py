"""Expected failures, in the terms of the domain. Every other exception is a fault of ours.

`code` is what a client sees as `extensions.code`; it never changes once published.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class DomainError(Exception):
    """An expected failure: its message is written for the client and safe to show."""

    code = "INTERNAL_SERVER_ERROR"


class NotFound(DomainError):
    """There is no such row, or the viewer may not know of it: the two are never told apart."""

    code = "NOT_FOUND"


class Unauthenticated(DomainError):
    """The request names no viewer and needs one."""

    code = "UNAUTHENTICATED"


class Forbidden(DomainError):
    """The viewer may see the row, but not do this to it."""

    code = "FORBIDDEN"


class StepUpRequired(DomainError):
    """The viewer may do this, once they have proven again, in this session, who they are."""

    code = "STEP_UP_REQUIRED"


class Conflict(DomainError):
    """The change collides with another row or with a newer version of this one."""

    code = "CONFLICT"


class RateLimited(DomainError):
    """Too much was asked for, or tried, in too short a time; in `retry_after` seconds it may work."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """The database cannot be reached or has no connection free; trying again later may work."""

    code = "SERVICE_UNAVAILABLE"


class Timeout(DomainError):
    """The time for the request, or for one of its statements, is over; less work may fit into it."""

    code = "TIMEOUT"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong input: `path` as in the arguments (`("input", "tags", "0")`), and what is wrong."""

    path: tuple[str, ...]
    message: str


class Invalid(DomainError):
    """Input that the schema's types let through and the rules do not; `fields` names each fault."""

    code = "BAD_USER_INPUT"

    def __init__(self, message: str, fields: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.fields = tuple(fields)


class ConfigurationError(Exception):
    """The deployment is set up wrongly; the message is one line for the operator."""
