"""A person's profile, which everybody may see."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from content import NestingTooDeep, render
from db.errors import Conflict, FieldError, Invalid
from db.models.user import User
from db.viewer import Client, Viewer
from db.writes import audit
from db.writes.urls import web_address

LONGEST: Final = {
    "name": 100,
    "username": 60,
    "tagline": 200,
    "location": 100,
    "available_for": 500,
    "bio": 20_000,
}
"""How many characters a text has at most."""

Changes = Mapping[str, Any]


class Fault(Exception):
    """What is wrong with one field."""


async def update_profile(
    tx: AsyncConnection, client: Client, viewer: Viewer, changes: Changes
) -> None:
    """Changes of the viewer's profile what is given, by the names of PATHS; None clears it.

    `bio` is Markdown; `social_links` is a mapping of networks, of which it changes those given. Raises
    Invalid with each fault, Conflict for a username that somebody else has.
    """
    values, faults = await _checked(changes)
    if faults:
        raise Invalid(faults[0].message, faults)
    if "social_links" in values:
        values["social_links"] = await _merged(tx, viewer, values["social_links"])
    try:
        async with tx.begin_nested():
            await tx.execute(
                update(User)
                .where(User.id == viewer.user_id)
                .values(**values, updated_at=datetime.now(UTC))
            )
    except IntegrityError as error:
        if "uq_users_username" not in str(error.orig):
            raise
        message = "Somebody else has this username."
        raise Conflict(message, [FieldError(("input", "username"), message)]) from None
    await audit.record(tx, client, viewer, "profile.update", viewer.user_id, fields=sorted(changes))


def name(value: str | None) -> str:
    """Raises Fault for none, for one too long, and for what cannot be seen."""
    text = (value or "").strip()
    if not text or not text.isprintable():
        raise Fault("It is needed, and consists of what can be seen.")
    return _limited("name", text)


def username(value: str | None) -> str:
    """One segment of an address: raises Fault for spaces and slashes, otherwise as `name` does."""
    text = value or ""
    if not text or not text.isprintable() or re.search(r"[\s/]", text):
        raise Fault("It is needed, and has neither spaces nor slashes.")
    return _limited("username", text)


def plain(field: str) -> Callable[[str | None], str | None]:
    """The check of a short text that need not be there."""
    return lambda value: _limited(field, (value or "").strip()) or None


def url(value: str | None) -> str | None:
    """Raises Fault for what is no URL of the web."""
    address = (value or "").strip()
    if address and web_address(address) is None:
        raise Fault("It is no address that begins with http:// or https://.")
    return address or None


# What can be changed, besides `bio` and `social_links`, by its path in the input.
PATHS: Final[Mapping[str, tuple[str, Callable[[str | None], str | None]]]] = {
    "name": ("name", name),
    "username": ("username", username),
    "tagline": ("tagline", plain("tagline")),
    "location": ("location", plain("location")),
    "available_for": ("availableFor", plain("available_for")),
    "profile_picture": ("profilePicture", url),
}


async def _checked(changes: Changes) -> tuple[dict[str, Any], list[FieldError]]:
    """The columns to be set, and what is wrong with the changes."""
    values: dict[str, Any] = {}
    faults = []
    for column, (path, check) in PATHS.items():
        if column in changes:
            try:
                values[column] = check(changes[column])
            except Fault as fault:
                faults.append(FieldError(("input", path), str(fault)))
    try:
        values |= await _bio(changes["bio"]) if "bio" in changes else {}
    except Fault as fault:
        faults.append(FieldError(("input", "bio"), str(fault)))
    if "social_links" in changes:
        links = changes["social_links"] or {}
        faults += _faults_of_links(links)
        values["social_links"] = links
    return values, faults


def _limited(field: str, text: str) -> str:
    if len(text) > LONGEST[field]:
        raise Fault(f"It has at most {LONGEST[field]} characters.")
    return text


async def _bio(markdown: str | None) -> dict[str, str | None]:
    if not markdown or not markdown.strip():
        return dict.fromkeys(("bio_markdown", "bio_html", "bio_text"))
    _limited("bio", markdown)
    try:
        rendered = await asyncio.to_thread(render, markdown)
    except NestingTooDeep as error:
        raise Fault(str(error)) from None
    return {"bio_markdown": markdown, "bio_html": rendered.html, "bio_text": rendered.text}


def _faults_of_links(links: Mapping[str, str | None]) -> Iterator[FieldError]:
    for network, value in links.items():
        try:
            url(value)
        except Fault as fault:
            yield FieldError(("input", "socialMediaLinks", network), str(fault))


async def _merged(
    tx: AsyncConnection, viewer: Viewer, links: Mapping[str, str | None]
) -> dict[str, str]:
    """The links as they are with these changes."""
    stored = await tx.scalar(
        select(User.social_links).where(User.id == viewer.user_id).with_for_update()
    )
    merged = {**(stored or {}), **{network: url(value) for network, value in links.items()}}
    return {network: value for network, value in merged.items() if value}
