"""What PostgreSQL's complaints mean to a caller, told by their SQLSTATE.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from db.errors import Invalid, Timeout, Unavailable

QUERY_CANCELED = "57014"


def is_away(state: str) -> bool:
    """Connection exceptions, too many connections, and a server that stops or starts."""
    return state.startswith(("08", "57P")) or state == "53300"


def away(cause: BaseException | None = None) -> Unavailable:
    error = Unavailable("The database cannot be reached: try again.")
    error.__cause__ = cause
    return error


def busy() -> Unavailable:
    return Unavailable("The database is busy: try again.")


def timeout() -> Timeout:
    return Timeout("The database took too long: ask for less, or try again.")


def unstorable() -> Invalid:
    """PostgreSQL's text holds neither NUL nor half a surrogate pair."""
    return Invalid("A text has a character that cannot be stored.")
