"""Statements and their parameters, which all travel as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db import faults


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with the placeholders `$1` to `$n`, typed by casts (`$1::text[]`); the SQL is its identity."""

    sql: str


def array_literal(values: Sequence[str]) -> str:
    """The values as one parameter for `$n::text[]`.

    https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
    """
    if not values:
        return "{}"
    inner = '","'.join(values)
    if "\\" in inner or inner.count('"') != 2 * (len(values) - 1):
        inner = '","'.join([_escaped(value) for value in values])
    return '{"' + inner + '"}'


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def encoded(parameters: Sequence[str | None]) -> list[bytes | None]:
    """The parameters as libpq takes them; raises Invalid for what no text can hold."""
    values: list[bytes | None] = []
    for value in parameters:
        if value is None:
            values.append(None)
        elif "\0" in value:
            raise faults.unstorable()
        else:
            values.append(_utf8(value))
    return values


def _utf8(value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        raise faults.unstorable() from error


def local(settings: Mapping[str, str]) -> tuple[Statement, list[bytes | None]]:
    """What sets the settings up to the end of the transaction, so of the batch that it begins."""
    places = range(1, 2 * len(settings), 2)
    calls = ", ".join(f"set_config(${place}, ${place + 1}, true)" for place in places)
    return Statement(f"select {calls}"), [
        text.encode() for setting in settings.items() for text in setting
    ]
