"""The audit log."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from loaders.audit import AuditEventRow, AuditEvents
from loaders.user import UserById
from resolvers.connections import Connection, Edge, edge_node, edges, nodes
from resolvers.fields import related
from resolvers.node import Node
from resolvers.pagination import connection
from resolvers.permissions import IsAdmin, IsAuthenticated
from resolvers.scalars import JSON

if TYPE_CHECKING:
    from resolvers.user import User

LazyUser = Annotated["User", strawberry.lazy("resolvers.user")]


@strawberry.enum(description="How an act went.")
class AuditResult(Enum):
    FAILURE = strawberry.enum_value("FAILURE", description="It was refused, or failed.")
    SUCCESS = strawberry.enum_value("SUCCESS", description="It was done.")


@strawberry.type(description="An act that matters for security.")
class AuditEvent(Node):
    row: ClassVar[type] = AuditEventRow

    at: datetime = strawberry.field(description="When it was done.")
    actor_id: strawberry.ID | None = strawberry.field(
        description="Who did it; null where nobody was signed in."
    )
    session_id: strawberry.ID | None = strawberry.field(description="In which session.")
    key_id: strawberry.ID | None = strawberry.field(description="With which API key.")
    address: str | None = strawberry.field(description="From which network address.")
    user_agent: str | None = strawberry.field(description="The program, as it calls itself.")
    request_id: str | None = strawberry.field(description="The request, as in the log.")
    action: str = strawberry.field(description="What was done, as in `session.start`.")
    target_id: strawberry.ID | None = strawberry.field(description="What it was done to.")
    result: AuditResult = strawberry.field(description="How it went.")
    details: JSON = strawberry.field(description="What else there is to say; never a secret.")
    actor: LazyUser | None = related(
        "Who did it; null where nobody was signed in, or the person is gone.",
        UserById,
        key="actor_id",
    )


@strawberry.type(description="An act with its place in the list.")
class AuditEventEdge(Edge):
    node: AuditEvent = edge_node()


@strawberry.type(description="The audit log, newest first.")
class AuditEventConnection(Connection):
    edges: list[AuditEventEdge] = edges()
    nodes: list[AuditEvent] = nodes()


@strawberry.input(description="Narrows the audit log.")
class AuditEventFilter:
    actor_id: strawberry.ID | None = strawberry.field(default=None, description="Who did it.")
    target_id: strawberry.ID | None = strawberry.field(
        default=None, description="What it was done to."
    )
    action: str | None = strawberry.field(default=None, description="What was done.")
    since: datetime | None = strawberry.field(default=None, description="At this time or later.")
    until: datetime | None = strawberry.field(default=None, description="Before this time.")


@strawberry.type
class AuditQuery:
    @connection(
        "The audit log, for administrators; their keys need the scope `ADMIN`.",
        AuditEventConnection,
        key=None,
        permissions=[IsAuthenticated, IsAdmin],
    )
    def audit_events(
        filter: Annotated[
            AuditEventFilter | None, strawberry.argument(description="Narrows the log.")
        ] = None,
    ) -> AuditEvents:
        wanted = filter or AuditEventFilter()
        return AuditEvents(
            wanted.actor_id, wanted.target_id, wanted.action, wanted.since, wanted.until
        )
