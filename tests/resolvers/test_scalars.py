"""Moments as clients see them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.scalars import format_time, parse_time


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-01-31 12:00:00+00", "2026-01-31T12:00:00Z"),
        ("2026-01-31 12:00:00.5+00", "2026-01-31T12:00:00.5Z"),
        ("2026-01-31 12:00:00.123456+00", "2026-01-31T12:00:00.123456Z"),
        ("0001-01-01 00:00:00+00", "0001-01-01T00:00:00Z"),
        ("2026-01-31 12:00:00+05:30", "2026-01-31T06:30:00Z"),
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        (datetime(2026, 1, 31, 12, tzinfo=UTC), "2026-01-31T12:00:00Z"),
        (datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=2))), "2026-01-31T10:00:00Z"),
    ],
)
def test_moments_are_written_in_utc(moment: datetime | str, expected: str) -> None:
    assert format_time(moment) == expected


@pytest.mark.parametrize(
    "moment", ["infinity", "-infinity", "0044-03-15 12:00:00+00 BC", "12026-01-31 12:00:00+00", ""]
)
def test_what_iso_8601_cannot_write_is_refused(moment: str) -> None:
    with pytest.raises(ValueError, match="isoformat"):
        format_time(moment)


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_can_be_read(moment: datetime) -> None:
    assert parse_time(format_time(moment)) == moment
    text = moment.replace(tzinfo=None).isoformat(" ") + "+00"
    assert parse_time(format_time(text)) == moment
