"""Moments as rows carry them."""

from typing import NewType

# PostgreSQL's text of a timestamptz, in UTC: `2026-01-31 12:00:00.5+00`.
Timestamp = NewType("Timestamp", str)
