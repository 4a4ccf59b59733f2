"""Slugs for imported rows."""

from db.writes.imports.report import Report
from db.writes.records import Place
from db.writes.slugs import Slugs, segment


def claim_slug(
    report: Report, slugs: Slugs, place: Place, wish: str, current: str | None, fallback: str
) -> str:
    """A slug as near to the wish as the others allow, with a note when it is another."""
    slug = slugs.claim(segment(wish, fallback), current)
    if slug != wish:
        reason = f"It became {slug}: a slug is one path segment, and stands once in a publication."
        report.changed(place, f"slug {wish}", reason)
    return slug
