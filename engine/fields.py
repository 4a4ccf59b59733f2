"""How a schema declares what the engine resolves for all parents of a level at once.

Each declaration is an ordinary Strawberry field, whose resolver for a single parent is derived from it:
so stock execution runs the same schema with the same results.
"""

import inspect
from collections.abc import Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

import strawberry

from engine.records import Columns, View, view_of
from engine.waiting import abandon

# Under this key a field's metadata holds its declaration: Batched, Same, Column or Reads.
DECLARATION: Final = "engine"

PARENT: Final[Any] = strawberry.Parent


class Call(NamedTuple):
    """One resolution of a batched field.

    `columns` is the layout of the rows wanted: tuples of exactly these columns, in this order (more
    items may follow). It is None where whole rows with attributes are wanted, or no rows at all.
    """

    info: strawberry.Info[Any, Any]
    columns: Columns | None


class Loader(Protocol):
    """What a relation reads through."""

    def load(self, key: Any) -> Awaitable[Any]:
        """The value of one key, loaded together with others asked for at the same time."""

    def load_keys(self, keys: Sequence[Any], columns: Columns | None) -> Awaitable[Sequence[Any]]:
        """The values of all keys in their order; an exception in a place is that key's failure.

        It shares what was read with `load`. For `columns`, see `Call`.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Batched:
    """A field resolved once a level: `resolve(parents, call, **arguments)` gives a result a parent.

    With `prepare`, a plain function, it is given `prepare(**arguments)` instead of the arguments: that is
    made once for the same ones, and so may depend on nothing else. With `key`, it gets the parents'
    attribute of that name instead of the parents. `reads` are the attributes of a parent that it reads
    (None: all). `rows` says that the results, or the items of their lists, are rows laid out as
    `call.columns`; `columns` are columns of them which it needs itself. Fields beside each other that have
    the same `source`, and all fields of an operation that have the same `loader`, share one layout, the
    union of what each needs, and so may share what they read. `prefix` stands before the names of the
    columns that the fields of the result read. `typed` says that results are of the field's type for
    certain, as rows are: it is not asked.
    """

    resolve: Callable[..., Any]
    prepare: Callable[..., Any] | None = None
    key: str | None = None
    reads: Columns | None = None
    rows: bool = False
    columns: Columns = ()
    source: object = None
    loader: object = None
    prefix: str = ""
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Same:
    """A field whose value is the parent itself, of another type.

    `prefix` stands before the names of the columns that its fields read. Where `unless` names a
    column that is null, the value is null. `typed` says that it is of the field's type for certain, as
    part of a row is: it is not asked.
    """

    prefix: str = ""
    unless: str | None = None
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A field whose value is the parent's attribute `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Reads:
    """A field with a resolver of its own, which reads these attributes of its parent and no others."""

    names: Columns


class Prefixed:
    """A view of a row under stock execution: its attributes are the row's, less their prefix."""

    __slots__ = ("_prefix", "_row")

    def __init__(self, row: object, prefix: str) -> None:
        self._row = row
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, self._prefix + name)


class Following:
    """What is made of the result of an awaitable that is under way, such as a loader's.

    Other than a coroutine it needs no task: what a level loads by this is asked for at one time.
    """

    __slots__ = ("_awaitable", "_follow")

    def __init__(self, awaitable: Awaitable[Any], follow: Callable[[Any], Any]) -> None:
        self._awaitable = awaitable
        self._follow = follow

    def __await__(self) -> Generator[Any, None, Any]:
        result = yield from self._awaitable.__await__()
        return self._follow(result)

    def cancel(self) -> None:
        """Nobody waits for it any more."""
        abandon([self._awaitable])


class ResultCountError(Exception):
    """A batched field gave more or fewer results than it has parents."""

    def __init__(self, field: str, results: int, parents: int) -> None:
        super().__init__(f"{field} gave {results} results for {parents} parents.")


def batched(
    resolve: Callable[..., Any],
    *,
    prepare: Callable[..., Any] | None = None,
    key: str | None = None,
    reads: Sequence[str] | None = None,
    rows: bool = False,
    columns: Sequence[str] = (),
    loader: object = None,
    typed: bool = False,
    arguments: Sequence[inspect.Parameter] | None = None,
    **options: Any,
) -> Any:
    """A field resolved for all its parents by `resolve(parents, call, **arguments)`, sync or async.

    The field's arguments are `arguments`, or else the parameters of `prepare`, or those of `resolve`
    after the first two.
    For the others but `options`, which are strawberry.field's, see `Batched`.
    """
    own = _arguments(resolve, 2) if prepare is None else _arguments(prepare, 0)
    declared = Batched(
        resolve=resolve,
        prepare=prepare,
        key=key,
        reads=(key,) if key is not None else reads if reads is None else tuple(reads),
        rows=rows,
        columns=tuple(columns),
        loader=loader,
        typed=typed,
    )
    single = _single(resolve, prepare, key)
    return _field(declared, single, own if arguments is None else arguments, **options)


def relation(
    load: Callable[..., Loader],
    *,
    key: str,
    rows: bool = False,
    loader: object = None,
    prefix: str = "",
    **options: Any,
) -> Any:
    """A field whose value a loader has for the parent's `key`; null where the key is None.

    `load(info, **arguments)` gives the loader; the parameters after the first are the field's
    arguments. `options` are strawberry.field's.
    """

    def resolve(keys: Sequence[Any], call: Call, **arguments: Any) -> Any:
        source = load(call.info, **arguments)
        if None in keys:
            return _load_some(source, keys, call.columns)
        return source.load_keys(keys, call.columns)

    async def single(parent: Any, info: strawberry.Info[Any, Any], **arguments: Any) -> Any:
        value = getattr(parent, key)
        found = None if value is None else await load(info, **arguments).load(value)
        return Prefixed(found, prefix) if prefix and found is not None else found

    declared = Batched(
        resolve=resolve, key=key, reads=(key,), rows=rows, loader=loader, prefix=prefix
    )
    return _field(declared, single, _arguments(load, 1), **options)


def lookup(
    load: Callable[..., tuple[Loader, Any]],
    *,
    rows: bool = False,
    **options: Any,
) -> Any:
    """A field whose value a loader has for a key that does not depend on the parent.

    `load(info, **arguments)` gives the loader and the key, None for no value; the parameters after
    the first are the field's arguments. `options` are strawberry.field's.
    """

    def resolve(parents: Sequence[Any], call: Call, **arguments: Any) -> Any:
        loader, key = load(call.info, **arguments)
        count = len(parents)
        if key is None:
            return [None] * count
        return Following(loader.load_keys([key], call.columns), lambda found: [*found] * count)

    async def single(info: strawberry.Info[Any, Any], **arguments: Any) -> Any:
        loader, key = load(info, **arguments)
        return None if key is None else await loader.load(key)

    declared = Batched(resolve=resolve, reads=(), rows=rows)
    return _field(declared, single, _arguments(load, 1), **options)


def derived(
    derive: Callable[[Any, Any], Any],
    load: Callable[[strawberry.Info[Any, Any]], Loader],
    *,
    key: str,
    reads: Sequence[str] = (),
    columns: Sequence[str],
    loader: object = None,
    **options: Any,
) -> Any:
    """A field made by `derive(parent, value)` from the parent and what a loader has for its `key`.

    The value is a row, a list of rows, or None. It reads `reads` of the parent and `columns` of rows.
    """

    def resolve(parents: Sequence[Any], call: Call) -> Awaitable[list[Any]]:
        def derived_from(rows: Sequence[Any]) -> list[Any]:
            values = rows if call.columns is None else _views(rows, view_of(call.columns))
            return [derive(parent, value) for parent, value in zip(parents, values, strict=True)]

        keys = [getattr(parent, key) for parent in parents]
        return Following(load(call.info).load_keys(keys, call.columns), derived_from)

    async def single(parent: Any, info: strawberry.Info[Any, Any]) -> Any:
        return derive(parent, await load(info).load(getattr(parent, key)))

    declared = Batched(resolve=resolve, reads=(key, *reads), columns=tuple(columns), loader=loader)
    return _field(declared, single, [], **options)


def _views(values: Sequence[Any], view: type[View]) -> list[Any]:
    """Plain rows, or lists of them, as rows with attributes."""
    return [
        [view(row) for row in value] if isinstance(value, list) else value and view(value)
        for value in values
    ]


def _load_some(loader: Loader, keys: Sequence[Any], columns: Columns | None) -> Any:
    def filled(values: Sequence[Any]) -> list[Any]:
        rest = iter(values)
        return [None if key is None else next(rest) for key in keys]

    known = [key for key in keys if key is not None]
    return Following(loader.load_keys(known, columns), filled) if known else list(keys)


def same(
    *, prefix: str = "", unless: str | None = None, typed: bool = False, **options: Any
) -> Any:
    """A field whose value is its parent, as another type; see `Same`."""

    def single(parent: Any) -> Any:
        if unless is not None and getattr(parent, unless) is None:
            return None
        return Prefixed(parent, prefix) if prefix else parent

    return _field(Same(prefix, unless, typed), single, [], **options)


def column(name: str, **options: Any) -> Any:
    """A field whose value is its parent's attribute `name`."""

    def single(parent: Any) -> Any:
        return getattr(parent, name)

    return _field(Column(name), single, [], **options)


def _field(
    declared: object,
    resolver: Callable[..., Any],
    arguments: Sequence[inspect.Parameter],
    **options: Any,
) -> Any:
    """A Strawberry field with this resolver and these arguments, which carries its declaration."""
    keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD
    taken = inspect.signature(resolver).parameters
    given = {"parent": PARENT[Any], "info": strawberry.Info[Any, Any]}
    own = [
        inspect.Parameter(name, keyword, annotation=annotation)
        for name, annotation in given.items()
        if name in taken
    ]
    resolver.__signature__ = inspect.Signature([*own, *arguments])  # type: ignore[attr-defined]
    resolver.__annotations__ = {each.name: each.annotation for each in [*own, *arguments]}
    return strawberry.field(resolver=resolver, metadata={DECLARATION: declared}, **options)


def _arguments(function: Callable[..., Any], skipped: int) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())[skipped:]


def _single(
    resolve: Callable[..., Any], prepare: Callable[..., Any] | None, key: str | None
) -> Callable[..., Any]:
    """The resolver for one parent of a batched field."""

    def call(parent: Any, info: strawberry.Info[Any, Any], arguments: dict[str, Any]) -> Any:
        given = parent if key is None else getattr(parent, key)
        if prepare is not None:
            return resolve([given], Call(info, None), prepare(**arguments))
        return resolve([given], Call(info, None), **arguments)

    def single(parent: Any, info: strawberry.Info[Any, Any], **arguments: Any) -> Any:
        results = call(parent, info, arguments)
        return _later(results, info) if inspect.isawaitable(results) else _only(results, info)

    async def single_async(parent: Any, info: strawberry.Info[Any, Any], **arguments: Any) -> Any:
        return _only(await call(parent, info, arguments), info)

    return single_async if inspect.iscoroutinefunction(resolve) else single


async def _later(results: Awaitable[Sequence[Any]], info: strawberry.Info[Any, Any]) -> Any:
    return _only(await results, info)


def _only(results: Sequence[Any], info: strawberry.Info[Any, Any]) -> Any:
    check_count(f"{info._raw_info.parent_type.name}.{info.field_name}", results, 1)
    return results[0]


def check_count(field: str, results: Sequence[Any], parents: int) -> None:
    """Raises ResultCountError unless there are as many results as parents."""
    if len(results) != parents:
        raise ResultCountError(field, len(results), parents)
