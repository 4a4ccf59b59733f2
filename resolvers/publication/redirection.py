"""Rules for old addresses of a publication."""

import builtins
from enum import Enum
from typing import ClassVar

import strawberry

from loaders.publication import RedirectionRuleRow
from resolvers.node import Node
from resolvers.scalars import URL


@strawberry.enum(description="Whether an address has moved for good.")
class HttpRedirectionType(Enum):
    PERMANENT = strawberry.enum_value("PERMANENT", description="For good: HTTP status 308.")
    TEMPORARY = strawberry.enum_value("TEMPORARY", description="For now: HTTP status 307.")


@strawberry.type(description="An old address of a publication and where it leads.")
class RedirectionRule(Node):
    row: ClassVar[builtins.type] = RedirectionRuleRow

    source: str = strawberry.field(description="The old path, with its leading slash.")
    destination: URL = strawberry.field(description="The address to go to.")
    type: HttpRedirectionType = strawberry.field(
        description="Whether the address has moved for good."
    )
