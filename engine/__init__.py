"""Compiled, breadth-first execution of GraphQL for any Strawberry schema; imports nothing of Masthead."""

from engine.documents import Document
from engine.engine import Engine
from engine.errors import DeadlineExceededError
from engine.limits import Limits

__all__ = ["DeadlineExceededError", "Document", "Engine", "Limits"]
