import pytest
from starlette.types import Message

from app.headers import add_missing, header


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ([], ""),
        ([(b"accept", b"")], ""),
        ([(b"accept", b"a/b")], "a/b"),
        ([(b"accept", b"a/b"), (b"host", b"x"), (b"accept", b"c/d;q=0.5")], "a/b, c/d;q=0.5"),
        ([(b"accept", b" a/b\t"), (b"accept", b"c/d ")], "a/b, c/d"),
        ([(b"accept", b"\xe4")], "ä"),
    ],
)
def test_the_lines_of_a_header_are_one_list(lines: list[tuple[bytes, bytes]], value: str) -> None:
    assert header({"headers": lines}, b"accept") == value


def test_only_what_is_missing_is_added() -> None:
    own = [(b"vary", b"Accept"), (b"referrer-policy", b"origin")]
    message: Message = {"type": "http.response.start", "status": 200, "headers": own}
    add_missing(message, [(b"referrer-policy", b"no-referrer"), (b"x-frame-options", b"DENY")])
    assert message["headers"] == [
        (b"vary", b"Accept"),
        (b"referrer-policy", b"origin"),
        (b"x-frame-options", b"DENY"),
    ]
    assert len(own) == 2
