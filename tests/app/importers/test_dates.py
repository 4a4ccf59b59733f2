"""Every way in which the sources write a date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importers import dates


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-01-02", datetime(2024, 1, 2, tzinfo=UTC)),
        ("2024-1-2", datetime(2024, 1, 2, tzinfo=UTC)),
        ("2024-01-02 10:20", datetime(2024, 1, 2, 10, 20, tzinfo=UTC)),
        ("2024-01-02T10:20:30Z", datetime(2024, 1, 2, 10, 20, 30, tzinfo=UTC)),
        ("2024-01-02T10:20:30.5+02:00", datetime(2024, 1, 2, 8, 20, 30, 500_000, tzinfo=UTC)),
        ("2024-01-02 10:20:30 +0100", datetime(2024, 1, 2, 9, 20, 30, tzinfo=UTC)),
        ("2024-01-02 10:20:30 UTC", datetime(2024, 1, 2, 10, 20, 30, tzinfo=UTC)),
        ("2024/01/02", datetime(2024, 1, 2, tzinfo=UTC)),
        ("January 2, 2024", datetime(2024, 1, 2, tzinfo=UTC)),
        ("Jan 2, 2024", datetime(2024, 1, 2, tzinfo=UTC)),
        ("2 January 2024", datetime(2024, 1, 2, tzinfo=UTC)),
        ("Tue, 02 Jan 2024 10:20:30 +0000", datetime(2024, 1, 2, 10, 20, 30, tzinfo=UTC)),
        (
            "Tue Jan 02 2024 10:20:30 GMT+0200 (Eastern European Standard Time)",
            datetime(2024, 1, 2, 8, 20, 30, tzinfo=UTC),
        ),
        (date(2024, 1, 2), datetime(2024, 1, 2, tzinfo=UTC)),
        (datetime(2024, 1, 2, 10), datetime(2024, 1, 2, 10, tzinfo=UTC)),  # noqa: DTZ001
        (
            datetime(2024, 1, 2, 10, tzinfo=timezone(timedelta(hours=3))),
            datetime(2024, 1, 2, 7, tzinfo=UTC),
        ),
        ("", None),
        (None, None),
    ],
)
def test_moment(written: object, expected: datetime | None) -> None:
    assert dates.moment(written) == expected


@pytest.mark.parametrize("written", ["soon", "2024-13-01", 12, [], "0001-01-01T00:00:00+23:00"])
def test_what_is_no_date(written: object) -> None:
    with pytest.raises(ValueError, match=r"is not a date|is out of range"):
        dates.moment(written)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_utc_date_or_none(written: str) -> None:
    try:
        found = dates.moment(written)
    except ValueError:
        return
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("2025/06/26/Rust-1.88.0", datetime(2025, 6, 26, tzinfo=UTC)),
        ("inside-rust/2019/09/25/hello", datetime(2019, 9, 25, tzinfo=UTC)),
        ("_posts/2024-01-02-title.md", datetime(2024, 1, 2, tzinfo=UTC)),
        ("blog/2024-1-2_title/index.md", datetime(2024, 1, 2, tzinfo=UTC)),
        ("2024-13-02-title.md", None),
        ("1999/title", None),
        ("survey-2024-01-02-results", None),
    ],
)
def test_date_in_a_path(path: str, expected: datetime | None) -> None:
    assert dates.in_path(path) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2024-01-02-title", "title"),
        ("2024-01-02_title", "title"),
        ("2024-99-02-title", "2024-99-02-title"),
        ("2024-01-02", "2024-01-02"),
        ("title", "title"),
    ],
)
def test_name_without_its_date(name: str, expected: str) -> None:
    assert dates.without_date(name) == expected
