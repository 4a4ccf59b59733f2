"""Who is asking, as PostgreSQL's row-level security is told: settings that the policies read.

Unset or '' is what they are for the public, so a connection that was told nothing is the public's.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final, Literal

from db.viewer import Viewer


class Server(Enum):
    """The server itself, which no viewer stands behind: it may read and write every row."""

    SYSTEM = "system"


SYSTEM: Final = Server.SYSTEM

Asker = Viewer | Literal[Server.SYSTEM] | None

# The publication of those who may not see what members see: there is none of this id.
NONE: Final = "none"

ALL_ROWS: Final = {"masthead.system": "on"}


def settings_of(asker: Asker) -> Mapping[str, str]:
    """The settings in which the asker differs from the public."""
    if asker is None:
        return {}
    if asker is SYSTEM:
        return ALL_ROWS
    settings = {"masthead.viewer": asker.user_id}
    if asker.is_admin:
        settings["masthead.admin"] = "on"
    if asker.is_reader:
        settings["masthead.readonly"] = "on"
    if asker.is_outsider:
        settings["masthead.publication"] = NONE
    elif asker.publication_id is not None:
        settings["masthead.publication"] = asker.publication_id
    return settings
