"""Front matter: the TOML, YAML or JSON block at the head of a Markdown file."""

from __future__ import annotations

import json
import re
import reprlib
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import yaml

from app.importers import dates, texts
from db.writes.records import BrokenSource, Note, Place

_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_YAML = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_OPENING = re.compile(r"(\+\+\+|---)[ \t]*\n")
_JSON = re.compile(r"\{\s*[\"}]")
_TOML_PLACE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")

# What a YAML document may grow to through aliases; real front matter has some dozens of values.
_LARGEST = 10_000
# What PostgreSQL's integer holds.
_INTEGERS = range(-(2**31), 2**31)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Fields by lower-case dotted name (`extra.team`), and where each stands in the file.

    Reading a field marks it as used; `unused` are those that nothing of ours holds.
    """

    file: str
    values: dict[str, object] = field(default_factory=dict)
    raw: str = ""
    first_line: int = 1
    used: set[str] = field(default_factory=set)

    def text(self, *names: str) -> str | None:
        """The first of `names` that has text."""
        return self._first(texts.text, names)

    def texts(self, *names: str) -> list[str]:
        """The texts of all `names`, each once, in order."""
        found = (item for name in names for item in self._value(name, texts.texts) or [])
        return list(dict.fromkeys(found))

    def moment(self, *names: str) -> datetime | None:
        """The first of `names` that holds a date."""
        return self._first(dates.moment, names)

    def flag(self, *names: str) -> bool | None:
        """The first of `names` that is true or false, None when there is none."""
        return self._first(_flag, names)

    def number(self, *names: str) -> int | None:
        """The first of `names` that is a whole number."""
        return self._first(_number, names)

    def items(self, *names: str) -> list[object]:
        """The elements of all `names`, whatever they are."""
        return [item for name in names for item in self._value(name, _list) or []]

    def is_true_or_false(self, name: str) -> bool:
        return isinstance(self.values.get(name), bool)

    def place(self, name: str) -> Place:
        """Where a field stands."""
        last = re.escape(name.rpartition(".")[2])
        found = re.search(
            rf"^[\s\[\"'-]*(?:[\w.]+\.)?[\"']?{last}[\"']?\s*[=:\]]", self.raw, re.M | re.I
        )
        line = self.first_line + self.raw.count("\n", 0, found.end() - 1 if found else 0)
        return Place(self.file, line)

    def unused(self) -> Iterator[Note]:
        """A Note for every field that was not read and says more than false or nothing."""
        for name, value in self.values.items():
            if name not in self.used and value not in (None, "", [], {}, False):
                reason = f"no field holds it (it was {texts.shortened(reprlib.repr(value))})"
                yield Note(self.place(name), f"front matter `{name}`", reason)

    def _first(self, read: Callable[[object], T | None], names: tuple[str, ...]) -> T | None:
        found = [self._value(name, read) for name in names]
        return next((value for value in found if value is not None), None)

    def _value(self, name: str, read: Callable[[object], T]) -> T | None:
        if name not in self.values:
            return None
        self.used.add(name)
        try:
            return read(self.values[name])
        except ValueError as error:
            raise BrokenSource(self.place(name), f"front matter `{name}`: {error}") from error


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file: its front matter, where its body starts (in characters), and that line's number."""

    front: FrontMatter
    body_start: int
    body_line: int


def document(file: str, text: str) -> Document:
    """Reads the head of a file's text; raises BrokenSource with the file's line."""
    if _JSON.match(text):
        return _json_document(file, text)
    form = _TOML if text.startswith("+++") else _YAML
    found = form.match(text)
    if found is None:
        if _OPENING.match(text):
            raise BrokenSource(
                Place(file, 1), f"the front matter opened by {text[:3]} is never closed"
            )
        return Document(FrontMatter(file), 0, 1)
    front = table(file, found[1], "toml" if form is _TOML else "yaml", first_line=2)
    return Document(front, found.end(), 1 + text.count("\n", 0, found.end()))


def table(file: str, raw: str, form: str, first_line: int = 1) -> FrontMatter:
    """Reads a whole TOML, YAML or JSON text that must hold a table; raises BrokenSource."""
    try:
        values = _PARSERS[form](raw)
    except RecursionError as error:
        raise BrokenSource(Place(file, first_line), f"{form.upper()} nested too deeply") from error
    except (ValueError, yaml.YAMLError, OverflowError) as error:
        raise _broken(Place(file, first_line), form, raw, error) from error
    if not isinstance(values, dict):
        raise BrokenSource(Place(file, first_line), f"the {form.upper()} is not a table of fields")
    return FrontMatter(file, dict(_flat(values)), raw, first_line)


def of(file: str, values: dict[str, Any]) -> FrontMatter:
    """Fields that were read elsewhere, as front matter."""
    return FrontMatter(file, dict(_flat(values)))


def _json_document(file: str, text: str) -> Document:
    try:
        values, end = json.JSONDecoder().raw_decode(text)
    except RecursionError as error:
        raise BrokenSource(Place(file, 1), "JSON nested too deeply") from error
    except ValueError as error:
        raise _broken(Place(file, 1), "json", text, error) from error
    front = FrontMatter(file, dict(_flat(values)), text[:end], 1)
    start = end + len(text[end:]) - len(text[end:].lstrip())
    return Document(front, start, 1 + text.count("\n", 0, start))


_DEEPEST = 100


class _Loader(yaml.CSafeLoader):
    """Safe loading that leaves dates as text: an impossible one is then reported at its own line."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _check_depth(raw: str) -> None:
    # The parser gives events one by one, but what makes values of them calls itself, in C: without
    # a bound it ends the process.
    depth = 0
    for event in yaml.parse(raw, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise RecursionError


def _yaml(raw: str) -> Any:
    _check_depth(raw)
    values = yaml.load(raw, _Loader)  # noqa: S506
    _check_size(values)
    return {} if values is None else values


def _check_size(values: Any) -> None:
    pending, seen = [values], 0
    while pending:
        value = pending.pop()
        seen += 1
        if seen > _LARGEST:
            raise ValueError(f"more than {_LARGEST} values, aliases expanded")
        if isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list | tuple | set):
            pending.extend(value)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "toml": tomllib.loads,
    "yaml": _yaml,
    "json": json.loads,
}


def _broken(start: Place, form: str, raw: str, error: Exception) -> BrokenSource:
    line, cause = 0, str(error).partition("\n")[0]
    if isinstance(error, json.JSONDecodeError):
        line, cause = error.lineno - 1, error.msg
    elif isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        line, cause = error.problem_mark.line, error.problem or cause
    elif found := _TOML_PLACE.search(cause):
        line = int(found[1]) - 1 if found[1] else raw.count("\n")
        cause = cause[: found.start()].strip()
    return BrokenSource(
        Place(start.file, (start.line or 1) + line), f"broken {form.upper()}: {cause}"
    )


def _flat(values: dict[Any, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in values.items():
        name = f"{prefix}{texts.storable(str(key)).lower()}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        else:
            yield name, value


def _flag(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).strip().lower())


def _number(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    if value not in _INTEGERS:
        raise ValueError("is too large")
    return value


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
