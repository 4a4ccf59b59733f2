"""Spec 6.2.3, subscriptions: how they begin, what each event gives, how they end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLSchema, build_schema

from tests.engine.parity.oracle import stock
from tests.engine.parity.plain import Later, failing, failing_later, told
from tests.engine.parity.runs import agreed_events, engine_of
from tests.engine.parity.schema import World, schema


def subscription(source: str) -> str:
    """The operation, which declares the variables that it uses."""
    declared = {"$to": "$to: Int = 3", "$yes": "$yes: Boolean = true"}
    used = ", ".join(text for name, text in declared.items() if name in source)
    return f"subscription S({used}) {source}" if used else f"subscription S {source}"


SUBSCRIPTIONS: list[tuple[str, dict[str, Any], int]] = [
    ("{ count(to: $to) }", {}, 3),
    ("{ count(to: $to) }", {"to": 0}, 0),
    ("{ alias: count(to: $to) }", {"to": 1}, 1),
    ("{ ...F } fragment F on Subscription { count(to: $to) }", {}, 3),
    ("{ ...F ...F } fragment F on Subscription { count(to: $to) }", {}, 3),
    ("{ count(to: $to) @include(if: $yes) }", {}, 1),
    ("{ count(to: $to) @skip(if: $yes) }", {}, 1),
    (
        "{ events(to: $to) { number half character { name friends { id } } __typename } }",
        {"to": 4},
        4,
    ),
    ("{ events(to: $to) { ...E } } fragment E on Event { half number @skip(if: $yes) }", {}, 3),
    ("{ maybeEvents { number half } }", {}, 3),
    ("{ failsAfter(events: 2) }", {}, 3),
    ("{ failsAfter(events: 0) }", {}, 1),
    ("{ notAStream }", {}, 1),
    ("{ never }", {}, 1),
    ("{ count(to: $to) }", {"to": "x"}, 1),
    ("{ unknown }", {}, 1),
    ("{ count events { number } }", {}, 1),
    ("{ __typename }", {}, 1),
]


@pytest.mark.parametrize(("source", "variables", "count"), SUBSCRIPTIONS)
async def test_subscriptions(source: str, variables: dict[str, Any], count: int) -> None:
    ours = await agreed_events(schema, subscription(source), variables, World)
    assert len(ours) == count


async def test_the_events_of_a_subscription_exactly() -> None:
    source = "subscription { events { number half } }"
    ours = await agreed_events(schema, source, context=World)
    assert [told(result) for result in ours] == [
        ({"events": {"number": 0, "half": 0}}, []),
        (None, [("1 is odd", ["events", "half"])]),
        ({"events": {"number": 2, "half": 1}}, []),
    ]


async def test_a_closed_subscription_closes_its_source() -> None:
    stream = await engine_of(schema).subscribe("subscription { count(to: 1000) }", context=World())
    first = await anext(stream)
    assert told(first) == ({"count": 0}, [])
    await stream.aclose()
    assert [result async for result in stream] == []


async def test_subscriptions_are_not_executed_as_queries() -> None:
    result = await engine_of(schema).execute("subscription { count }", context=World())
    expected = await stock(schema, "subscription { count }", context_value=World())
    assert (result.data is None) == (expected.data is None)


SDL = """
type Query { a: Int }
type Subscription { email(priority: Int = 0): Email required: Email! emails: [Email!] }
type Email { subject: String! later: String broken: Int required: Int! }
"""


def emails(*subjects: str | Exception | None) -> Callable[..., AsyncIterator[Any]]:
    """A source of events, whose payloads are resolved by default; exceptions are raised."""

    async def source(*_: Any, **arguments: Any) -> AsyncIterator[Any]:
        for subject in subjects:
            if isinstance(subject, Exception):
                raise subject
            email = {
                "subject": subject,
                "later": lambda info: Later(str(arguments)),
                "broken": failing(),
                "required": failing_later() if subject == "bad" else 1,
            }
            yield {"email": email, "required": email, "emails": [email, email]}

    return source


def subscribing(subscribe: Any) -> GraphQLSchema:
    """The schema with this source for all fields."""
    built = build_schema(SDL)
    for field in built.subscription_type.fields.values():  # type: ignore[union-attr]
        field.subscribe = subscribe
    return built


async def subscribed_later(*arguments: Any, **named: Any) -> Any:
    await asyncio.sleep(0)
    return emails("a", "b")(*arguments, **named)


STARTS: dict[str, Any] = {
    "a source": emails("a", None, "bad", "b"),
    "an asynchronous start": subscribed_later,
    "an empty source": emails(),
    "a start that fails": failing(),
    "an asynchronous start that fails": failing_later(),
    "an exception": lambda *_, **__: ValueError("returned"),
    "an awaited exception": lambda *_, **__: Later(ValueError("returned")),
    "a source that fails": emails("a", ValueError("broke"), "b"),
    "a source that fails with an error of GraphQL": emails(GraphQLError("broke")),
    "no source": lambda *_, **__: "text",
    "a list": lambda *_, **__: [1],
    "null": lambda *_, **__: None,
}


@pytest.mark.parametrize("start", STARTS.values(), ids=list(STARTS))
@pytest.mark.parametrize(
    "selections",
    [
        "email(priority: $p) { subject later }",
        "email(priority: $p) { subject broken later }",
        "required { subject later } ",
        "required { required subject }",
        "emails { required subject }",
        "e: email { s: subject __typename }",
    ],
)
async def test_each_start(start: Any, selections: str) -> None:
    declared = "($p: Int)" if "$p" in selections else ""
    source = f"subscription S{declared} {{ {selections} }}"
    for variables in ({}, {"p": 3}, {"p": "x"}) if declared else ({},):
        await agreed_events(subscribing(start), source, variables)


async def test_a_source_of_the_root() -> None:
    """Without a function of its own, a field's source is found on the root value."""
    built = build_schema(SDL)
    source = "subscription { email { subject } }"
    ours = await agreed_events(built, source, root=lambda: {"email": emails("a", "b")})
    assert [told(each) for each in ours] == [
        ({"email": {"subject": "a"}}, []),
        ({"email": {"subject": "b"}}, []),
    ]
    await agreed_events(built, source, root=dict)


async def test_no_subscriptions_at_all() -> None:
    (ours,) = await agreed_events(build_schema("type Query { a: Int }"), "subscription { a }")
    assert ours.data is None


async def test_two_subscribers_have_sources_of_their_own() -> None:
    engine = engine_of(schema)
    source = "subscription { count(to: 2) }"
    first, second = [await engine.subscribe(source, context=World()) for _ in range(2)]
    assert (await anext(first)).data == {"count": 0}
    assert [each.data for each in [result async for result in second]] == [
        {"count": 0},
        {"count": 1},
    ]
    assert [each.data for each in [result async for result in first]] == [{"count": 1}]


REFUSED = [
    "query { hero { id } }",
    "mutation { __typename }",
    "subscription { unknown }",
    "subscription { count events { number } }",
    "subscription {",
    'subscription { count(to: "x") }',
    "subscription ($to: Int!) { count(to: $to) }",
    "subscription { notAStream }",
    "subscription { failsAfter(events: 1) }",
]


@pytest.mark.parametrize("source", REFUSED)
async def test_one_line_switches_executors(source: str) -> None:
    """Strawberry's `subscribe`, too, always gives an iterator, and its failures as results."""
    expected: list[Any] = [
        each async for each in await schema.subscribe(source, context_value=World())
    ]
    ours = [each async for each in await engine_of(schema).subscribe(source, context=World())]
    assert [told(each) for each in ours] == [told(each) for each in expected]


async def test_an_event_that_takes_too_long_is_a_timeout() -> None:
    async def source(*_: Any, **__: Any) -> AsyncIterator[Any]:
        for later in (asyncio.Future[str](), Later("b")):
            yield {"email": {"subject": "a", "later": lambda _info, later=later: later}}

    stream = await engine_of(subscribing(source)).subscribe(
        "subscription { email { subject later } }", event_timeout=0.05
    )
    late, punctual = [each async for each in stream]
    assert late.data == {"email": {"subject": "a", "later": None}}
    assert [each.extensions for each in late.errors or ()] == [{"code": "TIMEOUT"}]
    assert (punctual.data, punctual.errors) == ({"email": {"subject": "a", "later": "b"}}, None)
