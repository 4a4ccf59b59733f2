"""Who is asking, and from where. None is the anonymous public wherever a `Viewer | None` is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person, or a key that acts for one.

    `is_admin` is for the whole deployment. With `publication_id` the person belongs to that
    publication only, whatever else is theirs. `is_outsider` is a key that may not see what members
    see. `roles` are theirs by publication; `scopes` is None where nothing narrows what they may do.
    `proven_at` is when they last proved who they are, `strong` whether they did with a second factor,
    and `has_second_factor` whether they could have.

    What is not compared plays no part in which rows exist, and so in no statement
    (`loaders.statements`).
    """

    user_id: str
    is_admin: bool = False
    publication_id: str | None = None
    is_outsider: bool = False
    roles: Mapping[str, str] = field(default_factory=dict, compare=False)
    scopes: frozenset[str] | None = field(default=None, compare=False)
    session_id: str | None = field(default=None, compare=False)
    key_id: str | None = field(default=None, compare=False)
    proven_at: datetime | None = field(default=None, compare=False)
    strong: bool = field(default=False, compare=False)
    has_second_factor: bool = field(default=False, compare=False)

    @property
    def is_reader(self) -> bool:
        """Whether they write no content, as keys do not: no scope lets them."""
        return self.key_id is not None or self.is_outsider

    def manages(self, publication_id: str) -> bool:
        """Whether they decide who belongs to the publication: its owner does, and administrators."""
        if self.publication_id not in (None, publication_id):
            return False
        return self.is_admin or self.roles.get(publication_id) == "OWNER"


class Client(NamedTuple):
    """The program that sent a request: `address` is its IP address."""

    request_id: str
    address: str | None = None
    user_agent: str | None = None


def network_of(address: str | None) -> str:
    """The address, of IPv6 the first 64 bits: whoever has one has all that begin with them."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return str(address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
