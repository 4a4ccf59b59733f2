"""Slugs for imported rows."""

from db.writes.imports.report import Report
from db.writes.records import Place
from db.writes.slugs import Slugs, segment


def claim_slug(
    report: Report, slugs: Slugs, place: Place, wish: str, current: str | None, fallback: str
) -> str:
    """A slug as near to the wish as the others allow, with a note when it is another."""
    fit = segment(wish, fallback)
    slug = slugs.claim(fit, current)
    if slug != wish:
        cause = "another one has it" if fit == wish else "it is not one path segment"
        report.changed(place, f"slug `{wish}`", f"{cause}: it became `{slug}`")
    return slug
