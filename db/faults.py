"""What PostgreSQL's complaints mean to a caller."""

from db.errors import Invalid, Timeout, Unavailable

QUERY_CANCELED = "57014"


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
