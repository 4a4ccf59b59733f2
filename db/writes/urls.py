"""URLs that people give, to be shown to others."""

from urllib.parse import urlsplit

LONGEST = 2000


def web_address(text: str) -> str | None:
    """The text if it is an absolute `http` or `https` URL that a page can link to; None otherwise."""
    if len(text) > LONGEST or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.hostname else None
