"""Compiled, breadth-first execution of GraphQL for any Strawberry schema; imports nothing of Masthead."""

from engine.cost import Cost, ListSize
from engine.documents import Document
from engine.engine import Engine
from engine.errors import DeadlineExceededError
from engine.fields import (
    Call,
    Following,
    Loader,
    ResultCountError,
    batched,
    column,
    derived,
    lookup,
    relation,
    same,
)
from engine.limits import Limits
from engine.tracer import Level, Resolution, Trace

__all__ = [
    "Call",
    "Cost",
    "DeadlineExceededError",
    "Document",
    "Engine",
    "Following",
    "Level",
    "Limits",
    "ListSize",
    "Loader",
    "Resolution",
    "ResultCountError",
    "Trace",
    "batched",
    "column",
    "derived",
    "lookup",
    "relation",
    "same",
]
