from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from app.http.parameters import Parameters, from_body, from_url, url_pairs
from app.problems import Problem

JSON = "application/json"
LIMIT = 1_000


def request(messages: Iterator[Message], **headers: str) -> Request:
    async def receive() -> Message:
        return next(messages)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": raw}, receive)


def chunked(*chunks: bytes) -> Iterator[Message]:
    for chunk in chunks:
        yield {"type": "http.request", "body": chunk, "more_body": True}
    yield {"type": "http.request", "body": b"", "more_body": False}


async def read(body: bytes, content_type: str = JSON) -> Parameters:
    return await from_body(request(chunked(body), content_type=content_type), LIMIT)


async def refusal(body: bytes, content_type: str = JSON) -> tuple[int, str, str]:
    with pytest.raises(Problem) as refused:
        await read(body, content_type)
    return refused.value.status_code, refused.value.code, refused.value.detail


async def test_every_parameter_is_read() -> None:
    body = b'{"query":"{a}","operationName":"A","variables":{"x":1},"extensions":{"y":2},"z":3}'
    assert await read(body) == Parameters("{a}", "A", {"x": 1})


async def test_null_counts_as_absent() -> None:
    body = b'{"query":"{a}","operationName":null,"variables":null,"extensions":null}'
    assert await read(body) == Parameters("{a}", None, None)


async def test_a_body_is_utf_8() -> None:
    assert (await read('{"query":"{a} # 🏃"}'.encode())).query == "{a} # 🏃"
    status, code, detail = await refusal('{"query":"{a} # ä"}'.encode("latin-1"))
    assert (status, code) == (400, "BAD_REQUEST")
    assert "not valid UTF-8" in detail


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"{}", 'The parameter "query" is missing.'),
        (b'{"qeury":"{a}"}', 'The parameter "query" is missing.'),
        (b'{"query":null}', 'The parameter "query" is missing.'),
        (b'{"query":1}', 'The parameter "query" must be a string, not a number.'),
        (b'{"query":0.5}', 'The parameter "query" must be a string, not a number.'),
        (b'{"query":false}', 'The parameter "query" must be a string, not a boolean.'),
        (b'{"query":[]}', 'The parameter "query" must be a string, not an array.'),
        (b'{"query":{}}', 'The parameter "query" must be a string, not an object.'),
        (
            b'{"query":"{a}","operationName":1}',
            'The parameter "operationName" must be a string, not a number.',
        ),
        (
            b'{"query":"{a}","variables":[]}',
            'The parameter "variables" must be an object, not an array.',
        ),
        (
            b'{"query":"{a}","variables":"{}"}',
            'The parameter "variables" must be an object, not a string.',
        ),
        (
            b'{"query":"{a}","extensions":false}',
            'The parameter "extensions" must be an object, not a boolean.',
        ),
        (b'[{"query":"{a}"}]', "Batches are not supported: send one operation a request."),
        (b'"{a}"', "The body must be an object, not a string."),
        (b"null", "The body must be an object, not null."),
    ],
)
async def test_a_wrong_type_is_named(body: bytes, detail: str) -> None:
    assert await refusal(body) == (400, "BAD_REQUEST", detail)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", "line 1 column 1"),
        (b'{"query', "line 1 column 8"),
        (b'{"query":"{a}"} x', "line 1 column 17"),
        (b'{"query":"{a}",\n"variables":NaN}', "line 2 column 13"),
        (b'\xef\xbb\xbf{"query":"{a}"}', "line 1 column 1"),
    ],
)
async def test_malformed_json_is_located(body: bytes, place: str) -> None:
    status, code, detail = await refusal(body)
    assert (status, code) == (400, "BAD_REQUEST")
    assert detail.startswith("The body is not valid JSON: ")
    assert place in detail


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json ; charset=utf8 ; profile=x",
    ],
)
async def test_json_in_utf_8_is_accepted(content_type: str) -> None:
    assert await read(b'{"query":"{a}"}', content_type) == Parameters("{a}", None, None)


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=latin1",
        "application/json, text/plain",
        "json",
    ],
)
async def test_other_content_is_refused_before_it_is_read(content_type: str) -> None:
    with pytest.raises(Problem) as refused:
        await from_body(request(iter(()), content_type=content_type), LIMIT)
    assert (refused.value.status_code, refused.value.code) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert refused.value.headers == {"Accept-Post": "application/json"}


async def test_compressed_bodies_are_refused() -> None:
    with pytest.raises(Problem) as refused:
        await from_body(request(iter(()), content_type=JSON, content_encoding="gzip"), LIMIT)
    assert (refused.value.status_code, refused.value.code) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert refused.value.headers == {"Accept-Encoding": "identity"}


async def test_the_limit_is_the_largest_body() -> None:
    body = b'{"query":"{a}"}'
    assert await read(body.ljust(LIMIT)) == Parameters("{a}", None, None)
    assert await refusal(body.ljust(LIMIT + 1)) == (
        413,
        "PAYLOAD_TOO_LARGE",
        "The body is larger than 1000 bytes.",
    )


async def test_an_endless_body_is_read_up_to_the_limit_only() -> None:
    read_chunks = 0

    def endless() -> Iterator[Message]:
        nonlocal read_chunks
        while True:
            read_chunks += 1
            yield {"type": "http.request", "body": b" " * 300, "more_body": True}

    with pytest.raises(Problem, match="larger than 1000 bytes"):
        await from_body(request(endless(), content_type=JSON, content_length="2"), LIMIT)
    assert read_chunks == 4


async def test_a_client_that_goes_away_while_sending() -> None:
    messages = iter([{"type": "http.disconnect"}])
    with pytest.raises(ClientDisconnect):
        await from_body(request(messages, content_type=JSON), LIMIT)


def url(query_string: bytes) -> Parameters:
    return from_url(url_pairs(query_string, LIMIT))


def test_a_url_carries_every_parameter() -> None:
    query_string = (
        b"query=%7Ba%7D&operationName=A&variables=%7B%22x%22%3A%22%C3%A4%22%7D&extensions={}&z=1"
    )
    assert url(query_string) == Parameters("{a}", "A", {"x": "ä"})


def test_a_blank_value_in_a_url_counts_as_absent() -> None:
    assert url(b"query={a}&operationName=&variables=") == Parameters("{a}", None, None)


@pytest.mark.parametrize(
    ("query_string", "detail"),
    [
        (b"", 'The parameter "query" is missing.'),
        (b"query=", 'The parameter "query" is missing.'),
        (b"query={a}&query={b}", 'The parameter "query" is given more than once.'),
        (b"query={a}&variables=[]", 'The parameter "variables" must be an object, not an array.'),
        (b"query={a}&extensions=1", 'The parameter "extensions" must be an object, not a number.'),
        (b"query=%ff", "The query string is not valid UTF-8."),
        (b"query=\xff", "The query string is not valid UTF-8."),
        (
            b"query={a}&variables={",
            'The parameter "variables" is not valid JSON: '
            "unexpected end of data: line 1 column 2 (char 1).",
        ),
    ],
)
def test_a_bad_url_is_refused(query_string: bytes, detail: str) -> None:
    with pytest.raises(Problem) as refused:
        url(query_string)
    assert (refused.value.status_code, refused.value.code) == (400, "BAD_REQUEST")
    assert refused.value.detail == detail


def test_a_long_url_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        url(b"query=".ljust(LIMIT + 1, b"x"))
    assert (refused.value.status_code, refused.value.code) == (414, "URI_TOO_LONG")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=10,
)


@given(query=json_values, name=json_values, variables=json_values, extensions=json_values)
async def test_any_json_is_read_or_refused(
    query: Any, name: Any, variables: Any, extensions: Any
) -> None:
    given_parameters = {
        "query": query,
        "operationName": name,
        "variables": variables,
        "extensions": extensions,
    }
    fits = (
        isinstance(query, str)
        and isinstance(name, str | None)
        and isinstance(variables, dict | None)
        and isinstance(extensions, dict | None)
    )
    if fits:
        assert Parameters.of(given_parameters) == Parameters(query, name, variables)
    else:
        with pytest.raises(Problem) as refused:
            Parameters.of(given_parameters)
        assert refused.value.code == "BAD_REQUEST"


@given(st.binary(max_size=200))
async def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        await read(body)
    except Problem as refused:
        assert refused.status_code == 400
    else:
        assert isinstance(orjson.loads(body), dict)
