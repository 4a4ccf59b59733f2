"""Compiled, breadth-first execution of GraphQL for any Strawberry schema; imports nothing of Masthead."""

from engine.documents import Document
from engine.engine import Engine
from engine.errors import DeadlineExceededError
from engine.limits import Limits
from engine.tracer import Level, Resolution, Trace

__all__ = ["DeadlineExceededError", "Document", "Engine", "Level", "Limits", "Resolution", "Trace"]
