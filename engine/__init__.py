"""Compiled, breadth-first execution of GraphQL for any Strawberry schema; imports nothing of Masthead."""

from engine.engine import Engine

__all__ = ["Engine"]
