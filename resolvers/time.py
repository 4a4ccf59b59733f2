"""Filters by time: between two moments, or within the last so many days."""

import calendar
from datetime import UTC, datetime, timedelta
from enum import Enum

import strawberry

from db.errors import FieldError, Invalid


@strawberry.enum(description="A period that ends now; `n` says how many days, weeks or so.")
class TimePeriod(Enum):
    LAST_N_DAYS = strawberry.enum_value("LAST_N_DAYS", description="The last `n` days.")
    LAST_N_HOURS = strawberry.enum_value("LAST_N_HOURS", description="The last `n` hours.")
    LAST_N_MONTHS = strawberry.enum_value("LAST_N_MONTHS", description="The last `n` months.")
    LAST_N_WEEKS = strawberry.enum_value("LAST_N_WEEKS", description="The last `n` weeks.")
    LAST_N_YEARS = strawberry.enum_value("LAST_N_YEARS", description="The last `n` years.")


@strawberry.input(description="Between two moments; either end may be left open.")
class AbsoluteTimeRange:
    from_: datetime | None = strawberry.field(
        default=None, name="from", description="The first moment."
    )
    to: datetime | None = strawberry.field(default=None, description="The last moment.")


@strawberry.input(description="A period that ends now.")
class RelativeTimeRange:
    relative: TimePeriod = strawberry.field(description="The unit.")
    n: int = strawberry.field(description="How many of them.")


@strawberry.input(description="Keeps what is dated within a time; give one of the two.")
class TimeFilter:
    absolute: AbsoluteTimeRange | None = strawberry.field(
        default=None, description="Between two moments."
    )
    relative: RelativeTimeRange | None = strawberry.field(
        default=None, description="Within a period that ends now."
    )


def time_range(chosen: TimeFilter | None, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The first and the last moment that the filter keeps; raises Invalid for a negative period."""
    if chosen is None:
        return None, None
    if chosen.absolute is not None:
        return chosen.absolute.from_, chosen.absolute.to
    if chosen.relative is not None:
        return start_of(chosen.relative, now), now
    return None, None


def start_of(period: RelativeTimeRange, now: datetime) -> datetime:
    if not 0 <= period.n <= 100_000:
        message = "`n` is a number from 0 to 100000."
        raise Invalid(message, [FieldError(("filter", "time", "relative", "n"), message)])
    match period.relative:
        case TimePeriod.LAST_N_HOURS:
            return now - timedelta(hours=period.n)
        case TimePeriod.LAST_N_DAYS:
            return now - timedelta(days=period.n)
        case TimePeriod.LAST_N_WEEKS:
            return now - timedelta(weeks=period.n)
        case TimePeriod.LAST_N_MONTHS:
            return months_before(now, period.n)
        case TimePeriod.LAST_N_YEARS:
            return months_before(now, 12 * period.n)


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months ago, or that month's last day; never before the year 1."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    if year < 1:
        return datetime.min.replace(tzinfo=UTC)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
