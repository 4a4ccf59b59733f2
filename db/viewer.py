"""Who is asking. None stands for the anonymous public everywhere a `Viewer | None` is taken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person."""

    user_id: str
