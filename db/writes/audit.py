"""The audit log: a line for every act that matters for security, in the transaction of the act."""

from typing import Literal

from sqlalchemy import func, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.ids import new_id
from db.models.audit import AuditEvent
from db.viewer import Client, Viewer

Result = Literal["SUCCESS", "FAILURE"]


async def record(
    tx: AsyncConnection,
    client: Client,
    viewer: Viewer | None,
    action: str,
    target_id: str | None = None,
    result: Result = "SUCCESS",
    **details: object,
) -> None:
    """Logs that the viewer did `action` (`noun.verb`) to the target; `details` holds no secret, ever."""
    await tx.execute(
        insert(AuditEvent).values(
            id=new_id("audit"),
            # Not the transaction's time: what it does has an order.
            at=func.clock_timestamp(),
            actor_id=viewer and viewer.user_id,
            session_id=viewer and viewer.session_id,
            key_id=viewer and viewer.key_id,
            address=client.address,
            user_agent=client.user_agent,
            request_id=client.request_id,
            action=action,
            target_id=target_id,
            result=result,
            details=details,
        )
    )
