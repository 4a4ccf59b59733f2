"""Failures of the engine's own."""

from typing import ClassVar


class DeadlineExceededError(Exception):
    """The request's deadline passed before the field had its value."""

    extensions: ClassVar[dict[str, str]] = {"code": "TIMEOUT"}

    def __init__(self) -> None:
        super().__init__("The time for this request has run out.")
