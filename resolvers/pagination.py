"""Connections: lists in pages, by cursor as Relay has them, or by number where the contract does.

A field declares which list it is; its page and its count are loaded for all parents at once, and
neither unless it is selected. Spec: https://relay.dev/graphql/connections.htm
"""

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from itertools import repeat
from typing import Annotated, Any, NamedTuple

import strawberry
from strawberry.permission import BasePermission

from db.errors import FieldError, Invalid
from engine import fields as engine
from engine.cost import ListSize
from engine.records import Columns
from loaders import Loaders
from loaders.cursors import decode_cursor
from loaders.pages import ROOT, Listing, NumberedPage, NumberedPageOf, Page, PageOf, Part, Window

DEFAULT_SIZE = 20
LARGEST_SIZE = 100
LAST_PAGE = 1_000_000

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many to return from the start of the list: at most {LARGEST_SIZE},"
        f" {DEFAULT_SIZE} when neither `first` nor `last` is given. More is taken as {LARGEST_SIZE}."
    ),
]
After = Annotated[str | None, strawberry.argument(description="Return what follows this cursor.")]
Last = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many to return from the end of the list: at most {LARGEST_SIZE}."
    ),
]
Before = Annotated[str | None, strawberry.argument(description="Return what precedes this cursor.")]
PageNumber = Annotated[int, strawberry.argument(description="The number of the page, from 1.")]
PageSize = Annotated[
    int, strawberry.argument(description=f"How many a page has: at most {LARGEST_SIZE}.")
]


class Nothing(NamedTuple):
    """A loader that has the same for every key."""

    value: Any

    async def load(self, key: object) -> Any:
        return self.value

    async def load_keys(self, keys: Sequence[object], columns: Columns | None) -> Sequence[Any]:
        return [self.value] * len(keys)


class Selection(NamedTuple):
    """The part of a list that a field's arguments ask for, the same for all parents.

    `pages` loads it; `counts` makes the loader of the whole list's size, which few ask for.
    """

    pages: engine.Loader
    counts: Callable[[], engine.Loader]


# The value of a connection: that part of the list of the parent with this key.
Selected = tuple[Selection, str]

# The lists of a feature that a deployment does not have.
EMPTY = Selection(Nothing(Page((), has_next=False, has_previous=False)), partial(Nothing, 0))
NO_PAGES = Selection(Nothing(NumberedPage((), number=1, has_next=False)), partial(Nothing, 0))


class Wanted(NamedTuple):
    """What a field's arguments ask for, whoever asks: the loader, with its parameters, and the list."""

    pages: type[PageOf[Any] | NumberedPageOf[Any]]
    parameters: tuple[Any, ...]
    listing: Listing[Any]


def select(loaders: Loaders, wanted: Wanted | Selection) -> Selection:
    """What is wanted, for this request."""
    if isinstance(wanted, Selection):
        return wanted
    pages, parameters, listing = wanted
    return Selection(loaders(pages, *parameters), partial(loaders.count, listing))


def by_cursor(
    listing: Listing[Any] | None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Wanted | Selection:
    """The part of the list that Relay's arguments ask for; raises Invalid for wrong ones."""
    if listing is None:
        return EMPTY
    window = make_window(first, after, last, before)
    return Wanted(PageOf, (Part(listing, window),), listing)


def by_number(
    listing: Listing[Any] | None, page: PageNumber, page_size: PageSize
) -> Wanted | Selection:
    """Page `page` of the list; raises Invalid for wrong arguments."""
    if listing is None:
        return NO_PAGES
    if not 1 <= page <= LAST_PAGE:
        raise invalid("page", f"Pages are numbered from 1 to {LAST_PAGE}.")
    if page_size < 1:
        raise invalid("pageSize", "A page has at least one item.")
    size = min(page_size, LARGEST_SIZE)
    return Wanted(NumberedPageOf, (listing, page, size), listing)


def make_window(
    first: int | None, after: str | None, last: int | None, before: str | None
) -> Window:
    """Checks Relay's arguments and caps their sizes."""
    if first is not None and last is not None:
        raise invalid("last", "Give either `first` or `last`, not both.")
    backward = last is not None
    size = limited("last", last) if last is not None else limited("first", first)
    return Window(
        size,
        backward,
        None if after is None else decode_cursor(after, "after"),
        None if before is None else decode_cursor(before, "before"),
    )


def limited(argument: str, size: int | None) -> int:
    if size is None:
        return DEFAULT_SIZE
    if size < 0:
        raise invalid(argument, f"`{argument}` cannot be negative.")
    return min(size, LARGEST_SIZE)


def invalid(argument: str, message: str) -> Invalid:
    return Invalid(message, [FieldError((argument,), message)])


Listings = Callable[..., Listing[Any] | None]

# How long the lists of a page may be, for the cost of an operation.
BY_CURSOR = ListSize(
    assumed_size=DEFAULT_SIZE,
    slicing_arguments=["first", "last"],
    sized_fields=["edges", "nodes"],
    require_one_slicing_argument=False,
)


def connection(
    description: str,
    returns: Any,
    *,
    key: str | None = "id",
    permissions: list[type[BasePermission]] | None = None,
) -> Callable[[Listings], Any]:
    """A list in pages by cursor: that of the parent's column `key`, or one that has no parent.

    Decorates a function that takes the field's arguments besides Relay's, and gives the listing, or None
    where the list is empty. It is called once for the same arguments, whoever asks; one that takes an
    `info` first is called once for all parents.
    """
    options = {
        "description": description,
        "graphql_type": returns,
        "directives": [BY_CURSOR],
        "permission_classes": permissions,
    }
    return lambda listing: _connection(listing, by_cursor, key, options)


def numbered_connection(
    description: str, returns: Any, *, key: str | None = "id", lists: Sequence[str] = ("nodes",)
) -> Callable[[Listings], Any]:
    """A list in numbered pages, which has the page as each of `lists`; otherwise as `connection`."""
    size = ListSize(
        slicing_arguments=["pageSize"],
        sized_fields=list(lists),
        require_one_slicing_argument=False,
    )
    options = {"description": description, "graphql_type": returns, "directives": [size]}
    return lambda listing: _connection(listing, by_number, key, options)


def _connection(
    listing: Listings,
    part: Callable[..., Wanted | Selection],
    key: str | None,
    options: dict[str, Any],
) -> Any:
    own = list(inspect.signature(listing).parameters.values())
    takes_info = bool(own) and own[0].name == "info"
    own = own[1:] if takes_info else own
    paging = list(inspect.signature(part).parameters.values())[1:]
    names = [each.name for each in paging]

    def wanted(*info: Any, **given: Any) -> Wanted | Selection:
        place = {name: given.pop(name) for name in names}
        return part(listing(*info, **given), **place)

    def resolve(
        parents: Sequence[Any], call: engine.Call, prepared: Wanted | Selection
    ) -> list[Selected]:
        selection = select(call.info.context.loaders, prepared)
        keys = [ROOT] * len(parents) if key is None else parents
        return list(zip(repeat(selection), keys, strict=False))

    def resolve_for(parents: Sequence[Any], call: engine.Call, **given: Any) -> list[Selected]:
        return resolve(parents, call, wanted(call.info, **given))

    # Those without a default come first, as Python wants it.
    arguments = sorted([*paging, *own], key=lambda each: each.default is not each.empty)
    reads = () if key is None else None
    how = (resolve_for, None) if takes_info else (resolve, wanted)
    return engine.batched(
        how[0], prepare=how[1], key=key, reads=reads, typed=True, arguments=arguments, **options
    )
