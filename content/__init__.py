"""Markdown to safe HTML, table of contents, brief, reading time and slugs: pure functions."""

from content.balancing import MAX_DEPTH, NestingTooDeep
from content.contents import Heading
from content.rendering import Rendered, render
from content.slugs import slugify, url_slug

__all__ = [
    "MAX_DEPTH",
    "Heading",
    "NestingTooDeep",
    "Rendered",
    "render",
    "slugify",
    "url_slug",
]
