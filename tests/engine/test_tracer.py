"""What a tracer is told: levels, fields, how many objects they had, and what all of it cost."""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
import strawberry
from strawberry.permission import BasePermission

from engine import Engine, Trace
from engine.cost import Cost
from engine.fields import Call, batched, relation


class AuthorRow(NamedTuple):
    id: int
    name: str


class PostRow(NamedTuple):
    id: int
    author_id: int | None


AUTHORS = {each: AuthorRow(each, f"Author {each}") for each in range(2)}
POSTS = [PostRow(0, 0), PostRow(1, 1), PostRow(2, 0), PostRow(3, None)]


class Authors:
    """The loader of authors."""

    async def load(self, key: int) -> AuthorRow:
        return AUTHORS[key]

    async def load_keys(self, keys: Sequence[int], columns: object) -> list[AuthorRow]:
        return [AUTHORS[key] for key in keys]


class IsEven(BasePermission):
    message = "Odd posts are not shown."

    def has_permission(self, source: Any, info: Any, **arguments: Any) -> bool:
        return bool(source.id % 2 == 0)


@strawberry.type(directives=[Cost(weight="3")])
class Author:
    name: str


def authors(info: strawberry.Info) -> Authors:
    return Authors()


async def related(parents: Sequence[PostRow], call: Call, first: int = 2) -> list[list[PostRow]]:
    return [POSTS[parent.id + 1 : parent.id + 1 + first] for parent in parents]


@strawberry.type
class Post:
    id: int
    author: Author | None = relation(authors, key="author_id")
    guarded: Author | None = relation(authors, key="author_id", permission_classes=[IsEven])
    related: list["Post"] = batched(related, directives=[Cost(weight="5")])


@strawberry.type
class Mutation:
    @strawberry.mutation
    def first(self) -> int:
        raise ValueError("first failed")

    @strawberry.mutation
    def second(self) -> int:
        return 2


@strawberry.type
class Query:
    @strawberry.field
    def posts(self, first: int = 4) -> list[Post]:
        return POSTS[:first]  # type: ignore[return-value]

    @strawberry.field
    async def never(self) -> int | None:
        await asyncio.Event().wait()
        return None


# A tracer finds the record to fill in the context.
ENGINE = Engine(strawberry.Schema(Query, Mutation), tracer=lambda context: context)


async def traced(source: str, **more: Any) -> Trace:
    trace = Trace()
    await ENGINE.execute(source, context=trace, **more)
    return trace


Told = tuple[str, str, int, int | None, int]


def levels(trace: Trace) -> list[list[Told]]:
    """Each level's fields: coordinate, path, parents, keys, rows."""
    return [
        [
            (each.coordinate, ".".join(each.path), each.parents, each.keys, each.rows)
            for each in level.fields
        ]
        for level in trace.levels
    ]


async def test_each_field_once_a_level_with_its_numbers() -> None:
    trace = await traced("{ posts { id author { name } related { writer: author { name } } } }")
    assert levels(trace) == [
        [
            ("Query.posts", "posts", 1, None, 4),
            ("Post.author", "posts.author", 4, 2, 3),
            ("Post.related", "posts.related", 4, None, 5),
        ],
        [("Post.author", "posts.related.writer", 5, 2, 3)],
    ]
    assert not trace.replayed


async def test_what_is_read_while_the_response_is_made_is_not_told() -> None:
    assert levels(await traced("{ posts { id __typename } }")) == [
        [("Query.posts", "posts", 1, None, 4)]
    ]


async def test_an_operation_that_resolves_nothing_has_a_level() -> None:
    assert levels(await traced("{ __typename }")) == [[]]


async def test_keys_of_denied_objects_are_not_asked_for() -> None:
    trace = await traced("{ posts(first: 2) { guarded { name } } }")
    assert levels(trace) == [
        [
            ("Query.posts", "posts", 1, None, 2),
            ("Post.guarded", "posts.guarded", 2, 1, 1),
        ]
    ]
    assert trace.replayed


async def test_a_level_without_objects_is_no_reason_to_look_again() -> None:
    trace = await traced("{ posts(first: 0) { author { name } related { author { name } } } }")
    assert levels(trace) == [[("Query.posts", "posts", 1, None, 0)]]
    assert not trace.replayed


async def test_objects_that_are_nowhere_in_a_list_are_no_reason_to_look_again() -> None:
    source = "{ posts(first: 2) { related(first: 0) { author { name } } } }"
    assert not (await traced(source)).replayed


async def test_a_mutation_that_fails_ends_the_record() -> None:
    trace = await traced("mutation { first second }")
    assert levels(trace) == [[("Mutation.first", "first", 1, None, 0)]]
    assert (trace.static_cost, trace.actual_cost, trace.replayed) == (21, 11, True)


async def test_what_the_deadline_cut_off_has_no_rows() -> None:
    trace = await traced("{ never }", deadline=asyncio.get_running_loop().time())
    assert levels(trace) == [[("Query.never", "never", 1, None, 0)]]
    assert trace.replayed


async def test_times_are_within_each_other() -> None:
    trace = await traced("{ posts { related { author { name } } } }")
    first, second = trace.levels
    assert first.began <= first.fields[0].began <= second.began <= second.fields[0].began
    for level in trace.levels:
        assert level.seconds >= 0
        assert all(each.seconds >= 0 for each in level.fields)


@pytest.mark.parametrize(
    ("source", "static", "actual"),
    [
        # The query, posts as a field, a list of unknown length that counts as one.
        ("{ posts { id } }", 3, 2 + 4),
        # Besides, per post the field author; three authors at 3 each.
        ("{ posts { author { name } } }", 3 + 1 + 3, 2 + 4 + 4 * 1 + 3 * 3),
        # Besides, per post the field related at 5; five posts.
        ("{ posts { related { id } } }", 3 + 5 + 1, 2 + 4 + 4 * 5 + 5),
        # What fields say of the schema is answered from memory.
        ("{ __schema { queryType { name } } }", 3, 1),
        ("{ __typename }", 1, 1),
        ("{ posts @skip(if: true) { id } }", 3, 1),
    ],
)
async def test_costs(source: str, static: int, actual: int) -> None:
    trace = await traced(source)
    assert (trace.static_cost, trace.actual_cost) == (static, actual)


async def test_a_trace_ends_once_and_complete() -> None:
    ended: list[tuple[int, int]] = []

    class Ending(Trace):
        def end(self) -> None:
            ended.append((len(self.levels), self.actual_cost))

    await ENGINE.execute("{ posts { id } }", context=Ending())
    assert ended == [(1, 6)]


async def test_who_does_not_want_a_record_gets_the_same_result() -> None:
    source = "{ posts { author { name } } }"
    plain = await ENGINE.execute(source, context=None)
    recorded = await ENGINE.execute(source, context=Trace())
    assert plain.errors is recorded.errors is None
    assert plain.data == recorded.data


async def test_what_is_refused_leaves_no_record() -> None:
    trace = await traced("{ nothing }")
    assert (trace.levels, trace.static_cost, trace.actual_cost) == ([], 0, 0)
