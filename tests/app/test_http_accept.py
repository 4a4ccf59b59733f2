import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.http.accept import negotiate

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
HTML = "text/html"
OFFERS = (JSON, GRAPHQL, HTML)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", HTML),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        ("Application/GraphQL-Response+JSON", GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.9, {JSON}", JSON),
        (f"{GRAPHQL},{JSON}", GRAPHQL),
        (f"{JSON},{GRAPHQL}", JSON),
        (f"{GRAPHQL};charset=utf-8", GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8 ; q=0.5, {JSON}; q=0.6", JSON),
        (f"{JSON};q=0.1, */*", GRAPHQL),
        (f"{JSON};q=0, */*;q=0.1", GRAPHQL),
        (f"{JSON};q=0, {GRAPHQL};q=0, */*", HTML),
        ("application/*;q=0.5, */*;q=0.4", JSON),
        (BROWSER, HTML),
        ("image/png", None),
        ("image/png, */*;q=0", None),
        (f"{JSON};q=0", None),
        (f"{JSON};q=high", None),
        (f"{JSON};q=1.5", None),
        (f"{JSON};q=nan", None),
        (f"{JSON};q=", None),
        (f"{JSON};q=0.001", JSON),
        (f"{JSON};q=0.0001", None),
        (" , ,", None),
        ("json", None),
    ],
)
def test_negotiate(accept: str, expected: str | None) -> None:
    assert negotiate(accept, OFFERS) == expected


qualities = st.sampled_from(["0", "0.001", "0.5", "0.999", "1", "1.000"])
ranges = st.sampled_from([*OFFERS, "application/*", "text/*", "*/*", "image/png"])
headers = st.lists(st.tuples(ranges, qualities), min_size=1).map(
    lambda items: ",".join(f"{media_range};q={quality}" for media_range, quality in items)
)


@given(headers)
def test_what_a_header_excludes_is_never_chosen(accept: str) -> None:
    chosen = negotiate(accept, OFFERS)
    assert chosen is None or not accept.startswith(f"{chosen};q=0,")
    assert chosen in (*OFFERS, None)


@given(headers, ranges)
def test_a_range_listed_twice_counts_once(accept: str, media_range: str) -> None:
    doubled = f"{media_range};q=0.7,{accept},{media_range};q=0"
    assert negotiate(doubled, OFFERS) == negotiate(f"{media_range};q=0.7,{accept}", OFFERS)


@given(st.text(max_size=200))
def test_any_header_gets_an_answer(accept: str) -> None:
    assert negotiate(accept, OFFERS) in (*OFFERS, None)
